//! Words: every word that the program says or understands, by kind, from the tables that the code itself uses.
//!
//! ```text
//!   check, scenario, lint, strategy, offset (their tables) --> KINDS --> `list`, `explain-word`
//! ```
//! A kind is one file with a function that makes its entries, and one line in [`KINDS`]. A word that is missing here is
//! missing in the table that it comes from.

mod actions;
mod anomalies;
mod brokers;
mod causes;
mod clients;
mod entry;
mod environments;
mod features;
mod figures;
mod find;
mod keys;
mod kinds;
mod lints;
mod not_modelled;
mod rules;
mod settings;
mod stores;
mod strategies;
mod terms;
pub mod text;
mod traps;

pub use entry::Entry;
pub use find::{Found, find, near_words, search};
pub use kinds::{KINDS, Kind, kind, near_kinds};
