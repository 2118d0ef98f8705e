//! From the tree of a text to a plan: one file for each part of a scenario.

mod actions;
mod application_steps;
mod broker_conf;
mod broker_conf_file;
mod cluster;
mod deployment;
mod environment;
mod group;
mod hosts;
mod identity;
mod listener;
mod load;
mod measure;
mod offset_store;
mod operator_steps;
mod order;
mod recorded;
mod release;
mod restart;
mod scenario;
mod size;
mod strategy;
mod tags;
mod targets;
mod template;
mod timeline;

pub use actions::{ACTIONS, KnownAction};
pub use scenario::{parse, parse_with, parse_with_plugins};
