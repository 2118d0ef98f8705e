//! Members of one group that do not fit together.

use crate::model::ids::ConsumerIndex;
use std::collections::{BTreeMap, BTreeSet};

use super::named;
use crate::model::plan::{Action, ConsumerPlan, GroupIndex, GroupPlan, MessageModel, Plan, Step, TagSet};
use crate::offset::Keeper;

/// The members of each group, by its name; of a deployment those of its first revision.
pub(super) fn groups(plan: &Plan) -> impl Iterator<Item = (&str, Vec<&ConsumerPlan>)> {
    let later: BTreeSet<ConsumerIndex> =
        plan.deployments.iter().flat_map(|pods| pods.revisions[1..].iter().flatten().copied()).collect();
    let mut members: Vec<Vec<&ConsumerPlan>> = vec![Vec::new(); plan.groups.len()];
    for (_, member) in ConsumerIndex::number(&plan.consumers).filter(|(index, _)| !later.contains(index)) {
        members[usize::from(member.group)].push(member);
    }
    plan.groups.iter().map(|group| group.name.as_str()).zip(members)
}

pub(super) fn clustering(member: &&ConsumerPlan) -> bool {
    member.consumer.message_model == MessageModel::Clustering
}

/// Client ids that steps of the timeline give, by the name of the consumer.
fn ids_given(plan: &Plan) -> BTreeMap<&str, Vec<&str>> {
    let mut given: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for step in &plan.timeline {
        if let Action::StartConsumer { consumer, client_id: Some(id), .. } = &step.action {
            given.entry(&plan.consumers[consumer.at()].name).or_default().push(id);
        }
    }
    given
}

/// Members by a client id that they have at some time.
fn by_id<'a>(
    given: &BTreeMap<&'a str, Vec<&'a str>>,
    members: &[&'a ConsumerPlan],
) -> BTreeMap<&'a str, BTreeSet<&'a str>> {
    let mut ids: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for member in members {
        let later = given.get(member.name.as_str()).into_iter().flatten().copied();
        for id in std::iter::once(member.client_id.as_str()).chain(later) {
            ids.entry(id).or_default().insert(&member.name);
        }
    }
    ids
}

pub(super) fn duplicate_client_id(plan: &Plan) -> Vec<String> {
    let given = ids_given(plan);
    let shared = |(group, members): (&str, Vec<&ConsumerPlan>)| {
        let members: Vec<&ConsumerPlan> = members.into_iter().filter(clustering).collect();
        let ids = by_id(&given, &members).into_iter().filter(|(_, names)| names.len() > 1);
        ids.map(|(id, names)| {
            let names: Vec<&str> = names.into_iter().collect();
            format!("{} of group {group} have one client id, {id}", named(&names))
        })
        .collect::<Vec<_>>()
    };
    groups(plan).flat_map(shared).collect()
}

pub(super) fn shared_offset_file(plan: &Plan) -> Vec<String> {
    let shared = |(group, members): (&str, Vec<&ConsumerPlan>)| {
        let mut files: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
        for member in members.into_iter().filter(|member| !clustering(member)) {
            files.entry((&member.machine, &member.client_id)).or_default().push(&member.name);
        }
        let files = files.into_iter().filter(|(_, names)| names.len() > 1);
        files
            .map(|((machine, id), names)| {
                format!("{} of group {group} write one file of offsets on {machine}, that of {id}", named(&names))
            })
            .collect::<Vec<_>>()
    };
    groups(plan).flat_map(shared).collect()
}

/// One sentence a group whose members answer differently.
pub(super) fn differ(
    plan: &Plan,
    what: &str,
    counts: fn(&&ConsumerPlan) -> bool,
    answer: impl Fn(&ConsumerPlan) -> String,
) -> Vec<String> {
    let mut found = Vec::new();
    for (group, members) in groups(plan) {
        let mut answers: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for member in members.into_iter().filter(counts) {
            answers.entry(answer(member)).or_default().push(&member.name);
        }
        if answers.len() > 1 {
            let each: Vec<String> =
                answers.iter().map(|(answer, names)| format!("{} {answer}", named(names))).collect();
            found.push(format!("members of group {group} have different {what}: {}", each.join(", ")));
        }
    }
    found
}

pub(super) fn different_topics(plan: &Plan) -> Vec<String> {
    differ(plan, "topics", clustering, |member| topics(plan, member))
}

pub(super) fn different_tags(plan: &Plan) -> Vec<String> {
    differ(plan, "tags", clustering, |member| tags(plan, member))
}

/// The tags of a member, as `subExpression` says them.
fn tags(plan: &Plan, member: &ConsumerPlan) -> String {
    let taken = plan.tags.iter().zip(1..).filter(|(_, number)| member.tags.contains(*number));
    let all = member.tags == TagSet::ALL;
    if all { "*".to_owned() } else { taken.map(|(tag, _)| tag.as_str()).collect::<Vec<_>>().join(" || ") }
}

pub(super) fn different_strategies(plan: &Plan) -> Vec<String> {
    differ(plan, "strategies", clustering, |member| member.consumer.allocate_message_queue_strategy.name())
}

pub(super) fn offsets_in_own_files(plan: &Plan) -> Vec<String> {
    let own = |(group, _): &(GroupIndex, _)| plan.offset_store(*group).store.keeper == Keeper::OwnFile;
    let of_group = |(_, planned): (GroupIndex, &GroupPlan)| {
        format!("group {} is CLUSTERING, and each member keeps its offsets in a file of its own", planned.name)
    };
    GroupIndex::number(&plan.groups).filter(own).map(of_group).collect()
}

pub(super) fn different_message_models(plan: &Plan) -> Vec<String> {
    let model = |member: &ConsumerPlan| match member.consumer.message_model {
        MessageModel::Clustering => "CLUSTERING".to_owned(),
        MessageModel::Broadcasting => "BROADCASTING".to_owned(),
    };
    differ(plan, "message models", |_| true, model)
}

/// Groups of which some process is to be started as something else than another member, sentence by sentence.
pub(super) fn releases_differ(plan: &Plan, what: &str, answer: impl Fn(&ConsumerPlan) -> String) -> Vec<String> {
    let started = |step: &Step| match &step.action {
        Action::StartConsumer { release: Some(release), .. } => Some(&plan.releases[*release]),
        _ => None,
    };
    // Of each group the answers, and of each answer two who give it: a consumer is not compared with itself.
    let mut answers: BTreeMap<(GroupIndex, String), Vec<&str>> = BTreeMap::new();
    for old in plan.consumers.iter().filter(clustering) {
        let names = answers.entry((old.group, answer(old))).or_default();
        if names.len() < 2 {
            names.push(&old.name);
        }
    }
    let mut found: BTreeMap<&str, String> = BTreeMap::new();
    for new in plan.timeline.iter().filter_map(started) {
        let wanted = answer(new);
        let of_group = answers.range((new.group, String::new())..).take_while(|((group, _), _)| *group == new.group);
        let mut others = of_group.filter(|((_, old), _)| *old != wanted);
        if others.any(|(_, names)| names.iter().any(|name| *name != new.name)) {
            let group = plan.groups[new.group.at()].name.as_str();
            found
                .entry(group)
                .or_insert_with(|| format!("a release of group {group} changes {what} to {}", answer(new)));
        }
    }
    for pods in &plan.deployments {
        let member = |revision: &Vec<ConsumerIndex>| &plan.consumers[revision[0].at()];
        for pair in pods.revisions.windows(2) {
            let (old, new) = (member(&pair[0]), member(&pair[1]));
            if answer(old) != answer(new) {
                let group = plan.groups[pods.group.at()].name.as_str();
                found
                    .entry(group)
                    .or_insert_with(|| format!("a rollout of group {group} changes {what} to {}", answer(new)));
            }
        }
    }
    found.into_values().collect()
}

/// The topics of a member, as one word.
fn topics(plan: &Plan, member: &ConsumerPlan) -> String {
    let topics: BTreeSet<&str> = member.topics.iter().map(|&topic| plan.topics[topic.at()].name.as_str()).collect();
    format!("({})", topics.into_iter().collect::<Vec<_>>().join(", "))
}

pub(super) fn release_changes_topics(plan: &Plan) -> Vec<String> {
    releases_differ(plan, "its topics", |member| topics(plan, member))
}

pub(super) fn release_changes_tags(plan: &Plan) -> Vec<String> {
    releases_differ(plan, "its subExpression", |member| tags(plan, member))
}

pub(super) fn release_changes_strategy(plan: &Plan) -> Vec<String> {
    releases_differ(plan, "its strategy", |member| member.consumer.allocate_message_queue_strategy.name())
}
