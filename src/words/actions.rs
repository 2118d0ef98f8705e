//! Actions of a timeline, from [`crate::scenario::ACTIONS`].

use super::Entry;
use crate::scenario::ACTIONS;

pub(super) fn entries() -> Vec<Entry> {
    let entry = |action: &crate::scenario::KnownAction| {
        let example = format!("at = \"60s\"\naction = \"{}\"\n{}", action.word, action.example);
        Entry::new(action.word, action.does)
            .with("in the world", action.in_the_world)
            .with("keys", action.keys.join(", "))
            .with("example", example.trim_end())
    };
    ACTIONS.iter().map(entry).collect()
}
