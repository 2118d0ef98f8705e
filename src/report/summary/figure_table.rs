//! The table of figures for who draws it: the rows that the text has, before they are written as text.

use serde::Serialize;

use super::chosen::{Asked, chosen, names_of};
use super::quantiles::is_zero;
use super::{many, one};
use crate::report::wording::{human_figure, printable_line};
use crate::report::{Body, Report};

/// The figures that matter.
#[derive(Debug, Serialize)]
pub(in crate::report) struct FigureTable {
    /// Names of the columns between figure and words.
    head: Vec<String>,
    /// Figure, its values, and what there is to say.
    rows: Vec<(String, Vec<String>, String)>,
    /// What the scenario asks and is zero.
    zero: String,
}

/// The figures that matter of one seed or of many.
pub(in crate::report) fn figure_table(report: &Report<'_>) -> FigureTable {
    let plain = |text: &str| printable_line(text).into_owned();
    match &report.body {
        Body::One { outcome, result } => {
            let value = |asked: Asked<'_>| result.figure(asked.window, asked.figure);
            let chosen = chosen(report, |asked| value(asked).map(is_zero));
            let row = |asked: &Asked<'_>| {
                let words = one::remark(*asked, outcome, result, false);
                Some((plain(&asked.label()), vec![human_figure(value(*asked)?)], plain(&words)))
            };
            let rows = chosen.rows.iter().filter_map(row).collect();
            FigureTable { head: vec!["value".to_owned()], rows, zero: plain(&names_of(&chosen.zero)) }
        }
        Body::Many { finished, .. } => {
            let results = &finished.results;
            let over_seeds = |asked: Asked<'_>| many::quantiles_of(results, asked);
            let chosen = chosen(report, |asked| Some(over_seeds(asked)?.values().all(is_zero)));
            let row = |asked: &Asked<'_>| {
                let quantiles = over_seeds(*asked)?;
                let words = many::remark(*asked, &quantiles, results.len());
                let (most, seed) = quantiles.worst();
                let mut cells: Vec<String> = many::cells(&quantiles, results.len()).collect();
                cells.push(if quantiles.at(0) == most { "all".to_owned() } else { seed.to_string() });
                Some((plain(&asked.label()), cells, plain(&words)))
            };
            let rows = chosen.rows.iter().filter_map(row).collect();
            let mut head: Vec<String> =
                many::columns(results.len()).into_iter().map(|(name, _)| name.to_owned()).collect();
            head.push("seed".to_owned());
            FigureTable { head, rows, zero: plain(&names_of(&chosen.zero)) }
        }
    }
}
