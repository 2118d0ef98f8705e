//! Why, step by step: of one finding the chain of its causes, made from what a run carries.
//!
//! ```text
//!   run --findings--> the worst, or the one that is asked for
//!    |                    |
//!   replay --> Record --> walk back from the event that ended it, link by link --> Story: lines, where the time went
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

pub use finding::{Finding, Wanted, What, worst};
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
use record::Record;

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
    let Some(mut finding) = worst(&outcome.findings, wanted) else { return Ok(None) };
    if finding.what.counts_messages() {
        let mut seen: Vec<Observed> = Vec::new();
        listen(scenario, outcome.seed, finding.from, stop, &mut |heard| match heard {
            Heard::Seen(one) if messages::concerns(&one.what, &finding) => seen.push(one.clone()),
            _ => {}
        })?;
        finding = messages::stretched(&finding, &seen, &outcome.names);
    }
    let mut record = Record::new(finding.queue, finding.from);
    let names = listen(scenario, outcome.seed, finding.until, stop, &mut |heard| record.hear(heard))?;
    record.complete();
    let around = Around { plan: &scenario.plan, names: &names, finding: &finding };
    let chain = Chain { around, record: &record };
    let run_ends = finding.until == Instant::ZERO + scenario.plan.duration;
    let walked = walk::walk(&chain, walk::end(&chain, run_ends));
    let (lines, spent) = (story::lines(&chain, &walked), story::spent(&walked, &around));
    let duplicate = finding.what == What::Duplicate;
    let uncommitted = if duplicate { messages::uncommitted(&around, &record) } else { None };
    let remedies = remedy::remedies(&around, (&walked, &spent), uncommitted.as_ref());
    let before = story::before(&chain);
    Ok(Some(Story { names: names.clone(), before, lines, spent, uncommitted, remedies, finding: finding.clone() }))
}
