//! The figures of a recording, phase by phase: the contract between a cluster and whatever predicts it.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::duplicates::{Deliveries, repeated};
use super::event::What;
use super::{Ownership, Trace, idle, phases};

/// Owners by queue, both sorted.
pub type Owners = BTreeMap<String, Vec<String>>;

/// What one recording measures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measures {
    /// The story.
    pub trace: String,
    /// Phase by phase.
    pub phases: Vec<PhaseMeasures>,
    /// Deliveries of messages that some listener had already had, over the whole recording; clustering only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duplicates: Option<u64>,
    /// Other figures of the whole recording, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub whole: BTreeMap<String, i64>,
}

/// What one phase measures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhaseMeasures {
    /// Its steps.
    pub phase: String,
    /// Where it begins.
    pub from_ms: i64,
    /// Where it ends.
    pub until_ms: i64,
    /// To the last change of any queue's owners strictly inside; 0: none.
    pub settle_ms: i64,
    /// Time without an owner, summed over queues.
    pub unowned_queue_ms: i64,
    /// Owners above one, integrated and summed over queues.
    pub double_queue_ms: i64,
    /// Queues whose owners 1 ms before the phase and 1 ms before its end differ.
    pub moved_queues: u64,
    /// Owners 1 ms before the end.
    pub owners: Owners,
    /// The longest stretch in which a queue is not handed to a listener.
    pub idle_max_ms: i64,
    /// Deliveries of messages that some listener had already had; clustering only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duplicates: Option<u64>,
    /// By broker: to the last change of its member list strictly inside; 0: none.
    pub members_ms: BTreeMap<String, i64>,
}

/// Measures a recording.
///
/// # Panics
/// If a step of the story never takes effect, which [`super::read`] refuses.
#[must_use]
pub fn measure(trace: &Trace) -> Measures {
    let phases = phases(trace).expect("a trace that was read has phases");
    let ownership = Ownership::of(trace);
    let mut queues: BTreeSet<&str> = ownership.changes.keys().copied().collect();
    let mut taken: BTreeMap<&str, Vec<Deliveries>> = BTreeMap::new();
    for event in &trace.events {
        match &event.what {
            What::Sent(run) => drop(queues.insert(&run.queue)),
            What::Took(run) => taken.entry(&run.queue).or_default().push(Deliveries::of(event.t, run)),
            _ => {}
        }
    }
    let again: Vec<f64> = match trace.header.message_model {
        super::MessageModel::Clustering => taken.values().flat_map(|runs| repeated(runs)).collect(),
        super::MessageModel::Broadcasting => Vec::new(),
    };
    let counted = trace.header.message_model == super::MessageModel::Clustering;
    let measured = phases.into_iter().map(|phase| {
        let (from, until) = (phase.from_ms, phase.until_ms);
        let inside = |t: i64| from < t && t < until;
        let last_change = ownership.changes.values().flatten().map(|(t, _)| *t).filter(|t| inside(*t)).max();
        let sum =
            |weigh: fn(usize) -> i64| queues.iter().map(|queue| ownership.integral(queue, from, until, weigh)).sum();
        PhaseMeasures {
            settle_ms: last_change.map_or(0, |t| t - from),
            unowned_queue_ms: sum(|owners| i64::from(owners == 0)),
            double_queue_ms: sum(|owners| owners.saturating_sub(1) as i64),
            moved_queues: queues
                .iter()
                .filter(|queue| ownership.at(queue, from - 1) != ownership.at(queue, until - 1))
                .count() as u64,
            owners: queues
                .iter()
                .map(|queue| {
                    ((*queue).to_owned(), ownership.at(queue, until - 1).iter().map(|who| (*who).to_owned()).collect())
                })
                .collect(),
            idle_max_ms: queues
                .iter()
                .map(|queue| idle::longest(taken.get(queue).map_or(&[], Vec::as_slice), from, until))
                .max()
                .unwrap_or_default(),
            duplicates: counted
                .then(|| again.iter().filter(|t| from as f64 <= **t && **t < until as f64).count() as u64),
            members_ms: trace
                .header
                .brokers
                .iter()
                .map(|broker| (broker.clone(), members(trace, broker, inside, from)))
                .collect(),
            phase: phase.name,
            from_ms: from,
            until_ms: until,
        }
    });
    Measures {
        trace: trace.header.name.clone(),
        phases: measured.collect(),
        duplicates: counted.then_some(again.len() as u64),
        whole: super::whole::whole(trace),
    }
}

/// To the last change of a broker's member list; an error, and the same list again after it, is no change.
fn members(trace: &Trace, wanted: &str, inside: impl Fn(i64) -> bool, from: i64) -> i64 {
    let (mut known, mut last): (Option<&Vec<String>>, i64) = (None, 0);
    for event in &trace.events {
        let What::Members { broker, clients: Some(clients), .. } = &event.what else { continue };
        if broker == wanted {
            if known != Some(clients) && inside(event.t) {
                last = event.t - from;
            }
            known = Some(clients);
        }
    }
    last
}
