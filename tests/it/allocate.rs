//! `allocate` answers without a simulation: incidents of real users, changes, lists, formats, refusals.

use assert_cmd::Command;
use serde_json::Value;

/// Runs the command with something on stdin: exit code, stdout, stderr.
fn piped(arguments: &str, stdin: &str) -> (i32, String, String) {
    let mut command = Command::cargo_bin("rebalance-sim").unwrap();
    command.arg("allocate").args(arguments.split_whitespace()).write_stdin(stdin);
    let output = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// The answer as JSON, with the exit code.
fn answer(arguments: &str) -> (i32, Value) {
    let (code, stdout, stderr) = piped(&format!("{arguments} --format json"), "");
    assert_eq!(stderr, "", "{arguments}");
    (code, serde_json::from_str(&stdout).unwrap())
}

/// Queues on each member in order of their ids, unowned queues and double-owned queues.
fn loads(arguments: &str) -> (Vec<u64>, u64, u64) {
    let (code, answer) = answer(arguments);
    let loads = answer["members"].as_array().unwrap().iter().map(|member| member["queues"].as_u64().unwrap());
    let [unowned, double] = ["unowned", "double_owned"].map(|figure| answer["total"][figure].as_u64().unwrap());
    assert_eq!(code, i32::from(unowned + double > 0), "{arguments}");
    (loads.collect(), unowned, double)
}

/// Moved queues and the least possible, by strategy.
fn moved(arguments: &str) -> Vec<(u64, u64)> {
    let (_, answer) = answer(arguments);
    let rows = answer["comparison"].as_array().unwrap().iter();
    rows.map(|row| (row["moved"].as_u64().unwrap(), row["least_possible"].as_u64().unwrap())).collect()
}

/// The different reasons for faults.
fn reasons(arguments: &str) -> Vec<String> {
    let (_, answer) = answer(arguments);
    let queues = answer["queues"].as_array().unwrap().iter();
    let mut reasons: Vec<String> =
        queues.filter_map(|queue| queue["explanation"].as_str()).map(str::to_owned).collect();
    reasons.sort();
    reasons.dedup();
    reasons
}

/// `count` topics with a common beginning of their names.
fn topics(prefix: &str, count: usize) -> String {
    (1..=count).map(|number| format!("--topic {prefix}{number} ")).collect()
}

const AVERAGES: [&str; 2] = ["AVG", "AVG_BY_CIRCLE"];

/// <https://github.com/apache/rocketmq/issues/2760>: every container has the client id 172.17.0.1@1.
#[test]
fn incident_2760_two_pods_with_the_same_client_id() {
    let cluster = "--topic A --brokers broker-a,broker-b --queues 4 --consumers 172.17.0.1@1,172.17.0.1@1";
    for strategy in AVERAGES {
        let asked = format!("{cluster} --strategy {strategy}");
        assert_eq!(loads(&asked), (vec![4, 4], 4, 4), "{strategy}");
        assert_eq!(reasons(&asked), ["2 members have the client id 172.17.0.1@1"]);
    }
    assert_eq!(loads(&format!("{cluster} --strategy CONSISTENT_HASH")), (vec![8, 8], 0, 8));
    // The thread's own picture: broker-b is never consumed.
    let (_, csv, _) = piped(&format!("{cluster} --format csv"), "");
    let unowned: Vec<&str> = csv.lines().filter(|line| line.contains(",unowned,")).collect();
    assert_eq!(unowned.len(), 4);
    assert!(unowned.iter().all(|line| line.starts_with("A,broker-b,")), "{csv}");
    // With ids of their own nothing is wrong.
    assert_eq!(loads("--topic A --brokers broker-a,broker-b --queues 4 --count 2"), (vec![4, 4], 0, 0));
}

/// <https://github.com/apache/rocketmq/issues/1547>: two of three pods share 172.17.0.1@170. The thread does not name
/// the third; the ring's figures are those of 172.17.0.1@173.
#[test]
fn incident_1547_two_of_three_pods_share_an_id() {
    let cluster = "--topic A --brokers broker-a,broker-b --queues 8 \
                   --consumers 172.17.0.1@170,172.17.0.1@170,172.17.0.1@173";
    for strategy in AVERAGES {
        let asked = format!("{cluster} --strategy {strategy}");
        assert_eq!(loads(&asked), (vec![6, 6, 5], 5, 6), "{strategy}");
        assert_eq!(reasons(&asked), ["2 members have the client id 172.17.0.1@170"]);
    }
    assert_eq!(loads(&format!("{cluster} --strategy CONSISTENT_HASH")), (vec![9, 9, 7], 0, 9));
}

/// <https://github.com/apache/rocketmq/issues/1945>: remainders pile up on the first ids, topic by topic. On the ring
/// the names of the topics decide; these give the figures that are quoted.
#[test]
fn incident_1945_many_topics_tilt_the_average() {
    let idle = |busy: &[u64], idle: usize| [busy, &vec![0; idle]].concat();
    let table = [
        (topics("A", 10), "--brokers broker-a --queues 5 --count 2", vec![30, 20], (21, 29)),
        (topics("A", 20), "--brokers broker-a,broker-b --queues 2 --count 10", idle(&[20, 20, 20, 20], 6), (4, 13)),
        (topics("A", 50), "--brokers broker-a --queues 1 --count 10", idle(&[50], 9), (1, 9)),
        (topics("A-", 8), "--brokers broker-a --queues 4 --count 3", vec![16, 8, 8], (8, 12)),
    ];
    for (topics, cluster, expected, (fewest, most)) in table {
        for strategy in AVERAGES {
            let asked = format!("{topics} {cluster} --strategy {strategy}");
            assert_eq!(loads(&asked), (expected.clone(), 0, 0), "{strategy} {cluster}");
        }
        let (ring, unowned, double) = loads(&format!("{topics} {cluster} --strategy CONSISTENT_HASH"));
        let ends = (ring.iter().copied().min(), ring.iter().copied().max());
        assert_eq!((ends, unowned, double), ((Some(fewest), Some(most)), 0, 0), "{cluster}");
        // What the thread asked for: dealing goes on from topic to topic.
        let (even, ..) = loads(&format!("{topics} {cluster} --strategy AVG_OVER_TOPICS"));
        assert!(even.iter().max().unwrap() - even.iter().min().unwrap() <= 1, "{cluster}: {even:?}");
    }
    let (mut ring, ..) =
        loads(&format!("{}--brokers broker-a --queues 4 --count 3 --strategy CONSISTENT_HASH", topics("A-", 8)));
    ring.sort_unstable();
    assert_eq!(ring, [8, 12, 12]);
}

/// <https://github.com/apache/rocketmq/issues/2443>: rooms without consumers are split one by one over all members.
#[test]
fn incident_2443_the_fallback_of_nearby_is_unfair() {
    let cluster = "--topic A --brokers A-broker,B-broker --queues 3 --count 4 --id-pattern C-10.0.0.{n}@1";
    assert_eq!(loads(&format!("{cluster} --strategy MACHINE_ROOM_NEARBY-AVG")), (vec![2, 2, 2, 0], 0, 0));
    assert_eq!(loads(&format!("{cluster} --strategy AVG")), (vec![2, 2, 1, 1], 0, 0), "both rooms as one");
}

/// <https://github.com/apache/rocketmq/issues/2477>, fixed by #2478: blocks were cut from the queues of all rooms.
#[test]
fn incident_2477_machine_room_consumed_other_rooms() {
    let cluster = "--topic A --brokers a@x,b@y --queues 4 --count 2 --strategy MACHINE_ROOM --consumer-rooms b";
    let outside = |arguments: &str| {
        let (_, answer) = answer(arguments);
        let queues = answer["queues"].as_array().unwrap().iter();
        queues.filter(|queue| queue["broker"] == "a@x" && queue["owners"] != Value::Array(vec![])).count()
    };
    assert_eq!(outside(&format!("{cluster} --before-2478")), 4);
    assert_eq!(outside(cluster), 0);
    assert_eq!(loads(cluster), (vec![2, 2], 4, 0));
    assert_eq!(reasons(cluster), ["the room of a@x is not among the consumers' rooms (b)"]);
}

/// Moved queues when one joins last, joins first, leaves from the middle; on the ring those of four queues on each of
/// four brokers.
#[test]
fn reference_moves_of_sixteen_queues_and_four_members() {
    let cluster = "--topic A --brokers broker-a,broker-b,broker-c,broker-d --queues 4 --count 4";
    for (change, expected) in [
        ("--add 10.0.0.99@1", [(6, 3), (12, 3), (5, 3)]),
        ("--add 10.0.0.0@1", [(10, 3), (16, 3), (1, 3)]),
        ("--remove 10.0.0.3@1", [(6, 4), (11, 4), (5, 4)]),
    ] {
        let asked = format!("{cluster} {change} --compare AVG,AVG_BY_CIRCLE,CONSISTENT_HASH");
        assert_eq!(moved(&asked), expected, "{change}");
    }
}

/// <https://github.com/alibaba/RocketMQ/issues/317>: which strategy moves more?
#[test]
fn incident_317_moves_of_thirty_two_queues_and_ten_members() {
    let cluster = "--topic A --brokers broker-a,broker-b,broker-c,broker-d --queues 8 --count 10";
    let moved = |change: &str| moved(&format!("{cluster} {change} --compare AVG,AVG_BY_CIRCLE,CONSISTENT_HASH"));
    assert_eq!(moved("--add 10.0.0.99@1"), [(18, 2), (23, 2), (5, 2)]);
    assert_eq!(moved("--add 10.0.0.0@1")[1], (32, 2), "joins first: the circle moves everything");
    // The eleventh id sorts third, not last: ids are compared as text.
    assert_eq!(moved("--add 1")[..2], [(11, 2), (31, 2)]);
}

#[test]
fn reference_views_and_strategies_that_differ() {
    let cluster = "--topic A --brokers broker-a,broker-b --queues 4 --count 2";
    for (differs, expected, reason) in [
        ("--sees 10.0.0.1@1=10.0.0.1@1", (vec![8, 4], 0, 4), "members were told different lists: see 10.0.0.1@1"),
        (
            "--strategy AVG_BY_CIRCLE --sees 10.0.0.1@1=10.0.0.1@1",
            (vec![8, 4], 0, 4),
            "members were told different lists: see 10.0.0.1@1",
        ),
        (
            "--strategy CONSISTENT_HASH --sees 10.0.0.1@1=10.0.0.1@1",
            (vec![8, 3], 0, 3),
            "members were told different lists: see 10.0.0.1@1",
        ),
        ("--uses 10.0.0.2@1=AVG_BY_CIRCLE", (vec![4, 4], 2, 2), "members use different strategies: see 10.0.0.2@1"),
    ] {
        let asked = format!("{cluster} {differs}");
        assert_eq!((loads(&asked), reasons(&asked)), (expected, vec![reason.to_owned()]), "{differs}");
    }
}

/// <https://github.com/apache/rocketmq/issues/841> (a name server has lost broker-a) and
/// <https://github.com/apache/rocketmq/issues/351> (membership is by group, not by topic).
#[test]
fn routes_and_subscriptions_that_differ() {
    let cluster = "--topic A --brokers broker-a,broker-b --queues 3 --count 2";
    assert_eq!(loads(&format!("{cluster} --sees-brokers 10.0.0.2@1=broker-b")), (vec![3, 1], 2, 0));
    assert_eq!(loads(&format!("{cluster} --sees-brokers 10.0.0.1@1=broker-b")), (vec![2, 3], 3, 2));
    let topics = "--topic A --topic B --brokers broker-a --queues 4 --count 2 --subscribes 10.0.0.2@1=B";
    assert_eq!(loads(topics), (vec![4, 2], 2, 0));
    assert_eq!(reasons(topics), ["it falls to 10.0.0.2@1, which is in the group but does not subscribe to the topic"]);
}

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

/// The client sorts before it asks its strategy, `mqadmin allocateMQ` does not.
#[test]
fn any_order_of_queues_and_ids_gives_the_same_answer() {
    let queues = "A broker-b 1\nA broker-a 1\nA broker-b 0\nA broker-a 0\n";
    let (_, one, _) = piped("--queues-file - --consumers c2,c10,c1 --format csv", queues);
    let (_, other, _) =
        piped("--topic A --brokers broker-a,broker-b --queues 2 --consumers c1,c2,c10 --format csv", "");
    assert_eq!(one, other);
    let owners: Vec<&str> = one.lines().skip(1).map(|line| line.split(',').nth(4).unwrap()).collect();
    assert_eq!(owners, ["c1", "c1", "c10", "c2"], "ids sort as text");
}

#[test]
fn what_mqadmin_prints_can_be_piped_in() {
    let connections = "001  10.0.0.1@7#1  10.0.0.1:5000  JAVA  V5_3_3\n002  10.0.0.2@7#2  10.0.0.2:5000  JAVA  V5_3_3\n\
                       \nBelow is subscription:\n001  Topic: A  SubExpression: *\n\nConsumeType: CONSUME_PASSIVELY\n";
    let cluster = "--topic A --brokers broker-a --queues 4 --format csv";
    let (code, csv, stderr) = piped(&format!("{cluster} --consumers-file -"), connections);
    assert_eq!((code, stderr.as_str()), (0, ""));
    assert!(csv.contains("A,broker-a,3,AVG,10.0.0.2@7#2,owned"), "{csv}");

    let progress = "#Topic    #Broker Name  #QID  #Broker Offset  #Consumer Offset  #Client IP  #Diff  #LastTime\n\
                    %RETRY%g  broker-a      0     0               0                 10.0.0.1    0      1970-01-01 00:00:00\n\
                    A         broker-a      0     9               7                 NA          2      2024-05-01 10:00:00\n\
                    \nConsume TPS: 0.00\nDiff Total: 2\n";
    let total = |arguments: &str| {
        let (_, stdout, _) = piped(&format!("{arguments} --queues-file - --count 1 --format json"), progress);
        serde_json::from_str::<Value>(&stdout).unwrap()["total"]["queues"].as_u64().unwrap()
    };
    assert_eq!((total(""), total("--topic A")), (2, 1), "--topic chooses");

    let status =
        "#Broker Name  #QID  #Min Offset  #Max Offset  #Last Updated\nbroker-a  0  0  10  2024-05-01 10:00:00\n";
    let (code, csv, _) = piped("--queues-file - --topic A --count 1 --format csv", status);
    assert_eq!(code, 0);
    assert!(csv.ends_with("A,broker-a,0,AVG,10.0.0.1@1,owned,,,,\n"), "{csv}");

    // Our own table goes in again.
    assert_eq!(piped("--queues-file - --count 1 --format csv", &csv).1, csv);
}

#[test]
fn a_scenario_is_taken_as_it_starts() {
    let (code, story) = answer("--scenario scenarios/trap_e2_duplicate_client_id.toml");
    assert_eq!(code, 1);
    assert_eq!(story["strategy"], "AVG");
    let (code, crashes) = answer("--scenario scenarios/consumer_crashes.toml --add 1");
    assert_eq!((code, crashes["group"].as_str()), (0, Some("g")));
    assert_eq!(crashes["total"]["queues"], 8);
    assert_eq!(crashes["total"]["members"], 3);
    assert_eq!(crashes["change"]["added"], Value::from(vec!["10.0.0.4@c4"]));
    let (_, replaced) = answer("--scenario scenarios/consumer_crashes.toml --count 2 --strategy AVG_BY_CIRCLE");
    assert_eq!((&replaced["total"]["members"], &replaced["strategy"]), (&2.into(), &"AVG_BY_CIRCLE".into()));
}

#[test]
fn bad_input_is_refused_in_one_sentence() {
    let place = tempfile::tempdir().unwrap();
    let out = place.path().join("out");
    let queues = "--topic A --brokers b --queues 2";
    let table = [
        ("", "there are no queues"),
        ("--topic A --count 1", "--topic needs --brokers"),
        ("--topic A --brokers b --count 1", "topic A has no number of queues"),
        ("--topic A=0 --brokers b --count 1", "--topic A=0: behind the = stands a number"),
        ("--topic A=x --brokers b --count 1", "--topic A=x: "),
        ("--topic A,B --brokers b --queues 1 --count 1", "repeat --topic for several"),
        ("--topic A --topic A --brokers b --queues 1 --count 1", "--topic A is given twice"),
        ("--topic A --brokers b,b --queues 1 --count 1", "--brokers names `b` twice"),
        ("--topic A --brokers b --queues 0 --count 1", "--queues"),
        ("--topic A=1000000 --brokers a,b,c --count 1", "these are 3000000 queues"),
        (queues, "there are no members"),
        ("--topic A --brokers b --queues 2 --count 0", "--count"),
        ("--topic A --brokers b --queues 2 --consumers a,,b", "a client id is empty"),
        ("--topic A --brokers b --queues 2 --consumers a --count 2", "cannot be used with"),
        ("--topic A --brokers b --queues 2 --count 2 --id-pattern c{x}", "`{x}` is unknown"),
        ("--topic A --brokers b --queues 2 --count 2 --id-pattern c --add 1", "has no {n}"),
        ("--topic A --brokers b --queues 2 --consumers a,b --add 1", "do not count up"),
        ("--topic A --brokers b --queues 2 --count 2 --add 0", "from 1 to"),
        ("--topic A --brokers b --queues 2 --count 2 --add x,,y", "a client id is empty"),
        ("--topic A --brokers b --queues 2 --count 2 --remove x", "`x` cannot be removed"),
        ("--topic A --brokers b --queues 2 --consumers a --remove a", "the group has no members"),
        ("--topic A --brokers b --queues 2 --consumers a,b --remove a,a", "`a` cannot be removed"),
        ("--topic A --brokers b --queues 2 --count 2 --replicas 0", "--replicas"),
        ("--topic A --brokers b --queues 2 --count 2 --replicas 3 --add 1", "cannot be used with"),
        ("--topic A --brokers b --queues 2 --count 2 --strategy AVERAGE", "`AVERAGE` is no strategy; known is AVG"),
        ("--topic A --brokers b --queues 2 --count 2 --compare AVG,NO", "`NO` is no strategy"),
        (
            "--topic A --brokers b --queues 2 --count 2 --strategy CONSISTENT_HASH --virtual-nodes -1",
            "illegal virtualNodeCnt :-1",
        ),
        ("--topic A --brokers b --queues 2 --count 2 --strategy BOUNDED_LOAD_HASH --load-bound 99", "100 or more"),
        ("--topic A --brokers b --queues 2 --count 2 --rooms b", "--rooms b: "),
        ("--topic A --brokers b --queues 2 --count 2 --sees x=y", "no member has the client id `x`"),
        ("--topic A --brokers b --queues 2 --consumers a --sees a", "write a client id, =, and a list"),
        ("--topic A --brokers b --queues 2 --consumers a --sees-brokers a=c", "there is no broker `c`; known are b"),
        ("--topic A --brokers b --queues 2 --consumers a --subscribes a=B", "there is no topic `B`; known are A"),
        ("--topic A --brokers b --queues 2 --consumers a --uses a=NO", "`NO` is no strategy"),
        ("--queues-file no/such/file --count 1", "cannot read `no/such/file`"),
        ("--queues-file - --consumers-file -", "stdin can be read once"),
        ("--queues-file - --count 1", "`-`, line 2: `A b` is no queue"),
        ("--scenario no/such.toml", "cannot read `no/such.toml`"),
        ("--scenario scenarios/consumer_crashes.toml --group x", "has no group `x`; it has g"),
        ("--topic A --brokers b --queues 2 --count 1 --group x", "--scenario"),
        (
            "--topic A --brokers b --queues 99999 --count 100000 --id-pattern c --strategy CONSISTENT_HASH",
            "50000000 is the most",
        ),
    ];
    for (arguments, sentence) in table {
        let (code, stdout, stderr) = piped(&format!("{arguments} --out {}", out.display()), "A/b/0\nA b\n");
        assert_eq!((code, stdout.as_str()), (2, ""), "{arguments}: {stderr}");
        assert!(stderr.starts_with("error: ") && stderr.contains(sentence), "{arguments}: {stderr}");
        assert_eq!(std::fs::read_dir(place.path()).unwrap().count(), 0, "{arguments} left something behind");
    }
    let (code, _, stderr) = piped("--queues-file - --count 1", "A b 0\nA/b/0\n");
    assert_eq!((code, stderr.as_str()), (2, "error: the queue A/b/0 is named twice; name each queue once\n"));
    let (code, _, stderr) = piped(&format!("{queues} --count 1 --out Cargo.toml"), "");
    assert_eq!(code, 2, "{stderr}");
}

#[test]
fn the_directory_holds_what_was_printed_and_more() {
    let place = tempfile::tempdir().unwrap();
    let out = place.path().join("out");
    let file = |name: &str| std::fs::read(out.join(name)).unwrap();
    let text = |name: &str| String::from_utf8(file(name)).unwrap();
    let asked = format!("--topic A --topic B --brokers b --queues 5 --count 3 --add 1 --out {}", out.display());
    for (format, name) in [("json", "summary.json"), ("csv", "queues.csv")] {
        let (code, stdout, _) = piped(&format!("{asked} --format {format}"), "");
        assert_eq!((code, stdout), (0, text(name)), "a second report replaces the first");
    }
    assert_eq!(
        text("members.csv").lines().take(4).collect::<Vec<_>>(),
        ["strategy,client_id,topic,queues", "AVG,10.0.0.1@1,,4", "AVG,10.0.0.1@1,A,2", "AVG,10.0.0.1@1,B,2"]
    );
    assert_eq!(
        text("comparison.csv").lines().nth(1),
        Some("AVG,10,4,4,2,2,0,0,0,4,2"),
        "queues, members, most, fewest, difference, idle, unowned, double, moved, least"
    );
    assert!(file("allocation.png").starts_with(b"\x89PNG"));
    let svg = text("allocation.svg");
    assert!(["A/b", "B/b", "10.0.0.4@1", "4 moved, least possible 2"].iter().all(|word| svg.contains(word)), "{svg}");
    let (_, compared, _) = piped(&format!("{asked} --compare AVG,STICKY --format csv"), "");
    assert_eq!(compared, text("comparison.csv"));
    assert_eq!(text("queues.csv").lines().count(), 1 + 2 * 10);
}

#[test]
fn the_text_says_what_matters_first() {
    let (code, text, _) =
        piped("--topic A --brokers broker-a,broker-b --queues 4 --count 3 --add 1 --strategy AVG", "");
    assert_eq!(code, 0);
    let expected = "\
AVG: 8 queues of 1 topic on 2 brokers, 3 members
then 4 members: comes 10.0.0.4@1
5 of 8 queues move; least possible for an even allocation: 2
every queue has exactly one owner

  balance       queues  most  fewest  max-min  idle members  unowned  double-owned
  total before       8     3       2        1             0        0             0
  total after        8     2       2        0             0        0             0

  member      before  after
  10.0.0.1@1       3      2
  10.0.0.2@1       3      2
  10.0.0.3@1       2      2
  10.0.0.4@1       -      2

  moves             from        to
  A/broker-a/2      10.0.0.1@1  10.0.0.2@1
  A/broker-b/0..1   10.0.0.2@1  10.0.0.3@1
  A/broker-b/2..3   10.0.0.3@1  10.0.0.4@1
";
    let words =
        |text: &str| text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect::<Vec<_>>();
    assert_eq!(words(&text), words(expected), "{text}");
}
