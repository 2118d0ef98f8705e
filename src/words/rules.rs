//! Rules of the protocol, from [`crate::check::RULES`].

use super::Entry;
use crate::check::RULES;

pub(super) fn entries() -> Vec<Entry> {
    RULES.iter().map(|rule| Entry::new(rule.word, rule.holds).with("source", rule.source)).collect()
}
