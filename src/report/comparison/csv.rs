//! `comparison.csv`: a row a figure and variant; `pairs.csv`: a row a figure, variant and seed, for tools that draw.

use std::borrow::Cow;
use std::io::{self, Write};

use super::{Comparison, letter};
use crate::check::Figure;
use crate::report::csv::sheet;
use crate::report::milliseconds;
use crate::report::summary::json::key;
use crate::sweep::{Change, Paired};

/// Writes `comparison.csv`.
///
/// # Errors
/// What the file says.
pub fn by_figure(comparison: &Comparison<'_>, file: &mut dyn Write) -> io::Result<()> {
    let header = [
        "figure",
        "variant",
        "name",
        "p50",
        "p90",
        "p99",
        "max",
        "mean",
        "mean_difference",
        "low",
        "high",
        "told_apart",
        "better_in",
        "worse_in",
        "seeds",
    ];
    let mut rows: Vec<Vec<Cow<'_, str>>> = Vec::new();
    let figures = comparison.figures_of_all();
    for figure in &figures {
        for (position, variant) in comparison.variants.iter().enumerate() {
            let Some(quantiles) = variant.quantiles(figure) else { continue };
            let mut row = vec![key(figure, quantiles.at(0)), letter(position), variant.name.clone()];
            row.extend([500, 900, 990, 1_000].map(|point| cell(quantiles.at(point))));
            row.push(cell(quantiles.mean()));
            row.extend(match (position > 0).then(|| comparison.paired(figure, variant)).flatten() {
                Some(paired) => beside(&paired),
                None => vec![String::new(); 7],
            });
            rows.push(row.into_iter().map(Cow::from).collect());
        }
    }
    sheet(file, &header, rows)
}

/// Writes `pairs.csv`.
///
/// # Errors
/// What the file says.
pub fn by_seed(comparison: &Comparison<'_>, file: &mut dyn Write) -> io::Result<()> {
    let mut rows: Vec<Vec<Cow<'_, str>>> = Vec::new();
    let figures = comparison.figures_of_all();
    for figure in &figures {
        for (letter, variant) in comparison.others() {
            for (base, other) in comparison.base().results.iter().zip(&variant.results) {
                if let (Some(before), Some(after)) = (base.figure(None, figure), other.figure(None, figure)) {
                    let row = [key(figure, before), letter.clone(), base.seed.to_string(), cell(before), cell(after)];
                    rows.push(row.map(Cow::from).to_vec());
                }
            }
        }
    }
    sheet(file, &["figure", "variant", "seed", "base", "other"], rows)
}

pub(in crate::report) fn beside(paired: &Paired) -> Vec<String> {
    let (interval, (better, worse)) = (paired.interval(), paired.seeds());
    let differences = [paired.mean(), interval.low, interval.high].map(signed);
    let counts =
        [paired.is_told_apart().to_string(), better.to_string(), worse.to_string(), paired.count().to_string()];
    differences.into_iter().chain(counts).collect()
}

fn signed(change: Change) -> String {
    let amount = cell(change.amount);
    if change.more || amount == "0" { amount } else { format!("-{amount}") }
}

pub(in crate::report) fn cell(figure: Figure) -> String {
    match figure {
        Figure::Count(value) | Figure::Millionths(value) => value.to_string(),
        Figure::Span(span) => milliseconds(span.as_nanos()),
    }
}
