//! Settings, from [`crate::scenario::known_settings`].

use super::Entry;
use crate::scenario::{KnownSetting, known_settings};

pub(super) fn entries() -> Vec<Entry> {
    let entry = |setting: KnownSetting| {
        let mut entry = Entry::new(setting.name, setting.does)
            .with("where", setting.place)
            .with("bare number", setting.unit)
            .with("default", setting.default)
            .with("allowed", setting.allowed)
            .with("source", setting.source);
        entry.others = setting.others;
        entry
    };
    known_settings().into_iter().map(entry).collect()
}
