//! `MACHINE_ROOM`: only the queues of named rooms, shared evenly (`AllocateMessageQueueByMachineRoom`).

use std::collections::BTreeSet;

use super::check::{answers_by_position, check};
use super::{AllocateError, AllocateMessageQueueStrategy, ClientId, MessageQueue};

/// Keeps the queues of brokers named `room@broker` whose room is one of the consumers' rooms. All others are
/// nobody's, and the asker's own room plays no part.
#[derive(Debug, Clone, Default)]
pub struct ByMachineRoom {
    consumer_idcs: Option<BTreeSet<String>>,
    indexes_all_queues: bool,
}

impl ByMachineRoom {
    /// With `consumeridcs`; `None`: never set, which Java answers with a `NullPointerException` once it looks.
    #[must_use]
    pub fn new(consumer_idcs: Option<BTreeSet<String>>) -> Self {
        Self { consumer_idcs, indexes_all_queues: false }
    }

    /// As it was before the fix apache/rocketmq#2478: whole blocks were cut from the list of all queues, so that
    /// queues of other rooms were consumed and some of the own rooms were not.
    #[must_use]
    pub fn before_2478(self) -> Self {
        Self { indexes_all_queues: true, ..self }
    }

    fn in_rooms(&self, mq_all: &[MessageQueue]) -> Result<Vec<MessageQueue>, AllocateError> {
        let mut kept = Vec::new();
        for queue in mq_all {
            let Some(room) = room_of(&queue.broker_name) else { continue };
            let Some(rooms) = &self.consumer_idcs else {
                let message = "Cannot invoke \"java.util.Set.contains(Object)\" because \"this.consumeridcs\" is null";
                return Err(AllocateError::NullPointer(message.to_owned()));
            };
            if rooms.contains(room) {
                kept.push(queue.clone());
            }
        }
        Ok(kept)
    }

    fn share(&self, index: usize, kept: &[MessageQueue], mq_all: &[MessageQueue], members: usize) -> Vec<MessageQueue> {
        let (block, rest) = (kept.len() / members, kept.len() % members);
        let blocks = if self.indexes_all_queues { mq_all } else { kept };
        let mut share: Vec<_> = blocks.iter().skip(block * index).take(block).cloned().collect();
        if index < rest {
            share.push(kept[index + block * members].clone());
        }
        share
    }
}

/// What stands before the `@` of a name with exactly two parts. Java's `split` drops empty parts at the end, so
/// that `room@` has one part and `room@broker@` has two.
fn room_of(broker_name: &str) -> Option<&str> {
    let (room, broker) = broker_name.trim_end_matches('@').split_once('@')?;
    (!broker.contains('@')).then_some(room)
}

impl AllocateMessageQueueStrategy for ByMachineRoom {
    fn name(&self) -> String {
        "MACHINE_ROOM".to_owned()
    }

    fn allocate(
        &self,
        _group: &str,
        current_cid: &str,
        mq_all: &[MessageQueue],
        cid_all: &[ClientId],
    ) -> Result<Vec<MessageQueue>, AllocateError> {
        let Some(index) = check(current_cid, mq_all, cid_all)? else { return Ok(Vec::new()) };
        Ok(self.share(index, &self.in_rooms(mq_all)?, mq_all, cid_all.len()))
    }

    fn allocate_all(
        &self,
        _group: &str,
        mq_all: &[MessageQueue],
        cid_all: &[ClientId],
    ) -> Vec<Result<Vec<MessageQueue>, AllocateError>> {
        let kept = self.in_rooms(mq_all);
        answers_by_position(mq_all, cid_all, |index| {
            Ok(self.share(index, kept.as_ref().map_err(Clone::clone)?, mq_all, cid_all.len()))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rooms_are_split_as_java_splits() {
        for (name, room) in [
            ("r@b", Some("r")),
            ("r@b@", Some("r")),
            ("r@b@@", Some("r")),
            ("@b", Some("")),
            ("r@", None),
            ("r", None),
            ("", None),
            ("@", None),
            ("r@@b", None),
            ("r@b@c", None),
        ] {
            assert_eq!(room_of(name), room, "{name}");
        }
    }
}
