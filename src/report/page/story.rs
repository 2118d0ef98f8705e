//! All that a report's page shows.

use serde::Serialize;

use super::head::Head;
use super::many::{Spread, spreads};
use super::run::PageRun;
use super::words::{Explained, Words};
use crate::report::{Body, Report, Shown};

/// The data of `report.html`.
#[derive(Debug, Serialize)]
pub(super) struct PageStory {
    /// Counted up where a reader of the data would read it wrong.
    format: u32,
    head: Head,
    /// How the main figures are spread over many seeds.
    spreads: Vec<Spread>,
    /// The one run, or the worst of many.
    runs: Vec<PageRun>,
    words: Explained,
}

impl PageStory {
    pub(super) fn of(report: &Report<'_>) -> Self {
        let mut words = Words::default();
        let runs = match &report.body {
            Body::One { outcome, .. } => vec![PageRun::of(report, outcome, String::new(), &mut words)],
            Body::Many { .. } => {
                let page = |shown: &Shown| PageRun::of(report, &shown.outcome, shown.why.clone(), &mut words);
                report.shown.iter().map(page).collect()
            }
        };
        Self { format: 1, head: Head::of(report), spreads: spreads(report), runs, words: words.explained() }
    }
}
