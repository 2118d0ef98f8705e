//! Locks of orderly queues that somebody has who is gone, or that an owner waits for.

use super::{places, queues_said};
use crate::check::Cause;
use crate::doctor::moments::said;
use crate::doctor::picture::Group;
use crate::doctor::{Finding, FindingKind, Picture, Sureness};
use crate::import::Place;
use crate::import::fact::{LogEvent, QueueName};
use std::collections::{BTreeMap, BTreeSet};

pub(in crate::doctor) fn find(picture: &Picture<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (name, group) in &picture.groups {
        found.extend(held_by_the_absent(name, group));
        found.extend(owned_and_not_locked(name, group));
    }
    found
}

/// What the log says last of a queue.
struct Refused<'a> {
    holder: &'a str,
    asker: &'a str,
    first_ms: i64,
    last_ms: i64,
    place: Place,
}

/// Queues that are refused at the end of the log, by queue.
fn refused<'a>(group: &Group<'a>) -> BTreeMap<&'a QueueName, Refused<'a>> {
    let mut last: BTreeMap<&QueueName, Refused<'_>> = BTreeMap::new();
    for logged in &group.logged {
        let (at_ms, place) = (logged.at_ms, logged.place);
        match logged.event {
            LogEvent::LockRefused { queue, holder, client_id, .. } => {
                let begins = Refused { holder, asker: client_id, first_ms: at_ms, last_ms: at_ms, place };
                let of = last.entry(queue).or_insert(begins);
                if of.holder != holder {
                    *of = Refused { holder, asker: client_id, first_ms: at_ms, last_ms: at_ms, place };
                }
                (of.last_ms, of.place) = (at_ms, place);
            }
            LogEvent::LockTaken { queue, .. } | LogEvent::LockGivenBack { queue, .. } => drop(last.remove(queue)),
            _ => {}
        }
    }
    last
}

/// By the list of members, or, without one, by how long a broker has refused: nobody gives a lock back so late.
fn held_by_the_absent(name: &str, group: &Group<'_>) -> Option<Finding> {
    /// A living holder gives a queue up within two rebalances.
    const LONG_MS: i64 = 40_000;
    let members: BTreeSet<&str> = group.members().iter().map(|member| member.client_id).collect();
    let refused = refused(group);
    let absent = |of: &Refused<'_>| match members.is_empty() {
        true => of.last_ms - of.first_ms >= LONG_MS,
        false => !members.contains(of.holder),
    };
    let locked: Vec<(&&QueueName, &Refused<'_>)> = refused.iter().filter(|(_, of)| absent(of)).collect();
    let (_, first) = locked.first()?;
    let long = locked.iter().map(|(_, of)| of.last_ms - of.first_ms).max().unwrap_or(0);
    let gone = if members.is_empty() { "" } else { ", which is not among the members" };
    let what = format!(
        "{} {} locked by {}{gone}; {} asked in vain for {}",
        queues_said(locked.iter().map(|(queue, _)| **queue)),
        if locked.len() == 1 { "is" } else { "are" },
        first.holder,
        first.asker,
        said(long)
    );
    let places =
        places(locked.iter().map(|(_, of)| of.place).chain(group.members().first().map(|member| member.place)));
    let sure = if members.is_empty() { Sureness::Possible } else { Sureness::Certain };
    Some(Finding::new(FindingKind::LockedByAnAbsentOwner, what, places).of(name).sure(sure))
}

/// Members of an orderly group lock what they have; of a concurrent one nothing is locked.
fn owned_and_not_locked(name: &str, group: &Group<'_>) -> Option<Finding> {
    let orderly = group.owned.iter().any(|owned| owned.locked == Some(true));
    // Queues of retries are locked as others are.
    let waiting: Vec<_> = group.owned.iter().filter(|owned| owned.locked == Some(false)).collect();
    if !orderly || waiting.is_empty() {
        return None;
    }
    let what = format!(
        "{} with {} and not locked, though others of the group are: nothing is consumed until they are",
        queues_said(waiting.iter().map(|owned| owned.queue)),
        super::named(
            &waiting.iter().map(|owned| owned.client_id).collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>()
        )
    );
    let what = what.replacen(" with ", if waiting.len() == 1 { " is with " } else { " are with " }, 1);
    let places = places(waiting.iter().map(|owned| owned.place));
    let finding = Finding::new(FindingKind::NotLocked, what, places).of(name).sure(Sureness::Likely);
    Some(finding.because(Cause::WaitingForTheLock))
}
