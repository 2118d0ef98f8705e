//! For people: the verdict, the findings, what was read, and the commands that go on from here.

use std::fmt::Write as _;

use super::{Diagnosis, why};
use crate::doctor::{Finding, Severity};
use crate::report::text::Paint;
use crate::wording::with_short_values;

/// Columns that a line may have.
const WIDTH: usize = 110;
/// Pieces and notes that are told; the rest is counted.
const MOST_TOLD: usize = 12;
/// Where what is said of a finding begins.
const INDENT: usize = 15;

/// The whole text, with a newline at its end.
#[must_use]
pub fn text(diagnosis: &Diagnosis<'_>) -> String {
    let mut text = format!("{}  {}\n", diagnosis.verdict(), diagnosis.counts());
    for finding in diagnosis.findings {
        text.push('\n');
        of_finding(&mut text, diagnosis, finding);
    }
    text.push('\n');
    read(&mut text, diagnosis);
    let [import, run] = diagnosis.commands();
    row(&mut text, "simulate it", &import);
    row(&mut text, "", &run);
    text
}

/// The text with its first word, the verdict, in colour.
#[must_use]
pub fn painted(diagnosis: &Diagnosis<'_>, text: &str, paint: Paint) -> String {
    let colour = match diagnosis.findings.iter().map(Finding::severity).min() {
        Some(Severity::Error) => 31,
        Some(Severity::Warning) => 33,
        Some(Severity::Note) | None => 32,
    };
    match (paint, text.strip_prefix(diagnosis.verdict())) {
        (Paint::Colours, Some(rest)) => format!("\x1b[1;{colour}m{}\x1b[0m{rest}", diagnosis.verdict()),
        _ => text.to_owned(),
    }
}

fn of_finding(text: &mut String, diagnosis: &Diagnosis<'_>, finding: &Finding) {
    let what = format!("{} [{}]", with_short_values(&finding.what), finding.kind.word());
    let lines = wrapped(&what, WIDTH - 9);
    for (number, line) in lines.iter().enumerate() {
        let severity = if number == 0 { finding.severity().word() } else { "" };
        writeln!(text, "{severity:<9}{line}").expect("a text takes all");
    }
    row(text, "  stands", &diagnosis.places(finding).join(", "));
    if let Some(why) = why(finding) {
        row(text, "  why", &why);
    }
    row(text, "  how sure", finding.sure.word());
    for (number, step) in finding.what_to_do.iter().enumerate() {
        row(text, if number == 0 { "  what to do" } else { "" }, step);
    }
    if let Some(command) = finding.simulate() {
        row(text, "  look at", &command);
    }
}

fn read(text: &mut String, diagnosis: &Diagnosis<'_>) {
    let evidence = diagnosis.evidence;
    let pieces = evidence.recognised.iter().map(|piece| {
        let said = crate::wording::counted(piece.facts as u64, "fact");
        format!("{}: {}, {said}", evidence.at(piece.place), piece.what)
    });
    let notes = evidence.notes.iter().map(|note| format!("{}: {}", evidence.at(note.place), note.what));
    list(text, "read as", pieces);
    list(text, "not understood", notes);
}

fn list(text: &mut String, title: &str, lines: impl ExactSizeIterator<Item = String>) {
    let more = lines.len().saturating_sub(MOST_TOLD);
    for (number, line) in lines.take(MOST_TOLD).enumerate() {
        row(text, if number == 0 { title } else { "" }, &with_short_values(&line));
    }
    if more > 0 {
        row(text, "", &format!("and {more} more"));
    }
}

/// A title and what belongs to it, over as many lines as it takes.
fn row(text: &mut String, title: &str, what: &str) {
    for (number, line) in wrapped(what, WIDTH - INDENT - 2).iter().enumerate() {
        let title = if number == 0 { title } else { "" };
        writeln!(text, "{title:<INDENT$}  {line}").expect("a text takes all");
    }
}

/// Lines of whole words.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = vec![String::new()];
    for word in text.split_whitespace() {
        let last = lines.last_mut().expect("there is one");
        if !last.is_empty() && last.chars().count() + 1 + word.chars().count() > width {
            lines.push(word.to_owned());
        } else {
            if !last.is_empty() {
                last.push(' ');
            }
            last.push_str(word);
        }
    }
    lines
}
