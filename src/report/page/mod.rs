//! Pages to look into: one file each, which needs nothing beside it and asks no network for anything.
//!
//! ```text
//!   Report, Comparison, --> data (compact rows) --> Frame --> report.html, comparison.html, variation.html
//!   Variation               as JSON in the page     style, scripts from `assets`, in one file
//! ```
//! A page is a [`Frame`]: its data and the scripts that show them. Another kind of page is a file here that makes its data,
//! a script in `assets`, and a line of its frame. Nothing is built: scripts are one module, one after the other.

mod anomalies;
mod exporter;
mod frame;
mod head;
mod many;
mod rows;
mod run;
mod series;
mod story;
#[cfg(test)]
mod tests;
mod texts;
mod words;

pub use exporter::ReportPage;
pub(super) use frame::{Frame, Script, script};
pub use many::worst_seeds;
