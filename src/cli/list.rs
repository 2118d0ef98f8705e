//! `list KIND`: the words of a kind, or the scenarios of a folder, one line each.

use std::path::PathBuf;

use super::{Answer, Failure, Verdict, scenarios, terminal};
use crate::words::{Entry, kind, near_kinds, search, text};

/// Lists what there is: scenarios, or the words that the program says or understands, one line each; without a kind, the
/// kinds. `explain-word WORD` says more of one word.
#[derive(Debug, clap::Args)]
#[command(after_long_help = include_str!("help/list.txt"))]
pub(super) struct Arguments {
    /// What to list, such as scenarios, figures, causes, traps, actions, keys or settings.
    #[arg(value_name = "KIND")]
    kind: Option<String>,
    /// Only those of which something holds each of these words, without a kind of all kinds; a word such as E2 asks for
    /// that trap.
    #[arg(long, value_name = "TEXT")]
    search: Option<String>,
    /// How the list is printed.
    #[arg(long, value_enum, default_value_t = Format::Text, requires = "kind")]
    format: Format,
    /// The folder of the scenarios; those in its own folders are listed too.
    #[arg(long, value_name = "DIR", default_value = "scenarios", requires = "kind")]
    dir: PathBuf,
}

/// How a list is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Format {
    /// One line each.
    Text,
    /// A list of objects with all that is known.
    Json,
    /// Tables for a page.
    Markdown,
}

impl Arguments {
    /// Prints the list; bad input where there is no such kind.
    pub(super) fn execute(self) -> Answer {
        let searched = self.search.as_deref().unwrap_or("");
        let Some(asked) = &self.kind else {
            let found = (!searched.is_empty()).then(|| search(searched));
            if found.as_ref().is_some_and(Vec::is_empty) {
                nothing_holds(searched);
            }
            terminal::print(&found.map_or_else(text::kinds, |found| text::found(&found)))?;
            return Ok(Verdict::Held);
        };
        if ["scenario", "scenarios"].contains(&asked.to_lowercase().as_str()) {
            return scenarios::list(&self.dir, searched, self.format);
        }
        let Some(kind) = kind(asked) else {
            return Err(Failure::bad_input(unknown(asked)));
        };
        let entries: Vec<Entry> = (kind.entries)().into_iter().filter(|entry| entry.matches(searched)).collect();
        if entries.is_empty() {
            nothing_holds(searched);
        }
        terminal::print(&match self.format {
            Format::Text => text::list(&entries),
            Format::Json => text::json(&entries),
            Format::Markdown => text::markdown(kind, &entries),
        })?;
        Ok(Verdict::Held)
    }
}

/// An empty list is no mistake, and is not left without a word.
pub(super) fn nothing_holds(searched: &str) {
    terminal::note(&format!(
        "none of them holds `{searched}`; `rebalance-sim list --search WORD` looks in all kinds of words"
    ));
}

/// There is no such kind: the one that it may mean, or where all are.
fn unknown(asked: &str) -> String {
    let allowed = match near_kinds(asked) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "`rebalance-sim list` has the kinds".to_owned(),
    };
    format!("there is no kind of words `{asked}`; {allowed}")
}
