//! Watches a simulated cluster as the recorder watches a real one, with the same blind spots.
//!
//! A consumer looks at its own process-queue table every 10 ms, from the return of `start()` on. A monitor asks each
//! broker in turn for its member list. What the story did is copied from the real recording, since it was given.

use std::collections::{BTreeMap, BTreeSet};

use super::Story;
use super::compare::MONITOR_MS;
use super::counted::Counted;
use super::late::LateMonitor;
use super::story::ORIGIN;
use crate::kernel::{Instant, Span, Streams};
use crate::model::ids::ConnectionId;
use crate::model::{Names, TopicKind};

use crate::model::observation::{ClientIndex, End, Observation, Observed, QueueIndex};
use crate::model::plan::{BrokerIndex, ConsumerIndex, TopicIndex};
use crate::trace::{Event, Run, Runs, Trace, What};

/// How often a consumer looks at its table.
const OWN_PERIOD: Span = Span::from_millis(10);
/// What the calls of a round of the monitor take, beside its sleep.
const MONITOR_CALLS: Span = Span::from_millis(10);

/// A change that the next look will show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Look {
    Table(ConsumerIndex),
    Popped(ConsumerIndex),
    Members(BrokerIndex),
}

/// A consumer's table as it is, and when looking at it began.
#[derive(Debug, Default)]
struct Watched {
    table: BTreeSet<QueueIndex>,
    /// What it pops from; no queue: all of the broker.
    popped: BTreeSet<(TopicIndex, BrokerIndex, Option<QueueIndex>)>,
    since: Option<Instant>,
    paused: bool,
}

/// A broker's members as they are, and what the monitor saw last.
#[derive(Debug, Default)]
struct Asked {
    connections: BTreeMap<ConnectionId, ClientIndex>,
    seen: Vec<String>,
}

/// Makes a trace of observations.
pub(super) struct Recorder<'a> {
    real: &'a Trace,
    story: &'a Story,
    consumers: Vec<Watched>,
    brokers: Vec<Asked>,
    /// How often the monitor asks a broker: its sleep and the calls of one round.
    monitor_period: Span,
    monitor_phase: Span,
    /// When the machine is busy with starts of Go clients: the monitor is late then.
    late: LateMonitor,
    /// Looks to come, each at its time.
    due: BTreeSet<(Instant, Look)>,
    taken: Runs<(ConsumerIndex, QueueIndex, u32)>,
    /// Requests, where the real recording counted them.
    counted: Counted,
    events: Vec<Event>,
}

impl<'a> Recorder<'a> {
    /// A recorder of one run.
    pub fn new(real: &'a Trace, story: &'a Story, seed: u64) -> Self {
        let plan = &story.scenario.plan;
        let period = Span::from_millis(real.header.monitor_ms.unwrap_or(MONITOR_MS)) + MONITOR_CALLS;
        let phase = Streams::new(seed).stream("monitor", 0).below(period.as_nanos());
        let given = |event: &&Event| {
            matches!(event.what, What::Step { .. } | What::Starting { .. } | What::Stopping { .. } | What::Sent(_))
        };
        Self {
            real,
            story,
            consumers: plan.consumers.iter().map(|_| Watched::default()).collect(),
            brokers: plan.brokers.iter().map(|_| Asked::default()).collect(),
            monitor_period: period,
            monitor_phase: Span::from_nanos(phase),
            late: LateMonitor::of(real, seed),
            counted: Counted::of(real, plan),
            due: BTreeSet::new(),
            taken: Runs::default(),
            events: real.events.iter().filter(given).cloned().collect(),
        }
    }

    /// Takes one observation; times must not go back.
    pub fn observe(&mut self, observed: &Observed, names: &Names) {
        if self.due.first().is_some_and(|(at, _)| *at < observed.at) {
            self.look_until(observed.at, names);
        }
        let at = observed.at;
        self.counted.observe(&observed.what);
        match observed.what {
            // Nobody watches the silent consumers of other groups.
            _ if who_of(&observed.what).is_some_and(|consumer| self.story.who[consumer.at()].is_empty()) => {}
            Observation::Delivered { consumer, queue, offset, origin, reconsume_times, .. } => {
                // Where members pop, the recorder names a message by where it was sent to, wherever it came from.
                let (queue, offset) = if self.real.header.pops() { origin } else { (queue, offset) };
                let offset = i64::try_from(offset).expect("offsets fit");
                self.taken.add(&(consumer, queue, reconsume_times), trace_ms(at), offset);
            }
            Observation::QueueTaken { consumer, queue, .. } if is_normal(queue, names) => {
                self.consumers[consumer.at()].table.insert(queue);
                self.look_at(Look::Table(consumer), consumer, at);
            }
            Observation::QueueReleased { consumer, queue, .. } if is_normal(queue, names) => {
                self.consumers[consumer.at()].table.remove(&queue);
                self.look_at(Look::Table(consumer), consumer, at);
            }
            Observation::PopQueueTaken { consumer, topic, broker, queue } => {
                self.consumers[consumer.at()].popped.insert((topic, broker, queue));
                self.look_at(Look::Popped(consumer), consumer, at);
            }
            Observation::PopQueueReleased { consumer, topic, broker, queue, .. } => {
                self.consumers[consumer.at()].popped.remove(&(topic, broker, queue));
                self.look_at(Look::Popped(consumer), consumer, at);
            }
            Observation::ConsumerStarting { consumer, .. } => self.consumers[consumer.at()] = Watched::default(),
            Observation::ConsumerStarted { consumer } => {
                self.consumers[consumer.at()].since = Some(at);
                self.due.insert((at, Look::Table(consumer)));
                self.look_at_popped(consumer, at);
                let who = self.story.who[consumer.at()].clone();
                self.events.push(Event { t: trace_ms(at), what: What::Started { client_id: String::new(), who } });
            }
            Observation::ConsumerEnded { consumer, end } => self.ended(consumer, end, at),
            Observation::ConsumerPaused { consumer } => self.consumers[consumer.at()].paused = true,
            Observation::ConsumerResumed { consumer } => {
                self.consumers[consumer.at()].paused = false;
                self.look_at(Look::Table(consumer), consumer, at);
                self.look_at_popped(consumer, at);
            }
            Observation::MemberAdded { group, .. } | Observation::MemberRemoved { group, .. } if group.at() > 0 => {}
            Observation::MemberAdded { broker, client, connection, .. } => {
                self.brokers[broker.at()].connections.insert(connection, client);
                self.ask_members(broker, at);
            }
            Observation::MemberRemoved { broker, connection, .. } => {
                self.brokers[broker.at()].connections.remove(&connection);
                self.ask_members(broker, at);
            }
            _ => {}
        }
    }

    fn ended(&mut self, consumer: ConsumerIndex, end: End, at: Instant) {
        self.consumers[consumer.at()] = Watched::default();
        self.due.retain(|(_, look)| ![Look::Table(consumer), Look::Popped(consumer)].contains(look));
        if end == End::Shutdown {
            let who = self.story.who[consumer.at()].clone();
            self.events.push(Event { t: trace_ms(at), what: What::Stopped { client: String::new(), who } });
        }
    }

    /// The consumer's next look at one of its tables, if it looks at all yet.
    fn look_at(&mut self, table: Look, consumer: ConsumerIndex, at: Instant) {
        if let Some(since) = self.consumers[consumer.at()].since {
            self.due.insert((next(at, since, OWN_PERIOD), table));
        }
    }

    /// A table of pop queues that has always been empty is no news.
    fn look_at_popped(&mut self, consumer: ConsumerIndex, at: Instant) {
        if !self.consumers[consumer.at()].popped.is_empty() {
            self.look_at(Look::Popped(consumer), consumer, at);
        }
    }

    /// The monitor's next question to a broker.
    fn ask_members(&mut self, broker: BrokerIndex, at: Instant) {
        let period = self.monitor_period.as_nanos();
        let turn = period / self.brokers.len() as u64 * u64::from(broker);
        let phase = (self.monitor_phase.as_nanos() + turn) % period;
        let look = next(at, Instant::from_nanos(phase), self.monitor_period) + self.late.draw(at);
        self.due.insert((look, Look::Members(broker)));
    }

    fn look_until(&mut self, until: Instant, names: &Names) {
        while let Some(&(at, look)) = self.due.first().filter(|(at, _)| *at < until) {
            self.due.remove(&(at, look));
            let what = match look {
                Look::Table(consumer) | Look::Popped(consumer) if self.consumers[consumer.at()].paused => continue,
                Look::Table(consumer) => {
                    let table = &self.consumers[consumer.at()].table;
                    let mut queues: Vec<String> = table.iter().map(|&queue| queue_text(queue, names)).collect();
                    queues.sort();
                    What::Own { who: self.story.who[consumer.at()].clone(), queues }
                }
                Look::Popped(consumer) => {
                    let popped = &self.consumers[consumer.at()].popped;
                    let mut queues: Vec<String> = popped.iter().map(|place| popped_text(*place, names)).collect();
                    queues.sort();
                    What::PopOwn { who: self.story.who[consumer.at()].clone(), queues }
                }
                Look::Members(broker) => {
                    let asked = &mut self.brokers[broker.at()];
                    let clients: BTreeSet<String> =
                        asked.connections.values().map(|&client| names.client(client).to_string()).collect();
                    let clients: Vec<String> = clients.into_iter().collect();
                    // A group without members is an error to the monitor, and the same list is no news.
                    if clients.is_empty() || clients == asked.seen {
                        continue;
                    }
                    asked.seen.clone_from(&clients);
                    What::Members { broker: names.broker(broker).to_owned(), clients: Some(clients), error: None }
                }
            };
            self.events.push(Event { t: trace_ms(at), what });
        }
    }

    /// The recording.
    pub fn finish(mut self, end: Instant, names: &Names) -> Trace {
        self.look_until(end, names);
        let taken = self.taken.finish(|&(consumer, queue, reconsume)| Run {
            who: Some(self.story.who[consumer.at()].clone()),
            queue: queue_text(queue, names),
            from: 0,
            to: 0,
            until: 0,
            reconsume,
        });
        self.events.extend(taken.into_iter().map(|(t, run)| Event { t, what: What::Took(run) }));
        self.events.extend(self.counted.event(trace_ms(end), names));
        self.events.sort_by(|a, b| (a.t, a.what.word()).cmp(&(b.t, b.what.word())));
        Trace { name: self.real.name.clone(), header: self.real.header.clone(), events: self.events }
    }
}

/// The consumer that an observation which is recorded is about.
fn who_of(what: &Observation) -> Option<ConsumerIndex> {
    match *what {
        Observation::Delivered { consumer, .. }
        | Observation::QueueTaken { consumer, .. }
        | Observation::QueueReleased { consumer, .. }
        | Observation::PopQueueTaken { consumer, .. }
        | Observation::PopQueueReleased { consumer, .. }
        | Observation::ConsumerStarted { consumer }
        | Observation::ConsumerEnded { consumer, .. }
        | Observation::ConsumerPaused { consumer }
        | Observation::ConsumerResumed { consumer } => Some(consumer),
        _ => None,
    }
}

/// The first moment at or after `at` that lies a whole number of periods behind `since`.
fn next(at: Instant, since: Instant, period: Span) -> Instant {
    let gone = at.as_nanos().saturating_sub(since.as_nanos());
    Instant::from_nanos(since.as_nanos() + gone.div_ceil(period.as_nanos()) * period.as_nanos())
}

/// Milliseconds of the recording.
fn trace_ms(at: Instant) -> i64 {
    let ms = |span: u64| i64::try_from(span).expect("a run is shorter than the clock");
    ms(at.as_millis()) - ms(ORIGIN.as_millis())
}

fn is_normal(queue: QueueIndex, names: &Names) -> bool {
    names.topic(names.queue(queue).topic).kind == TopicKind::Normal
}

fn queue_text(queue: QueueIndex, names: &Names) -> String {
    let place = names.queue(queue);
    format!("{}/{}/{}", names.topic(place.topic).name, names.broker(place.broker), place.queue_id)
}

/// What is popped: a queue, or -1 for all of its broker.
fn popped_text((topic, broker, queue): (TopicIndex, BrokerIndex, Option<QueueIndex>), names: &Names) -> String {
    let all = || format!("{}/{}/-1", names.topic(topic).name, names.broker(broker));
    queue.map_or_else(all, |queue| queue_text(queue, names))
}
