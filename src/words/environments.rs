//! Environments by name.

use super::Entry;
use crate::scenario::environments::{BUILT_IN, BuiltIn};

pub(super) fn entries() -> Vec<Entry> {
    let entry = |built_in: &BuiltIn| {
        Entry::new(built_in.name, built_in.sentence)
            .with("in a scenario", format!("environment = \"{}\"", built_in.name))
    };
    BUILT_IN.iter().map(entry).collect()
}
