//! Outputs as users sent them, read right; and who an output is of where its name says it.

use rebalance_sim::import::{Fact, Input, read};

use super::said;

/// What is read of a file of `tests/inputs`.
fn of(file: &str) -> String {
    let path = format!("{}/tests/inputs/{file}", env!("CARGO_MANIFEST_DIR"));
    said(&std::fs::read_to_string(path).expect("it is there"))
}

#[test]
fn files_of_users_are_read_right() {
    for (file, lines, parts) in [
        (
            "consumerConnection_3x.txt",
            8,
            &[
                "3: Member group=\"scan_group\", client_id=\"127.0.0.1@60190\", address=\"10.1.2.8:50104\"",
                "7: Subscription group=\"scan_group\", topic=\"%RETRY%scan_group\", expression=\"*\"",
                "8: Subscription group=\"scan_group\", topic=\"scan\", expression=\"1||2||3||4 || 5 || -5||7 || 45\"",
            ][..],
        ),
        (
            "consumerConnection_broadcasting.txt",
            7,
            &[
                "client_id=\"10.4.100.13@10.4.100.13:9876@20@1245146303493722\", address=\"10.4.100.13:43588\"",
                "message_model=\"BROADCASTING\"",
            ],
        ),
        (
            "consumerProgress_4x_client_ip.txt",
            8,
            &["queue=Topic-6/RaftNode01/0, broker_offset=6006, consumer_offset=6005, last_time", "diff_total=2"],
        ),
        (
            "consumerProgress_5x.txt",
            7,
            &["queue=orders/9f03ab11c2de/2, broker_offset=0, consumer_offset=0, inflight=0", "diff_total=1"],
        ),
        // The topic stands in no line of it, which is noted.
        ("topicStatus_5x.txt", 5, &["2: QueueRange broker=\"9f03ab11c2de\", queue=0, min=0, max=2", "1! which topic"]),
        ("clusterList.txt", 3, &["id=1, address=\"10.0.0.22:10911\", version=\"V5_3_2\", activated=false"]),
        ("getBrokerConfig.conf", 8, &["broker=\"10.0.0.21:10911\", key=\"brokerRole\", value=\"ASYNC_MASTER\""]),
    ] {
        let said = of(file);
        assert_eq!(said.lines().count(), lines, "{file}:\n{said}");
        parts.iter().for_each(|part| assert!(said.contains(part), "{file}: {part} in\n{said}"));
    }
}

#[test]
fn a_file_of_running_info_is_named_by_its_client() {
    let text = "#Consumer Properties#\nconsumerGroup : g\n".to_owned();
    for (name, expected) in [("status/1767755381000/10.0.0.7@4711#1", Some("10.0.0.7@4711#1")), ("status.txt", None)] {
        let read = read(&[Input { name: name.to_owned(), text: text.clone() }]);
        let found = read.facts.iter().find_map(|sighted| match &sighted.fact {
            Fact::Member { client_id, group, .. } => Some((client_id.as_str(), group.as_deref())),
            _ => None,
        });
        assert_eq!(found, expected.map(|id| (id, Some("g"))), "{name}");
    }
}
