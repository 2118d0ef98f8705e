//! Readers of what `mqadmin` prints as text, of RocketMQ 3.x to 5.5.
//!
//! ```text
//!   line --mark--> what begins with it: where a piece of a text ends, and which reader reads it
//!   piece --header--> rows --reader--> facts
//!                         +--> notes: what is no row, and why
//! ```
//! Each format is taken from the class of its command (`org.apache.rocketmq.tools.command`); up to which version it is
//! which, the reader says. Columns are printed with a width and some are cut to it (`UtilAll.frontStringAtLeast`): a name
//! that fills its column is a name only if the call says the same one.

mod allocate_mq;
mod banners;
mod broker_status;
mod clusters;
mod connection;
mod groups;
mod header;
mod lists;
mod mark;
mod noise;
mod others;
mod progress;
mod rows;
mod running_info;
mod status;
mod topics;

pub use allocate_mq::AllocateMq;
pub use banners::Banners;
pub use broker_status::BrokerStatus;
pub use clusters::{ClusterList, ClusterListMore};
pub use connection::ConsumerConnection;
pub(crate) use connection::{SUBSCRIPTION, connection};
pub use groups::{Groups, StatsAll, TopicListOfClusters};
pub use header::{Table, header};
pub use lists::{TopicClusterList, TopicList};
pub(super) use mark::{Mark, mark};
pub use noise::{is_logged, is_noise};
pub use others::{Failure, OtherTable, ProducerConnection, QueryCq, Silent};
pub use progress::{BrokerConsumeStats, ConsumerProgress};
pub(crate) use progress::{TOTALS, queue_and_offsets};
pub use rows::is_address;
pub use running_info::RunningInfo;
pub use status::{ConsumerStatus, GetConsumerStatus};
pub(crate) use topics::queue_and_range;
pub use topics::{TopicRouteList, TopicStatus};
