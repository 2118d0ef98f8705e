//! The story as text: numbered lines, a small table of where the time went, and what to try.

use std::fmt::Write as _;

use super::{Explained, governed, size};
use crate::check::Cause;
use crate::explain::{Line, Wait};
use crate::kernel::{Instant, Span};
use crate::report::summary::{line, table_with_words};
use crate::report::wording::{printable, printable_line, words};

/// The whole story, with a newline at its end.
#[must_use]
pub fn summary(explained: &Explained<'_>) -> String {
    let story = explained.story;
    let finding = &story.finding;
    let mut text = format!(
        "EXPLAINED  {}: {}, from {} to {}  ({}, seed {})\n",
        size(finding),
        explained.place(),
        finding.from,
        finding.until,
        explained.title,
        explained.seed
    );
    line(&mut text, "cause", &format!("{}, as the checks have it", explained.causes()));
    if finding.what.counts_messages() {
        line(&mut text, "below", "the first of these messages, to where it came again or was passed over");
    }
    if let Some(before) = &story.before {
        line(&mut text, "before", &format!("at {} {} {}", before.at, before.actor, before.text));
    }
    text.push('\n');
    told(&mut text, &story.lines, finding.length());
    text.push('\n');
    where_the_time_went(&mut text, explained);
    uncommitted(&mut text, explained);
    text.push('\n');
    if explained.remedies.is_empty() {
        let unfinished = story.spent.iter().any(|part| part.wait == Wait::EndOfRun);
        let said = match unfinished {
            true => "nothing here: it was not over as the run ended, and a longer `duration` may show what ends it",
            false => "no setting of RocketMQ governs what it waited for",
        };
        line(&mut text, "shorter", said);
    }
    for (at, remedy) in explained.remedies.iter().enumerate() {
        let said = format!("{} = {} instead of {}", remedy.setting, remedy.to, remedy.from);
        line(&mut text, if at == 0 { "shorter" } else { "" }, &said);
        line(&mut text, "", &explained.tried(remedy));
    }
    line(&mut text, "again", &explained.command);
    printable(&text).into_owned()
}

/// The numbered lines; what a line waited for stands below it.
fn told(text: &mut String, lines: &[Line], length: Span) {
    let width = |of: fn(&Line) -> String| lines.iter().map(|line| of(line).chars().count()).max().unwrap_or(0);
    let (time, actor) = (width(|line| moment(line.at)), width(|line| line.actor.clone()));
    for (number, line) in (1..).zip(lines) {
        let at = moment(line.at);
        let times =
            if line.times > 1 { format!(" ({} times in a row, this is the last)", line.times) } else { String::new() };
        let row = format!("  {number:>2}. {at:>time$}  {:<actor$}  {}{times}", line.actor, line.text);
        writeln!(text, "{}", printable_line(row.trim_end())).expect("a string takes every write");
        let shown = line.waited.as_nanos() >= (length.as_nanos() / 1_000).max(1_000_000);
        let waited = line.wait.filter(|_| shown).map(|wait| match wait {
            Wait::Unknown => format!("unknown: {}", line.waited.human()),
            wait => format!("after {}: {}", line.waited.human(), wait.rule()),
        });
        let said: Vec<String> = waited.into_iter().chain((!line.note.is_empty()).then(|| line.note.clone())).collect();
        if !said.is_empty() {
            let indent = " ".repeat(time + actor + 10);
            writeln!(text, "{indent}{}", printable_line(&said.join("; "))).expect("a string takes every write");
        }
    }
}

/// A moment of the run to the microsecond: links are shorter than a millisecond.
fn moment(at: Instant) -> String {
    let (nanos, micros) = (at.as_nanos(), at.as_nanos() / 1_000 % 1_000_000);
    let seconds = nanos / 1_000_000_000;
    match seconds / 60 {
        0 => format!("{seconds}.{micros:06}s"),
        minutes => format!("{minutes}m{:02}.{micros:06}s", seconds % 60),
    }
}

fn where_the_time_went(text: &mut String, explained: &Explained<'_>) {
    let story = explained.story;
    let total = story.finding.length().as_nanos();
    if total == 0 {
        return;
    }
    let share = |span: Span| {
        if span.as_nanos() as u128 * 1_000 < u128::from(total) {
            return "<0.1%".to_owned();
        }
        let permille = span.as_nanos() as u128 * 1_000 / u128::from(total.max(1));
        format!("{}.{}%", permille / 10, permille % 10)
    };
    let row = |name: &str, span: Span| {
        vec![name.to_owned(), format!("{}.{:03}", span.as_millis(), span.as_nanos() / 1_000 % 1_000), share(span)]
    };
    let head = ["where the time went", "ms", ""].map(str::to_owned).to_vec();
    let mut rows = vec![(head, String::new())];
    rows.extend(story.spent.iter().map(|part| (row(part.wait.rule(), part.span), governed(part.wait, part.setting))));
    if story.spent.len() > 1 {
        rows.push((row("sum", story.finding.length()), String::new()));
    }
    table_with_words(text, &rows);
}

fn uncommitted(text: &mut String, explained: &Explained<'_>) {
    let Some(found) = &explained.story.uncommitted else { return };
    let names = &explained.story.names;
    let (offset, at) = found.reached;
    let who = names.consumer(found.by);
    let governed = found.wait().map_or_else(String::new, |wait| format!("; {} governs it", governed(wait, None)));
    let said = match found.committed {
        Some((committed, when, path)) => format!(
            "{who} had handed out up to offset {offset} by {at}; what counted was all below {committed}, committed at {when} ({}): \
             {} of consumption without a commit{governed}",
            words(Cause::from(path).word()),
            found.span().human()
        ),
        None => format!("{who} had handed out up to offset {offset} by {at}, and nothing was ever committed"),
    };
    line(text, "uncommitted", &said);
}
