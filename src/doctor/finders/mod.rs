//! The finders, a file each.

pub(super) mod balance;
pub(super) mod client_ids;
pub(super) mod combinations;
pub(super) mod groups_at_brokers;
pub(super) mod hot_queues;
pub(super) mod ignored_settings;
pub(super) mod lists;
pub(super) mod locks;
mod lone_queues;
pub(super) mod models;
pub(super) mod offsets;
pub(super) mod owners;
pub(super) mod pop;
pub(super) mod rates;
pub(super) mod rebalances;
pub(super) mod strategies;
pub(super) mod subscriptions;
pub(super) mod topics;
pub(super) mod troubles;
pub(super) mod versions;
pub(super) mod wishes;

use crate::import::fact::QueueName;
use crate::import::section::Place;
use crate::wording::{counted, noun};
use std::collections::BTreeMap;

/// Places that a finding shows; more tell no more.
const MOST_PLACES: usize = 5;

/// The first few places, each once.
fn places(all: impl IntoIterator<Item = Place>) -> Vec<Place> {
    let mut shown: Vec<Place> = Vec::new();
    for place in all {
        if shown.len() == MOST_PLACES {
            break;
        }
        if !shown.contains(&place) {
            shown.push(place);
        }
    }
    shown
}

/// Names, cut short where there are many: `a, b and c`, `a, b, c and 4 more`.
fn named<S: AsRef<str>>(names: &[S]) -> String {
    const SHOWN: usize = 3;
    let names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
    match names[..] {
        [] => "nobody".to_owned(),
        [one] => one.to_owned(),
        [ref first @ .., last] if names.len() <= SHOWN => format!("{} and {last}", first.join(", ")),
        _ => format!("{} and {} more", names[..SHOWN].join(", "), names.len() - SHOWN),
    }
}

/// Queues as ranges, cut short: `orders/broker-a/0..3 and orders/broker-b/7`.
fn queues_said<'a>(queues: impl IntoIterator<Item = &'a QueueName>) -> String {
    let mut ids: BTreeMap<(&str, &str), Vec<u32>> = BTreeMap::new();
    for queue in queues {
        ids.entry((&queue.topic, &queue.broker)).or_default().push(queue.id);
    }
    let mut ranges = Vec::new();
    for ((topic, broker), mut ids) in ids {
        ids.sort_unstable();
        ids.dedup();
        for run in ids.chunk_by(|a, b| a + 1 == *b) {
            let (first, last) = (run[0], run[run.len() - 1]);
            let range = if first == last { first.to_string() } else { format!("{first}..{last}") };
            ranges.push(format!("{topic}/{broker}/{range}"));
        }
    }
    named(&ranges)
}

/// `group orders-group`, or `the group` where it has no name.
fn group_said(name: &str) -> String {
    if name.is_empty() { "the group".to_owned() } else { format!("group {name}") }
}

/// `2 queues have`, `1 queue has`.
fn have(count: usize, one: &str) -> String {
    format!("{} {}", counted(count as u64, one), if count == 1 { "has" } else { "have" })
}

/// `3 messages wait`, `1 message waits`.
fn messages_wait(messages: i64) -> String {
    let messages = u64::try_from(messages).unwrap_or(0);
    format!("{} {}", counted(messages, "message"), if messages == 1 { "waits" } else { "wait" })
}

/// A topic of RocketMQ itself: of retries, dead letters, schedules, traces.
fn is_system(topic: &str) -> bool {
    const OWN: [&str; 8] = [
        "TBW102",
        "SCHEDULE_TOPIC_XXXX",
        "BenchmarkTest",
        "OFFSET_MOVED_EVENT",
        "SELF_TEST_TOPIC",
        "TRANS_CHECK_MAX_TIME_TOPIC",
        "RMQ_SYS_TRACE_TOPIC",
        "DefaultHeartBeatSyncerTopic",
    ];
    ["%RETRY%", "%DLQ%", "rmq_sys_", "RMQ_SYS_"].iter().any(|start| topic.starts_with(start))
        || topic.ends_with("_REPLY_TOPIC")
        || OWN.contains(&topic)
}

/// `member`, or `members` beside another count than one.
fn members_said(count: usize) -> String {
    format!("{count} {}", noun(count as u64, "member"))
}
