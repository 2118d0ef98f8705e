//! `seeds.csv`: a row per seed, a column per figure of the measured window.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::sheet::sheet;
use crate::check::Figure;
use crate::report::summary::json::key;
use crate::report::{Body, Exporter, Report, milliseconds};
use crate::sweep::SeedResult;

/// A row per seed, a column per figure of the measured window.
pub struct SeedTable;

impl Exporter for SeedTable {
    fn file_name(&self) -> &'static str {
        "seeds.csv"
    }

    fn export(&self, report: &Report<'_>) -> Option<Vec<u8>> {
        let Body::Many { finished, .. } = &report.body else {
            return None;
        };
        let figures = finished.results.iter().filter_map(SeedResult::measured).flatten();
        let columns: BTreeMap<&str, String> =
            figures.map(|(name, figure)| (name.as_str(), key(name, *figure))).collect();
        let header = ["seed", "fingerprint", "events"].into_iter().chain(columns.values().map(String::as_str));
        let rows = finished.results.iter().map(|result| {
            let known = [result.seed.to_string(), result.fingerprint.to_string(), result.events.to_string()];
            let figures = columns.keys().map(|name| result.figure(None, name).map_or_else(String::new, cell));
            known.into_iter().chain(figures).map(Cow::from).collect::<Vec<_>>()
        });
        Some(sheet(&header.collect::<Vec<_>>(), rows))
    }
}

fn cell(figure: Figure) -> String {
    match figure {
        Figure::Count(value) | Figure::Millionths(value) => value.to_string(),
        Figure::Span(span) => milliseconds(span.as_nanos()),
    }
}
