//! The levers of a release: of a Deployment's rollout, and of a rolling restart by hand.

use super::Touches::{Again, Idle};
use super::{Lever, Needs, Place};
use crate::kernel::Span;
use crate::model::plan::{Action, ConsumerIndex, DeploymentPlan, Plan, When};
use crate::strategy::order::compare_java_strings;

/// A value of the deployments that a rollout of the timeline replaces.
fn of_rollout(plan: &Plan, value: impl Fn(&DeploymentPlan) -> String) -> Option<String> {
    let rolled = |at: usize| {
        plan.timeline.iter().any(|step| matches!(step.action, Action::Rollout { deployment, .. } if deployment == at))
    };
    plan.deployments.iter().enumerate().find(|(at, _)| rolled(*at)).map(|(_, pods)| value(pods))
}

/// The stops of rolling restarts: several of one entry, each with its moment behind the first where that is known.
pub(super) fn rolled(plan: &Plan) -> Vec<(ConsumerIndex, Span)> {
    let mut found: Vec<(ConsumerIndex, Span, usize)> = Vec::new();
    let moment = |when: &When| match when {
        When::At(at) => Span::from_nanos(at.as_nanos()),
        When::Between(..) => Span::ZERO,
        When::After { delay, .. } => *delay,
    };
    for step in &plan.timeline {
        if let Action::StopConsumer(consumer) | Action::KillConsumer(consumer) = step.action {
            found.push((consumer, moment(&step.when), step.entry));
        }
    }
    let entry = found.iter().map(|(.., entry)| *entry);
    let several = entry.clone().find(|of| entry.clone().filter(|other| other == of).count() > 1);
    let of_entry =
        |(consumer, at, of): &(ConsumerIndex, Span, usize)| (Some(*of) == several).then_some((*consumer, *at));
    found.iter().filter_map(of_entry).collect()
}

/// From one process of a rolling restart to the next.
fn interval(plan: &Plan) -> Option<String> {
    let stops = rolled(plan);
    let [.., (_, before), (_, last)] = stops.as_slice() else { return None };
    (last > before).then(|| last.saturating_sub(*before).to_string())
}

/// How the ids of those that a rolling restart stops follow each other.
fn order(plan: &Plan) -> Option<String> {
    let stops = rolled(plan);
    let ids: Vec<&str> = stops.iter().map(|(consumer, _)| plan.consumers[consumer.at()].client_id.as_str()).collect();
    let all = |wanted| ids.windows(2).all(|pair| compare_java_strings(pair[0], pair[1]) == wanted);
    match ids.len() {
        0 | 1 => None,
        _ if all(std::cmp::Ordering::Less) => Some("by_id".to_owned()),
        _ if all(std::cmp::Ordering::Greater) => Some("by_id_descending".to_owned()),
        _ => Some("as_listed".to_owned()),
    }
}

pub(super) const LEVERS: &[Lever] = &[
    Lever {
        settings: &["maxSurge", "maxUnavailable"],
        place: Place::Deployment,
        touches: &[Again, Idle],
        values: &[&["1", "0"], &["0", "1"]],
        needs: Needs::Manifest,
        risk: "1 and 0 starts the new pod first and needs room for one more; 0 and 1 stops the old one first, and the others \
               do its work.",
        now: |plan| of_rollout(plan, |pods| format!("{} and {}", pods.max_surge, pods.max_unavailable)),
    },
    Lever {
        settings: &["ready"],
        place: Place::Deployment,
        touches: &[Again, Idle],
        values: &[&["20s"], &["30s"]],
        needs: Needs::Manifest,
        risk: "The pause between two pods (readinessProbe or minReadySeconds): the rollout takes so much longer.",
        now: |plan| {
            of_rollout(plan, |pods| {
                pods.ready.upper_bound().map_or_else(|| "drawn".to_owned(), |span| span.to_string())
            })
        },
    },
    Lever {
        settings: &["preStop"],
        place: Place::Deployment,
        touches: &[Again, Idle],
        values: &[&["10s"]],
        needs: Needs::Manifest,
        risk: "The old pod consumes for so much longer, and the grace period counts from before it.",
        now: |plan| of_rollout(plan, |pods| pods.pre_stop.to_string()),
    },
    Lever {
        settings: &["terminationGracePeriodSeconds"],
        place: Place::Deployment,
        touches: &[Again, Idle],
        values: &[&["1m"]],
        needs: Needs::Manifest,
        risk: "A pod that hangs is killed so much later.",
        now: |plan| of_rollout(plan, |pods| pods.termination_grace_period.to_string()),
    },
    Lever {
        settings: &["interval"],
        place: Place::Steps("rolling_restart"),
        touches: &[Again, Idle],
        values: &[&["10s"], &["30s"], &["45s"], &["1m"]],
        needs: Needs::Release,
        risk: "The pause from one process to the next: the release takes so much longer, or has two under way at once.",
        now: interval,
    },
    Lever {
        settings: &["order"],
        place: Place::Steps("rolling_restart"),
        touches: &[Again, Idle],
        values: &[&["by_id"], &["by_id_descending"]],
        needs: Needs::Release,
        risk: "Ids sort as Java's strings do: 10.0.0.10 stands before 10.0.0.2.",
        now: order,
    },
];
