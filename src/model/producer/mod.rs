//! Producers: open-loop arrivals, round-robin or weighted queues over the producer's own route
//! (`DefaultMQProducerImpl.sendDefaultImpl`, `MQFaultStrategy.selectOneMessageQueue`).
//!
//! ```text
//!   arrivals (mod.rs) --message--> queue of the route (choice.rs) --attempt--> broker
//!   route poll (route.rs)                          answer, time-out --> again, or told (send.rs)
//! ```

mod choice;
mod route;
mod send;
#[cfg(test)]
mod tests;

use crate::kernel::{Distribution, Instant, Span, Stream, Streams};

use super::event::ProducerEvent;
use super::names::QueuePlace;
use super::network::{Attempt, Request, Route};
use super::observation::{QueueIndex, SentMessage};
use super::outside::Outside;
use super::plan::{Arrivals, ProducerIndex, ProducerPlan, RecordedMessage};

/// One producer.
#[derive(Debug)]
pub(super) struct Producer {
    index: ProducerIndex,
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
            index,
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

impl Producer {
    /// What happens to it.
    pub fn event(&mut self, out: &mut Outside, what: ProducerEvent) {
        match what {
            ProducerEvent::MessageDue => self.message_due(out),
            ProducerEvent::ProducerRoutePolled => self.route_polled(out),
        }
    }

    /// Puts a producer's start on the agenda.
    pub fn start(&mut self, out: &mut Outside) {
        let host = out.producer_host(self.index);
        out.machines[host.at()].running = true;
        let from = out.plan.producers[self.index.at()].from;
        out.agenda.schedule(from, ProducerEvent::ProducerRoutePolled.of(self.index));
        out.agenda.schedule(from, ProducerEvent::MessageDue.of(self.index));
    }

    /// One message, or one burst, is due; the next is planned.
    fn message_due(&mut self, out: &mut Outside) {
        let now = out.now();
        let planned = &out.plan.producers[self.index.at()];
        if planned.until.is_some_and(|until| now >= until) {
            return;
        }
        let (messages, gap) = match &planned.arrivals {
            Arrivals::Constant { interval } => (1, *interval),
            Arrivals::Poisson { interval } => (1, Distribution::Exponential(*interval).draw(&mut self.arrivals)),
            Arrivals::Bursty { burst, every } => (*burst, *every),
            Arrivals::Recorded(_) => return self.send_recorded(out),
        };
        let next: Instant = now + gap;
        out.agenda.schedule(next, ProducerEvent::MessageDue.of(self.index));
        for _ in 0..messages {
            let (sent, mark) = (self.number_message(), self.next_mark(planned));
            let attempt = Attempt { number: 0, began: now, in_doubt: None, mark };
            self.send_message(out, sent, attempt, None);
        }
    }

    /// The next message of a producer.
    fn number_message(&mut self) -> SentMessage {
        self.sent += 1;
        SentMessage { producer: self.index, number: self.sent - 1 }
    }

    /// Sends what a recording has up to now, and plans its next message.
    fn send_recorded(&mut self, out: &mut Outside) {
        let planned = &out.plan.producers[self.index.at()];
        loop {
            let Some(&(at, message)) = self.recorded.get(self.counter as usize) else { return };
            if at > out.agenda.now() {
                out.agenda.schedule(at, ProducerEvent::MessageDue.of(self.index));
                return;
            }
            self.counter += 1;
            let place = QueuePlace { topic: planned.topic, broker: message.broker, queue_id: message.queue_id };
            let queue = out.names.intern_queue(place);
            let sent = self.number_message();
            let request = Request::Send { sent, queue, body_bytes: planned.body_bytes, mark: self.next_mark(planned) };
            let (from, to) = (out.producer_host(self.index), out.broker_host(message.broker));
            // A recording holds what was stored: nobody waits for the answer, and nothing is tried again.
            out.one_way(from, to, request);
        }
    }
}
