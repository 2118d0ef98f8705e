//! `vary.csv`: a row a figure and point.

use std::borrow::Cow;

use super::Variation;
use crate::report::comparison::{csv_beside, csv_cell};
use crate::report::csv::sheet as write_sheet;
use crate::report::summary::json::key;

/// The whole table.
///
/// # Panics
/// Never: memory takes all.
#[must_use]
pub fn sheet(variation: &Variation<'_>) -> Vec<u8> {
    let paths = variation.axes.iter().map(|axis| axis.path.as_str());
    let quantiles = ["p10", "p50", "p90", "p99", "max", "mean"];
    // Beside the first point of the grid.
    let beside = ["mean_difference", "low", "high", "told_apart", "better_in", "worse_in", "seeds"];
    let header: Vec<&str> = std::iter::once("figure").chain(paths).chain(quantiles).chain(beside).collect();
    let mut rows: Vec<Vec<Cow<'_, str>>> = Vec::new();
    for figure in variation.figures() {
        for point in variation.points {
            let Some(quantiles) = variation.quantiles(figure, point) else { continue };
            let mut row = vec![key(figure, quantiles.at(0))];
            row.extend(variation.axes.iter().zip(&point.at).map(|(axis, at)| axis.values[*at].clone()));
            row.extend([100, 500, 900, 990, 1_000].map(|at| csv_cell(quantiles.at(at))));
            row.push(csv_cell(quantiles.mean()));
            let paired = variation.paired(figure, &variation.points[0], point);
            row.extend(paired.map_or_else(|| vec![String::new(); 7], |paired| csv_beside(&paired)));
            rows.push(row.into_iter().map(Cow::from).collect());
        }
    }
    let mut bytes = Vec::new();
    write_sheet(&mut bytes, &header, rows).expect("memory takes all");
    bytes
}
