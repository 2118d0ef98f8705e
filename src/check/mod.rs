//! Checks: they read the stream of observations while a run goes on, and say what they found. They change nothing.

mod findings;

pub use findings::*;
