//! One integration crate: each module is a behaviour of the program as its users meet it.

mod allocate;
mod broadcasting;
mod broker;
mod cli;
mod determinism;
mod fidelity;
mod fuzz;
mod lints;
mod listeners;
mod offset_command;
mod offset_conformance;
mod offset_stores;
mod operator;
mod orderly;
mod recordings;
mod scenario_files;
mod scenario_refusals;
mod scenarios;
mod story;
mod strategies;
mod timelines;
mod validate;
