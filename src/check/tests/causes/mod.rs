//! Causes, each with a twin: a story in which it is right, and one that looks alike, in which another is.

mod commits;
mod dealt;
mod duplicates;
mod go_clients;
mod grpc;
mod log;
mod members;
mod old_routes;
mod others;
mod over;
mod pop;
mod pop_brokers;
mod pulls;
mod refusals;
mod said;
mod sends;
mod several;
mod stalls;
mod starts;
mod traps;
mod unowned;

pub(super) use said::note_table;

use super::{Story, plan, play_plan, settled, trap_word};
use crate::check::tests::numbers::{ALL_OF_G, G, T};
use crate::check::{AnomalyKind, Findings};
use crate::kernel::Span;
use crate::model::ids::{BrokerIndex, ConnectionId, ConsumerIndex, GroupIndex, NameServerIndex, ViewId};
use crate::model::observation::Observation::{self, *};
use crate::model::observation::{ClientIndex, MemberLoss, TopicRebalance};
use crate::model::plan::{GroupPlan, MessageModel, OrderlyListener, Plan};
use crate::offset::ChosenStore;

/// All members of `g` are `BROADCASTING`.
fn broadcasting() -> Plan {
    let mut plan = plan();
    for consumer in &mut plan.consumers {
        consumer.consumer.message_model = MessageModel::Broadcasting;
    }
    plan
}

/// The group `g` was given an offset store.
fn with_store(name: &str) -> Plan {
    let mut plan = plan();
    for consumer in &mut plan.consumers {
        consumer.consumer.chosen_offset_store = Some(ChosenStore::named(name));
    }
    plan
}

/// The listeners of `g` are orderly.
fn orderly() -> Plan {
    let mut plan = plan();
    for consumer in &mut plan.consumers {
        consumer.listener.orderly = Some(OrderlyListener::default());
    }
    plan
}

/// Consumers c3 and c4 are of another group, `h`, that subscribes the same topic.
fn two_groups() -> Plan {
    let mut plan = plan();
    plan.groups.push(GroupPlan {
        name: "h".to_owned(),
        created: crate::model::plan::Created::Nowhere,
        releases: Vec::new(),
    });
    plan.consumers[2].group = GroupIndex(1);
    plan.consumers[3].group = GroupIndex(1);
    plan
}

/// A rebalance of `consumer` acts on the list of a broker, which holds these ids.
pub(super) fn views(at_ms: u64, consumer: u16, broker: u16, members: &[u32]) -> (u64, Observation) {
    viewing(at_ms, consumer, (broker, members), 0)
}

fn viewing(at_ms: u64, consumer: u16, (broker, members): (u16, &[u32]), queues: u32) -> (u64, Observation) {
    (
        at_ms,
        Viewed {
            consumer: ConsumerIndex(consumer),
            topic: T,
            broker: BrokerIndex(broker),
            members: members.iter().copied().map(ClientIndex).collect(),
            queues: ViewId(queues),
            strategy: 0,
            left_out: [].into(),
        },
    )
}

/// A broker lists a client of group `g`, by a connection of its own.
fn lists(at_ms: u64, broker: u16, client: u32) -> (u64, Observation) {
    (
        at_ms,
        MemberAdded {
            broker: BrokerIndex(broker),
            group: G,
            client: ClientIndex(client),
            connection: ConnectionId(client),
        },
    )
}

fn drops(at_ms: u64, broker: u16, client: u32, loss: MemberLoss) -> (u64, Observation) {
    (
        at_ms,
        MemberRemoved {
            broker: BrokerIndex(broker),
            group: G,
            client: ClientIndex(client),
            connection: ConnectionId(client),
            loss,
        },
    )
}

/// A rebalance that got no list.
fn blind(at_ms: u64, consumer: u16, broker: u16) -> (u64, Observation) {
    (
        at_ms,
        TopicRebalanced {
            consumer: ConsumerIndex(consumer),
            topic: T,
            broker: Some(BrokerIndex(broker)),
            found: TopicRebalance::NoList,
        },
    )
}

/// A story after the settled beginning of [`settled`], in which both brokers list c1 and c2.
fn story(more: &[(u64, Observation)]) -> Story {
    let mut story = settled();
    story.extend([lists(100, 0, 0), lists(100, 0, 1), lists(100, 1, 0), lists(100, 1, 1)]);
    story.extend([views(1_000, 0, 0, &[0, 1]), views(1_000, 1, 0, &[0, 1])]);
    story.extend_from_slice(more);
    story
}

/// What was found of a kind after the beginning: cause and trap. Stalls are those of group `g`.
fn found(findings: &Findings, kind: &str) -> Vec<(&'static str, &'static str)> {
    if kind == "stall" {
        let own = findings.stalls.iter().filter(|stall| stall.audience == ALL_OF_G);
        return own.map(|stall| (stall.cause.word(), "")).collect();
    }
    assert!(AnomalyKind::ALL.iter().any(|known| known.word() == kind), "there is no kind {kind}");
    let late = findings.anomalies.iter().filter(|row| row.kind.word() == kind && row.until.as_millis() > 5_000);
    late.map(|row| (row.cause.word(), trap_word(row))).collect()
}

/// A kind of finding, a story, and the cause with its trap that all findings of the kind must have.
type Twin = (&'static str, Plan, Story, (&'static str, &'static str));

/// Nothing of the kind is to be found.
const NOTHING: (&str, &str) = ("", "");

fn verify(kind: &str, twins: Vec<Twin>) {
    let mut wrong = Vec::new();
    note_table(twins.iter().map(|(.., (cause, _))| *cause));
    for (name, plan, story, expected) in twins {
        let causes = found(&play_plan(&story, &plan), kind);
        let right = if expected == NOTHING { causes.is_empty() } else { !causes.is_empty() };
        if !right || causes.iter().any(|cause| *cause != expected) {
            wrong.push(format!("{name}: {causes:?}, not {expected:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Two name servers tell two routes from 8 s on.
pub(super) fn two_routes() -> [(u64, Observation); 4] {
    let up = |number| (0, NameServerUp { name_server: NameServerIndex(number) });
    let told = |number, view| {
        (8_000, RouteToldChanged { name_server: NameServerIndex(number), topic: T, view: Some(ViewId(view)) })
    };
    [up(0), up(1), told(0, 1), told(1, 2)]
}

/// c2 rebalances every 60 s.
pub(super) fn slow_timers() -> Plan {
    let mut plan = plan();
    plan.consumers[1].client.timers.rebalance_wait_interval = Span::from_secs(60);
    plan
}
