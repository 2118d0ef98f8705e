//! What is wrong with a cluster now, from what an operator has in hand.
//!
//! ```text
//!   Evidence --picture--> groups, topics, settings --FINDERS--> Finding { what, evidence, cause, how sure, what to do }
//! ```
//! A pure function of the facts. A finding is said only where facts show it; what the inputs do not tell is no finding, so
//! that a healthy cluster has none. A further finder is one file and one line in [`FINDERS`].

mod consequences;
mod deal;
mod finder;
mod finders;
mod finding;
mod intent;
mod kind;
mod moments;
mod picture;
mod properties;
#[cfg(test)]
mod tests;

pub use finder::{FINDERS, Finder};
pub use finding::{Finding, Sureness};
pub use intent::{Intended, IntendedGroup, IntendedTopic};
pub use kind::{FindingKind, Severity};
pub use picture::Picture;

use crate::import::Evidence;

/// What is asked of the facts.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// Only this group; facts that name none are of it.
    pub group: Option<String>,
    /// What a scenario says the cluster should be.
    pub intended: Option<Intended>,
}

/// All findings: the severest first, and of one severity in the order of their kinds.
#[must_use]
pub fn diagnose(evidence: &Evidence, asked: &Asked) -> Vec<Finding> {
    let picture = Picture::of(evidence, asked);
    let found: Vec<Finding> = FINDERS.iter().flat_map(|finder| finder.find(&picture)).collect();
    let mut found = consequences::without(found);
    if let Some(group) = &asked.group {
        found.retain(|finding| finding.group.as_ref().is_none_or(|of| of == group));
    }
    found.sort_by_key(|finding| (finding.kind.severity(), finding.kind));
    found
}
