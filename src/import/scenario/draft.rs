//! The file while it is written: what is part of it, under which names.

use std::collections::{BTreeMap, BTreeSet};

use super::super::cluster::{Cluster, Group, Known, Remark, RemarkKind, is_of_the_system};
use super::super::evidence::Evidence;
use super::super::section::Place;
use super::lines::Lines;

/// Where a name that no input says stands for something.
pub(super) const A_BROKER: &str = "broker-a";
/// The topic, where no input names one.
pub(super) const A_TOPIC: &str = "my-topic";
/// The group, where no input names one.
pub(super) const A_GROUP: &str = "my-group";

/// The file so far.
pub(super) struct Draft<'a> {
    pub cluster: &'a Cluster,
    pub evidence: &'a Evidence,
    pub lines: Lines,
    /// Steps of the timeline, which stand at its end: each a table, line by line, with where it was read.
    pub steps: Vec<(Vec<String>, String)>,
    pub remarks: Vec<Remark>,
    /// Brokers that are part of it.
    pub brokers: BTreeSet<&'a str>,
    /// Topics that are part of it.
    pub topics: BTreeSet<&'a str>,
    /// Groups that are part of it.
    pub groups: BTreeSet<&'a str>,
    /// Expressions by group and topic that the language takes, as tags.
    pub tags: BTreeMap<(&'a str, &'a str), Vec<String>>,
    /// Processes that members of several groups share, by client id, and whether the id has been written.
    pub processes: BTreeMap<&'a str, (String, bool)>,
    /// Those of them in which a Java client runs, or what the Go client does is not modelled.
    pub as_java: BTreeSet<&'a str>,
    /// The consumer that an example names.
    pub first_consumer: Option<String>,
    /// Names of hosts that are taken.
    taken: BTreeSet<String>,
    /// The number of the consumer before the next.
    consumers: usize,
}

/// The most groups that are taken where no member of any is known.
const MOST_GUESSED: usize = 20;
/// The most topics that are taken where nothing says which are read.
const MOST_TOPICS: usize = 50;

impl<'a> Draft<'a> {
    /// Chooses what will be part of it.
    pub fn new(cluster: &'a Cluster, evidence: &'a Evidence) -> Self {
        let mut draft = Self {
            cluster,
            evidence,
            lines: Lines::default(),
            steps: Vec::new(),
            remarks: Vec::new(),
            brokers: BTreeSet::new(),
            topics: BTreeSet::new(),
            groups: BTreeSet::new(),
            tags: BTreeMap::new(),
            processes: BTreeMap::new(),
            as_java: BTreeSet::new(),
            first_consumer: None,
            taken: BTreeSet::new(),
            consumers: 0,
        };
        draft.brokers = draft.named("broker", cluster.brokers.keys());
        draft.taken = draft.brokers.iter().map(|name| (*name).to_owned()).collect();
        draft.choose_groups();
        draft.choose_topics();
        draft
    }

    /// Names that the language takes; others are left out, which is told.
    fn named(&mut self, what: &str, names: impl Iterator<Item = &'a String>) -> BTreeSet<&'a str> {
        let (good, bad): (Vec<&str>, Vec<&str>) = names.map(String::as_str).partition(|name| is_name(name));
        for name in bad {
            self.remark(RemarkKind::LeftOut, format!("`{name}` cannot be the name of a {what} here; it is left out"));
        }
        good.into_iter().collect()
    }

    /// Those of which most is known.
    fn choose_groups(&mut self) {
        let named = self.named("group", self.cluster.groups.keys());
        let knowledge = |name: &&str| knowledge(&self.cluster.groups[*name]);
        let most = named.iter().map(knowledge).max().unwrap_or(0).min(2);
        let chosen = named.iter().filter(|name| knowledge(name) >= most);
        self.groups = if most == 2 { chosen.copied().collect() } else { chosen.take(MOST_GUESSED).copied().collect() };
        let others: Vec<&str> = named.iter().filter(|name| !self.groups.contains(*name)).copied().collect();
        if !others.is_empty() {
            let named = others.iter().take(5).copied().collect::<Vec<_>>().join(", ");
            let sentence = format!(
                "of {} no topic with members or offsets is known, and left out they are: {named}",
                count(others.len(), "group")
            );
            self.remark(RemarkKind::LeftOut, format!("{sentence}; --group NAME takes one"));
        }
    }

    /// Those that the groups read; where nothing says which, those that there are.
    fn choose_topics(&mut self) {
        let cluster = self.cluster;
        let read: BTreeSet<&'a str> = self.groups.iter().flat_map(|group| cluster.groups[*group].topics()).collect();
        let all: BTreeSet<&'a str> = cluster.topics.keys().map(String::as_str).collect();
        let of: BTreeSet<&'a str> = if read.is_empty() { all.into_iter().take(MOST_TOPICS).collect() } else { read };
        for topic in of {
            match is_name(topic) && !topic.starts_with('%') && !is_of_the_system(topic) {
                true => drop(self.topics.insert(topic)),
                false => self.remark(
                    RemarkKind::LeftOut,
                    format!("`{topic}` cannot be the name of a topic here; it is left out"),
                ),
            }
        }
    }

    /// Says something once.
    pub fn remark(&mut self, kind: RemarkKind, sentence: String) {
        let remark = Remark { kind, sentence };
        if !self.remarks.contains(&remark) {
            self.remarks.push(remark);
        }
    }

    /// Says that something is assumed, behind its line and at the end.
    pub fn missing(&mut self, sentence: String) {
        self.remark(RemarkKind::Missing, sentence);
    }

    /// Where something was read, as a comment says it.
    pub fn at(&self, places: &[Place]) -> String {
        const MOST: usize = 2;
        let mut places = places.to_vec();
        places.sort_unstable();
        places.dedup();
        let named: Vec<String> = places.iter().take(MOST).map(|place| self.evidence.at(*place)).collect();
        let more = places.len().saturating_sub(MOST);
        if more == 0 { named.join(", ") } else { format!("{} and {more} more", named.join(", ")) }
    }

    /// Where a value was read.
    pub fn of<T>(&self, known: &Known<T>) -> String {
        self.at(&known.places)
    }

    /// A name for the next consumer.
    pub fn next_consumer(&mut self) -> String {
        self.free("c")
    }

    /// The first name of this beginning and a number that nothing has.
    pub fn free(&mut self, beginning: &str) -> String {
        let first = if beginning == "c" { self.consumers + 1 } else { 1 };
        let free = (first..).find(|number| !self.taken.contains(&format!("{beginning}{number}")));
        let number = free.expect("numbers do not end");
        if beginning == "c" {
            self.consumers = number;
        }
        let name = format!("{beginning}{number}");
        self.taken.insert(name.clone());
        name
    }

    /// The steps, and with them what is played.
    pub fn end_with_steps(&mut self) {
        for (step, comment) in std::mem::take(&mut self.steps) {
            self.lines.header("[[timeline]]");
            for (number, line) in step.into_iter().enumerate() {
                self.lines.said(line, if number == 0 { comment.as_str() } else { "" });
            }
        }
    }
}

/// How much is known of a group: 2 with a topic and something of its members, 1 with one of both.
fn knowledge(group: &Group) -> u8 {
    let looked_at = group.offsets.values().any(|offset| offset.broker_offset.is_some());
    let members = !group.members.is_empty() || group.count.as_ref().is_some_and(|count| count.value > 0) || looked_at;
    u8::from(members) + u8::from(!group.topics().is_empty())
}

/// Whether the language takes a name (`Node::name`), and means nothing else by it.
pub(super) fn is_name(text: &str) -> bool {
    const WORDS: [&str; 5] = ["brokers", "name_servers", "producers", "consumers", "all"];
    !text.is_empty()
        && text.chars().all(|c| !c.is_whitespace() && !c.is_control() && !",:\"".contains(c))
        && !WORDS.contains(&text)
}

/// Whether the language takes a client id, which may have colons.
pub(super) fn is_client_id(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| !c.is_whitespace() && !c.is_control() && !",\"".contains(c))
}

/// `1 group`, `2 groups`.
pub(super) fn count(number: usize, noun: &str) -> String {
    crate::wording::counted(number as u64, noun)
}
