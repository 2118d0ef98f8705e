//! Files with mistakes in them: whatever stands there, nothing breaks, nothing grows, and nothing is made up.

use proptest::prelude::*;

use super::fact::{BrokerRef, Fact, QueueName};
use super::section::Input;
use super::{browser, deployed, disk, read};

/// What is put in the place of something: marks of the formats, ends of ranges, lines that begin something.
const PIECES: [&str; 28] = [
    "{",
    "}",
    "[",
    "]",
    "\"",
    "'",
    ":",
    ",",
    "=",
    "\n",
    "\t",
    " ",
    "- ",
    "#",
    "---\n",
    "&a ",
    "*a",
    "|\n",
    "<<: ",
    "{{ x }}",
    "@",
    "-1",
    "4294967296",
    "9223372036854775808",
    "null",
    "\u{1f600}",
    "\0",
    "//",
];

/// One mistake: which kind, where in the text and how much of it, with what.
type Mistake = (u8, prop::sample::Index, usize, prop::sample::Index);

fn texts() -> Vec<&'static str> {
    [disk::TEXTS, browser::TEXTS, deployed::TEXTS].into_iter().flatten().map(|[_, text, _]| *text).collect()
}

fn damaged(text: &str, mistakes: &[Mistake]) -> String {
    let texts = texts();
    let mut text: Vec<char> = text.chars().collect();
    for (kind, place, length, with) in mistakes {
        let from = place.index(text.len() + 1);
        let until = (from + length).min(text.len());
        match kind % 5 {
            0 => drop(text.drain(from..until)),
            1 => drop(text.splice(from..from, PIECES[with.index(PIECES.len())].chars())),
            2 => drop(text.splice(from..until, PIECES[with.index(PIECES.len())].chars())),
            3 => {
                let again: Vec<char> = text[from..until].repeat(1 + with.index(40));
                drop(text.splice(from..from, again));
            }
            _ => {
                let other = texts[with.index(texts.len())].chars().skip(*length);
                drop(text.splice(from..from, other));
            }
        }
    }
    text.into_iter().collect()
}

/// The names in a fact that somebody gave: of brokers, topics, groups, clients, addresses.
fn ids(fact: &Fact) -> Vec<&str> {
    fn of_queue(queue: &QueueName) -> [Option<&str>; 2] {
        [Some(&queue.topic), Some(&queue.broker)]
    }
    fn of_broker(broker: &BrokerRef) -> Option<&str> {
        match broker {
            BrokerRef::Name(name) | BrokerRef::Address(name) => Some(name),
            _ => None,
        }
    }
    let found: Vec<Option<&str>> = match fact {
        Fact::Broker { cluster, name, address, .. } => vec![cluster.as_deref(), Some(name), address.as_deref()],
        Fact::NameServer { address } => vec![Some(address)],
        Fact::BrokerSetting { broker, key, value } => vec![of_broker(broker), Some(key), Some(value)],
        Fact::TopicAt { topic, broker, .. } | Fact::Sent { topic, broker, .. } => vec![Some(topic), of_broker(broker)],
        Fact::Topic { topic, .. } => vec![Some(topic)],
        Fact::QueueRange { topic, broker, .. } => vec![topic.as_deref(), Some(broker)],
        Fact::GroupAt { group, broker, .. } => vec![Some(group), of_broker(broker)],
        Fact::GroupIs { group, .. } => vec![group.as_deref()],
        Fact::Member { group, client_id, address, .. } => vec![group.as_deref(), Some(client_id), address.as_deref()],
        Fact::Subscription { group, topic, .. } => vec![group.as_deref(), Some(topic)],
        Fact::Progress { group, queue, .. } => [&[group.as_deref()][..], &of_queue(queue)].concat(),
        Fact::Committed { group, topic, queue_broker, .. } => {
            vec![group.as_deref(), Some(topic), queue_broker.as_deref()]
        }
        Fact::Owner { group, client_id, queue, .. } => {
            [&[group.as_deref(), Some(client_id)][..], &of_queue(queue)].concat()
        }
        Fact::RequestMode { topic, group, .. } | Fact::Lag { group, topic, .. } => vec![Some(group), Some(topic)],
        Fact::Workload { name, .. } if name != "values" => vec![Some(name)],
        _ => Vec::new(),
    };
    found.into_iter().flatten().collect()
}

/// Whether all of a name stands in a text: what a backslash stands for is not told apart, and lines that it joins are one.
fn stands(id: &str, text: &str) -> bool {
    let joined = || {
        let parts = text.split("\\\n").enumerate();
        parts.map(|(at, part)| if at == 0 { part } else { part.trim_start() }).collect::<String>()
    };
    let mut words = id.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.all(|word| text.contains(word) || joined().contains(word))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_breaks_and_nothing_is_made_up(
        of in any::<prop::sample::Index>(),
        mistakes in prop::collection::vec(
            (any::<u8>(), any::<prop::sample::Index>(), 0..40usize, any::<prop::sample::Index>()), 1..6),
    ) {
        let texts = texts();
        let text = damaged(texts[of.index(texts.len())], &mistakes);
        let read = read(&[Input { name: "x".to_owned(), text: text.clone() }]);
        prop_assert!(read.facts.len() + read.notes.len() <= text.len() + 100);
        let lines = text.lines().count().max(1);
        for sighted in &read.facts {
            prop_assert!((1..=lines).contains(&sighted.place.line), "line {} of {lines}", sighted.place.line);
            for id in ids(&sighted.fact) {
                prop_assert!(stands(id, &text), "`{id}` of {:?} stands nowhere in\n{text}", sighted.fact);
            }
        }
        for note in &read.notes {
            prop_assert!((1..=lines).contains(&note.place.line) && note.what.len() < 1_000, "{note:?}");
        }
    }
}

/// Each kind of text stands for many: none costs more than its length.
#[test]
fn what_is_huge_or_deep_is_read_or_refused() {
    let huge = [
        "{\"offsetTable\":".repeat(20_000),
        format!("{{\"offsetTable\":{{{}}}}}", "\"orders@g\":{0:1},".repeat(20_000)),
        "kind: {a: ".repeat(20_000),
        format!("kind: x\nservices:\n{}", "- ".repeat(20_000)),
        "kind: x\n---\n".repeat(20_000),
        format!("brokerName={}", "\\\n".repeat(20_000)),
        format!("rocketmq_group_diff{{{}", "a=\"".repeat(20_000)),
        "{}\n".repeat(20_000),
        format!("kind: x\n{}", "replicas:\n ".repeat(20_000)),
    ];
    for text in huge {
        let read = read(&[Input { name: "x".to_owned(), text }]);
        assert!(read.facts.len() + read.notes.len() <= 60_000);
    }
}
