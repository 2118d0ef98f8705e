//! `comparison.html`: the comparison to look into, a strip for each difference.

use std::io::{self, Write};

use serde::Serialize;

use super::text::{row, signed};
use super::{Comparison, Variant, letter};
use crate::check::Figure;
use crate::report::page::{Frame, Script, script};
use crate::report::wording::printable_line;
use crate::sweep::{Change, Paired};

/// What draws it.
pub(in crate::report) const SCRIPTS: &[Script] = &[script!("svg.js"), script!("comparison.js")];

/// So many seeds stand as dots in a strip.
const MOST_DOTS: usize = 200;

/// The data of the page.
#[derive(Debug, Serialize)]
struct Page {
    verdict: &'static str,
    title: String,
    seeds: String,
    command: String,
    variants: Vec<Named>,
    /// Of each variant but the base.
    beside: Vec<Beside>,
    broken: Vec<String>,
    summary: String,
}

#[derive(Debug, Serialize)]
struct Named {
    letter: String,
    name: String,
    file: String,
    sets: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Beside {
    letter: String,
    rows: Vec<Row>,
    /// How many figures are the same in every seed.
    same: usize,
}

/// One figure in both variants.
#[derive(Debug, Serialize)]
struct Row {
    figure: String,
    /// Typical and worst of the base and of the other, and the mean difference with its interval, as people read them.
    cells: Vec<String>,
    words: String,
    told_apart: bool,
    /// In how many seeds it differs the one way, or the other.
    #[serde(skip)]
    one_way: u64,
    /// `better`, `worse`, or nothing where it is neither.
    standing: &'static str,
    mean: i64,
    low: i64,
    high: i64,
    /// The difference of each seed.
    dots: Vec<i64>,
    /// The least and the greatest of these and of no difference, as people read them.
    ends: [String; 2],
}

/// Writes the page.
///
/// # Errors
/// What the file says.
pub fn write(comparison: &Comparison<'_>, file: &mut dyn Write) -> io::Result<()> {
    let plain = |text: &str| printable_line(text).into_owned();
    let named = |(position, variant): (usize, &'_ Variant)| Named {
        letter: letter(position),
        name: plain(&variant.name),
        file: plain(&variant.file),
        sets: variant.overrides.iter().map(|set| plain(set)).collect(),
    };
    let broken = comparison.others().flat_map(|(letter, other)| {
        comparison.breaches(other).map(move |(limit, _)| format!("{letter}: {}", limit.text)).collect::<Vec<_>>()
    });
    let data = Page {
        verdict: if comparison.violated() { "VIOLATED" } else { "COMPARED" },
        title: plain(comparison.title),
        seeds: comparison.seeds.to_string(),
        command: plain(&comparison.command),
        variants: comparison.variants.iter().enumerate().map(named).collect(),
        beside: comparison.others().map(|(letter, other)| beside(comparison, letter, other)).collect(),
        broken: broken.map(|text| plain(&text)).collect(),
        summary: super::text(comparison),
    };
    Frame { title: comparison.title, data: &data, scripts: SCRIPTS }.write(file)
}

fn beside(comparison: &Comparison<'_>, letter: String, other: &Variant) -> Beside {
    let (mut rows, mut same) = (Vec::new(), 0);
    for figure in &[comparison.figures(), comparison.asked()].concat() {
        let Some(paired) = comparison.paired(figure, other) else { continue };
        if paired.is_equal() {
            same += 1;
        } else if let Some((cells, words)) = row(comparison, other, figure, &paired) {
            rows.push(difference(comparison, other, figure, &paired, (cells, words)));
        }
    }
    // What is told apart first, by how many seeds tell it.
    rows.sort_by_key(|row: &Row| (!row.told_apart, std::cmp::Reverse(row.one_way)));
    Beside { letter, rows, same }
}

fn difference(
    comparison: &Comparison<'_>,
    other: &Variant,
    figure: &str,
    paired: &Paired,
    (cells, words): (Vec<String>, String),
) -> Row {
    let both = comparison.base().results.iter().zip(&other.results);
    let pairs = both.filter_map(|(base, other)| Some((base.figure(None, figure)?, other.figure(None, figure)?)));
    let dots: Vec<i64> = pairs.take(MOST_DOTS).map(|(base, other)| thousandths(other) - thousandths(base)).collect();
    let interval = paired.interval();
    let sample = interval.low.amount;
    let shown = || dots.iter().copied().chain([number(interval.low), number(interval.high), 0]);
    let ends = [shown().min(), shown().max()].map(|end| said(end.unwrap_or(0), sample));
    let standing = match (figure == "delivered" || !paired.is_told_apart(), paired.is_better()) {
        (true, _) => "",
        (false, true) => "better",
        (false, false) => "worse",
    };
    let (better, worse) = paired.seeds();
    Row {
        figure: figure.to_owned(),
        cells: cells.into_iter().skip(1).collect(),
        words,
        told_apart: paired.is_told_apart(),
        one_way: better.max(worse),
        standing,
        mean: number(paired.mean()),
        low: number(interval.low),
        high: number(interval.high),
        dots,
        ends,
    }
}

/// A value in thousandths of its unit: a mean of counts is seldom whole.
fn thousandths(figure: Figure) -> i64 {
    match figure {
        Figure::Count(value) | Figure::Millionths(value) => i64::try_from(value).unwrap_or(i64::MAX / 1_000) * 1_000,
        Figure::Span(span) => i64::try_from(span.as_nanos()).unwrap_or(i64::MAX),
    }
}

/// A difference in the same.
fn number(change: Change) -> i64 {
    let amount = match change.amount {
        Figure::Count(_) | Figure::Millionths(_) => i64::try_from(change.thousandths).unwrap_or(i64::MAX),
        span => thousandths(span),
    };
    if change.more { amount } else { -amount }
}

/// Such a number as a person reads it.
fn said(number: i64, sample: Figure) -> String {
    let amount = match sample {
        Figure::Span(_) => sample.with_number(number.unsigned_abs()),
        other => other.with_number(number.unsigned_abs() / 1_000),
    };
    let thousandths = if matches!(sample, Figure::Span(_)) { 0 } else { number.unsigned_abs() };
    signed(Change { more: number > 0, amount, thousandths })
}
