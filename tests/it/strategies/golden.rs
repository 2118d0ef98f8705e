//! Every recorded answer agrees, and a changed one is noticed.

use rebalance_sim::conformance::{Conformance, Subject};
use serde_json::{Value, json};

use super::{go_vectors, vectors};
use crate::cli::rebalance_sim;

#[test]
fn every_recorded_answer_agrees() {
    let mut conformance = Conformance::default();
    for (number, line) in (1..).zip(vectors().lines()) {
        let difference = conformance.check_line(line).unwrap_or_else(|error| panic!("line {number}: {error}"));
        assert_eq!(difference, None, "line {number}: {line}");
    }
    let counts: Vec<(&str, u64)> =
        conformance.tallies.iter().map(|(name, tally)| (name.as_str(), tally.cases)).collect();
    let expected = [
        ("AVG", 469),
        ("AVG_BY_CIRCLE", 469),
        ("CONFIG", 100),
        ("CONSISTENT_HASH", 472),
        ("MACHINE_ROOM", 463),
        ("MACHINE_ROOM_NEARBY-AVG", 413),
        ("MACHINE_ROOM_NEARBY-AVG_BY_CIRCLE", 365),
        ("cid_sort", 62),
        ("consistent_hash md5", 200),
        ("consistent_hash ring", 28),
        ("consistent_hash vnode", 100),
        ("local_offset_store read", 41),
        ("local_offset_store write", 7),
        ("message_queue", 100),
        ("mq_compare", 205),
        ("mq_sort", 70),
        ("str_compare", 113),
    ];
    assert_eq!(counts, expected);
}

/// Every recorded answer of the Go client agrees; Java's classes differ in three strategies, and only there.
#[test]
fn every_recorded_answer_of_the_go_client_agrees() {
    let differences = |subject| {
        let mut conformance = Conformance::of(subject);
        for line in go_vectors().lines() {
            conformance.check_line(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        }
        let tallies = conformance.tallies.into_iter();
        tallies.map(|(name, tally)| (name, tally.cases, tally.differences)).collect::<Vec<_>>()
    };
    let rows =
        |told: &[(&str, u64, u64)]| told.iter().map(|&(name, all, other)| (name.to_owned(), all, other)).collect();
    let go: Vec<_> = rows(&[
        ("AVG", 20, 0),
        ("AVG_BY_CIRCLE", 20, 0),
        ("CONFIG", 20, 0),
        ("CONSISTENT_HASH", 70, 0),
        ("MACHINE_ROOM", 90, 0),
        ("MACHINE_ROOM_NEARBY-AVG", 20, 0),
    ]);
    let java: Vec<_> = rows(&[
        ("AVG", 20, 0),
        ("AVG_BY_CIRCLE", 20, 0),
        ("CONFIG", 20, 0),
        ("CONSISTENT_HASH", 70, 69),
        ("MACHINE_ROOM", 90, 8),
        ("MACHINE_ROOM_NEARBY-AVG", 20, 14),
    ]);
    assert_eq!((differences(Subject::go()), differences(Subject::default())), (go, java));
    let file = "tests/fixtures/go_strategy_vectors.jsonl.gz";
    for (client, code) in [("go-master", 0), ("go-2.1.0", 0), ("java", 1)] {
        assert_eq!(rebalance_sim(&["conformance", "--client", client, file]).0, code, "{client}");
    }
}

fn empty(answer: &Value) -> bool {
    [json!(null), json!({}), json!([])].contains(answer)
}

/// The comparison itself must be able to fail: the last answer of every kind is changed.
#[test]
fn a_changed_answer_is_noticed() {
    let mut last: std::collections::BTreeMap<String, Value> = std::collections::BTreeMap::new();
    for line in vectors().lines() {
        let mut conformance = Conformance::default();
        conformance.check_line(line).expect("it is a case");
        let kind = conformance.tallies.into_keys().next().expect("it was counted");
        last.insert(kind, serde_json::from_str(line).expect("it is JSON"));
    }
    for (kind, mut case) in last {
        let answers = ["result", "error", "sorted", "cmp", "hash_code", "hash", "ring", "result", "pretty"];
        let answer = answers.into_iter().find(|&field| !empty(&case[field]));
        let answer = answer.unwrap_or_else(|| panic!("{kind} has no answer in {case}"));
        let changed = match &case[answer] {
            Value::Number(number) => json!(number.as_i64().expect("whole") ^ 1),
            Value::String(text) => json!(format!("{text}!")),
            Value::Array(list) if list.len() > 1 => json!(list.iter().rev().collect::<Vec<_>>()),
            Value::Array(_) => json!([]),
            Value::Object(_) => json!({}),
            other => panic!("{kind}: {answer} is {other}"),
        };
        case[answer] = changed;
        let said = Conformance::default().check_line(&case.to_string());
        assert!(!matches!(said, Ok(None)), "{kind}: nobody noticed that {answer} is {}", case[answer]);
    }
}

#[test]
fn the_command_counts_shows_the_first_difference_and_exits_1() {
    let place = tempfile::tempdir().expect("a temporary directory");
    let file = place.path().join("cases.jsonl");
    let text = vectors();
    let mut lines: Vec<&str> = text.lines().filter(|line| line.contains("\"str_compare\"")).take(3).collect();
    let wrong = r#"{"kind":"str_compare","a":"a","b":"b","cmp":1}"#;
    lines.push(wrong);
    std::fs::write(&file, lines.join("\n")).expect("a temporary file");
    let (code, stdout, _) = rebalance_sim(&["conformance", file.to_str().expect("UTF-8")]);
    assert_eq!(code, 1);
    let counted: Vec<&str> = stdout.lines().nth(1).expect("a row").split_whitespace().collect();
    assert_eq!(counted, ["str_compare", "4", "1"], "{stdout}");
    assert!(stdout.contains("line 4") && stdout.trim_end().ends_with(wrong), "{stdout}");
}

#[test]
fn what_is_no_case_exits_2_with_its_line() {
    let place = tempfile::tempdir().expect("a temporary directory");
    let good = r#"{"kind":"str_compare","a":"a","b":"b","cmp":-1}"#;
    let table = [
        ("not json", "line 2"),
        ("[1, 2]", "a case must be a JSON object"),
        (r#"{"kind":"str_compare","a":"a","b":"b"}"#, "cmp"),
        (r#"{"strategy":"AVG"}"#, "line 2"),
        (r#"{"strategy":"NO_SUCH","params":{},"mq_all":[],"cid_all":[],"results":{}}"#, "line 2"),
        (r#"{"kind":"read","text":7}"#, "line 2"),
        (r#"{"kind":"read","text":"{}","result":"both"}"#, "must be entries"),
        (r#"{"kind":"write","put":"x"}"#, "put is"),
        (r#"{"colour":"red"}"#, "fields colour is not supported"),
    ];
    for (number, (line, sentence)) in table.into_iter().enumerate() {
        let file = place.path().join(format!("{number}.jsonl"));
        std::fs::write(&file, format!("{good}\n{line}\n{good}\n")).expect("a temporary file");
        let (code, _, stderr) = rebalance_sim(&["conformance", file.to_str().expect("UTF-8")]);
        assert_eq!(code, 2, "{line}: {stderr}");
        assert!(stderr.contains(sentence) && stderr.contains("line 2"), "{line}: {stderr}");
    }
    let cut = place.path().join("cut.jsonl.gz");
    let packed: &[u8] = include_bytes!("../../fixtures/strategy_vectors.jsonl.gz");
    std::fs::write(&cut, &packed[..packed.len() / 2]).expect("a temporary file");
    let (code, _, stderr) = rebalance_sim(&["conformance", cut.to_str().expect("UTF-8")]);
    assert!(code == 2 && stderr.contains("cannot be read"), "{stderr}");
}

/// No recorded pair is one text and its own beginning.
#[test]
fn a_text_stands_behind_its_own_beginning() {
    use rebalance_sim::strategy::order::compare_to;
    let table = [("a", "ab", -1), ("ab", "a", 1), ("", "\u{1f600}", -2), ("10.0.0.1@", "10.0.0.1@DEFAULT", -7)];
    for (a, b, expected) in table {
        assert_eq!(compare_to(a, b), expected, "{a} {b}");
    }
}
