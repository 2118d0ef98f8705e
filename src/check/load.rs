//! Load: what a group's changes cost the brokers, second by second (question 6: does it storm?).

use std::collections::BTreeMap;

use super::{Check, Figure, Findings, LoadRow, Stage};
use crate::kernel::{Instant, Span};
use crate::model::Names;
use crate::model::observation::{Kinds, Observation, Observed, RequestKind, kinds};
use crate::model::plan::BrokerIndex;

/// The metric: a row for each broker and second in which something happened.
#[derive(Debug, Default)]
pub(super) struct Load {
    rows: BTreeMap<(Instant, BrokerIndex), LoadRow>,
    keep: bool,
}

impl Load {
    pub fn new(keep: bool) -> Self {
        Self { keep, ..Self::default() }
    }

    fn row(&mut self, at: Instant, broker: BrokerIndex) -> &mut LoadRow {
        let second = Instant::from_millis(at.as_millis() / 1_000 * 1_000);
        self.rows.entry((second, broker)).or_insert_with(|| LoadRow::new(second, broker))
    }
}

impl Check for Load {
    fn name(&self) -> &'static str {
        "load"
    }

    fn reads(&self) -> Kinds {
        kinds![Served, Rejected, NotificationsSent]
    }

    fn observe(&mut self, seen: &Observed, _: &Stage, _: &Names) {
        match seen.what {
            Observation::Served { broker, kind, waited } => {
                let row = self.row(seen.at, broker);
                row.longest_wait = row.longest_wait.max(waited);
                match kind {
                    RequestKind::Heartbeat => row.heartbeats += 1,
                    RequestKind::ConsumerList => row.list_requests += 1,
                    RequestKind::Unregister => row.unregistrations += 1,
                    RequestKind::Lock => row.lock_requests += 1,
                    RequestKind::Data | RequestKind::Other => {}
                }
            }
            Observation::Rejected { broker, .. } => self.row(seen.at, broker).rejected += 1,
            Observation::NotificationsSent { broker, count } => self.row(seen.at, broker).notifications += count,
            _ => {}
        }
    }

    fn finish(&mut self, _: &Stage, _: &Names, findings: &mut Findings) {
        for window in &mut findings.windows {
            // A second counts where it begins.
            let inside: Vec<&LoadRow> = self.rows.values().filter(|row| window.contains(row.at)).collect();
            let sum = |of: fn(&LoadRow) -> u32| inside.iter().map(|row| u64::from(of(row))).sum();
            window.set("heartbeats", Figure::Count(sum(|row| row.heartbeats)));
            window.set("list_requests", Figure::Count(sum(|row| row.list_requests)));
            window.set("rejected", Figure::Count(sum(|row| row.rejected)));
            let mut seconds: BTreeMap<Instant, u64> = BTreeMap::new();
            inside.iter().for_each(|row| *seconds.entry(row.at).or_default() += u64::from(row.list_requests));
            window.set("list_requests.peak", Figure::Count(seconds.values().copied().max().unwrap_or(0)));
            let wait = inside.iter().map(|row| row.longest_wait).max().unwrap_or(Span::ZERO);
            window.set("pool_wait.max", Figure::Span(wait));
        }
        if self.keep {
            findings.load = std::mem::take(&mut self.rows).into_values().collect();
        }
    }
}
