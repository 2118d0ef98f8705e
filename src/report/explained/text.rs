//! The story as text: numbered lines, a small table of where the time went, and what to try.

use std::fmt::Write as _;

use super::Explained;
use super::told::{Told, ToldLine, ToldPart};
use crate::report::summary::{line, table_with_words};
use crate::report::wording::{printable, printable_line};

/// The whole story, with a newline at its end.
#[must_use]
pub fn summary(explained: &Explained<'_>) -> String {
    let told = Told::of(explained);
    let Told { size, place, from, until, cause, .. } = &told;
    let (title, seed) = (explained.title, explained.seed);
    let mut text = format!("EXPLAINED  {size}: {place}, from {from} to {until}  ({title}, seed {seed})\n");
    line(&mut text, "cause", &format!("{cause}, as the checks have it"));
    if !told.below.is_empty() {
        line(&mut text, "below", told.below);
    }
    if !told.before.is_empty() {
        line(&mut text, "before", &told.before);
    }
    text.push('\n');
    chain(&mut text, &told.lines);
    text.push('\n');
    where_the_time_went(&mut text, &told.spent);
    if !told.uncommitted.is_empty() {
        line(&mut text, "uncommitted", &told.uncommitted);
    }
    text.push('\n');
    if !told.why_nothing.is_empty() {
        line(&mut text, "shorter", told.why_nothing);
    }
    for (at, (said, command)) in told.shorter.iter().enumerate() {
        line(&mut text, if at == 0 { "shorter" } else { "" }, said);
        line(&mut text, "", command);
    }
    line(&mut text, "again", &explained.command);
    printable(&text).into_owned()
}

/// The numbered lines; what a line waited for stands below it.
fn chain(text: &mut String, lines: &[ToldLine]) {
    let width = |of: fn(&ToldLine) -> &str| lines.iter().map(|line| of(line).chars().count()).max().unwrap_or(0);
    let (time, actor) = (width(|line| &line.at), width(|line| &line.actor));
    for (number, line) in (1..).zip(lines) {
        let row = format!("  {number:>2}. {:>time$}  {:<actor$}  {}", line.at, line.actor, line.text);
        writeln!(text, "{}", printable_line(row.trim_end())).expect("a string takes every write");
        if !line.waited.is_empty() {
            let indent = " ".repeat(time + actor + 10);
            writeln!(text, "{indent}{}", printable_line(&line.waited)).expect("a string takes every write");
        }
    }
}

fn where_the_time_went(text: &mut String, spent: &[ToldPart]) {
    if spent.is_empty() {
        return;
    }
    let head = ["where the time went", "ms", ""].map(str::to_owned).to_vec();
    let row =
        |part: &ToldPart| (vec![part.name.to_owned(), part.ms.clone(), part.share.clone()], part.governed.clone());
    let rows: Vec<_> = std::iter::once((head, String::new())).chain(spent.iter().map(row)).collect();
    table_with_words(text, &rows);
}
