//! What the parser refuses, and where.

use super::scanner::TOO_DEEP;

/// Class of every exception that fastjson throws on an offset file.
pub const JSON_EXCEPTION: &str = "com.alibaba.fastjson.JSONException";

/// A place in a text that cannot be read, for the person who has to repair the file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: expected {expected}, found {found}")]
pub struct ParseError {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1; a TAB is one.
    pub column: usize,
    /// What may stand there.
    pub expected: &'static str,
    /// The offending text, cut to a few characters, in backticks, or `the end of the file`.
    pub found: String,
}

impl ParseError {
    /// Whether the text is nested deeper than is read.
    #[must_use]
    pub fn is_too_deep(&self) -> bool {
        self.expected == TOO_DEEP
    }

    /// Longest offending text shown, in characters.
    const SHOWN: usize = 24;

    /// An error at the character `at` of `text`.
    pub(super) fn new(text: &[char], at: usize, expected: &'static str) -> Self {
        let before = &text[..at];
        let line_start = before.iter().rposition(|&c| c == '\n').map_or(0, |newline| newline + 1);
        let rest = text[at..].iter().take_while(|&&c| c != '\n').take(Self::SHOWN);
        let rest: String =
            rest.map(|&c| if c.is_control() { c.escape_default().to_string() } else { c.to_string() }).collect();
        let found = match text.get(at) {
            None => "the end of the file".to_owned(),
            Some('\n') => "the end of the line".to_owned(),
            Some(_) => format!("`{rest}`"),
        };
        let line = before.iter().filter(|&&c| c == '\n').count() + 1;
        Self { line, column: at - line_start + 1, expected, found }
    }
}
