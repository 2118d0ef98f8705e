//! Stretches in which no message of a queue is handed to a listener.

use std::collections::BTreeMap;

use super::Trace;
use super::duplicates::{Deliveries, deliveries};
use super::event::What;

/// The longest such stretch of one queue from `from` to `until`, in ms.
pub(super) fn longest(runs: &[Deliveries], from: i64, until: i64) -> i64 {
    stretches(runs, from, until).into_iter().map(|(begin, end)| end - begin).max().unwrap_or_default()
}

/// All such stretches of one queue, in order. A run counts as deliveries all along.
fn stretches(runs: &[Deliveries], from: i64, until: i64) -> Vec<(i64, i64)> {
    let mut runs: Vec<(i64, i64)> = runs.iter().map(|run| (run.t, run.until)).collect();
    runs.sort_unstable();
    let (mut idle, mut last) = (Vec::new(), from);
    for (t, run_until) in runs {
        if run_until < from || t > until {
            continue;
        }
        if t > last {
            idle.push((last, t));
        }
        last = last.max(run_until.min(until));
    }
    if last < until {
        idle.push((last, until));
    }
    idle
}

/// The stretches from `from` to `until`, in ms, in which no message of a queue was handed to a listener, by queue.
#[must_use]
pub fn idle_stretches(trace: &Trace, from: i64, until: i64) -> BTreeMap<&str, Vec<(i64, i64)>> {
    let taken = deliveries(trace);
    let sent = trace.events.iter().filter_map(|event| match &event.what {
        What::Sent(run) => Some(run.queue.as_str()),
        _ => None,
    });
    let queues = super::Ownership::of(trace).changes.into_keys().chain(sent);
    queues.map(|queue| (queue, stretches(taken.get(queue).map_or(&[], Vec::as_slice), from, until))).collect()
}

/// The stretches of at least `least_ms` of the whole recording in which messages of the queue waited, by queue.
#[must_use]
pub fn stalls(trace: &Trace, least_ms: i64) -> BTreeMap<&str, Vec<(i64, i64)>> {
    let taken = deliveries(trace);
    let mut sent: BTreeMap<&str, Vec<Deliveries>> = BTreeMap::new();
    for event in &trace.events {
        if let What::Sent(run) = &event.what {
            sent.entry(&run.queue).or_default().push(Deliveries::of(event.t, run));
        }
    }
    let mut idle = idle_stretches(trace, 0, (trace.header.seconds * 1000.0) as i64);
    for (queue, stretches) in &mut idle {
        let of = |runs: &BTreeMap<&str, Vec<Deliveries>>| runs.get(queue).cloned().unwrap_or_default();
        let (sent, taken) = (of(&sent), of(&taken));
        let highest = |t: i64| taken.iter().filter_map(|run| run.offset_at(t)).max();
        *stretches = stretches
            .iter()
            .filter_map(|&(begin, end)| {
                // The delivery that ends a stretch is no proof of waiting: the message may have come that moment.
                let first = first_after(&sent, highest(begin).map_or(0, |offset| offset + 1))?;
                Some((begin.max(first), end)).filter(|(from, until)| until - from >= least_ms)
            })
            .collect();
    }
    idle
}

/// When the first offset from this one on was sent.
fn first_after(sent: &[Deliveries], offset: i64) -> Option<i64> {
    let of_run = |run: &Deliveries| (run.to >= offset).then(|| run.time_of(offset.max(run.from)) as i64);
    sent.iter().filter_map(of_run).min()
}
