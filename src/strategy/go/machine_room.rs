//! `MACHINE_ROOM` of the Go client (`AllocateByMachineRoom`): as many queues as are in the rooms, taken from all of them.

use std::collections::BTreeSet;

use crate::strategy::check::check;
use crate::strategy::{AllocateError, AllocateMessageQueueStrategy, ClientId, MessageQueue};

/// Counts the queues of the rooms, and cuts blocks of that count from the list of all queues: what Java's class did before
/// apache/rocketmq#2478.
#[derive(Debug)]
pub(super) struct ByMachineRoom {
    consumer_idcs: BTreeSet<String>,
}

impl ByMachineRoom {
    /// With the rooms of its consumers.
    pub fn new(consumer_idcs: BTreeSet<String>) -> Self {
        Self { consumer_idcs }
    }

    fn is_in_a_room(&self, queue: &MessageQueue) -> bool {
        room_of(&queue.broker_name).is_some_and(|room| self.consumer_idcs.contains(room))
    }
}

/// What stands before the `@` of a name with exactly two parts; Go's `strings.Split` keeps empty ones, so that `room@` has
/// two.
fn room_of(broker_name: &str) -> Option<&str> {
    let (room, broker) = broker_name.split_once('@')?;
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
        let Ok(Some(index)) = check(current_cid, mq_all, cid_all) else { return Ok(Vec::new()) };
        let in_rooms: Vec<&MessageQueue> = mq_all.iter().filter(|queue| self.is_in_a_room(queue)).collect();
        let (block, rest) = (in_rooms.len() / cid_all.len(), in_rooms.len() % cid_all.len());
        let mut share: Vec<_> = mq_all.iter().skip(block * index).take(block).cloned().collect();
        if index < rest {
            share.push(in_rooms[index + block * cid_all.len()].clone());
        }
        Ok(share)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rooms_are_split_as_go_splits() {
        for (name, room) in [
            ("r@b", Some("r")),
            ("r@", Some("r")),
            ("@b", Some("")),
            ("@", Some("")),
            ("r@b@", None),
            ("r@b@c", None),
            ("r", None),
            ("", None),
        ] {
            assert_eq!(room_of(name), room, "{name}");
        }
    }
}
