//! A validation for people: verdict, totals, a table a story, the worst misses first.

use std::fmt::Write as _;

use super::events::around;
use super::{Validation, families};
use crate::fidelity::{Compared, ComparedPhase, ComparedTrace, Key, Totals, Typical};
use crate::trace::Trace;

/// How many misses are named.
const SHOWN: usize = 20;
/// How many of them come with the events around them.
const IN_FULL: usize = 5;

/// The summary.
#[must_use]
pub fn summary(validation: &Validation<'_>) -> String {
    let Validation { compared: traces, totals, seeds, held, .. } = *validation;
    let mut text = String::new();
    let mut line = |words: std::fmt::Arguments<'_>| writeln!(text, "{words}").expect("a text takes all");
    let word = if held { "HELD" } else { "VIOLATED" };
    let stories: std::collections::BTreeSet<&str> = traces.iter().map(|trace| trace.story.as_str()).collect();
    line(format_args!("{word}: {} recordings of {} stories, seeds {seeds}", traces.len(), stories.len()));
    line(format_args!(
        "  coverage of the 99 % band  {:6.2} %   {} of {} values",
        totals.coverage(),
        totals.in_band,
        totals.values
    ));
    line(format_args!(
        "  owner maps predicted       {:6.2} %   {} of {} phases",
        totals.owner_maps(),
        totals.owners_hit,
        totals.phases
    ));
    match (totals.yardstick_ratio, totals.ratio_interval) {
        (Some(ratio), Some((low, high))) => {
            line(format_args!(
                "  yardstick ratio            {ratio:6.2}     95 % interval over resampled stories {low:.2} to {high:.2}; few recordings a story, so a rough one"
            ));
        }
        (Some(ratio), None) => {
            line(format_args!("  yardstick ratio            {ratio:6.2}     one story, so no interval"))
        }
        (None, _) => line(format_args!("  yardstick ratio                 -     no story has two recordings")),
    }
    line(format_args!("\n{:<18} {:>12} {:>18} {:>7}", "mean fair CRPS", "simulator", "other recordings", "ratio"));
    for (measure, mine, theirs) in &totals.by_measure {
        line(format_args!("{:<18} {mine:>12.1} {theirs:>18.1} {:>7.2}", measure.name(), mine / theirs));
    }
    line(format_args!("\n{:<22} {:>8} {:>8} {:>10} {:>8}", "story", "values", "in band", "owner maps", "ratio"));
    for story in stories {
        let of_story: Vec<ComparedTrace> = traces.iter().filter(|trace| trace.story == story).cloned().collect();
        let own = Totals::of(&of_story);
        let maps = format!("{}/{}", own.owners_hit, own.phases);
        let ratio = own.yardstick_ratio.map_or("-".to_owned(), |ratio| format!("{ratio:.2}"));
        line(format_args!("{story:<22} {:>8} {:>8} {maps:>10} {ratio:>8}", own.values, own.in_band));
    }
    families::tell(validation, &mut text);
    misses(traces, (validation.traces, validation.typical), &mut text);
    text
}

/// One miss: how far off, in words, of which recording and phase, and which measure; none: the owners.
struct Miss<'a> {
    far: f64,
    words: String,
    place: (usize, usize),
    key: Option<&'a Key>,
}

/// Values outside the band, and owner maps hardly any seed predicted, the farthest first.
fn misses(traces: &[ComparedTrace], (real, typical): (&[Trace], &[Typical]), text: &mut String) {
    let mut misses: Vec<Miss<'_>> = Vec::new();
    for (at, trace) in traces.iter().enumerate() {
        for (number, phase) in trace.phases.iter().enumerate() {
            let name = format!("{} phase {number} ({})", trace.trace, phase.phase);
            let miss = |(far, words), key| Miss { far, words, place: (at, number), key };
            let outside = phase.values.iter().filter(|value| !value.in_band);
            misses.extend(outside.map(|value| miss(missed(&name, value), Some(&value.key))));
            if phase.owners_hit * 20 < phase.predicted_owners.len() {
                misses.push(miss((f64::MAX, owners_missed(&name, phase)), None));
            }
        }
    }
    misses.sort_by(|a, b| b.far.total_cmp(&a.far));
    let mut line = |words: &str| writeln!(text, "{words}").expect("a text takes all");
    if !misses.is_empty() {
        line(&format!("\n{} misses, the farthest first, with what happened where the value arose (*):", misses.len()));
    }
    for (position, miss) in misses.iter().take(SHOWN).enumerate() {
        line(&format!("  {}", miss.words));
        if position < IN_FULL {
            let (at, number) = miss.place;
            around(&real[at], &typical[at], number, miss.key).iter().for_each(|words| line(&format!("    {words}")));
        }
    }
    if misses.len() > SHOWN {
        line(&format!("  ... and {} more; --format json has all", misses.len() - SHOWN));
    }
}

fn missed(place: &str, value: &Compared) -> (f64, String) {
    let (measure, key) = &value.key;
    let [least, _, median, _, most] = value.quantiles;
    let of = if key.is_empty() { String::new() } else { format!(" of {key}") };
    let far = if value.real > most { value.real - most } else { least - value.real };
    let words =
        format!("{place}: {}{of} was {}, predicted {least} to {most}, typically {median}", measure.name(), value.real);
    (far as f64 / measure.floor(), words)
}

fn owners_missed(place: &str, phase: &ComparedPhase) -> String {
    let mut counts: std::collections::BTreeMap<String, usize> = std::collections::BTreeMap::new();
    for owners in &phase.predicted_owners {
        let differing: Vec<String> = owners
            .iter()
            .filter(|(queue, who)| phase.owners.get(*queue) != Some(*who))
            .map(|(queue, who)| {
                let real = phase.owners.get(queue).map_or("nobody".to_owned(), |who| who.join("+"));
                format!("{queue} {} instead of {real}", who.join("+"))
            })
            .collect();
        *counts.entry(differing.join(", ")).or_default() += 1;
    }
    let often = counts.iter().max_by_key(|(_, count)| **count).map_or("", |(words, _)| words);
    format!(
        "{place}: only {} of {} seeds predict the owners; most often {often}",
        phase.owners_hit,
        phase.predicted_owners.len()
    )
}
