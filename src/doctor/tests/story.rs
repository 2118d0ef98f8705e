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

fn fact(line: &str) -> Fact {
    let words: Vec<&str> = line.split_whitespace().collect();
    let own = |at: usize| words.get(at).filter(|word| **word != "-").map(|word| (*word).to_owned());
    let number = |at: usize| own(at).map(|word| word.parse::<i64>().expect("a number"));
    let must = |at: usize| own(at).unwrap_or_else(|| panic!("{line}: word {at}"));
    let broker = |at: usize| match must(at).as_str() {
        "here" => BrokerRef::OfThisFolder,
        name if name.contains(':') => BrokerRef::Address(name.to_owned()),
        name => BrokerRef::Name(name.to_owned()),
    };
    // What stands behind `key=`.
    let value = |key: &str| words.iter().find_map(|word| word.strip_prefix(key)?.strip_prefix('=')).map(str::to_owned);
    match words[0] {
        "member" => Fact::Member {
            group: own(1),
            client_id: must(2),
            address: own(3),
            language: own(4).or(Some("JAVA".to_owned())),
            version: own(5).or(Some("V5_3_3".to_owned())),
        },
        "row" => Fact::Progress {
            group: own(1),
            queue: queue(words[2]),
            broker_offset: number(3).expect("an offset"),
            consumer_offset: number(4).expect("an offset"),
            client_ip: own(5),
            inflight: number(6),
            last_time: None,
        },
        "owner" => Fact::Owner {
            group: own(1),
            client_id: must(2),
            queue: queue(words[3]),
            locked: own(4).map(|word| word == "locked"),
            dropped: Some(false),
            cached: None,
            last_pull_ms: None,
            last_consume_ms: None,
        },
        "is" => Fact::GroupIs {
            group: own(1),
            members: number(2).map(|count| count as u32),
            consume_type: None,
            message_model: own(3),
            consume_from_where: own(4),
            consume_tps: None,
            diff_total: number(5),
        },
        "sub" => Fact::Subscription { group: own(1), client_id: own(2), topic: must(3), expression: must(4) },
        "differ" => Fact::SubscriptionsDiffer { group: own(1) },
        "client" => Fact::ClientSetting { group: own(1), client_id: own(2), key: must(3), value: must(4) },
        "topic" => Fact::TopicAt {
            topic: must(1),
            broker: broker(2),
            read_queues: number(3).map(|count| count as u32),
            write_queues: number(4).map(|count| count as u32),
            perm: number(5).map(|perm| perm as u8),
        },
        "range" => Fact::QueueRange {
            topic: own(1),
            broker: must(2),
            queue: number(3).expect("a queue") as u32,
            min: number(4).expect("an offset"),
            max: number(5).expect("an offset"),
            last_updated: None,
        },
        "committed" => Fact::Committed {
            broker: BrokerRef::OfThisFolder,
            group: own(1),
            topic: must(2),
            queue_broker: own(3),
            queue: number(4).expect("a queue") as u32,
            offset: number(5).expect("an offset"),
        },
        "group" => Fact::GroupAt {
            group: must(1),
            broker: broker(2),
            consume_enable: value("enable").map(|word| word == "true"),
            consume_broadcast_enable: value("broadcast").map(|word| word == "true"),
            retry_queue_nums: value("retryQueues").map(|word| word.parse().expect("a number")),
            retry_max_times: value("retryTimes").map(|word| word.parse().expect("a number")),
            consume_message_orderly: None,
        },
        "mode" => Fact::RequestMode {
            broker: broker(1),
            topic: must(2),
            group: must(3),
            mode: must(4),
            pop_share_queue_num: None,
        },
        "broker" => {
            Fact::Broker { cluster: None, name: must(1), id: Some(0), address: own(2), version: None, activated: None }
        }
        // The value may hold spaces, and `_` at its end stands for one.
        "conf" => Fact::BrokerSetting {
            broker: broker(1),
            key: must(2),
            value: line.splitn(4, ' ').nth(3).unwrap_or("").replace('_', " "),
        },
        other => panic!("`{other}` is no fact"),
    }
}
