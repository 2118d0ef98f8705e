//! The pull loop of a queue: one goroutine, which waits for each answer (`consumer/push_consumer.go:pullMessage`).
//!
//! A connection that is lost fails no request: each pull waits for its 30 s, and then another 3 s. The loop looks whether its
//! queue was given up *before* it sleeps: one that is given up meanwhile is asked for once more.

use crate::kernel::Span;
use crate::model::consumer::State;
use crate::model::event::ConsumerEvent;
use crate::model::go_client::routes::RouteFor;
use crate::model::instance::ClientProcess;
use crate::model::network::{CallError, PullRequest, Pulled, Request, Response, Waiter};
use crate::model::observation::{CommitPath, Observation, PullTrouble, Release};
use crate::model::outside::Outside;
use crate::model::plan::TagSet;

impl ClientProcess {
    /// One turn of the loop, up to the request.
    pub(super) fn go_pull(&mut self, out: &mut Outside<'_>, at: usize, process_queue: u32) {
        if !self.consumers[at].process_queues[process_queue as usize].dropped {
            self.go_pull_slept(out, at, process_queue);
        }
    }

    /// The rest of a turn, behind its sleep.
    pub(super) fn go_pull_slept(&mut self, out: &mut Outside<'_>, at: usize, process_queue: u32) {
        let client = &mut self.consumers[at];
        if client.state != State::Running {
            return;
        }
        let planned = out.planned(client.index);
        let held = &mut client.process_queues[process_queue as usize];
        held.last_pull = out.client_clock(client.index);
        let (timers, dropped) = (&planned.client.timers, held.dropped);
        let trouble = match client.suspended {
            true => Some((PullTrouble::Suspended, timers.pull_suspended_delay)),
            false => client.flow_control(out, process_queue).map(|trouble| (trouble, timers.pull_flow_control_delay)),
        };
        match trouble {
            Some(_) if dropped => return,
            Some((trouble, delay)) => return client.pull_troubled(out, process_queue, trouble, delay),
            None => {}
        }
        if !self.go_first_pull_waits(out, at, process_queue) {
            self.go_ask_for_messages(out, at, process_queue);
        }
    }

    /// `PullMessage`, whose broker is looked for in the topic's route where it is not known
    /// (`consumer/consumer.go:tryFindBroker`).
    pub(super) fn go_ask_for_messages(&mut self, out: &mut Outside<'_>, at: usize, process_queue: u32) {
        let client = &mut self.consumers[at];
        let place = out.names.queue(client.process_queues[process_queue as usize].queue);
        if client.subscription(place.topic).is_none() {
            return self.go_pull_fails(out, at, process_queue, PullTrouble::NotSubscribed);
        }
        if client.master_or_any(place.broker).is_none() {
            let of = RouteFor::Pull(at, client.life, process_queue);
            return self.go_ask_route(out, place.topic, of);
        }
        self.go_send_pull(out, at, process_queue);
    }

    /// The route has come, or has not.
    pub(super) fn go_pull_route_answered(&mut self, out: &mut Outside<'_>, at: usize, process_queue: u32) {
        let client = &self.consumers[at];
        let place = out.names.queue(client.process_queues[process_queue as usize].queue);
        if client.state != State::Running {
            return;
        }
        match client.master_or_any(place.broker) {
            Some(_) => self.go_send_pull(out, at, process_queue),
            None => self.go_pull_fails(out, at, process_queue, PullTrouble::BrokerUnreachable),
        }
    }

    /// The loop goes to its next turn, which begins with a sleep, unless the queue was given up.
    fn go_pull_fails(&mut self, out: &mut Outside<'_>, at: usize, process_queue: u32, trouble: PullTrouble) {
        let client = &mut self.consumers[at];
        if !client.process_queues[process_queue as usize].dropped {
            let delay = out.planned(client.index).client.pull_time_delay_mills_when_exception;
            client.pull_troubled(out, process_queue, trouble, delay);
        }
    }

    /// The request, with what the consumer commits by the way, and no version of its subscription.
    fn go_send_pull(&mut self, out: &mut Outside<'_>, at: usize, process_queue: u32) {
        let client = &mut self.consumers[at];
        let (host, epoch) = client.seat(out);
        let planned = out.planned(client.index);
        let held = &client.process_queues[process_queue as usize];
        let (queue, offset) = (held.queue, held.next_offset);
        let place = out.names.queue(queue);
        let broker = client.master_or_any(place.broker).expect("one is known");
        let carries = !out.is_broadcasting(client.index) && client.master(place.broker).is_some();
        let carried = carries.then(|| client.offset_in_memory(out, queue)).flatten();
        let timers = &planned.client.timers;
        let request = Request::Pull(PullRequest {
            group: client.group,
            queue,
            offset,
            max_messages: planned.consumer.pull_batch_size,
            commit: carried.filter(|&offset| offset > 0),
            subscription_version: 0,
            suspend: timers.broker_suspend_max_time,
        });
        let waiter = Waiter::Pull { consumer: client.index, epoch, process_queue };
        let to = out.broker_host(broker);
        if out.dialed(host, to).is_some_and(|connection| out.connections[connection].server != to) {
            let (consumer, trouble) = (client.index, PullTrouble::DialsAnother);
            client.process_queues[process_queue as usize].trouble = Some(trouble);
            out.see(Observation::PullTroubled { consumer, queue, trouble });
        }
        out.call(host, to, request, timers.consumer_timeout_when_suspend, waiter);
    }

    /// The answer, or none. What comes for a queue that was given up is thrown away, and its loop ends.
    pub(super) fn go_pull_answered(
        &mut self,
        out: &mut Outside<'_>,
        at: usize,
        process_queue: u32,
        answer: Result<Response, CallError>,
    ) {
        if self.consumers[at].process_queues[process_queue as usize].dropped {
            return;
        }
        match answer {
            Ok(Response::Pulled(Pulled::Found { first, count, tags, life })) => {
                self.go_found(out, at, process_queue, (first, count), (tags, life));
            }
            Ok(Response::Pulled(Pulled::NoMatchedMessage { next, tags })) => {
                let client = &mut self.consumers[at];
                let held = &client.process_queues[process_queue as usize];
                let (queue, first) = (held.queue, held.next_offset);
                (first..next).for_each(|offset| _ = client.is_filtered(out, (queue, offset), (tags, tags)));
                self.go_nothing_new(out, at, process_queue, next);
            }
            Ok(Response::Pulled(Pulled::NoNewMessage { next })) => self.go_nothing_new(out, at, process_queue, next),
            Ok(Response::Pulled(Pulled::OffsetIllegal { next })) => {
                self.go_offset_illegal(out, at, process_queue, next);
            }
            other => self.consumers[at].pull_failed(out, process_queue, other),
        }
    }

    /// `PullFound`: into the cache and the channel, then the next pull; or, where the channel is full, no next pull before
    /// its dispatcher takes a batch out.
    fn go_found(
        &mut self,
        out: &mut Outside<'_>,
        at: usize,
        process_queue: u32,
        (first, count): (u64, u32),
        read: (TagSet, u32),
    ) {
        let client = &mut self.consumers[at];
        client.process_queues[process_queue as usize].next_offset = first + u64::from(count);
        client.pull_recovered(out, process_queue);
        if !client.put_found(out, process_queue, (first, count), read) {
            return self.go_pull(out, at, process_queue);
        }
        let interval = out.planned(client.index).consumer.pull_interval;
        if self.go_put_into_channel(at, process_queue, (first, count)) {
            if interval == Span::ZERO {
                self.go_pull(out, at, process_queue);
            } else {
                self.consumers[at].pull_later(out, process_queue, interval);
            }
        }
        self.go_dispatch(out, at, process_queue);
    }

    /// `correctTagsOffset`: an empty queue's offset is corrected.
    fn go_nothing_new(&mut self, out: &mut Outside<'_>, at: usize, process_queue: u32, next: u64) {
        let client = &mut self.consumers[at];
        client.pull_recovered(out, process_queue);
        let held = &mut client.process_queues[process_queue as usize];
        held.next_offset = next;
        let (queue, empty) = (held.queue, held.count() == 0);
        if empty {
            client.update_offset(out, queue, next, true);
        }
        self.go_pull(out, at, process_queue);
    }

    /// `PullOffsetIllegal`: the queue is dropped where it is, in the table, and its goroutine sleeps.
    fn go_offset_illegal(&mut self, out: &mut Outside<'_>, at: usize, process_queue: u32, corrected: u64) {
        let client = &mut self.consumers[at];
        let (consumer, (_, epoch)) = (client.index, client.seat(out));
        let held = &mut client.process_queues[process_queue as usize];
        let (queue, asked) = (held.queue, std::mem::replace(&mut held.next_offset, corrected));
        held.drop_queue();
        out.see(Observation::OffsetIllegal { consumer, queue, asked, corrected });
        out.see(Observation::PullTroubled { consumer, queue, trouble: PullTrouble::OffsetIllegal });
        let delay = out.planned(consumer).client.offset_illegal_repair_delay;
        out.after(delay, ConsumerEvent::OffsetRepaired { process_queue }.of(consumer, epoch));
    }

    /// It has slept: the corrected offset is committed, and every other of the group forgotten. The queue comes back with
    /// the next rebalance, whenever that is.
    pub(super) fn go_offset_repaired(&mut self, out: &mut Outside<'_>, at: usize, process_queue: u32) {
        let client = &mut self.consumers[at];
        let held = &client.process_queues[process_queue as usize];
        let (consumer, queue, offset) = (client.index, held.queue, held.next_offset);
        client.update_offset(out, queue, offset, false);
        client.go_persist_one(out, queue, CommitPath::OffsetIllegal);
        if client.table.get(&queue) == Some(&process_queue) {
            client.table.remove(&queue);
            out.see(Observation::QueueReleased { consumer, queue, release: Release::OffsetIllegal });
        }
    }
}
