//! The lines of one seed.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::table::table;
use super::text::line;
use crate::check::{Anomaly, AnomalyKind, Cause, Figure, Figures, Outside, Severity, Stall, Trap};
use crate::kernel::Span;
use crate::report::Report;
use crate::report::wording::{counted, grouped, human_figure, human_instant, human_span, words};
use crate::run::Outcome;
use crate::sweep::SeedResult;

/// Figures of the table by phase, where the run has them.
const PHASE_FIGURES: [&str; 6] = ["lost", "skipped", "duplicates", "stalled.max", "unowned.max", "double_owned.max"];

pub(super) fn lines(text: &mut String, report: &Report<'_>, outcome: &Outcome, result: &SeedResult) {
    let figure = |name: &str| result.figure(None, name);
    let said = |name: &str| figure(name).map_or_else(|| "not measured".to_owned(), human_figure);
    if result.measured().is_none_or(|figures| figures.is_empty()) {
        line(text, "measured", "nothing: the run ended before the window that counts began");
    }
    line(text, "lost", &format!("{}, skipped {}", said("lost"), said("skipped")));
    by_group(text, result);
    let Outside { lost, skipped } = result.outside;
    if lost + skipped > 0 {
        let said = format!("outside the measured window: lost {}, skipped {}", grouped(lost), grouped(skipped));
        line(text, "", &said);
    }
    line(text, "worst stall", &worst_stall(outcome, &said("stalled.max")));
    if !result.stall_causes.is_empty() {
        let causes =
            result.stall_causes.iter().map(|(cause, span)| format!("{} {}", words(cause.word()), human_span(*span)));
        line(text, "", &format!("in all {}", first_of(causes)));
    }
    let causes = first_of(
        result.duplicate_causes.iter().map(|(cause, count)| format!("{} {}", words(cause.word()), grouped(*count))),
    );
    line(text, "duplicates", &with_detail(&said("duplicates"), &causes));
    line(text, "balance", &group_of_figures(result, "balance"));
    let owned = format!(
        "without owner {}; with two {}",
        group_of_figures(result, "unowned"),
        group_of_figures(result, "double_owned")
    );
    line(text, "ownership", &owned);
    if let Some(said) = failed_sends(result) {
        line(text, "sends", &said);
    }
    look_at(text, outcome);
    phases(text, result);
    writeln!(
        text,
        "\n  {}, at most {} pending, fingerprint {}\n  again: {}",
        counted(outcome.events, "event"),
        grouped(outcome.peak_pending as u64),
        outcome.fingerprint,
        report.story.replay(outcome.seed)
    )
    .expect("a string takes every write");
}

/// What applications were told of messages that could not be sent, where they were told anything.
fn failed_sends(result: &SeedResult) -> Option<String> {
    let count = |name| match result.figure(None, name) {
        Some(Figure::Count(count)) => count,
        _ => 0,
    };
    match (count("sends_failed"), count("sends_in_doubt")) {
        (0, 0) => None,
        (failed, in_doubt) => Some(format!("failed {}, in doubt {}", grouped(failed), grouped(in_doubt))),
    }
}

/// What was lost and skipped in each group where there are several, the groups without any left out.
fn by_group(text: &mut String, result: &SeedResult) {
    const SHOWN: usize = 8;
    let groups = result.windows.first().map(|window| &window.groups).into_iter().flatten();
    let count = |figures: &Figures, name: &str| figures.get(name).map_or_else(String::new, |f| human_figure(*f));
    let hit = groups.filter(|(_, figures)| ["lost", "skipped"].iter().any(|name| count(figures, name) != "0"));
    let mut said: Vec<String> = hit
        .map(|(group, figures)| {
            format!("{group}: lost {}, skipped {}", count(figures, "lost"), count(figures, "skipped"))
        })
        .collect();
    let more = said.len().saturating_sub(SHOWN);
    said.truncate(SHOWN);
    if more > 0 {
        said.push(format!("{more} more groups in phases.csv"));
    }
    if !said.is_empty() {
        line(text, "", &said.join("; "));
    }
}

/// The stall of which most lies in the measured window, and so much of it: the figure `stalled.max`.
fn worst_stall(outcome: &Outcome, said: &str) -> String {
    let Some(window) = outcome.findings.windows.first() else {
        return said.to_owned();
    };
    let length = |stall: &Stall| window.overlap(stall.from, stall.until);
    // The earliest of the longest, so that the answer does not hang on the order of the rows.
    let worst = outcome.findings.stalls.iter().max_by_key(|s| (length(s), std::cmp::Reverse((s.from, s.queue))));
    let Some(stall) = worst.filter(|stall| length(stall) > Span::ZERO) else {
        return said.to_owned();
    };
    let queue = outcome.names.message_queue(stall.queue);
    let (from, until) = (human_instant(stall.from.max(window.from)), human_instant(stall.until.min(window.until)));
    let mut text = format!("{said}, {queue} from {from} to {until}: {}", words(stall.cause.word()));
    if stall.from < window.from {
        write!(text, ", since {}", human_instant(stall.from)).expect("a string takes every write");
    }
    if !stall.detail.is_empty() {
        write!(text, " ({})", stall.detail.trim_end_matches('.')).expect("a string takes every write");
    }
    text
}

/// All figures `PREFIX.NAME`, as `max 3.20 s, total 5.10 s`.
fn group_of_figures(result: &SeedResult, prefix: &str) -> String {
    let named = |(name, figure): (&String, &Figure)| {
        let rest = name.strip_prefix(prefix)?.strip_prefix('.')?;
        Some(format!("{} {}", words(rest), human_figure(*figure)))
    };
    let all: Vec<String> = result.measured().into_iter().flatten().filter_map(named).collect();
    if all.is_empty() { "not measured".to_owned() } else { all.join(", ") }
}

/// What is told of together: the worst first, then by trap, kind and cause.
type Sort = (std::cmp::Reverse<Severity>, Option<Trap>, AnomalyKind, Cause);

/// What to look at: anomalies by kind and cause, the worst kinds first. Those outside the measured window stand apart.
fn look_at(text: &mut String, outcome: &Outcome) {
    let measured = outcome.findings.windows.first();
    let mut kinds: BTreeMap<Sort, Vec<&Anomaly>> = BTreeMap::new();
    let mut outside: BTreeMap<(std::cmp::Reverse<Severity>, AnomalyKind), u64> = BTreeMap::new();
    for anomaly in outcome.findings.anomalies.iter().filter(|anomaly| anomaly.severity > Severity::Note) {
        let worst_first = std::cmp::Reverse(anomaly.severity);
        if measured.is_none_or(|window| anomaly.touches(window)) {
            let key = (worst_first, anomaly.trap, anomaly.kind, anomaly.cause);
            kinds.entry(key).or_default().push(anomaly);
        } else {
            *outside.entry((worst_first, anomaly.kind)).or_default() += 1;
        }
    }
    if kinds.is_empty() {
        line(text, "look at", "nothing out of order");
    }
    const SHOWN: usize = 5;
    for (row, ((_, trap, kind, cause), anomalies)) in kinds.iter().take(SHOWN).enumerate() {
        let trap = trap.map_or_else(String::new, |trap| format!(" [trap {trap}]"));
        let times =
            if anomalies.len() == 1 { String::new() } else { format!("{} times ", grouped(anomalies.len() as u64)) };
        let first = anomalies.iter().min_by_key(|anomaly| anomaly.from).expect("a kind has at least one anomaly");
        let said = format!(
            "{times}{}{trap}: {}; first at {}: {}",
            words(kind.word()),
            words(cause.word()),
            human_instant(first.from),
            first.detail
        );
        line(text, if row == 0 { "look at" } else { "" }, &said);
    }
    if kinds.len() > SHOWN {
        line(
            text,
            "",
            &format!("and {} in anomalies.csv (--out DIR)", counted((kinds.len() - SHOWN) as u64, "other kind")),
        );
    }
    if !outside.is_empty() {
        let said = outside.iter().map(|((_, kind), count)| format!("{} {} times", words(kind.word()), grouped(*count)));
        line(text, "", &format!("outside the measured window: {}", said.collect::<Vec<_>>().join(", ")));
    }
}

/// A phase of many steps is named by its first three.
fn short_label(label: &str) -> String {
    let steps: Vec<&str> = label.split('+').collect();
    match steps.len() {
        0..=6 => label.to_owned(),
        many => format!("{}+{} more", steps[..3].join("+"), many - 3),
    }
}

fn phases(text: &mut String, result: &SeedResult) {
    let has = |name: &&str| result.windows.iter().any(|window| window.figures.contains_key(*name));
    let columns: Vec<&str> = PHASE_FIGURES.into_iter().filter(has).collect();
    let mut head = vec!["phase".to_owned(), "from".to_owned(), "until".to_owned()];
    head.extend(columns.iter().map(|name| (*name).to_owned()));
    let mut rows = vec![head];
    const SHOWN: usize = 20;
    for window in result.windows.iter().take(SHOWN) {
        let mut row = vec![short_label(&window.label), human_instant(window.from), human_instant(window.until)];
        row.extend(
            columns.iter().map(|name| window.figures.get(*name).copied().map_or_else(|| "-".to_owned(), human_figure)),
        );
        rows.push(row);
    }
    text.push('\n');
    table(text, &rows);
    if result.windows.len() > SHOWN {
        line(text, "", &format!("... and {} in summary.json", counted((result.windows.len() - SHOWN) as u64, "phase")));
    }
}

/// The first three of a list, largest first, and how many there are beside them.
pub(super) fn first_of(causes: impl ExactSizeIterator<Item = String>) -> String {
    let rest = causes.len().saturating_sub(3);
    let mut shown: Vec<String> = causes.take(3).collect();
    if rest > 0 {
        shown.push(counted(rest as u64, "other cause"));
    }
    shown.join(", ")
}

pub(super) fn with_detail(said: &str, detail: &str) -> String {
    if detail.is_empty() { said.to_owned() } else { format!("{said}: {detail}") }
}
