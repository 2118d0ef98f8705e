//! The cluster.
mod names;
pub mod observation;
pub mod plan;

pub use names::{Names, QueuePlace, TopicKind, TopicName};
