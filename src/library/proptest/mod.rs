//! Clusters, groups and faults as strategies of proptest (feature `proptest`). What they give is a
//! [`Cluster`](crate::Cluster), and what they shrink to is shown as its scenario file.

mod clusters;
mod faults;
mod groups;

pub use clusters::clusters;
pub use faults::{Fault, FaultKind, faults};
pub use groups::groups;
