//! Texts, and the pieces that they consist of.

pub use super::call::Call;
use super::split::Splitting;

/// A text that somebody has: a file, or what came from stdin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// Its name, as it is said in messages: the path as it was given, or `-`.
    pub name: String,
    /// What stands in it.
    pub text: String,
}

/// Where something stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Which input, from 0.
    pub input: usize,
    /// Which line of it, from 1.
    pub line: usize,
}

/// Lines of one input that belong together: one output, one file, one log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section<'a> {
    /// Which input it is of.
    pub input: usize,
    /// The name of that input.
    pub name: &'a str,
    /// The call that printed it, where one stands before it.
    pub call: Option<Call>,
    /// All its lines with their numbers, from 1: blank ones too, none trimmed. That of the call is blank.
    pub lines: Vec<(usize, &'a str)>,
}

impl<'a> Section<'a> {
    /// The whole text, for readers of formats that are no lines.
    #[must_use]
    pub fn text(&self) -> String {
        self.lines.iter().flat_map(|(_, line)| [*line, "\n"]).collect()
    }

    /// Where a line of it stands.
    #[must_use]
    pub fn place(&self, line: usize) -> Place {
        Place { input: self.input, line }
    }

    /// Where it begins.
    #[must_use]
    pub fn beginning(&self) -> Place {
        self.place(self.lines.first().map_or(1, |(line, _)| *line))
    }
}

/// Lines of one input that are read; what is longer is no output of a tool that somebody pastes, and a log of so many
/// lines says the same again.
pub const MOST_LINES: usize = 2_000_000;

/// The pieces of a text: at prompts and comments that call `mqadmin`, at the headers of its tables, and where JSON or a
/// log begins or ends. A text of one kind is one piece.
#[must_use]
pub fn sections(at: usize, input: &Input) -> Vec<Section<'_>> {
    let text = input.text.strip_prefix('\u{feff}').unwrap_or(&input.text);
    let mut splitting = Splitting::new(at, &input.name, text);
    let mut lines = (1..).zip(text.lines()).take(MOST_LINES).peekable();
    while let Some((number, line)) = lines.next() {
        splitting.line(number, line, lines.peek().map(|(_, next)| *next));
    }
    splitting.end()
}
