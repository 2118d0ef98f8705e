//! Where to look after many seeds: causes, traps, and what the measured window leaves out. A cause is told by the seeds
//! that have it and by what it typically did in one of them, never by a sum over seeds.

use std::collections::BTreeMap;

use super::text::line;
use crate::check::{Figure, Outside};
use crate::report::wording::{counted, grouped, human_figure, noun, with_why, words};
use crate::sweep::{Quantiles, SeedResult, Worse};

/// How many causes are told of one thing.
const SHOWN: usize = 3;

/// Stalls and duplicates by cause, traps, and steps that hit nobody; `all`: none is left out.
pub(super) fn causes(text: &mut String, results: &[SeedResult], all: bool) {
    let shown = if all { usize::MAX } else { SHOWN };
    let longest = |result: &SeedResult| {
        let stalls =
            result.longest_stalls.iter().map(|((cause, why), span)| (with_why(*cause, *why), Figure::Span(*span)));
        stalls.collect::<Vec<_>>()
    };
    by_cause(text, ("stalls", "the longest ", ""), results, longest, shown);
    let counts = |result: &SeedResult| {
        let causes = result.duplicate_causes.iter();
        causes.map(|(cause, count)| (words(cause.word()), Figure::Count(*count))).collect::<Vec<_>>()
    };
    by_cause(text, ("duplicates", "", " a seed"), results, counts, shown);
    let inside = traps(results, true);
    if !inside.is_empty() {
        line(text, "traps", &said_of(&inside, results.len()));
    }
    // What is no trap, and yet makes the answer one to another question.
    let missed = results.iter().filter(|result| result.sightings.contains_key("anomaly.step_hits_nobody"));
    let missed: Vec<u64> = missed.map(|result| result.seed).collect();
    if let Some(first) = missed.first() {
        line(text, "steps", &format!("a step hits nobody {} (first {first})", in_seeds(missed.len(), results.len())));
    }
}

/// The first word that a reader may want explained.
pub(super) fn first_trap(results: &[SeedResult]) -> Option<&str> {
    traps(results, true).first().map(|seen| seen.trap)
}

/// `in 4 of 20 seeds`.
pub(super) fn in_seeds(some: usize, of: usize) -> String {
    format!("in {some} of {of} {}", noun(of as u64, "seed"))
}

/// Causes with what each typically did in a seed that has it: those first that did most over all seeds.
fn by_cause(
    text: &mut String,
    (subject, before, each): (&str, &str, &str),
    results: &[SeedResult],
    of: impl Fn(&SeedResult) -> Vec<(String, Figure)>,
    shown: usize,
) {
    let mut causes: BTreeMap<String, Vec<(u64, Figure)>> = BTreeMap::new();
    for result in results {
        for (cause, figure) in of(result) {
            causes.entry(cause).or_default().push((result.seed, figure));
        }
    }
    let quantiles =
        causes.into_iter().filter_map(|(cause, values)| Some((cause, Quantiles::new(values, Worse::Higher)?)));
    let mut causes: Vec<(String, Quantiles)> = quantiles.collect();
    causes.sort_by_cached_key(|(cause, quantiles)| {
        let sum: u128 = quantiles.values().map(amount).sum();
        (std::cmp::Reverse(sum), cause.clone())
    });
    for (row, (cause, quantiles)) in causes.iter().take(shown).enumerate() {
        let (seeds, median) = (in_seeds(quantiles.count(), results.len()), human_figure(quantiles.at(500)));
        // Of one seed there is nothing typical.
        let said = match quantiles.count() {
            1 => format!("{cause} {seeds} (seed {}), {before}{median}", quantiles.worst().1),
            _ => format!("{cause} {seeds}, {before}typically {median}{each}"),
        };
        line(text, if row == 0 { subject } else { "" }, &said);
    }
    if causes.len() > shown {
        line(text, "", &format!("and {}", counted((causes.len() - shown) as u64, "more cause")));
    }
}

fn amount(figure: Figure) -> u128 {
    match figure {
        Figure::Count(value) | Figure::Millionths(value) => u128::from(value),
        Figure::Span(span) => u128::from(span.as_nanos()),
    }
}

/// A trap, and the seeds in which it showed.
struct Seen<'a> {
    trap: &'a str,
    seeds: usize,
    first: u64,
}

/// The traps that showed in the measured window, or in other seeds only outside it; the most frequent first.
fn traps(results: &[SeedResult], inside: bool) -> Vec<Seen<'_>> {
    let mut seen: BTreeMap<&str, Seen<'_>> = BTreeMap::new();
    for result in results {
        let traps = result.sightings.keys().filter_map(|name| name.strip_prefix("trap."));
        for trap in traps.filter(|trap| result.traps.iter().any(|shown| shown.word() == *trap) == inside) {
            seen.entry(trap).or_insert(Seen { trap, seeds: 0, first: result.seed }).seeds += 1;
        }
    }
    let mut seen: Vec<Seen<'_>> = seen.into_values().collect();
    // E9 comes before E13.
    seen.sort_by_key(|seen| (std::cmp::Reverse(seen.seeds), seen.trap.len(), seen.trap));
    seen
}

/// `E12, E13 in 40 of 40 seeds; E26 in 18 (first 1); E31 in 1 (26)`: those that showed as often stand together.
fn said_of(seen: &[Seen<'_>], of: usize) -> String {
    let mut said: Vec<String> = Vec::new();
    for alike in seen.chunk_by(|one, other| one.seeds == other.seeds) {
        let (seeds, traps) = (alike[0].seeds, alike.iter().map(|seen| seen.trap).collect::<Vec<_>>().join(", "));
        let seeds = if said.is_empty() { in_seeds(seeds, of) } else { format!("in {seeds}") };
        let mut firsts: Vec<String> = alike.iter().map(|seen| seen.first.to_string()).collect();
        // One number for all that showed together.
        if firsts.iter().all(|first| *first == firsts[0]) {
            firsts.truncate(1);
        }
        let firsts = firsts.join(", ");
        let firsts = if alike[0].seeds < of { format!(" (first {firsts})") } else { String::new() };
        said.push(format!("{traps} {seeds}{firsts}"));
    }
    said.join("; ")
}

/// What the measured window leaves out, on one line.
pub(super) fn outside(text: &mut String, results: &[SeedResult]) {
    let mut said: Vec<String> = Vec::new();
    for (name, of) in [("lost", (|one| one.lost) as fn(Outside) -> u64), ("skipped", |one| one.skipped)] {
        let hit = results.iter().filter(|result| of(result.outside) > 0);
        if let Some(worst) = hit.clone().max_by_key(|result| (of(result.outside), std::cmp::Reverse(result.seed))) {
            let (most, seeds) = (grouped(of(worst.outside)), in_seeds(hit.count(), results.len()));
            said.push(format!("{name} {seeds}, at most {most} (seed {})", worst.seed));
        }
    }
    let traps: Vec<&str> = traps(results, false).iter().map(|seen| seen.trap).collect();
    if !traps.is_empty() {
        said.push(format!("{} {}", noun(traps.len() as u64, "trap"), traps.join(", ")));
    }
    if !said.is_empty() {
        line(text, "outside", &format!("the measured window: {}", said.join("; ")));
    }
}
