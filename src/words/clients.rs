//! Classes of consumers, releases of the Java client and the rules in which they differ, from
//! [`crate::scenario::CLASSES`], [`crate::scenario::client_versions`] and [`crate::scenario::rules_of_clients`]; and what
//! of each client is modelled.

use super::{Entry, features};
use crate::scenario::{CLASSES, ClientVersion, RuleOfClient, client_versions, rules_of_clients};

pub(super) fn entries() -> Vec<Entry> {
    let classes = CLASSES.iter().map(|(name, is, how)| {
        Entry::new(*name, *is).with("how", *how).with("in a scenario", format!("class = \"{name}\""))
    });
    let releases = client_versions().into_iter().map(release);
    let rules = rules_of_clients().into_iter().map(rule);
    classes.chain(releases).chain(rules).chain(features::in_lines()).collect()
}

fn rule(rule: RuleOfClient) -> Entry {
    let RuleOfClient { setting, default, they, releases, source } = rule;
    Entry::new(setting, format!("Clients {releases} {they} ({source})."))
        .with("as 5.3.3", format!("{setting} = {default}"))
}

fn release(version: ClientVersion) -> Entry {
    let ClientVersion { name, otherwise } = version;
    let settings: Vec<&str> = otherwise.iter().map(|rule| rule.setting).collect();
    let sentence = match settings.as_slice() {
        rules if name.starts_with("go") => format!("The Go client, with the rules {}.", rules.join(", ")),
        [] if name.starts_with("grpc") => "The Java client that speaks gRPC, the newest that there is.".to_owned(),
        rules if name.starts_with("grpc") => {
            format!("The Java client that speaks gRPC, with the rules {}.", rules.join(", "))
        }
        [] => "As 5.3.3, for all that the model has.".to_owned(),
        settings => format!("As 5.3.3, but for {}.", settings.join(", ")),
    };
    let mut entry = Entry::new(name.clone(), sentence);
    entry = entry.with("in a scenario", format!("clientVersion = \"{name}\""));
    otherwise
        .into_iter()
        .fold(entry, |entry, rule| entry.with(rule.setting, format!("{} ({})", rule.they, rule.source)))
}
