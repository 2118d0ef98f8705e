//! A page for `$GITHUB_STEP_SUMMARY`, or for whoever reads Markdown.

use std::fmt::Write as _;

use super::text::expectations;
use super::{FileEnd, FileResult};
use crate::report::summary::Word;
use crate::report::wording::counted;
use crate::sweep::Standing;

/// The whole page: a row a file, those first in which something is wrong, and below it what.
#[must_use]
pub fn markdown(results: &[FileResult], command: &str) -> String {
    let wrong = results.iter().filter(|result| rank(result) == 0).count();
    let all = counted(results.len() as u64, "scenario");
    let headline = match wrong {
        0 => format!("{all}, nothing violated"),
        wrong => format!("{wrong} of {all} not as expected"),
    };
    let mut text = format!("## {headline}\n\n| | scenario | | expectations |\n|---|---|---|---|\n");
    let mut rows: Vec<&FileResult> = results.iter().collect();
    rows.sort_by_key(|result| rank(result));
    for result in rows {
        let (title, held) = match &result.end {
            FileEnd::Played(played) => (played.title.as_str(), expectations(played)),
            FileEnd::Refused(_) | FileEnd::Failed(_) => ("", String::new()),
        };
        let (sign, word) = (sign(result), result.word());
        writeln!(text, "| {sign} {word} | {} | {} | {held} |", code(&result.file), cell(title))
            .expect("a text takes all");
    }
    let said: String = results.iter().map(details).collect();
    if !said.is_empty() {
        write!(text, "\n{said}").expect("a text takes all");
    }
    write!(text, "\n```sh\n{command}\n```\n").expect("a text takes all");
    text
}

/// What is wrong with a file.
fn details(result: &FileResult) -> String {
    match &result.end {
        FileEnd::Played(played) => {
            let violated = played.expectations.iter().filter(|expected| expected.standing == Standing::Violated);
            let line = violated.map(|expected| {
                let place = expected.line.map_or_else(|| result.file.clone(), |line| format!("{}:{line}", result.file));
                let seen = cell(expected.seen.as_deref().unwrap_or("no seed has this figure"));
                let replay = expected.replay.as_ref().map(|replay| format!("; {}", code(replay))).unwrap_or_default();
                format!("- {}: {}; {seen}{replay}\n", code(&place), code(&expected.text))
            });
            line.collect()
        }
        FileEnd::Refused(why) | FileEnd::Failed(why) => {
            let first = why.lines().next().unwrap_or_default();
            format!("- {}: {}\n", code(&result.file), cell(first))
        }
    }
}

/// What is wrong comes first, what could not be judged next.
fn rank(result: &FileResult) -> u8 {
    match &result.end {
        FileEnd::Refused(_) | FileEnd::Failed(_) => 0,
        FileEnd::Played(played) => match played.verdict {
            Word::Violated => 0,
            Word::Incomplete | Word::Undecided => 1,
            Word::NoVerdict => 2,
            Word::Pass => 3,
        },
    }
}

fn sign(result: &FileResult) -> &'static str {
    match rank(result) {
        0 => "❌",
        1 => "❔",
        2 => "➖",
        _ => "✅",
    }
}

/// In one cell of a table, and without meaning there.
fn cell(text: &str) -> String {
    let mut cell = String::new();
    for c in text.chars() {
        match c {
            '\n' | '\r' => cell.push(' '),
            '|' | '*' | '_' | '`' | '<' | '[' | ']' | '\\' => cell.extend(['\\', c]),
            c => cell.push(c),
        }
    }
    cell
}

/// As code; a name that holds back-ticks has more of them around it.
fn code(text: &str) -> String {
    let text = text.replace('\n', " ").replace('|', "\\|");
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let ticks = "`".repeat(longest + 1);
    let room = if longest > 0 { " " } else { "" };
    format!("{ticks}{room}{text}{room}{ticks}")
}
