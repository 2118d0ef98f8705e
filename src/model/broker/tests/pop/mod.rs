//! Tables of POP at one broker: what a pop takes, who is woken, what comes back and when, and what is assigned.
//!
//! The rules are those of `PopMessageProcessor.processRequest`.

mod assignment;
mod fifo;
mod fifo_restart;
mod polling;
mod popping;
mod records;
mod restart;
mod revive;

use super::*;
use crate::model::network::{InitMode, PopHandle, PopRequest, Popped, PoppedMessage};
use crate::model::observation::RequestMode;
use crate::model::plan::PopBrokerSettings;

const QUEUES: u32 = 4;
const INVISIBLE: Span = Span::from_secs(10);

/// A plan of so many consumers whose broker pops in this way.
fn pop_plan(consumers: u16, change: impl FnOnce(&mut PopBrokerSettings)) -> Plan {
    let mut plan = testing::plan(consumers);
    plan.brokers[0].settings.pop.pop_from_retry_probability = 0;
    change(&mut plan.brokers[0].settings.pop);
    plan
}

/// A scene in which the consumers are members and time has begun.
fn members(plan: &Plan) -> Scene<'_> {
    let mut scene = Scene::of(plan);
    for consumer in 0..plan.consumers.len() {
        scene.heartbeat(consumer, &[0], 1);
    }
    scene.until(ms(10));
    scene
}

impl Scene<'_> {
    /// What a consumer's pop says that is born now and waits for 15 s.
    fn pop_of(&self, consumer: u16) -> PopRequest {
        PopRequest {
            group: GroupIndex(0),
            topic: TopicIndex(0),
            queue: None,
            max_messages: 32,
            invisible: INVISIBLE,
            poll: Span::from_secs(15),
            born: self.out.client_clock(ConsumerIndex(consumer)),
            init_mode: InitMode::Min,
            tags: TagSet::ALL,
            fifo: false,
            attempt_id: None,
        }
    }

    fn pop(&mut self, consumer: u16) {
        let request = self.pop_of(consumer);
        self.ask(consumer.into(), Request::Pop(request));
    }

    fn pop_as(&mut self, consumer: u16, change: impl FnOnce(&mut PopRequest)) {
        let mut request = self.pop_of(consumer);
        change(&mut request);
        self.ask(consumer.into(), Request::Pop(request));
    }

    /// Pops at once and answers what came.
    fn popped_now(&mut self, consumer: u16) -> Vec<PoppedMessage> {
        self.pop(consumer);
        let now = self.out.now();
        let heard = self.until(now + Span::from_millis(2));
        found(&pops(&heard))
    }

    fn ack(&mut self, consumer: usize, handle: PopHandle) {
        self.ask(consumer, Request::Ack { handle, group: GroupIndex(0) });
    }

    /// So many messages, round the queues.
    fn send_all(&mut self, count: u32) {
        (0..count).for_each(|number| self.send(QueueIndex(number % QUEUES), 0));
        let now = self.out.now();
        self.until(now + Span::from_millis(1));
    }

    fn committed(&self, queue: u32) -> Option<u64> {
        self.broker.offsets.get(GroupIndex(0), QueueIndex(queue))
    }
}

/// What pops were told.
fn pops(heard: &Heard) -> Vec<Popped> {
    let answers = heard.arrived.iter().map(|(_, payload)| match payload {
        Payload::Response(_, Response::Popped(popped)) => Some(popped.clone()),
        _ => None,
    });
    answers.flatten().collect()
}

/// All messages among the answers.
fn found(answers: &[Popped]) -> Vec<PoppedMessage> {
    let of = |popped: &Popped| match popped {
        Popped::Found(messages) => messages.to_vec(),
        _ => Vec::new(),
    };
    answers.iter().flat_map(of).collect()
}

/// Queue and offset of each message, sorted.
fn places(messages: &[PoppedMessage]) -> Vec<(u32, u64)> {
    let mut places: Vec<(u32, u64)> = messages.iter().map(|one| (one.handle.queue.0, one.handle.offset)).collect();
    places.sort_unstable();
    places
}

/// When each message came into the retry topic, after it had become visible again.
fn revivals(heard: &Heard) -> Vec<Span> {
    let revived = heard.seen.iter().map(|what| match what {
        Observation::Revived { after, .. } => Some(*after),
        _ => None,
    });
    revived.flatten().collect()
}
