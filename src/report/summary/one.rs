//! The lines of one seed: the figures that matter, what they come from, and where to look.

use std::fmt::Write as _;

use super::chosen::{Asked, chosen, names_of};
use super::gloss::gloss;
use super::look_at::look_at;
use super::phases::phases;
use super::quantiles::{groups, is_zero, topics};
use super::table::table_with_words;
use super::text::{Extent, line, names};
use crate::check::{BY_GROUP, BY_TOPIC, Figure, Figures, Stall};
use crate::explain::{Wanted, worst};
use crate::kernel::Span;
use crate::report::Report;
use crate::report::wording::{counted, grouped, human_figure, with_why, words};
use crate::run::Outcome;
use crate::sweep::SeedResult;

pub(super) fn lines(
    text: &mut String,
    report: &Report<'_>,
    (outcome, result): (&Outcome, &SeedResult),
    extent: Extent,
) {
    let all = extent == Extent::All;
    let value = |asked: Asked<'_>| result.figure(asked.window, asked.figure);
    let chosen = chosen(report, |asked| value(asked).map(is_zero));
    if result.measured().is_none_or(|figures| figures.is_empty()) {
        line(text, "measured", "nothing: the run ended before the window that counts began");
    }
    let row = |asked: &Asked<'_>| {
        Some((vec![asked.label(), human_figure(value(*asked)?)], remark(*asked, outcome, result, all)))
    };
    let rows: Vec<_> = chosen.rows.iter().filter_map(row).collect();
    if !rows.is_empty() {
        text.push('\n');
        table_with_words(text, &rows);
    }
    if !chosen.zero.is_empty() {
        line(text, "zero", &names_of(&chosen.zero));
    }
    phases(text, result, all);
    text.push('\n');
    popped(text, outcome);
    let before = text.len();
    by_group(text, result, all);
    look_at(text, outcome, result.outside, all);
    if text.len() > before {
        text.push('\n');
    }
    if all {
        all_figures(text, result);
        let (events, pending) = (counted(outcome.events, "event"), grouped(outcome.peak_pending as u64));
        writeln!(text, "\n  {events}, at most {pending} pending, fingerprint {}", outcome.fingerprint)
            .expect("a string takes every write");
    }
    line(text, "again", &report.story.replay(outcome.seed));
    if worst(&outcome.findings, &Wanted::default()).is_some() {
        line(text, "why", &format!("{}   # step by step", report.story.why(outcome.seed)));
    }
}

/// What was popped: there no queue has an owner, and figures of owners say nothing.
fn popped(text: &mut String, outcome: &Outcome) {
    for popped in &outcome.findings.popped {
        let (topic, group) = (&outcome.names.topic(popped.topic).name, outcome.names.audience(popped.audience));
        let until = popped.until.map_or("the end".to_owned(), |until| until.human());
        let said = format!(
            "{topic} by {group} from {} to {until}: nobody owns its queues, and unowned and double_owned do not count them",
            popped.from.human()
        );
        line(text, "popped", &said);
    }
}

/// What the figure comes from where that is known, and else what it is.
pub(super) fn remark(asked: Asked<'_>, outcome: &Outcome, result: &SeedResult, all: bool) -> String {
    let said = match (asked.window, asked.figure) {
        (None, "stalled.max") => worst_stall(outcome, all),
        (None, "stalled.total") => first_of(
            result.stall_causes.iter().map(|(cause, span)| format!("{} {}", words(cause.word()), span.human())),
        ),
        (None, "duplicates") => first_of(
            result.duplicate_causes.iter().map(|(cause, count)| format!("{} {}", words(cause.word()), grouped(*count))),
        ),
        _ => String::new(),
    };
    if said.is_empty() { gloss(asked.figure).to_owned() } else { said }
}

/// What was lost and skipped in each group where there are several, the groups without any left out; `all`: every figure
/// that groups and topics have of their own.
fn by_group(text: &mut String, result: &SeedResult, all: bool) {
    if all {
        by_part(text, "by group", groups(result), BY_GROUP.as_slice(), usize::MAX);
        by_part(text, "by topic", topics(result), BY_TOPIC.as_slice(), usize::MAX);
    } else {
        by_part(text, "by group", groups(result), &["lost", "skipped"], 3);
    }
}

fn by_part(text: &mut String, word: &str, parts: Vec<(&str, &Figures)>, names: &[&str], shown: usize) {
    let one = |(part, figures): (&str, &Figures)| {
        let hit = names.iter().filter_map(|name| Some((name, *figures.get(*name)?)));
        let hit = hit.filter(|(_, figure)| !is_zero(*figure));
        let said: Vec<String> = hit.map(|(name, figure)| format!("{name} {}", human_figure(figure))).collect();
        (!said.is_empty()).then(|| format!("{part} {}", said.join(", ")))
    };
    let mut said: Vec<String> = parts.into_iter().filter_map(one).collect();
    let more = said.len().saturating_sub(shown);
    said.truncate(shown);
    if more > 0 {
        said.push(format!("and {more} more groups"));
    }
    if shown < usize::MAX && !said.is_empty() {
        line(text, word, &said.join("; "));
    } else {
        said.iter().enumerate().for_each(|(row, said)| line(text, if row == 0 { word } else { "" }, said));
    }
}

/// Where the stall is of which most lies in the measured window: the one of the figure `stalled.max`. `all`: with its
/// parts by cause.
fn worst_stall(outcome: &Outcome, all: bool) -> String {
    let Some(window) = outcome.findings.windows.first() else {
        return String::new();
    };
    let length = |stall: &Stall| window.overlap(stall.from, stall.until);
    // The earliest of the longest, so that the answer does not hang on the order of the rows.
    let worst = outcome.findings.stalls.iter().max_by_key(|s| (length(s), std::cmp::Reverse((s.from, s.queue))));
    let Some(stall) = worst.filter(|stall| length(stall) > Span::ZERO) else {
        return String::new();
    };
    let queue = outcome.names.message_queue(stall.queue);
    let (from, until) = (stall.from.max(window.from).human(), stall.until.min(window.until).human());
    let mut text =
        format!("{queue} from {from} to {until}: {}", with_why(stall.cause, outcome.findings.holes().why(stall)));
    if stall.from < window.from {
        write!(text, ", since {}", stall.from.human()).expect("a string takes every write");
    }
    if !stall.remedy.is_empty() {
        write!(text, ": {}", stall.remedy).expect("a string takes every write");
    }
    if all && !stall.detail.is_empty() {
        write!(text, " ({})", stall.detail.trim_end_matches('.')).expect("a string takes every write");
    }
    text
}

/// Every figure of the measured window; of those that are zero the names.
fn all_figures(text: &mut String, result: &SeedResult) {
    let (zero, told): (Vec<_>, Vec<_>) =
        result.measured().into_iter().flatten().partition(|(_, figure)| is_zero(**figure));
    let row = |(name, figure): (&String, &Figure)| (vec![name.clone(), human_figure(*figure)], gloss(name).to_owned());
    table_with_words(text, &told.into_iter().map(row).collect::<Vec<_>>());
    names(text, "zero", &zero.into_iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>());
}

/// The first three of a list, largest first, and how many there are beside them.
fn first_of(causes: impl ExactSizeIterator<Item = String>) -> String {
    let rest = causes.len().saturating_sub(3);
    let mut shown: Vec<String> = causes.take(3).collect();
    if rest > 0 {
        shown.push(counted(rest as u64, "other cause"));
    }
    shown.join(", ")
}
