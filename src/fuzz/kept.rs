//! Groups of which nothing is asked at rest: a member keeps a connection that a middlebox has forgotten.
//!
//! A client that leaves connections open after a time-out (`NettyClientConfig.clientCloseSocketIfTimeout`, false before
//! 4.9.1) goes on with one that nobody answers on (`NettyRemotingClient.invokeSync`). Its heartbeats of every 30 s are bytes
//! that it has written, so that its `IdleStateHandler`, which asks for 120 s without any read or written (`ALL_IDLE`), never
//! closes it; Linux gives it up after some 15 minutes (`tcp_retries2`), later than a random cluster lives. Until then the
//! broker does not list the member, or lists it by other brokers alone, and the others deal without it.

use std::collections::BTreeSet;

use super::still::moments;
use crate::kernel::{Instant, Span};
use crate::model::plan::{Action, ConsumerIndex, GroupIndex, Host, Plan};

/// When Linux gives a connection up on which nothing is acknowledged.
const KERNEL_GIVES_UP: Span = Span::from_secs(15 * 60);

/// The groups with a member that was cut off in silence, keeps what does not answer, and was not started again.
pub(super) fn groups_that_keep_dead_connections(plan: &Plan) -> BTreeSet<GroupIndex> {
    let steps: Vec<(Instant, &Action)> =
        moments(plan).into_iter().zip(plan.timeline.iter().map(|step| &step.action)).collect();
    let process = |consumer: ConsumerIndex| plan.consumers[consumer.at()].instance_of.unwrap_or(consumer);
    let started_after = |own: ConsumerIndex, at: Instant| {
        let starts =
            |action: &Action| matches!(action, Action::StartConsumer { consumer, .. } if process(*consumer) == own);
        steps.iter().any(|(when, action)| *when > at && starts(action))
    };
    let mut cut_off = BTreeSet::new();
    for &(at, action) in &steps {
        let Action::Sever { from, to, reset: false } = action else { continue };
        for (side, other) in [(from, to), (to, from)] {
            let severed = side.iter().filter_map(|host| match host {
                Host::Consumer(consumer) => Some(process(*consumer)),
                _ => None,
            });
            let from_brokers = other.iter().any(|host| matches!(host, Host::Broker(_)));
            cut_off.extend(severed.filter(|own| from_brokers && keeps(plan, *own) && !started_after(*own, at)));
        }
    }
    let of_group = ConsumerIndex::first(plan.consumers.len()).filter(|consumer| cut_off.contains(&process(*consumer)));
    of_group.map(|consumer| plan.consumers[consumer.at()].group).collect()
}

/// Whether a member goes on with a connection that nobody answers on. A time-out closes none of a Go client; from 2.1.1 on
/// one on which it has read nothing for 120 s is closed (`internal/remote/remote_client.go:receiveResponse`).
fn keeps(plan: &Plan, consumer: ConsumerIndex) -> bool {
    let client = &plan.consumers[consumer.at()].client;
    match client.go {
        Some(_) => client.client_channel_max_idle_time_seconds > KERNEL_GIVES_UP,
        None => !client.client_close_socket_if_timeout,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::parse;

    #[test]
    fn who_keeps_a_dead_connection_is_asked_nothing() {
        let file = |version: &str, steps: &str| {
            format!(
                "title = \"f\"\nduration = \"600s\"\nbrokers = [\"a\"]\n\
                [[topics]]\nname = \"t\"\nqueues = 2\n\
                [[groups]]\nname = \"g\"\nclientVersion = {version:?}\nconsumers = [{{ name = \"c1\" }}, {{ name = \"c2\" }}]\n\
                [[groups]]\nname = \"h\"\nconsumers = [{{ name = \"d1\" }}]\n{steps}"
            )
        };
        let severs = |reset: bool| {
            format!("[[timeline]]\nat = \"200s\"\naction = \"sever\"\nfrom = \"c1\"\nto = \"a\"\nreset = {reset}\n")
        };
        let restarts = |who: &str, at: &str| {
            format!("[[timeline]]\nat = {at:?}\naction = \"restart\"\nconsumer = {who:?}\nkill = true\n")
        };
        let table = [
            ("it stays with what does not answer", "4.9.0", severs(false), true),
            ("a time-out closes it", "4.9.1", severs(false), false),
            ("a Go client reads nothing and minds not", "go-2.1.0", severs(false), true),
            ("a Go client that has read nothing for two minutes", "go-2.1.2", severs(false), false),
            ("so it does in 5.3.3", "5.3.3", severs(false), false),
            ("it is told", "4.9.0", severs(true), false),
            ("a new process has new connections", "4.9.0", severs(false) + &restarts("c1", "250s"), false),
            ("it was new before", "4.9.0", severs(false) + &restarts("c1", "150s"), true),
            ("another one is new", "4.9.0", severs(false) + &restarts("c2", "250s"), true),
            ("nothing happens", "4.9.0", String::new(), false),
        ];
        for (what, version, steps, exempt) in table {
            let text = file(version, &steps);
            let scenario = parse("f.toml", &text, &[], &|_| Err("there is no other file".to_owned()))
                .unwrap_or_else(|error| panic!("{what}: {error}\n{text}"));
            let groups: Vec<GroupIndex> = groups_that_keep_dead_connections(&scenario.plan).into_iter().collect();
            let expected = if exempt { vec![GroupIndex(0)] } else { Vec::new() };
            assert_eq!(groups, expected, "{what}");
        }
    }
}
