//! The summary: as text that is read in ten seconds, and as JSON.

mod causes;
mod chosen;
mod dominant;
mod figure_table;
mod gloss;
pub(super) mod headline;
pub mod json;
mod look_at;
mod many;
mod one;
mod phases;
pub(super) mod quantiles;
mod table;
pub mod text;

pub(super) use figure_table::{FigureTable, figure_table};
pub use headline::Word;
pub(super) use headline::{seed_at, seen_at, verdict};
pub(super) use quantiles::quantiles_by_figure;
pub(super) use table::table_with_words;
pub(super) use text::{line, names};

#[cfg(test)]
mod tests;
