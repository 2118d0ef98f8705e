//! Incidents of real users, and the reference numbers that came of them.

use serde_json::Value;

use super::{answer, loads, moved, piped, reasons};

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
