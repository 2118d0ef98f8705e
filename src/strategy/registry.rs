//! The strategies by name. Adding one is one file and one line here; in a crate that uses this one it is one file and
//! one [`Registry::with`].

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use super::avg::Averagely;
use super::avg_by_circle::AveragelyByCircle;
use super::avg_over_topics::AveragelyOverTopics;
use super::bounded_load_hash::BoundedLoadHash;
use super::config::ByConfig;
use super::consistent_hash::ConsistentHash;
use super::machine_room::ByMachineRoom;
use super::machine_room_nearby::MachineRoomNearby;
use super::rendezvous_hash::RendezvousHash;
use super::sticky::Sticky;
use super::{AllocateMessageQueueStrategy, StrategyError, StrategyParameters, go};
use crate::wording::instead;

/// A strategy that all members of a group share.
type Shared = Arc<dyn AllocateMessageQueueStrategy>;

/// Makes a strategy from its settings.
pub type Maker = fn(&StrategyParameters) -> Result<Shared, StrategyError>;

/// What stands before the inner strategy's name.
pub(super) const NEARBY: &str = "MACHINE_ROOM_NEARBY-";

/// The most rooms within rooms: a strategy is asked through each of them.
const MOST_ROOMS: usize = 8;

/// A strategy of this crate, for people.
#[derive(Debug, Clone, Copy)]
pub struct KnownStrategy {
    /// Its name.
    pub name: &'static str,
    /// How it deals, in one sentence.
    pub deals: &'static str,
    /// What a change of members or queues moves.
    pub moves: &'static str,
    /// What it may be told beside its name.
    pub settings: &'static [&'static str],
    /// RocketMQ's Java class; empty where it is none.
    pub class: &'static str,
    make: Maker,
}

/// All of this crate's, RocketMQ's first.
pub const STRATEGIES: &[KnownStrategy] = &[
    KnownStrategy {
        name: "AVG",
        deals: "Each topic's queues in order, cut into blocks of equal size, the first id the first block; the \
             default.",
        moves: "All block boundaries behind the place where a member comes or goes.",
        settings: &[],
        class: "AllocateMessageQueueAveragely",
        make: |_| Ok(Arc::new(Averagely)),
    },
    KnownStrategy {
        name: "AVG_BY_CIRCLE",
        deals: "Each topic's queues dealt like cards, one to each id in turn.",
        moves: "Nearly every queue.",
        settings: &[],
        class: "AllocateMessageQueueAveragelyByCircle",
        make: |_| Ok(Arc::new(AveragelyByCircle)),
    },
    KnownStrategy {
        name: "CONFIG",
        deals: "What its list says, to every member and of every topic.",
        moves: "Nothing: nobody takes over from a member that is gone.",
        settings: &["messageQueueList"],
        class: "AllocateMessageQueueByConfig",
        make: |parameters| Ok(Arc::new(ByConfig::new(parameters.message_queue_list.clone().unwrap_or_default()))),
    },
    KnownStrategy {
        name: "MACHINE_ROOM",
        deals: "The queues of brokers called `room@name` whose room is listed, in blocks; those of others to nobody.",
        moves: "All block boundaries, as with AVG.",
        settings: &["consumeridcs", "before2478"],
        class: "AllocateMessageQueueByMachineRoom",
        make: |parameters| {
            let strategy = ByMachineRoom::new(parameters.consumer_idcs.clone());
            Ok(Arc::new(if parameters.before_2478 { strategy.before_2478() } else { strategy }))
        },
    },
    KnownStrategy {
        name: "MACHINE_ROOM_NEARBY-AVG",
        deals: "Queues of a room to the members of that room by AVG, those of rooms without members to all.",
        moves: "What AVG moves within the room; the queues of a room whose last member goes.",
        settings: &["machineRoomResolver"],
        class: "AllocateMachineRoomNearby",
        make: |parameters| nearby(build("AVG", parameters)?, parameters),
    },
    KnownStrategy {
        name: "MACHINE_ROOM_NEARBY-AVG_BY_CIRCLE",
        deals: "The same with AVG_BY_CIRCLE; any strategy may stand behind MACHINE_ROOM_NEARBY-.",
        moves: "What AVG_BY_CIRCLE moves within the room; the queues of a room whose last member goes.",
        settings: &["machineRoomResolver"],
        class: "AllocateMachineRoomNearby",
        make: |parameters| nearby(build("AVG_BY_CIRCLE", parameters)?, parameters),
    },
    KnownStrategy {
        name: "CONSISTENT_HASH",
        deals: "Each queue to the next virtual node on a ring of hashed ids; uneven.",
        moves: "Only the queues of the member that went, or those that the new one takes.",
        settings: &["virtualNodeCnt"],
        class: "AllocateMessageQueueConsistentHash",
        make: |parameters| Ok(Arc::new(ConsistentHash::new(parameters.virtual_node_cnt)?)),
    },
    KnownStrategy {
        name: "GO_CONSISTENT_HASH",
        deals: "What CONSISTENT_HASH is in the Go client (`AllocateByConsistentHash`): each queue to the next point on a ring of its own; uneven.",
        moves: "Only the queues of the member that went, or those that the new one takes; beside Java members anything.",
        settings: &["virtualNodeCnt"],
        class: "",
        make: |parameters| go::build("CONSISTENT_HASH", parameters),
    },
    KnownStrategy {
        name: "GO_MACHINE_ROOM",
        deals: "What MACHINE_ROOM is in the Go client (`AllocateByMachineRoom`): as many queues as are in the rooms, cut from the list of all.",
        moves: "All block boundaries, as with AVG.",
        settings: &["consumeridcs"],
        class: "",
        make: |parameters| go::build("MACHINE_ROOM", parameters),
    },
    // From here on none is RocketMQ's.
    KnownStrategy {
        name: "BOUNDED_LOAD_HASH",
        deals: "As CONSISTENT_HASH, but nobody gets more than a bound above the mean.",
        moves: "The queues of the member that went, and some that the bound pushes on.",
        settings: &["virtualNodeCnt", "loadBoundPercent"],
        class: "",
        make: |parameters| {
            Ok(Arc::new(BoundedLoadHash::new(parameters.virtual_node_cnt, parameters.load_bound_percent)?))
        },
    },
    KnownStrategy {
        name: "RENDEZVOUS_HASH",
        deals: "Each queue to the member whose hash with it is the highest.",
        moves: "Only the queues of the member that went, or those that the new one takes.",
        settings: &[],
        class: "",
        make: |_| Ok(Arc::new(RendezvousHash)),
    },
    KnownStrategy {
        name: "STICKY",
        deals: "As evenly as AVG, moving the fewest queues from the assignment before; `allocate` only.",
        moves: "The fewest that are to be moved.",
        settings: &["previous"],
        class: "",
        make: |parameters| Ok(Arc::new(Sticky::after(&parameters.previous))),
    },
    KnownStrategy {
        name: "AVG_OVER_TOPICS",
        deals: "The queues of all topics of the group in one list, cut into blocks: even over topics.",
        moves: "All block boundaries behind the place where a member comes or goes.",
        settings: &[],
        class: "",
        make: |parameters| Ok(Arc::new(AveragelyOverTopics::new(&parameters.group_queues))),
    },
];

fn nearby(inner: Shared, parameters: &StrategyParameters) -> Result<Shared, StrategyError> {
    Ok(Arc::new(MachineRoomNearby::new(inner, parameters.machine_room_resolver.clone())))
}

/// Makes a strategy that somebody else registered.
type SharedMaker = Arc<dyn Fn(&StrategyParameters) -> Result<Shared, StrategyError> + Send + Sync>;

/// Which strategies there are. A value like any other: who reads a scenario says which one it means.
///
/// ```
/// use rebalance_sim::strategy::{Registry, StrategyParameters, registry::strategy};
/// let average = strategy("AVG").ok_or("it is RocketMQ's")?;
/// let registry = Registry::default().with("MINE", move |_| Ok(average.clone()));
/// assert!(registry.build("MACHINE_ROOM_NEARBY-MINE", &StrategyParameters::default()).is_ok());
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone)]
pub struct Registry {
    strategies: Vec<(Cow<'static, str>, SharedMaker)>,
}

impl fmt::Debug for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Registry").field(&self.names()).finish()
    }
}

impl Default for Registry {
    /// The strategies of this crate: RocketMQ's, and those that its users ask for.
    fn default() -> Self {
        let own = |known: &KnownStrategy| (Cow::Borrowed(known.name), Arc::new(known.make) as SharedMaker);
        Self { strategies: STRATEGIES.iter().map(own).collect() }
    }
}

impl Registry {
    /// These and one more. Where the name is taken, the new one takes its place.
    #[must_use]
    pub fn with(
        mut self,
        name: impl Into<Cow<'static, str>>,
        make: impl Fn(&StrategyParameters) -> Result<Shared, StrategyError> + Send + Sync + 'static,
    ) -> Self {
        let (name, make) = (name.into(), Arc::new(make));
        match self.strategies.iter_mut().find(|(known, _)| *known == name) {
            Some(taken) => taken.1 = make,
            None => self.strategies.push((name, make)),
        }
        self
    }

    /// The strategy with this name and these settings. Any name may stand behind `MACHINE_ROOM_NEARBY-`.
    ///
    /// # Errors
    /// There is no such strategy, or it refuses its settings.
    pub fn build(&self, name: &str, parameters: &StrategyParameters) -> Result<Shared, StrategyError> {
        if let Some((_, make)) = self.strategies.iter().find(|(known, _)| *known == name) {
            return make(parameters);
        }
        match name.strip_prefix(NEARBY) {
            Some(_) if name.matches(NEARBY).count() > MOST_ROOMS => Err(StrategyError::Setting {
                setting: "allocateMessageQueueStrategy",
                value: format!("{} times {NEARBY}", name.matches(NEARBY).count()),
                allowed: "MACHINE_ROOM_NEARBY- up to 8 times",
            }),
            Some(inner) => nearby(self.build(inner, parameters)?, parameters),
            None => Err(StrategyError::Unknown { name: name.to_owned(), known: instead(name, self.names()) }),
        }
    }

    /// All names, in the order in which they were registered.
    #[must_use]
    pub fn names(&self) -> Vec<&str> {
        self.strategies.iter().map(|(name, _)| &**name).collect()
    }
}

/// [`Registry::build`] of this crate's strategies.
///
/// # Errors
/// There is no such strategy, or it refuses its settings.
pub fn build(name: &str, parameters: &StrategyParameters) -> Result<Shared, StrategyError> {
    Registry::default().build(name, parameters)
}

/// The strategy of this crate with this name as it is by default; `None`: there is none.
#[must_use]
pub fn strategy(name: &str) -> Option<Shared> {
    build(name, &StrategyParameters::default()).ok()
}

/// The names of this crate's strategies, in the order of the registry.
#[must_use]
pub fn names() -> Vec<&'static str> {
    STRATEGIES.iter().map(|known| known.name).collect()
}
