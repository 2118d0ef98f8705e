//! `seeds.csv`: a row per seed, a column per figure of the measured window; `lost@GROUP` and `lag.max@topic T` where there are
//! several groups or topics.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, Write};

use super::phases::cell;
use super::sheet::sheet;
use crate::check::Figure;
use crate::report::summary::json::key;
use crate::report::summary::quantiles::{groups, topics};
use crate::report::{Body, Exporter, Report};
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
        let parts = finished.results.iter().flat_map(parts);
        let of_parts: BTreeMap<String, String> = parts
            .map(|(part, name, figure)| (format!("{name}@{part}"), format!("{}@{part}", key(name, figure))))
            .collect();
        let header = ["seed", "fingerprint", "events"].map(str::to_owned).into_iter();
        let header = header.chain(columns.values().cloned());
        let header: Vec<String> = header.chain(of_parts.values().cloned()).collect();
        let rows = finished.results.iter().map(|result| {
            let known = [result.seed.to_string(), result.fingerprint.to_string(), result.events.to_string()];
            let figures = columns.keys().map(|name| result.figure(None, name).map_or_else(String::new, cell));
            let of_parts = of_parts.keys().map(|name| result.figure(None, name).map_or_else(String::new, cell));
            known.into_iter().chain(figures).chain(of_parts).map(Cow::from).collect::<Vec<_>>()
        });
        sheet(file, &header.iter().map(String::as_str).collect::<Vec<_>>(), rows)
    }
}

/// The figures that groups and topics have of their own in the measured window, as `expect` names them behind an `@`.
fn parts(result: &SeedResult) -> impl Iterator<Item = (String, &str, Figure)> {
    let groups = groups(result).into_iter().map(|(group, figures)| (group.to_owned(), figures));
    let topics = topics(result).into_iter().map(|(topic, figures)| (format!("topic {topic}"), figures));
    groups.chain(topics).flat_map(|(part, figures)| {
        figures.iter().map(move |(name, figure)| (part.clone(), name.as_str(), *figure)).collect::<Vec<_>>()
    })
}
