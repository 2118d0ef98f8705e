//! An entry of a broker's `offsetTable`.

use crate::model::observation::QueueIndex;
use crate::model::plan::GroupIndex;

/// How far a group is in a queue (`ConsumerOffsetManager`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GroupOffset {
    /// The group.
    pub group: GroupIndex,
    /// The queue.
    pub queue: QueueIndex,
    /// The next message that it has not consumed.
    pub offset: u64,
}
