//! What membership costs the brokers, over time: the picture of a storm, or of its absence.

use std::collections::BTreeMap;

use super::chart::Series;
use super::drawing::Drawing;
use super::lag::{Panels, charts};
use crate::check::LoadRow;
use crate::kernel::{Instant, Span};
use crate::report::{Body, Report};
use crate::run::Outcome;

/// Draws it; `None` where nothing happened.
pub(super) fn draw(report: &Report<'_>) -> Option<Drawing> {
    let Body::One { outcome, .. } = &report.body else {
        return None;
    };
    charts(report, "what membership costs the brokers", panels(outcome))
}

/// Requests and notifications of all brokers together, and the longest wait for a thread; none where nothing happened.
pub(in crate::report) fn panels(outcome: &Outcome) -> Panels<'_> {
    let rows = &outcome.findings.load;
    if rows.is_empty() {
        return (0, Box::new(std::iter::empty()));
    }
    let line = |name, of: fn(&LoadRow) -> u64, join: fn(u64, u64) -> u64| {
        let mut points: BTreeMap<Instant, u64> = BTreeMap::new();
        for row in rows {
            let point = points.entry(row.at).or_default();
            *point = join(*point, of(row));
            // A second in which nothing happened is in no row.
            points.entry(row.at + Span::from_secs(1)).or_default();
        }
        Series { name, points: points.into_iter().collect() }
    };
    let add = |sum: u64, value: u64| sum + value;
    let mut requests = vec![
        line("list requests", |row| row.list_requests.into(), add),
        line("heartbeats", |row| row.heartbeats.into(), add),
    ];
    if rows.iter().any(|row| row.rejected > 0) {
        requests.push(line("rejected", |row| row.rejected.into(), add));
    }
    let mut panels = vec![("requests a second, all brokers together".to_owned(), requests)];
    // What never happened has no panel.
    if rows.iter().any(|row| row.notifications > 0) {
        let sent = vec![line("sent", |row| row.notifications.into(), add)];
        panels.push(("CHANGE notifications a second".to_owned(), sent));
    }
    if rows.iter().any(|row| row.longest_wait.as_millis() > 0) {
        let waits = vec![line("worst broker", |row| row.longest_wait.as_millis(), u64::max)];
        panels.push(("longest wait for a thread, in ms".to_owned(), waits));
    }
    (panels.len(), Box::new(panels.into_iter()))
}
