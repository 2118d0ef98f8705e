//! How often a message is stored: a producer that does not hear that it is sends it again, and a broker may lose a copy.

use std::collections::BTreeMap;

use crate::model::observation::SentMessage;

/// A message of which an attempt to send has failed.
#[derive(Debug)]
struct Troubled {
    copies: u32,
    cause: &'static str,
}

/// Messages that are not simply stored once; `P`: what is known of a lost one.
#[derive(Debug)]
pub(super) struct Copies<P> {
    troubled: BTreeMap<SentMessage, Troubled>,
    lost: BTreeMap<SentMessage, P>,
}

impl<P> Default for Copies<P> {
    fn default() -> Self {
        Self { troubled: BTreeMap::new(), lost: BTreeMap::new() }
    }
}

impl<P> Copies<P> {
    /// A message is stored; where it stands there already, the answer says why it came again.
    pub fn stored(&mut self, sent: SentMessage) -> Option<&'static str> {
        let troubled = self.troubled.get_mut(&sent)?;
        troubled.copies += 1;
        (troubled.copies > 1).then_some(troubled.cause)
    }

    /// Its producer does not know that a message is stored, and sends it again if it may. One that was lost before was
    /// never acknowledged: the answer is what was known of it.
    pub fn attempt_failed(&mut self, sent: SentMessage, stored: bool, timed_out: bool) -> Option<P> {
        let excused = self.lost.remove(&sent);
        let cause = if timed_out { "send_timed_out" } else { "connection_lost" };
        let copies = u32::from(stored && excused.is_none());
        self.troubled.entry(sent).or_insert(Troubled { copies, cause }).cause = cause;
        excused
    }

    /// A broker has lost a message. True: as far as is known, no other copy is left.
    pub fn lost(&mut self, sent: SentMessage, place: P) -> bool {
        let left = self.troubled.get_mut(&sent).map_or(0, |troubled| {
            troubled.copies = troubled.copies.saturating_sub(1);
            troubled.copies
        });
        if left == 0 {
            self.lost.insert(sent, place);
        }
        left == 0
    }

    /// All that are lost and of which nobody has complained.
    pub fn all_lost(&self) -> impl Iterator<Item = &P> {
        self.lost.values()
    }
}
