//! Values that do not go together: what a trial may not be, whatever its figures say.

use crate::kernel::{Instant, Span};
use crate::model::plan::{Action, Plan, When};

/// What is wrong with the values of a plan beside each other, in words; `None` where they are sound.
#[must_use]
pub fn unsound(plan: &Plan) -> Option<String> {
    member_lost_by_one_heartbeat(plan).or_else(|| grace_too_short(plan)).or_else(|| unfinished(plan))
}

/// One heartbeat that is late or lost does not make a member a dead one.
fn member_lost_by_one_heartbeat(plan: &Plan) -> Option<String> {
    let expiry = plan.brokers.iter().map(|broker| broker.settings.channel_expired_timeout).min()?;
    let heartbeat = plan.consumers.iter().map(|member| member.client.heartbeat_broker_interval).max()?;
    (expiry < heartbeat.saturating_mul(2)).then(|| {
        format!("channelExpiredTimeout {expiry} is below two of heartbeatBrokerInterval {heartbeat}: one that is lost is enough")
    })
}

/// A pod is not killed while it still awaits its listeners.
fn grace_too_short(plan: &Plan) -> Option<String> {
    let short = |pods: &&crate::model::plan::DeploymentPlan| {
        let of_group = plan.consumers.iter().filter(|member| member.group == pods.group);
        let await_termination = of_group.map(|member| member.consumer.await_termination_millis_when_shutdown).max();
        pods.termination_grace_period < pods.pre_stop + await_termination.unwrap_or(Span::ZERO)
    };
    plan.deployments.iter().find(short).map(|pods| {
        let grace = pods.termination_grace_period;
        format!(
            "terminationGracePeriodSeconds {grace} is below preStop and awaitTerminationMillisWhenShutdown together"
        )
    })
}

/// A release that the run does not see the end of is no better for it: it has to be over some time before.
fn unfinished(plan: &Plan) -> Option<String> {
    const BEHIND: Span = Span::from_secs(15);
    let end = Instant::ZERO + plan.duration;
    let mut latest: Vec<Instant> = Vec::new();
    for step in &plan.timeline {
        latest.push(match step.when {
            When::At(moment) | When::Between(_, moment) => moment,
            When::After { step, delay } => latest[step] + delay,
        });
    }
    let started = plan.timeline.iter().zip(&latest).find_map(|(step, at)| match step.action {
        Action::StopConsumer(_) | Action::StartConsumer { .. } => (*at + BEHIND > end).then_some(*at),
        Action::Rollout { deployment, .. } => {
            let pods = &plan.deployments[deployment];
            let waves = pods.replicas.div_ceil((pods.max_surge + pods.max_unavailable).max(1));
            let ready = pods.ready.upper_bound().unwrap_or(Span::from_secs(30));
            let until = *at + ready.saturating_mul(u64::from(waves)) + pods.pre_stop;
            (until + BEHIND > end).then_some(until)
        }
        _ => None,
    });
    started.map(|at| format!("the release would end at {}, too near the end of the run at {}", at.human(), end.human()))
}
