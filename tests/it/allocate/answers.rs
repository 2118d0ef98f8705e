//! Reasons, and what changes of the members do.

use serde_json::Value;

use super::{answer, loads, moved, piped, reasons};

#[test]
fn what_a_strategy_throws_is_the_reason() {
    let cluster = "--topic A --brokers broker-a --queues 2 --count 2";
    for (strategy, reason) in [
        (
            "MACHINE_ROOM_NEARBY-AVG",
            "the strategy threw for 2 of the members: java.lang.IllegalArgumentException: \
             Machine room is null for consumer id 10.0.0.1@1",
        ),
        ("CONSISTENT_HASH --virtual-nodes 0", "the hash ring is empty: there are 0 virtual nodes"),
    ] {
        assert_eq!(reasons(&format!("{cluster} --strategy {strategy}")), [reason]);
    }
    let rooms = "--topic A --brokers a@x --queues 2 --count 2 --strategy MACHINE_ROOM";
    let reason = &reasons(rooms)[0];
    assert!(reason.contains("java.lang.NullPointerException") && reason.contains("consumeridcs"), "{reason}");
}

#[test]
fn config_gives_its_list_to_everybody() {
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("list");
    std::fs::write(&file, "A/broker-a/0\nA/broker-z/9\n").unwrap();
    let asked =
        format!("--topic A --brokers broker-a --queues 2 --count 2 --strategy CONFIG --config-file {}", file.display());
    assert_eq!(loads(&asked), (vec![1, 1], 1, 1));
    assert_eq!(reasons(&asked), ["CONFIG does not list it", "CONFIG gives its list to every member"]);
    let (_, text, _) = piped(&asked, "");
    assert!(text.contains("2 queues handed out that no broker offers, such as A/broker-z/9 to 10.0.0.1@1"), "{text}");
}

#[test]
fn new_ids_continue_the_pattern_and_are_named() {
    let cluster = "--topic A --brokers broker-a --queues 12";
    for (members, comes, goes) in [
        ("--count 3 --add 2", vec!["10.0.0.4@1", "10.0.0.5@1"], vec![]),
        ("--consumers c1,c2 --add 1", vec!["c3"], vec![]),
        ("--consumers c1,c2 --add c0,x", vec!["c0", "x"], vec![]),
        ("--consumers a,b --id-pattern pod-{n:03} --add 1", vec!["pod-003"], vec![]),
        ("--count 2 --remove 10.0.0.2@1 --add 1", vec!["10.0.0.3@1"], vec!["10.0.0.2@1"]),
        ("--count 3 --replicas 5", vec!["10.0.0.4@1", "10.0.0.5@1"], vec![]),
        ("--count 11 --replicas 9", vec![], vec!["10.0.0.10@1", "10.0.0.11@1"]),
        ("--consumers a,a,b --remove a", vec![], vec!["a"]),
    ] {
        let (code, answer) = answer(&format!("{cluster} {members}"));
        assert_eq!(code, 0, "{members}: judged is what is after the change");
        assert_eq!(answer["change"]["added"], Value::from(comes), "{members}");
        assert_eq!(answer["change"]["removed"], Value::from(goes), "{members}");
    }
}

#[test]
fn sticky_moves_no_more_than_it_must() {
    for change in ["--add 1", "--add 10.0.0.0@1", "--remove 10.0.0.2@1", "--replicas 9", "--replicas 1"] {
        for topics in ["--topic A", "--topic A --topic B=5"] {
            let asked =
                format!("{topics} --brokers broker-a,broker-b --queues 8 --count 4 --compare STICKY,AVG {change}");
            let [(sticky, least), (average, same)] = moved(&asked)[..] else { panic!("two rows") };
            assert_eq!((sticky, least), (least, same), "{asked}");
            assert!(average >= least, "{asked}");
        }
    }
}

/// A group of which half is written in Go: of a ring each language has its own, and queues fall between them.
#[test]
fn java_and_go_rings_leave_queues_between_them() {
    let cluster = "--topic A --brokers broker-a,broker-b --queues 16 --count 4 --strategy CONSISTENT_HASH";
    let (code, alone) = answer(cluster);
    let (mixed_code, mixed) = answer(&format!("{cluster} --uses 10.0.0.1@1=GO_CONSISTENT_HASH"));
    assert_eq!((code, mixed_code), (0, 1), "{alone} {mixed}");
}
