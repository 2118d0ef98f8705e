//! Offset stores, from [`crate::offset::STORES`].

use super::Entry;
use crate::offset::STORES;

pub(super) fn entries() -> Vec<Entry> {
    let entry = |store: &crate::offset::KnownStore| {
        Entry::new(store.name, store.keeps)
            .with("of", store.of)
            .with("written", store.written)
            .with("a crash costs", store.crash)
            .with("may be told", store.settings.join(", "))
    };
    STORES.iter().map(entry).collect()
}
