//! TOML with places: every key and value knows where it was written, so that every error can point at it.

mod document;
mod error;
mod fields;
mod overrides;
mod value;

pub(in crate::scenario) use document::{Entry, Node, Value};
pub use error::ScenarioError;
pub(in crate::scenario) use error::{Fault, Place, Sources};
pub(in crate::scenario) use fields::Fields;
#[cfg(test)]
pub(in crate::scenario) use fields::asked_keys;
pub use overrides::{Override, OverrideError};
pub(in crate::scenario) use value::{DISTRIBUTIONS, YEAR, list};
