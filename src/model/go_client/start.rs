//! `Start`, step by step (`consumer/push_consumer.go:Start`).
//!
//! Routes and heartbeats are synchronous, and then the first rebalance comes at once. Mostly it has come already: the
//! brokers tell the newcomer too that somebody has joined.
//!
//! A start that is long is long by its requests: nothing else takes time in one. Where the story says what it takes, the
//! machine is busy with starts, of brokers too, and the calls of the process are slow for a while: see [`GivenStart`].

use crate::kernel::{Instant, Span};
use crate::model::consumer::State;
use crate::model::event::ConsumerEvent;
use crate::model::go_client::heartbeat::RoundOf;
use crate::model::go_client::rebalance::Wanted;
use crate::model::go_client::routes::RouteFor;
use crate::model::instance::ClientProcess;
use crate::model::observation::{Observation, StartFailure};
use crate::model::outside::Outside;

/// A start of which the story says how long it takes.
#[derive(Debug, Clone, Copy)]
pub(super) struct GivenStart {
    /// When its heartbeats leave, if they have not left.
    heartbeats: Option<Instant>,
    /// When `Start` returns, if it has its answers.
    ends: Instant,
}

/// Of a given start so many percent are over when its heartbeats leave: the first registration comes after 23 to 84 % of it
/// (15 starts of the recordings `go_join`, `go_broker_bounce`, `go_add_queues`, `go_shared_client`).
const HEARTBEATS_PERCENT: (u64, u64) = (20, 70);
/// A call takes so many percent of a given start more, on average; a figure a process. Between two offset queries of a
/// first rebalance lie 1 to 21 % (22 processes of the recordings above, whose starts took 0.1 to 1.8 s), half of them
/// below 6 %; between the two heartbeats of a round 11 %.
const CALL_PERCENT: (u64, u64) = (1, 16);
/// And does so for so many times as long as the start takes: then the tables of these recordings have settled.
const CROWDED_TIMES: u64 = 3;

impl ClientProcess {
    /// A Go process is there within milliseconds: no virtual machine has to boot, and no code is cold.
    pub(in crate::model) fn go_boot(&mut self, out: &mut Outside<'_>, at: usize) {
        let (consumer, (_, epoch)) = (self.consumers[at].index, self.consumers[at].seat(out));
        let environment = out.environment();
        let boot = environment.go_start.as_ref().unwrap_or(&environment.client_start);
        let boot = boot.draw(&mut out.environment_stream);
        self.instance.booted = out.now() + boot;
        let host = out.consumer_host(consumer);
        out.machines[host.at()].cold_calls_left.fill(0);
        out.after(boot, ConsumerEvent::ProcessBooted.of(consumer, epoch));
    }

    /// Steps 1 to 4, and the first route request.
    pub(super) fn go_start(&mut self, out: &mut Outside<'_>, at: usize) {
        let planned = out.planned(self.consumers[at].index);
        let client = &mut self.consumers[at];
        let consumer = client.index;
        out.see(Observation::ConsumerStarting { consumer, client: client.client });
        let now = out.client_clock(consumer);
        client.subscribe(planned, &out.names, out.subscription_version(consumer));
        for &topic in &planned.topics {
            out.see(Observation::SubscriptionChanged { consumer, topic, subscribed: true, tags: planned.tags });
        }
        client.apply_early_subscription_changes(out);
        client.pool.open(0);
        client.open_offset_store(out).expect("what brokers keep has no file that could be broken");
        if planned.client.go.as_ref().is_some_and(|rules| rules.cleans_expired) {
            client.start_service(out);
        }
        client.state = State::Running;
        client.start_topics = client.topics_to_come();
        let first = client.name_server_choice.below(out.plan.name_servers.len() as u64) as u16;
        if !std::mem::replace(&mut self.instance.started, true) {
            self.instance.created = Some(now);
            self.instance.name_server = (first, false);
            self.go_start_timers(out);
        }
        self.go_start_locking(out, at);
        self.go_begin_given(out, at);
        self.go_fetch_route(out, at);
    }

    /// Of a start that takes as long as the story says: when its steps come, and how slow its calls are.
    fn go_begin_given(&mut self, out: &mut Outside<'_>, at: usize) {
        let Some(whole) = out.crowds.whole(self.consumers[at].index) else { return };
        let (now, (host, _)) = (out.now(), self.consumers[at].seat(out));
        let starts = &mut self.go().starts;
        let mut percent = |(least, most): (u64, u64)| least + starts.below(most - least);
        let (heartbeats, call) = (percent(HEARTBEATS_PERCENT), percent(CALL_PERCENT));
        let part = |percent: u64| Span::from_nanos(whole.as_nanos() / 100 * percent);
        let crowded = (now + part(100 * CROWDED_TIMES), part(call));
        // Of two consumers that start in one process the one that took longer tells of the machine.
        let known = &mut out.machines[host.at()].crowded;
        *known = Some(known.map_or(crowded, |(until, call)| (until.max(crowded.0), call.max(crowded.1))));
        let given = GivenStart { heartbeats: Some(now + part(heartbeats)), ends: now + whole };
        self.go().member(at).given_start = Some(given);
    }

    /// The rest of a given start begins, or it is over.
    pub(super) fn go_start_goes_on(&mut self, out: &mut Outside<'_>, at: usize) {
        if self.consumers[at].state == State::Running {
            match self.go().member(at).given_start.as_mut().and_then(|given| given.heartbeats.take()) {
                Some(_) => self.go_heartbeat(out, RoundOf::Start(at)),
                None => self.go_started(out, at),
            }
        }
    }

    fn go_start_later(&mut self, out: &mut Outside<'_>, at: usize, when: Instant) {
        let (consumer, (_, epoch)) = (self.consumers[at].index, self.consumers[at].seat(out));
        let rest = when.since(out.now().min(when));
        out.after(rest, ConsumerEvent::StartGoesOn.of(consumer, epoch));
    }

    /// Step 5: one topic after the other. Step 6: what is subscribed must have a route. Step 7: the heartbeats.
    fn go_fetch_route(&mut self, out: &mut Outside<'_>, at: usize) {
        let client = &self.consumers[at];
        let consumer = client.index;
        if let Some(&topic) = client.start_topics.last() {
            return self.go_ask_route(out, topic, RouteFor::Start(at, client.life));
        }
        let unknown = |topic: &crate::model::plan::TopicIndex| {
            client.subscription(*topic).is_some() && !client.topic_subscribe_info.contains_key(topic)
        };
        if let Some(&topic) = out.planned(consumer).topics.iter().find(|topic| unknown(topic)) {
            return self.start_failed(out, at, StartFailure::TopicWithoutRoute(topic));
        }
        match self.go().member(at).given_start.and_then(|given| given.heartbeats) {
            Some(when) => self.go_start_later(out, at, when),
            None => self.go_heartbeat(out, RoundOf::Start(at)),
        }
    }

    /// A route came, or no name server has one.
    pub(super) fn go_start_route_answered(&mut self, out: &mut Outside<'_>, at: usize) {
        if self.consumers[at].state == State::Running {
            self.consumers[at].start_topics.pop();
            self.go_fetch_route(out, at);
        }
    }

    /// Step 8: `Start` returns, and a rebalance is on its way.
    pub(super) fn go_started(&mut self, out: &mut Outside<'_>, at: usize) {
        if self.consumers[at].state == State::Running {
            if let Some(ends) =
                self.go().member(at).given_start.map(|given| given.ends).filter(|ends| out.now() < *ends)
            {
                return self.go_start_later(out, at, ends);
            }
            let consumer = self.consumers[at].index;
            out.see(Observation::ConsumerStarted { consumer });
            self.go_rebalance(out, Wanted::Everybody);
        }
    }
}
