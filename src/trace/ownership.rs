//! Who owns which queue, as a step function of time.

use std::collections::{BTreeMap, BTreeSet};

use super::Trace;
use super::event::What;

/// Owners of one queue from a moment on: (ms, sorted names).
type Change<'a> = (i64, Vec<&'a str>);

/// The owners of every queue over time: the consumers whose table holds it and who are alive.
#[derive(Debug, Clone, Default)]
pub struct Ownership<'a> {
    /// Changes of each queue, in order of time.
    pub changes: BTreeMap<&'a str, Vec<Change<'a>>>,
}

/// The table of one consumer.
#[derive(Default)]
struct Table<'a> {
    queues: Vec<&'a str>,
    alive: bool,
}

impl<'a> Ownership<'a> {
    /// Follows the tables through a recording. A table begins empty at `starting` and ends at `stopped` or `kill`;
    /// between `stop` and `cont` its consumer is not alive.
    #[must_use]
    pub fn of(trace: &'a Trace) -> Self {
        let mut ownership = Self::default();
        let mut tables: BTreeMap<&'a str, Table<'a>> = BTreeMap::new();
        for event in &trace.events {
            match &event.what {
                What::Starting { who, .. } => {
                    tables.insert(who, Table { queues: Vec::new(), alive: true });
                }
                What::Own { who, queues } => match tables.get_mut(who.as_str()) {
                    Some(table) => table.queues = queues.iter().map(String::as_str).collect(),
                    None => continue,
                },
                What::Stopped { who, .. } => {
                    if let Some(table) = tables.get_mut(who.as_str()) {
                        table.queues.clear();
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
            ownership.note(event.t, &tables);
        }
        ownership
    }

    fn note(&mut self, t: i64, tables: &BTreeMap<&'a str, Table<'a>>) {
        let mut owners: BTreeMap<&'a str, Vec<&'a str>> = BTreeMap::new();
        for (who, table) in tables.iter().filter(|(_, table)| table.alive) {
            for queue in &table.queues {
                owners.entry(queue).or_default().push(who);
            }
        }
        let known: BTreeSet<&'a str> = self.changes.keys().chain(owners.keys()).copied().collect();
        for queue in known {
            let now = owners.remove(queue).unwrap_or_default();
            let changes = self.changes.entry(queue).or_default();
            if changes.last().map_or(&[][..], |(_, owners)| owners) != now {
                changes.push((t, now));
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
