//! `explain-word WORD`: what a word means, how it comes about, how one sees it, and what to do.

use super::{Answer, Failure, Verdict, terminal};
use crate::words::{find, near_words, text};

/// Explains a word that the program says or understands: a figure, a cause, a trap, a kind of anomaly, a setting, an
/// action, a key of a scenario, a lint, a strategy. How it is written does not matter: `E13`, `e13`, `trap.E13`, `stalled.max.p99`.
#[derive(Debug, clap::Args)]
#[command(after_long_help = include_str!("help/explain_word.txt"))]
pub(super) struct Arguments {
    /// The word; `rebalance-sim list` has the kinds of words there are.
    #[arg(required = true, value_name = "WORD")]
    word: Vec<String>,
}

impl Arguments {
    /// Prints everything that the word means; bad input where it means nothing.
    pub(super) fn execute(self) -> Answer {
        let word = self.word.join(" ");
        let found = find(&word);
        if found.is_empty() {
            let near: Vec<String> = near_words(&word).iter().map(|near| format!("`{near}`")).collect();
            return Err(Failure::bad_input(format!(
                "`{word}` is no word of this program; near it are {}; `rebalance-sim list` has the kinds",
                near.join(", ")
            )));
        }
        let texts: Vec<String> = found.iter().map(text::explained).collect();
        terminal::print(&texts.join("\n"))?;
        Ok(Verdict::Held)
    }
}
