//! Tables of invented observations, each with something planted that a check must find, and the same without it.

mod causes;
mod delivery;
mod in_flight;
mod keys_and_tags;
mod log;
mod numbers;
mod order;
mod ownership;
mod recounts;
mod rows;
mod stalled;
mod waiting;
mod words;

use super::{Anomaly, Checks, Figure, Findings, Mark, Measure, Trap};
use crate::check::tests::numbers::{ALL_OF_G, BROKER_A, G, T};
use crate::kernel::{Distribution, Instant, Span};
use crate::model::ids::{BrokerIndex, ClientIndex, ConsumerIndex, QueueIndex, TopicIndex};
use crate::model::observation::Observation::{self, *};
use crate::model::observation::{CommitPath, End, Observed, Release, TopicRebalance};
use crate::model::plan::{
    Action, Arrivals, BrokerPlan, ClientSettings, ConsumerPlan, ConsumerSettings, Environment, GroupPlan, Listener,
    NameServerPlan, NameServerSettings, OrderlyListener, Plan, ProducerPlan, Step, TagSet, TopicOnBroker, TopicPlan,
    When,
};
use crate::model::{Names, QueuePlace};
use crate::strategy::Unasked;

/// Queues of the one topic `T`, on `broker-a`; `broker-b` has none of them.
const QUEUES: u32 = 2;
/// Every story lasts so long.
const END_MS: u64 = 60_000;

/// One group `g` of four consumers, and four steps that only mark their time.
pub(super) fn plan() -> Plan {
    let on = TopicOnBroker { broker: BROKER_A, read_queue_nums: QUEUES, write_queue_nums: QUEUES };
    let consumer = |number: usize| ConsumerPlan {
        name: format!("c{number}"),
        client_id: format!("10.0.0.{number}@c{number}"),
        address: None,
        fixed_name: true,
        machine: format!("c{number}"),
        instance_of: None,
        group: G,
        topics: vec![T],
        tags: TagSet::ALL,
        client: ClientSettings::default(),
        consumer: ConsumerSettings::with_strategy(std::sync::Arc::new(Unasked)),
        listener: Listener {
            work: Distribution::ZERO,
            work_by_topic: Vec::new(),
            failures_per_million: 0,
            panics_per_million: 0,
            delay_level_when_next_consume: 0,
            orderly: None,
            own: None,
        },
    };
    let step =
        |label: &str| Step { when: When::At(Instant::ZERO), action: Action::Mark, label: label.to_owned(), entry: 0 };
    Plan {
        duration: Span::from_millis(END_MS),
        environment: Environment::default(),
        name_servers: vec![NameServerPlan { name: "ns".to_owned(), settings: NameServerSettings::default() }],
        brokers: ["broker-a", "broker-b"].map(BrokerPlan::master).to_vec(),
        proxies: Vec::new(),
        local_proxy: crate::model::plan::ProxySettings::default(),
        topics: vec![TopicPlan { name: "T".to_owned(), exists: true, queues: vec![on] }],
        tags: vec![],
        producers: vec![producer()],
        groups: vec![GroupPlan {
            name: "g".to_owned(),
            created: crate::model::plan::Created::Nowhere,
            releases: Vec::new(),
        }],
        consumers: (1..=4).map(consumer).collect(),
        timeline: ["one", "two", "three", "four"].map(step).to_vec(),
        releases: Vec::new(),
        deployments: Vec::new(),
        planted: None,
    }
}

/// `p1`, of whom nothing is asked but the name.
fn producer() -> ProducerPlan {
    ProducerPlan {
        name: "p1".to_owned(),
        topic: T,
        arrivals: Arrivals::Constant { interval: Span::from_secs(1) },
        from: Instant::ZERO,
        until: None,
        queue_weights: vec![],
        tags: vec![],
        keys: 0,
        send_timeout: Span::from_secs(3),
        send_timeout_per_request: None,
        retry_times: 2,
        retry_when_not_store_ok: false,
        body_bytes: 256,
        poll_name_server_interval: Span::from_secs(30),
    }
}

/// Observations with their times in milliseconds, in any order.
type Story = Vec<(u64, Observation)>;

/// Plays a story, measured from 5 s on.
fn play(story: &[(u64, Observation)]) -> Findings {
    play_plan(story, &plan())
}

/// Plays a story of an orderly group.
fn play_orderly(story: &[(u64, Observation)]) -> Findings {
    let mut plan = plan();
    for consumer in &mut plan.consumers {
        consumer.listener.orderly = Some(OrderlyListener::default());
    }
    play_plan(story, &plan)
}

fn play_plan(story: &[(u64, Observation)], plan: &Plan) -> Findings {
    let measure = Measure { from: Mark::Time(Instant::from_millis(5_000)), ..Measure::default() };
    watch(story, plan, Checks::new(plan, measure, true))
}

/// Plays a story before these checks.
fn watch(story: &[(u64, Observation)], plan: &Plan, mut checks: Checks) -> Findings {
    let mut names = Names::new(plan);
    for queue_id in 0..QUEUES {
        names.intern_queue(QueuePlace { topic: T, broker: BROKER_A, queue_id });
    }
    for topic in 1..plan.topics.len() {
        names.intern_queue(QueuePlace { topic: TopicIndex(topic as u16), broker: BROKER_A, queue_id: 0 });
    }
    if plan.may_pop() {
        let topic = names.intern_pop_retry(G, T, false);
        names.intern_queue(QueuePlace { topic, broker: BROKER_A, queue_id: 0 });
    }
    for consumer in &plan.consumers {
        names.intern_client(&consumer.client_id);
    }
    names.intern_client("10.0.0.1@c1b");
    names.intern_client("10.0.0.9@c1");
    let mut story = story.to_vec();
    story.sort_by_key(|(at_ms, _)| *at_ms);
    for (sequence, (at_ms, what)) in (1..).zip(story) {
        checks.observe(&Observed { at: Instant::from_millis(at_ms), sequence, cause: 0, what }, &names);
    }
    checks.finish(Instant::from_millis(END_MS), &names)
}

fn starts(at_ms: u64, consumer: u16) -> (u64, Observation) {
    (at_ms, ConsumerStarting { consumer: ConsumerIndex(consumer), client: ClientIndex(u32::from(consumer)) })
}

fn takes(at_ms: u64, consumer: u16, queue: u32) -> (u64, Observation) {
    (at_ms, QueueTaken { consumer: ConsumerIndex(consumer), queue: QueueIndex(queue), offset: 0 })
}

fn releases(at_ms: u64, consumer: u16, queue: u32, release: Release) -> (u64, Observation) {
    (at_ms, QueueReleased { consumer: ConsumerIndex(consumer), queue: QueueIndex(queue), release })
}

fn ends(at_ms: u64, consumer: u16, end: End) -> (u64, Observation) {
    (at_ms, ConsumerEnded { consumer: ConsumerIndex(consumer), end })
}

fn allocated(at_ms: u64, consumer: u16, broker: u16, members: u32, queues: u32) -> (u64, Observation) {
    let found = TopicRebalance::Allocated { members, queues, mine: 1 };
    (at_ms, TopicRebalanced { consumer: ConsumerIndex(consumer), topic: T, broker: Some(BrokerIndex(broker)), found })
}

fn readable(at_ms: u64, queue: u32, end: u64) -> (u64, Observation) {
    (at_ms, Readable { queue: QueueIndex(queue), end })
}

fn gets(at_ms: u64, consumer: u16, queue: u32, offset: u64) -> (u64, Observation) {
    (
        at_ms,
        Delivered {
            consumer: ConsumerIndex(consumer),
            queue: QueueIndex(queue),
            offset,
            origin: (QueueIndex(queue), offset),
            reconsume_times: 0,
            lost: None,
        },
    )
}

fn commits(at_ms: u64, by: u16, queue: u32, offset: u64, previous: u64) -> (u64, Observation) {
    let path = CommitPath::PersistTimer;
    (
        at_ms,
        Committed {
            audience: ALL_OF_G,
            queue: QueueIndex(queue),
            offset,
            previous: Some(previous),
            by: Some(ConsumerIndex(by)),
            path,
        },
    )
}

/// c1 holds queue 0 and c2 queue 1 from 1 s on; both see two members and two queues.
fn settled() -> Vec<(u64, Observation)> {
    let mut story: Vec<_> = (0..QUEUES).map(|queue| (0, QueueCreated { queue: QueueIndex(queue) })).collect();
    story.extend([starts(0, 0), starts(0, 1)]);
    story.extend([allocated(1_000, 0, 0, 2, 2), takes(1_000, 0, 0), allocated(1_000, 1, 0, 2, 2), takes(1_000, 1, 1)]);
    story
}

fn with(more: &[(u64, Observation)]) -> Vec<(u64, Observation)> {
    let mut story = settled();
    story.extend_from_slice(more);
    story
}

/// The number of the trap that an anomaly shows; empty where it shows none.
fn trap_word(anomaly: &Anomaly) -> &'static str {
    anomaly.trap.map_or("", Trap::word)
}

fn ms(millis: u64) -> Figure {
    Figure::Span(Span::from_millis(millis))
}

fn count(count: u64) -> Figure {
    Figure::Count(count)
}

/// What a story must show: figures of the measured window, and anomalies in it as (kind, trap).
type Row = (&'static str, Vec<(u64, Observation)>, Vec<(&'static str, Figure)>, Vec<(&'static str, &'static str)>);

fn verify(rows: Vec<Row>) {
    let mut wrong = Vec::new();
    for (name, story, figures, anomalies) in rows {
        let found = play(&story);
        for (figure, value) in figures {
            let is = found.windows[0].figures.get(figure);
            if is != Some(&value) {
                wrong.push(format!("{name}: {figure} is {is:?}, not {value:?}"));
            }
        }
        let inside = |at: Instant| at >= Instant::from_millis(5_000);
        let seen: Vec<_> = found
            .anomalies
            .iter()
            .filter(|a| inside(a.until))
            .map(|a| (a.kind.word(), trap_word(a), a.cause.word()))
            .collect();
        for (kind, trap) in &anomalies {
            if !seen.iter().any(|(k, t, _)| (k, t) == (kind, trap)) {
                wrong.push(format!("{name}: no {kind} with trap `{trap}` among {seen:?}"));
            }
        }
        if anomalies.is_empty() && !seen.is_empty() {
            wrong.push(format!("{name}: nothing was planted, but {seen:?} was found"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
