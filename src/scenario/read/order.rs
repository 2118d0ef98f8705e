//! What can be known of the order of steps: nobody is killed twice, nothing happens after the end.

use super::timeline::{Placed, bounds, host_name};
use crate::kernel::Instant;
use crate::model::plan::{Action, Host, Plan};
use crate::scenario::text::Fault;

/// What a process does, as far as the timeline tells.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Running,
    Paused,
    Down,
    /// Windows overlap: it depends on the seed.
    Unknown,
}

/// Refuses steps after the end, and steps that the state of their host certainly forbids.
pub(super) fn check_order(steps: &[Placed], plan: &Plan) -> Result<(), Fault> {
    let end = Instant::from_nanos(plan.duration.as_nanos());
    let spans: Vec<(Instant, Instant)> = (0..steps.len()).map(|at| bounds(steps, at)).collect();
    if let Some(at) = spans.iter().position(|(_, latest)| *latest > end) {
        let problem = format!("`{}` could happen at {}, after the end", steps[at].step.label, spans[at].1);
        return Err(Fault::new(steps[at].place, problem, format!("the scenario lasts {}", plan.duration)));
    }
    let mut by_host: std::collections::BTreeMap<Host, Vec<usize>> = std::collections::BTreeMap::new();
    for (at, placed) in steps.iter().enumerate() {
        if let Some((host, next)) = effect(&placed.step.action) {
            for host in in_one_process(host, next, &placed.step.action, plan) {
                by_host.entry(host).or_default().push(at);
            }
        }
    }
    for (host, mut own) in by_host {
        own.sort_by_key(|&at| (spans[at].0, at));
        let mut state = if matches!(host, Host::Consumer(_)) { State::Down } else { State::Running };
        let mut latest = Instant::ZERO;
        for at in own {
            // A window that overlaps an earlier one may come first.
            let certain = latest <= spans[at].0;
            latest = latest.max(spans[at].1);
            let next = effect(&steps[at].step.action).map_or(State::Unknown, |(_, next)| next);
            if certain && !possible(state, &steps[at].step.action) {
                let name = host_name(plan, host);
                let problem =
                    format!("`{}` at {}: `{name}` is {} then", steps[at].step.label, spans[at].0, words(state));
                return Err(Fault::new(steps[at].place, problem, allowed(state)));
            }
            state = if certain { next } else { State::Unknown };
        }
    }
    Ok(())
}

/// Whom a step concerns: a process that is killed or stopped by a signal takes along all its consumers.
fn in_one_process(host: Host, next: State, action: &Action, plan: &Plan) -> Vec<Host> {
    let Host::Consumer(consumer) = host else { return vec![host] };
    let alone =
        matches!(action, Action::StopConsumer(_) | Action::Suspend(_)) || !matches!(next, State::Down | State::Paused);
    let owner = |index: usize| plan.consumers[index].instance_of.unwrap_or(index as u16);
    let same = |index: &usize| owner(*index) == owner(usize::from(consumer));
    match alone {
        true => vec![host],
        false => (0..plan.consumers.len()).filter(same).map(|index| Host::Consumer(index as u16)).collect(),
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
        Action::StartBroker(b) => (Host::Broker(*b), State::Running),
        Action::KillNameServer(n) => (Host::NameServer(*n), State::Down),
        Action::StartNameServer(n) => (Host::NameServer(*n), State::Running),
        _ => return None,
    })
}

fn possible(state: State, action: &Action) -> bool {
    match (state, action) {
        (State::Unknown, _) => true,
        (_, Action::StartConsumer { .. } | Action::StartBroker(_) | Action::StartNameServer(_)) => state == State::Down,
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

fn allowed(state: State) -> &'static str {
    match state {
        State::Running => "what runs can be stopped, killed, powered off, paused or restarted",
        State::Paused => "what is paused can be resumed, killed or powered off",
        _ => "what is down can only be started",
    }
}
