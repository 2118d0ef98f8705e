//! What must not be left when a random cluster has come to rest.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::faults::REST_S;
use super::kept::groups_that_keep_dead_connections;
use super::unsettled::groups_that_never_settle;
use crate::check::{AnomalyKind, Cause, Key, Severity};
use crate::kernel::{Instant, Span};
use crate::model::plan::{GroupIndex, Plan};
use crate::run::Outcome;

/// Something that must not be.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Complaint {
    /// The check that says so: `liveness`, `delivery`, `protocol` or `explained`.
    pub check: Cow<'static, str>,
    /// What was broken, in one word: two complaints with the same one are of one kind.
    pub law: Cow<'static, str>,
    /// One sentence with what and why.
    pub what: String,
}

impl Complaint {
    /// What a check says of a law.
    pub(super) fn new(check: &'static str, law: &'static str, what: String) -> Self {
        Self { check: Cow::Borrowed(check), law: Cow::Borrowed(law), what }
    }
}

/// A stall this long at the end is no longer the usual wait for a message on its way.
const STUCK: Span = Span::from_secs(40);

/// Everything to complain of in what came of a plan, in order of the checks.
#[must_use]
pub fn complaints(outcome: &Outcome, plan: &Plan) -> Vec<Complaint> {
    let mut excused = groups_that_keep_dead_connections(plan);
    excused.extend(groups_that_never_settle(plan));
    excused.extend(groups_with_untold_routes(outcome, plan));
    let mut all = owners(outcome, &excused);
    all.extend(stuck(outcome, &excused));
    all.extend(slow(outcome, &excused));
    all.extend(broken(outcome));
    all.extend(backwards(outcome));
    all
}

/// The groups that still have members: an expired one is in no list any more.
fn populated(outcome: &Outcome) -> BTreeSet<GroupIndex> {
    outcome.findings.members.iter().filter(|row| row.until == outcome.end).map(|row| row.group).collect()
}

/// Queues that RocketMQ itself leaves without an owner for good, to the end of the run: members deal by an old route until
/// it changes once more.
fn never_told(outcome: &Outcome) -> BTreeSet<Key> {
    let to_the_end = outcome.findings.anomalies.iter().filter(|row| row.until == outcome.end);
    let own = to_the_end.filter(|row| row.kind == AnomalyKind::Unowned);
    let missed = own.filter(|row| row.cause == Cause::RouteChangedWhileUnsubscribed);
    missed.filter_map(|row| Some(Key { audience: row.audience?, queue: row.queue? })).collect()
}

/// Groups with a member that is never told of a route, to the end of the run: a pull or a rebalance of a Go client before
/// 2.1.2 asks for the route, drops the answer, and the next poll finds it unchanged
/// (`internal/route.go:UpdateTopicRouteInfoWithDefault`, `consumer/consumer.go:tryFindBroker`). One such member deals by other
/// queues than the others; where all are such, the queues have no owner.
fn groups_with_untold_routes(outcome: &Outcome, plan: &Plan) -> BTreeSet<GroupIndex> {
    let drops = |group| {
        let members = plan.consumers.iter().chain(&plan.releases).filter(|member| member.group == group);
        members.filter_map(|member| member.client.go.as_ref()).any(|go| !go.any_route_gives_queues)
    };
    let to_the_end = outcome.findings.anomalies.iter().filter(|row| row.until == outcome.end);
    let untold = to_the_end.filter(|row| {
        row.kind == AnomalyKind::RouteViewsDiffer || row.kind == AnomalyKind::Unowned && row.cause == Cause::RouteGone
    });
    let groups = untold.filter_map(|row| Some(outcome.names.group_of_audience(row.audience?)));
    groups.filter(|&group| drops(group)).collect()
}

/// Liveness: every queue of a group that has members has exactly one owner.
fn owners(outcome: &Outcome, excused: &BTreeSet<GroupIndex>) -> Vec<Complaint> {
    let (samples, populated, untold) = (&outcome.findings.balance, populated(outcome), never_told(outcome));
    let explained = |group| untold.iter().filter(|key| key.audience == outcome.names.audience_of_group(group)).count();
    let mut last = BTreeMap::new();
    samples.iter().filter(|sample| sample.topic.is_none()).for_each(|sample| _ = last.insert(sample.group, sample));
    last.into_values()
        .filter(|sample| populated.contains(&sample.group) && !excused.contains(&sample.group))
        .filter(|sample| sample.unowned as usize > explained(sample.group) || sample.double_owned > 0)
        .map(|sample| {
            let (group, at) = (outcome.names.group(sample.group), sample.at);
            let (unowned, double) = (sample.unowned, sample.double_owned);
            let what =
                format!("{group} has {unowned} queues without an owner and {double} with two, from {at} to the end");
            Complaint::new("liveness", "one_owner", what)
        })
        .collect()
}

/// Liveness: no queue has messages that nobody is given.
fn stuck(outcome: &Outcome, excused: &BTreeSet<GroupIndex>) -> Vec<Complaint> {
    let names = &outcome.names;
    let (populated, untold) = (populated(outcome), never_told(outcome));
    let stalls = outcome.findings.stalls.iter().filter(|stall| stall.until == outcome.end);
    stalls
        .filter(|stall| stall.until.since(stall.from) > STUCK)
        .filter(|stall| !excused.contains(&names.group_of_audience(stall.audience)))
        .filter(|stall| {
            names.is_one_member(stall.audience) || populated.contains(&names.group_of_audience(stall.audience))
        })
        // Nobody waits in vain who could not be started: that is said of the start.
        .filter(|stall| stall.cause != Cause::StartFailed && !untold.contains(&stall.key()))
        .map(|stall| {
            let (queue, group) = (names.message_queue(stall.queue), names.audience(stall.audience));
            let waited = stall.until.since(stall.from);
            let what =
                format!("{queue} of {group} stands still for {waited} at the end: {} ({})", stall.cause, stall.detail);
            Complaint::new("liveness", "nothing_stands_still", what)
        })
        .collect()
}

/// From when on nothing of the trouble is left: the longest chain of timers after the last fault takes 200 s.
const SETTLED: Instant = Instant::from_millis((REST_S + 200) * 1_000);

/// A message at rest waits no longer than a failed ordered batch does, with room for slow links.
const PROMPT: Span = Span::from_millis(2_500);

/// Liveness: at rest a message is handed out when it comes.
fn slow(outcome: &Outcome, excused: &BTreeSet<GroupIndex>) -> Vec<Complaint> {
    let stalls = outcome.findings.stalls.iter().filter(|stall| stall.from >= SETTLED);
    stalls
        .filter(|stall| stall.until < outcome.end && stall.until.since(stall.from) > PROMPT)
        .filter(|stall| !excused.contains(&outcome.names.group_of_audience(stall.audience)))
        .map(|stall| {
            let (queue, group) = (outcome.names.message_queue(stall.queue), outcome.names.audience(stall.audience));
            let (waited, from) = (stall.until.since(stall.from), stall.from);
            let what =
                format!("at rest {queue} of {group} waits {waited} from {from}: {} ({})", stall.cause, stall.detail);
            Complaint::new("liveness", "handed_out_at_once", what)
        })
        .take(1)
        .collect()
}

/// Why acknowledged messages may be gone.
const LOST_WITH_A_MACHINE: [Cause; 4] = [Cause::AsyncFlush, Cause::SlaveBehind, Cause::TwoMasters, Cause::LostLogTail];

/// Delivery and protocol: at-least-once holds, and every rule of RocketMQ.
fn broken(outcome: &Outcome) -> Vec<Complaint> {
    let broken = outcome.findings.anomalies.iter().filter(|anomaly| anomaly.severity == Severity::Violation);
    broken
        // What a rule passed over is the next question's; what went with a machine's page cache or had not come over to
        // its slave is explained.
        .filter(|anomaly| anomaly.kind != AnomalyKind::Skipped && !LOST_WITH_A_MACHINE.contains(&anomaly.cause))
        .map(|anomaly| {
            // A broken rule of the protocol is named by the rule.
            let (check, law) = match anomaly.check {
                "protocol" => ("protocol", anomaly.cause.word()),
                _ => ("delivery", anomaly.kind.word()),
            };
            Complaint::new(check, law, format!("{law} at {}: {}", anomaly.from, anomaly.detail))
        })
        .collect()
}

/// Why messages may be passed over.
const PASSED_OVER: [Cause; 4] =
    [Cause::StartAtMaximum, Cause::LostLogTail, Cause::OffsetIllegalDropsTheCache, Cause::OperatorResetOffsets];

/// Explained: nothing was passed over but by a rule that starts at the end of a queue, at the new end of one that was cut
/// short, or because an operator said so.
fn backwards(outcome: &Outcome) -> Vec<Complaint> {
    let skipped = outcome.findings.anomalies.iter().filter(|anomaly| anomaly.kind == AnomalyKind::Skipped);
    skipped
        .filter(|anomaly| !PASSED_OVER.contains(&anomaly.cause))
        .map(|anomaly| Complaint::new("explained", "skipped", anomaly.detail.clone()))
        .collect()
}
