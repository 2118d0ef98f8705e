//! The tables of words beside what is refused by name.

use std::collections::BTreeSet;

use rebalance_sim::scenario::{known_settings, settings_not_modelled};
use rebalance_sim::words::find;

#[test]
fn what_is_modelled_is_not_refused() {
    let settings: BTreeSet<&str> = known_settings().into_iter().map(|setting| setting.name).collect();
    for (name, _) in settings_not_modelled() {
        assert!(!settings.contains(name), "`{name}` is both a setting and refused");
        assert!(!find(name).is_empty());
    }
}
