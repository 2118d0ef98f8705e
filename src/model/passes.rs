//! Passes of notifications that newer ones have broken off (`DefaultConsumerIdsChangeListener.NotifyTaskControl`).
//!
//! A pass sets out all at once, each of its messages with the time at which the broker's thread comes to it. What a thread
//! has not come to when a newer change breaks its pass off is never sent: it reaches its client's machine in the order of
//! events, and nobody hears it.

use std::collections::BTreeMap;

use super::network::PassPlace;

/// All passes of a run that can be broken off.
#[derive(Debug, Default)]
pub(super) struct Passes {
    begun: u32,
    /// Of those broken off, how many of its members a pass came to.
    sent: BTreeMap<u32, u32>,
}

impl Passes {
    /// A pass begins; its number.
    pub fn begin(&mut self) -> u32 {
        self.begun += 1;
        self.begun
    }

    /// A pass ends early, after so many members.
    pub fn break_off(&mut self, pass: u32, sent: u32) {
        self.sent.insert(pass, sent);
    }

    /// Whether a notification was sent: its pass came to it.
    pub fn is_sent(&self, place: PassPlace) -> bool {
        self.sent.get(&place.pass).is_none_or(|sent| place.place <= *sent)
    }
}
