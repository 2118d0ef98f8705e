//! Lines that count, and those that say nothing.

use super::Kind;

/// Why a text is no list of what is wanted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ListError {
    /// A line says nothing that is looked for.
    #[error("line {line}: `{text}` is no {expected}")]
    Line {
        /// Its number, from 1.
        line: usize,
        /// The line, cut.
        text: String,
        /// What may stand there, and how it is written.
        expected: String,
    },
    /// The text is something else that RocketMQ has.
    #[error("this is {kind}; wanted is {wanted}")]
    Other {
        /// What it is.
        kind: Kind,
        /// What is wanted, and which command prints it.
        wanted: &'static str,
    },
}

impl ListError {
    pub(super) fn line(line: usize, text: &str, expected: impl Into<String>) -> Self {
        let shown = text.chars().take(80).map(|c| if c.is_control() { ' ' } else { c });
        Self::Line { line, text: shown.collect(), expected: expected.into() }
    }
}

/// All lines that are not blank, trimmed, with their numbers.
pub(super) fn numbered(text: &str) -> impl Iterator<Item = (usize, &str)> + Clone {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    (1..).zip(text.lines().map(str::trim)).filter(|(_, line)| !line.is_empty())
}
