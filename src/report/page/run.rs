//! One run as a page has it.

use serde::Serialize;

use super::anomalies::{Columns, Sheets};
use super::rows::{PageRow, PageRows};
use super::series::{Panel, panels};
use super::texts::Texts;
use super::words::Words;
use crate::kernel::Instant;
use crate::model::ids::{AudienceIndex, ConsumerIndex};
use crate::model::plan::BrokerIndex;
use crate::report::explained::{Explained, Told, Worst};
use crate::report::wording::printable_line;
use crate::report::{Report, Story};
use crate::run::Outcome;

/// A moment of a run in microseconds, which a script's numbers hold for 285 years.
pub(super) fn micros(at: Instant) -> i64 {
    i64::try_from(at.as_nanos() / 1_000).expect("an instant fits")
}

/// One run with all that a page draws of it.
#[derive(Debug, Serialize)]
pub(super) struct PageRun {
    seed: u64,
    /// Why it is shown where there are many; else empty.
    why: String,
    end: i64,
    replay: String,
    /// The command that tells the story of a finding, without the queue and the moment.
    explain: String,
    groups: Vec<String>,
    brokers: Vec<String>,
    consumers: Vec<String>,
    /// Whose group a consumer is of.
    member_of: Vec<u16>,
    steps: Vec<(i64, String)>,
    /// Label, from, until: the measured window first.
    windows: Vec<(String, i64, i64)>,
    rows: Vec<PageRow>,
    rows_left_out: usize,
    stalls: Columns,
    anomalies: Columns,
    /// Why the worst findings came about; the columns name them by number.
    stories: Vec<Told>,
    /// How many findings could be explained.
    explainable: usize,
    panels: Vec<Panel>,
    /// The texts that are said by number.
    texts: Vec<String>,
}

impl PageRun {
    pub(super) fn of(report: &Report<'_>, outcome: &Outcome, why: String, words: &mut Words) -> Self {
        let story = &report.story;
        let (names, plan) = (&outcome.names, &story.scenario.plan);
        let stories = report.stories.iter().find(|stories| stories.seed == outcome.seed);
        let worst = stories.map_or(&[][..], |stories| &stories.worst);
        let plain = |text: &str| printable_line(text).into_owned();
        let mut texts = Texts::default();
        let rows = PageRows::of(outcome, &mut texts);
        let mut sheets = Sheets { outcome, rows: &rows, texts: &mut texts, words, worst };
        let (stalls, anomalies) = (sheets.stalls(), sheets.anomalies());
        let panels = panels(outcome, &mut texts);
        let consumers = || ConsumerIndex::first(plan.consumers.len());
        Self {
            seed: outcome.seed,
            why,
            end: micros(outcome.end),
            replay: plain(&story.replay(outcome.seed)),
            explain: plain(&story.command("explain", outcome.seed)),
            groups: AudienceIndex::first(names.audience_count())
                .map(|audience| plain(names.audience(audience)))
                .collect(),
            brokers: BrokerIndex::first(plan.brokers.len()).map(|broker| plain(names.broker(broker))).collect(),
            consumers: consumers().map(|consumer| plain(names.consumer(consumer))).collect(),
            member_of: plan.consumers.iter().map(|consumer| consumer.group.0).collect(),
            steps: outcome.steps.iter().map(|(at, label)| (micros(*at), plain(label))).collect(),
            windows: (outcome.findings.windows.iter())
                .map(|window| (plain(&window.label), micros(window.from), micros(window.until)))
                .collect(),
            rows_left_out: rows.left_out,
            rows: rows.rows,
            stalls,
            anomalies,
            stories: worst.iter().map(|worst| told(story, outcome.seed, worst)).collect(),
            explainable: stories.map_or(0, |stories| stories.findings),
            panels,
            texts: texts.all(),
        }
    }
}

/// A story in words that do nothing on a page. The command that tells it again is made where its finding is shown.
fn told(story: &Story<'_>, seed: u64, worst: &Worst) -> Told {
    let explained = Explained {
        title: &story.scenario.title,
        file: &story.file,
        overrides: &story.overrides,
        seed,
        story: &worst.story,
        remedies: &worst.remedies,
        command: String::new(),
    };
    Told::of(&explained).printable()
}
