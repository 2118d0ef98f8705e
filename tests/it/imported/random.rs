//! Whatever is read, what is written is a scenario, and nobody is in it whom no input names.

use std::collections::BTreeSet;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use rebalance_sim::scenario::parse;

use super::*;

/// Names of this test: plain ones that meet often, and odd ones.
fn name() -> BoxedStrategy<String> {
    prop_oneof![8 => "[abc]", 2 => "[ab]@[0-9]{1,2}(:[0-9])?", 1 => "all|c1|p1|brokers|%RETRY%a|TBW102", 1 => "[ -~é]{0,6}"].boxed()
}

fn broker_ref() -> BoxedStrategy<BrokerRef> {
    prop_oneof![name().prop_map(BrokerRef::Name), name().prop_map(BrokerRef::Address), Just(BrokerRef::OfThisFolder)]
        .boxed()
}

fn queue_name() -> BoxedStrategy<QueueName> {
    let queue = |(topic, broker, id)| QueueName { topic, broker, id };
    (name(), name(), prop_oneof![0..9_u32, 0..70_000_u32]).prop_map(queue).boxed()
}

fn word() -> BoxedStrategy<String> {
    prop_oneof![
        "CLUSTERING|BROADCASTING|CONSUME_PASSIVELY|CONSUME_ACTIVELY|CONSUME_POP|CONSUME_FROM_FIRST_OFFSET|POP|true|ORDERLY",
        "AVG|CONSISTENT_HASH|STICKY|V5_3_3|V3_2_6|V|JAVA|GO|a \\|\\| b|\\*|10.01|25%|0|1|60000|-1|many",
        "[ -~é]{0,8}",
    ]
    .boxed()
}

fn key() -> BoxedStrategy<String> {
    prop_oneof![
        "brokerName|brokerId|brokerRole|channelExpiredTimeout|slaveReadEnable|flushDiskType|totalReplicas|inSyncReplicas",
        "allocateMessageQueueStrategy|consumeThreadMin|consumeThreadMax|pullBatchSize|orderly|consumeTimeout|pullThreadNums",
        "[ -~é]{0,8}",
    ]
    .boxed()
}

fn of_clients() -> BoxedStrategy<Fact> {
    let group = || option::weighted(0.7, name());
    prop_oneof![
        4 => (group(), name(), option::of(name()), option::of(word()), option::of(word())).prop_map(
            |(group, client_id, address, language, version)| Fact::Member { group, client_id, address, language, version }
        ),
        3 => (group(), option::of(name()), name(), word()).prop_map(
            |(group, client_id, topic, expression)| Fact::Subscription { group, client_id, topic, expression }
        ),
        2 => (group(), option::of(name()), key(), word()).prop_map(
            |(group, client_id, key, value)| Fact::ClientSetting { group, client_id, key, value }
        ),
        2 => (group(), option::of(0..9_u32), vec(option::of(word()), 4)).prop_map(|(group, members, words)| Fact::GroupIs {
            group,
            members,
            consume_type: words[0].clone(),
            message_model: words[1].clone(),
            consume_from_where: words[2].clone(),
            consume_tps: words[3].clone(),
            diff_total: None,
        }),
        2 => (group(), queue_name(), any::<i64>(), any::<i64>(), option::of(name())).prop_map(
            |(group, queue, broker_offset, consumer_offset, client_ip)| Fact::Progress {
                group, queue, broker_offset, consumer_offset, client_ip, inflight: None, last_time: None,
            }
        ),
        1 => (group(), name(), queue_name()).prop_map(|(group, client_id, queue)| Fact::Owner {
            group, client_id, queue, locked: None, dropped: None, cached: None, last_pull_ms: None, last_consume_ms: None,
        }),
    ]
    .boxed()
}

fn of_servers() -> BoxedStrategy<Fact> {
    prop_oneof![
        2 => (name(), 0..6_u64, option::of(name())).prop_map(|(name, id, address)| Fact::Broker {
            cluster: None, name, id: Some(id), address, version: None, activated: None,
        }),
        3 => (broker_ref(), key(), word()).prop_map(|(broker, key, value)| Fact::BrokerSetting { broker, key, value }),
        3 => (name(), broker_ref(), option::of(0..70_000_u32), option::of(0..9_u32), option::of(0..8_u8)).prop_map(
            |(topic, broker, read_queues, write_queues, perm)| Fact::TopicAt { topic, broker, read_queues, write_queues, perm }
        ),
        1 => (option::of(name()), name(), 0..9_u32, any::<i64>()).prop_map(|(topic, broker, queue, max)| Fact::QueueRange {
            topic, broker, queue, min: 0, max, last_updated: None,
        }),
        1 => (name(), broker_ref(), any::<Option<bool>>(), any::<Option<u32>>()).prop_map(
            |(group, broker, enabled, retry_queue_nums)| Fact::GroupAt {
                group, broker, consume_enable: enabled, consume_broadcast_enable: enabled, retry_queue_nums,
                retry_max_times: None, consume_message_orderly: None,
            }
        ),
        1 => (broker_ref(), option::of(name()), name(), option::of(name()), 0..9_u32).prop_map(
            |(broker, group, topic, queue_broker, queue)| Fact::Committed { broker, group, topic, queue_broker, queue, offset: 3 }
        ),
        1 => name().prop_map(|address| Fact::NameServer { address }),
        1 => (key(), word()).prop_map(|(key, value)| Fact::NameServerSetting { key, value }),
        1 => (broker_ref(), name(), name(), word()).prop_map(|(broker, topic, group, mode)| Fact::RequestMode {
            broker, topic, group, mode, pop_share_queue_num: None,
        }),
        1 => (name(), option::of(0..9_u32), option::of(word()), option::of(word())).prop_map(
            |(name, replicas, max_surge, max_unavailable)| Fact::Workload {
                name, kind: "Deployment".to_owned(), replicas, termination_grace_ms: Some(1), strategy: None, max_surge,
                max_unavailable, pre_stop_ms: None, ready_after_ms: Some(0), image: None,
            }
        ),
    ]
    .boxed()
}

/// A client id as the text has it.
fn shown(id: &str) -> String {
    format!("clientId = \"{}\"", id.replace('\\', "\\\\"))
}

/// So many client ids the text names, each counted once.
fn named_ids(text: &str) -> usize {
    let lines = text.lines().filter(|line| line.starts_with("    { name = "));
    let ids = lines.filter_map(|line| line.split("clientId = \"").nth(1)?.split('"').next().map(str::to_owned));
    ids.collect::<BTreeSet<_>>().len()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn every_picture_makes_a_scenario_without_anybody_invented(
        texts in vec((vec(prop_oneof![of_clients(), of_servers()], 0..14), option::of(name()), any::<Option<i64>>()), 1..4)
    ) {
        let said = format!("{texts:?}");
        let is_said = |name: &str| {
            let quoted = format!("{name:?}");
            said.contains(&quoted[1..quoted.len() - 1])
        };
        let texts = texts.into_iter().zip(["a.txt", "b/c.json", "d"]).map(|((facts, group, at_ms), name)| {
            output(name, "mqadmin consumerProgress", facts).called(|call| (call.group, call.at_ms) = (group, at_ms))
        });
        let written = written(texts.collect());
        prop_assert!(parse("again", &written.text, &[], &|_: &str| Err(String::new())).is_ok(), "{}", written.text);
        let plan = &written.scenario.plan;
        let ids: BTreeSet<&str> = plan.consumers.iter().map(|own| own.client_id.as_str()).collect();
        for id in plan.consumers.iter().map(|own| own.client_id.as_str()).filter(|id| written.text.contains(&shown(id))) {
            prop_assert!(is_said(id), "{id} is nowhere in {said}");
        }
        prop_assert_eq!(ids.iter().filter(|id| written.text.contains(&shown(id))).count(), named_ids(&written.text));
        let assumed = ["broker-a", "my-topic", "my-group"];
        let named = plan.topics.iter().map(|topic| &topic.name).chain(plan.groups.iter().map(|group| &group.name));
        let masters = plan.brokers.iter().filter(|broker| broker.slave_of.is_none()).map(|broker| &broker.name);
        for name in named.chain(masters) {
            prop_assert!(assumed.contains(&name.as_str()) || is_said(name), "{name} is nowhere in {said}");
        }
    }
}
