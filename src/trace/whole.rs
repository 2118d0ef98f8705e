//! What is measured of a recording as a whole.

use std::collections::BTreeMap;

use super::redelivery::redeliveries;
use super::requests::requests;
use super::{Language, StoryStep, Trace};

/// Figures of the whole recording by name: requests where the recording counted those of all members, as it does of Java
/// clients alone, and of a group that pops what came again, after how long, and how often a thousand messages were handed out.
pub(super) fn whole(trace: &Trace) -> BTreeMap<String, i64> {
    let fits = |number: u64| i64::try_from(number).expect("counts fit");
    let mut starts = trace.header.steps.iter().filter(|step| step.action == "start");
    let all_count = starts.all(|step| trace.header.language(step) == Language::Java);
    let counted = requests(trace).into_iter().filter(|_| all_count);
    let mut figures: BTreeMap<String, i64> = counted.map(|(name, count)| (name.to_owned(), fits(count))).collect();
    if trace.header.pops() {
        let found = redeliveries(trace);
        let middle = found.gaps_ms.get(found.gaps_ms.len() / 2).copied().unwrap_or_default();
        let longest = found.gaps_ms.last().copied().unwrap_or_default();
        let thousand = fits(found.deliveries * 1_000) / fits(found.messages.max(1));
        figures.extend([
            ("redelivered".to_owned(), fits(found.again)),
            ("redelivery_median_ms".to_owned(), middle),
            ("redelivery_max_ms".to_owned(), longest),
            ("deliveries_per_thousand".to_owned(), thousand),
        ]);
    }
    figures
}

impl super::Header {
    /// Whether members of the group may pop.
    #[must_use]
    pub fn pops(&self) -> bool {
        let in_step = |step: &StoryStep| step.overrides.pop == Some(true) || step.action == "mode";
        self.pop || self.mode.is_some() || self.steps.iter().any(in_step)
    }
}
