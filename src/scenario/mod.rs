//! Scenario files: TOML text to a [`Plan`], what is measured and what is expected.
//!
//! ```text
//!   text + overrides --text--> tree with places --read, settings--> Plan, Measure, Expectations
//!   Expectations + Findings of every seed --judge--> Judgements
//! ```
//!
//! Nothing here touches a file: [`parse`] takes texts and gives a [`Scenario`] or a [`ScenarioError`] that shows the
//! line.

mod expect;
mod expectation;
mod read;
mod settings;
mod text;

pub use expectation::{Comparison, Expectation, Scope};
pub use read::{parse, parse_with};
pub use text::{Override, OverrideError, ScenarioError};

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
