//! One run: a pure function of scenario and seed.

mod outcome;

pub use outcome::{EventRow, Outcome, RunOptions};
