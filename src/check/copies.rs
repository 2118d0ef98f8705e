//! How often a message is stored: a producer that does not hear that it is sends it again, and a broker may lose a copy.

use std::collections::{BTreeMap, BTreeSet};

use super::Cause;
use crate::model::observation::{Kinds, Observation, QueueIndex, SendFailure, SentMessage, kinds};

/// A message of which an attempt to send has failed.
#[derive(Debug)]
struct Troubled {
    copies: u32,
    cause: Cause,
}

/// A copy that a broker has lost.
#[derive(Debug, Clone, Copy)]
pub(super) struct LostCopy {
    /// Its queue.
    pub queue: QueueIndex,
    /// Its offset there.
    pub offset: u64,
    /// How many losses the broker had had before.
    pub loss: u32,
}

/// Messages that are not simply stored once; `P`: what is known of a lost one.
#[derive(Debug)]
pub(super) struct Copies<P> {
    troubled: BTreeMap<SentMessage, Troubled>,
    lost: BTreeMap<SentMessage, P>,
    /// Their producer was told that they are not stored, or not as safely as it wanted.
    unacknowledged: BTreeSet<SentMessage>,
}

/// What [`Copies::heard`] reads.
pub(super) const HEARD: Kinds = kinds![AttemptFailed, SendFailed, SendInDoubt];

impl<P> Default for Copies<P> {
    fn default() -> Self {
        Self { troubled: BTreeMap::new(), lost: BTreeMap::new(), unacknowledged: BTreeSet::new() }
    }
}

impl<P> Copies<P> {
    /// A message is stored; where it stands there already, the answer says why it came again.
    #[inline]
    pub fn stored(&mut self, sent: SentMessage) -> Option<Cause> {
        if self.troubled.is_empty() {
            return None;
        }
        let troubled = self.troubled.get_mut(&sent)?;
        troubled.copies += 1;
        (troubled.copies > 1).then_some(troubled.cause)
    }

    /// Its producer does not know that a message is stored, and sends it again if it may. One that was lost before was
    /// never acknowledged: the answer is what was known of it.
    fn attempt_failed(&mut self, sent: SentMessage, stored: bool, why: SendFailure) -> Option<P> {
        let excused = self.lost.remove(&sent);
        let cause = Cause::from(why);
        let copies = u32::from(stored && excused.is_none());
        self.troubled.entry(sent).or_insert(Troubled { copies, cause }).cause = cause;
        excused
    }

    /// Its producer was told for good that a message is not stored, or that only one machine has it: whatever becomes of it,
    /// it was never acknowledged. The answer is what was known of one that was lost before.
    fn told(&mut self, sent: SentMessage) -> Option<P> {
        self.unacknowledged.insert(sent);
        self.lost.remove(&sent)
    }

    /// What a producer was told of a message; the answer is what was known of one that was lost before, and is nobody's
    /// loss now.
    pub fn heard(&mut self, what: &Observation) -> Option<P> {
        match *what {
            Observation::AttemptFailed { sent, stored, why } => self.attempt_failed(sent, stored, why),
            Observation::SendFailed { sent, .. } | Observation::SendInDoubt { sent, .. } => self.told(sent),
            _ => None,
        }
    }

    /// A broker has lost a message. True: it was acknowledged, and as far as is known, no other copy is left.
    pub fn lost(&mut self, sent: SentMessage, place: P) -> bool {
        let left = self.troubled.get_mut(&sent).map_or(0, |troubled| {
            troubled.copies = troubled.copies.saturating_sub(1);
            troubled.copies
        });
        let acknowledged = left == 0 && !self.unacknowledged.contains(&sent);
        if acknowledged {
            self.lost.insert(sent, place);
        }
        acknowledged
    }

    /// All that are lost and of which nobody has complained.
    pub fn all_lost(&self) -> impl Iterator<Item = &P> {
        self.lost.values()
    }
}
