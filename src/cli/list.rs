//! `list KIND`: the words of a kind, one line each.

use super::{Answer, Failure, Verdict, terminal};
use crate::words::{Entry, kind, near_kinds, text};

/// Lists the words that the program says or understands, kind by kind, one line each; without a kind, the kinds.
/// `explain-word WORD` says more of one of them.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The kind of words, such as figures, causes, traps, settings or actions.
    #[arg(value_name = "KIND")]
    kind: Option<String>,
    /// Only words of which something holds this text.
    #[arg(long, value_name = "TEXT", requires = "kind")]
    search: Option<String>,
    /// How the list is printed.
    #[arg(long, value_enum, default_value_t = Format::Text, requires = "kind")]
    format: Format,
}

/// How a list is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// One line each.
    Text,
    /// A list of objects with all that is known.
    Json,
    /// A table to paste into a page.
    Markdown,
}

impl Arguments {
    /// Prints the list; bad input where there is no such kind.
    pub(super) fn execute(self) -> Answer {
        let Some(asked) = &self.kind else {
            terminal::print(&text::kinds())?;
            return Ok(Verdict::Held);
        };
        let Some(kind) = kind(asked) else {
            return Err(Failure::bad_input(unknown(asked)));
        };
        let search = self.search.as_deref().unwrap_or("");
        let entries: Vec<Entry> = (kind.entries)().into_iter().filter(|entry| entry.holds(search)).collect();
        terminal::print(&match self.format {
            Format::Text => text::list(&entries),
            Format::Json => text::json(&entries),
            Format::Markdown => text::markdown(kind, &entries),
        })?;
        Ok(Verdict::Held)
    }
}

/// There is no such kind: the one that it may mean, or all.
fn unknown(asked: &str) -> String {
    let allowed = match near_kinds(asked) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "`rebalance-sim list` has the kinds".to_owned(),
    };
    format!("there is no kind of words `{asked}`; {allowed}")
}
