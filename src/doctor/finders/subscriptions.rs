//! Members of one group that subscribe different topics or tags.

use super::{group_said, places};
use crate::doctor::picture::Subscribed;
use crate::doctor::{Finding, FindingKind, Picture, Sureness};
use std::collections::{BTreeMap, BTreeSet};

/// What somebody subscribes: topics and tags. Everyone subscribes the retry topic by himself.
type Topics<'a> = BTreeSet<(&'a str, BTreeSet<&'a str>)>;

pub(in crate::doctor) fn find(picture: &Picture<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (name, group) in &picture.groups {
        let of_members = group.subscribed.iter().filter_map(|of| Some((of.client_id?.to_owned(), of)));
        let of_brokers = group.subscribed.iter().filter(|of| of.client_id.is_none());
        let of_lists = of_brokers.map(|of| (format!("{:09}", of.piece), of));
        if let Some((one, other, places)) = differing(of_members) {
            let what = format!("members of {} subscribe differently: {one}, and {other}", group_said(name));
            found.push(Finding::new(FindingKind::SubscriptionsDiffer, what, places).of(name));
        } else if !group.subscriptions_differ.is_empty() {
            let what = format!("consumerStatus says that members of {} subscribe differently", group_said(name));
            let places = places(group.subscriptions_differ.iter().copied());
            found.push(Finding::new(FindingKind::SubscriptionsDiffer, what, places).of(name));
        } else if let Some((one, other, places)) = differing(of_lists) {
            // A broker keeps what the last heartbeat said: two looks that differ show two kinds of members, or a release.
            let what = format!(
                "brokers were told different subscriptions of {}: {}, and {}",
                group_said(name),
                one.split_once(": ").map_or(&*one, |(_, topics)| topics),
                other.split_once(": ").map_or(&*other, |(_, topics)| topics)
            );
            let finding = Finding::new(FindingKind::SubscriptionsDiffer, what, places);
            found.push(finding.of(name).sure(Sureness::Likely));
        }
    }
    found
}

/// The first two that differ, each as `who: topic (tags)`, and where.
fn differing<'a>(
    all: impl Iterator<Item = (String, &'a Subscribed<'a>)>,
) -> Option<(String, String, Vec<crate::import::Place>)> {
    let mut by_whom: BTreeMap<String, Vec<&Subscribed<'_>>> = BTreeMap::new();
    for (whom, of) in all {
        let own = by_whom.entry(whom).or_default();
        if !of.topic.starts_with("%RETRY%") {
            own.push(of);
        }
    }
    let topics =
        |of: &[&'a Subscribed<'a>]| -> Topics<'a> { of.iter().map(|of| (of.topic, tags(of.expression))).collect() };
    let mut all = by_whom.iter();
    let (first, first_of) = all.next()?;
    let (other, other_of) = all.find(|(_, of)| topics(of) != topics(first_of))?;
    let said = |whom: &str, of: &[&Subscribed<'_>]| {
        let topics: Vec<String> = of.iter().map(|of| format!("{} ({})", of.topic, of.expression)).collect();
        let topics = if topics.is_empty() { "nothing".to_owned() } else { topics.join(", ") };
        format!("{whom}: {topics}")
    };
    let places = places(first_of.iter().take(2).chain(other_of.iter()).map(|of| of.place));
    Some((said(first, first_of), said(other, other_of), places))
}

/// Tags do not have an order.
fn tags(expression: &str) -> BTreeSet<&str> {
    expression.split("||").map(str::trim).filter(|tag| !tag.is_empty()).collect()
}
