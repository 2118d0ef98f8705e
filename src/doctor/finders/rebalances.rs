//! Rebalances by a client's log: too many, members that come and go, queues that come and go.

use super::{places, queues_said};
use crate::doctor::moments::{MINUTE_MS, most_within, turns};
use crate::doctor::picture::Group;
use crate::doctor::{Finding, FindingKind, Picture, Sureness};
use crate::import::Place;
use crate::import::fact::{LogEvent, QueueName};
use std::collections::BTreeMap;

/// A result changes once for each member that comes or goes: a release of a few pods makes no storm.
const STORM_A_MINUTE: usize = 10;
/// The number of members turned so often.
const FLAPPING_TURNS: usize = 4;
/// A queue was taken so often within ten minutes.
const TAKEN_AGAIN: usize = 4;
const TEN_MINUTES_MS: i64 = 10 * MINUTE_MS;

pub(in crate::doctor) fn find(picture: &Picture<'_>) -> Vec<Finding> {
    let found = picture.groups.iter().flat_map(|(name, group)| {
        let flapping = flapping(name, group);
        let storm = if flapping.is_some() { None } else { storm(name, group) };
        [flapping, storm, looping(name, group)]
    });
    found.flatten().collect()
}

/// What each client said of each topic: when, and how many members it saw.
type Rebalances<'a> = BTreeMap<(&'a str, &'a str), Vec<(i64, Place, u32)>>;

fn rebalances<'a>(group: &Group<'a>) -> Rebalances<'a> {
    let mut all: Rebalances<'_> = BTreeMap::new();
    for logged in &group.logged {
        if let LogEvent::Rebalanced { client_id, topic, members, .. } = logged.event {
            all.entry((client_id, topic)).or_default().push((logged.at_ms, logged.place, *members));
        }
    }
    all
}

fn storm(name: &str, group: &Group<'_>) -> Option<Finding> {
    let all = rebalances(group);
    let most = all.iter().filter_map(|((client, topic), moments)| {
        let moments: Vec<(i64, Place)> = moments.iter().map(|(at_ms, place, _)| (*at_ms, *place)).collect();
        most_within(&moments, MINUTE_MS).map(|(count, place)| (count, place, client, topic))
    });
    let (count, place, client, topic) = most.max_by_key(|(count, ..)| *count)?;
    (count >= STORM_A_MINUTE).then(|| {
        let what = format!("{client} had another share of {topic} {count} times within a minute");
        Finding::new(FindingKind::RebalanceStorm, what, vec![place]).of(name)
    })
}

fn flapping(name: &str, group: &Group<'_>) -> Option<Finding> {
    let all = rebalances(group);
    let turned = all.iter().map(|((client, topic), moments)| {
        let seen: Vec<u32> = moments.iter().map(|(_, _, members)| *members).collect();
        (turns(&seen), client, topic, moments)
    });
    let (turned, client, topic, moments) = turned.max_by_key(|(turned, ..)| *turned)?;
    if turned < FLAPPING_TURNS {
        return None;
    }
    let counts = moments.iter().map(|(_, _, members)| *members);
    let (least, most) = (counts.clone().min().unwrap_or(0), counts.max().unwrap_or(0));
    let what = format!("{client} saw {least} to {most} members of {topic}, up and down {turned} times");
    let places = places(moments.iter().map(|(_, place, _)| *place).take(3));
    Some(Finding::new(FindingKind::MembersFlap, what, places).of(name))
}

fn looping(name: &str, group: &Group<'_>) -> Option<Finding> {
    let mut taken: BTreeMap<&QueueName, Vec<(i64, Place)>> = BTreeMap::new();
    let mut given: BTreeMap<&QueueName, usize> = BTreeMap::new();
    for logged in &group.logged {
        match logged.event {
            LogEvent::QueueAdded { queue, .. } => taken.entry(queue).or_default().push((logged.at_ms, logged.place)),
            LogEvent::QueueRemoved { queue, .. } => *given.entry(queue).or_default() += 1,
            _ => {}
        }
    }
    let most = taken.iter().filter(|(queue, _)| given.get(*queue).copied().unwrap_or(0) + 1 >= TAKEN_AGAIN);
    let most = most.filter_map(|(queue, moments)| Some((most_within(moments, TEN_MINUTES_MS)?, queue)));
    let ((count, place), queue) = most.max_by_key(|((count, _), _)| *count)?;
    (count >= TAKEN_AGAIN).then(|| {
        let what =
            format!("{} was taken {count} times within ten minutes, and given up between", queues_said([*queue]));
        Finding::new(FindingKind::QueueComesAndGoes, what, vec![place]).of(name).sure(Sureness::Certain)
    })
}
