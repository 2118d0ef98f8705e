//! Queues and ids from files, stdin and scenarios.

use rebalance_sim::strategy::{ClientId, MessageQueue, registry};
use serde_json::Value;

use super::{answer, piped};

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
    // Java compares UTF-16 units, in which the second of these begins with D83D.
    let (_, csv, _) = piped("--topic A --brokers b --queues 1 --consumers \u{ff5e},\u{1f600} --format csv", "");
    assert!(csv.contains("A,b,0,AVG,\u{1f600},owned"), "{csv}");
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
    let (code, story) = answer("--scenario scenarios/ownership/duplicate_client_id.toml");
    assert_eq!(code, 1);
    assert_eq!(story["strategy"], "AVG");
    let (code, crashes) = answer("--scenario scenarios/stalls/consumer_crashes.toml --add 1");
    assert_eq!((code, crashes["group"].as_str()), (0, Some("g")));
    assert_eq!(crashes["total"]["queues"], 8);
    assert_eq!(crashes["total"]["members"], 3);
    assert_eq!(crashes["change"]["added"], Value::from(vec!["10.0.0.4@c4"]));
    let (_, replaced) = answer("--scenario scenarios/stalls/consumer_crashes.toml --count 2 --strategy AVG_BY_CIRCLE");
    assert_eq!((&replaced["total"]["members"], &replaced["strategy"]), (&2.into(), &"AVG_BY_CIRCLE".into()));
}

/// `mqadmin allocateMQ` hands AVG the queues as Java's `HashSet` iterates them and the ids as they were typed
/// (`AllocateMQSubCommand.execute`); a client sorts both. So it names the wrong owner for half of these queues.
#[test]
fn mqadmin_allocate_mq_names_other_owners() {
    let brokers = ["broker-a", "broker-b"];
    let mut queues: Vec<MessageQueue> =
        brokers.iter().flat_map(|broker| (0..4).map(|id| MessageQueue::new("orders", broker, id))).collect();
    // Eight entries fit into the sixteen buckets that a table begins with.
    queues.sort_by_key(|queue| {
        let hash = queue.hash_code() as u32;
        (hash ^ (hash >> 16)) & 15
    });
    let ids: Vec<ClientId> = ["10.0.0.2@1", "10.0.0.10@1", "10.0.0.1@1"].map(Into::into).to_vec();
    let shares = registry::strategy("AVG").unwrap().allocate_all("aa", &queues, &ids);
    let owner_by_mqadmin = |queue: &str| {
        let mut shares = shares.iter().map(|share| share.as_ref().unwrap());
        let seat = shares.position(|share| share.iter().any(|own| own.to_string() == queue));
        ids[seat.unwrap()].to_string()
    };
    let cluster = "--topic orders --brokers broker-a,broker-b --queues 4";
    let (_, csv, _) = piped(&format!("{cluster} --consumers 10.0.0.2@1,10.0.0.10@1,10.0.0.1@1 --format csv"), "");
    let row = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        let queue = cells[1..3].join("/");
        format!("{queue} {} {}", cells[4], owner_by_mqadmin(&format!("orders/{queue}")))
    };
    let table: Vec<String> = csv.lines().skip(1).map(row).collect();
    // Queue, its owner, and its owner if mqadmin is believed.
    let expected = [
        "broker-a/0 10.0.0.10@1 10.0.0.10@1",
        "broker-a/1 10.0.0.10@1 10.0.0.10@1",
        "broker-a/2 10.0.0.10@1 10.0.0.2@1",
        "broker-a/3 10.0.0.1@1 10.0.0.2@1",
        "broker-b/0 10.0.0.1@1 10.0.0.1@1",
        "broker-b/1 10.0.0.1@1 10.0.0.10@1",
        "broker-b/2 10.0.0.2@1 10.0.0.1@1",
        "broker-b/3 10.0.0.2@1 10.0.0.2@1",
    ];
    assert_eq!(table, expected);
}
