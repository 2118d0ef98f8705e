//! Releases of a client that is not Java's, told by a table of what each has.

use super::client_version::{ClientVersion, RuleOfClient};

/// The releases, in this order, each with the rules that it has. A rule is its name, what it does with its source in
/// brackets at the end, and which releases have it.
pub(super) fn releases_by_rules(
    releases: &'static [&'static str],
    rules: impl Iterator<Item = (&'static str, &'static str, &'static [bool])> + Clone,
) -> impl Iterator<Item = ClientVersion> {
    let told = move |(setting, does, has): (&'static str, &'static str, &'static [bool])| {
        let (they, source) = does.rsplit_once(" (").expect("its source stands behind it");
        let those = releases.iter().zip(has).filter(|(_, has)| **has).map(|(release, _)| *release);
        let source = source.trim_end_matches(')');
        RuleOfClient { setting, default: "", they, releases: those.collect::<Vec<_>>().join(", "), source }
    };
    (0..releases.len()).map(move |release| ClientVersion {
        name: releases[release].to_owned(),
        otherwise: rules.clone().filter(|(_, _, has)| has[release]).map(told).collect(),
    })
}
