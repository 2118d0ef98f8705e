//! Environments by name.

use super::Entry;

/// Those beside the scenarios, with the comment at their heads.
const FILES: [(&str, &str); 3] = [
    ("two-core-jvm", include_str!("../../scenarios/environments/two-core-jvm.toml")),
    ("lan", include_str!("../../scenarios/environments/lan.toml")),
    ("cloud", include_str!("../../scenarios/environments/cloud.toml")),
];

pub(super) fn entries() -> Vec<Entry> {
    let entry = |(name, text): &(&'static str, &str)| {
        let comment: Vec<&str> = text.lines().map_while(|line| line.strip_prefix('#')).map(str::trim).collect();
        Entry::new(*name, comment.join(" ")).with("in a scenario", format!("environment = \"{name}\""))
    };
    FILES.iter().map(entry).collect()
}
