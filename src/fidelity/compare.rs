//! Real and simulated measures side by side.

use std::collections::BTreeMap;

use super::score::{fair_crps, quantile, rank};
use super::{Family, Load, Machine};
use crate::trace::{Measures, Owners, PhaseMeasures, Trace};

/// How often the first recorder asked a broker for its members.
pub(super) const MONITOR_MS: u64 = 100;

/// What is measured, in the order of reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Measure {
    /// `settle_ms`
    Settle,
    /// `unowned_queue_ms`
    Unowned,
    /// `double_queue_ms`
    Double,
    /// `moved_queues`
    Moved,
    /// `idle_max_ms`
    Idle,
    /// `duplicates`
    Duplicates,
    /// `members_ms`, of one broker.
    Members,
    /// A figure of the whole recording, by its name.
    Whole,
}

impl Measure {
    /// All of a phase.
    pub const ALL: [Self; 7] =
        [Self::Settle, Self::Unowned, Self::Double, Self::Moved, Self::Idle, Self::Duplicates, Self::Members];

    /// Its name in recordings and files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Settle => "settle_ms",
            Self::Unowned => "unowned_queue_ms",
            Self::Double => "double_queue_ms",
            Self::Moved => "moved_queues",
            Self::Idle => "idle_max_ms",
            Self::Duplicates => "duplicates",
            Self::Members => "members_ms",
            Self::Whole => "whole",
        }
    }

    /// How far a value may be off by the way it is measured, in its unit: a table is looked at every 10 ms, a member
    /// list every 0.1 s, or as the recording says, and slower under load. Queue-milliseconds add up over queues.
    fn step(self, queues: usize, monitor_ms: u64) -> i64 {
        match self {
            Self::Settle | Self::Idle => 10,
            Self::Unowned | Self::Double => 10 * queues as i64,
            Self::Moved | Self::Duplicates | Self::Whole => 0,
            Self::Members => monitor_ms as i64 + 50,
        }
    }

    /// The least mean score that counts in a ratio, in its unit.
    #[must_use]
    pub const fn floor(self) -> f64 {
        match self {
            Self::Settle | Self::Idle | Self::Members => 50.0,
            Self::Unowned | Self::Double => 200.0,
            Self::Moved | Self::Duplicates | Self::Whole => 1.0,
        }
    }
}

/// A measure, and the broker where it is `members_ms`, the name where it is of the whole.
pub type Key = (Measure, String);

/// All single values of a phase.
#[must_use]
pub fn values(phase: &PhaseMeasures) -> BTreeMap<Key, i64> {
    let count = |number: u64| i64::try_from(number).expect("counts fit");
    let mut values: BTreeMap<Key, i64> = [
        (Measure::Settle, phase.settle_ms),
        (Measure::Unowned, phase.unowned_queue_ms),
        (Measure::Double, phase.double_queue_ms),
        (Measure::Moved, count(phase.moved_queues)),
        (Measure::Idle, phase.idle_max_ms),
    ]
    .map(|(measure, value)| ((measure, String::new()), value))
    .into();
    values.extend(phase.duplicates.map(|number| ((Measure::Duplicates, String::new()), count(number))));
    values.extend(phase.members_ms.iter().map(|(broker, ms)| ((Measure::Members, broker.clone()), *ms)));
    values
}

/// One value of one phase of one recording, and what was predicted of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Compared {
    /// Which.
    pub key: Key,
    /// What the real cluster did.
    pub real: i64,
    /// What every seed predicted, by seed.
    pub predicted: Vec<i64>,
    /// 0.5, 5, 50, 95 and 99.5 % of it.
    pub quantiles: [i64; 5],
    /// How many predictions are below the real value, and how many equal.
    pub rank: (usize, usize),
    /// Whether the real value lies in the band of 99 %, widened by the measuring step.
    pub in_band: bool,
    /// Fair CRPS of the prediction.
    pub crps: f64,
    /// Fair CRPS of the other recordings of the story; `None` where there is none.
    pub yardstick: Option<f64>,
}

/// One phase of one recording.
#[derive(Debug, Clone, PartialEq)]
pub struct ComparedPhase {
    /// Its steps.
    pub phase: String,
    /// Where it begins, in ms.
    pub from_ms: i64,
    /// Where it ends, in ms.
    pub until_ms: i64,
    /// Its single values.
    pub values: Vec<Compared>,
    /// The real owners at its end.
    pub owners: Owners,
    /// The owners that each seed predicted, by seed.
    pub predicted_owners: Vec<Owners>,
    /// How many seeds predicted exactly the real ones.
    pub owners_hit: usize,
}

/// One recording.
#[derive(Debug, Clone, PartialEq)]
pub struct ComparedTrace {
    /// Name of its file.
    pub trace: String,
    /// The story.
    pub story: String,
    /// What kind of consumers and cluster it is of.
    pub family: Family,
    /// What belongs to the machine.
    pub machine: Machine,
    /// How much its machine had to do.
    pub load: Load,
    /// The machine's load average at time 0 and at the end, where the recording says it.
    pub load_average: Option<Vec<f64>>,
    /// Phase by phase.
    pub phases: Vec<ComparedPhase>,
    /// Figures of the whole recording.
    pub whole: Vec<Compared>,
}

/// Compares one recording with its prediction, one [`Measures`] a seed, and with the other recordings of its story.
#[must_use]
pub fn compare(trace: &Trace, real: &Measures, predicted: &[Measures], others: &[&Measures]) -> ComparedTrace {
    let monitor_ms = trace.header.monitor_ms.unwrap_or(MONITOR_MS);
    let phases = real.phases.iter().enumerate().map(|(position, phase)| {
        let at = |measures: &Measures| measures.phases[position].clone();
        let of_seeds: Vec<_> = predicted.iter().map(|measures| values(&at(measures))).collect();
        let of_others: Vec<_> = others.iter().filter_map(|other| other.phases.get(position)).map(values).collect();
        let predicted_owners: Vec<Owners> =
            predicted.iter().map(|measures| owners(&phase.owners, &at(measures).owners)).collect();
        ComparedPhase {
            phase: phase.phase.clone(),
            from_ms: phase.from_ms,
            until_ms: phase.until_ms,
            values: values(phase)
                .into_iter()
                .map(|(key, value)| one(key, value, (phase.owners.len(), monitor_ms), &of_seeds, &of_others))
                .collect(),
            owners_hit: predicted_owners.iter().filter(|owners| **owners == phase.owners).count(),
            predicted_owners,
            owners: phase.owners.clone(),
        }
    });
    let whole = |measures: &Measures| -> BTreeMap<Key, i64> {
        measures.whole.iter().map(|(name, value)| ((Measure::Whole, name.clone()), *value)).collect()
    };
    let of_seeds: Vec<_> = predicted.iter().map(whole).collect();
    let of_others: Vec<_> = others.iter().copied().map(whole).collect();
    let of_whole = |(key, value)| one(key, value, (0, monitor_ms), &of_seeds, &of_others);
    ComparedTrace {
        trace: trace.name.clone(),
        story: real.trace.clone(),
        family: Family::of(&trace.header),
        machine: Machine::of(&trace.header),
        load: Load::of(&trace.header),
        load_average: trace.header.load_average.clone(),
        phases: phases.collect(),
        whole: whole(real).into_iter().map(of_whole).collect(),
    }
}

/// Owners of all queues that the real or the simulated cluster has: a queue nobody ever owned is nobody's.
fn owners(real: &Owners, predicted: &Owners) -> Owners {
    let mut all: Owners = real.keys().map(|queue| (queue.clone(), Vec::new())).collect();
    all.extend(predicted.clone());
    // A queue that only the prediction knows counts where somebody owns it.
    all.retain(|queue, owners| real.contains_key(queue) || !owners.is_empty());
    all
}

fn one(
    key: Key,
    real: i64,
    (queues, monitor_ms): (usize, u64),
    seeds: &[BTreeMap<Key, i64>],
    others: &[BTreeMap<Key, i64>],
) -> Compared {
    let predicted: Vec<i64> = seeds.iter().map(|values| values[&key]).collect();
    let mut sorted = predicted.clone();
    sorted.sort_unstable();
    let mut rest: Vec<i64> = others.iter().filter_map(|values| values.get(&key).copied()).collect();
    rest.sort_unstable();
    let step = key.0.step(queues, monitor_ms);
    let quantiles = [5, 50, 500, 950, 995].map(|thousandths| quantile(&sorted, thousandths));
    Compared {
        real,
        quantiles,
        rank: rank(&sorted, real),
        in_band: quantiles[0] - step <= real && real <= quantiles[4] + step,
        crps: fair_crps(&sorted, real),
        yardstick: (!rest.is_empty()).then(|| fair_crps(&rest, real)),
        key,
        predicted,
    }
}
