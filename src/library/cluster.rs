//! A scenario that is built by hand: it is a scenario file and nothing else, and so both say the same.

use std::fmt;

use super::group::Group;
use super::scenario::{Error, Scenario};
use super::text::{Setting, Table};
use super::timeline::At;
use crate::kernel::Span;

/// A cluster, its load, its groups and what happens to them. Prints as the scenario file that it is.
///
/// ```
/// use rebalance_sim::{Cluster, Group, secs};
/// let cluster = Cluster::new().broker("a").topic("orders", 8).group(Group::new("g").members(12))
///     .at(secs(40)).kill("c2");
/// assert_eq!(cluster.to_toml(), r#"title = "A cluster"
/// duration = "2m"
/// brokers = ["a"]
///
/// [[topics]]
/// name = "orders"
/// queues = 8
///
/// [[groups]]
/// name = "g"
/// count = 12
///
/// [[timeline]]
/// at = "40s"
/// consumer = "c2"
/// action = "kill"
/// "#);
/// let scenario = cluster.scenario()?;
/// assert_eq!(scenario.plan().consumers.len(), 12);
/// # Ok::<(), rebalance_sim::Error>(())
/// ```
#[derive(Clone, PartialEq, Default)]
pub struct Cluster {
    title: Option<String>,
    head: Table,
    brokers: Vec<String>,
    /// Headers with their tables, in the order in which they were said.
    tables: Vec<(&'static str, Table)>,
    groups: Vec<Group>,
    timeline: Vec<Table>,
    /// When the last step has taken place.
    last: Span,
}

/// A story goes on so long behind its last step, so that its end is seen.
const AFTER_THE_LAST_STEP: Span = Span::from_secs(60);

/// A story lasts so long at least.
const SHORTEST: Span = Span::from_secs(120);

impl Cluster {
    /// Nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Its title.
    #[must_use]
    pub fn title(self, title: &str) -> Self {
        Self { title: Some(title.to_owned()), ..self }
    }

    /// How long the story lasts; else two minutes, and one after the last step.
    #[must_use]
    pub fn lasts(self, duration: Span) -> Self {
        self.set("duration", duration)
    }

    /// A broker more, a master.
    #[must_use]
    pub fn broker(mut self, name: &str) -> Self {
        self.brokers.push(name.to_owned());
        self
    }

    /// A topic with so many queues on each broker.
    #[must_use]
    pub fn topic(self, name: &str, queues: u32) -> Self {
        let mut topic = Table::default();
        topic.set("name", name);
        topic.set("queues", queues);
        self.table("[[topics]]", topic)
    }

    /// A producer for a topic at a rate, such as `100/s`, from the beginning to the end.
    #[must_use]
    pub fn producer(self, topic: &str, rate: &str) -> Self {
        self.producer_until(topic, rate, None)
    }

    /// A producer that stops sending after so long; listeners can then finish.
    #[must_use]
    pub fn producer_until(self, topic: &str, rate: &str, until: impl Into<Option<Span>>) -> Self {
        let mut producer = Table::default();
        producer.set("topic", topic);
        producer.set("rate", rate);
        if let Some(until) = until.into() {
            producer.set("until", until);
        }
        self.table("[[producers]]", producer)
    }

    /// A consumer group.
    #[must_use]
    pub fn group(mut self, group: Group) -> Self {
        self.groups.push(group);
        self
    }

    /// What is expected, as in `lost == 0`; [`Outcomes::held`](super::Outcomes::held) says whether it is so.
    #[must_use]
    pub fn expect<'a>(self, expected: impl IntoIterator<Item = &'a str>) -> Self {
        self.set("expect", expected.into_iter().collect::<Vec<_>>())
    }

    /// Its machines and networks, by the name of an environment.
    #[must_use]
    pub fn environment(self, name: &str) -> Self {
        self.set("environment", name)
    }

    /// Measured from the step with this mark on.
    #[must_use]
    pub fn measured_from(self, mark: &str) -> Self {
        self.set("measure", Setting::table("from", mark))
    }

    /// Any key at the top of a scenario, with its value; a dotted path leads into a table (`broker.brokerRole`).
    #[must_use]
    pub fn set(mut self, key: &str, value: impl Into<Setting>) -> Self {
        self.head.set(key, value);
        self
    }

    /// At this moment; the action follows.
    pub fn at(self, at: Span) -> At {
        At::new(self, ("at", at.into()), at)
    }

    /// At a moment that the seed draws between these; the action follows.
    pub fn between(self, from: Span, until: Span) -> At {
        At::new(self, ("between", vec![from, until].into()), until)
    }

    /// The same with this strategy in all groups.
    #[must_use]
    pub fn with_strategy(self, name: &str) -> Self {
        let groups = self.groups.into_iter().map(|group| group.strategy(name)).collect();
        Self { groups, ..self }
    }

    /// The same with this offset store in all groups.
    #[must_use]
    pub fn with_offset_store(self, name: &str) -> Self {
        let groups = self.groups.into_iter().map(|group| group.offset_store(name)).collect();
        Self { groups, ..self }
    }

    pub(super) fn step(mut self, step: Table, at: Span) -> Self {
        self.timeline.push(step);
        self.last = self.last.max(at);
        self
    }

    fn table(mut self, header: &'static str, table: Table) -> Self {
        self.tables.push((header, table));
        self
    }

    /// The scenario file.
    #[must_use]
    pub fn to_toml(&self) -> String {
        let mut head = Table::default();
        head.set("title", self.title.as_deref().unwrap_or("A cluster"));
        if !self.head.has("duration") {
            let lasts = self.last.checked_add(AFTER_THE_LAST_STEP).unwrap_or(self.last);
            head.set("duration", lasts.max(SHORTEST));
        }
        if !self.head.has("brokers") {
            head.set("brokers", self.brokers.iter().collect::<Vec<_>>());
        }
        let mut text = String::new();
        head.write("", &mut text);
        self.head.write("", &mut text);
        for header in ["[[topics]]", "[[producers]]"] {
            let own = self.tables.iter().filter(|(of, _)| *of == header);
            own.for_each(|(_, table)| table.write(header, &mut text));
        }
        self.groups.iter().for_each(|group| group.write(&mut text));
        self.timeline.iter().for_each(|step| step.write("[[timeline]]", &mut text));
        text
    }

    /// Read and checked, as the file would be.
    ///
    /// # Errors
    /// [`Error::Refused`], with the line of [`Cluster::to_toml`].
    pub fn scenario(&self) -> Result<Scenario, Error> {
        Scenario::from_toml(&self.to_toml())
    }
}

impl fmt::Display for Cluster {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_toml())
    }
}

impl fmt::Debug for Cluster {
    /// The file: what a test that fails shows can be saved and played.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
