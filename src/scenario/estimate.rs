//! What a run will take, roughly, before it begins: events, memory, and time of one core.
//!
//! ```text
//!   messages x groups ------+
//!   changes x members ------+--> events, each with its price --> seconds
//!   consumers x duration ---+                              \--> bytes
//! ```
//! The prices were measured (`rebalance-sim bench`, results/README.md) on an ordinary cloud server. Half or twice as much is
//! near enough: it is told whether somebody waits for a minute or for a night.

use std::collections::{BTreeMap, BTreeSet};

use crate::kernel::{Instant, Span};
use crate::model::plan::{Action, Arrivals, ConsumerIndex, ConsumerPlan, GroupIndex, Plan, ProducerPlan, When};

/// What one run will take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Estimate {
    /// Messages that producers send.
    pub messages: u64,
    /// Events of the simulation.
    pub events: u64,
    /// Memory at its peak, in bytes.
    pub bytes: u64,
    /// Time of one core, in nanoseconds.
    pub nanos: u64,
}

/// Events of a message until it is stored, and once more for each group that consumes it. Several that are pulled at once
/// share some.
const EVENTS_TO_STORE: f64 = 2.0;
const EVENTS_TO_CONSUME: f64 = 3.5;
/// Events of a notification that wakes somebody: its arrival, and its share of what follows. One that reaches a client which
/// is to look anyway is counted where it lies, and is no event.
const EVENTS_OF_A_NOTIFICATION: f64 = 1.3;
/// What an event of the flow of messages takes, in nanoseconds: a few queues stay in the cache, and thousands do not.
const fn nanos_of_a_message(queues: u64) -> f64 {
    match queues {
        0..=200 => 250.0,
        201..=2_000 => 450.0,
        _ => 1_400.0,
    }
}
/// What an event of a crowd takes that is told of each other: its connections are in no cache.
const NANOS_OF_A_CROWD: f64 = 900.0;
/// What each notification takes that is no event.
const NANOS_OF_A_NOTIFICATION: f64 = 500.0;

/// Of a message, once it is consumed: the time at which it was stored.
const MESSAGE: u64 = 5;
/// Of a message with a key, whose order is watched.
const KEYED_MESSAGE: u64 = 90;
/// Of a copy in `%RETRY%`.
const RETRY: u64 = 50;
/// The most copies of a message that fails again and again (`maxReconsumeTimes`).
const MOST_RETRIES: u64 = 16;
/// Of a message in the rows of a report's files: its commit, mostly.
const ROWS: u64 = 60;
/// Of a notification: under way, and in what is known of who was told.
const NOTIFICATION: u64 = 50;
/// Of a consumer, and of a queue.
const CONSUMER: u64 = 20_000;
const QUEUE: u64 = 3_000;
/// Of a program that does nothing.
const AT_REST: u64 = 8 << 20;

impl Estimate {
    /// What a run of a plan takes; with `rows` it keeps what a report's files say.
    #[must_use]
    pub fn of(plan: &Plan, rows: bool) -> Self {
        let messages = plan.producers.iter().map(|producer| messages(producer, plan.duration));
        let messages = messages.fold(0, u64::saturating_add);
        let flow = flow(plan);
        let crowd = Crowd::of(plan);
        let background = background(plan);
        let around = crowd.wake_ups * EVENTS_OF_A_NOTIFICATION + crowd.of_rebalances + background;
        let untold = crowd.notifications * NANOS_OF_A_NOTIFICATION;
        let queues: u64 = (plan.topics.iter().flat_map(|topic| &topic.queues))
            .map(|on| u64::from(on.read_queue_nums.max(on.write_queue_nums)))
            .sum();
        let of_messages = plan.producers.iter().map(|producer| {
            let own = if producer.keys > 0 { KEYED_MESSAGE } else { MESSAGE } + if rows { ROWS } else { 0 };
            self::messages(producer, plan.duration).saturating_mul(own + of_retries(plan))
        });
        let bytes = of_messages.fold(AT_REST, u64::saturating_add);
        let bytes = bytes.saturating_add(plan.consumers.len() as u64 * CONSUMER + queues * QUEUE);
        Self {
            messages,
            events: (flow + around) as u64,
            bytes: bytes.saturating_add((crowd.notifications as u64).saturating_mul(NOTIFICATION)),
            nanos: (flow * nanos_of_a_message(queues) + around * NANOS_OF_A_CROWD + untold) as u64,
        }
    }
}

/// Events of messages: sent once, and consumed by each group that has their topic.
fn flow(plan: &Plan) -> f64 {
    let consumed: BTreeSet<_> =
        plan.consumers.iter().flat_map(|c| c.topics.iter().map(move |&topic| (topic, c.group))).collect();
    let of = |producer: &ProducerPlan| {
        let groups = consumed.iter().filter(|(topic, _)| *topic == producer.topic).count();
        messages(producer, plan.duration) as f64 * (EVENTS_TO_STORE + groups as f64 * EVENTS_TO_CONSUME)
    };
    plan.producers.iter().map(of).sum()
}

/// What members of groups cost each other: each that comes or goes is told to all by every broker.
struct Crowd {
    notifications: f64,
    /// Those of them that find their client at rest: each broker's first in a second, as a member looks once a second.
    wake_ups: f64,
    of_rebalances: f64,
}

impl Crowd {
    fn of(plan: &Plan) -> Self {
        let brokers = plan.brokers.len() as f64;
        let moments = When::resolve(&plan.timeline, |_, from, _| from);
        let mut steps: Vec<(Instant, ConsumerIndex, bool)> = Vec::new();
        for (step, at) in plan.timeline.iter().zip(moments).filter(|(_, at)| at.since(Instant::ZERO) < plan.duration) {
            match &step.action {
                Action::StartConsumer { consumer, .. } => steps.push((at, *consumer, true)),
                Action::StopConsumer(consumer)
                | Action::KillConsumer(consumer)
                | Action::PowerOffConsumer(consumer) => {
                    steps.push((at, *consumer, false));
                }
                Action::Rollout { deployment, revision } => {
                    let pods = &plan.deployments[*deployment].revisions[*revision];
                    steps.extend(pods.iter().map(|&pod| (at, pod, true)));
                }
                _ => {}
            }
        }
        steps.sort_unstable();
        let (mut members, mut up) = (BTreeMap::<GroupIndex, u64>::new(), BTreeSet::new());
        let mut seconds: BTreeMap<(GroupIndex, u64), u64> = BTreeMap::new();
        let mut notifications = 0.0;
        for (at, consumer, starts) in steps {
            if up.contains(&consumer) == starts {
                continue;
            }
            _ = if starts { up.insert(consumer) } else { up.remove(&consumer) };
            let group = plan.consumers[consumer.at()].group;
            let present = members.entry(group).or_default();
            *present = if starts { *present + 1 } else { present.saturating_sub(1) };
            notifications += *present as f64 * brokers;
            seconds.insert((group, at.as_nanos() / Span::from_secs(1).as_nanos()), *present);
        }
        // A member looks once a second at the most: it asks for the list of each topic, and tells all brokers where it changes.
        let of_a_look = 2.0 * 2.0 + 2.0 * brokers;
        let looks = seconds.values().sum::<u64>() as f64;
        Self { notifications, wake_ups: looks * brokers, of_rebalances: looks * of_a_look }
    }
}

/// What consumers do while nothing happens: heartbeats, rebalances, persisted offsets, and pulls that wait.
fn background(plan: &Plan) -> f64 {
    let seconds = plan.duration.as_nanos() as f64 / Span::from_secs(1).as_nanos() as f64;
    let of = |consumer: &crate::model::plan::ConsumerPlan| {
        let queues: u64 = consumer
            .topics
            .iter()
            .flat_map(|&topic| &plan.topics[topic.at()].queues)
            .map(|on| u64::from(on.read_queue_nums))
            .sum();
        let group = plan.consumers.iter().filter(|other| other.group == consumer.group).count();
        let own = queues as f64 / group as f64;
        2.0 * plan.brokers.len() as f64 / 30.0 + 4.0 / 20.0 + own * (1.0 / 5.0 + 3.0 / 15.0)
    };
    // Members of a group are alike, and there may be thousands: one of each stands for all.
    let mut groups: BTreeMap<GroupIndex, (f64, u64)> = BTreeMap::new();
    for consumer in &plan.consumers {
        groups.entry(consumer.group).or_insert_with(|| (of(consumer), 0)).1 += 1;
    }
    groups.values().map(|(each, count)| each * *count as f64 * seconds).sum()
}

/// What a message's copies take, where a share of the listeners' answers is a failure.
fn of_retries(plan: &Plan) -> u64 {
    let members = plan.consumers.iter().chain(&plan.releases);
    let fails = |member: &ConsumerPlan| member.listener.failures_per_million + member.listener.panics_per_million;
    let failing = members.map(|member| u64::from(fails(member))).max().unwrap_or(0);
    failing * MOST_RETRIES * RETRY / 1_000_000
}

/// How many messages a producer sends until the end of the run.
fn messages(producer: &ProducerPlan, duration: Span) -> u64 {
    let until = producer.until.map_or(duration.as_nanos(), |until| until.as_nanos().min(duration.as_nanos()));
    let nanos = until.saturating_sub(producer.from.as_nanos());
    match &producer.arrivals {
        Arrivals::Constant { interval } | Arrivals::Poisson { interval } => nanos / interval.as_nanos().max(1),
        Arrivals::Bursty { burst, every } => (nanos / every.as_nanos().max(1) + 1).saturating_mul(u64::from(*burst)),
        Arrivals::Recorded(messages) => messages.len() as u64,
    }
}
