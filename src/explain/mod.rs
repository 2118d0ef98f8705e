//! Why, step by step: of one finding the chain of its causes, made from what a run carries.
//!
//! ```text
//!   run --findings--> the worst, the one that is asked for, or the worst of each kind and cause
//!    |                    |
//!   replay --> Tape ----> walk back from the event that ended it, link by link --> Story: lines, where the time went
//!                         (who scheduled it; of a timer: the change it found)
//! ```
//! A link is a wait: the time from one event to the one that it led to, with the rule or timer that it waited for
//! ([`Wait`]). The links tile the finding, so that they add up to its length. No story is known by name: what the events
//! do not show is [`Wait::Unknown`].

mod around;
mod changes;
mod finding;
mod link;
mod mended;
mod messages;
mod plain;
mod pull;
mod record;
mod remedy;
mod story;
mod tell;
mod wait;
mod walk;

pub use finding::{Finding, Wanted, What, worst, worst_of_each};
pub use messages::Uncommitted;
pub use remedy::Remedy;
pub use story::{Line, MOST_LINES, Spent};
pub use wait::{Governor, Place, Wait};

use std::sync::atomic::AtomicBool;

use crate::kernel::Instant;
use crate::model::Names;
use crate::model::observation::Observed;
use crate::run::{Heard, Outcome, Unfinished, listen};
use crate::scenario::Scenario;
use around::Around;
use link::Chain;
use record::Tape;

/// Why a finding came about.
#[derive(Debug, Clone)]
pub struct Story {
    /// What is explained. Of messages: the first of them, from where it was first handed out or could be read.
    pub finding: Finding,
    /// Texts behind the numbers.
    pub names: Names,
    /// What had become of the one that held the queue, before it began.
    pub before: Option<Line>,
    /// The chain, from the beginning to what ended it.
    pub lines: Vec<Line>,
    /// Where the time went, the longest first; the parts add up to the finding's length.
    pub spent: Vec<Spent>,
    /// What had been consumed and was not committed, where messages came twice.
    pub uncommitted: Option<Uncommitted>,
    /// What would shorten it.
    pub remedies: Vec<Remedy>,
}

/// Explains the worst of the findings that are asked for; `None` where there is none.
///
/// # Errors
/// [`Unfinished::Stopped`] where somebody set `stop`.
pub fn explain(
    scenario: &Scenario,
    outcome: &Outcome,
    wanted: &Wanted,
    stop: &AtomicBool,
) -> Result<Option<Story>, Unfinished> {
    let finding = worst(&outcome.findings, wanted);
    Ok(explain_all(scenario, outcome, finding.as_slice(), stop)?.pop())
}

/// Explains several findings of a run, which is played once more for all of them, and a second time where one is counted
/// in messages. The stories stand in the order of the findings.
///
/// # Errors
/// [`Unfinished::Stopped`] where somebody set `stop`.
pub fn explain_all(
    scenario: &Scenario,
    outcome: &Outcome,
    findings: &[Finding],
    stop: &AtomicBool,
) -> Result<Vec<Story>, Unfinished> {
    let findings = stretched(scenario, outcome, findings, stop)?;
    let Some(mut tape) = Tape::of(&findings) else { return Ok(Vec::new()) };
    let names = listen(scenario, outcome.seed, tape.until(), stop, &mut |heard| tape.hear(heard))?;
    tape.complete();
    Ok(findings.into_iter().map(|finding| told(scenario, &tape, &names, finding)).collect())
}

/// Findings of messages from where their stories begin, which takes a run; others as they are.
fn stretched(
    scenario: &Scenario,
    outcome: &Outcome,
    findings: &[Finding],
    stop: &AtomicBool,
) -> Result<Vec<Finding>, Unfinished> {
    let of_messages: Vec<&Finding> = findings.iter().filter(|finding| finding.what.counts_messages()).collect();
    let mut seen: Vec<Vec<Observed>> = vec![Vec::new(); of_messages.len()];
    if let Some(last) = of_messages.iter().map(|finding| finding.from).max() {
        listen(scenario, outcome.seed, last, stop, &mut |heard| {
            let Heard::Seen(one) = heard else { return };
            for (finding, seen) in of_messages.iter().zip(&mut seen) {
                if one.at <= finding.from && messages::concerns(&one.what, finding) {
                    seen.push(one.clone());
                }
            }
        })?;
    }
    let mut seen = seen.into_iter();
    let one = |finding: &Finding| match finding.what.counts_messages() {
        true => messages::stretched(finding, &seen.next().expect("one for each"), &outcome.names),
        false => finding.clone(),
    };
    Ok(findings.iter().map(one).collect())
}

fn told(scenario: &Scenario, tape: &Tape, names: &Names, finding: Finding) -> Story {
    let record = tape.record(&finding);
    let around = Around { plan: &scenario.plan, names, finding: &finding, member: None };
    let around = Around { member: walk::ended_with(&around, &record), ..around };
    let chain = Chain { around, record: &record };
    let run_ends = finding.until == Instant::ZERO + scenario.plan.duration;
    let walked = walk::walk(&chain, walk::end(&chain, run_ends));
    let (lines, spent) = (story::lines(&chain, &walked), story::spent(&walked, &around));
    let duplicate = finding.what == What::Duplicate;
    let uncommitted = if duplicate { messages::uncommitted(&around, &record) } else { None };
    let remedies = remedy::remedies(&around, (&walked, &spent), uncommitted.as_ref());
    let before = story::before(&chain);
    Story { names: names.clone(), before, lines, spent, uncommitted, remedies, finding: finding.clone() }
}
