//! From facts to a picture of a cluster, and from the picture to a scenario that can be played: what is taken, what is
//! told, and that the simulated members deal as the real ones.

mod cluster;
mod collect;
mod played;
mod random;
mod scenario;

use rebalance_sim::import::cluster::{Cluster, RemarkKind, Wanted, join};
use rebalance_sim::import::evidence::{Evidence, Recognised};
use rebalance_sim::import::fact::{BrokerRef, Fact, QueueName, Sighted};
use rebalance_sim::import::scenario::{Written, write};
use rebalance_sim::import::section::{Call, Place};

/// An input: its name, what printed it and what it was taken for, and its facts, a line each from 1.
struct Text {
    name: &'static str,
    what: &'static str,
    call: Call,
    facts: Vec<Fact>,
}

/// An output of a command of `mqadmin`.
fn output(name: &'static str, what: &'static str, facts: Vec<Fact>) -> Text {
    Text { name, what, call: Call { command: what.to_owned(), ..Call::default() }, facts }
}

impl Text {
    /// The same with another call.
    fn called(mut self, change: impl FnOnce(&mut Call)) -> Self {
        change(&mut self.call);
        self
    }
}

fn evidence(texts: Vec<Text>) -> Evidence {
    let mut evidence = Evidence::default();
    for (input, text) in texts.into_iter().enumerate() {
        let place = |line| Place { input, line };
        evidence.inputs.push(text.name.to_owned());
        let facts = text.facts.len();
        evidence.recognised.push(Recognised { place: place(1), what: text.what, facts, call: Some(text.call) });
        evidence.facts.extend((1..).zip(text.facts).map(|(line, fact)| Sighted { place: place(line), fact }));
    }
    evidence
}

fn joined(texts: Vec<Text>, wanted: &Wanted) -> (Evidence, Cluster) {
    let evidence = evidence(texts);
    let cluster = join(&evidence, wanted);
    (evidence, cluster)
}

fn written(texts: Vec<Text>) -> Written {
    let (evidence, cluster) = joined(texts, &Wanted::default());
    write(&cluster, &evidence, "rebalance-sim import").expect("it can be written")
}

fn sentences(cluster: &Cluster, kind: RemarkKind) -> Vec<&str> {
    cluster.remarks.iter().filter(|remark| remark.kind == kind).map(|remark| remark.sentence.as_str()).collect()
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn queue(topic: &str, broker: &str, id: u32) -> QueueName {
    QueueName { topic: topic.to_owned(), broker: broker.to_owned(), id }
}

fn broker(name: &str, id: u64, address: &str) -> Fact {
    let (cluster, address, version) = (some("DefaultCluster"), some(address), some("V5_3_2"));
    Fact::Broker { cluster, name: name.to_owned(), id: Some(id), address, version, activated: None }
}

fn topic_at(topic: &str, broker: BrokerRef, read: u32, write: u32, perm: u8) -> Fact {
    let (read_queues, write_queues, perm) = (Some(read), Some(write), Some(perm));
    Fact::TopicAt { topic: topic.to_owned(), broker, read_queues, write_queues, perm }
}

fn on(broker: &str) -> BrokerRef {
    BrokerRef::Name(broker.to_owned())
}

fn member(group: Option<&str>, client_id: &str, address: &str) -> Fact {
    let (group, client_id) = (group.map(str::to_owned), client_id.to_owned());
    let (language, version) = (some("JAVA"), some("V4_9_7"));
    Fact::Member { group, client_id, address: some(address), language, version }
}

fn subscription(group: Option<&str>, topic: &str, expression: &str) -> Fact {
    let group = group.map(str::to_owned);
    Fact::Subscription { group, client_id: None, topic: topic.to_owned(), expression: expression.to_owned() }
}

fn group_is(group: Option<&str>, model: &str) -> Fact {
    Fact::GroupIs {
        group: group.map(str::to_owned),
        members: None,
        consume_type: some("CONSUME_PASSIVELY"),
        message_model: some(model),
        consume_from_where: some("CONSUME_FROM_FIRST_OFFSET"),
        consume_tps: None,
        diff_total: None,
    }
}

fn progress(group: Option<&str>, queue: QueueName, end: i64, committed: i64) -> Fact {
    Fact::Progress {
        group: group.map(str::to_owned),
        queue,
        broker_offset: end,
        consumer_offset: committed,
        client_ip: None,
        inflight: None,
        last_time: None,
    }
}

/// Two brokers, a topic with eight and four queues, and a group of three whose ids are sorted as text and not as numbers.
fn checkout() -> Vec<Text> {
    let rows = |broker: &'static str, count: u32, at: i64| {
        (0..count).map(move |id| progress(None, queue("orders", broker, id), at + i64::from(id), at))
    };
    vec![
        output(
            "clusterList.txt",
            "mqadmin clusterList",
            vec![
                broker("broker-a", 0, "10.0.0.21:10911"),
                broker("broker-a", 1, "10.0.0.22:10911"),
                broker("broker-b", 0, "10.0.0.23:10911"),
            ],
        ),
        output(
            "topicRoute.json",
            "mqadmin topicRoute",
            vec![topic_at("orders", on("broker-a"), 8, 4, 6), topic_at("orders", on("broker-b"), 4, 4, 6)],
        ),
        output(
            "connection.txt",
            "mqadmin consumerConnection",
            vec![
                member(None, "10.0.1.9@1", "10.0.1.9:40001"),
                member(None, "10.0.1.10@1", "10.0.1.10:40002"),
                member(None, "10.0.1.11@10.0.0.1:9876@1", "10.0.1.11:40003"),
                subscription(None, "%RETRY%checkout", "*"),
                subscription(None, "orders", "paid || shipped"),
                group_is(None, "CLUSTERING"),
            ],
        ),
        output(
            "first.txt",
            "mqadmin consumerProgress",
            rows("broker-a", 8, 100).chain(rows("broker-b", 4, 100)).collect(),
        )
        .called(|call| (call.group, call.at_ms) = (some("checkout"), Some(1_000_000))),
        output(
            "second.txt",
            "mqadmin consumerProgress",
            rows("broker-a", 8, 700).chain(rows("broker-b", 4, 700)).collect(),
        )
        .called(|call| (call.group, call.at_ms) = (some("checkout"), Some(1_060_000))),
    ]
}
