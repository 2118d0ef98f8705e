//! How many deliveries were of messages that some listener had already had.

use std::collections::BTreeMap;

use super::event::What;
use super::{MessageModel, Run, Trace};

/// A run of deliveries of one queue.
#[derive(Debug, Clone, Copy)]
pub(super) struct Deliveries {
    /// Time of the first, in ms.
    pub t: i64,
    /// Time of the last, in ms.
    pub until: i64,
    /// First offset.
    pub from: i64,
    /// Last offset.
    pub to: i64,
}

impl Deliveries {
    /// A run that began at `t`.
    pub fn of(t: i64, run: &Run) -> Self {
        Self { t, until: run.until, from: run.from, to: run.to }
    }

    /// The last offset of the run that was delivered by `t`.
    pub fn offset_at(&self, t: i64) -> Option<i64> {
        let part = |length: i64| (self.to - self.from) * (t.min(self.until) - self.t) / length;
        (self.t <= t).then(|| if t >= self.until { self.to } else { self.from + part(self.until - self.t) })
    }

    /// When an offset of the run was delivered: a run is spread evenly over its time.
    pub fn time_of(&self, offset: i64) -> f64 {
        let gaps = (self.to - self.from).max(1);
        self.t as f64 + ((self.until - self.t) * (offset - self.from)) as f64 / gaps as f64
    }
}

/// All deliveries, by queue.
pub(super) fn deliveries(trace: &Trace) -> BTreeMap<&str, Vec<Deliveries>> {
    let mut taken: BTreeMap<&str, Vec<Deliveries>> = BTreeMap::new();
    for event in &trace.events {
        if let What::Took(run) = &event.what {
            taken.entry(&run.queue).or_default().push(Deliveries::of(event.t, run));
        }
    }
    taken
}

/// When messages were handed out that some listener had already had, in ms, by queue; in broadcasting that is no
/// duplicate.
#[must_use]
pub fn duplicates(trace: &Trace) -> BTreeMap<&str, Vec<f64>> {
    match trace.header.message_model {
        MessageModel::Clustering => {
            deliveries(trace).into_iter().map(|(queue, runs)| (queue, repeated(&runs))).collect()
        }
        MessageModel::Broadcasting => BTreeMap::new(),
    }
}

/// The times of all deliveries of a queue but the first of each offset, in ascending order.
pub(super) fn repeated(runs: &[Deliveries]) -> Vec<f64> {
    let mut runs: Vec<Deliveries> = runs.to_vec();
    runs.sort_by_key(|run| (run.from, run.t));
    let mut repeated = Vec::new();
    let mut open: Vec<Deliveries> = Vec::new();
    // Only offsets that two runs share matter: those between the starts and ends of overlapping runs.
    let mut bounds: Vec<i64> = runs.iter().flat_map(|run| [run.from, run.to + 1]).collect();
    bounds.sort_unstable();
    bounds.dedup();
    let mut coming = runs.into_iter().peekable();
    for edges in bounds.windows(2) {
        open.retain(|run| run.to >= edges[0]);
        while let Some(run) = coming.next_if(|run| run.from == edges[0]) {
            open.push(run);
        }
        if open.len() < 2 {
            continue;
        }
        for offset in edges[0]..edges[1] {
            let mut times: Vec<f64> = open.iter().map(|run| run.time_of(offset)).collect();
            times.sort_by(f64::total_cmp);
            repeated.extend(&times[1..]);
        }
    }
    repeated.sort_by(f64::total_cmp);
    repeated
}
