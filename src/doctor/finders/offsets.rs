//! Offsets that lie outside their queues, or that were never committed.

use super::{group_said, have, is_system, places, queues_said};
use crate::doctor::picture::{Group, Row};
use crate::doctor::{Finding, FindingKind, Picture, Sureness};
use crate::import::Place;
use crate::import::fact::QueueName;
use std::collections::BTreeMap;

pub(in crate::doctor) fn find(picture: &Picture<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (name, group) in picture.groups.iter().filter(|(_, group)| !group.broadcasts()) {
        found.extend(ahead(name, group));
        found.extend(behind(picture, name, group));
        found.extend(never(name, group));
        found.extend(of_files(picture, name, group));
    }
    found
}

/// Beyond the end: what is written next is passed over until the numbers meet.
fn ahead(name: &str, group: &Group<'_>) -> Option<Finding> {
    let rows: Vec<&Row<'_>> = group.rows().iter().filter(|row| row.consumer_offset > row.broker_offset).collect();
    let first = rows.first()?;
    let what = format!(
        "{} a committed offset beyond the end: {}; at the first it is {} and the end {}",
        have(rows.len(), "queue"),
        queues_said(rows.iter().map(|row| row.queue)),
        first.consumer_offset,
        first.broker_offset
    );
    let places = places(rows.iter().map(|row| row.place));
    let finding = Finding::new(FindingKind::OffsetAheadOfMaximum, what, places).of(name);
    let steps: Vec<String> = finding.what_to_do.iter().map(|step| step.replace("TOPIC", &first.queue.topic)).collect();
    Some(finding.instead(steps))
}

/// The first offsets of queues, where exactly one topic can be meant.
fn minima<'a>(picture: &Picture<'a>) -> BTreeMap<(&'a str, &'a str, u32), (i64, Place)> {
    picture.ranges.iter().filter_map(|of| Some(((of.topic?, of.broker, of.queue), (of.min, of.place)))).collect()
}

/// Before the first message: retention took what had not been consumed.
fn behind(picture: &Picture<'_>, name: &str, group: &Group<'_>) -> Option<Finding> {
    let minima = minima(picture);
    // 0 is also said where nothing was ever committed.
    let of_row = |row: &&Row<'_>| {
        let (min, _) = minima.get(&(row.queue.topic.as_str(), row.queue.broker.as_str(), row.queue.id))?;
        (row.consumer_offset > 0 && row.consumer_offset < *min).then_some(*min)
    };
    let rows: Vec<(&Row<'_>, i64)> = group.rows().iter().filter_map(|row| Some((row, of_row(&row)?))).collect();
    let lost: i64 = rows.iter().map(|(row, min)| min - row.consumer_offset).sum();
    let what = format!(
        "{} a committed offset before the first message: {}; {lost} messages were deleted and never consumed",
        have(rows.len(), "queue"),
        queues_said(rows.iter().map(|(row, _)| row.queue)),
    );
    let places = places(rows.iter().map(|(row, _)| row.place));
    (!rows.is_empty()).then(|| Finding::new(FindingKind::OffsetBehindMinimum, what, places).of(name))
}

/// -1, or 0 where others of the topic have moved: 0 is what `consumerProgress` says for both.
fn never(name: &str, group: &Group<'_>) -> Option<Finding> {
    let rows = group.rows().iter().filter(|row| !is_system(&row.queue.topic));
    let rows: Vec<&Row<'_>> = rows.filter(|row| row.consumer_offset <= 0 && row.broker_offset > 0).collect();
    let sure = if rows.iter().any(|row| row.consumer_offset < 0) { Sureness::Certain } else { Sureness::Likely };
    let moved = |topic: &str| group.rows().iter().any(|row| row.queue.topic == topic && row.consumer_offset > 0);
    let rows: Vec<&&Row<'_>> = rows.iter().filter(|row| row.consumer_offset < 0 || moved(&row.queue.topic)).collect();
    // A queue without a client is told of as that.
    let hosts = group.hosts();
    let rows: Vec<_> =
        rows.into_iter().filter(|row| hosts.get(row.queue).is_none_or(|(_, host)| host.is_some())).collect();
    if rows.is_empty() {
        return None;
    }
    let from_last = group
        .heard
        .iter()
        .rev()
        .find_map(|heard| heard.consume_from_where)
        .is_some_and(|from| from.contains("LAST_OFFSET"));
    let kind = if from_last { FindingKind::NewQueueFromLastOffset } else { FindingKind::NeverCommitted };
    let risk = if from_last { ", and CONSUME_FROM_LAST_OFFSET begins at the end of what it has not seen" } else { "" };
    let waiting: i64 = rows.iter().map(|row| row.broker_offset).sum();
    let what = format!(
        "{} has never committed an offset of {} that {waiting} messages are in{risk}",
        group_said(name),
        queues_said(rows.iter().map(|row| row.queue)),
    );
    Some(Finding::new(kind, what, places(rows.iter().map(|row| row.place))).of(name).sure(sure))
}

/// Offsets of a file against the bounds of `topicStatus`.
fn of_files(picture: &Picture<'_>, name: &str, group: &Group<'_>) -> Option<Finding> {
    let outside = group.committed.iter().filter_map(|(place, topic, broker, queue, offset)| {
        let of = |range: &&crate::doctor::picture::Range<'_>| {
            range.topic == Some(topic) && range.queue == *queue && *broker == Some(range.broker)
        };
        let range = picture.ranges.iter().find(of)?;
        (*offset > range.max).then(|| {
            let queue = QueueName { topic: (*topic).to_owned(), broker: range.broker.to_owned(), id: *queue };
            (*place, queue, *offset, range.max, range.place)
        })
    });
    let outside: Vec<_> = outside.collect();
    let (_, _, offset, max, _) = outside.first()?;
    let what = format!(
        "{} an offset in a file beyond the end: {}; at the first it is {offset} and the end {max}",
        have(outside.len(), "queue"),
        queues_said(outside.iter().map(|(_, queue, ..)| queue)),
    );
    let places = places(outside.iter().flat_map(|(place, .., of)| [*place, *of]));
    Some(Finding::new(FindingKind::OffsetAheadOfMaximum, what, places).of(name).sure(Sureness::Likely))
}
