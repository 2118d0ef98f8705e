//! The integration tests: one crate, one file for each behaviour.

mod scenario_files;
mod scenario_refusals;
