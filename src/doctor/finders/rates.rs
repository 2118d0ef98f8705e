//! Two looks at a group: what moves, what stands still, and how long until all is caught up.

use super::{group_said, have, messages_wait, places, queues_said};
use crate::doctor::moments::said;
use crate::doctor::picture::{Group, Row, Snapshot};
use crate::doctor::{Finding, FindingKind, Picture, Sureness};
use crate::import::fact::QueueName;
use crate::wording::grouped;
use std::collections::BTreeMap;

/// Looks nearer to each other than this tell of chance: offsets are committed every 5 s.
const LEAST_APART_MS: i64 = 8_000;

pub(in crate::doctor) fn find(picture: &Picture<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (name, group) in picture.groups.iter().filter(|(_, group)| !group.broadcasts()) {
        let Some((first, last)) = looks(group) else { continue };
        let before: BTreeMap<&QueueName, &Row<'_>> = first.rows.iter().map(|row| (row.queue, row)).collect();
        let pairs: Vec<(&Row<'_>, &Row<'_>)> =
            last.rows.iter().filter_map(|row| Some((*before.get(row.queue)?, row))).collect();
        found.extend(standing(name, group, &pairs));
        found.extend(trend(name, first, last, &pairs));
    }
    found
}

/// The first and the last look at the same queues, by their times, or else by the ends of the queues, which only grow.
fn looks<'s, 'a>(group: &'s Group<'a>) -> Option<(&'s Snapshot<'a>, &'s Snapshot<'a>)> {
    let queues = |snapshot: &Snapshot<'a>| snapshot.rows.iter().map(|row| row.queue).collect::<Vec<_>>();
    let fullest: Vec<&QueueName> = group.rows().iter().map(|row| row.queue).collect();
    let same: Vec<&Snapshot<'_>> = group.snapshots.iter().filter(|snapshot| queues(snapshot) == fullest).collect();
    let (first, last) = match same[..] {
        [first, .., last] => (first, last),
        _ => return None,
    };
    if let (Some(from), Some(to)) = (first.at_ms, last.at_ms) {
        return match to - from {
            apart if apart.abs() < LEAST_APART_MS => None,
            apart if apart < 0 => Some((last, first)),
            _ => Some((first, last)),
        };
    }
    let grows = |from: &Snapshot<'_>, to: &Snapshot<'_>| {
        from.rows.iter().zip(&to.rows).all(|(before, after)| before.broker_offset <= after.broker_offset)
    };
    match (grows(first, last), grows(last, first)) {
        (true, false) => Some((first, last)),
        (false, true) => Some((last, first)),
        _ => None,
    }
}

/// Queues that have messages and do not move, though others of the group do.
fn standing(name: &str, group: &Group<'_>, pairs: &[(&Row<'_>, &Row<'_>)]) -> Option<Finding> {
    let moves = |(before, after): &&(&Row<'_>, &Row<'_>)| after.consumer_offset > before.consumer_offset;
    if !pairs.iter().any(|pair| moves(&pair)) {
        return None;
    }
    // What came since the first look may be on its way.
    let hosts = group.hosts();
    let still =
        pairs.iter().filter(|(before, after)| before.lag() > 0 && after.consumer_offset == before.consumer_offset);
    let still: Vec<&Row<'_>> = still
        .map(|(_, after)| *after)
        .filter(|row| hosts.get(row.queue).is_none_or(|(_, host)| host.is_some()))
        .collect();
    let waiting: i64 = still.iter().map(|row| row.lag()).sum();
    let what = format!(
        "{} not moved while others of {} did: {}; {}",
        have(still.len(), "queue"),
        group_said(name),
        queues_said(still.iter().map(|row| row.queue)),
        messages_wait(waiting)
    );
    let places = places(still.iter().map(|row| row.place));
    (!still.is_empty())
        .then(|| Finding::new(FindingKind::QueueStandsStill, what, places).of(name).sure(Sureness::Likely))
}

/// Whether all of it grows or shrinks, and how fast. Times are needed for the rates.
fn trend(name: &str, first: &Snapshot<'_>, last: &Snapshot<'_>, pairs: &[(&Row<'_>, &Row<'_>)]) -> Option<Finding> {
    let apart_ms = last.at_ms?.checked_sub(first.at_ms?).filter(|apart| *apart > 0)?;
    let sum = |of: fn(&Row<'_>) -> i64| {
        let [before, after] = [0, 1].map(|at| pairs.iter().map(|pair| of([pair.0, pair.1][at])).sum::<i64>());
        (before, after)
    };
    let (lag_before, lag) = sum(|row| row.lag());
    let (written_before, written) = sum(|row| row.broker_offset);
    let (done_before, done) = sum(|row| row.consumer_offset.max(0));
    let [written, done] = [written - written_before, done - done_before];
    let per_second = |messages: i64| {
        let tenths = messages.max(0) as u64 * 10_000 / apart_ms as u64;
        format!("{}.{}/s", grouped(tenths / 10), tenths % 10)
    };
    let rates = format!("{} written and {} consumed over {}", per_second(written), per_second(done), said(apart_ms));
    let place =
        places(last.rows.first().map(|row| row.place).into_iter().chain(first.rows.first().map(|row| row.place)));
    // A lag that doubles, by a hundred messages at least: batches make it swing.
    if lag > lag_before.saturating_mul(2) && lag - lag_before > 100 && written > done {
        let what = format!("the lag of {} grows from {lag_before} to {lag}: {rates}", group_said(name));
        return Some(Finding::new(FindingKind::LagGrows, what, place).of(name).sure(Sureness::Likely));
    }
    let gained = lag_before - lag;
    if gained <= 0 || lag < 100 {
        return None;
    }
    let left = lag.saturating_mul(apart_ms) / gained;
    let what =
        format!("{} is caught up in about {} if it goes on so: {lag} wait, {rates}", group_said(name), said(left));
    Some(Finding::new(FindingKind::CatchesUp, what, place).of(name).sure(Sureness::Possible))
}
