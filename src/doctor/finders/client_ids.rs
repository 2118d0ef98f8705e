//! Client ids that two processes share, or may come to share.

use super::{group_said, named, places};
use crate::check::Cause;
use crate::doctor::deal::host_of;
use crate::doctor::picture::Member;
use crate::doctor::{Finding, FindingKind, Picture, Sureness};
use std::collections::{BTreeMap, BTreeSet};

pub(in crate::doctor) fn find(picture: &Picture<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (name, group) in &picture.groups {
        let members = group.members();
        let mut by_id: BTreeMap<&str, Vec<Member<'_>>> = BTreeMap::new();
        members.iter().for_each(|member| by_id.entry(member.client_id).or_default().push(*member));
        found.extend(by_id.iter().filter_map(|(id, same)| shared(name, id, same, group.broadcasts())));
        found.extend(nearly(name, &by_id));
    }
    found
}

/// The host of an address.
fn host(address: &str) -> &str {
    address.rsplit_once(':').map_or(address, |(host, _)| host)
}

/// One id, several connections.
fn shared(name: &str, id: &str, same: &[Member<'_>], broadcasts: bool) -> Option<Finding> {
    let addresses: Vec<&str> = same.iter().filter_map(|member| member.address).collect();
    if addresses.len() < 2 {
        return None;
    }
    let hosts: BTreeSet<&str> = addresses.iter().map(|address| host(address)).collect();
    let effect = if broadcasts {
        "both write one file of offsets where they run on one machine"
    } else {
        "all of them take the share of the first, and the shares of the others belong to nobody"
    };
    let what = format!(
        "{} connections of {} have the client id {id}, from {}: {effect}",
        addresses.len(),
        group_said(name),
        named(&addresses)
    );
    let finding =
        Finding::new(FindingKind::DuplicateClientId, what, places(same.iter().map(|member| member.place))).of(name);
    Some(match hosts.len() {
        // One host may also be one process whose old connection nobody has closed yet.
        1 => finding.sure(Sureness::Likely).because(Cause::DuplicateClientId),
        _ => finding,
    })
}

/// Ids of one address and different process numbers that come from different hosts: containers that look alike.
fn nearly(name: &str, by_id: &BTreeMap<&str, Vec<Member<'_>>>) -> Option<Finding> {
    let mut by_host: BTreeMap<&str, Vec<Member<'_>>> = BTreeMap::new();
    for member in by_id.values().flatten().filter(|member| !member.client_id.contains('#')) {
        by_host.entry(host_of(member.client_id)).or_default().push(*member);
    }
    let (host_in_ids, alike) = by_host.into_iter().find(|(_, alike)| {
        let ids: BTreeSet<&str> = alike.iter().map(|member| member.client_id).collect();
        let from: BTreeSet<&str> = alike.iter().filter_map(|member| member.address).map(host).collect();
        ids.len() > 1 && from.len() > 1
    })?;
    let ids: BTreeSet<&str> = alike.iter().map(|member| member.client_id).collect();
    let ids: Vec<&str> = ids.into_iter().collect();
    let what = format!(
        "clients of {} on different hosts all call themselves {host_in_ids}, and only a process number tells them apart: {}",
        group_said(name),
        named(&ids)
    );
    let places = places(alike.iter().map(|member| member.place));
    Some(Finding::new(FindingKind::ClientIdsNearlyCollide, what, places).of(name).sure(Sureness::Likely))
}
