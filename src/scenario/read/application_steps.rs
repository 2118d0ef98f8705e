//! Steps of a group's application: another release of a deployment, another subscription.

use super::hosts::one_of;
use super::timeline::{Entry, Placed, host_name};
use crate::model::ids::TopicIndex;
use crate::model::plan::{Action, DeploymentPlan, Host, Step};
use crate::scenario::text::{Fault, Node};

/// The next revision of a deployment.
pub(super) fn rollout(entry: &Entry<'_, '_>) -> Result<Action, Fault> {
    let node = entry.fields.require("group", "\"g\"")?;
    let names: Vec<&str> = entry.plan.groups.iter().map(|group| group.name.as_str()).collect();
    let group = one_of(node, "group", &names)?;
    let of = |plan: &DeploymentPlan| usize::from(plan.group) == group;
    let Some(deployment) = entry.plan.deployments.iter().position(of) else {
        let allowed = "give the group a [groups.deployment] table, or write rolling_restart";
        return Err(Fault::new(node.place, format!("`{}` is no deployment", names[group]), allowed));
    };
    if let Some(node) = entry.fields.get("release") {
        let known: Vec<&str> = entry.plan.groups[group].releases.iter().map(String::as_str).collect();
        one_of(node, "release", &known)?;
    }
    let earlier =
        |placed: &&Placed| matches!(placed.step.action, Action::Rollout { deployment: d, .. } if d == deployment);
    Ok(Action::Rollout { deployment, revision: entry.before.iter().filter(earlier).count() + 1 })
}

/// One step a consumer.
pub(super) fn subscription_steps(entry: &Entry<'_, '_>, word: &str, action: &Node) -> Result<Vec<Step>, Fault> {
    let names: Vec<&str> = entry.plan.topics.iter().map(|topic| topic.name.as_str()).collect();
    let topic = one_of(entry.fields.require("topic", "\"orders\"")?, "topic", &names)? as u16;
    let mut steps: Vec<Step> = Vec::new();
    let together = entry.together()?;
    for target in entry.targets()? {
        let Host::Consumer(consumer) = target else {
            let problem = format!("`{word}` is not for a broker or a name server");
            return Err(Fault::new(action.place, problem, "it is done by a consumer"));
        };
        let doing = match word {
            "subscribe" => Action::Subscribe { consumer, topic: TopicIndex(topic) },
            _ => Action::Unsubscribe { consumer, topic: TopicIndex(topic) },
        };
        let mut step = entry.step(doing, &format!("{word} {}", host_name(entry.plan, target)));
        step.when = entry.when_of(together, steps.is_empty());
        if entry.mark.is_some() && !steps.is_empty() {
            step.label = format!("{word} {}", host_name(entry.plan, target));
        }
        steps.push(step);
    }
    Ok(steps)
}
