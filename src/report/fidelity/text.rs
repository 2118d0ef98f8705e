//! A validation for people: verdict, totals, a table a story, the worst misses first.

use std::fmt::Write as _;

use crate::fidelity::{Compared, ComparedPhase, ComparedTrace, Totals};
use crate::sweep::Seeds;

/// How many misses are shown in full.
const SHOWN: usize = 20;

/// The summary.
#[must_use]
pub fn summary(traces: &[ComparedTrace], totals: &Totals, seeds: Seeds, held: bool) -> String {
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
    misses(traces, &mut text);
    text
}

/// Values outside the band, and owner maps hardly any seed predicted, the farthest first.
fn misses(traces: &[ComparedTrace], text: &mut String) {
    let mut misses: Vec<(f64, String)> = Vec::new();
    for trace in traces {
        for (number, phase) in trace.phases.iter().enumerate() {
            let place = format!("{} phase {number} ({})", trace.trace, phase.phase);
            misses.extend(phase.values.iter().filter(|value| !value.in_band).map(|value| missed(&place, value)));
            if phase.owners_hit * 20 < phase.predicted_owners.len() {
                misses.push((f64::MAX, owners_missed(&place, phase)));
            }
        }
    }
    misses.sort_by(|a, b| b.0.total_cmp(&a.0));
    if !misses.is_empty() {
        writeln!(text, "\n{} misses, the farthest first:", misses.len()).expect("a text takes all");
    }
    for (_, words) in misses.iter().take(SHOWN) {
        writeln!(text, "  {words}").expect("a text takes all");
    }
    if misses.len() > SHOWN {
        writeln!(text, "  ... and {} more; --format json has all", misses.len() - SHOWN).expect("a text takes all");
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
