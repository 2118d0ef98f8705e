//! Causes, from [`crate::check::CAUSES`].

use super::Entry;
use crate::check::CAUSES;

pub(super) fn entries() -> Vec<Entry> {
    CAUSES.iter().map(|(word, sentence)| Entry::new(*word, *sentence)).collect()
}
