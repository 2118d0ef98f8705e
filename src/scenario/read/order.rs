//! What can be known of the order of steps: nobody is killed twice, nothing happens after the end.

use std::collections::{BTreeMap, BTreeSet};

use super::timeline::{Placed, bounds, host_name};
use crate::kernel::{Instant, Span};
use crate::model::plan::{Action, ConsumerIndex, Host, Plan};
use crate::scenario::text::Fault;

/// What a process does, as far as the timeline tells.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Running,
    Paused,
    Down,
    /// Windows overlap, or a rollout comes to the pod at some time: it depends on the seed.
    Unknown,
}

/// Earliest and latest moment of a step.
type Bounds = (Instant, Instant);

/// Refuses steps after the end, and steps that the state of their host certainly forbids.
pub(super) fn check_order(steps: &[Placed], plan: &Plan) -> Result<(), Fault> {
    let end = Instant::from_nanos(plan.duration.as_nanos());
    let spans: Vec<Bounds> = (0..steps.len()).map(|at| bounds(steps, at)).collect();
    if let Some(at) = spans.iter().position(|(_, latest)| *latest > end) {
        let problem = format!("`{}` could happen at {}, after the end", steps[at].step.label, spans[at].1);
        return Err(Fault::new(steps[at].place, problem, format!("the scenario lasts {}", plan.duration)));
    }
    let seats = Seats::of(plan);
    let mut by_host: BTreeMap<Host, Vec<usize>> = BTreeMap::new();
    for (at, placed) in steps.iter().enumerate() {
        for host in seats.concerned(&placed.step.action) {
            by_host.entry(host).or_default().push(at);
        }
    }
    let (mut faults, mut hit) = (Vec::new(), BTreeSet::new());
    for (host, mut own) in by_host {
        own.sort_by_key(|&at| (spans[at].0, at));
        let mut life = Life::new(host, &seats);
        for at in own {
            match life.go_on(&steps[at].step.action, spans[at]) {
                Ok(()) => _ = hit.insert(steps[at].step.entry),
                Err(state) => faults.push((at, host, state)),
            }
        }
    }
    // Of all on a machine, or all of a group, a step concerns those that it can.
    faults.retain(|(at, ..)| !steps[*at].passes_over || !hit.contains(&steps[*at].step.entry));
    let Some(&(at, host, state)) = faults.iter().min_by_key(|(at, ..)| *at) else { return Ok(()) };
    let name = host_name(plan, host);
    let problem = format!("`{}` at {}: `{name}` is {} then", steps[at].step.label, spans[at].0, words(state));
    Err(Fault::new(steps[at].place, problem, allowed(state, seats.deployment_of(host).is_some())))
}

/// Who shares a process with whom, and who is a pod.
struct Seats<'p> {
    plan: &'p Plan,
    /// The consumers of each process, by its first.
    processes: BTreeMap<ConsumerIndex, Vec<ConsumerIndex>>,
    /// The deployment of each pod.
    pods: BTreeMap<ConsumerIndex, usize>,
}

impl<'p> Seats<'p> {
    fn of(plan: &'p Plan) -> Self {
        let mut processes: BTreeMap<ConsumerIndex, Vec<ConsumerIndex>> = BTreeMap::new();
        for (index, consumer) in ConsumerIndex::number(&plan.consumers) {
            processes.entry(consumer.instance_of.unwrap_or(index)).or_default().push(index);
        }
        let pods = plan.deployments.iter().enumerate();
        let pods = pods.flat_map(|(at, own)| own.revisions.iter().flatten().map(move |&pod| (pod, at))).collect();
        Self { plan, processes, pods }
    }

    fn deployment_of(&self, host: Host) -> Option<usize> {
        match host {
            Host::Consumer(consumer) => self.pods.get(&consumer).copied(),
            _ => None,
        }
    }

    /// Whom a step concerns: a process that is killed or stopped by a signal takes along all its consumers, a rollout
    /// comes to all pods up to its own.
    fn concerned(&self, action: &Action) -> Vec<Host> {
        if let Action::Rollout { deployment, revision } = *action {
            let pods = self.plan.deployments[deployment].revisions[..=revision].iter().flatten();
            return pods.map(|&pod| Host::Consumer(pod)).collect();
        }
        let Some((host, next)) = effect(action) else { return Vec::new() };
        let alone = matches!(action, Action::StopConsumer(_) | Action::Suspend(_))
            || !matches!(next, State::Down | State::Paused);
        match host {
            Host::Consumer(consumer) if !alone => {
                let owner = self.plan.consumers[consumer.at()].instance_of.unwrap_or(consumer);
                self.processes[&owner].iter().map(|&index| Host::Consumer(index)).collect()
            }
            _ => vec![host],
        }
    }
}

/// One host, step by step.
struct Life {
    state: State,
    latest: Instant,
    /// Of a pod: how long after its node lost power another takes its place.
    evicted_after: Option<Span>,
    powered_off: Option<Bounds>,
}

impl Life {
    fn new(host: Host, seats: &Seats<'_>) -> Self {
        let state = if matches!(host, Host::Consumer(_)) { State::Down } else { State::Running };
        let pods = seats.deployment_of(host).map(|at| &seats.plan.deployments[at]);
        let evicted_after = pods.map(|pods| pods.node_monitor_grace_period + pods.toleration_seconds);
        Self { state, latest: Instant::ZERO, evicted_after, powered_off: None }
    }

    /// The next step; an error says what the host is doing, where that forbids it.
    fn go_on(&mut self, action: &Action, (earliest, latest): Bounds) -> Result<(), State> {
        // A window that overlaps an earlier one may come first.
        let certain = self.latest <= earliest;
        self.latest = self.latest.max(latest);
        if let (Some((first, last)), Some(after), State::Down) = (self.powered_off, self.evicted_after, self.state) {
            if earliest >= last + after {
                (self.state, self.powered_off) = (State::Running, None);
            } else if latest >= first + after {
                self.state = State::Unknown;
            }
        }
        if certain && !possible(self.state, action) {
            return Err(self.state);
        }
        let pod = self.evicted_after.is_some();
        let off = matches!(action, Action::PowerOffConsumer(_));
        self.powered_off = (pod && off).then_some((earliest, latest));
        let next = effect(action).map_or(State::Unknown, |(_, next)| next);
        self.state = match next {
            _ if !certain => State::Unknown,
            // Once a rollout has begun nobody knows which of its pods there are.
            _ if pod && self.state == State::Unknown => State::Unknown,
            // A kubelet starts again what ended.
            State::Down if pod && !off => State::Running,
            next => next,
        };
        Ok(())
    }
}

/// Whose process a step changes, and to what.
fn effect(action: &Action) -> Option<(Host, State)> {
    Some(match action {
        Action::StartConsumer { consumer, .. } => (Host::Consumer(*consumer), State::Running),
        Action::StopConsumer(c) | Action::KillConsumer(c) | Action::PowerOffConsumer(c) => {
            (Host::Consumer(*c), State::Down)
        }
        Action::PauseConsumer(c) | Action::Suspend(c) => (Host::Consumer(*c), State::Paused),
        Action::ResumeConsumer(c) => (Host::Consumer(*c), State::Running),
        Action::Subscribe { consumer, .. } | Action::Unsubscribe { consumer, .. } => {
            (Host::Consumer(*consumer), State::Running)
        }
        Action::StopBroker(b) | Action::KillBroker(b) | Action::PowerOffBroker(b) => (Host::Broker(*b), State::Down),
        Action::StartBroker { broker, .. } => (Host::Broker(*broker), State::Running),
        Action::KillNameServer(n) => (Host::NameServer(*n), State::Down),
        Action::StartNameServer(n) => (Host::NameServer(*n), State::Running),
        Action::KillProxy(p) | Action::PowerOffProxy(p) => (Host::Proxy(*p), State::Down),
        Action::StartProxy(p) => (Host::Proxy(*p), State::Running),
        _ => return None,
    })
}

fn possible(state: State, action: &Action) -> bool {
    match (state, action) {
        (State::Unknown, _) | (_, Action::Rollout { .. }) => true,
        (
            _,
            Action::StartConsumer { .. }
            | Action::StartBroker { .. }
            | Action::StartNameServer(_)
            | Action::StartProxy(_),
        ) => state == State::Down,
        (_, Action::ResumeConsumer(_)) => state == State::Paused,
        (
            _,
            Action::StopConsumer(_)
            | Action::PauseConsumer(_)
            | Action::Suspend(_)
            | Action::Subscribe { .. }
            | Action::Unsubscribe { .. },
        ) => state == State::Running,
        _ => state != State::Down,
    }
}

fn words(state: State) -> &'static str {
    match state {
        State::Running => "running",
        State::Paused => "paused",
        State::Down => "not running",
        State::Unknown => "in a state that depends on the seed",
    }
}

fn allowed(state: State, pod: bool) -> &'static str {
    match state {
        State::Running if pod => {
            "a pod's process is started again by its kubelet: write kill or stop alone, or a rollout of its group"
        }
        State::Running => "what runs can be stopped, killed, powered off, paused or restarted",
        State::Paused => "what is paused can be resumed, killed or powered off",
        State::Down | State::Unknown if pod => {
            "pods of a later revision come with its rollout, and one that lost power after its eviction"
        }
        _ => "what is down can only be started",
    }
}
