//! Why a queue has no owner, or two.

use std::fmt;

use crate::strategy::{AllocateError, ClientId};

/// What made a queue unowned or double-owned. The first that applies, in this order.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// Members were told different lists.
    ViewsDiffer {
        /// Those that see something else than the whole.
        ids: Vec<ClientId>,
    },
    /// Members use different strategies.
    StrategiesDiffer {
        /// Those that do not use the group's.
        ids: Vec<ClientId>,
    },
    /// Its owner does not subscribe to the topic, but counts as a member: membership is by group.
    NotSubscribed {
        /// The member whose share it is.
        id: ClientId,
    },
    /// Processes share a client id: all take the share of the first, and the shares of the others are nobody's.
    RepeatedClientId {
        /// The id.
        id: ClientId,
        /// How many processes have it.
        times: usize,
    },
    /// The strategy threw; members then keep the queues they have.
    StrategyThrew {
        /// Java's class and message.
        error: String,
        /// Members for which it threw.
        members: usize,
    },
    /// `CONFIG` does not list it.
    NotInConfig,
    /// `CONFIG` answers its list to every member.
    ConfigForAll,
    /// `MACHINE_ROOM` leaves out the brokers of other rooms.
    RoomLeftOut {
        /// The name of the broker.
        broker: String,
        /// The rooms that are consumed.
        rooms: Vec<String>,
    },
    /// `MACHINE_ROOM` before the fix of apache/rocketmq#2478 cut its blocks from the wrong list.
    Before2478,
    /// `CONSISTENT_HASH` without virtual nodes.
    EmptyRing,
    /// None of the above.
    OfStrategy,
}

impl Reason {
    /// Why `error` was thrown for so many members.
    pub(super) fn threw(error: &AllocateError, members: usize) -> Self {
        Self::StrategyThrew { error: format!("{}: {}", error.class(), error.message()), members }
    }

    /// The word for it in tables.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::ViewsDiffer { .. } => "views_differ",
            Self::StrategiesDiffer { .. } => "strategies_differ",
            Self::NotSubscribed { .. } => "not_subscribed",
            Self::RepeatedClientId { .. } => "repeated_client_id",
            Self::StrategyThrew { .. } => "strategy_threw",
            Self::NotInConfig => "not_in_config",
            Self::ConfigForAll => "config_for_all",
            Self::RoomLeftOut { .. } => "room_left_out",
            Self::Before2478 => "before_2478",
            Self::EmptyRing => "empty_ring",
            Self::OfStrategy => "of_strategy",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ViewsDiffer { ids } => write!(f, "members were told different lists: see {}", some(ids)),
            Self::StrategiesDiffer { ids } => {
                write!(f, "members use different strategies: see {}", some(ids))
            }
            Self::NotSubscribed { id } => {
                write!(f, "it falls to {id}, which is in the group but does not subscribe to the topic")
            }
            Self::RepeatedClientId { id, times } => write!(f, "{times} members have the client id {id}"),
            Self::StrategyThrew { error, members } => {
                write!(f, "the strategy threw for {members} of the members: {error}")
            }
            Self::NotInConfig => write!(f, "CONFIG does not list it"),
            Self::ConfigForAll => write!(f, "CONFIG gives its list to every member"),
            Self::RoomLeftOut { broker, rooms } => {
                write!(f, "the room of {broker} is not among the consumers' rooms ({})", rooms.join(", "))
            }
            Self::Before2478 => {
                write!(f, "MACHINE_ROOM before apache/rocketmq#2478 cuts its blocks from the queues of all rooms")
            }
            Self::EmptyRing => write!(f, "the hash ring is empty: there are 0 virtual nodes"),
            Self::OfStrategy => write!(f, "the strategy leaves it so"),
        }
    }
}

/// The first few ids of a list.
fn some(ids: &[ClientId]) -> String {
    const SHOWN: usize = 5;
    let shown = ids.iter().take(SHOWN).map(|id| &**id).collect::<Vec<_>>().join(", ");
    match ids.len() {
        0..=SHOWN => shown,
        all => format!("{shown} and {} more", all - SHOWN),
    }
}
