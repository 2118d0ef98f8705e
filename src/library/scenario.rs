//! A scenario from a file, from a text or from a [`Cluster`](super::Cluster), and changes of it.

use std::fmt;
use std::num::NonZeroUsize;
use std::path::Path;

use super::bounded::{Sort, text};
use super::files::{include, include_nowhere, unreadable};
use super::outcomes::RunError;
use super::sweep::over_each;
use crate::model::plan::Plan;
use crate::run::{Outcome, RunOptions, try_run};
use crate::scenario::{Override, OverrideError, Plugins, Scenario as Read, ScenarioError, parse_with_plugins};

/// A scenario that was read and checked: what is played, what is measured and what is expected.
///
/// ```
/// use rebalance_sim::Scenario;
/// let scenario = Scenario::from_file("scenarios/stalls/three_kinds_of_death.toml")?
///     .with("groups.g.persistConsumerOffsetInterval", "1s")?
///     .with("duration", "5m")?;
/// assert_eq!(scenario.title(), "Three kinds of death");
/// # Ok::<(), rebalance_sim::Error>(())
/// ```
#[derive(Clone)]
pub struct Scenario {
    read: Read,
    name: String,
    changes: Vec<Override>,
    plugins: Plugins,
    lies_somewhere: bool,
}

/// Why there is no scenario.
///
/// ```
/// use rebalance_sim::{Error, Scenario};
/// assert!(matches!(Scenario::from_file("no/such.toml"), Err(Error::Unreadable(_))));
/// let misspelt = Scenario::from_toml("titel = 'x'").unwrap_err();
/// assert!(misspelt.to_string().starts_with("scenario.toml:1:1: "), "{misspelt}");
/// assert!(matches!(misspelt, Error::Refused(_)));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Its file cannot be read: why, and where it may be.
    #[error("{0}")]
    Unreadable(String),
    /// The path of [`Scenario::with`] is none.
    #[error(transparent)]
    Path(#[from] OverrideError),
    /// What is written is not as it should be, with its place and what is allowed.
    #[error(transparent)]
    Refused(#[from] Box<ScenarioError>),
}

impl Scenario {
    /// The scenario in a file; the environments and files that it names are looked for beside it, as the command does.
    ///
    /// # Errors
    /// [`Error`]: it cannot be read, or is refused.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self, Error> {
        Plugins::new().from_file(path)
    }

    /// The scenario that a text is. It lies nowhere: it can name the environments that are built in, and no files.
    ///
    /// ```
    /// let text = rebalance_sim::Cluster::new().broker("a").topic("orders", 8)
    ///     .group(rebalance_sim::Group::new("g").members(3)).to_toml();
    /// assert_eq!(rebalance_sim::Scenario::from_toml(&text)?.plan().consumers.len(), 3);
    /// # Ok::<(), rebalance_sim::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error`]: it is refused.
    pub fn from_toml(text: &str) -> Result<Self, Error> {
        Plugins::new().from_toml(text)
    }

    /// The same with another value, or with one more, at a dotted path, as `--set` has it; an element of a list is
    /// named by its `name`, or by its position from 0.
    ///
    /// ```
    /// # let text = rebalance_sim::Cluster::new().broker("a").topic("orders", 8)
    /// #     .group(rebalance_sim::Group::new("g").members(3)).to_toml();
    /// let scenario = rebalance_sim::Scenario::from_toml(&text)?.with("groups.g.pullBatchSize", 64)?;
    /// let misspelt = scenario.with("groups.g.pullBachSize", 64).unwrap_err();
    /// assert!(misspelt.to_string().contains("pullBatchSize"), "{misspelt}");
    /// # Ok::<(), rebalance_sim::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error`]: there is no such path, or the value is refused there.
    pub fn with(mut self, path: &str, value: impl fmt::Display) -> Result<Self, Error> {
        self.changes.push(Override::parse(&format!("{path}={value}"))?);
        let Self { read, name, changes, plugins, lies_somewhere } = self;
        read_with(name, &read.text, changes, plugins, lies_somewhere)
    }

    /// The same with a strategy of one's own in all groups.
    ///
    /// ```
    /// # let text = rebalance_sim::Cluster::new().broker("a").topic("orders", 8)
    /// #     .group(rebalance_sim::Group::new("g").members(3)).to_toml();
    /// use rebalance_sim::{AllocateError, AllocateMessageQueueStrategy, ClientId, MessageQueue, Scenario};
    /// struct FirstTakesAll;
    /// impl AllocateMessageQueueStrategy for FirstTakesAll {
    ///     fn name(&self) -> String {
    ///         "FIRST_TAKES_ALL".to_owned()
    ///     }
    ///     fn allocate(
    ///         &self, _group: &str, me: &str, queues: &[MessageQueue], members: &[ClientId],
    ///     ) -> Result<Vec<MessageQueue>, AllocateError> {
    ///         let first = members.first().is_some_and(|first| &**first == me);
    ///         Ok(if first { queues.to_vec() } else { Vec::new() })
    ///     }
    /// }
    /// let scenario = Scenario::from_toml(&text)?.with_strategy(FirstTakesAll)?;
    /// let strategy = &scenario.plan().consumers[0].consumer.allocate_message_queue_strategy;
    /// assert_eq!(strategy.name(), "FIRST_TAKES_ALL");
    /// # Ok::<(), rebalance_sim::Error>(())
    /// ```
    ///
    /// # Errors
    /// As of [`Scenario::with`].
    pub fn with_strategy(
        mut self,
        strategy: impl crate::strategy::AllocateMessageQueueStrategy + 'static,
    ) -> Result<Self, Error> {
        let name = strategy.name();
        let groups: Vec<String> = self.read.plan.groups.iter().map(|group| group.name.clone()).collect();
        self.plugins = self.plugins.strategy(strategy);
        for group in groups {
            self = self.with(&format!("groups.{group}.allocateMessageQueueStrategy"), &name)?;
        }
        Ok(self)
    }

    /// Its title.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.read.title
    }

    /// The file that it is from, or how it is called in errors.
    #[must_use]
    pub fn file(&self) -> &str {
        &self.name
    }

    /// What the model plays.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.read.plan
    }

    /// Its text as it was read, without the changes by [`Scenario::with`].
    #[must_use]
    pub fn text(&self) -> &str {
        &self.read.text
    }

    /// As the rooms of this crate know it.
    #[must_use]
    pub fn as_read(&self) -> &Read {
        &self.read
    }

    /// Plays it with one seed and keeps every row of what was found.
    ///
    /// ```
    /// # let text = rebalance_sim::Cluster::new().broker("a").topic("orders", 8)
    /// #     .group(rebalance_sim::Group::new("g").members(3)).to_toml();
    /// let outcome = rebalance_sim::Scenario::from_toml(&text)?.run(7)?;
    /// assert_eq!(outcome.seed, 7);
    /// assert!(!outcome.findings.ownership.is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`RunError`]: it has no end, or is a mistake of this crate.
    pub fn run(&self, seed: u64) -> Result<Outcome, RunError> {
        let options = RunOptions { rows: true, ..RunOptions::default() };
        let seeds = seed..seed.saturating_add(1);
        let mut played = over_each(&seeds, NonZeroUsize::MIN, |seed, stop| try_run(&self.read, seed, options, stop))?;
        played.pop().ok_or(RunError::NoSeeds(seeds))
    }
}

impl fmt::Debug for Scenario {
    /// The file and what was changed; the plan is long.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scenario").field("file", &self.name).field("changes", &self.changes).finish_non_exhaustive()
    }
}

impl Plugins {
    /// [`Scenario::from_file`], with these strategies, offset stores and listeners to choose from.
    ///
    /// # Errors
    /// As of [`Scenario::from_file`].
    pub fn from_file(&self, path: impl AsRef<Path>) -> Result<Scenario, Error> {
        let path = path.as_ref();
        let read = text(path, Sort::Scenario).map_err(|error| Error::Unreadable(unreadable(path, &error)))?;
        read_with(path.to_string_lossy().into_owned(), &read, Vec::new(), self.clone(), true)
    }

    /// [`Scenario::from_toml`], with these strategies, offset stores and listeners to choose from.
    ///
    /// # Errors
    /// As of [`Scenario::from_toml`].
    pub fn from_toml(&self, text: &str) -> Result<Scenario, Error> {
        read_with("scenario.toml".to_owned(), text, Vec::new(), self.clone(), false)
    }
}

fn read_with(
    name: String,
    text: &str,
    changes: Vec<Override>,
    plugins: Plugins,
    lies_somewhere: bool,
) -> Result<Scenario, Error> {
    let beside = include(&name);
    let find = |wanted: &str| if lies_somewhere { beside(wanted) } else { include_nowhere(wanted) };
    let read = parse_with_plugins(&name, text, &changes, &find, &plugins).map_err(Box::new)?;
    Ok(Scenario { read, name, changes, plugins, lies_somewhere })
}
