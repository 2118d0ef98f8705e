//! Errors that show the line: where, what, and what is allowed instead.

use std::fmt;

use crate::wording::with_short_values;

/// A stretch of bytes in one of the [`Sources`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::scenario) struct Place {
    /// Position in the list of sources.
    pub source: u32,
    /// First byte.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
}

/// What is wrong and where; becomes a [`ScenarioError`] once the sources are at hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::scenario) struct Fault {
    /// Where.
    pub place: Place,
    /// What is wrong, the beginning of a sentence.
    pub problem: String,
    /// What is allowed, the end of the sentence.
    pub allowed: String,
}

impl Fault {
    pub fn new(place: Place, problem: impl Into<String>, allowed: impl Into<String>) -> Self {
        Self { place, problem: problem.into(), allowed: allowed.into() }
    }
}

/// The texts a scenario was made from: the file, each `--set`, the environment file.
#[derive(Debug, Default)]
pub(in crate::scenario) struct Sources(Vec<(String, String)>);

impl Sources {
    /// Adds a text and gives its number.
    pub fn add(&mut self, name: &str, text: &str) -> u32 {
        self.0.push((name.to_owned(), text.to_owned()));
        u32::try_from(self.0.len() - 1).expect("more texts than that do not fit into memory")
    }

    /// The file as the caller named it.
    pub fn file(&self) -> &str {
        self.0.first().map_or("", |(name, _)| name)
    }

    /// The line of a place in the file, from 1 on; `None`: it stands in another text.
    pub fn line(&self, place: Place) -> Option<usize> {
        let (_, text) = self.0.first().filter(|_| place.source == 0)?;
        Some(text[..floor(text, place.start)].matches('\n').count() + 1)
    }

    /// The error a person reads.
    pub fn explain(&self, fault: Fault) -> ScenarioError {
        let (file, text) = &self.0[fault.place.source as usize];
        let start = floor(text, fault.place.start);
        let end = floor(text, fault.place.end.max(start));
        let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let line_end = text[start..].find('\n').map_or(text.len(), |at| start + at);
        let offending = text[start..end.min(line_end)].trim_end();
        ScenarioError {
            file: file.as_str().into(),
            line: text[..start].matches('\n').count() + 1,
            column: text[line_start..start].chars().count() + 1,
            offending: offending.into(),
            problem: fault.problem.into(),
            allowed: fault.allowed.into(),
            source_line: text[line_start..line_end].trim_end().into(),
        }
    }
}

/// The nearest character border at or before `at`.
fn floor(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|&byte| text.is_char_boundary(byte)).unwrap_or(0)
}

/// The most characters that are shown of a line.
const MOST_SHOWN: usize = 400;

/// Why a text is not a scenario, with the place that says so.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub struct ScenarioError {
    /// The file as the caller named it, `--set PATH=VALUE`, or the environment's file.
    pub file: Box<str>,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// The offending text, cut at the end of its line.
    pub offending: Box<str>,
    /// What is wrong with it.
    pub problem: Box<str>,
    /// What is allowed.
    pub allowed: Box<str>,
    /// The whole line.
    pub source_line: Box<str>,
}

impl fmt::Display for ScenarioError {
    /// One sentence with file, line and column, then the line with the offending text underlined.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: {}", self.file, self.line, self.column, with_short_values(&self.problem))?;
        if !self.allowed.is_empty() {
            write!(f, "; {}", with_short_values(&self.allowed))?;
        }
        if self.source_line.is_empty() {
            return Ok(());
        }
        let number = self.line.to_string();
        // Of a long line only what stands around the place.
        let long = self.source_line.chars().count() > MOST_SHOWN;
        let first = if long { (self.column - 1).saturating_sub(MOST_SHOWN / 4) } else { 0 };
        let shown: String = self.source_line.chars().skip(first).take(MOST_SHOWN).collect();
        let before = self.column - 1 - first;
        let indent: String = shown.chars().take(before).map(|c| if c == '\t' { '\t' } else { ' ' }).collect();
        let underline = "^".repeat(self.offending.chars().count().clamp(1, MOST_SHOWN - before.min(MOST_SHOWN - 1)));
        write!(f, "\n{number} | {shown}\n{} | {indent}{underline}", " ".repeat(number.len()))
    }
}
