//! Explained: a cause that claims something is held to the facts. They are kept apart from the checks, which say causes.
//!
//! ```text
//!   Observed --> Facts --+
//!   Findings (cause) ----+--> claim of the cause --> complaint where it did not happen to this group, queue and broker
//! ```

mod asked;
mod claims;
mod dealing;
mod facts;
mod stored;
mod traps;

pub use facts::Facts;

use std::collections::BTreeSet;

use super::Complaint;
use crate::check::Cause;
use crate::kernel::Instant;
use crate::model::Names;
use crate::model::ids::AudienceIndex;
use crate::model::observation::QueueIndex;
use crate::model::plan::ConsumerIndex;
use crate::run::Outcome;

/// A finding as its cause is looked at.
#[derive(Debug, Clone, Copy)]
struct Case<'a> {
    kind: &'a str,
    cause: Cause,
    from: Instant,
    until: Instant,
    /// A group, or the audience of one `BROADCASTING` member.
    audience: Option<AudienceIndex>,
    queue: Option<QueueIndex>,
    consumer: Option<ConsumerIndex>,
    facts: &'a Facts,
    names: &'a Names,
}

/// All findings of a run that have a cause.
fn cases<'a>(outcome: &'a Outcome, facts: &'a Facts) -> impl Iterator<Item = Case<'a>> {
    let names = &outcome.names;
    let anomalies = outcome.findings.anomalies.iter().map(move |row| Case {
        kind: row.kind.word(),
        cause: row.cause,
        from: row.from,
        until: row.until,
        audience: row.audience.or_else(|| row.consumer.map(|consumer| names.audience_of(consumer))),
        queue: row.queue,
        consumer: row.consumer,
        facts,
        names,
    });
    let stalls = outcome.findings.stalls.iter().map(move |row| Case {
        kind: "stall",
        cause: row.cause,
        from: row.from,
        until: row.until,
        audience: Some(row.audience),
        queue: Some(row.queue),
        consumer: None,
        facts,
        names,
    });
    anomalies.chain(stalls)
}

/// How many findings there are, and how many of them have no cause but `unknown`.
#[must_use]
pub fn shares(outcome: &Outcome) -> (u64, u64) {
    let nothing = Facts::default();
    let all = || cases(outcome, &nothing);
    (all().count() as u64, all().filter(|case| case.cause == Cause::Unknown).count() as u64)
}

/// Findings whose cause claims what did not happen, each cause of a kind once.
#[must_use]
pub fn unexplained(outcome: &Outcome, facts: &Facts) -> Vec<Complaint> {
    let mut said = BTreeSet::new();
    let mut complaints = Vec::new();
    for case in cases(outcome, facts) {
        if claims::holds(&case) || !said.insert((case.kind.to_owned(), case.cause)) {
            continue;
        }
        let place = case.queue.map_or_else(String::new, |queue| format!(" of {}", outcome.names.message_queue(queue)));
        let (kind, cause, from, until) = (case.kind, case.cause, case.from, case.until);
        let what = format!("{kind}{place} from {from} to {until} has the cause {cause}, and nothing of it happened");
        complaints.push(Complaint::new("explained", cause.word(), what));
    }
    complaints
}
