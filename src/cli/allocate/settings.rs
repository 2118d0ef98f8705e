//! The settings of strategies that were typed.

use std::collections::BTreeMap;

use super::super::Failure;
use super::input::text;
use super::{RoomPrefix, StrategyArguments};
use crate::mqadmin;
use crate::strategy::{RoomRule, StrategyParameters};

/// All settings; each strategy reads its own.
pub(super) fn parameters(typed: &StrategyArguments) -> Result<StrategyParameters, Failure> {
    let config = |file: &String| {
        let read = mqadmin::queues(&text(file)?, None).map(|list| list.queues);
        read.map_err(|error| Failure::bad_input(format!("`{file}`, {error}")))
    };
    Ok(StrategyParameters {
        virtual_node_cnt: typed.virtual_nodes,
        message_queue_list: typed.config_file.as_ref().map(config).transpose()?,
        consumer_idcs: typed.consumer_rooms.as_ref().map(|rooms| rooms.iter().cloned().collect()),
        before_2478: typed.before_2478,
        machine_room_resolver: room_rule(typed)?,
        load_bound_percent: typed.load_bound,
        ..StrategyParameters::default()
    })
}

fn room_rule(typed: &StrategyArguments) -> Result<RoomRule, Failure> {
    let listed = |typed: &String| match typed.split_once('=') {
        Some((name, room)) if !name.is_empty() && !room.is_empty() => Ok((name.to_owned(), room.to_owned())),
        _ => Err(Failure::bad_input(format!("--rooms {typed}: write the name of a broker or client, =, and its room"))),
    };
    Ok(match (typed.rooms.is_empty(), typed.room_rule) {
        (false, _) => RoomRule::Listed(typed.rooms.iter().map(listed).collect::<Result<BTreeMap<_, _>, _>>()?),
        (true, RoomPrefix::BeforeDash) => RoomRule::PrefixBeforeFirstDash,
        (true, RoomPrefix::BeforeAt) => RoomRule::PrefixBeforeFirstAt,
    })
}
