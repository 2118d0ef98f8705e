//! Load: what a group's changes cost the brokers, second by second (question 6: does it storm?).

use super::moments::{MANY, edges};
use super::{Check, Figure, Findings, LoadRow, Measure, Stage};
use crate::kernel::{Instant, Span};
use crate::model::Names;
use crate::model::observation::{Kinds, Observation, Observed, RequestKind, kinds};
use crate::model::plan::BrokerIndex;

/// What all brokers had to do in the seconds from one on: in that alone, or in all up to the next of which windows know.
#[derive(Debug, Clone, Copy)]
struct Sum {
    /// The beginning of the first of them.
    at: Instant,
    heartbeats: u64,
    list_requests: u64,
    rejected: u64,
    /// The most list requests of one second.
    peak: u64,
    longest_wait: Span,
}

impl Sum {
    /// The rows of one second, of which there is one at least.
    fn of(rows: &[LoadRow]) -> Self {
        let sum = |of: fn(&LoadRow) -> u32| rows.iter().map(|row| u64::from(of(row))).sum();
        let list_requests = sum(|row| row.list_requests);
        Self {
            at: rows[0].at,
            heartbeats: sum(|row| row.heartbeats),
            list_requests,
            rejected: sum(|row| row.rejected),
            peak: list_requests,
            longest_wait: rows.iter().map(|row| row.longest_wait).max().unwrap_or(Span::ZERO),
        }
    }

    /// Later seconds, which lie in the same windows.
    fn add(&mut self, later: &Self) {
        self.heartbeats += later.heartbeats;
        self.list_requests += later.list_requests;
        self.rejected += later.rejected;
        self.peak = self.peak.max(later.peak);
        self.longest_wait = self.longest_wait.max(later.longest_wait);
    }
}

/// The metric: a row for each broker and second in which something happened, and what figures need of them.
#[derive(Debug, Default)]
pub(super) struct Load {
    keep: bool,
    /// Times at which windows begin or end.
    named: Vec<Instant>,
    /// The rows of the second that is going on, by broker.
    rows: Vec<LoadRow>,
    sums: Vec<Sum>,
    limit: usize,
    kept: Vec<LoadRow>,
}

impl Load {
    pub fn new(measure: &Measure, keep: bool) -> Self {
        Self { keep, named: measure.named_times(), ..Self::default() }
    }

    fn row(&mut self, at: Instant, broker: BrokerIndex, stage: &Stage) -> &mut LoadRow {
        let second = Instant::from_millis(at.as_millis() / 1_000 * 1_000);
        if self.rows.first().is_some_and(|row| row.at != second) {
            self.end_second(Some(stage));
        }
        let at = self.rows.binary_search_by_key(&broker, |row| row.broker).unwrap_or_else(|at| {
            self.rows.insert(at, LoadRow::new(second, broker));
            at
        });
        &mut self.rows[at]
    }

    /// The second is over. A long story has many: those between the same edges of windows are put together.
    fn end_second(&mut self, stage: Option<&Stage>) {
        if self.rows.is_empty() {
            return;
        }
        self.sums.push(Sum::of(&self.rows));
        match self.keep {
            true => self.kept.append(&mut self.rows),
            false => self.rows.clear(),
        }
        if let Some(stage) = stage.filter(|_| self.sums.len() >= self.limit.max(MANY)) {
            put_together(&mut self.sums, &edges(stage, &self.named));
            self.limit = 2 * self.sums.len();
        }
    }
}

/// Puts together what no edge parts. A second counts where it begins.
fn put_together(sums: &mut Vec<Sum>, edges: &[Instant]) {
    let place = |sum: &Sum| edges.partition_point(|edge| *edge <= sum.at);
    sums.dedup_by(|later, kept| {
        let same = place(later) == place(kept);
        if same {
            kept.add(later);
        }
        same
    });
}

impl Check for Load {
    fn name(&self) -> &'static str {
        "load"
    }

    fn reads(&self) -> Kinds {
        kinds![Served, Rejected, NotificationsSent, NotificationsBrokenOff]
    }

    fn observe(&mut self, seen: &Observed, stage: &Stage, _: &Names) {
        match seen.what {
            Observation::Served { broker, kind, waited } => {
                let row = self.row(seen.at, broker, stage);
                row.longest_wait = row.longest_wait.max(waited);
                match kind {
                    RequestKind::Heartbeat => row.heartbeats += 1,
                    RequestKind::ConsumerList => row.list_requests += 1,
                    RequestKind::Unregister => row.unregistrations += 1,
                    RequestKind::Lock => row.lock_requests += 1,
                    RequestKind::Data | RequestKind::Other => {}
                }
            }
            Observation::Rejected { broker, .. } => self.row(seen.at, broker, stage).rejected += 1,
            Observation::NotificationsSent { broker, count } => {
                self.row(seen.at, broker, stage).notifications += count;
            }
            // It was said to be sent when its pass began, some microseconds before.
            Observation::NotificationsBrokenOff { broker, count } => {
                let row = self.row(seen.at, broker, stage);
                row.notifications = row.notifications.saturating_sub(count);
            }
            _ => {}
        }
    }

    fn finish(&mut self, _: &Stage, _: &Names, findings: &mut Findings) {
        self.end_second(None);
        for window in &mut findings.windows {
            let inside = || self.sums.iter().filter(|sum| window.contains(sum.at));
            let sum = |of: fn(&Sum) -> u64| Figure::Count(inside().map(of).sum());
            let (heartbeats, lists, rejected) =
                (sum(|sum| sum.heartbeats), sum(|sum| sum.list_requests), sum(|sum| sum.rejected));
            let peak = Figure::Count(inside().map(|sum| sum.peak).max().unwrap_or(0));
            let wait = Figure::Span(inside().map(|sum| sum.longest_wait).max().unwrap_or(Span::ZERO));
            window.set("heartbeats", heartbeats);
            window.set("list_requests", lists);
            window.set("rejected", rejected);
            window.set("list_requests.peak", peak);
            window.set("pool_wait.max", wait);
        }
        findings.load = std::mem::take(&mut self.kept);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_that_are_put_together_count_as_before_in_every_window() {
        let second = |at: u64| Instant::from_millis(at * 1_000);
        let rows = |at: u64| {
            let row = |broker: BrokerIndex| LoadRow {
                heartbeats: (at % 3) as u32,
                list_requests: (at * 7 % 11) as u32 + u32::from(broker.0),
                rejected: u32::from(at.is_multiple_of(5)),
                longest_wait: Span::from_millis(at * 13 % 17),
                ..LoadRow::new(second(at), broker)
            };
            [row(BrokerIndex(0)), row(BrokerIndex(1))]
        };
        let sums: Vec<Sum> = (0..900).filter(|at| at % 4 > 0).map(|at| Sum::of(&rows(at))).collect();
        let edges = [second(0), second(100), Instant::from_millis(100_500), second(377), second(900)];
        let mut fewer = sums.clone();
        put_together(&mut fewer, &edges);
        assert_eq!(fewer.len(), 3, "seconds up to 100, up to 377, and the rest");
        let figures = |sums: &[Sum], from: Instant, until: Instant| {
            let mut inside = sums.iter().filter(|sum| from <= sum.at && sum.at < until);
            let first = inside.next().copied();
            let whole = first.map(|mut whole| {
                inside.for_each(|later| whole.add(later));
                whole
            });
            whole.map(|sum| (sum.heartbeats, sum.list_requests, sum.rejected, sum.peak, sum.longest_wait))
        };
        for from in edges {
            for until in edges {
                assert_eq!(figures(&fewer, from, until), figures(&sums, from, until), "{from} to {until}");
            }
        }
    }
}
