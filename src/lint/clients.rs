//! Members of releases of the Java client that do not do the same.

use super::members::{clustering, differ, groups, releases_differ};
use super::named;
use crate::model::plan::{ConsumerPlan, Plan};

fn is_orderly(member: &ConsumerPlan) -> bool {
    member.listener.orderly.is_some()
}

fn orderly_in_clustering(member: &&ConsumerPlan) -> bool {
    clustering(member) && is_orderly(member)
}

/// How a member gives the lock of an orderly queue back.
fn unlocks(member: &ConsumerPlan) -> String {
    match member.client.rules.unlock_delay {
        true => "20 s later (before 5.2.0)".to_owned(),
        false => "at once".to_owned(),
    }
}

pub(super) fn orderly_members_of_two_rules(plan: &Plan) -> Vec<String> {
    let mut found = differ(plan, "rules of unlocking", orderly_in_clustering, unlocks);
    // A concurrent member unlocks nothing.
    let of_member = |member: &ConsumerPlan| if is_orderly(member) { unlocks(member) } else { String::new() };
    found.extend(releases_differ(plan, "its rule of unlocking", of_member));
    found
}

pub(super) fn orderly_broadcasting_asks_for_locks(plan: &Plan) -> Vec<String> {
    let asks = |member: &&ConsumerPlan| {
        !clustering(member) && is_orderly(member) && member.client.rules.broadcasting_asks_for_locks
    };
    let of_group = |(group, members): (&str, Vec<&ConsumerPlan>)| {
        let names: Vec<&str> = members.into_iter().filter(asks).map(|member| member.name.as_str()).collect();
        let ask = if names.len() == 1 { "asks" } else { "ask" };
        (!names.is_empty()).then(|| format!("{} of group {group} {ask} for the locks of what all get", named(&names)))
    };
    groups(plan).filter_map(of_group).collect()
}
