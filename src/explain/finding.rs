//! What can be explained: the findings of a run by kind, and which of them is the worst.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use crate::check::{AnomalyKind, Cause, Findings, Window};
use crate::kernel::{Instant, Span};
use crate::model::ids::AudienceIndex;
use crate::model::observation::QueueIndex;
use crate::model::plan::ConsumerIndex;

/// What kind of finding is explained.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// A message waited and none of its queue was handed out.
    Stall,
    /// A queue had no live owner.
    Unowned,
    /// A queue had two or more live owners.
    Double,
    /// Messages were handed out that had been handed out before.
    Duplicate,
    /// A rule passed over messages that no listener had got.
    Skipped,
    /// Messages reached nobody: a commit passed over them, or a broker lost them.
    Lost,
}

impl What {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Stall, Self::Unowned, Self::Double, Self::Duplicate, Self::Skipped, Self::Lost];

    /// Which anomalies are of a kind that is explained.
    #[must_use]
    pub const fn of(kind: AnomalyKind) -> Option<Self> {
        match kind {
            AnomalyKind::Unowned => Some(Self::Unowned),
            AnomalyKind::DoubleOwned => Some(Self::Double),
            AnomalyKind::Duplicates => Some(Self::Duplicate),
            AnomalyKind::Skipped => Some(Self::Skipped),
            AnomalyKind::Lost => Some(Self::Lost),
            _ => None,
        }
    }

    /// Its word on the command line.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Stall => "stall",
            Self::Unowned => "unowned",
            Self::Double => "double",
            Self::Duplicate => "duplicate",
            Self::Skipped => "skipped",
            Self::Lost => "lost",
        }
    }

    /// Many of them in a sentence.
    #[must_use]
    pub const fn plural(self) -> &'static str {
        match self {
            Self::Stall => "stalled queue",
            Self::Unowned => "queue without an owner",
            Self::Double => "queue with two owners",
            Self::Duplicate => "message that was handed out twice",
            Self::Skipped => "skipped message",
            Self::Lost => "lost message",
        }
    }

    /// Whether it is counted in messages; else it has a length.
    #[must_use]
    pub const fn counts_messages(self) -> bool {
        matches!(self, Self::Duplicate | Self::Skipped | Self::Lost)
    }
}

/// Which finding is asked for; what is `None` is the worst.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Of this kind.
    pub what: Option<What>,
    /// Of this queue.
    pub queue: Option<QueueIndex>,
    /// At this moment.
    pub at: Option<Instant>,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Its kind.
    pub what: What,
    /// Whose: a group, or of a BROADCASTING group one member ([`crate::model::Names::audience_of`]).
    pub audience: AudienceIndex,
    /// Which queue.
    pub queue: QueueIndex,
    /// From when.
    pub from: Instant,
    /// Until when.
    pub until: Instant,
    /// How many messages.
    pub count: u64,
    /// The consumer, where it concerns one.
    pub consumer: Option<ConsumerIndex>,
    /// What the checks say of it, one after the other where it has several parts.
    pub causes: Vec<Cause>,
    /// Of a stall without an owner, why there was none.
    pub why: Option<Cause>,
}

impl Finding {
    /// How long it is.
    #[must_use]
    pub fn length(&self) -> Span {
        self.until.since(self.from)
    }

    /// How much of it lies in a window, in messages or nanoseconds.
    fn size_in(&self, window: Option<&Window>) -> u64 {
        match (self.what.counts_messages(), window) {
            (false, Some(window)) => window.overlap(self.from, self.until).as_nanos(),
            (false, None) => self.length().as_nanos(),
            (true, Some(window)) if self.until < window.from || window.until < self.from => 0,
            (true, _) => self.count,
        }
    }

    /// Whether it lies at a moment; messages are handed out in a moment, and a second beside it counts too.
    fn is_at(&self, at: Instant) -> bool {
        let slack = if self.what.counts_messages() { Span::from_secs(1) } else { Span::ZERO };
        self.from.since(at.min(self.from)) <= slack && at.since(self.until.min(at)) <= slack
    }
}

/// A queue that stands still for less is not noticed before what comes twice.
const OUTAGE: Span = Span::from_secs(1);

/// The worst of the findings that are asked for: of several kinds what is lost before what is skipped, then the longest,
/// then what came twice. What lies in the measured window goes before what does not.
#[must_use]
pub fn worst(findings: &Findings, wanted: &Wanted) -> Option<Finding> {
    let asked = |finding: &Finding| {
        wanted.what.is_none_or(|what| finding.what == what)
            && wanted.queue.is_none_or(|queue| finding.queue == queue)
            && wanted.at.is_none_or(|at| finding.is_at(at))
    };
    let measured = findings.windows.first();
    let asked = all(findings).into_iter().filter(asked);
    let ranked = asked.filter_map(|finding| Some((badness(&finding, measured)?, finding)));
    ranked.min_by_key(|(badness, _)| *badness).map(|(_, finding)| finding)
}

/// The worst findings, at most so many and the worst first, and how many there are: where they are too many, of each kind
/// and cause the worst goes before the second of another.
#[must_use]
pub fn worst_of_each(findings: &Findings, most: usize) -> (Vec<Finding>, usize) {
    let measured = findings.windows.first();
    let ranked = all(findings).into_iter().filter_map(|finding| Some((badness(&finding, measured)?, finding)));
    let mut ranked: Vec<(Badness, Finding)> = ranked.collect();
    ranked.sort_by_key(|(badness, _)| *badness);
    let count = ranked.len();
    let mut seen = BTreeSet::new();
    let is_first = |(_, finding): &(Badness, Finding)| seen.insert((finding.what, finding.causes.clone(), finding.why));
    let (mut chosen, others): (Vec<_>, Vec<_>) = ranked.into_iter().partition(is_first);
    chosen.extend(others);
    chosen.truncate(most);
    chosen.sort_by_key(|(badness, _)| *badness);
    (chosen.into_iter().map(|(_, finding)| finding).collect(), count)
}

/// What a finding is ranked by: whether it lies outside of the measured window, its kind, its size, and then its place.
type Badness = (bool, usize, Reverse<u64>, (What, Instant, QueueIndex, AudienceIndex));

/// How bad a finding is: the least is the worst. `None`: it is no longer than a moment.
fn badness(finding: &Finding, measured: Option<&Window>) -> Option<Badness> {
    const RANKS: [(&[What], Span); 6] = [
        (&[What::Lost], Span::ZERO),
        (&[What::Skipped], Span::ZERO),
        (&[What::Stall, What::Unowned], OUTAGE),
        (&[What::Duplicate], Span::ZERO),
        (&[What::Stall, What::Unowned], Span::ZERO),
        (&[What::Double], Span::ZERO),
    ];
    let inside = Some(finding.size_in(measured)).filter(|size| *size > 0);
    let size = inside.or_else(|| Some(finding.size_in(None)).filter(|size| *size > 0))?;
    let is_of = |(kinds, least): &(&[What], Span)| {
        kinds.contains(&finding.what) && (finding.what.counts_messages() || finding.length() >= *least)
    };
    let rank = RANKS.iter().position(is_of).expect("each kind has a rank");
    Some((inside.is_none(), rank, Reverse(size), (finding.what, finding.from, finding.queue, finding.audience)))
}

/// All findings that can be explained.
fn all(findings: &Findings) -> Vec<Finding> {
    let (mut all, holes): (Vec<Finding>, _) = (Vec::new(), findings.holes());
    for stall in &findings.stalls {
        let (audience, queue, causes) = (stall.audience, stall.queue, vec![stall.cause]);
        let (from, until, count, consumer) = (stall.from, stall.until, 1, None);
        let why = holes.why(stall);
        all.push(Finding { what: What::Stall, audience, queue, from, until, count, consumer, causes, why });
    }
    for row in &findings.anomalies {
        let Some(what) = What::of(row.kind) else { continue };
        let (Some(audience), Some(queue)) = (row.audience, row.queue) else { continue };
        let (from, until, count, consumer) = (row.from, row.until, row.count, row.consumer);
        // The checks cut a hole where its cause changes: here it is one story.
        let before = all.iter_mut().rev().find(|before| {
            what == What::Unowned && before.what == what && (before.audience, before.queue) == (audience, queue)
        });
        match before {
            Some(before) if before.until == from => {
                before.until = until;
                before.causes.push(row.cause);
            }
            _ => {
                let (causes, why) = (vec![row.cause], None);
                all.push(Finding { what, audience, queue, from, until, count, consumer, causes, why });
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::Stall;

    fn stall(queue: u32, seconds: u64, cause: Cause) -> Stall {
        let (from, until) = (Instant::from_millis(1_000), Instant::from_millis(1_000 * (seconds + 1)));
        let (detail, remedy) = (String::new(), String::new());
        Stall { audience: AudienceIndex(0), queue: QueueIndex(queue), from, until, cause, detail, remedy }
    }

    #[test]
    fn of_too_many_each_kind_and_cause_has_its_worst() {
        let unowned = (0..9).map(|queue| stall(queue, 100 + u64::from(queue), Cause::Unowned));
        let other = stall(9, 2, Cause::WaitingForExpiry);
        let findings = Findings { stalls: unowned.chain([other]).collect(), ..Findings::default() };
        let lengths = |most| {
            let (found, count) = worst_of_each(&findings, most);
            (found.iter().map(|finding| finding.length().as_millis() / 1_000).collect::<Vec<_>>(), count)
        };
        assert_eq!(lengths(3), (vec![108, 107, 2], 10));
        assert_eq!(lengths(1), (vec![108], 10));
        assert_eq!(lengths(50).0.len(), 10);
        let worst = worst(&findings, &Wanted::default()).expect("there are some");
        assert_eq!((worst.queue, Some(&worst)), (QueueIndex(8), worst_of_each(&findings, 50).0.first()));
    }
}
