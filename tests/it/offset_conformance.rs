//! Offset files are read and written as the real store did it: recorded cases of RocketMQ 5.3.3 with fastjson 1.2.83.

use rebalance_sim::offset::conformance::check_case;
use rebalance_sim::offset::{ConsumerOffsets, DataVersion};
use serde_json::{Value, json};

/// The public cases, and answers to questions of our own (Java's bins that grow, turn round and become trees;
/// numbers in disguise; escapes; texts cut anywhere).
const FIXTURES: [(&str, &str); 2] = [
    ("offset_store.jsonl", include_str!("../fixtures/offset_store.jsonl")),
    ("offset_store_more.jsonl", include_str!("../fixtures/offset_store_more.jsonl")),
];

#[test]
fn every_recorded_case_agrees() {
    for (file, text) in FIXTURES {
        for (index, line) in text.lines().enumerate() {
            let case: Value = serde_json::from_str(line).unwrap();
            check_case(&case).unwrap_or_else(|difference| panic!("{file}, line {}: {difference}", index + 1));
        }
    }
}

/// The comparison itself must be able to fail, in each of its parts.
#[test]
fn a_changed_case_is_caught() {
    let cases: Vec<Value> = FIXTURES[0].1.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let named = |kind: &str, name: &str| cases.iter().find(|c| c["kind"] == kind && c["name"] == name).unwrap().clone();
    let table = [
        ("write", "three", "iteration_order", json!([]), "iteration order"),
        ("write", "three", "pretty", json!("{}"), "pretty text"),
        ("write", "three", "compact", json!("{}"), "compact text"),
        ("write", "three", "put", json!([["T", "b", "x", 0]]), "put holds"),
        ("read", "bom", "result", json!("null_table"), "result"),
        ("read", "bom", "entries", json!([]), "entries"),
        ("read", "garbage", "class", json!("java.lang.Error"), "class"),
        ("read", "garbage", "kind", json!("other"), "kind is"),
    ];
    for (kind, name, field, value, expected) in table {
        let mut case = named(kind, name);
        assert_eq!(check_case(&case), Ok(()));
        case[field] = value;
        let difference = check_case(&case).unwrap_err();
        assert!(difference.starts_with(expected), "{field}: {difference}");
    }
}

/// The bytes of a `consumerOffset.json` that fastjson wrote.
#[test]
fn a_broker_writes_and_reads_its_file() {
    let text = "{\n\t\"dataVersion\":{\n\t\t\"counter\":3,\n\t\t\"stateVersion\":0,\n\t\t\"timestamp\":1700000000000\n\t},\n\
                \t\"groupTopicMap\":{\n\t\t\"g1\":[\"TopicTest\"]\n\t},\n\
                \t\"offsetTable\":{\n\t\t\"TopicTest@g1\":{0:5,1:6\n\t\t}\n\t}\n}";
    let data_version = DataVersion { counter: 3, state_version: 0, timestamp_ms: 1_700_000_000_000 };
    let mut offsets = ConsumerOffsets { data_version, ..ConsumerOffsets::default() };
    assert_eq!(offsets.commit("TopicTest", "g1", 1, 9), None);
    assert_eq!(offsets.commit("TopicTest", "g1", 1, 6), Some(9), "a smaller offset wins as well");
    offsets.commit("TopicTest", "g1", 0, 5);
    assert_eq!(offsets.write(), text);
    let read = ConsumerOffsets::read(text).unwrap();
    assert_eq!(read.data_version, offsets.data_version);
    assert_eq!(read.write(), text);
    let cut = ConsumerOffsets::read(&text[..text.len() - 8]).unwrap_err();
    assert_eq!(cut.to_string(), "line 12, column 1: expected \",\" or \"}\", found the end of the file");
}
