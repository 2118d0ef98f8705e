//! Clusters, groups and faults as strategies of proptest (feature `proptest`). What they give is a
//! [`Cluster`](crate::Cluster), and what they shrink to is shown as its scenario file: save it, and `rebalance-sim explain`
//! tells why.
//!
//! | you have | take |
//! |---|---|
//! | a cluster of your own, and wonder what it stands | [`with_faults`] |
//! | brokers and topics of your own, for members of any kind | [`groups`] |
//! | a rule that is to hold in any cluster | [`clusters`] |
//! | a strategy or an offset store of your own | the [properties](crate::properties) that are ready |

mod clusters;
mod faults;
mod groups;

pub use clusters::clusters;
pub use faults::{Fault, FaultKind, faults, with_faults};
pub use groups::groups;
