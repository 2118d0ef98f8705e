//! `Start`, step by step (`consumer/push_consumer.go:Start`).
//!
//! Routes and heartbeats are synchronous, and then the first rebalance comes at once. Mostly it has come already: the
//! brokers tell the newcomer too that somebody has joined.

use crate::model::consumer::State;
use crate::model::event::ConsumerEvent;
use crate::model::go_client::heartbeat::RoundOf;
use crate::model::go_client::rebalance::Wanted;
use crate::model::instance::ClientProcess;
use crate::model::network::{CallError, Response, Waiter};
use crate::model::observation::{Observation, StartFailure};
use crate::model::outside::Outside;

impl ClientProcess {
    /// A Go process is there within milliseconds: no virtual machine has to boot, and no code is cold.
    pub(in crate::model) fn go_boot(&mut self, out: &mut Outside<'_>, at: usize) {
        let (consumer, (_, epoch)) = (self.consumers[at].index, self.consumers[at].seat(out));
        let boot = out.environment().client_start.draw(&mut out.environment_stream);
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
        client.start_service(out);
        client.state = State::Running;
        client.start_topics = client.topics_to_come();
        let first = client.name_server_choice.below(out.plan.name_servers.len() as u64) as u16;
        if !std::mem::replace(&mut self.instance.started, true) {
            self.instance.created = Some(now);
            self.instance.name_server = (first, false);
            self.go_start_timers(out);
        }
        self.go_start_locking(out, at);
        self.go_fetch_route(out, at);
    }

    /// Step 5: one topic after the other. Step 6: what is subscribed must have a route. Step 7: the heartbeats.
    fn go_fetch_route(&mut self, out: &mut Outside<'_>, at: usize) {
        let (consumer, (_, epoch)) = (self.consumers[at].index, self.consumers[at].seat(out));
        if let Some(&topic) = self.consumers[at].start_topics.last() {
            return self.go_ask_route(out, topic, Waiter::Start { consumer, epoch });
        }
        let client = &self.consumers[at];
        let unknown = |topic: &crate::model::plan::TopicIndex| {
            client.subscription(*topic).is_some() && !client.topic_subscribe_info.contains_key(topic)
        };
        if let Some(&topic) = out.planned(consumer).topics.iter().find(|topic| unknown(topic)) {
            return self.start_failed(out, at, StartFailure::TopicWithoutRoute(topic));
        }
        self.go_heartbeat(out, RoundOf::Start(at));
    }

    /// A route came, or no name server has one.
    pub(super) fn go_start_route_answered(
        &mut self,
        out: &mut Outside<'_>,
        at: usize,
        answer: Result<Response, CallError>,
    ) {
        let (consumer, (_, epoch)) = (self.consumers[at].index, self.consumers[at].seat(out));
        let topic = *self.consumers[at].start_topics.last().expect("a topic was asked for");
        let failed = answer.is_err();
        if failed && self.go_asks_next_name_server(out, topic, Waiter::Start { consumer, epoch }) {
            return;
        }
        self.consumers[at].start_topics.pop();
        self.take_route(out, at, topic, answer);
        self.go_fetch_route(out, at);
    }

    /// Step 8: `Start` returns, and a rebalance is on its way.
    pub(super) fn go_started(&mut self, out: &mut Outside<'_>, at: usize) {
        if self.consumers[at].state == State::Running {
            let consumer = self.consumers[at].index;
            out.see(Observation::ConsumerStarted { consumer });
            self.go_rebalance(out, Wanted::Everybody);
        }
    }
}
