//! What people write and there is not, and the word that must be named first.

use rebalance_sim::scenario::{Override, parse};
use rebalance_sim::words::near_words;

const STORY: &str = r#"title = "t"
duration = "120s"
brokers = ["broker-a"]
topics = [{ name = "orders" }]
producers = [{ topic = "orders", rate = "100/s" }]
groups = [{ name = "shop", count = 3 }]
timeline = [{ at = "30s", action = "kill", consumer = "c2", mark = "oom" }]
"#;

/// The sentence that refuses the story with one value more.
fn refused(set: &str) -> String {
    let change = Override::parse(set).expect("a path and a value");
    let include = |_: &str| Err("there is none".to_owned());
    let error = parse("t.toml", STORY, &[change], &include).expect_err(set);
    format!("{}; {}", error.problem, error.allowed)
}

#[test]
fn the_word_that_is_meant_is_named_first() {
    let table = [
        // Keys of tables, in their paths.
        ("duratoin=1s", "`duration`"),
        ("topic=[{ name = \"t\" }]", "`topics`"),
        ("grups.0.count=3", "`groups`"),
        ("Brokers=[\"b\"]", "`brokers`"),
        ("time_line=[]", "`timeline`"),
        ("expectations=[]", "`expect`"),
        ("measure.form=\"settled\"", "`from`"),
        ("groups.shop.replicas=3", "`count`"),
        ("groups.shop.strategy=AVG", "`allocateMessageQueueStrategy`"),
        ("producers.0.tps=5", "`rate`"),
        ("producers.0.bodybytes=5", "`body_bytes`"),
        ("timeline.oom.acton=kill", "`action`"),
        ("groups.shopp.count=3", "`shop`"),
        // Settings.
        ("groups.shop.pull_batch_size=64", "`pullBatchSize`"),
        ("groups.shop.persist_interval=5s", "`persistConsumerOffsetInterval`"),
        ("groups.shop.heartbeat_interval=5s", "`heartbeatBrokerInterval`"),
        ("broker.channelExpireTimeout=5s", "`channelExpiredTimeout`"),
        ("broker.notify_consumer_change=false", "`realTimeNotifyConsumerChange`"),
        // Actions.
        ("timeline.oom.action=deploy", "`rollout`"),
        ("timeline.oom.action=createTopic", "`create_topic`"),
        ("timeline.oom.action=create-topc", "`create_topic`"),
        ("timeline.oom.action=sigkill", "`kill`"),
        ("timeline.oom.action=SIGTERM", "`stop`"),
        ("timeline.oom.action=freeze", "`pause`"),
        ("timeline.oom.action=rolling restart", "`rolling_restart`"),
        ("timeline.oom.action=seek", "`reset_offsets`"),
        (
            "timeline.oom={ at = \"1s\", action = \"reset_offsets\", group = \"shop\", topic = \"orders\", to = \"now\" }",
            "`latest`",
        ),
        (
            "timeline.oom={ at = \"1s\", action = \"reset_offsets\", group = \"shop\", topic = \"orders\", to = \"begin\" }",
            "`earliest`",
        ),
        ("timeline.oom.consumer=c22", "`c2`"),
        // Strategies and stores.
        ("groups.shop.allocateMessageQueueStrategy=AVERAGE", "`AVG`"),
        ("groups.shop.allocateMessageQueueStrategy=AllocateMessageQueueAveragely", "`AVG`"),
        ("groups.shop.allocateMessageQueueStrategy=AllocateMessageQueueConsistentHash", "`CONSISTENT_HASH`"),
        ("groups.shop.allocateMessageQueueStrategy=round_robin", "`AVG_BY_CIRCLE`"),
        ("groups.shop.allocateMessageQueueStrategy=avg", "`AVG`"),
        ("groups.shop.offsetStore=LocalFile", "`LocalFileOffsetStore`"),
        ("groups.shop.offsetStore=RemoteBrokerOfsetStore", "`RemoteBrokerOffsetStore`"),
        // Figures, causes, kinds of anomalies, traps, marks.
        ("expect=[\"stalled.mx <= 5s\"]", "stalled.max"),
        ("expect=[\"duplicate == 0\"]", "duplicates"),
        ("expect=[\"dups == 0\"]", "duplicates"),
        ("expect=[\"cause.handover == 0\"]", "hand_over"),
        ("expect=[\"anomaly.unownd == 0\"]", "unowned"),
        ("expect=[\"phase omo: lost == 0\"]", "`oom`"),
        ("measure.from=setled", "`settled`"),
    ];
    for (set, meant) in table {
        let sentence = refused(set);
        let first = sentence.split_once("did you mean ").or(sentence.split_once("the nearest are "));
        let named = first.is_some_and(|(_, rest)| rest.starts_with(meant));
        assert!(named, "{set} means {meant}: {sentence}");
        assert!(sentence.len() < 300, "{set} is answered at length: {sentence}");
    }
}

#[test]
fn a_word_that_is_asked_for_is_among_the_near_ones() {
    let table = [
        ("stalled.maxx", "stalled.max"),
        ("duplicate", "duplicates"),
        ("persistOffsetInterval", "persistConsumerOffsetInterval"),
        ("E99", "E9"),
        ("consistent", "CONSISTENT_HASH"),
        ("deploy", "rollout"),
        ("unownd", "unowned"),
    ];
    for (asked, first) in table {
        let near = near_words(asked);
        assert!(near.iter().take(2).any(|word| word == first), "{asked}: {near:?}");
    }
}
