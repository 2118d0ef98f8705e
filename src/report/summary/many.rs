//! The lines of many seeds: the same figures as quantiles.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::one::{first_of, with_detail};
use super::table::table;
use super::text::line;
use crate::check::{Figure, Outside};
use crate::kernel::Span;
use crate::report::Report;
use crate::report::wording::{counted, grouped, human_figure, human_span, words};
use crate::sweep::{Finished, Quantiles, SeedResult, worse};

/// The lines of the summary and the figure that each one tells.
const MAIN: [(&str, &str); 8] = [
    ("lost", "lost"),
    ("skipped", "skipped"),
    ("worst stall", "stalled.max"),
    ("duplicates", "duplicates"),
    ("no owner", "unowned.max"),
    ("two owners", "double_owned.max"),
    ("sends failed", "sends_failed"),
    ("sends in doubt", "sends_in_doubt"),
];

/// Every figure of the measured window over the seeds that have it, by name.
pub(crate) fn quantiles_by_figure(results: &[SeedResult]) -> BTreeMap<&str, Quantiles> {
    let names: BTreeSet<&str> =
        results.iter().filter_map(SeedResult::measured).flatten().map(|(name, _)| name.as_str()).collect();
    let of = |name| {
        let values = results.iter().filter_map(|result| result.figure(None, name).map(|figure| (result.seed, figure)));
        Quantiles::new(values, worse(name)).map(|quantiles| (name, quantiles))
    };
    names.into_iter().filter_map(of).collect()
}

pub(super) fn lines(text: &mut String, report: &Report<'_>, finished: &Finished<SeedResult>) {
    let results = &finished.results;
    let figures = quantiles_by_figure(results);
    for (subject, name) in MAIN {
        if name.starts_with("sends") && figures.get(name).is_none_or(|quantiles| is_zero(quantiles.worst().0)) {
            continue;
        }
        let said = figures.get(name).map_or_else(|| "not measured".to_owned(), typically);
        let causes = match name {
            "stalled.max" => first_of(
                total(results, |r| r.stall_causes.iter().map(|(c, s)| (c.word(), s.as_nanos()))).into_iter().map(
                    |(cause, nanos, seeds)| {
                        format!("{} {} in {seeds} seeds", words(cause), human_span(Span::from_nanos(nanos)))
                    },
                ),
            ),
            "duplicates" => first_of(
                total(results, |r| r.duplicate_causes.iter().map(|(c, n)| (c.word(), *n)))
                    .into_iter()
                    .map(|(cause, count, seeds)| format!("{} {} in {seeds} seeds", words(cause), grouped(count))),
            ),
            _ => String::new(),
        };
        line(text, subject, &said);
        if !causes.is_empty() {
            line(text, "", &with_detail("over all seeds", &causes));
        }
        if name == "skipped" {
            by_group(text, results);
            outside(text, results);
        }
    }
    sightings(text, results);
    all_figures(text, &figures);
    replays(text, report, &figures);
    let events = results.iter().map(|result| result.events).sum();
    writeln!(text, "\n  {} in {}", counted(events, "event"), counted(results.len() as u64, "run"))
        .expect("a string takes every write");
}

/// Groups that lost or skipped messages in any seed, where there are several.
fn by_group(text: &mut String, results: &[SeedResult]) {
    const SHOWN: usize = 8;
    let of_group = groups_by_figure(results).into_iter().filter_map(|(group, figures)| {
        let of =
            |name: &str| figures.get(name).filter(|quantiles| name != "undelivered" && !is_zero(quantiles.worst().0));
        let said: Vec<String> = ["lost", "skipped"]
            .into_iter()
            .filter_map(|name| of(name).map(|quantiles| format!("{name} {}", typically(quantiles))))
            .collect();
        (!said.is_empty()).then(|| format!("{group}: {}", said.join("; ")))
    });
    let said: Vec<String> = of_group.collect();
    said.iter().take(SHOWN).for_each(|said| line(text, "", said));
    if said.len() > SHOWN {
        line(text, "", &format!("and {} more groups in summary.json", said.len() - SHOWN));
    }
}

/// What the measured window leaves out, where any seed has some.
fn outside(text: &mut String, results: &[SeedResult]) {
    for (name, of) in [("lost", (|one| one.lost) as fn(Outside) -> u64), ("skipped", |one| one.skipped)] {
        let hit = results.iter().filter(|result| of(result.outside) > 0);
        if let Some(worst) = hit.clone().max_by_key(|result| (of(result.outside), std::cmp::Reverse(result.seed))) {
            let (most, seeds) = (grouped(of(worst.outside)), counted(hit.count() as u64, "seed"));
            let said = format!("outside the measured window: {name} in {seeds}, at worst {most} (seed {})", worst.seed);
            line(text, "", &said);
        }
    }
}

/// The figures of each group over the seeds, where there are several groups.
pub(crate) fn groups_by_figure(results: &[SeedResult]) -> BTreeMap<&str, BTreeMap<&str, Quantiles>> {
    let groups = results.iter().filter_map(|result| result.windows.first()).flat_map(|window| &window.groups);
    let named: BTreeSet<(&str, &str)> =
        groups.flat_map(|(group, figures)| figures.keys().map(|name| (group.as_str(), name.as_str()))).collect();
    let mut by_group: BTreeMap<&str, BTreeMap<&str, Quantiles>> = BTreeMap::new();
    for (group, name) in named {
        let values = results.iter().filter_map(|result| Some((result.seed, result.of_group(group, name)?)));
        if let Some(quantiles) = Quantiles::new(values, worse(name)) {
            by_group.entry(group).or_default().insert(name, quantiles);
        }
    }
    by_group
}

/// `typically 1.6 s, 4.2 s in one of a hundred, at worst 5.0 s (seed 17)`.
fn typically(quantiles: &Quantiles) -> String {
    let (worst, seed) = quantiles.worst();
    let typical = quantiles.at(500);
    if quantiles.at(1) == worst {
        return format!("{} in every seed", human_figure(worst));
    }
    let rare = match quantiles.count() {
        100.. => Some((990, "in one of a hundred")),
        10..100 => Some((900, "in one of ten")),
        _ => None,
    };
    let rare =
        rare.map_or_else(String::new, |(point, words)| format!(", {} {words}", human_figure(quantiles.at(point))));
    let hit = quantiles.values().filter(|figure| !is_zero(*figure)).count() as u64;
    let hit = if is_zero(typical) {
        format!(" ({} of {} have any)", grouped(hit), grouped(quantiles.count() as u64))
    } else {
        String::new()
    };
    format!("typically {}{hit}{rare}, at worst {} (seed {seed})", human_figure(typical), human_figure(worst))
}

fn is_zero(figure: Figure) -> bool {
    matches!(figure, Figure::Count(0) | Figure::Millionths(0) | Figure::Span(Span::ZERO))
}

/// Causes over all seeds, the largest sum first: cause, sum, in how many seeds.
pub(crate) fn total<'a, I: Iterator<Item = (&'static str, u64)> + 'a>(
    results: &'a [SeedResult],
    causes: impl Fn(&'a SeedResult) -> I,
) -> Vec<(&'static str, u64, u64)> {
    let mut sums: BTreeMap<&'static str, (u64, u64)> = BTreeMap::new();
    for (cause, amount) in results.iter().flat_map(causes) {
        let sum = sums.entry(cause).or_default();
        *sum = (sum.0.saturating_add(amount), sum.1 + 1);
    }
    let mut sums: Vec<_> = sums.into_iter().map(|(cause, (sum, seeds))| (cause, sum, seeds)).collect();
    sums.sort_by_key(|&(cause, sum, _)| (std::cmp::Reverse(sum), cause));
    sums
}

/// Traps, in how many seeds each showed, and the first of these.
type Seen<'a> = BTreeMap<&'a str, (u64, u64)>;

/// Which traps of the specification showed in the measured window, and in how many seeds.
fn sightings(text: &mut String, results: &[SeedResult]) {
    let (mut inside, mut outside): (Seen<'_>, Seen<'_>) = (BTreeMap::new(), BTreeMap::new());
    for result in results {
        for trap in result.sightings.keys().filter_map(|name| name.strip_prefix("trap.")) {
            let seen = if result.traps.iter().any(|shown| shown.word() == trap) { &mut inside } else { &mut outside };
            seen.entry(trap).or_insert((0, result.seed)).0 += 1;
        }
    }
    let said = |seen: &Seen<'_>| {
        let one = |(trap, (seeds, first)): (&&str, &(u64, u64))| {
            format!("trap {trap} in {} (first {first})", counted(*seeds, "seed"))
        };
        seen.iter().map(one).collect::<Vec<_>>().join(", ")
    };
    line(text, "look at", &if inside.is_empty() { "no trap showed".to_owned() } else { said(&inside) });
    // What is no trap, and yet makes the answer one to another question.
    let missed: Vec<u64> =
        results.iter().filter(|r| r.sightings.contains_key("anomaly.step_hits_nobody")).map(|r| r.seed).collect();
    if let Some(first) = missed.first() {
        line(text, "", &format!("step hits nobody in {} (first {first})", counted(missed.len() as u64, "seed")));
    }
    if !outside.is_empty() {
        line(text, "", &format!("outside the measured window: {}", said(&outside)));
    }
}

fn all_figures(text: &mut String, figures: &BTreeMap<&str, Quantiles>) {
    let head = ["figure", "best", "typical", "1 of 10", "1 of 100", "worst", "seed"];
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    for (name, quantiles) in figures {
        let (worst, seed) = quantiles.worst();
        let mut row = vec![(*name).to_owned()];
        row.extend([0, 500, 900, 990].map(|point| human_figure(quantiles.at(point))));
        row.extend([human_figure(worst), seed.to_string()]);
        rows.push(row);
    }
    text.push('\n');
    table(text, &rows);
}

/// The command for each worst seed, one for all the figures that it is the worst of.
fn replays(text: &mut String, report: &Report<'_>, figures: &BTreeMap<&str, Quantiles>) {
    let mut by_seed: BTreeMap<u64, Vec<&str>> = BTreeMap::new();
    for (name, quantiles) in figures.iter().filter(|(_, quantiles)| quantiles.at(1) != quantiles.worst().0) {
        by_seed.entry(quantiles.worst().1).or_default().push(name);
    }
    if by_seed.is_empty() {
        return;
    }
    text.push_str("\n  the worst seeds again:\n");
    for (seed, names) in by_seed {
        writeln!(text, "    {}   # {}", report.story.replay(seed), names.join(", "))
            .expect("a string takes every write");
    }
}
