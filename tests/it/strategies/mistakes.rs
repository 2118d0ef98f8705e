//! Plausible mistakes, planted one by one: the recorded answers must notice each.

use std::sync::Arc;

use md5::{Digest as _, Md5};
use rebalance_sim::conformance::{Conformance, Subject};
use rebalance_sim::strategy::hash_ring::HashRing;
use rebalance_sim::strategy::order::compare_to;
use rebalance_sim::strategy::{AllocateError, ClientId, MessageQueue, StrategyError, StrategyParameters, registry};

use super::vectors;
use super::wrong::{Shared, Wrong};

/// Makes all strategies right but those whose name begins so.
macro_rules! wrong {
    ($name:literal, $answer:expr) => {
        Subject {
            build: |name: &str, parameters: &StrategyParameters| -> Result<Shared, StrategyError> {
                let right = registry::build(name, parameters)?;
                Ok(if name.starts_with($name) { Arc::new(Wrong { right, answer: $answer }) } else { right })
            },
            ..Subject::default()
        }
    };
}

/// Makes strategies right but for other settings.
macro_rules! wrong_settings {
    ($change:expr) => {
        Subject {
            build: |name: &str, parameters: &StrategyParameters| -> Result<Shared, StrategyError> {
                let mut parameters = parameters.clone();
                let change: fn(&mut StrategyParameters) = $change;
                change(&mut parameters);
                registry::build(name, &parameters)
            },
            ..Subject::default()
        }
    };
}

macro_rules! wrong_part {
    ($part:ident, $wrong:expr) => {
        Subject { $part: $wrong, ..Subject::default() }
    };
}

fn bytes_sign(a: &str, b: &str) -> i32 {
    a.cmp(b) as i32
}

fn code_points(a: &str, b: &str) -> i32 {
    let differing = a.chars().zip(b.chars()).find(|(a, b)| a != b);
    differing.map_or_else(|| a.chars().count() as i32 - b.chars().count() as i32, |(a, b)| a as i32 - b as i32)
}

fn java_hash(text: &str) -> i32 {
    text.encode_utf16().fold(0i32, |hash, unit| hash.wrapping_mul(31).wrapping_add(i32::from(unit)))
}

fn digest(key: &str) -> [u8; 16] {
    Md5::digest(key.as_bytes()).into()
}

/// A mistake with its name.
type Mistake = (&'static str, Subject);

/// Strings and queues compared otherwise.
fn comparing() -> Vec<Mistake> {
    vec![
        ("strings compared by UTF-8 bytes, as a sign", wrong_part!(compare_strings, bytes_sign)),
        ("strings compared by code point", wrong_part!(compare_strings, code_points)),
        (
            "the longer of two ids with one beginning first",
            wrong_part!(sort_ids, |ids| {
                ids.sort_by(|a, b| {
                    let one = a.starts_with(&**b) || b.starts_with(&**a);
                    let right = compare_to(a, b);
                    if one { 0.cmp(&right) } else { right.cmp(&0) }
                });
            }),
        ),
        (
            "queue ids compared without overflow",
            wrong_part!(compare_queues, |a, b| {
                if (&a.topic, &a.broker_name) == (&b.topic, &b.broker_name) {
                    a.queue_id.saturating_sub(b.queue_id)
                } else {
                    a.compare_to(b)
                }
            }),
        ),
        (
            "broker before topic",
            wrong_part!(compare_queues, |a, b| {
                match compare_to(&a.broker_name, &b.broker_name) {
                    0 => a.compare_to(b),
                    differing => differing,
                }
            }),
        ),
    ]
}

/// Lists sorted otherwise.
fn sorting() -> Vec<Mistake> {
    vec![
        ("ids sorted by UTF-8 bytes", wrong_part!(sort_ids, |ids| ids.sort())),
        ("ids sorted by number", wrong_part!(sort_ids, |ids| ids.sort_by_key(|id| (id.len(), id.clone())))),
        (
            "queues sorted by the text of their numbers",
            wrong_part!(sort_queues, |queues| {
                queues.sort_by(|a, b| {
                    let texts =
                        compare_to(&a.topic, &b.topic).cmp(&0).then(compare_to(&a.broker_name, &b.broker_name).cmp(&0));
                    texts.then(a.queue_id.to_string().cmp(&b.queue_id.to_string()))
                });
            }),
        ),
        (
            "queues sorted by broker names' UTF-8 bytes",
            wrong_part!(sort_queues, |queues| {
                queues.sort_by(|a, b| a.broker_name.cmp(&b.broker_name).then(a.compare(b)));
            }),
        ),
    ]
}

/// Texts and hashes made otherwise.
fn hashing() -> Vec<Mistake> {
    vec![
        (
            "the text of a queue without blanks",
            wrong_part!(queue_text, |queue| queue.to_java_string().replace(", ", ",")),
        ),
        (
            "the hash of a queue in the order of its text",
            wrong_part!(queue_hash_code, |queue| {
                let parts = [java_hash(&queue.topic), java_hash(&queue.broker_name), queue.queue_id];
                parts.into_iter().fold(1i32, |hash, part| hash.wrapping_mul(31).wrapping_add(part))
            }),
        ),
        (
            "the hash of a queue from UTF-8 bytes",
            wrong_part!(queue_hash_code, |queue| {
                let bytes = |text: &str| {
                    text.bytes().fold(0i32, |hash, byte| hash.wrapping_mul(31).wrapping_add(i32::from(byte)))
                };
                let parts = [bytes(&queue.broker_name), queue.queue_id, bytes(&queue.topic)];
                parts.into_iter().fold(1i32, |hash, part| hash.wrapping_mul(31).wrapping_add(part))
            }),
        ),
        (
            "the hash of the ring little-endian",
            wrong_part!(hash, |key| {
                let digest = digest(key);
                u32::from_le_bytes([digest[0], digest[1], digest[2], digest[3]])
            }),
        ),
        (
            "the hash of the ring from the end of the digest",
            wrong_part!(hash, |key| {
                let digest = digest(key);
                u32::from_be_bytes([digest[12], digest[13], digest[14], digest[15]])
            }),
        ),
        (
            "signed bytes in the hash of the ring",
            wrong_part!(hash, |key| {
                digest(key)[..4].iter().fold(0i32, |hash, &byte| (hash << 8) | i32::from(byte as i8)) as u32
            }),
        ),
    ]
}

/// Another ring.
fn on_the_ring() -> Vec<Mistake> {
    vec![
        ("virtual nodes counted from 1", wrong_part!(virtual_node_key, |cid, index| format!("{cid}-{}", index + 1))),
        ("virtual nodes with another sign", wrong_part!(virtual_node_key, |cid, index| format!("{cid}#{index}"))),
        ("a virtual node too few", wrong_part!(ring, |cids, count| HashRing::new(cids, count.saturating_sub(1)))),
        (
            "repeated ids on the ring once",
            wrong_part!(ring, |cids, count| {
                let mut seen = std::collections::BTreeSet::new();
                let once: Vec<ClientId> = cids.iter().filter(|cid| seen.insert((*cid).clone())).cloned().collect();
                HashRing::new(&once, count)
            }),
        ),
    ]
}

/// Other blocks of AVG.
fn averaging() -> Vec<Mistake> {
    vec![
        (
            "AVG: the longer blocks at the end",
            wrong!("AVG", |asked| {
                let (queues, members, index) = (asked.queues.len(), asked.cids.len().max(1), asked.first());
                let (size, short) = (queues / members, members - queues % members);
                let start = index * size + index.saturating_sub(short);
                if queues <= members || asked.right()?.is_empty() {
                    return asked.right();
                }
                asked.block(start, size + usize::from(index >= short))
            }),
        ),
        (
            "AVG: one queue too many",
            wrong!("AVG", |asked| {
                let right = asked.right()?;
                let Some(last) = right.last().and_then(|last| asked.queues.iter().position(|queue| queue == last))
                else {
                    return Ok(right);
                };
                Ok(right.into_iter().chain(asked.queues.get(last + 1).cloned()).collect())
            }),
        ),
        (
            "AVG: the last position of a repeated id",
            wrong!("AVG", |asked| {
                let right = asked.right()?;
                if asked.first() == asked.last() {
                    return Ok(right);
                }
                let renamed: Vec<ClientId> = (0..asked.cids.len())
                    .map(|at| if at == asked.last() { asked.cids[at].clone() } else { "?".into() })
                    .collect();
                asked.of(asked.cid, asked.queues, &renamed)
            }),
        ),
        (
            "AVG: who is not in the list is an error",
            wrong!("AVG", |asked| {
                let right = asked.right()?;
                if asked.cids.iter().any(|cid| &**cid == asked.cid) {
                    return Ok(right);
                }
                Err(AllocateError::IllegalArgument("currentCID is not in cidAll".to_owned()))
            }),
        ),
        (
            "AVG: nothing where there are fewer queues than members",
            wrong!("AVG", |asked| {
                let right = asked.right()?;
                Ok(if asked.queues.len() < asked.cids.len() { Vec::new() } else { right })
            }),
        ),
    ]
}

/// Other questions, and other strategies.
fn asking() -> Vec<Mistake> {
    vec![
        (
            "the queues are looked at before the id",
            wrong!("", |asked| {
                if asked.queues.is_empty() {
                    return asked.of("x", asked.queues, asked.cids);
                }
                asked.right()
            }),
        ),
        (
            "repeated ids are one",
            wrong!("AVG", |asked| {
                let mut once = asked.cids.to_vec();
                once.dedup();
                asked.of(asked.cid, asked.queues, &once)
            }),
        ),
        (
            "AVG_BY_CIRCLE: begins with the second",
            wrong!("AVG_BY_CIRCLE", |asked| {
                let mut turned = asked.queues.to_vec();
                if !turned.is_empty() {
                    turned.rotate_left(1)
                }
                asked.of(asked.cid, &turned, asked.cids)
            }),
        ),
        (
            "CONFIG: only what is offered",
            wrong!("CONFIG", |asked| {
                Ok(asked.right()?.into_iter().filter(|queue| asked.queues.contains(queue)).collect())
            }),
        ),
        (
            "CONSISTENT_HASH: the queue's short name as key",
            wrong!("CONSISTENT_HASH", |asked| {
                let renamed: Vec<MessageQueue> = asked
                    .queues
                    .iter()
                    .map(|queue| MessageQueue::new(&format!("{} ", queue.topic), &queue.broker_name, queue.queue_id))
                    .collect();
                let mine = asked.of(asked.cid, &renamed, asked.cids)?;
                Ok(asked
                    .queues
                    .iter()
                    .zip(&renamed)
                    .filter(|(_, queue)| mine.contains(queue))
                    .map(|(queue, _)| queue.clone())
                    .collect())
            }),
        ),
        ("CONSISTENT_HASH: always ten virtual nodes", wrong_settings!(|parameters| parameters.virtual_node_cnt = 10)),
    ]
}

/// Other machine rooms.
fn by_room() -> Vec<Mistake> {
    vec![
        ("MACHINE_ROOM: as before apache/rocketmq#2478", wrong_settings!(|parameters| parameters.before_2478 = true)),
        (
            "MACHINE_ROOM: no rooms instead of none set",
            wrong_settings!(|parameters| {
                parameters.consumer_idcs.get_or_insert_default();
            }),
        ),
        (
            "MACHINE_ROOM: `room@broker@` has three parts",
            wrong!("MACHINE_ROOM", |asked| {
                let kept: Vec<MessageQueue> =
                    asked.queues.iter().filter(|queue| queue.broker_name.matches('@').count() <= 1).cloned().collect();
                if kept.is_empty() { asked.right() } else { asked.of(asked.cid, &kept, asked.cids) }
            }),
        ),
        (
            "MACHINE_ROOM_NEARBY: only the own room",
            wrong!("MACHINE_ROOM_NEARBY", |asked| {
                let all = asked.right()?;
                let room = |name: &str| name.split('-').next().unwrap_or_default().to_owned();
                Ok(all.into_iter().filter(|queue| room(&queue.broker_name) == room(asked.cid)).collect())
            }),
        ),
        (
            "MACHINE_ROOM_NEARBY: rooms without members first",
            wrong!("MACHINE_ROOM_NEARBY", |asked| {
                let mut all = asked.right()?;
                all.sort_by(MessageQueue::compare);
                Ok(all)
            }),
        ),
    ]
}

/// All of them.
fn mistakes() -> Vec<Mistake> {
    [comparing(), sorting(), hashing(), on_the_ring(), averaging(), asking(), by_room()].concat()
}

#[test]
fn every_mistake_is_noticed() {
    let text = vectors();
    let mistakes = mistakes();
    assert!(mistakes.len() >= 20, "{} mistakes", mistakes.len());
    for (name, subject) in mistakes {
        let mut conformance = Conformance::of(subject);
        let noticed = text.lines().any(|line| !matches!(conformance.check_line(line), Ok(None)));
        assert!(noticed, "nobody noticed: {name}");
    }
}
