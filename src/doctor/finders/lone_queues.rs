//! Queues that no client has, though others of the group have one, and why.

use super::{have, messages_wait, named, places, queues_said};
use crate::allocation::Reason;
use crate::check::Cause;
use crate::doctor::deal::{Dealt, Held};
use crate::doctor::picture::Group;
use crate::doctor::{Finding, FindingKind, Sureness};
use crate::import::fact::QueueName;

/// Why queues have no client.
struct Why {
    kind: FindingKind,
    cause: Cause,
    /// What stands behind what waits there.
    clause: String,
    sure: Sureness,
}

pub(super) fn find(name: &str, group: &Group<'_>, held: &Held<'_>, dealt: Option<&Dealt>) -> Option<Finding> {
    let lone: Vec<&QueueName> =
        held.iter().filter(|(_, (_, holders))| holders.is_empty()).map(|(queue, _)| *queue).collect();
    // Where no queue has a client, the group is offline or its members did not answer.
    if lone.is_empty() || lone.len() == held.len() {
        return None;
    }
    let waiting: i64 = group.rows().iter().filter(|row| lone.contains(&row.queue)).map(|row| row.lag()).sum();
    let Why { kind, cause, clause, sure } = why(&lone, group, held, dealt);
    // A member that did not answer `mqadmin` looks as one that has nothing, unless messages wait.
    if waiting <= 0 && sure != Sureness::Certain {
        return None;
    }
    let wait =
        if waiting > 0 { format!("{} there", messages_wait(waiting)) } else { "nothing waits there yet".to_owned() };
    let said = queues_said(lone.iter().copied());
    let what = match kind {
        FindingKind::SilentMember => format!("{clause}, {said}; {wait}"),
        _ => format!("{} no client: {said}; {wait}{clause}", have(lone.len(), "queue")),
    };
    let places = places(lone.iter().map(|queue| held[queue].0));
    let finding = Finding::new(kind, what, places).of(name).sure(sure).because(cause);
    Some(match cause {
        Cause::DuplicateClientId => finding.instead([
            "give each process a client id of its own: the queues are dealt anew within seconds, and nothing is lost"
                .to_owned(),
        ]),
        _ => finding,
    })
}

fn why(lone: &[&QueueName], group: &Group<'_>, held: &Held<'_>, dealt: Option<&Dealt>) -> Why {
    let kind = FindingKind::QueueWithoutClient;
    let unowned = |clause: String| Why { kind, cause: Cause::Unowned, clause, sure: Sureness::Likely };
    let Some(dealt) = dealt else { return unowned(String::new()) };
    let strategy = &dealt.allocation.strategy;
    let reasons: Vec<&Reason> = lone.iter().filter_map(|queue| dealt.fault(queue)).map(|fault| &fault.reason).collect();
    let repeated = reasons.iter().find(|reason| matches!(reason, Reason::RepeatedClientId { .. }));
    if let Some(Reason::RepeatedClientId { id, times }) = repeated {
        let clause =
            format!(", as {times} connections have the client id {id} and {strategy} deals each of them a share");
        return Why { kind, cause: Cause::DuplicateClientId, clause, sure: Sureness::Certain };
    }
    if let Some(reason) = reasons.first() {
        return Why { kind, cause: Cause::GivenToNobody, clause: format!(": {reason}"), sure: Sureness::Likely };
    }
    let mut owners: Vec<&str> = lone.iter().filter_map(|queue| dealt.owners(queue)).flatten().collect();
    owners.sort_unstable();
    owners.dedup();
    if owners.is_empty() {
        return unowned(String::new());
    }
    if owners.iter().all(|id| lacks(id, lone, group)) {
        let clause = format!(", as {strategy} deals them to {}, which does not subscribe the topic", named(&owners));
        return Why { kind, cause: Cause::GivenToAMemberWithoutTheTopic, clause, sure: Sureness::Certain };
    }
    let has_some = |id: &&str| held.values().any(|(_, holders)| holders.iter().any(|holder| holder.may_be(id)));
    if !owners.iter().any(has_some) {
        let (is, has) = if owners.len() == 1 { ("is", "has") } else { ("are", "have") };
        let clause = format!("{} {is} listed and {has} none of the queues that {strategy} deals", named(&owners));
        return Why { kind: FindingKind::SilentMember, cause: Cause::WaitingForExpiry, clause, sure: Sureness::Likely };
    }
    if group.is_orderly() {
        let clause = format!(
            "; {strategy} deals them to {}, and the group is orderly: a lock of the one who had them before lasts 60 s",
            named(&owners)
        );
        return Why { kind, cause: Cause::LockOfADeadMember, clause, sure: Sureness::Likely };
    }
    // `consumerProgress` asks one member after the other, and says N/A for the rest where one does not answer.
    unowned(format!("; {strategy} deals them to {}, which has not taken them or did not answer", named(&owners)))
}

/// Whether a member says what it subscribes, and these queues are of none of it.
fn lacks(id: &str, lone: &[&QueueName], group: &Group<'_>) -> bool {
    let mut topics = group.subscribed.iter().filter(|of| of.client_id == Some(id)).map(|of| of.topic).peekable();
    let says = topics.peek().is_some();
    let topics: Vec<&str> = topics.collect();
    says && lone.iter().all(|queue| !topics.contains(&queue.topic.as_str()))
}
