//! Properties of a strategy and of an offset store of one's own that are ready to be held to it (feature `proptest`).
//!
//! ```
//! use rebalance_sim::properties;
//! use rebalance_sim::strategy::registry::strategy;
//! let average = properties::strategy_as("MINE", strategy("AVG").ok_or("it is RocketMQ's")?).cases(8);
//! average.every_queue_has_one_owner()?;
//! average.shares_are_even()?;
//! // RocketMQ's default moves more than it would have to; what is shown is the smallest cluster in which it does.
//! let moves = average.moves_are_least().unwrap_err();
//! assert!(moves.scenario.starts_with("title = "), "{moves}");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod allocated;
mod calls;
mod offset_store;
mod played;
mod stored;

pub use offset_store::{OffsetStoreProperties, offset_store};

use std::sync::Arc;

use ::proptest::strategy::Strategy;
use ::proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};

use super::cluster::Cluster;
use super::proptest::clusters;
use crate::scenario::Plugins;
use crate::strategy::AllocateMessageQueueStrategy;

/// The properties of a strategy, by its own name.
///
/// ```
/// use rebalance_sim::{AllocateError, AllocateMessageQueueStrategy, ClientId, MessageQueue, properties};
/// /// Deals the queues in turn.
/// struct InTurn;
/// impl AllocateMessageQueueStrategy for InTurn {
///     fn name(&self) -> String {
///         "IN_TURN".to_owned()
///     }
///     fn allocate(
///         &self, _group: &str, me: &str, queues: &[MessageQueue], members: &[ClientId],
///     ) -> Result<Vec<MessageQueue>, AllocateError> {
///         let Some(mine) = members.iter().position(|member| &**member == me) else { return Ok(Vec::new()) };
///         Ok(queues.iter().skip(mine).step_by(members.len()).cloned().collect())
///     }
/// }
/// let in_turn = properties::strategy(InTurn);
/// in_turn.every_queue_has_one_owner()?;
/// in_turn.shares_are_even()?;
/// # Ok::<(), properties::Broken>(())
/// ```
pub fn strategy(strategy: impl AllocateMessageQueueStrategy + 'static) -> StrategyProperties {
    let name = strategy.name();
    strategy_as(&name, Arc::new(strategy))
}

/// The properties of a strategy under this name.
///
/// ```
/// use rebalance_sim::{properties, strategy::registry::strategy};
/// let circle = strategy("AVG_BY_CIRCLE").ok_or("it is RocketMQ's")?;
/// properties::strategy_as("CIRCLE", circle).cases(8).every_queue_has_one_owner()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn strategy_as(name: &str, strategy: Arc<dyn AllocateMessageQueueStrategy>) -> StrategyProperties {
    StrategyProperties { name: name.to_owned(), strategy, cases: None }
}

/// What a strategy can be held to. Each property tries clusters of [`clusters`], always the
/// same ones, and shrinks the first that breaks it.
///
/// ```
/// use rebalance_sim::{properties, strategy::registry::strategy};
/// let hash = properties::strategy_as("MINE", strategy("RENDEZVOUS_HASH").ok_or("it is ours")?).cases(8);
/// hash.moves_are_least()?;
/// assert!(hash.shares_are_even().is_err(), "a hash is uneven");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct StrategyProperties {
    name: String,
    strategy: Arc<dyn AllocateMessageQueueStrategy>,
    cases: Option<u32>,
}

impl std::fmt::Debug for StrategyProperties {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("StrategyProperties").field(&self.name).finish()
    }
}

/// A property does not hold.
///
/// ```
/// use rebalance_sim::{properties, strategy::registry::strategy};
/// let average = properties::strategy_as("MINE", strategy("AVG").ok_or("it is RocketMQ's")?).cases(8);
/// let broken = average.moves_are_least().unwrap_err();
/// assert_eq!(broken.property, "moves are least");
/// println!("{}: {}\n{}", broken.property, broken.why, broken.scenario);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{property}: {why}{}", shown(.scenario))]
#[non_exhaustive]
pub struct Broken {
    /// Which.
    pub property: &'static str,
    /// What was seen; of an offset store, after which calls.
    pub why: String,
    /// The smallest scenario file that shows it; empty where calls alone do.
    pub scenario: String,
}

/// The lines of an error that show a scenario.
fn shown(scenario: &str) -> String {
    if scenario.is_empty() { String::new() } else { format!("\nThe smallest scenario that shows it:\n{scenario}") }
}

/// Clusters that are only dealt, and not played, cost little.
const DEALT: u32 = 256;

/// Clusters that are played.
const PLAYED: u32 = 12;

impl StrategyProperties {
    /// So many clusters for each property, instead of 256 where they are only dealt, and 12 where they are played.
    #[must_use]
    pub fn cases(self, cases: u32) -> Self {
        Self { cases: Some(cases), ..self }
    }

    /// Of what members of one list are dealt, each queue is somebody's, and nobody else's; and it is so at rest, after
    /// members were stopped, killed, paused and cut off.
    ///
    /// # Errors
    /// [`Broken`], with the smallest cluster.
    pub fn every_queue_has_one_owner(&self) -> Result<(), Broken> {
        const PROPERTY: &str = "every queue has one owner at rest";
        self.hold(PROPERTY, DEALT, |cluster| allocated::one_owner(&self.strategy, cluster))?;
        self.hold(PROPERTY, PLAYED, |cluster| played::one_owner_at_rest(&self.scenario_of(cluster)?))
    }

    /// No member has two queues of a topic more than another.
    ///
    /// # Errors
    /// [`Broken`], with the smallest cluster.
    pub fn shares_are_even(&self) -> Result<(), Broken> {
        self.hold("shares are even", DEALT, |cluster| allocated::even(&self.strategy, cluster))
    }

    /// A member that comes takes queues, and no other gets any; of one that goes the queues are taken, and no others
    /// move.
    ///
    /// # Errors
    /// [`Broken`], with the smallest cluster.
    pub fn moves_are_least(&self) -> Result<(), Broken> {
        self.hold("moves are least", DEALT, |cluster| allocated::least_moves(&self.strategy, cluster))
    }

    /// No message is lost, skipped or left undelivered where no broker fails, whatever happens to members.
    ///
    /// # Errors
    /// [`Broken`], with the smallest cluster.
    pub fn no_message_is_missed(&self) -> Result<(), Broken> {
        self.hold("no message is missed", PLAYED, |cluster| played::nothing_missed(&self.scenario_of(cluster)?))
    }

    /// All but [`StrategyProperties::moves_are_least`], which few strategies keep, and RocketMQ's default does not.
    ///
    /// # Errors
    /// [`Broken`]: the first that does not hold.
    pub fn hold_all(&self) -> Result<(), Broken> {
        self.every_queue_has_one_owner()?;
        self.shares_are_even()?;
        self.no_message_is_missed()
    }

    fn scenario_of(&self, cluster: &Cluster) -> Result<crate::library::Scenario, String> {
        let plugins = Plugins::new().strategy_as(&self.name, Arc::clone(&self.strategy));
        plugins.from_toml(&self.file_of(cluster)).map_err(|error| error.to_string())
    }

    /// The cluster with the strategy in its group.
    fn file_of(&self, cluster: &Cluster) -> String {
        cluster.clone().with_strategy(&self.name).to_toml()
    }

    fn hold(
        &self,
        property: &'static str,
        cases: u32,
        holds: impl Fn(&Cluster) -> Result<(), String>,
    ) -> Result<(), Broken> {
        let trial = Trial { property, cases: self.cases.unwrap_or(cases) };
        trial.hold(&clusters(), |cluster| self.file_of(cluster), holds)
    }
}

/// A property that is tried so often.
struct Trial {
    property: &'static str,
    cases: u32,
}

impl Trial {
    /// Tries it, always with the same values; `scenario` is what shows one.
    fn hold<S: Strategy>(
        self,
        values: &S,
        scenario: impl Fn(&S::Value) -> String,
        holds: impl Fn(&S::Value) -> Result<(), String>,
    ) -> Result<(), Broken> {
        let Self { property, cases } = self;
        let config = Config { cases, failure_persistence: None, max_shrink_iters: 512, ..Config::default() };
        let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
        let tried = runner.run(values, |value| holds(&value).map_err(TestCaseError::fail));
        tried.map_err(|error| match error {
            TestError::Fail(why, value) => Broken { property, why: why.to_string(), scenario: scenario(&value) },
            TestError::Abort(why) => Broken { property, why: why.to_string(), scenario: String::new() },
        })
    }
}
