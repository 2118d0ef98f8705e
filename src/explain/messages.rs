//! Messages that came twice or never: when the story of the first of them begins, and what of the queue was consumed and
//! not committed when it changed hands.

use super::around::Around;
use super::finding::{Finding, What};
use super::record::Record;
use super::wait::Wait;
use crate::kernel::{Instant, Span};
use crate::model::Names;
use crate::model::observation::{CommitPath, End, Observation, Observed};
use crate::model::plan::ConsumerIndex;

/// What was seen of the queue from the beginning of the run on, where it says how far messages went.
pub(super) fn concerns(what: &Observation, finding: &Finding) -> bool {
    match what {
        Observation::Delivered { queue, .. }
        | Observation::Readable { queue, .. }
        | Observation::StartedAt { queue, .. }
        | Observation::OffsetIllegal { queue, .. }
        | Observation::TailLost { queue, .. }
        | Observation::MessageLost { queue, .. }
        | Observation::Committed { queue, .. } => *queue == finding.queue,
        _ => false,
    }
}

/// The finding from where its first message was first handed out, or could first be read, to where it came again, or was
/// passed over.
pub(super) fn stretched(finding: &Finding, seen: &[Observed], names: &Names) -> Finding {
    let until = finding.from;
    let from = match finding.what {
        What::Duplicate => first_hand_out(finding, seen, names),
        _ => first_readable(finding, seen).filter(|at| *at < until).or_else(|| last_word(finding, seen)),
    };
    Finding { from: from.unwrap_or(until), until, ..finding.clone() }
}

fn first_hand_out(finding: &Finding, seen: &[Observed], names: &Names) -> Option<Instant> {
    let delivered = |seen: &Observed| match seen.what {
        Observation::Delivered { consumer, offset, .. } if names.audience_of(consumer) == finding.audience => {
            Some((seen.at, consumer, offset))
        }
        _ => None,
    };
    let mut again = seen.iter().filter_map(delivered);
    let (_, _, offset) =
        again.find(|(at, who, _)| *at == finding.from && finding.consumer.is_none_or(|c| c == *who))?;
    seen.iter().filter_map(delivered).find(|(at, _, o)| *o == offset && *at < finding.from).map(|(at, ..)| at)
}

/// What a message came too late for: the loss after which its offset was given out again, else the commit that had passed it.
fn last_word(finding: &Finding, seen: &[Observed]) -> Option<Instant> {
    let before = || seen.iter().rev().filter(|seen| seen.at < finding.from);
    let lost = before().find(|seen| matches!(seen.what, Observation::TailLost { .. }));
    let committed = || {
        before()
            .find(|seen| matches!(seen.what, Observation::Committed { audience, .. } if audience == finding.audience))
    };
    lost.or_else(committed).map(|seen| seen.at)
}

fn first_readable(finding: &Finding, seen: &[Observed]) -> Option<Instant> {
    let moment = seen.iter().filter(|seen| seen.at == finding.from);
    let first = moment.filter_map(|seen| match seen.what {
        Observation::TailLost { from, .. } => Some(from),
        Observation::MessageLost { offset, .. } => Some(offset),
        Observation::StartedAt { offset, .. } | Observation::Committed { offset, .. } => {
            Some(offset.saturating_sub(finding.count))
        }
        Observation::OffsetIllegal { corrected, .. } => Some(corrected.saturating_sub(finding.count)),
        _ => None,
    });
    let first = first.min()?;
    seen.iter().find_map(|seen| match seen.what {
        Observation::Readable { end, .. } if end > first => Some(seen.at.min(finding.from)),
        _ => None,
    })
}

/// What of a queue had been consumed and was not committed when it changed hands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Uncommitted {
    /// Who had consumed it.
    pub by: ConsumerIndex,
    /// The offset that counted, when and how it was committed; `None`: none ever was.
    pub committed: Option<(u64, Instant, CommitPath)>,
    /// The last offset that was handed out before, and when.
    pub reached: (u64, Instant),
    /// How its process ended, where that is why the queue changed hands.
    pub ended: Option<End>,
}

impl Uncommitted {
    /// How long was consumed without a commit.
    #[must_use]
    pub fn span(&self) -> Span {
        self.committed.map_or(Span::ZERO, |(_, at, _)| self.reached.1.since(at.min(self.reached.1)))
    }

    /// What governs how much it is; between two that live no setting does.
    #[must_use]
    pub fn wait(&self) -> Option<Wait> {
        match self.ended? {
            End::Shutdown => Some(Wait::AwaitTermination),
            End::Killed | End::PoweredOff => Some(Wait::Persist),
            End::StartFailed => None,
        }
    }
}

/// What was not committed when the one that handed out again had taken the queue.
pub(super) fn uncommitted(around: &Around<'_>, record: &Record<'_>) -> Option<Uncommitted> {
    let finding = around.finding;
    let again = finding.consumer?;
    let taken = record
        .back_from(finding.until)
        .find(|seen| matches!(seen.what, Observation::QueueTaken { consumer, .. } if consumer == again))?;
    let (by, reached) = record.back_from(taken.at).find_map(|seen| match seen.what {
        Observation::Delivered { consumer, offset, .. } if around.is_member(consumer) => {
            Some((consumer, (offset, seen.at)))
        }
        _ => None,
    })?;
    let committed = record.back_from(taken.at).find_map(|seen| match seen.what {
        Observation::Committed { audience, offset, path, .. } if audience == finding.audience => {
            Some((offset, seen.at, path))
        }
        _ => None,
    });
    let ended = record.back_from(taken.at).take_while(|seen| seen.at >= reached.1).find_map(|seen| match seen.what {
        Observation::ConsumerEnded { consumer, end } if consumer == by => Some(end),
        _ => None,
    });
    Some(Uncommitted { by, committed, reached, ended })
}
