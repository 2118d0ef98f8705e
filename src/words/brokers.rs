//! Rules in which brokers, name servers and proxies differ, and their releases, from [`crate::scenario::server_rules`] and
//! [`crate::scenario::server_versions`].

use super::Entry;
use crate::scenario::{ServerRule, ServerVersion, server_rules, server_versions};

pub(super) fn entries() -> Vec<Entry> {
    server_rules().into_iter().map(rule).chain(server_versions().into_iter().map(release)).collect()
}

fn rule(rule: ServerRule) -> Entry {
    let ServerRule { setting, of, they, releases, standard, source } = rule;
    let standard = if standard { "has it" } else { "has it not" };
    let servers = match of {
        "broker" => "Brokers",
        "proxy" => "Proxies",
        _ => "Name servers",
    };
    Entry::new(setting, format!("{servers} {releases} {they}."))
        .with("of", of)
        .with("releases", releases)
        .with("5.3.3", standard)
        .with("source", source)
}

fn release(version: ServerVersion) -> Entry {
    let ServerVersion { name, has, lacks } = version;
    let names = |rules: &[ServerRule]| rules.iter().map(|rule| rule.setting).collect::<Vec<_>>().join(", ");
    let sentence = match (has.is_empty(), lacks.is_empty()) {
        (true, true) => "As 5.3.3, for all that the model has.".to_owned(),
        (true, false) => format!("As 5.3.3, without {}.", names(&lacks)),
        (false, true) => format!("As 5.3.3, with {}.", names(&has)),
        (false, false) => format!("As 5.3.3, with {}, without {}.", names(&has), names(&lacks)),
    };
    Entry::new(name.clone(), sentence).with("in a scenario", format!("version = \"{name}\""))
}
