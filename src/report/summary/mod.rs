//! The summary: as text that is read in ten seconds, and as JSON.

mod headline;
pub mod json;
mod many;
mod one;
mod table;
pub mod text;

pub(super) use many::quantiles_by_figure;

#[cfg(test)]
mod tests;
