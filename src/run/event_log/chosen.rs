//! Which rows of the event log somebody wants.

use std::collections::BTreeSet;

use super::kinds::{kinds, near_kinds};
use super::row::EventRow;
use crate::kernel::Instant;
use crate::model::plan::Plan;
use crate::wording::by_nearness;

/// A word by which rows are chosen, and there is no such word.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UnknownWord {
    /// No row has this name.
    #[error("no event is called `{word}`; the nearest are {near}")]
    Kind {
        /// What was written.
        word: String,
        /// What there is.
        near: String,
    },
    /// Nobody and nothing in the cluster has it.
    #[error(
        "nobody in this scenario is called `{word}`; the nearest are {near}; a queue is written as topic/broker/number"
    )]
    Name {
        /// What was written.
        word: String,
        /// Who there is.
        near: String,
    },
}

/// A choice among the rows of one run, which come in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    from: Instant,
    until: Instant,
    /// None: all.
    kinds: BTreeSet<String>,
    /// None: all. Client ids of consumers that are followed are added as they appear.
    followed: BTreeSet<String>,
}

impl Chosen {
    /// Rows of a stretch, both ends included.
    #[must_use]
    pub fn between(from: Instant, until: Instant) -> Self {
        Self { from, until, kinds: BTreeSet::new(), followed: BTreeSet::new() }
    }

    /// Of these, only rows of some kinds.
    ///
    /// # Errors
    /// A word that no row has.
    pub fn of_kinds(mut self, words: &[String]) -> Result<Self, UnknownWord> {
        for word in words {
            if !kinds().contains(word.as_str()) {
                return Err(UnknownWord::Kind { word: word.clone(), near: listed(&near_kinds(word)) });
            }
            self.kinds.insert(word.clone());
        }
        Ok(self)
    }

    /// Of these, only rows that name one of some: a queue, a topic, a group or anybody who acts.
    ///
    /// # Errors
    /// A name that nobody and nothing in the plan has.
    pub fn following(mut self, words: &[String], plan: &Plan) -> Result<Self, UnknownWord> {
        const SHOWN: usize = 5;
        let names = names(plan);
        for word in words {
            if !names.contains(word) && !is_queue(word, plan) {
                let mut near: Vec<&str> = names.iter().map(String::as_str).collect();
                by_nearness(word, &mut near);
                near.truncate(SHOWN);
                return Err(UnknownWord::Name { word: word.clone(), near: listed(&near) });
            }
            self.followed.insert(word.clone());
        }
        Ok(self)
    }

    /// Whether a row is wanted. All rows are to be shown in order: a consumer is followed by the client ids that it had.
    pub fn wants(&mut self, row: &EventRow) -> bool {
        if row.event == "consumer_starting" && self.followed.contains(&row.actor) {
            self.followed.insert(row.subject.clone());
        }
        self.from <= row.at
            && row.at <= self.until
            && (self.kinds.is_empty() || self.kinds.contains(row.event))
            && (self.followed.is_empty() || self.followed.iter().any(|name| row.names(name)))
    }
}

/// Everybody who acts, all groups and all topics.
fn names(plan: &Plan) -> BTreeSet<String> {
    let groups = plan.groups.iter().map(|group| &group.name);
    let own = groups.clone().flat_map(|group| [format!("%RETRY%{group}"), format!("%DLQ%{group}")]);
    let consumers = plan.consumers.iter().map(|consumer| &consumer.name);
    let servers = plan.brokers.iter().map(|b| &b.name).chain(plan.name_servers.iter().map(|n| &n.name));
    let producers = plan.producers.iter().map(|producer| &producer.name);
    let topics = plan.topics.iter().map(|topic| &topic.name);
    groups.chain(consumers).chain(servers).chain(producers).chain(topics).cloned().chain(own).collect()
}

/// Whether a word is a queue that there can be: queues are added while a run goes on.
fn is_queue(word: &str, plan: &Plan) -> bool {
    let parts = word.split_once('/').and_then(|(topic, rest)| Some((topic, rest.rsplit_once('/')?)));
    let Some((topic, (broker, number))) = parts else { return false };
    let is_topic = plan.topics.iter().any(|known| known.name == topic)
        || plan.groups.iter().any(|group| {
            ["%RETRY%", "%DLQ%"].iter().any(|prefix| topic.strip_prefix(prefix) == Some(group.name.as_str()))
        });
    is_topic && plan.brokers.iter().any(|known| known.name == broker) && number.parse::<u32>().is_ok()
}

fn listed(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
