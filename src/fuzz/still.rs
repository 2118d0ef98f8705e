//! Whether a complaint is still made of a smaller story, so that `shrink` keeps what failed and nothing else.

use super::cluster::DURATION_S;
use super::faults::REST_S;
use super::{Complaint, examine_scenario};
use crate::kernel::{Instant, Span};
use crate::model::plan::{Plan, When};
use crate::run::first_broken;
use crate::scenario::Scenario;

/// So long a random cluster rests before it is asked whether it has come to rest.
const REST: Span = Span::from_secs(DURATION_S - REST_S);

/// Whether a complaint of this kind is made of a scenario.
#[must_use]
pub fn still_made(complaint: &Complaint, scenario: &Scenario, seed: u64) -> bool {
    match &*complaint.check {
        // The run ends where the rule is broken, or at its end where the rule counts what other checks have found.
        "protocol" => first_broken(scenario, seed, &complaint.law).is_some(),
        // What has had no rest proves nothing by its end.
        "liveness" if !rests(&scenario.plan) => false,
        check => {
            let made = examine_scenario(scenario, seed).complaints;
            made.iter().any(|made| (&*made.check, &made.law) == (check, &complaint.law))
        }
    }
}

/// Whether nothing happens to the cluster for as long before its end as in a random one.
fn rests(plan: &Plan) -> bool {
    let last = moments(plan).into_iter().max().unwrap_or(Instant::ZERO);
    (Instant::ZERO + plan.duration).since(last) >= REST
}

/// When each step of the timeline happens at the latest.
pub(super) fn moments(plan: &Plan) -> Vec<Instant> {
    let mut latest: Vec<Instant> = Vec::new();
    for step in &plan.timeline {
        latest.push(match step.when {
            When::At(at) | When::Between(_, at) => at,
            When::After { step, delay } => latest[step] + delay,
        });
    }
    latest
}
