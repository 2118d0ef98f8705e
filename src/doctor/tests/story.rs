//! A small language of facts, for stories.

use crate::doctor::{Asked, Finding, diagnose};
use crate::import::evidence::Recognised;
use crate::import::fact::{BrokerRef, Fact, QueueName, Sighted};
use crate::import::section::{Call, Input, Place};
use crate::import::{Evidence, read};

/// The kinds of what is found, in their order, with a space between.
pub(super) fn kinds(story: &str) -> String {
    kinds_of(&diagnose(&evidence(story), &Asked::default()))
}

/// The kinds of findings.
pub(super) fn kinds_of(findings: &[Finding]) -> String {
    findings.iter().map(|finding| finding.kind.word()).collect::<Vec<_>>().join(" ")
}

/// Checks a table of stories.
pub(super) fn check(table: &[(&str, &str)]) {
    for (story, expected) in table {
        let found = diagnose(&evidence(story), &Asked::default());
        let said: Vec<&str> = found.iter().map(|finding| finding.what.as_str()).collect();
        assert_eq!(kinds_of(&found), *expected, "{story}\n{said:#?}");
        for finding in &found {
            assert!(!finding.evidence.is_empty(), "{}: no place", finding.what);
            assert!(!finding.what.contains('\n') && !finding.what.ends_with('.'), "{}", finding.what);
        }
    }
}

/// Facts of a story, one a line; `---` begins a piece, and a number behind it is when, in milliseconds. A line of a log
/// begins with `log`.
pub(super) fn evidence(story: &str) -> Evidence {
    let mut evidence = Evidence { inputs: vec!["story".to_owned()], ..Evidence::default() };
    let mut at_ms = None;
    let mut begins = 0;
    let mut end = |evidence: &mut Evidence, at_ms: Option<i64>| {
        let facts = evidence.facts.len() - begins;
        begins = evidence.facts.len();
        let call = Some(Call { at_ms, ..Call::default() });
        evidence.recognised.push(Recognised { place: Place { input: 0, line: 1 }, what: "a story", facts, call });
    };
    for (number, line) in (1..).zip(story.lines()) {
        let line = line.trim();
        let place = Place { input: 0, line: number };
        if let Some(time) = line.strip_prefix("---") {
            end(&mut evidence, at_ms);
            at_ms = time.trim().parse().ok();
        } else if let Some(logged) = line.strip_prefix("log ") {
            let text = logged.replace("MQ(", "MessageQueue [topic=t, brokerName=b, queueId=").replace(')', "]");
            let read = read(&[Input { name: "log".to_owned(), text: text.clone() }]);
            assert_eq!(read.facts.len(), 1, "{text}: {:?}", read.notes);
            evidence.facts.extend(read.facts.into_iter().map(|sighted| Sighted { place, ..sighted }));
        } else if !line.is_empty() {
            evidence.facts.push(Sighted { place, fact: fact(line) });
        }
    }
    end(&mut evidence, at_ms);
    evidence
}

/// A queue: `orders/broker-a/3`.
fn queue(word: &str) -> QueueName {
    let parts: Vec<&str> = word.split('/').collect();
    QueueName { topic: parts[0].to_owned(), broker: parts[1].to_owned(), id: parts[2].parse().expect("a number") }
}

/// A line in words.
struct Words<'a> {
    line: &'a str,
    words: Vec<&'a str>,
}

impl Words<'_> {
    /// A word; `-` is none.
    fn own(&self, at: usize) -> Option<String> {
        self.words.get(at).filter(|word| **word != "-").map(|word| (*word).to_owned())
    }

    fn must(&self, at: usize) -> String {
        self.own(at).unwrap_or_else(|| panic!("{}: word {at}", self.line))
    }

    fn number<N: std::str::FromStr<Err: std::fmt::Debug>>(&self, at: usize) -> Option<N> {
        self.own(at).map(|word| word.parse().expect("a number"))
    }

    fn broker(&self, at: usize) -> BrokerRef {
        match self.must(at).as_str() {
            "here" => BrokerRef::OfThisFolder,
            name if name.contains(':') => BrokerRef::Address(name.to_owned()),
            name => BrokerRef::Name(name.to_owned()),
        }
    }

    /// What stands behind `key=`.
    fn value(&self, key: &str) -> Option<&str> {
        self.words.iter().find_map(|word| word.strip_prefix(key)?.strip_prefix('='))
    }
}

fn fact(line: &str) -> Fact {
    let words = Words { line, words: line.split_whitespace().collect() };
    of_members(&words).or_else(|| of_brokers(&words)).unwrap_or_else(|| panic!("`{line}` is no fact"))
}

/// What is said of members.
fn of_members(words: &Words<'_>) -> Option<Fact> {
    Some(match words.words[0] {
        "member" => Fact::Member {
            group: words.own(1),
            client_id: words.must(2),
            address: words.own(3),
            language: words.own(4).or(Some("JAVA".to_owned())),
            version: words.own(5).or(Some("V5_3_3".to_owned())),
        },
        "row" => Fact::Progress {
            group: words.own(1),
            queue: queue(&words.must(2)),
            broker_offset: words.number(3).expect("an offset"),
            consumer_offset: words.number(4).expect("an offset"),
            client_ip: words.own(5),
            inflight: words.number(6),
            last_time: None,
        },
        "owner" => Fact::Owner {
            group: words.own(1),
            client_id: words.must(2),
            queue: queue(&words.must(3)),
            locked: words.own(4).map(|word| word == "locked"),
            dropped: Some(false),
            cached: None,
            last_pull_ms: None,
            last_consume_ms: None,
        },
        "is" => Fact::GroupIs {
            group: words.own(1),
            members: words.number(2),
            consume_type: None,
            message_model: words.own(3),
            consume_from_where: words.own(4),
            consume_tps: None,
            diff_total: words.number(5),
        },
        "sub" => Fact::Subscription {
            group: words.own(1),
            client_id: words.own(2),
            topic: words.must(3),
            expression: words.must(4),
        },
        "differ" => Fact::SubscriptionsDiffer { group: words.own(1) },
        "client" => Fact::ClientSetting {
            group: words.own(1),
            client_id: words.own(2),
            key: words.must(3),
            value: words.must(4),
        },
        _ => return None,
    })
}

/// What is said of brokers.
fn of_brokers(words: &Words<'_>) -> Option<Fact> {
    Some(match words.words[0] {
        "topic" => Fact::TopicAt {
            topic: words.must(1),
            broker: words.broker(2),
            read_queues: words.number(3),
            write_queues: words.number(4),
            perm: words.number(5),
        },
        "range" => Fact::QueueRange {
            topic: words.own(1),
            broker: words.must(2),
            queue: words.number(3).expect("a queue"),
            min: words.number(4).expect("an offset"),
            max: words.number(5).expect("an offset"),
            last_updated: None,
        },
        "committed" => Fact::Committed {
            broker: BrokerRef::OfThisFolder,
            group: words.own(1),
            topic: words.must(2),
            queue_broker: words.own(3),
            queue: words.number(4).expect("a queue"),
            offset: words.number(5).expect("an offset"),
        },
        "group" => Fact::GroupAt {
            group: words.must(1),
            broker: words.broker(2),
            consume_enable: words.value("enable").map(|word| word == "true"),
            consume_broadcast_enable: words.value("broadcast").map(|word| word == "true"),
            retry_queue_nums: words.value("retryQueues").map(|word| word.parse().expect("a number")),
            retry_max_times: words.value("retryTimes").map(|word| word.parse().expect("a number")),
            consume_message_orderly: None,
        },
        "mode" => Fact::RequestMode {
            broker: words.broker(1),
            topic: words.must(2),
            group: words.must(3),
            mode: words.must(4),
            pop_share_queue_num: None,
        },
        "broker" => Fact::Broker {
            cluster: None,
            name: words.must(1),
            id: Some(0),
            address: words.own(2),
            version: None,
            activated: None,
        },
        // The value may hold spaces, and `_` at its end stands for one.
        "conf" => Fact::BrokerSetting {
            broker: words.broker(1),
            key: words.must(2),
            value: words.line.splitn(4, ' ').nth(3).unwrap_or("").replace('_', " "),
        },
        _ => return None,
    })
}
