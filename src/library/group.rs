//! A consumer group that is built by hand.

use super::text::{Setting, Table};
use crate::kernel::Span;

/// A consumer group of a [`Cluster`](super::Cluster): RocketMQ's defaults, and what is said otherwise.
///
/// ```
/// use rebalance_sim::{Cluster, Group, millis, secs};
/// let cluster = Cluster::new().broker("a").topic("orders", 8).group(
///     Group::new("checkout").members(12).work(millis(5)).strategy("CONSISTENT_HASH")
///         .set("persistConsumerOffsetInterval", secs(1)),
/// );
/// assert_eq!(cluster.scenario()?.plan().consumers.len(), 12);
/// # Ok::<(), rebalance_sim::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    name: String,
    table: Table,
    named: Vec<Table>,
}

impl Group {
    /// A group of this name, of all topics and of one member.
    #[must_use]
    pub fn new(name: &str) -> Self {
        let mut table = Table::default();
        table.set("name", name);
        Self { name: name.to_owned(), table, named: Vec::new() }
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// So many members in all: `c1`, `c2` and so on beside those with a name.
    #[must_use]
    pub fn members(self, count: u32) -> Self {
        self.set("count", count)
    }

    /// A member with a name of its own.
    #[must_use]
    pub fn member(mut self, name: &str) -> Self {
        let mut member = Table::default();
        member.set("name", name);
        self.named.push(member);
        self
    }

    /// The topics that it subscribes, instead of all.
    #[must_use]
    pub fn topics<'a>(self, topics: impl IntoIterator<Item = &'a str>) -> Self {
        self.set("topics", topics.into_iter().collect::<Vec<_>>())
    }

    /// How long its listener works on a batch.
    #[must_use]
    pub fn work(self, work: Span) -> Self {
        self.set("work", work)
    }

    /// How long its listener works on a batch at least and at most.
    #[must_use]
    pub fn work_between(self, least: Span, most: Span) -> Self {
        self.set("work", Setting::table("uniform", vec![least, most]))
    }

    /// Its allocation strategy, by name.
    #[must_use]
    pub fn strategy(self, name: &str) -> Self {
        self.set("allocateMessageQueueStrategy", name)
    }

    /// Its offset store, by name.
    #[must_use]
    pub fn offset_store(self, name: &str) -> Self {
        self.set("offsetStore", name)
    }

    /// Its listener: `concurrently`, `orderly`, or one that [`Plugins`](crate::Plugins) have.
    #[must_use]
    pub fn listener(self, name: &str) -> Self {
        self.set("listener", name)
    }

    /// Every member gets every message (`MessageModel.BROADCASTING`).
    #[must_use]
    pub fn broadcasting(self) -> Self {
        self.set("messageModel", "BROADCASTING")
    }

    /// Any key of a group, with its value; a dotted path leads into a table (`deployment.replicas`).
    #[must_use]
    pub fn set(mut self, key: &str, value: impl Into<Setting>) -> Self {
        self.table.set(key, value);
        self
    }

    /// How many members it has that are counted, where it is built as [`Group::members`] does.
    #[cfg(feature = "proptest")]
    pub(super) fn count(&self) -> u32 {
        self.table.count().unwrap_or(1)
    }

    pub(super) fn write(&self, into: &mut String) {
        let mut table = self.table.clone();
        if !["count", "deployment.replicas"].iter().any(|key| table.has(key)) && self.named.is_empty() {
            table.set("count", 1);
        }
        table.write("[[groups]]", into);
        self.named.iter().for_each(|member| member.write("[[groups.consumers]]", into));
    }
}
