//! The head of a report's page: the verdict, what was expected, the figures.

use serde::Serialize;

use crate::report::summary::headline::{seen, verdict};
use crate::report::summary::{FigureTable, figure_table, text};
use crate::report::wording::{printable, printable_line};
use crate::report::{Body, Report};
use crate::sweep::Standing;

/// What stands above the timeline.
#[derive(Debug, Serialize)]
pub(super) struct Head {
    verdict: &'static str,
    title: String,
    question: String,
    file: String,
    /// `seed 7`, `seeds 0..40`.
    seeds: String,
    environment: String,
    expectations: Vec<Expected>,
    figures: FigureTable,
    /// The summary with everything, as the terminal shows it.
    summary: String,
    scenario: String,
    overrides: Vec<String>,
}

/// One expectation, judged.
#[derive(Debug, Serialize)]
struct Expected {
    text: String,
    standing: &'static str,
    /// What was seen, where it is violated.
    seen: String,
}

impl Head {
    pub(super) fn of(report: &Report<'_>) -> Self {
        let (story, scenario) = (&report.story, report.story.scenario);
        let plain = |text: &str| printable_line(text).into_owned();
        let expect = scenario.expect.iter().map(Some).chain(std::iter::repeat(None));
        let expected = report.judgements.iter().zip(expect).map(|(judgement, expectation)| {
            let (standing, seen) = match judgement.standing {
                Standing::Held => ("held", String::new()),
                Standing::Violated => ("violated", seen(report, judgement, expectation)),
                Standing::NeedsSeeds => ("needs many seeds", String::new()),
            };
            Expected { text: plain(&judgement.text), standing, seen: plain(&seen) }
        });
        Self {
            verdict: verdict(report).word(),
            title: plain(&scenario.title),
            question: plain(scenario.question.trim()),
            file: plain(&story.file),
            seeds: match &report.body {
                Body::One { outcome, .. } => format!("seed {}", outcome.seed),
                Body::Many { seeds, .. } => format!("seeds {seeds}"),
            },
            environment: plain(&scenario.environment.to_string()),
            expectations: expected.collect(),
            figures: figure_table(report),
            summary: text::summary(report, text::Paint::Plain, text::Extent::All),
            scenario: printable(&scenario.text).into_owned(),
            overrides: story.overrides.iter().map(|set| plain(set)).collect(),
        }
    }
}
