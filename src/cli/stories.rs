//! The stories that the page of a report tells: why the worst findings of a seed came about.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;

use super::load;
use crate::explain::{explain_all, worst_of_each};
use crate::report::explained::{Stories, Worst};
use crate::run::{Outcome, Unfinished};
use crate::scenario::Scenario;

/// So many findings of a seed are explained: each takes some kilobytes of the page.
const MOST_STORIES: usize = 24;
/// Of a run with more events than these the worst finding alone is: between the first and the last of several all events
/// are kept, some 48 bytes each.
const MANY_EVENTS: u64 = 3_000_000;
/// Of a run with more than these none is: it is played once more, with all that is seen, and that takes as long again.
const MOST_EVENTS: u64 = 20_000_000;

/// Tells the stories of a run; `file` and `set` are what was typed.
///
/// # Errors
/// [`Unfinished::Stopped`] where somebody set `stop`.
pub(super) fn stories(
    (file, set): (&str, &[String]),
    scenario: &Scenario,
    outcome: &Outcome,
    stop: &AtomicBool,
) -> Result<Stories, Unfinished> {
    let (mut chosen, findings) = worst_of_each(&outcome.findings, MOST_STORIES);
    if outcome.events > MOST_EVENTS {
        chosen.clear();
    } else if outcome.events > MANY_EVENTS {
        chosen.truncate(1);
    }
    let told = explain_all(scenario, outcome, &chosen, stop)?;
    let mut known: BTreeMap<String, bool> = BTreeMap::new();
    let mut takes = |remedy: &str| {
        *known.entry(remedy.to_owned()).or_insert_with(|| {
            let sets: Vec<String> = set.iter().cloned().chain([remedy.to_owned()]).collect();
            load::scenario(file, &sets).is_ok()
        })
    };
    let worst = chosen.into_iter().zip(told).map(|(finding, story)| {
        let remedies = story.remedies.iter().filter(|remedy| takes(&remedy.set)).cloned().collect();
        Worst { finding, story, remedies }
    });
    Ok(Stories { seed: outcome.seed, worst: worst.collect(), findings })
}
