//! Lints, from [`crate::lint::LINTS`].

use super::Entry;
use crate::lint::LINTS;

pub(super) fn entries() -> Vec<Entry> {
    let entry = |lint: &crate::lint::Lint| {
        Entry::new(lint.code, lint.why)
            .with("advice", lint.advice)
            .with("as an error", format!("rebalance-sim check FILE --deny {}", lint.code))
    };
    LINTS.iter().map(entry).collect()
}
