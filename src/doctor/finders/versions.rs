//! Members of other versions and languages.

use super::{group_said, named, places};
use crate::doctor::{Finding, FindingKind, Picture};
use crate::import::Place;
use std::collections::BTreeMap;

pub(in crate::doctor) fn find(picture: &Picture<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (name, group) in &picture.groups {
        let members = group.members();
        let kinds = members.iter().filter_map(|member| {
            let language = member.language.unwrap_or("");
            Some((format!("{language} {}", member.version?).trim().to_owned(), member.place))
        });
        let mut by_kind: BTreeMap<String, (usize, Place)> = BTreeMap::new();
        for (kind, place) in kinds {
            by_kind.entry(kind).or_insert((0, place)).0 += 1;
        }
        if by_kind.len() > 1 {
            let counts: Vec<String> = by_kind.iter().map(|(kind, (count, _))| format!("{count} of {kind}")).collect();
            let what = format!("members of {} are not alike: {}", group_said(name), named(&counts));
            let places = places(by_kind.values().map(|(_, place)| *place));
            found.push(Finding::new(FindingKind::VersionsDiffer, what, places).of(name));
        }
    }
    found
}
