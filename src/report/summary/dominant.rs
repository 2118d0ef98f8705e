//! The one word that a reader should have explained first: of what is violated, of what the scenario is about, or of what
//! went worst.

use std::collections::BTreeMap;

use super::causes::first_trap;
use super::headline::violated;
use crate::check::{Cause, Trap};
use crate::kernel::Span;
use crate::report::Report;
use crate::sweep::SeedResult;

/// A stall that is shorter than this is no outage: then duplicates come first.
const OUTAGE: Span = Span::from_secs(5);

/// The word, and what asks for it.
pub(super) fn dominant(report: &Report<'_>, results: &[SeedResult]) -> Option<String> {
    if let Some((_, expectation)) = violated(report).first() {
        // What no expectation stands behind is a failed start or a lost message.
        let figure = expectation.map_or("start_failed", |expectation| expectation.figure.as_str());
        return Some(of_figure(figure, results));
    }
    let asked = report.story.scenario.expect.iter().map(|expectation| expectation.figure.as_str());
    let seen = |figure: &&str| results.iter().any(|result| result.sightings.contains_key(*figure));
    if let Some(trap) = asked.filter(seen).find_map(|figure| figure.strip_prefix("trap.")) {
        return Some(trap.to_owned());
    }
    let (stall, duplicate) = (stalled(results, |_| true), duplicated(results));
    let outage = stall.filter(|(_, longest)| *longest >= OUTAGE);
    let cause = outage.map(|(cause, _)| cause).or(duplicate).or(stall.map(|(cause, _)| cause));
    cause.map(|cause| word(cause, results)).or_else(|| first_trap(results).map(str::to_owned))
}

/// What explains a figure best: the cause that did most of it where causes are counted, else the figure.
fn of_figure(figure: &str, results: &[SeedResult]) -> String {
    if let Some((_, word)) = figure.split_once('.').filter(|(kind, _)| ["anomaly", "cause", "trap"].contains(kind)) {
        return word.to_owned();
    }
    let cause = match figure.split('.').next().unwrap_or(figure) {
        "stalled" => stalled(results, |_| true).map(|(cause, _)| cause),
        "unowned" => stalled(results, |cause| cause == Cause::Unowned).map(|(cause, _)| cause),
        "duplicates" => duplicated(results),
        _ => None,
    };
    cause.map_or_else(|| figure.to_owned(), |cause| word(cause, results))
}

/// The trap that a cause belongs to, where it showed and so is named above; else the cause.
fn word(cause: Cause, results: &[SeedResult]) -> String {
    let trap = cause.trap().filter(|trap| results.iter().any(|result| result.traps.contains(trap)));
    trap.map_or(cause.word(), Trap::word).to_owned()
}

/// The cause of stalls that did most over all seeds, and the longest stall that it made. Nobody owning the queue is no
/// explanation where it is known why.
fn stalled(results: &[SeedResult], counts: impl Fn(Cause) -> bool) -> Option<(Cause, Span)> {
    let mut causes: BTreeMap<Cause, (u128, Span)> = BTreeMap::new();
    for ((cause, why), span) in results.iter().flat_map(|result| &result.longest_stalls) {
        if counts(*cause) {
            let (sum, longest) = causes.entry(why.unwrap_or(*cause)).or_default();
            (*sum, *longest) = (*sum + u128::from(span.as_nanos()), (*longest).max(*span));
        }
    }
    let most = causes.into_iter().max_by_key(|(cause, (sum, _))| (*sum, std::cmp::Reverse(*cause)));
    most.map(|(cause, (_, longest))| (cause, longest))
}

/// The cause of most duplicates over all seeds.
fn duplicated(results: &[SeedResult]) -> Option<Cause> {
    let mut causes: BTreeMap<Cause, u64> = BTreeMap::new();
    for (cause, count) in results.iter().flat_map(|result| &result.duplicate_causes) {
        *causes.entry(*cause).or_default() += count;
    }
    causes.into_iter().max_by_key(|(cause, count)| (*count, std::cmp::Reverse(*cause))).map(|(cause, _)| cause)
}
