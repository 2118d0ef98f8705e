//! In which machine room a broker or a client stands (`AllocateMachineRoomNearby.MachineRoomResolver`).

use std::collections::BTreeMap;

use serde::Deserialize;

use super::MessageQueue;

/// How a room is read off a name. RocketMQ has no rule of its own: users write the resolver.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoomRule {
    /// What stands before the first `-` of the broker's name or the client id; without one, or with nothing before
    /// it, there is no room.
    #[default]
    PrefixBeforeFirstDash,
    /// The same with the first `@`, as `MACHINE_ROOM` names its brokers.
    PrefixBeforeFirstAt,
    /// Rooms by broker name and by client id; an id that is not listed is looked up by what stands before its first
    /// `@`, which is its address.
    Listed(BTreeMap<String, String>),
}

impl RoomRule {
    /// `brokerDeployIn`: the room of a queue; `None`: null or empty, which the strategy refuses.
    #[must_use]
    pub fn broker_deploy_in<'a>(&'a self, queue: &'a MessageQueue) -> Option<&'a str> {
        self.room(&queue.broker_name)
    }

    /// `consumerDeployIn`: the room of a client; `None`: null or empty, which the strategy refuses.
    #[must_use]
    pub fn consumer_deploy_in<'a>(&'a self, cid: &'a str) -> Option<&'a str> {
        self.room(cid)
    }

    fn room<'a>(&'a self, name: &'a str) -> Option<&'a str> {
        let room = match self {
            Self::PrefixBeforeFirstDash => name.split_once('-')?.0,
            Self::PrefixBeforeFirstAt => name.split_once('@')?.0,
            Self::Listed(rooms) => {
                let address = || rooms.get(name.split_once('@')?.0);
                rooms.get(name).or_else(address)?.as_str()
            }
        };
        (!room.is_empty()).then_some(room)
    }
}
