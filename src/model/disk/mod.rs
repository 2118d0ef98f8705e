//! What outlives a process: the log, the queues and the tables on a broker's disk, the copies that slaves have of a log,
//! and the files of the hosts on which clients run.
//!
//! It belongs to no actor: replicas of one name go by what their master has, and a process that comes back finds it. Nothing
//! here knows an actor; what a broker does with its disk is said in [`super::broker`].

mod configuration;
mod consume_queue;
mod data_version;
mod delayed_message;
mod group_offset;
mod host_disk;
mod lost_tail;
mod replica;
mod revive_log;
mod store;
mod stored_times;
mod subscription_group;
mod topic_config;

pub(in crate::model) use configuration::Configuration;
pub(in crate::model) use consume_queue::LogRecord;
pub use data_version::DataVersion;
pub(in crate::model) use delayed_message::DelayedMessage;
pub use group_offset::GroupOffset;
pub(in crate::model) use host_disk::HostDisks;
pub(in crate::model) use lost_tail::LostTail;
pub(in crate::model) use replica::{Brought, Lacking, Replica};
pub(in crate::model) use revive_log::{Checkpoint, CheckpointKey, Revival, ReviveRecord};
pub(in crate::model) use store::Store;
pub(in crate::model) use subscription_group::{Entry, SubscriptionGroup};
pub use topic_config::OpenTopic;
pub(in crate::model) use topic_config::{AUTO_CREATED_QUEUES, TopicConfig};
