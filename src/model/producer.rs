//! Producers: open-loop arrivals, round-robin or weighted queues over the producer's own route
//! (`DefaultMQProducerImpl.sendDefaultImpl`, `MQFaultStrategy.selectOneMessageQueue`).

use crate::kernel::{Instant, Span, Stream, Streams};

use super::event::ProducerEvent;
use super::marks::Mark;
use super::names::QueuePlace;
use super::network::{Attempt, CallError, Request, Response, Route, Waiter};
use super::observation::{Observation, QueueIndex, SendFailure, SentMessage, StoreDelay};
use super::plan::{Arrivals, BrokerIndex, ProducerIndex, ProducerPlan, RecordedMessage, TopicIndex};
use super::world::World;

/// How long a producer waits for its route.
const ROUTE_TIMEOUT: Span = Span::from_secs(3);

/// One producer.
#[derive(Debug)]
pub(super) struct Producer {
    route: Option<Route>,
    /// Writable queues of the route, in order of broker name and number.
    queues: Vec<QueueIndex>,
    asking: bool,
    /// Position of the name server it sticks to, and whether it was ever asked.
    name_server: (u16, bool),
    /// Messages that came before its first route.
    unrouted: Vec<(SentMessage, Attempt)>,
    counter: u64,
    /// Messages so far.
    sent: u64,
    /// The messages of a recording, each at its time; the counter is the next one's position.
    recorded: Vec<(Instant, RecordedMessage)>,
    arrivals: Stream,
    choice: Stream,
    marks: Stream,
}

impl Producer {
    /// A producer that has not started; its counter begins anywhere, as `ThreadLocalIndex` does. That of a recording
    /// counts its messages.
    pub fn new(index: ProducerIndex, plan: &ProducerPlan, streams: Streams) -> Self {
        let mut choice = streams.stream("producer queue", index.into());
        let mut arrivals = streams.stream("arrivals", index.into());
        let (counter, recorded) = match &plan.arrivals {
            Arrivals::Recorded(messages) => (0, in_phase(messages, arrivals.below(1 << PHASE_BITS))),
            _ => (choice.below(1 << 31), Vec::new()),
        };
        let marks = streams.stream("message marks", index.into());
        Self {
            route: None,
            queues: Vec::new(),
            asking: false,
            name_server: (0, false),
            unrouted: Vec::new(),
            counter,
            sent: 0,
            recorded,
            arrivals,
            choice,
            marks,
        }
    }
}

/// A share of a phase is a number of so many bits.
const PHASE_BITS: u32 = 20;

/// The messages of a recording with their phase drawn.
fn in_phase(messages: &[RecordedMessage], share: u64) -> Vec<(Instant, RecordedMessage)> {
    let later =
        |phase: Span| Span::from_nanos(((u128::from(phase.as_nanos()) * u128::from(share)) >> PHASE_BITS) as u64);
    let mut timed: Vec<_> = messages.iter().map(|message| (message.at + later(message.phase), *message)).collect();
    timed.sort_unstable();
    timed
}

impl World<'_> {
    /// Puts a producer's start on the agenda.
    pub(super) fn start_producer(&mut self, producer: ProducerIndex) {
        let host = self.out.producer_host(producer);
        self.out.machines[host as usize].running = true;
        let from = self.out.plan.producers[producer as usize].from;
        self.out.agenda.schedule(from, ProducerEvent::ProducerRoutePolled.of(producer));
        self.out.agenda.schedule(from, ProducerEvent::MessageDue.of(producer));
    }

    /// The route timer.
    pub(super) fn producer_route_polled(&mut self, producer: ProducerIndex) {
        self.ask_producer_route(producer);
        let interval = self.out.plan.producers[producer as usize].poll_name_server_interval;
        self.out.after(interval, ProducerEvent::ProducerRoutePolled.of(producer));
    }

    fn ask_producer_route(&mut self, producer: ProducerIndex) {
        if std::mem::replace(&mut self.producers[producer as usize].asking, true) {
            return;
        }
        let topic = self.out.plan.producers[producer as usize].topic;
        let from = self.out.producer_host(producer);
        let chosen = self.out.name_server_of(from, self.producers[producer as usize].name_server);
        self.producers[producer as usize].name_server = chosen;
        let to = self.out.name_server_host(chosen.0);
        self.out.call(from, to, Request::GetRoute { topic }, ROUTE_TIMEOUT, Waiter::ProducerRoute { producer, topic });
    }

    /// A route came; none, or no answer, leaves the old one.
    pub(super) fn producer_route_answered(
        &mut self,
        producer: ProducerIndex,
        topic: TopicIndex,
        answer: Result<Response, CallError>,
    ) {
        self.producers[producer as usize].asking = false;
        let unknown = matches!(answer, Ok(Response::Route(None)));
        if unknown && self.producers[producer as usize].queues.is_empty() && self.is_made_nowhere(topic) {
            return self.ask_default_route(producer);
        }
        let Ok(Response::Route(Some(route))) = answer else { return self.route_missed(producer) };
        self.take_producer_route(producer, topic, route);
    }

    /// `tryToFindTopicPublishInfo`: name servers do not know the topic, and brokers that make topics by themselves may have
    /// what is sent.
    fn ask_default_route(&mut self, producer: ProducerIndex) {
        let topic = self.out.plan.producers[producer as usize].topic;
        let (from, to) = (self.out.producer_host(producer), self.out.name_server_host(0));
        let waiter = Waiter::ProducerDefaultRoute { producer, topic };
        self.out.call(from, to, Request::GetDefaultRoute, ROUTE_TIMEOUT, waiter);
    }

    /// The route of `TBW102` came: it counts until the topic has one.
    pub(super) fn default_route_answered(
        &mut self,
        producer: ProducerIndex,
        topic: TopicIndex,
        answer: Result<Response, CallError>,
    ) {
        match answer {
            Ok(Response::Route(Some(route))) if self.producers[producer as usize].queues.is_empty() => {
                self.take_producer_route(producer, topic, route);
            }
            _ => self.route_missed(producer),
        }
    }

    /// What waited for a first route has none (`sendDefaultImpl`: "No route info of this topic").
    fn route_missed(&mut self, producer: ProducerIndex) {
        for (sent, _) in std::mem::take(&mut self.producers[producer as usize].unrouted) {
            self.out.see(Observation::SendFailed { sent, broker: None, why: SendFailure::NoRoute });
        }
    }

    fn take_producer_route(&mut self, producer: ProducerIndex, topic: TopicIndex, route: Route) {
        if self.producers[producer as usize].route.as_ref() == Some(&route) {
            return;
        }
        let mut queues = Vec::new();
        for entry in route.iter().filter(|entry| entry.addresses.master().is_some()) {
            for queue_id in 0..entry.write_queue_nums {
                queues.push(self.out.names.intern_queue(QueuePlace { topic, broker: entry.broker, queue_id }));
            }
        }
        self.out.learn_addresses(self.out.producer_host(producer), &route);
        self.producers[producer as usize].queues = queues;
        self.producers[producer as usize].route = Some(route);
        for (sent, attempt) in std::mem::take(&mut self.producers[producer as usize].unrouted) {
            self.send_message(sent, attempt, None);
        }
    }

    /// One message, or one burst, is due; the next is planned.
    pub(super) fn message_due(&mut self, producer: ProducerIndex) {
        let now = self.out.now();
        let planned = &self.out.plan.producers[producer as usize];
        if planned.until.is_some_and(|until| now >= until) {
            return;
        }
        let state = &mut self.producers[producer as usize];
        let (messages, gap) = match &planned.arrivals {
            Arrivals::Constant { interval } => (1, *interval),
            Arrivals::Poisson { interval } => {
                (1, crate::kernel::Distribution::Exponential(*interval).draw(&mut state.arrivals))
            }
            Arrivals::Bursty { burst, every } => (*burst, *every),
            Arrivals::Recorded(_) => return self.send_recorded(producer),
        };
        let next: Instant = now + gap;
        self.out.agenda.schedule(next, ProducerEvent::MessageDue.of(producer));
        for _ in 0..messages {
            let (sent, mark) = (self.number_message(producer), self.next_mark(producer));
            let attempt = Attempt { number: 0, began: now, in_doubt: None, mark };
            self.send_message(sent, attempt, None);
        }
    }

    /// The next message of a producer.
    fn number_message(&mut self, producer: ProducerIndex) -> SentMessage {
        let state = &mut self.producers[producer as usize];
        state.sent += 1;
        SentMessage { producer, number: state.sent - 1 }
    }

    /// Sends what a recording has up to now, and plans its next message.
    fn send_recorded(&mut self, producer: ProducerIndex) {
        let planned = &self.out.plan.producers[producer as usize];
        loop {
            let state = &mut self.producers[producer as usize];
            let Some(&(at, message)) = state.recorded.get(state.counter as usize) else { return };
            if at > self.out.agenda.now() {
                self.out.agenda.schedule(at, ProducerEvent::MessageDue.of(producer));
                return;
            }
            state.counter += 1;
            let place = QueuePlace { topic: planned.topic, broker: message.broker, queue_id: message.queue_id };
            let queue = self.out.names.intern_queue(place);
            let sent = self.number_message(producer);
            let request = Request::Send { sent, queue, body_bytes: planned.body_bytes, mark: Mark::default() };
            let (from, to) = (self.out.producer_host(producer), self.out.broker_host(message.broker));
            // A recording holds what was stored: nobody waits for the answer, and nothing is tried again.
            self.out.one_way(from, to, request);
        }
    }

    /// One attempt to send; a retry avoids the broker that failed (`MQFaultStrategy`).
    fn send_message(&mut self, sent: SentMessage, attempt: Attempt, avoid: Option<BrokerIndex>) {
        let producer = sent.producer;
        let planned = &self.out.plan.producers[producer as usize];
        let mark = attempt.mark;
        let chosen = match mark.key {
            0 => self.choose_queue(producer, &planned.queue_weights, avoid),
            key => self.queue_of_key(producer, key),
        };
        let Some(queue) = chosen else {
            self.ask_producer_route(producer);
            if self.producers[producer as usize].route.is_none() {
                // It waits for its first route (`tryToFindTopicPublishInfo`), and is told where none comes.
                return self.producers[producer as usize].unrouted.push((sent, attempt));
            }
            return self.send_ended(sent, attempt, (None, SendFailure::NoRoute));
        };
        let name = self.out.names.queue(queue).broker;
        let route = self.producers[producer as usize].route.iter().flat_map(|route| route.iter());
        let master = route.clone().find(|entry| entry.broker == name).and_then(|entry| entry.addresses.master());
        let (from, to) = (self.out.producer_host(producer), self.out.broker_host(master.unwrap_or(name)));
        let request = Request::Send { sent, queue, body_bytes: planned.body_bytes, mark };
        let left = planned.send_timeout.saturating_sub(self.out.now().since(attempt.began));
        let timeout = match planned.send_timeout_per_request {
            Some(most) if attempt.number < planned.retry_times => left.min(most),
            _ => left,
        };
        self.out.call(from, to, request, timeout, Waiter::Send { sent, queue, attempt, stored: false });
    }

    /// What stands on the next message.
    fn next_mark(&mut self, producer: ProducerIndex) -> Mark {
        let planned = &self.out.plan.producers[producer as usize];
        let marks = &mut self.producers[producer as usize].marks;
        let total: u64 = planned.tags.iter().map(|(_, weight)| u64::from(*weight)).sum();
        let mut point = if total > 0 { marks.below(total) } else { 0 };
        let chosen = planned.tags.iter().find(|(_, weight)| {
            let here = point < u64::from(*weight);
            point = point.saturating_sub((*weight).into());
            here
        });
        let key = if planned.keys > 0 { 1 + marks.below(planned.keys.into()) as u32 } else { 0 };
        Mark { tag: chosen.map_or(0, |(tag, _)| *tag), key }
    }

    /// `SelectMessageQueueByHash`: the same queue for the same key, as long as the producer sees the same queues.
    fn queue_of_key(&self, producer: ProducerIndex, key: u32) -> Option<QueueIndex> {
        let queues = &self.producers[producer as usize].queues;
        queues.get(key as usize % queues.len().max(1)).copied()
    }

    fn choose_queue(
        &mut self,
        producer: ProducerIndex,
        weights: &[u32],
        avoid: Option<BrokerIndex>,
    ) -> Option<QueueIndex> {
        let state = &mut self.producers[producer as usize];
        if state.queues.is_empty() {
            return None;
        }
        if weights.is_empty() {
            for _ in 0..state.queues.len() {
                state.counter += 1;
                let queue = state.queues[(state.counter % state.queues.len() as u64) as usize];
                if Some(self.out.names.queue(queue).broker) != avoid {
                    return Some(queue);
                }
            }
            return Some(state.queues[(state.counter % state.queues.len() as u64) as usize]);
        }
        let weight = |at: usize| u64::from(weights.get(at).copied().unwrap_or(1));
        let total: u64 = (0..state.queues.len()).map(weight).sum();
        let mut point = state.choice.below(total.max(1));
        for (at, &queue) in state.queues.iter().enumerate() {
            if point < weight(at) {
                return Some(queue);
            }
            point -= weight(at);
        }
        state.queues.last().copied()
    }

    /// A send was answered. A failed one is tried again on another broker, as long as `sendMsgTimeout` is not over; one to
    /// the queue of its key (`sendSelectImpl`) is not.
    pub(super) fn send_answered(
        &mut self,
        sent: SentMessage,
        queue: QueueIndex,
        (attempt, stored): (Attempt, bool),
        answer: Result<Response, CallError>,
    ) {
        let mut tried_again = true;
        let why = match answer {
            Ok(Response::QueueOffset(_)) => return,
            Ok(Response::NotStoredInTime(delay)) => return self.stored_in_doubt(sent, queue, attempt, delay),
            Ok(Response::InSyncReplicasNotEnough) => SendFailure::InSyncReplicasNotEnough,
            Ok(Response::SendRefused(why)) => {
                self.out.see(Observation::SendRefused { producer: sent.producer, queue, why });
                tried_again = why.is_tried_again();
                SendFailure::Refused
            }
            Ok(_) => SendFailure::Refused,
            Err(CallError::TimedOut) => SendFailure::TimedOut,
            Err(CallError::Unreachable) => SendFailure::Unreachable,
        };
        self.out.see(Observation::AttemptFailed { sent, stored, why });
        let broker = self.out.names.queue(queue).broker;
        if tried_again && self.may_try_again(sent, attempt) {
            self.send_message(sent, Attempt { number: attempt.number + 1, ..attempt }, Some(broker));
        } else {
            self.send_ended(sent, attempt, (Some(broker), why));
        }
    }

    /// The message is stored, and not where it was to be stored too: the producer may have another broker store it
    /// (`retryAnotherBrokerWhenNotStoreOK`).
    fn stored_in_doubt(&mut self, sent: SentMessage, queue: QueueIndex, attempt: Attempt, delay: StoreDelay) {
        let (broker, why) = (self.out.names.queue(queue).broker, SendFailure::NotStoreOk);
        let attempt = Attempt { in_doubt: Some(delay), ..attempt };
        if self.out.plan.producers[sent.producer as usize].retry_when_not_store_ok && self.may_try_again(sent, attempt)
        {
            self.out.see(Observation::AttemptFailed { sent, stored: true, why });
            self.send_message(sent, Attempt { number: attempt.number + 1, ..attempt }, Some(broker));
        } else {
            self.send_ended(sent, attempt, (Some(broker), why));
        }
    }

    fn may_try_again(&self, sent: SentMessage, attempt: Attempt) -> bool {
        let planned = &self.out.plan.producers[sent.producer as usize];
        let in_time = self.out.now().since(attempt.began) < planned.send_timeout;
        attempt.mark.key == 0 && attempt.number < planned.retry_times && in_time
    }

    /// The application is told: of a failure, or of a status that is not SEND_OK where one of the attempts had that.
    fn send_ended(&mut self, sent: SentMessage, attempt: Attempt, (broker, why): (Option<BrokerIndex>, SendFailure)) {
        match attempt.in_doubt {
            Some(why) => self.out.see(Observation::SendInDoubt { sent, why }),
            None => self.out.see(Observation::SendFailed { sent, broker, why }),
        }
    }
}
