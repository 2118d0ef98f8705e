//! `MACHINE_ROOM_NEARBY-<inner>`: queues go to consumers of their own room (`AllocateMachineRoomNearby`).

use std::collections::BTreeMap;
use std::sync::Arc;

use super::check::{check, check_arguments};
use super::order::JavaString;
use super::room::RoomRule;
use super::{AllocateError, AllocateMessageQueueStrategy, ClientId, MessageQueue};

/// The queues of each room go to the room's consumers by another strategy; those of each room without consumers go to
/// all consumers by it, every such room separately, so that their remainders pile up on the first ids.
pub struct MachineRoomNearby {
    inner: Arc<dyn AllocateMessageQueueStrategy>,
    rule: RoomRule,
}

/// Queues and ids by room, in the order of Java's `TreeMap`.
struct Rooms {
    queues: BTreeMap<JavaString, Vec<MessageQueue>>,
    consumers: BTreeMap<JavaString, Vec<ClientId>>,
}

type Answer = Result<Vec<MessageQueue>, AllocateError>;

impl MachineRoomNearby {
    /// Shares within a room as `inner` does; `rule` is the `MachineRoomResolver`.
    #[must_use]
    pub fn new(inner: Arc<dyn AllocateMessageQueueStrategy>, rule: RoomRule) -> Self {
        Self { inner, rule }
    }

    /// Queues are asked for their room before ids are; the first without one ends it.
    fn rooms(&self, mq_all: &[MessageQueue], cid_all: &[ClientId]) -> Result<Rooms, AllocateError> {
        let mut rooms = Rooms { queues: BTreeMap::new(), consumers: BTreeMap::new() };
        for queue in mq_all {
            let room = self.rule.broker_deploy_in(queue).ok_or_else(|| {
                AllocateError::IllegalArgument(format!("Machine room is null for mq {}", queue.to_java_string()))
            })?;
            rooms.queues.entry(JavaString::from(room)).or_default().push(queue.clone());
        }
        for cid in cid_all {
            let room = self
                .rule
                .consumer_deploy_in(cid)
                .ok_or_else(|| AllocateError::IllegalArgument(format!("Machine room is null for consumer id {cid}")))?;
            rooms.consumers.entry(JavaString::from(room)).or_default().push(cid.clone());
        }
        Ok(rooms)
    }
}

impl AllocateMessageQueueStrategy for MachineRoomNearby {
    fn name(&self) -> String {
        format!("MACHINE_ROOM_NEARBY-{}", self.inner.name())
    }

    fn virtual_node_cnt(&self) -> u32 {
        self.inner.virtual_node_cnt()
    }

    fn allocate(&self, group: &str, current_cid: &str, mq_all: &[MessageQueue], cid_all: &[ClientId]) -> Answer {
        if check(current_cid, mq_all, cid_all)?.is_none() {
            return Ok(Vec::new());
        }
        let rooms = self.rooms(mq_all, cid_all)?;
        let own = self.rule.consumer_deploy_in(current_cid).map(JavaString::from);
        let mut share = Vec::new();
        if let Some((queues, consumers)) = own.and_then(|room| rooms.queues.get(&room).zip(rooms.consumers.get(&room)))
        {
            share.extend(self.inner.allocate(group, current_cid, queues, consumers)?);
        }
        for (room, queues) in &rooms.queues {
            if !rooms.consumers.contains_key(room) {
                share.extend(self.inner.allocate(group, current_cid, queues, cid_all)?);
            }
        }
        Ok(share)
    }

    fn allocate_all(&self, group: &str, mq_all: &[MessageQueue], cid_all: &[ClientId]) -> Vec<Answer> {
        let mut answers: Vec<Answer> =
            cid_all.iter().map(|cid| check_arguments(cid, mq_all, cid_all).map(|()| Vec::new())).collect();
        let rooms = match self.rooms(mq_all, cid_all) {
            Ok(rooms) => rooms,
            Err(error) => return answers.into_iter().map(|answer| answer.and(Err(error.clone()))).collect(),
        };
        let mut positions: BTreeMap<JavaString, Vec<usize>> = BTreeMap::new();
        for (position, cid) in cid_all.iter().enumerate() {
            let room = self.rule.consumer_deploy_in(cid).expect("rooms() has found a room for every id");
            positions.entry(JavaString::from(room)).or_default().push(position);
        }
        let mut give = |positions: &[usize], shares: Vec<Answer>| {
            for (&position, share) in positions.iter().zip(shares) {
                match (&mut answers[position], share) {
                    (Ok(answer), Ok(share)) => answer.extend(share),
                    (answer @ Ok(_), error) => *answer = error,
                    (Err(_), _) => {}
                }
            }
        };
        for (room, members) in &positions {
            if let Some(queues) = rooms.queues.get(room) {
                give(members, self.inner.allocate_all(group, queues, &rooms.consumers[room]));
            }
        }
        let everybody: Vec<usize> = (0..cid_all.len()).collect();
        for (_, queues) in rooms.queues.iter().filter(|(room, _)| !rooms.consumers.contains_key(*room)) {
            give(&everybody, self.inner.allocate_all(group, queues, cid_all));
        }
        answers
    }
}
