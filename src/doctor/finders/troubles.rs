//! What logs say went wrong: each kind with how often is worth a word.

use super::{named, places};
use crate::doctor::picture::Logged;
use crate::doctor::{Finding, FindingKind, Picture};
use crate::import::fact::{LogEvent, LogTrouble};
use crate::wording::counted;
use std::collections::{BTreeMap, BTreeSet};

/// A kind of trouble, what it is found as, from how many lines on, and what a line says.
struct Row(LogTrouble, FindingKind, usize, &'static str);

/// All of them. Where a line now and then is normal, only more of them are told.
const ROWS: &[Row] = &[
    Row(LogTrouble::OffsetIllegal, FindingKind::OffsetIllegal, 1, "a pull had an offset outside its queue"),
    // A member that has just started, or whose broker has, is in no list for a moment.
    Row(LogTrouble::NotInMemberList, FindingKind::NotInMemberList, 4, "a member was not in the list that it was given"),
    Row(LogTrouble::StrategyThrew, FindingKind::StrategyThrew, 3, "the strategy threw, and the member kept its queues"),
    Row(
        LogTrouble::ChannelEventDropped,
        FindingKind::ChannelEventDropped,
        1,
        "a broker threw away an event of a connection",
    ),
    Row(
        LogTrouble::ChannelExpired,
        FindingKind::ChannelExpired,
        1,
        "a broker removed a silent member, and told nobody",
    ),
    Row(LogTrouble::TwoIdsOfOneChannel, FindingKind::TwoIdsOfOneChannel, 1, "one connection said two client ids"),
    Row(
        LogTrouble::PullExpired,
        FindingKind::PullExpired,
        1,
        "a queue was given up, as nothing was pulled for two minutes",
    ),
    Row(
        LogTrouble::ConsumeTimeout,
        FindingKind::ConsumeTimeout,
        1,
        "a message took longer than consumeTimeout, and was sent back",
    ),
    Row(LogTrouble::SendBackFailed, FindingKind::SendBackFailed, 1, "a message could not be sent back"),
    Row(LogTrouble::NoMemberList, FindingKind::NoMemberList, 5, "a rebalance got no list of members"),
    // Each hand-over may take an offset back by a few messages, and drop what is at work.
    Row(LogTrouble::OffsetWentBack, FindingKind::OffsetWentBack, 20, "a committed offset went back"),
    Row(
        LogTrouble::DroppedWhileAtWork,
        FindingKind::DroppedWhileAtWork,
        5,
        "work was thrown away, as its queue was gone",
    ),
    Row(LogTrouble::SubscriptionChanged, FindingKind::SubscriptionChanges, 3, "a broker saw the group give a topic up"),
    Row(
        LogTrouble::SubscriptionNotExist,
        FindingKind::SubscriptionNotExist,
        10,
        "a pull was refused, as the broker knew no subscription",
    ),
    Row(LogTrouble::GroupNotRegistered, FindingKind::GroupNotRegistered, 10, "a broker knew no member of the group"),
    Row(LogTrouble::HeartbeatFailed, FindingKind::HeartbeatFailed, 3, "a heartbeat failed"),
    Row(LogTrouble::NoRoute, FindingKind::NoRoute, 3, "a route could not be had"),
    Row(
        LogTrouble::SubscriptionNotLatest,
        FindingKind::SubscriptionNotLatest,
        10,
        "a pull was refused, as the broker had an older subscription",
    ),
    Row(LogTrouble::NotLocked, FindingKind::NotLocked, 10, "an orderly queue was not locked"),
    Row(LogTrouble::FlowControl, FindingKind::FlowControl, 10, "a pull was put off, as too much was cached"),
];

/// A line of trouble.
type Line<'p, 'a> = (&'p Logged<'a>, Option<&'a str>);

pub(in crate::doctor) fn find(picture: &Picture<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    let of_groups = picture.groups.iter().map(|(name, group)| (*name, group.logged.as_slice()));
    for (name, logged) in of_groups.chain([("", picture.logged.as_slice())]) {
        let mut by_kind: BTreeMap<LogTrouble, Vec<Line<'_, '_>>> = BTreeMap::new();
        for line in logged {
            if let LogEvent::Trouble { kind, queue, .. } = line.event {
                by_kind.entry(*kind).or_default().push((line, queue.as_ref().map(|queue| queue.topic.as_str())));
            }
        }
        found.extend(ROWS.iter().filter_map(|row| by_kind.get(&row.0).and_then(|lines| of_row(row, name, lines))));
    }
    found
}

fn of_row(Row(_, kind, least, says): &Row, name: &str, lines: &[Line<'_, '_>]) -> Option<Finding> {
    if lines.len() < *least {
        return None;
    }
    let topics: BTreeSet<&str> = lines.iter().filter_map(|(_, topic)| *topic).collect();
    let topics: Vec<&str> = topics.into_iter().collect();
    let of = if topics.is_empty() { String::new() } else { format!(" of {}", named(&topics)) };
    let (first, last) =
        (lines.iter().map(|(line, _)| line.at_ms).min()?, lines.iter().map(|(line, _)| line.at_ms).max()?);
    let within =
        if lines.len() > 1 { format!(" within {}", super::super::moments::said(last - first)) } else { String::new() };
    let count = lines.len() as u64;
    let what = format!("{} {}{of}{within}: {says}", counted(count, "line"), if count == 1 { "says" } else { "say" });
    let places = places(lines.iter().map(|(line, _)| line.place).take(3));
    let finding = Finding::new(*kind, what, places).of(name);
    let topic = topics.first().copied().unwrap_or("TOPIC");
    let steps: Vec<String> = finding.what_to_do.iter().map(|step| step.replace("TOPIC", topic)).collect();
    Some(finding.instead(steps))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_kind_of_trouble_is_told_twice() {
        let kinds: BTreeSet<LogTrouble> = ROWS.iter().map(|row| row.0).collect();
        assert_eq!(kinds.len(), ROWS.len());
    }
}
