//! `report.html`: the report to look into.

use std::io::{self, Write};

use super::frame::{Frame, Script, script};
use super::story::PageStory;
use crate::report::{Exporter, Report};

/// The report to look into.
pub struct ReportPage;

/// What draws it.
pub(super) const SCRIPTS: &[Script] = &[
    script!("run.js"),
    script!("lanes.js"),
    script!("view.js"),
    script!("bars.js"),
    script!("timeline.js"),
    script!("axis.js"),
    script!("charts.js"),
    script!("hover.js"),
    script!("events.js"),
    script!("explained.js"),
    script!("story.js"),
    script!("steps.js"),
    script!("table.js"),
    script!("help.js"),
    script!("keys.js"),
    script!("head.js"),
    script!("stage.js"),
    script!("spreads.js"),
    script!("report.js"),
];

impl Exporter for ReportPage {
    fn file_name(&self) -> &'static str {
        "report.html"
    }

    fn export(&self, report: &Report<'_>, file: &mut dyn Write) -> io::Result<()> {
        let data = PageStory::of(report);
        Frame { title: &report.story.scenario.title, data: &data, scripts: SCRIPTS }.write(file)
    }
}
