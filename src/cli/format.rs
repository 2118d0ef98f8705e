//! How a command prints what it found.

use clap::ValueEnum;

/// What is printed, of commands that have nothing more to choose from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
}
