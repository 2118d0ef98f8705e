//! `list KIND`: what there is, one line each.

use std::path::PathBuf;

use super::{Answer, scenarios};

/// Lists what there is, one line each.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// What to list.
    #[arg(value_enum)]
    kind: Kind,
    /// Only those of which something holds each of these words; of scenarios a word such as E2 asks for that trap.
    #[arg(long, value_name = "TEXT")]
    search: Option<String>,
    /// How the list is printed.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// The folder of the scenarios; those in its own folders are listed too.
    #[arg(long, value_name = "DIR", default_value = "scenarios")]
    dir: PathBuf,
}

/// What can be listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Kind {
    /// The scenarios of a folder.
    Scenarios,
}

/// How a list is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Format {
    /// One line each.
    Text,
    /// A list of objects.
    Json,
    /// Tables for a page.
    Markdown,
}

impl Arguments {
    /// Lists.
    pub(super) fn execute(self) -> Answer {
        match self.kind {
            Kind::Scenarios => scenarios::list(&self.dir, self.search.as_deref().unwrap_or(""), self.format),
        }
    }
}
