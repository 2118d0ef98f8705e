//! Texts, and the pieces that they consist of.

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

/// A call of `mqadmin` that stands before its output: in a terminal behind the prompt, in a collected file as a comment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Call {
    /// The subcommand, such as `consumerProgress`.
    pub command: String,
    /// `-g`, `--groupName`.
    pub group: Option<String>,
    /// `-t`, `--topic`.
    pub topic: Option<String>,
    /// `-b`, `--brokerAddr`.
    pub broker_address: Option<String>,
    /// `-i`, `--clientId`.
    pub client_id: Option<String>,
    /// When it was called, milliseconds since 1970, where that is said.
    pub at_ms: Option<i64>,
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
    /// All its lines with their numbers, from 1: blank ones too, none trimmed.
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

/// The pieces of a text.
#[must_use]
pub fn sections(at: usize, input: &Input) -> Vec<Section<'_>> {
    let text = input.text.strip_prefix('\u{feff}').unwrap_or(&input.text);
    vec![Section { input: at, name: &input.name, call: None, lines: (1..).zip(text.lines()).collect() }]
}
