//! Classes of consumers and releases of the Java client, from [`crate::scenario::CLASSES`] and
//! [`crate::scenario::client_versions`].

use super::Entry;
use crate::scenario::{CLASSES, ClientVersion, client_versions};

pub(super) fn entries() -> Vec<Entry> {
    let classes = CLASSES.iter().map(|(name, is, how)| {
        Entry::new(*name, *is).with("how", *how).with("in a scenario", format!("class = \"{name}\""))
    });
    classes.chain(client_versions().into_iter().map(release)).collect()
}

fn release(version: ClientVersion) -> Entry {
    let ClientVersion { name, otherwise } = version;
    let settings: Vec<&str> = otherwise.iter().map(|(setting, _)| *setting).collect();
    let sentence = match settings.as_slice() {
        rules if name.starts_with("go") => format!("The Go client, with the rules {}.", rules.join(", ")),
        [] => "As the newest release, for all that the model has.".to_owned(),
        settings => format!("As the newest release, but for {}.", settings.join(", ")),
    };
    let mut entry = Entry::new(name.clone(), sentence);
    entry = entry.with("in a scenario", format!("clientVersion = \"{name}\""));
    otherwise.into_iter().fold(entry, |entry, (setting, older)| entry.with(setting, older))
}
