//! What a sweep keeps of one run: figures, causes and counts, no rows.

use std::collections::{BTreeMap, BTreeSet};

use crate::check::{Anomaly, Cause, Causes, Figure, Figures, Findings, Outside, Trap, Window};
use crate::kernel::{Fingerprint, Span};
use crate::run::Outcome;

/// The figures of one seed.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct SeedResult {
    /// The seed.
    pub seed: u64,
    /// Hash over all events of the run.
    pub fingerprint: Fingerprint,
    /// How many events happened.
    pub events: u64,
    /// The measured window first, then the phases.
    pub windows: Vec<Window>,
    /// What the measured window leaves out.
    pub outside: Outside,
    /// The traps that showed in the measured window.
    pub traps: BTreeSet<Trap>,
    /// How often an anomaly was seen in the whole run, as `anomaly.KIND`, `cause.CAUSE` and `trap.E3`; a cause also counts
    /// what is a case of it, and the stalls that it explains.
    pub sightings: BTreeMap<String, u64>,
    /// Duplicates in the measured window by cause, largest first.
    pub duplicate_causes: Causes<u64>,
    /// Stalled time in the measured window by cause, largest first.
    pub stall_causes: Causes<Span>,
    /// The longest stall of each main cause, as much of it as lies in the measured window; where that is `unowned`, with
    /// why.
    #[serde(with = "pairs")]
    pub longest_stalls: BTreeMap<(Cause, Option<Cause>), Span>,
}

impl From<&Outcome> for SeedResult {
    fn from(outcome: &Outcome) -> Self {
        Self {
            seed: outcome.seed,
            fingerprint: outcome.fingerprint,
            events: outcome.events,
            windows: outcome.findings.windows.clone(),
            outside: outcome.findings.outside,
            traps: traps(&outcome.findings),
            sightings: sightings(&outcome.findings),
            duplicate_causes: outcome.findings.duplicate_causes.clone(),
            stall_causes: outcome.findings.stall_causes.clone(),
            longest_stalls: longest_stalls(&outcome.findings),
        }
    }
}

impl SeedResult {
    /// The figures of the measured window; `None` where the run never reached it.
    #[must_use]
    pub fn measured(&self) -> Option<&Figures> {
        self.windows.first().map(|window| &window.figures)
    }

    /// A figure by the name that `expect` uses. `window`: a label; `None`: the measured window. A sighting that never
    /// happened counts 0; any other figure that the run does not have is `None`. `lag.max@g` is one of the group `g`, and
    /// `lag.max@topic T` one of the topic `T`; `phase LABEL: g: lag.max` is read as people write it.
    #[must_use]
    pub fn figure(&self, window: Option<&str>, name: &str) -> Option<Figure> {
        if let Some((scope, rest)) = name.split_once(": ") {
            return match scope.strip_prefix("phase ") {
                Some(label) => self.figure(Some(label), rest),
                None => self.figure(window, &format!("{rest}@{scope}")),
            };
        }
        if ["anomaly.", "cause.", "trap."].iter().any(|prefix| name.starts_with(prefix)) {
            return Some(Figure::Count(self.sightings.get(name).copied().unwrap_or(0)));
        }
        let window = match window {
            None => self.windows.first(),
            Some(label) => self.windows.iter().find(|window| window.label == label),
        }?;
        let Some((name, part)) = name.split_once('@') else { return window.figures.get(name).copied() };
        let figures = match part.strip_prefix("topic ") {
            Some(topic) => window.topics.get(topic),
            None => window.groups.get(part),
        };
        figures.and_then(|figures| figures.get(name)).copied()
    }
}

/// A map whose keys are no texts, as a list of pairs.
mod pairs {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub fn serialize<S: Serializer, K: Serialize, V: Serialize>(
        map: &BTreeMap<K, V>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(map)
    }

    pub fn deserialize<'de, D: Deserializer<'de>, K: Deserialize<'de> + Ord, V: Deserialize<'de>>(
        deserializer: D,
    ) -> Result<BTreeMap<K, V>, D::Error> {
        Ok(Vec::<(K, V)>::deserialize(deserializer)?.into_iter().collect())
    }
}

fn traps(findings: &Findings) -> BTreeSet<Trap> {
    let measured = findings.windows.first();
    let inside = |anomaly: &&Anomaly| measured.is_none_or(|window| anomaly.touches(window));
    findings.anomalies.iter().filter(inside).filter_map(|anomaly| anomaly.trap).collect()
}

fn longest_stalls(findings: &Findings) -> BTreeMap<(Cause, Option<Cause>), Span> {
    let mut longest = BTreeMap::new();
    let Some(measured) = findings.windows.first() else { return longest };
    let holes = findings.holes();
    for stall in &findings.stalls {
        let length = measured.overlap(stall.from, stall.until);
        if length > Span::ZERO {
            let so_far = longest.entry((stall.cause, holes.why(stall))).or_insert(Span::ZERO);
            *so_far = length.max(*so_far);
        }
    }
    longest
}

fn sightings(findings: &Findings) -> BTreeMap<String, u64> {
    let mut sightings = BTreeMap::new();
    for anomaly in &findings.anomalies {
        let words = [("anomaly", anomaly.kind.word()), ("cause", anomaly.cause.word())];
        let wider = anomaly.cause.case_of().map(|cause| ("cause", cause.word()));
        let trap = anomaly.trap.map(|trap| ("trap", trap.word()));
        for (prefix, word) in words.into_iter().chain(wider).chain(trap) {
            *sightings.entry(format!("{prefix}.{word}")).or_insert(0) += 1;
        }
    }
    // A stall is no anomaly, and whoever expects that its cause was not there means the stall as well.
    for stall in &findings.stalls {
        *sightings.entry(format!("cause.{}", stall.cause.word())).or_insert(0) += 1;
    }
    sightings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::AnomalyKind;
    use crate::kernel::Instant;

    #[test]
    fn who_expects_no_cause_expects_none_of_its_cases() {
        let seen = |cause| {
            let times = (Instant::ZERO, Instant::ZERO);
            let row = Anomaly::new("test", (AnomalyKind::Unowned, cause), times, String::new());
            let seen = sightings(&Findings { anomalies: vec![row], ..Findings::default() });
            ["offset_illegal", "offset_illegal_repair"].map(|word| seen.get(&format!("cause.{word}")).copied())
        };
        assert_eq!(seen(Cause::OffsetIllegalRepair), [Some(1), Some(1)]);
        assert_eq!(seen(Cause::OffsetIllegal), [Some(1), None]);
        assert_eq!(seen(Cause::Unsubscribed), [None, None]);
    }
}
