//! One integration crate: each module is a behaviour of the program as its users meet it.

mod cli;
mod offset_command;
mod offset_conformance;
mod offset_stores;
mod scenario_files;
mod scenario_refusals;
