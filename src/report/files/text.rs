//! A line a file, and below it what is violated.

use std::fmt::Write as _;

use super::{FileEnd, FileResult, Played};
use crate::report::summary::Word;
use crate::report::text::Extent;
use crate::report::wording::{counted, printable, printable_line};
use crate::sweep::Standing;

/// The line of a file; with [`Extent::All`] every expectation below it, and not only what is violated.
#[must_use]
pub fn line(result: &FileResult, extent: Extent) -> String {
    let mut text = format!("{:<10}  {}", result.word(), printable_line(&result.file));
    if let FileEnd::Played(played) = &result.end {
        write!(text, "  {}", expectations(played)).expect("a text takes all");
    }
    if let Some(folder) = &result.folder {
        write!(text, "  -> {}", printable_line(folder)).expect("a text takes all");
    }
    text.push('\n');
    if let FileEnd::Played(played) = &result.end {
        below(&mut text, played, extent);
    }
    printable(&text).into_owned()
}

/// How many held.
pub(super) fn expectations(played: &Played) -> String {
    let count = |standing| played.expectations.iter().filter(|expected| expected.standing == standing).count();
    let (held, open) = (count(Standing::Held), count(Standing::NeedsSeeds));
    match (played.expectations.len() - open, open) {
        (0, 0) => "expects nothing".to_owned(),
        (judged, 0) => format!("{held} of {judged} held"),
        (judged, open) => format!("{held} of {judged} held, {open} can only be judged over many seeds"),
    }
}

fn below(text: &mut String, played: &Played, extent: Extent) {
    for expected in &played.expectations {
        let said = match (expected.standing, extent) {
            (Standing::Violated, _) => {
                let seen = expected.seen.as_deref().unwrap_or("no seed has this figure");
                let replay = expected.replay.as_ref().map(|replay| format!("; `{replay}`")).unwrap_or_default();
                format!("violated: {}; {seen}{replay}", expected.text)
            }
            (_, Extent::Brief) => continue,
            (Standing::Held, Extent::All) => format!("held: {}", expected.text),
            (Standing::NeedsSeeds, Extent::All) => format!("needs many seeds: {}", expected.text),
        };
        writeln!(text, "            {}", printable_line(&said)).expect("a text takes all");
    }
}

/// The last lines: how many of each verdict, and the command that asks again.
#[must_use]
pub fn total(results: &[FileResult], command: &str) -> String {
    let words = Word::ALL.iter().map(|word| word.word()).chain(["REFUSED", "FAILED"]);
    let counts = words.filter_map(|word| {
        let count = results.iter().filter(|result| result.word() == word).count();
        (count > 0).then(|| format!("{count} {word}"))
    });
    let counts: Vec<String> = counts.collect();
    let text = format!("\n{}: {}\n{command}\n", counted(results.len() as u64, "scenario"), counts.join(", "));
    printable(&text).into_owned()
}
