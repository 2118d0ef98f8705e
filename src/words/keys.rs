//! Keys of the language that are no settings, from [`crate::scenario::known_keys`].

use super::Entry;
use crate::scenario::{ACTIONS, KnownKey, TABLES, known_keys};

/// The tables of a key, as a file writes them.
fn headers(key: &KnownKey) -> String {
    let tables = TABLES.iter().filter(|table| key.tables.contains(&table.name));
    tables.map(|table| table.header).collect::<Vec<_>>().join(", ")
}

/// The actions of a timeline that have a key; empty where it is none of a step, or of every step.
fn actions(key: &KnownKey) -> String {
    let of_a_step = key.tables.contains(&"a step");
    let have = ACTIONS.iter().filter(|action| of_a_step && action.keys.contains(&key.name));
    have.map(|action| action.word).collect::<Vec<_>>().join(", ")
}

pub(super) fn entries() -> Vec<Entry> {
    let entry = |key: &KnownKey| {
        Entry::new(key.name, key.does)
            .with("where", headers(key))
            .with("actions", actions(key))
            .with("written", key.form)
            .with("default", key.default)
            .with("example", key.example)
    };
    known_keys().map(entry).collect()
}
