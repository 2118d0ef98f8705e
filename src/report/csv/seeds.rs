//! `seeds.csv`: a row per seed, a column per figure of the measured window; `lost@GROUP` where there are several groups.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

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

    fn export(&self, report: &Report<'_>, file: &mut dyn Write) -> io::Result<()> {
        let Body::Many { finished, .. } = &report.body else {
            return Ok(());
        };
        let figures = finished.results.iter().filter_map(SeedResult::measured).flatten();
        let columns: BTreeMap<&str, String> =
            figures.map(|(name, figure)| (name.as_str(), key(name, *figure))).collect();
        let groups =
            finished.results.iter().filter_map(|result| result.windows.first()).flat_map(|window| &window.groups);
        let of_groups: BTreeSet<(&str, &str)> =
            groups.flat_map(|(group, figures)| figures.keys().map(|name| (group.as_str(), name.as_str()))).collect();
        let header = ["seed", "fingerprint", "events"].map(str::to_owned).into_iter();
        let header = header.chain(columns.values().cloned());
        let header: Vec<String> =
            header.chain(of_groups.iter().map(|(group, name)| format!("{name}@{group}"))).collect();
        let rows = finished.results.iter().map(|result| {
            let known = [result.seed.to_string(), result.fingerprint.to_string(), result.events.to_string()];
            let figures = columns.keys().map(|name| result.figure(None, name).map_or_else(String::new, cell));
            let of_groups =
                of_groups.iter().map(|(group, name)| result.of_group(group, name).map_or_else(String::new, cell));
            known.into_iter().chain(figures).chain(of_groups).map(Cow::from).collect::<Vec<_>>()
        });
        sheet(file, &header.iter().map(String::as_str).collect::<Vec<_>>(), rows)
    }
}

fn cell(figure: Figure) -> String {
    match figure {
        Figure::Count(value) | Figure::Millionths(value) => value.to_string(),
        Figure::Span(span) => milliseconds(span.as_nanos()),
    }
}
