//! Steps that come too late for those they name.

use std::collections::BTreeMap;

use crate::kernel::Instant;
use crate::model::plan::{Action, ConsumerIndex, Plan, When};

/// Steps about pods that a rollout before them ends.
pub(super) fn pod_of_an_earlier_revision(plan: &Plan) -> Vec<String> {
    let earliest = When::resolve(&plan.timeline, |_, from, _| from);
    let mut rollouts: Vec<(Instant, usize, usize)> = Vec::new();
    for (step, &at) in plan.timeline.iter().zip(&earliest) {
        if let Action::Rollout { deployment, revision } = step.action {
            rollouts.push((at, deployment, revision));
        }
    }
    let revisions = |(at, pods): (usize, &crate::model::plan::DeploymentPlan)| {
        let of = pods.revisions.iter().enumerate();
        of.flat_map(|(number, own)| own.iter().map(move |&pod| (pod, (at, number)))).collect::<Vec<_>>()
    };
    let pods: BTreeMap<ConsumerIndex, (usize, usize)> =
        plan.deployments.iter().enumerate().flat_map(revisions).collect();
    // Of a step for several, only where all of them are gone.
    let mut entries: BTreeMap<usize, (bool, String)> = BTreeMap::new();
    for (step, &at) in plan.timeline.iter().zip(&earliest) {
        let Some(consumer) = hit(&step.action) else { continue };
        let ended = pods.get(&consumer).is_some_and(|&(of, own)| {
            rollouts.iter().any(|&(then, deployment, revision)| deployment == of && revision > own && then < at)
        });
        let name = &plan.consumers[consumer.at()].name;
        let said = || format!("step `{}` comes after the rollout that ends {name}", step.label);
        let entry = entries.entry(step.entry).or_insert_with(|| (true, said()));
        entry.0 &= ended;
    }
    entries.into_values().filter(|(ended, _)| *ended).map(|(_, said)| said).collect()
}

/// Whom a step hits that needs a process.
fn hit(action: &Action) -> Option<ConsumerIndex> {
    match *action {
        Action::StopConsumer(consumer)
        | Action::KillConsumer(consumer)
        | Action::PowerOffConsumer(consumer)
        | Action::PauseConsumer(consumer)
        | Action::Suspend(consumer) => Some(consumer),
        _ => None,
    }
}
