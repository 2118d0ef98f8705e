//! What RocketMQ's tools print and its processes write, given to the commands as it is: read right, or named.

use crate::cli::rebalance_sim;

/// Runs `allocate` with a file of `tests/inputs` in the place of `FILE`.
fn allocate(arguments: &str, file: &str) -> (i32, String, String) {
    let arguments = arguments.replace("FILE", &format!("tests/inputs/{file}"));
    rebalance_sim(&[vec!["allocate"], arguments.split_whitespace().collect()].concat())
}

const QUEUES: &str = "--queues-file FILE --count 2 --format csv";
const MEMBERS: &str = "--topic T --brokers b --queues 6 --consumers-file FILE --format csv";

#[test]
fn lists_are_read_right() {
    let table = [
        ("consumerProgress_5x.txt", QUEUES, &["orders,9f03ab11c2de,3,", "%RETRY%stock_group,9f03ab11c2de,0,"][..], 5),
        ("consumerProgress_4x_client_ip.txt", QUEUES, &["Topic-6,RaftNode01,1,", "%RETRY%go_client,RaftNode00,0,"], 6),
        (
            "topicStatus_5x.txt",
            "--topic orders --queues-file FILE --count 2 --format csv",
            &["orders,9f03ab11c2de,0,", "orders,9f03ab11c2de,3,"],
            4,
        ),
        ("consumerConnection_3x.txt", MEMBERS, &[",127.0.0.1@60190,", ",127.0.0.1@7454,", ",127.0.0.1@31600,"], 6),
    ];
    for (file, arguments, expected, rows) in table {
        let (code, stdout, stderr) = allocate(arguments, file);
        assert_eq!((code, stdout.lines().count()), (0, rows + 1), "{file}: {stdout}{stderr}");
        expected.iter().for_each(|cell| assert!(stdout.contains(cell), "{file}: {cell} in {stdout}"));
        // Whose queues these are is said where they may be others than those allocated.
        assert_eq!(stderr.contains("write queues (up to 5.1)"), file.starts_with("topicStatus"), "{stderr}");
    }
}

#[test]
fn a_broadcasting_group_has_everything_everywhere() {
    let file = "consumerConnection_broadcasting.txt";
    let (code, csv, _) = allocate(MEMBERS, file);
    let first = "10.4.100.13@10.4.100.13:9876@20@1245146303493722,BROADCASTING,6";
    assert_eq!((code, csv.lines().nth(1)), (0, Some(first)), "{csv}");
    let (code, text, _) = allocate("--topic T --brokers b --queues 6 --consumers-file FILE", file);
    assert!(code == 0 && text.starts_with("BROADCASTING: every member has all 6 queues"), "{text}");
    let (code, json, _) = allocate(&MEMBERS.replace("csv", "json --add 1 --id-pattern x{n}"), file);
    let json: serde_json::Value = serde_json::from_str(&json).expect("it is JSON");
    assert_eq!((code, json["members"].as_array().map(Vec::len)), (0, Some(3)), "{json}");
    let (code, text, _) = rebalance_sim(&["allocate", "--scenario", "scenarios/loss/broadcasting_restart.toml"]);
    assert!(code == 0 && text.starts_with("BROADCASTING"), "{text}");
}

#[test]
fn what_is_something_else_is_named() {
    let table = [
        ("clusterList.txt", "the output of `mqadmin clusterList`"),
        ("topicRoute.json", "the output of `mqadmin topicRoute`"),
        ("subscriptionGroup.json", "RocketMQ's subscriptionGroup.json"),
        ("rocketmq_client.log", "a log"),
        ("getBrokerConfig.conf", "the output of `mqadmin getBrokerConfig`"),
        ("broker-a.properties", "RocketMQ's broker.conf"),
    ];
    for (file, what) in table {
        for (arguments, wanted) in [(QUEUES, "a list of queues: what"), (MEMBERS, "a list of client ids: what")] {
            let (code, stdout, stderr) = allocate(arguments, file);
            let sentence = format!("error: `tests/inputs/{file}`, this is {what}; wanted is {wanted}");
            assert_eq!((code, stdout.as_str()), (2, ""), "{file}: {stderr}");
            assert!(stderr.starts_with(&sentence) && stderr.lines().count() == 1, "{file}: {stderr}");
        }
        let (code, stdout, stderr) = rebalance_sim(&["offsets", &format!("tests/inputs/{file}")]);
        assert_eq!((code, stdout.as_str()), (2, ""), "{file}: {stderr}");
        assert_eq!(stderr.lines().count(), 1, "{stderr}");
        let fits = file == "topicRoute.json" || stderr.contains(what);
        assert!(fits, "{file}: {stderr}");
    }
    for (arguments, file, what) in [
        (QUEUES, "consumerConnection_3x.txt", "consumerConnection"),
        (MEMBERS, "consumerProgress_5x.txt", "consumerProgress"),
    ] {
        let (code, stdout, stderr) = allocate(arguments, file);
        assert!((code, stdout.as_str()) == (2, "") && stderr.contains(what), "{file}: {stderr}");
    }
}
