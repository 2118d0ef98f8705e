//! Lines of a scenario file, each with what it rests on.

/// A line.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Line {
    text: String,
    /// Behind it, without `#`.
    comment: String,
    /// The scenario is one without it, too.
    optional: bool,
}

/// Where comments begin behind short lines.
const COLUMN: usize = 44;

/// A text as it grows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Lines(Vec<Line>);

impl Lines {
    /// A line without a comment.
    pub fn plain(&mut self, text: impl Into<String>) {
        self.push(text, "", false);
    }

    /// A line that must be there, and what it rests on.
    pub fn said(&mut self, text: impl Into<String>, comment: impl AsRef<str>) {
        self.push(text, comment, false);
    }

    /// A line that goes where the language does not take it.
    pub fn setting(&mut self, text: impl Into<String>, comment: impl AsRef<str>) {
        self.push(text, comment, true);
    }

    /// A comment on a line of its own.
    pub fn note(&mut self, text: impl AsRef<str>) {
        self.push("", text, false);
    }

    /// The header of a table, with a blank line above it.
    pub fn header(&mut self, text: impl Into<String>) {
        self.blank();
        self.plain(text);
    }

    /// An empty line.
    pub fn blank(&mut self) {
        self.push("", "", false);
    }

    fn push(&mut self, text: impl Into<String>, comment: impl AsRef<str>, optional: bool) {
        let comment = comment.as_ref().chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        self.0.push(Line { text: text.into(), comment, optional });
    }

    /// Replaces a line of this text by another one of this text.
    pub fn replace(&mut self, text: &str, by: &str) {
        for line in self.0.iter_mut().filter(|line| line.text == text) {
            line.text = by.to_owned();
        }
    }

    /// The language refused the line of this number, from 1, or the table that it begins: what may go of it becomes a
    /// comment with the reason. `false`: nothing of it may go.
    pub fn refuse(&mut self, number: usize, why: &str) -> bool {
        let Some(at) = number.checked_sub(1).filter(|at| *at < self.0.len()) else { return false };
        if self.0[at].optional {
            self.forget(at, why);
            return true;
        }
        let begins = |line: &Line| line.text.starts_with('[');
        let first = self.0[..=at].iter().rposition(begins).unwrap_or(0);
        let end = self.0[at + 1..].iter().position(begins).map_or(self.0.len(), |next| at + 1 + next);
        let may_go: Vec<usize> = (first..end).filter(|at| self.0[*at].optional).collect();
        for at in &may_go {
            self.forget(*at, why);
        }
        !may_go.is_empty()
    }

    fn forget(&mut self, at: usize, why: &str) {
        let line = &mut self.0[at];
        let from = if line.comment.is_empty() { String::new() } else { format!(" ({})", line.comment) };
        let why = why.chars().map(|c| if c.is_control() { ' ' } else { c }).collect::<String>();
        line.comment = format!("not taken over{from}: {}: {why}", line.text);
        line.text = String::new();
        line.optional = false;
    }

    /// The whole text.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for Line { text: own, comment, .. } in &self.0 {
            text.push_str(own);
            if !comment.is_empty() {
                let width = own.chars().count();
                let gap = if own.is_empty() { 0 } else { COLUMN.saturating_sub(width).max(1) };
                text.extend(std::iter::repeat_n(' ', gap));
                text.push_str("# ");
                text.push_str(comment);
            }
            text.push('\n');
        }
        text
    }
}

/// A text as TOML quotes it.
pub(super) fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() => quoted.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// A list of texts on one line.
pub(super) fn list<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let quoted: Vec<String> = texts.into_iter().map(quoted).collect();
    format!("[{}]", quoted.join(", "))
}

/// A value of a properties file as TOML has it: a number, a flag, else a text.
pub(super) fn value(text: &str) -> String {
    match text {
        _ if text.parse::<i64>().is_ok_and(|number| number.to_string() == text) => text.to_owned(),
        _ if text.eq_ignore_ascii_case("true") => "true".to_owned(),
        _ if text.eq_ignore_ascii_case("false") => "false".to_owned(),
        _ => quoted(text),
    }
}
