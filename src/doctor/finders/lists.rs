//! Lists of members: groups that nobody is in, and brokers that list different members.

use super::{group_said, members_said, messages_wait, named, places};
use crate::doctor::picture::{Group, List};
use crate::doctor::{Finding, FindingKind, Picture, Sureness};
use std::collections::BTreeSet;

pub(in crate::doctor) fn find(picture: &Picture<'_>) -> Vec<Finding> {
    let found = picture.groups.iter().flat_map(|(name, group)| [offline(name, group), differ(name, group)]);
    found.flatten().collect()
}

/// Messages wait, and nobody is there.
fn offline(name: &str, group: &Group<'_>) -> Option<Finding> {
    let heard = group.heard.iter().rev().find(|heard| heard.members.is_some())?;
    let lag = heard.diff_total.unwrap_or_else(|| group.rows().iter().map(|row| row.lag()).sum());
    if heard.members != Some(0) || !group.lists.is_empty() || lag <= 0 {
        return None;
    }
    let what = format!("{} has no member online, and {}", group_said(name), messages_wait(lag));
    Some(Finding::new(FindingKind::GroupOffline, what, vec![heard.place]).of(name))
}

/// Lists that were asked for at nearly one time and do not name the same clients.
fn differ(name: &str, group: &Group<'_>) -> Option<Finding> {
    /// Lists further apart show that time has passed.
    const TOGETHER_MS: i64 = 5_000;
    let of_connections = group.lists.iter().filter(|list| list.members.iter().all(|member| member.address.is_some()));
    let lists: Vec<&List<'_>> = of_connections.collect();
    let pair = lists.windows(2).find(|pair| {
        let apart = pair[1].at_ms.zip(pair[0].at_ms).map(|(later, earlier)| later - earlier);
        apart.is_none_or(|apart| apart.abs() <= TOGETHER_MS) && ids(pair[0]) != ids(pair[1])
    })?;
    let [one, other] = [ids(pair[0]), ids(pair[1])];
    let only: Vec<&str> = one.symmetric_difference(&other).copied().collect();
    let what = format!(
        "two lists of {} differ: {} and {}; only one of them has {}",
        group_said(name),
        members_said(one.len()),
        members_said(other.len()),
        named(&only)
    );
    let timed = pair.iter().all(|list| list.at_ms.is_some());
    let places = places(pair.iter().filter_map(|list| list.members.first()).map(|member| member.place));
    let sure = if timed { Sureness::Likely } else { Sureness::Possible };
    Some(Finding::new(FindingKind::ListsDiffer, what, places).of(name).sure(sure))
}

fn ids<'a>(list: &List<'a>) -> BTreeSet<&'a str> {
    list.members.iter().map(|member| member.client_id).collect()
}
