//! Members of one group that broadcast and members that do not.

use super::{group_said, places};
use crate::doctor::{Finding, FindingKind, Picture, Sureness};
use crate::import::Place;
use std::collections::BTreeMap;

pub(in crate::doctor) fn find(picture: &Picture<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (name, group) in &picture.groups {
        let heard = group.heard.iter().filter_map(|heard| Some((heard.message_model?.to_owned(), heard.place)));
        // Of clients: what each says of itself.
        let set = group.settings.iter().filter(|(_, setting)| setting.key == "messageModel");
        let set = set.map(|(_, setting)| (setting.value.trim().to_ascii_uppercase(), setting.place));
        let by_clients = set.clone().count() > 1;
        let mut models: BTreeMap<String, Place> = BTreeMap::new();
        for (model, place) in heard.chain(set) {
            models.entry(model).or_insert(place);
        }
        if models.len() > 1 {
            let what = format!(
                "{} is {}: the last heartbeat decides whether its members are told of changes",
                group_said(name),
                models.keys().cloned().collect::<Vec<_>>().join(" and ")
            );
            let sure = if by_clients { Sureness::Certain } else { Sureness::Likely };
            let finding = Finding::new(FindingKind::MessageModelsDiffer, what, places(models.into_values()));
            found.push(finding.of(name).sure(sure));
        }
    }
    found
}
