//! The timeline's steps: what is done to processes, brokers, name servers, links and topics.

use crate::kernel::{Instant, Span};
use std::collections::BTreeMap;

use super::broker::BrokerEnd;
use super::event::{NameServerEvent, ProxyEvent};
use super::network::LinkFaults;
use super::observation::{End, Observation};
use super::outside::Outside;
use super::plan::{Action, BrokerIndex, ConsumerIndex, Direction, Host, NameServerIndex, ProxyIndex};
use super::world::World;
use crate::model::ids::{ConnectionId, FlightId, HostId};

/// First retransmission of TCP on Linux, and the longest wait between two.
pub(super) const FIRST_RETRANSMISSION: Span = Span::from_millis(200);
const LONGEST_RETRANSMISSION: Span = Span::from_secs(120);
/// After so long without an acknowledgement Linux gives a connection up (`tcp_retries2`).
const TCP_GIVES_UP: Span = Span::from_secs(924);

impl World<'_> {
    /// A step of the timeline takes place.
    pub(super) fn step_due(&mut self, step: u32) {
        self.out.see(Observation::StepTaken { step });
        let plan = self.out.plan;
        if self.hits_nobody(&plan.timeline[step as usize].action) {
            self.out.see(Observation::StepMissed { step });
        }
        match &plan.timeline[step as usize].action {
            Action::StartConsumer { consumer, client_id, release, new_address, takes } => {
                self.out.crowds.give(*consumer, *takes, &mut self.out.environment_stream);
                self.start_step(*consumer, client_id.as_deref(), *release, *new_address);
            }
            Action::Rollout { deployment, revision } => self.roll_out(*deployment, *revision),
            Action::Subscribe { consumer, topic } => self.change_subscription(*consumer, *topic, true),
            Action::Unsubscribe { consumer, topic } => self.change_subscription(*consumer, *topic, false),
            Action::StopConsumer(consumer) => self.stop_consumer(*consumer),
            Action::KillConsumer(consumer) => self.end_consumer(*consumer, End::Killed),
            Action::PowerOffConsumer(consumer) => {
                self.node_lost(*consumer);
                self.end_consumer(*consumer, End::PoweredOff);
            }
            Action::PauseConsumer(consumer) => self.pause_consumer(*consumer),
            Action::ResumeConsumer(consumer) => {
                self.resume_consumption(*consumer);
                self.resume_consumer(*consumer);
            }
            Action::Promote(broker) => self.promote(*broker),
            Action::Suspend(consumer) => self.suspend_consumption(*consumer),
            Action::StopBroker(broker) => self.end_broker(*broker, BrokerEnd::Stopped),
            Action::KillBroker(broker) => self.end_broker(*broker, BrokerEnd::Killed),
            Action::PowerOffBroker(broker) => self.end_broker(*broker, BrokerEnd::PoweredOff),
            Action::StartBroker { broker, new_address } => {
                let host = self.out.broker_host(*broker);
                if *new_address && !self.out.machines[host.at()].running {
                    self.out.move_host(host);
                }
                self.out.restart_broker(*broker);
            }
            Action::KillNameServer(index) => self.kill_name_server(*index),
            Action::StartNameServer(index) => self.restart_name_server(*index),
            of_proxy @ (Action::KillProxy(_) | Action::PowerOffProxy(_) | Action::StartProxy(_)) => {
                self.proxy_step(of_proxy);
            }
            link @ (Action::Cut { .. }
            | Action::Delay { .. }
            | Action::Loss { .. }
            | Action::Hold { .. }
            | Action::Release { .. }
            | Action::Heal { .. }
            | Action::Sever { .. }) => self.link_step(link),
            Action::SetQueues { .. }
            | Action::SetPermission { .. }
            | Action::DeleteTopic { .. }
            | Action::CreateTopic { .. }
            | Action::SetBrokerPermission { .. }
            | Action::SetGroup { .. }
            | Action::DeleteGroup { .. }
            | Action::SetMode { .. }
            | Action::ResetOffsets(_) => self.begin_command(step),
            Action::JumpClock { host, by, back } => {
                let host = self.out.host_id(*host);
                self.jump_clock(host, *by, *back);
            }
            Action::ForgetHeads { topic, brokers, keep } => self.out.forget_heads(*topic, brokers, *keep),
            Action::Mark => {}
        }
    }

    /// A step about a proxy.
    fn proxy_step(&mut self, action: &Action) {
        match action {
            Action::KillProxy(index) => self.end_proxy(*index, true),
            Action::PowerOffProxy(index) => self.end_proxy(*index, false),
            Action::StartProxy(index) => self.restart_proxy(*index),
            _ => unreachable!("it is about a proxy"),
        }
    }

    fn jump_clock(&mut self, host: HostId, by: Span, back: bool) {
        let nanos = i64::try_from(by.as_nanos()).expect("jumps are bounded by the reader");
        let machine = &mut self.out.machines[host.at()];
        machine.clock_ahead = machine.clock_ahead.saturating_add(if back { -nanos } else { nanos });
        let role = self.out.role(host);
        // A rebalance thread that rests looks at the clock again when it is woken.
        self.out.end_silence_of(host);
        self.out.machines[host.at()].rebalance_rests = false;
        self.out.see(Observation::ClockJumped { host: role });
    }

    /// A step about the links between two sides.
    fn link_step(&mut self, action: &Action) {
        match action {
            Action::Cut { from, to, direction } => {
                self.change_links(from, to, *direction, &|faults| faults.cut = true);
                self.see_cut_offs();
            }
            Action::Delay { from, to, direction, extra } => {
                self.change_links(from, to, *direction, &|faults| faults.extra = Some(extra.clone()));
            }
            Action::Loss { from, to, direction, per_million, retransmission } => {
                self.change_links(from, to, *direction, &|faults| faults.loss = Some((*per_million, *retransmission)));
            }
            Action::Hold { from, to, direction } => {
                self.change_links(from, to, *direction, &|faults| faults.held = true)
            }
            Action::Release { from, to } => self.change_links(from, to, Direction::Both, &|faults| faults.held = false),
            Action::Heal { from, to } => {
                self.change_links(from, to, Direction::Both, &|faults| *faults = LinkFaults::default());
                self.see_cut_offs();
            }
            Action::Sever { from, to, reset } => {
                for (one, other) in from.iter().flat_map(|one| to.iter().map(move |other| (*one, *other))) {
                    let (one, other) = (self.out.host_id(one), self.out.host_id(other));
                    self.out.connections.sever(one, other, *reset);
                }
            }
            other => unreachable!("{other:?} is not about links"),
        }
    }

    /// Whether a step would do nothing: what it is to end does not run, what it is to start does.
    fn hits_nobody(&self, action: &Action) -> bool {
        let runs = |host: Host| self.out.machines[self.out.host_id(host).at()].running;
        let up = |consumer: ConsumerIndex| runs(Host::Consumer(consumer)) && self.consumer(consumer).is_up();
        match action {
            Action::StartConsumer { consumer, .. } => up(*consumer) && !self.consumer(*consumer).is_cut_loose(),
            Action::StopConsumer(consumer)
            | Action::PauseConsumer(consumer)
            | Action::ResumeConsumer(consumer)
            | Action::Suspend(consumer)
            | Action::Subscribe { consumer, .. }
            | Action::Unsubscribe { consumer, .. } => !up(*consumer),
            Action::KillConsumer(consumer) => !runs(Host::Consumer(*consumer)),
            Action::PowerOffConsumer(consumer) => {
                !runs(Host::Consumer(*consumer)) && self.deployment_of(*consumer).is_none()
            }
            Action::StopBroker(broker) | Action::KillBroker(broker) | Action::PowerOffBroker(broker) => {
                !runs(Host::Broker(*broker))
            }
            Action::KillNameServer(index) => !runs(Host::NameServer(*index)),
            Action::KillProxy(index) | Action::PowerOffProxy(index) => !runs(Host::Proxy(*index)),
            _ => false,
        }
    }

    /// A consumer is started by the story; a pod that ran before by the kubelet of a node that has power again.
    fn start_step(&mut self, consumer: ConsumerIndex, id: Option<&str>, release: Option<usize>, new_address: bool) {
        self.leave_disconnected(consumer);
        let (host, life) = self.client_seat(consumer);
        if life > 0 && self.deployment_of(consumer).is_some() {
            return self.start_pod_again(consumer, life, new_address);
        }
        if new_address && !self.out.machines[host.at()].running {
            self.out.move_host(host);
        }
        self.start_consumer(consumer, id, release);
    }

    /// SIGSTOP.
    fn pause_consumer(&mut self, consumer: ConsumerIndex) {
        let host = self.out.consumer_host(consumer);
        let machine = &mut self.out.machines[host.at()];
        if machine.running && !std::mem::replace(&mut machine.paused, true) {
            self.out.paused += 1;
            self.out.end_silence_of(host);
            for consumer in self.running_with(consumer) {
                self.out.see(Observation::ConsumerPaused { consumer });
            }
        }
    }

    /// SIGCONT: everything that waited happens now, in its order.
    fn resume_consumer(&mut self, consumer: ConsumerIndex) {
        let host = self.out.consumer_host(consumer).at();
        let machine = &mut self.out.machines[host];
        if !std::mem::replace(&mut machine.paused, false) {
            return;
        }
        self.out.paused -= 1;
        for event in std::mem::take(&mut machine.deferred) {
            self.out.after(Span::ZERO, event);
        }
        for consumer in self.running_with(consumer) {
            self.out.see(Observation::ConsumerResumed { consumer });
        }
    }

    /// The consumers that run in a consumer's process.
    fn running_with(&self, consumer: ConsumerIndex) -> Vec<ConsumerIndex> {
        let (process, _) = self.out.instances.place(consumer);
        self.processes[process].consumers.iter().filter(|other| other.is_up()).map(|other| other.index).collect()
    }

    fn kill_name_server(&mut self, index: NameServerIndex) {
        let host = self.out.name_server_host(index);
        if self.out.machines[host.at()].running {
            let teardown = self.out.kill_teardown();
            self.out.end_process(host, true, teardown);
            self.out.see(Observation::NameServerDown { name_server: index });
        }
    }

    fn restart_name_server(&mut self, index: NameServerIndex) {
        let boot = self.out.environment().name_server_boot.draw(&mut self.out.environment_stream);
        let epoch = self.out.epoch(self.out.name_server_host(index));
        self.out.after(boot, NameServerEvent::NameServerBooted.of(index, epoch));
    }

    fn end_proxy(&mut self, index: ProxyIndex, powered: bool) {
        let host = self.out.proxy_host(index);
        if self.out.machines[host.at()].running {
            let teardown = if powered { self.out.kill_teardown() } else { Span::ZERO };
            self.out.end_process(host, powered, teardown);
            if let Some(proxy) = self.proxies.get_mut(index.at()) {
                proxy.ended(&mut self.out);
            }
        }
    }

    /// A proxy boots as fast as a client's process.
    fn restart_proxy(&mut self, index: ProxyIndex) {
        let boot = self.out.environment().process_boot.draw(&mut self.out.environment_stream);
        let epoch = self.out.epoch(self.out.proxy_host(index));
        self.out.after(boot, ProxyEvent::ProxyBooted.of(index, epoch));
    }

    /// Changes the faults between two sides; what waited on a lane that is free again goes on.
    fn change_links(&mut self, from: &[Host], to: &[Host], direction: Direction, change: &dyn Fn(&mut LinkFaults)) {
        let mut lanes = Vec::new();
        for &a in from {
            for &b in to {
                let (a, b) = (self.out.host_id(a), self.out.host_id(b));
                lanes.extend(self.out.links.change(a, b, change));
                if direction == Direction::Both {
                    lanes.extend(self.out.links.change(b, a, change));
                }
            }
        }
        for (link, to_server) in lanes {
            self.let_stranded_go(link, to_server);
        }
    }

    fn let_stranded_go(&mut self, link: u32, to_server: bool) {
        let now = self.out.now();
        let lane = self.out.links[link].lane(to_server);
        if lane.faults.cut || lane.faults.held {
            return;
        }
        let stranded: Vec<(FlightId, Instant)> = std::mem::take(&mut lane.stranded);
        // One timer a connection, that of its oldest byte: what was sent after it follows at once.
        let mut oldest: BTreeMap<ConnectionId, Instant> = BTreeMap::new();
        for &(flight, sent) in &stranded {
            let first = oldest.entry(self.out.flights.get(flight).connection).or_insert(sent);
            *first = sent.min(*first);
        }
        for (flight, _) in stranded {
            let sent = oldest[&self.out.flights.get(flight).connection];
            if now.since(sent) < TCP_GIVES_UP {
                self.out.fly(flight, next_retransmission(sent, now).since(now));
            } else {
                self.out.flights.take(flight);
            }
        }
    }

    /// Who can hear whom.
    fn see_cut_offs(&mut self) {
        for consumer in ConsumerIndex::first(self.out.plan.consumers.len()) {
            let host = self.out.consumer_host(consumer);
            for broker in BrokerIndex::first(self.out.plan.brokers.len()) {
                let other = self.out.broker_host(broker);
                let cut_off = !self.out.links.passes(host, other) || !self.out.links.passes(other, host);
                self.out.see(Observation::ConsumerCutOff { consumer, broker, cut_off });
            }
        }
    }
}

impl Outside<'_> {
    /// How long a kernel frees a killed process before it closes its sockets.
    pub(super) fn kill_teardown(&mut self) -> Span {
        self.environment().process_kill.draw(&mut self.environment_stream)
    }
}

/// When TCP sends again what it first sent at `sent`, at or after `now`: the wait doubles each time.
fn next_retransmission(sent: Instant, now: Instant) -> Instant {
    let (mut at, mut wait) = (sent, FIRST_RETRANSMISSION);
    while at < now {
        at = at + wait;
        wait = (wait + wait).min(LONGEST_RETRANSMISSION);
    }
    at
}
