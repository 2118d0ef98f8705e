//! From the tree of a text to a plan: one file for each part of a scenario.

mod cluster;
mod environment;
mod group;
mod hosts;
mod listener;
mod load;
mod measure;
mod order;
mod recorded;
mod restart;
mod scenario;
mod strategy;
mod timeline;

pub use scenario::{parse, parse_with};
