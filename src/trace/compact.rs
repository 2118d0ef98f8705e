//! Runs of messages instead of single ones: consecutive offsets, less than half a second apart.

use std::collections::BTreeMap;

use super::Run;

/// After so many milliseconds without a message a run ends.
const GAP_MS: i64 = 500;

/// Collects single messages of many queues into runs.
#[derive(Debug, Clone, Default)]
pub struct Runs<K: Ord> {
    open: BTreeMap<K, Vec<Messages>>,
    closed: BTreeMap<K, Vec<Messages>>,
}

/// Offsets `from` to `to`, taken from `t` to `until`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Messages {
    t: i64,
    until: i64,
    from: i64,
    to: i64,
}

impl<K: Ord + Clone> Runs<K> {
    /// Takes one message; times must not go back.
    pub fn add(&mut self, key: &K, t: i64, offset: i64) {
        if !self.open.contains_key(key) {
            self.open.insert(key.clone(), Vec::new());
        }
        let open = self.open.get_mut(key).expect("it was just put there");
        if let Some(run) = open.iter_mut().find(|run| run.to + 1 == offset && t - run.until <= GAP_MS) {
            (run.to, run.until) = (offset, t);
            return;
        }
        if open.iter().any(|run| t - run.until > GAP_MS) {
            let closed = self.closed.entry(key.clone()).or_default();
            closed.extend(open.extract_if(.., |run| t - run.until > GAP_MS));
        }
        open.push(Messages { t, until: t, from: offset, to: offset });
    }

    /// All runs with the time at which they begin, those that meet merged; `name` says whose messages a key means.
    pub fn finish(mut self, name: impl Fn(&K) -> Run) -> Vec<(i64, Run)> {
        for (key, open) in self.open {
            self.closed.entry(key).or_default().extend(open);
        }
        let mut finished = Vec::new();
        for (key, mut runs) in self.closed {
            runs.sort_by_key(|run| (run.from, run.t));
            let mut merged: Vec<Messages> = Vec::new();
            for run in runs {
                let meets = |other: &&mut Messages| other.to + 1 == run.from && (run.t - other.until).abs() <= GAP_MS;
                match merged.iter_mut().rev().take(4).find(meets) {
                    Some(other) => {
                        *other = Messages {
                            t: other.t.min(run.t),
                            until: other.until.max(run.until),
                            from: other.from,
                            to: run.to,
                        };
                    }
                    None => merged.push(run),
                }
            }
            finished.extend(
                merged
                    .into_iter()
                    .map(|run| (run.t, Run { from: run.from, to: run.to, until: run.until, ..name(&key) })),
            );
        }
        finished
    }
}
