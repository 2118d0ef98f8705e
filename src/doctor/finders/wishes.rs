//! Where the cluster is not as a scenario says: `--scenario`.

use super::{members_said, places};
use crate::doctor::{Finding, FindingKind, Picture};
use std::collections::BTreeSet;

pub(in crate::doctor) fn find(picture: &Picture<'_>) -> Vec<Finding> {
    let Some(intended) = picture.intended else { return Vec::new() };
    let mut found = Vec::new();
    for wish in &intended.groups {
        let Some(group) = picture.groups.get(wish.name.as_str()) else { continue };
        let members = group.members();
        let ids: BTreeSet<&str> = members.iter().map(|member| member.client_id).collect();
        let mut differs = |what: String, place| {
            found.push(Finding::new(FindingKind::NotAsIntended, what, places(place)).of(&wish.name));
        };
        if !ids.is_empty() && ids.len() != wish.members {
            let (is, should) = (members_said(ids.len()), wish.members);
            let what = format!("group {} has {is}, and {should} in the scenario", wish.name);
            differs(what, members.first().map(|member| member.place));
        }
        let heard = group.heard.iter().rev().find(|heard| heard.message_model.is_some());
        if let Some(heard) = heard.filter(|_| group.broadcasts() != wish.broadcasts) {
            let model = heard.message_model.unwrap_or("");
            differs(format!("group {} is {model}, and is not in the scenario", wish.name), Some(heard.place));
        }
    }
    for wish in &intended.topics {
        let on = picture.topics.iter().rev();
        let mut on = on.filter(|on| on.topic == wish.name && picture.broker_name(on.broker) == Some(&wish.broker));
        let Some(on) = on.next() else { continue };
        let wanted = (Some(wish.read_queues), Some(wish.write_queues));
        let has = (on.read_queues.or(wanted.0), on.write_queues.or(wanted.1));
        if has != wanted {
            let what = format!(
                "topic {} at {} has {} queues to read and {} to write, and {} and {} in the scenario",
                wish.name,
                wish.broker,
                has.0.unwrap_or(0),
                has.1.unwrap_or(0),
                wish.read_queues,
                wish.write_queues
            );
            found.push(Finding::new(FindingKind::NotAsIntended, what, vec![on.place]));
        }
    }
    found
}
