//! The comparison as text: what differs and how surely, then what cannot be told apart.

use std::fmt::Write as _;

use super::{Comparison, Variant, letter};
use crate::check::Figure;
use crate::report::Extent;
use crate::report::summary::{line, names, table_with_words};
use crate::report::wording::{counted, human_figure, printable};
use crate::sweep::{Change, LEAST_SEEDS, Paired};

/// So many figures of a variant are shown, unless all are asked for.
const SHOWN: usize = 12;
/// And so many of its groups and topics.
const SHOWN_OF_PARTS: usize = 6;

/// The whole comparison, with a newline at its end.
#[must_use]
pub fn summary(comparison: &Comparison<'_>) -> String {
    let seeds = comparison.base().results.len() as u64;
    let verdict = if comparison.violated() { "VIOLATED" } else { "COMPARED" };
    let mut text = format!(
        "{verdict}  {}: {}, the same arrivals and faults for each variant\n\n",
        comparison.title,
        counted(seeds, "seed")
    );
    for (position, variant) in comparison.variants.iter().enumerate() {
        line(&mut text, &letter(position), &variant.name);
    }
    for (letter, other) in comparison.others() {
        beside(&mut text, comparison, (&letter, other));
    }
    text.push('\n');
    line(&mut text, "again", &comparison.command);
    if comparison.extent == Extent::Brief {
        line(&mut text, "more", "`--all` shows every figure; `rebalance-sim explain-word FIGURE` says what it is");
    }
    printable(&text).into_owned()
}

/// What a variant does, beside the base.
fn beside(text: &mut String, comparison: &Comparison<'_>, (letter, other): (&str, &Variant)) {
    let all = comparison.extent == Extent::All;
    let figures = match all {
        true => comparison.figures_of_all(),
        false => [comparison.figures(), comparison.asked()].concat(),
    };
    let paired = figures.iter().filter_map(|figure| Some((figure.as_str(), comparison.paired(figure, other)?)));
    let paired: Vec<(&str, Paired)> = paired.collect();
    let (equal, differing): (Vec<_>, Vec<_>) = paired.into_iter().partition(|(_, paired)| paired.is_equal());
    let (mut told, mut alike): (Vec<_>, Vec<_>) = differing.into_iter().partition(|(_, paired)| paired.is_told_apart());
    let asked = |figure: &str| comparison.limits.iter().any(|limit| limit.figure == figure);
    // What was asked for first, then what is told by the most seeds; of groups, topics and phases behind the story.
    told.sort_by_key(|(figure, paired)| (!asked(figure), std::cmp::Reverse(paired.seeds().0.max(paired.seeds().1))));
    let (parts, story): (Vec<_>, Vec<_>) = told.iter().partition(|(figure, _)| figure.contains(": ") && !asked(figure));
    let most = |most: usize| if all { usize::MAX } else { most };
    let shown = story.iter().take(most(SHOWN)).chain(parts.iter().take(most(SHOWN_OF_PARTS)));
    let also = story.iter().skip(most(SHOWN)).chain(parts.iter().skip(most(SHOWN_OF_PARTS)));
    writeln!(text, "\n{letter} beside A").expect("a string takes every write");
    if told.is_empty() && (comparison.base().results.len() as u64) < LEAST_SEEDS && !alike.is_empty() {
        line(text, "differs", &format!("nobody knows: fewer than {LEAST_SEEDS} seeds tell nothing apart from chance"));
    } else if told.is_empty() {
        line(text, "differs", "in no figure that so many seeds tell apart");
    } else {
        let rows = shown.filter_map(|(figure, paired)| row(comparison, other, figure, paired));
        let head =
            ["figure", "A p50", "max", &format!("{letter} p50"), "max", "mean difference", "in 95 of 100 samples"];
        let head = (head.map(str::to_owned).to_vec(), String::new());
        table_with_words(text, &std::iter::once(head).chain(rows).collect::<Vec<_>>());
    }
    if let Some((figure, hundredths)) = told.iter().find_map(|(figure, paired)| Some((figure, paired.narrowed_by()?))) {
        let times = format!("{}.{}", hundredths / 100, hundredths / 10 % 10);
        line(
            text,
            "same seeds",
            &format!("with seeds of its own for each the interval of {figure} is {times} times as wide"),
        );
    }
    let also: Vec<&str> = also.map(|(figure, _)| *figure).collect();
    if !also.is_empty() {
        line(text, "also", &also.join(", "));
    }
    if all {
        let rows: Vec<_> =
            alike.drain(..).filter_map(|(figure, paired)| row(comparison, other, figure, &paired)).collect();
        if !rows.is_empty() {
            text.push_str("\n  cannot be told apart:\n");
            table_with_words(text, &rows);
        }
    }
    names(text, "no telling", &alike.iter().map(|(figure, _)| *figure).collect::<Vec<_>>());
    if all {
        names(text, "the same", &equal.iter().map(|(figure, _)| *figure).collect::<Vec<_>>());
    } else if !equal.is_empty() {
        line(text, "the same", &format!("{} in every seed", counted(equal.len() as u64, "figure")));
    }
    for (limit, breach) in comparison.breaches(other) {
        let (base, after) = (human_figure(breach.base), human_figure(breach.other));
        line(text, "violated", &format!("{}: {base} in A, {after} in {letter}", limit.text));
    }
    if let Some((figure, seed)) = worst(comparison, other) {
        line(text, "worst", &format!("{}   # of {figure}", other.replay(seed)));
    }
}

pub(super) fn row(
    comparison: &Comparison<'_>,
    other: &Variant,
    figure: &str,
    paired: &Paired,
) -> Option<(Vec<String>, String)> {
    let mut cells = vec![figure.to_owned()];
    for variant in [comparison.base(), other] {
        let quantiles = variant.quantiles(figure)?;
        cells.extend([human_figure(quantiles.at(500)), human_figure(quantiles.at(1_000))]);
    }
    let interval = paired.interval();
    cells.push(signed(paired.mean()));
    cells.push(format!("{} to {}", signed(interval.low), signed(interval.high)));
    let ((better, worse), count) = (paired.seeds(), paired.count());
    let mut words = match (paired.is_told_apart(), paired.is_better()) {
        // What is handed out again is handed out: more of it is neither good nor bad.
        _ if figure == "delivered" => format!("differs in {} of {count}", better + worse),
        (true, true) => format!("better in {better} of {count}"),
        (true, false) => format!("worse in {worse} of {count}"),
        (false, _) => format!("better in {better}, worse in {worse} of {count}"),
    };
    if comparison.extent == Extent::All
        && let Some(hundredths) = paired.narrowed_by()
    {
        write!(
            words,
            "; with seeds of their own the interval is {}.{} times as wide",
            hundredths / 100,
            hundredths / 10 % 10
        )
        .expect("a string takes every write");
    }
    Some((cells, words))
}

/// A difference as a person reads it: `+12.5`, `-4.21s`, `0`.
pub(in crate::report) fn signed(change: Change) -> String {
    let amount = match change.amount {
        Figure::Count(0..100) => {
            let tenths = change.thousandths.saturating_add(50) / 100;
            format!("{}.{}", tenths / 10, tenths % 10)
        }
        other => human_figure(other),
    };
    match (amount.trim_matches(|c: char| matches!(c, '0' | '.' | 's')).is_empty(), change.more) {
        (true, _) => "0".to_owned(),
        (false, true) => format!("+{amount}"),
        (false, false) => format!("-{amount}"),
    }
}

/// The figure that this variant makes worse in the most seeds, and the worst of those seeds.
fn worst(comparison: &Comparison<'_>, other: &Variant) -> Option<(String, u64)> {
    let worse = comparison.figures().into_iter().filter_map(|figure| {
        let paired = comparison.paired(&figure, other)?;
        (figure != "delivered" && paired.is_told_apart() && !paired.is_better()).then_some((paired.seeds().1, figure))
    });
    let (_, figure) = worse.max()?;
    let values = other.results.iter().filter_map(|result| Some((result.seed, result.figure(None, &figure)?)));
    let (_, seed) = crate::sweep::Quantiles::new(values, crate::sweep::worse(&figure))?.worst();
    Some((figure, seed))
}
