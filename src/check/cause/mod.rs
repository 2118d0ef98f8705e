//! Causes: why something is so. A cause says a fact, and is said only where that was seen.
//!
//! ```text
//!   list.rs, later.rs: word and sentence --> a file for each subject: how it comes about, how it shows, what to do
//! ```

pub(super) mod duplicates;
mod from_model;
pub(super) mod go;
pub(super) mod grpc;
mod later;
mod list;
pub(super) mod lists;
pub(super) mod locks;
pub(super) mod offsets;
pub(super) mod owners;
pub(super) mod pop;
pub(super) mod pop_brokers;
pub(super) mod protocol;
pub(super) mod pulls;
pub(super) mod routes;
mod shows;
pub(super) mod stores;

pub use list::Cause;
