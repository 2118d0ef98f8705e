//! What can be explained: the findings of a run by kind, and which of them is the worst.

use std::cmp::Reverse;

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
    let all: Vec<Finding> = all(findings).into_iter().filter(asked).collect();
    let of = |(kinds, least): (&[What], Span), window: Option<&Window>| {
        let chosen = all.iter().filter(|finding| kinds.contains(&finding.what));
        let sized = chosen.map(|finding| (finding.size_in(window), finding));
        let counts =
            |size: u64, finding: &Finding| size > 0 && (finding.what.counts_messages() || finding.length() >= least);
        let first = |finding: &Finding| Reverse((finding.what, finding.from, finding.queue, finding.audience));
        let sized = sized.filter(|(size, finding)| counts(*size, finding));
        sized.max_by_key(|(size, finding)| (*size, first(finding))).map(|(_, finding)| finding.clone())
    };
    const BADNESS: [(&[What], Span); 6] = [
        (&[What::Lost], Span::ZERO),
        (&[What::Skipped], Span::ZERO),
        (&[What::Stall, What::Unowned], OUTAGE),
        (&[What::Duplicate], Span::ZERO),
        (&[What::Stall, What::Unowned], Span::ZERO),
        (&[What::Double], Span::ZERO),
    ];
    let measured = findings.windows.first();
    let inside = BADNESS.iter().find_map(|kinds| of(*kinds, measured));
    inside.or_else(|| BADNESS.iter().find_map(|kinds| of(*kinds, None)))
}

/// All findings that can be explained.
fn all(findings: &Findings) -> Vec<Finding> {
    let mut all: Vec<Finding> = Vec::new();
    for stall in &findings.stalls {
        let (audience, queue, causes) = (stall.audience, stall.queue, vec![stall.cause]);
        let (from, until, count, consumer) = (stall.from, stall.until, 1, None);
        all.push(Finding { what: What::Stall, audience, queue, from, until, count, consumer, causes });
    }
    for row in &findings.anomalies {
        let what = match row.kind {
            AnomalyKind::Unowned => What::Unowned,
            AnomalyKind::DoubleOwned => What::Double,
            AnomalyKind::Duplicates => What::Duplicate,
            AnomalyKind::Skipped => What::Skipped,
            AnomalyKind::Lost => What::Lost,
            _ => continue,
        };
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
            _ => all.push(Finding { what, audience, queue, from, until, count, consumer, causes: vec![row.cause] }),
        }
    }
    all
}
