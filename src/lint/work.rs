//! Listeners that need longer than something lets them.

use std::collections::{BTreeMap, BTreeSet};

use super::named;
use crate::kernel::{Instant, Span};
use crate::model::plan::{Action, ConsumerIndex, ConsumerPlan, DeploymentPlan, Plan, Sigterm, When};

/// The longest a listener works on a batch; `None` where the distribution has no end.
fn longest(member: &ConsumerPlan) -> Option<Span> {
    member.longest_work()
}

/// `works up to 8ms`.
fn said(work: Option<Span>) -> String {
    work.map_or_else(|| "may work for any time".to_owned(), |work| format!("works up to {work}"))
}

pub(super) fn interrupted_at_shutdown(plan: &Plan) -> Vec<String> {
    let rolled: Vec<&DeploymentPlan> = rolled(plan).filter(|pods| pods.sigterm == Sigterm::Shutdown).collect();
    let by_step = plan.timeline.iter().filter_map(|step| match step.action {
        Action::StopConsumer(consumer) => Some(consumer),
        _ => None,
    });
    let by_rollout = rolled.iter().flat_map(|pods| pods.revisions.iter().flatten().copied());
    let ended: BTreeSet<ConsumerIndex> = by_step.chain(by_rollout).collect();
    let stopped = |index: ConsumerIndex| ended.contains(&index);
    let outlasts = |member: &ConsumerPlan| {
        let awaited = member.consumer.await_termination_millis_when_shutdown;
        longest(member).is_none_or(|work| work > awaited)
    };
    let members: Vec<&ConsumerPlan> = ConsumerIndex::number(&plan.consumers)
        .filter(|&(index, member)| stopped(index) && outlasts(member))
        .map(|(_, member)| member)
        .collect();
    let names: Vec<&str> = members.iter().map(|member| member.name.as_str()).collect();
    let sentence = |first: &&ConsumerPlan| {
        let (work, awaited) = (said(longest(first)), first.consumer.await_termination_millis_when_shutdown);
        format!("{}: shutdown awaits {awaited}, a listener {work}", named(&names))
    };
    members.first().map(sentence).into_iter().collect()
}

/// Deployments whose pods are replaced.
fn rolled(plan: &Plan) -> impl Iterator<Item = &DeploymentPlan> {
    plan.deployments.iter().filter(|pods| pods.revisions.len() > 1)
}

pub(super) fn grace_below_await(plan: &Plan) -> Vec<String> {
    let mut found = Vec::new();
    for pods in rolled(plan).filter(|pods| pods.sigterm == Sigterm::Shutdown) {
        let member = &plan.consumers[pods.revisions[0][0].at()];
        let awaited = member.consumer.await_termination_millis_when_shutdown;
        let (grace, needed) = (pods.termination_grace_period, pods.pre_stop + awaited + awaited);
        if needed > grace {
            let group = &plan.groups[pods.group.at()].name;
            found.push(format!("group {group}: a shutdown may take {needed}, the grace period is {grace}"));
        }
    }
    found
}

pub(super) fn sigterm_unheard(plan: &Plan) -> Vec<String> {
    let unheard = rolled(plan).filter(|pods| pods.sigterm != Sigterm::Shutdown);
    unheard.map(|pods| format!("group {}: its pods never call shutdown()", plan.groups[pods.group.at()].name)).collect()
}

pub(super) fn thread_max_never_reached(plan: &Plan) -> Vec<String> {
    let threads = |member: &ConsumerPlan| {
        let (least, most) = (member.consumer.consume_thread_min, member.consumer.consume_thread_max?);
        (most > least && member.consumer.lite_pull.is_none()).then_some((least, most))
    };
    let all = plan.consumers.iter().chain(&plan.releases);
    let members: Vec<(&ConsumerPlan, (u32, u32))> = all.filter_map(|member| Some((member, threads(member)?))).collect();
    let mut names: Vec<&str> = members.iter().map(|(member, _)| member.name.as_str()).collect();
    names.dedup();
    let sentence = |&(_, (least, most)): &(&ConsumerPlan, (u32, u32))| {
        format!("{}: {least} threads work, and never the {most} of consumeThreadMax", named(&names))
    };
    members.first().map(sentence).into_iter().collect()
}

pub(super) fn listener_above_consume_timeout(plan: &Plan) -> Vec<String> {
    let late = |member: &&ConsumerPlan| {
        // Without a bound it would only be a matter of time for any timeout; that is not worth a warning.
        member.listener.orderly.is_none() && longest(member).is_some_and(|work| work > member.consumer.consume_timeout)
    };
    let members: Vec<&ConsumerPlan> = plan.consumers.iter().filter(late).collect();
    let names: Vec<&str> = members.iter().map(|member| member.name.as_str()).collect();
    let sentence = |first: &&ConsumerPlan| {
        let (work, timeout) = (said(longest(first)), first.consumer.consume_timeout);
        format!("{}: a listener {work}, consumeTimeout is {timeout}", named(&names))
    };
    members.first().map(sentence).into_iter().collect()
}

pub(super) fn listener_above_uptime(plan: &Plan) -> Vec<String> {
    let moments = When::resolve(&plan.timeline, |_, from, _| from);
    let (mut found, mut lives) = (Vec::new(), starts_and_ends(plan, &moments));
    for (index, member) in ConsumerIndex::number(&plan.consumers) {
        let shortest = lives.remove(&index).and_then(shortest_life);
        let awaited = member.consumer.await_termination_millis_when_shutdown;
        if let (Some(life), Some(work)) = (shortest, longest(member))
            && work > life + awaited
        {
            found.push(format!("{} lives for {life} at a time, a listener works up to {work}", member.name));
        }
    }
    found
}

/// When each consumer is started (`true`) and ended.
fn starts_and_ends(plan: &Plan, moments: &[Instant]) -> BTreeMap<ConsumerIndex, Vec<(Instant, bool)>> {
    let mut found: BTreeMap<ConsumerIndex, Vec<(Instant, bool)>> = BTreeMap::new();
    for (step, &at) in plan.timeline.iter().zip(moments) {
        match step.action {
            Action::StartConsumer { consumer, .. } => found.entry(consumer).or_default().push((at, true)),
            Action::StopConsumer(consumer) | Action::KillConsumer(consumer) => {
                found.entry(consumer).or_default().push((at, false))
            }
            _ => {}
        }
    }
    found
}

/// The shortest time between a start and the end after it, of a consumer that is started again at least twice.
fn shortest_life(mut own: Vec<(Instant, bool)>) -> Option<Span> {
    own.sort_by_key(|&(at, _)| at);
    let lives: Vec<Span> =
        own.windows(2).filter(|pair| pair[0].1 && !pair[1].1).map(|pair| pair[1].0.since(pair[0].0)).collect();
    if lives.len() < 2 { None } else { lives.into_iter().min() }
}
