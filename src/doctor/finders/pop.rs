//! Groups that pop: their mode at each broker, what is behind in reviving, what is in flight.

use super::{messages_wait, places, queues_said};
use crate::doctor::picture::{Group, Mode};
use crate::doctor::{Finding, FindingKind, Picture, Sureness};
use crate::wording::counted;
use std::collections::BTreeMap;

pub(in crate::doctor) fn find(picture: &Picture<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (name, group) in &picture.groups {
        found.extend(modes(picture, name, group));
        found.extend(revive(group));
        found.extend(inflight(name, group));
    }
    found
}

/// A topic that is pulled here and popped there.
fn modes(picture: &Picture<'_>, name: &str, group: &Group<'_>) -> Vec<Finding> {
    let mut topics: BTreeMap<&str, BTreeMap<&str, &Mode<'_>>> = BTreeMap::new();
    for mode in &group.modes {
        topics.entry(mode.topic).or_default().insert(mode.mode, mode);
    }
    let differing = topics.into_iter().filter(|(_, modes)| modes.len() > 1).map(|(topic, modes)| {
        let at = |(mode, of): (&&str, &&Mode<'_>)| format!("{mode} at {}", picture.broker_said(of.broker));
        let modes_said: Vec<String> = modes.iter().map(at).collect();
        let what = format!("group {name} consumes {topic} by {}", modes_said.join(" and by "));
        let finding =
            Finding::new(FindingKind::RequestModesDiffer, what, places(modes.values().map(|mode| mode.place)));
        let finding = finding.of(name);
        let steps: Vec<String> = finding.what_to_do.iter().map(|step| step.replace("TOPIC", topic)).collect();
        finding.instead(steps)
    });
    differing.collect()
}

/// Messages of the revive topic that wait. It is read with a delay of a few seconds anyway.
fn revive(group: &Group<'_>) -> Option<Finding> {
    const LEAST: i64 = 1_000;
    let rows = group.rows().iter().filter(|row| row.queue.topic.starts_with("rmq_sys_REVIVE_LOG_"));
    let rows: Vec<_> = rows.filter(|row| row.lag() >= LEAST).collect();
    let lag: i64 = rows.iter().map(|row| row.lag()).sum();
    let what = format!("{} to be revived in {}", messages_wait(lag), queues_said(rows.iter().map(|row| row.queue)));
    let places = places(rows.iter().map(|row| row.place));
    (!rows.is_empty()).then(|| Finding::new(FindingKind::ReviveLag, what, places).sure(Sureness::Likely))
}

/// What a group that pops has taken and not acknowledged.
fn inflight(name: &str, group: &Group<'_>) -> Option<Finding> {
    const LEAST: i64 = 1_000;
    let rows: Vec<_> = group.rows().iter().filter(|row| row.inflight.unwrap_or(0) >= LEAST).collect();
    if !group.pops() || rows.is_empty() {
        return None;
    }
    let inflight: i64 = rows.iter().filter_map(|row| row.inflight).sum();
    let what = format!(
        "{} popped and not acknowledged in {}",
        counted(u64::try_from(inflight).unwrap_or(0), "message"),
        queues_said(rows.iter().map(|row| row.queue))
    );
    Some(Finding::new(FindingKind::Inflight, what, places(rows.iter().map(|row| row.place))).of(name))
}
