//! `schema`: the language of scenarios for editors.

use super::{Answer, Verdict, terminal};
use crate::scenario::schema;

/// Prints the JSON schema of scenarios: with it an editor completes keys and words, says what each means, and marks what is
/// none. It is made of the tables that the parser uses.
#[derive(Debug, clap::Args)]
#[command(after_long_help = include_str!("help/schema.txt"))]
pub(super) struct Arguments {}

impl Arguments {
    /// Prints it.
    pub(super) fn execute(self) -> Answer {
        let text = serde_json::to_string_pretty(&schema()).expect("keys are strings");
        terminal::print(&format!("{text}\n"))?;
        Ok(Verdict::Held)
    }
}
