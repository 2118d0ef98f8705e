//! Rules of the protocol, from [`crate::check::RULES`].

use super::Entry;
use crate::check::{NOT_OF_GO, RULES};

pub(super) fn entries() -> Vec<Entry> {
    let not_of_go = |word| NOT_OF_GO.contains(&word);
    let entry = RULES.iter().map(|rule| (rule, Entry::new(rule.word, rule.holds).with("source", rule.source)));
    entry
        .map(|(rule, entry)| if not_of_go(rule.word) { entry.with("not asked of", "Go members") } else { entry })
        .collect()
}
