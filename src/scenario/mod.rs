//! Scenario files: TOML text to a [`Plan`], what is measured and what is expected.

mod expectation;

pub use expectation::{Comparison, Expectation, Scope};

use crate::check::Measure;
use crate::model::plan::Plan;

/// A scenario, read and checked.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// Its title.
    pub title: String,
    /// The question it answers.
    pub question: String,
    /// What the model plays.
    pub plan: Plan,
    /// The window that counts.
    pub measure: Measure,
    /// What is expected.
    pub expect: Vec<Expectation>,
}
