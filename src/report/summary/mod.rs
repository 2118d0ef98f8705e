//! The summary: as text that is read in ten seconds, and as JSON.

mod causes;
mod chosen;
mod dominant;
mod gloss;
mod headline;
pub mod json;
mod look_at;
mod many;
mod one;
mod phases;
pub(super) mod quantiles;
mod table;
pub mod text;

pub(super) use quantiles::quantiles_by_figure;
pub(super) use table::table_with_words;
pub(super) use text::{line, names};

#[cfg(test)]
mod tests;
