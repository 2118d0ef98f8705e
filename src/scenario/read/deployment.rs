//! `[groups.deployment]`: a group as Kubernetes runs it, with Kubernetes' names, defaults and refusals.

use crate::kernel::{Distribution, Span};
use crate::model::plan::{DeploymentPlan, GroupIndex, Sigterm};
use crate::scenario::text::{Fault, Fields, Node, Value};

use super::hosts::one_of;

/// A rollout that the timeline will ask for: of which group, to which release.
pub(super) type Rollout = (String, Option<String>);

/// The rollouts of the timeline in the order of the file. What is wrong with them is said when they are read.
pub(super) fn rollouts(root: &Fields<'_>) -> Vec<Rollout> {
    let Some(Value::List(items)) = root.get("timeline").map(|node| &node.value) else { return Vec::new() };
    let mut found = Vec::new();
    for item in items {
        let Ok(step) = Fields::of(item, "a step") else { continue };
        let text = |key| step.get(key).and_then(|node| node.text("").ok()).map(str::to_owned);
        if text("action").as_deref() == Some("rollout")
            && let Some(group) = text("group")
        {
            found.push((group, text("release")));
        }
    }
    found
}

/// Reads the table; its revisions are still to be filled.
pub(super) fn read_deployment(node: &Node, group: GroupIndex) -> Result<DeploymentPlan, Fault> {
    let fields = Fields::read(node, "a deployment")?;
    let replicas = fields.require("replicas", "4")?.count(1, 10_000)?;
    let surge = fields.get("maxSurge");
    let unavailable = fields.get("maxUnavailable");
    // Kubernetes rounds the one up and the other down, so that they are never both 0 by rounding alone.
    let pods = |node: Option<&Node>, up: bool| node.map_or(Ok(quarter(replicas, up)), |node| share(node, replicas, up));
    let (max_surge, max_unavailable) = (pods(surge, true)?, pods(unavailable, false)?);
    if max_surge == 0 && max_unavailable == 0 {
        let place = unavailable.or(surge).map_or(fields.place, |node| node.place);
        return Err(Fault::new(place, "maxUnavailable may not be 0 when maxSurge is 0", "raise one of them"));
    }
    let grace = fields.get("terminationGracePeriodSeconds");
    let grace = grace.map_or(Ok(Span::from_secs(30)), |node| node.span(Some(Span::from_secs(1))))?;
    let pre_stop = fields.get("preStop").map_or(Ok(Span::ZERO), |node| node.span(None))?;
    let ready = fields.get("ready").map_or(Ok(Distribution::Constant(Span::from_secs(10))), Node::distribution)?;
    let seconds =
        |key, default| fields.get(key).map_or(Ok(Span::from_secs(default)), |node| node.span(Some(Span::from_secs(1))));
    let (monitored, tolerated) = (seconds("node_monitor_grace_period", 40)?, seconds("tolerationSeconds", 300)?);
    if let Some(node) = fields.get("restartPolicy") {
        one_of(node, "restartPolicy of a deployment", &["Always"])?;
    }
    const WORDS: [&str; 3] = ["shutdown", "exit", "ignore"];
    let sigterm = match fields.get("sigterm").map_or(Ok(0), |node| one_of(node, "answer to SIGTERM", &WORDS))? {
        0 => Sigterm::Shutdown,
        1 => Sigterm::Exit,
        _ => Sigterm::Ignore,
    };
    fields.finish()?;
    Ok(DeploymentPlan {
        group,
        replicas,
        max_surge,
        max_unavailable,
        termination_grace_period: grace,
        pre_stop,
        ready,
        sigterm,
        node_monitor_grace_period: monitored,
        toleration_seconds: tolerated,
        revisions: Vec::new(),
    })
}

fn percent(replicas: u32, percent: u32, up: bool) -> u32 {
    let hundredfold = replicas * percent;
    if up { hundredfold.div_ceil(100) } else { hundredfold / 100 }
}

/// Kubernetes' default, 25 %.
fn quarter(replicas: u32, up: bool) -> u32 {
    percent(replicas, 25, up)
}

/// A number of pods, or a share of the replicas such as "25%".
fn share(node: &Node, replicas: u32, up: bool) -> Result<u32, Fault> {
    const ALLOWED: &str = "a number of pods, or a share such as \"25%\"";
    match &node.value {
        Value::Integer(_) => node.count(0, 10_000),
        _ => {
            let text = node.text(ALLOWED)?;
            let share = text.strip_suffix('%').and_then(|digits| digits.parse::<u32>().ok());
            let share = share.filter(|share| *share <= 1_000).ok_or_else(|| node.not(ALLOWED))?;
            Ok(percent(replicas, share, up))
        }
    }
}
