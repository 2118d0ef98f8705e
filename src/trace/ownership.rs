//! Who owns which queue, as a step function of time.
//!
//! Where members pop, nobody owns a queue: whoever has the queue -1 of a broker takes from all that the topic has there, and
//! counts as an owner of each.

use std::collections::{BTreeMap, BTreeSet};

use super::Trace;
use super::event::What;

/// How the queue that stands for all of a broker ends.
const ALL_OF_A_BROKER: &str = "/-1";

/// Owners of one queue from a moment on: (ms, sorted names).
type Change<'a> = (i64, Vec<&'a str>);

/// The owners of every queue over time: the consumers one of whose tables holds it, or the queue -1 of its broker, and who are
/// alive.
#[derive(Debug, Clone, Default)]
pub struct Ownership<'a> {
    /// Changes of each queue, in order of time.
    pub changes: BTreeMap<&'a str, Vec<Change<'a>>>,
}

/// The tables of one consumer: what it pulls from, and what it pops from.
#[derive(Default)]
struct Table<'a> {
    /// Of the client that began it; empty where nobody says.
    client: &'a str,
    pulled: Vec<&'a str>,
    popped: Vec<&'a str>,
    alive: bool,
}

impl<'a> Table<'a> {
    /// Whether the consumer takes messages of a queue.
    fn has(&self, queue: &str) -> bool {
        let all_of = |popped: &str| {
            let broker = popped.strip_suffix(ALL_OF_A_BROKER)?;
            queue.strip_prefix(broker)?.strip_prefix('/').filter(|id| !id.contains('/'))
        };
        self.pulled.contains(&queue) || self.popped.iter().any(|popped| *popped == queue || all_of(popped).is_some())
    }
}

impl<'a> Ownership<'a> {
    /// Follows the tables through a recording. A table begins empty at `starting` and ends at `stopped` or `kill`;
    /// between `stop` and `cont` its consumer is not alive. A consumer that is started again in its JVM while its old
    /// `shutdown()` goes on has the table of the new start, and keeps it when the old one stops.
    #[must_use]
    pub fn of(trace: &'a Trace) -> Self {
        let mut ownership = Self::default();
        let mut tables: BTreeMap<&'a str, Table<'a>> = BTreeMap::new();
        let all = all_queues(trace);
        for event in &trace.events {
            match &event.what {
                What::Starting { who, client } => {
                    tables.insert(who, Table { alive: true, client, ..Table::default() });
                }
                What::Own { who, queues } => match tables.get_mut(who.as_str()) {
                    Some(table) => table.pulled = queues.iter().map(String::as_str).collect(),
                    None => continue,
                },
                What::PopOwn { who, queues } => match tables.get_mut(who.as_str()) {
                    Some(table) => table.popped = queues.iter().map(String::as_str).collect(),
                    None => continue,
                },
                What::Stopped { who, client } => {
                    let of_another = |table: &Table<'_>| !client.is_empty() && table.client != client;
                    if let Some(table) = tables.get_mut(who.as_str()).filter(|table| !of_another(table)) {
                        table.pulled.clear();
                        table.popped.clear();
                    }
                }
                What::Step { action, target } => match action.as_str() {
                    "kill" => drop(tables.remove(target.as_str())),
                    "stop" => tables.entry(target).or_default().alive = false,
                    "cont" => tables.entry(target).or_default().alive = true,
                    _ => continue,
                },
                _ => continue,
            }
            ownership.note(event.t, &all, &tables);
        }
        ownership
    }

    fn note(&mut self, t: i64, all: &BTreeSet<&'a str>, tables: &BTreeMap<&'a str, Table<'a>>) {
        for &queue in all {
            let has = |(who, table): (&&'a str, &Table<'a>)| (table.alive && table.has(queue)).then_some(*who);
            let now: Vec<&'a str> = tables.iter().filter_map(has).collect();
            let before =
                self.changes.get(queue).and_then(|changes| changes.last()).map_or(&[][..], |(_, owners)| owners);
            if before != now {
                self.changes.entry(queue).or_default().push((t, now));
            }
        }
    }

    /// The owners of a queue at a moment, changes at that moment included; nobody before the first.
    #[must_use]
    pub fn at(&self, queue: &str, t: i64) -> &[&'a str] {
        let changes = self.changes.get(queue).map_or(&[][..], Vec::as_slice);
        let after = changes.partition_point(|(at, _)| *at <= t);
        changes[..after].last().map_or(&[], |(_, owners)| owners)
    }

    /// The integral of a function of the number of owners from `from` to `until`, in queue-milliseconds.
    #[must_use]
    pub fn integral(&self, queue: &str, from: i64, until: i64, weigh: impl Fn(usize) -> i64) -> i64 {
        let mut sum = 0;
        let (mut since, mut owners) = (from, self.at(queue, from).len());
        for (t, now) in self.changes.get(queue).map_or(&[][..], Vec::as_slice) {
            if from < *t && *t <= until {
                sum += weigh(owners) * (t - since);
                (since, owners) = (*t, now.len());
            }
        }
        sum + weigh(owners) * (until - since)
    }
}

/// Every queue that somebody pulls from or that a message was sent to, and those that are popped alone.
fn all_queues(trace: &Trace) -> BTreeSet<&str> {
    let mut all: BTreeSet<&str> = BTreeSet::new();
    for event in &trace.events {
        match &event.what {
            What::Sent(run) => drop(all.insert(&run.queue)),
            What::Own { queues, .. } | What::PopOwn { queues, .. } => {
                all.extend(queues.iter().map(String::as_str).filter(|queue| !queue.ends_with(ALL_OF_A_BROKER)));
            }
            _ => {}
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::read;

    const HEADER: &str = r#"{"trace":1,"name":"s","rocketmq":"5.3.3","seconds":10,"topics":["T"],"brokers":["a","b"],"queues_per_broker":2,"allocate_strategy":"AVG","message_model":"clustering","listener":"concurrent","work_ms":0,"consume_threads":1,"await_termination_ms":0,"send_rate_per_s":1,"consume_from":"first","steps":[[0,"start","c1",{}],[0,"start","c2",{}]]}"#;
    const EVENTS: &str = r#"
{"t":0,"ev":"starting","who":"c1","client":"1@c1"}
{"t":0,"ev":"starting","who":"c2","client":"2@c2"}
{"t":10,"until":10,"ev":"sent","queue":"T/a/0","from":0,"to":0}
{"t":20,"until":20,"ev":"sent","queue":"T/a/1","from":0,"to":0}
{"t":30,"until":30,"ev":"sent","queue":"T/b/0","from":0,"to":0}
{"t":100,"ev":"own","who":"c2","queues":["T/a/1"]}
{"t":200,"ev":"pop_own","who":"c1","queues":["T/a/-1"]}
{"t":300,"ev":"own","who":"c2","queues":[]}
{"t":300,"ev":"pop_own","who":"c2","queues":["T/b/0"]}
{"t":400,"ev":"stopped","who":"c1","client":"1@c1"}"#;

    /// The queue -1 of a broker is all of its queues and no others, and one that is popped alone is that one.
    #[test]
    fn who_pops_takes_from_all_queues_of_the_broker() {
        let trace = read("s", "s", &format!("{HEADER}{EVENTS}")).unwrap_or_else(|error| panic!("{error}"));
        let ownership = Ownership::of(&trace);
        let rows: [(i64, [&[&str]; 3]); 5] = [
            (50, [&[], &[], &[]]),
            (150, [&[], &["c2"], &[]]),
            (250, [&["c1"], &["c1", "c2"], &[]]),
            (350, [&["c1"], &["c1"], &["c2"]]),
            (450, [&[], &[], &["c2"]]),
        ];
        for (t, expected) in rows {
            let got = ["T/a/0", "T/a/1", "T/b/0"].map(|queue| ownership.at(queue, t));
            assert_eq!(got, expected, "at {t}");
        }
        assert!(!ownership.changes.contains_key("T/a/-1"));
    }

    /// The `shutdown()` of 3 s of the client before ends no table of the next.
    #[test]
    fn an_older_client_that_stops_late_takes_nothing_away() {
        let events = r#"
{"t":0,"ev":"starting","who":"c1","client":"1@c1"}
{"t":10,"until":10,"ev":"sent","queue":"T/a/0","from":0,"to":0}
{"t":100,"ev":"own","who":"c1","queues":["T/a/0"]}
{"t":200,"ev":"starting","who":"c1","client":"1@c1b"}
{"t":300,"ev":"own","who":"c1","queues":["T/a/0"]}
{"t":400,"ev":"stopped","who":"c1","client":"1@c1"}
{"t":500,"ev":"stopped","who":"c1","client":"1@c1b"}"#;
        let trace = read("s", "s", &format!("{HEADER}{events}")).unwrap_or_else(|error| panic!("{error}"));
        let ownership = Ownership::of(&trace);
        let rows: [(i64, &[&str]); 4] = [(150, &["c1"]), (250, &[]), (450, &["c1"]), (550, &[])];
        for (t, expected) in rows {
            assert_eq!(ownership.at("T/a/0", t), expected, "at {t}");
        }
    }
}
