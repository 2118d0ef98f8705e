//! What a strategy can be told besides its name.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::MessageQueue;
use super::room::RoomRule;

/// The settings of all strategies together; each reads its own. The names are those of RocketMQ's fields, where it
/// has one.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct StrategyParameters {
    /// `CONSISTENT_HASH` and `BOUNDED_LOAD_HASH`: virtual nodes of each member.
    pub virtual_node_cnt: i32,
    /// `CONFIG`: what everybody gets; `None`: never set.
    pub message_queue_list: Option<Vec<MessageQueue>>,
    /// `MACHINE_ROOM`: the rooms whose queues are consumed; `None`: never set.
    #[serde(rename = "consumeridcs")]
    pub consumer_idcs: Option<BTreeSet<String>>,
    /// `MACHINE_ROOM`: whether it behaves as before apache/rocketmq#2478.
    pub before_2478: bool,
    /// `MACHINE_ROOM_NEARBY-<inner>`: how a room is read off a name.
    pub machine_room_resolver: RoomRule,
    /// `BOUNDED_LOAD_HASH`: the most a member may have, in percent of the mean, 100 or more.
    pub load_bound_percent: u32,
    /// `STICKY`: the assignment before this one, by client id.
    pub previous: BTreeMap<String, Vec<MessageQueue>>,
    /// `AVG_OVER_TOPICS`: the queues of all topics of the group.
    pub group_queues: Vec<MessageQueue>,
}

impl Default for StrategyParameters {
    fn default() -> Self {
        Self {
            virtual_node_cnt: 10,
            message_queue_list: None,
            consumer_idcs: None,
            before_2478: false,
            machine_room_resolver: RoomRule::default(),
            load_bound_percent: 125,
            previous: BTreeMap::new(),
            group_queues: Vec::new(),
        }
    }
}
