//! Who reaches which broker. A member that cannot reach a queue's broker is a zombie only where another member of its group
//! could serve the queue: where none can, it is the broker that is unreachable, and another owner would not help.

use std::collections::BTreeMap;

use super::{Beginning, Key, Seat, Stage, Tenure};
use crate::check::OwnerState;
use crate::kernel::Instant;
use crate::model::ids::AudienceIndex;
use crate::model::observation::{Kinds, Observation, Observed, kinds};
use crate::model::plan::{BrokerIndex, ConsumerIndex};

/// A stretch in which a consumer and a broker could not hear each other.
#[derive(Debug, Clone, Copy)]
pub(in crate::check) struct CutOff {
    /// Who.
    pub consumer: ConsumerIndex,
    /// From when.
    pub from: Instant,
    /// Until when; `None`: they cannot yet.
    pub until: Option<Instant>,
}

/// Cuts between consumers and brokers.
#[derive(Debug, Default)]
pub(super) struct Reach {
    cuts: BTreeMap<BrokerIndex, Vec<CutOff>>,
}

impl Reach {
    /// What it reads.
    pub const READS: Kinds = kinds![ConsumerCutOff];

    /// Takes in one observation.
    pub fn observe(&mut self, seen: &Observed) {
        if let Observation::ConsumerCutOff { consumer, broker, cut_off } = seen.what {
            let cuts = self.cuts.entry(broker).or_default();
            let open = cuts.iter_mut().rev().find(|cut| cut.consumer == consumer && cut.until.is_none());
            match (open, cut_off) {
                (None, true) => cuts.push(CutOff { consumer, from: seen.at, until: None }),
                (Some(cut), false) => cut.until = Some(seen.at),
                _ => {}
            }
        }
    }
}

impl Stage {
    /// Whether a process runs and could serve the queues of a broker.
    fn reaches(seat: &Seat, broker: BrokerIndex) -> bool {
        seat.alive && !seat.paused && !seat.cut_off.contains(&broker)
    }

    /// Whether a member of an audience can serve the queues of a broker.
    pub(super) fn anybody_reaches(&self, audience: AudienceIndex, broker: BrokerIndex) -> bool {
        let members = self.audiences.iter().zip(&self.seats).filter(|(of, _)| **of == audience);
        members.into_iter().any(|(_, seat)| Self::reaches(seat, broker))
    }

    /// Whether a consumer counts as a live owner of a queue: its process runs, and it can reach the queue's broker, or
    /// nobody of its group can.
    pub(super) fn serves(&self, key: Key, consumer: ConsumerIndex) -> bool {
        let (seat, broker) = (&self.seats[consumer.at()], self.homes[key.queue.at()]);
        Self::reaches(seat, broker) || (seat.alive && !seat.paused && !self.anybody_reaches(key.audience, broker))
    }

    /// What a consumer can do has changed, for the queues of one broker or for all of its own.
    pub(super) fn liveness_changed(
        &mut self,
        consumer: ConsumerIndex,
        broker: Option<BrokerIndex>,
        beginning: Beginning,
    ) {
        let concerned = |key: &Key| broker.is_none_or(|broker| self.homes[key.queue.at()] == broker);
        let differs = |key: &Key| {
            let live = self.serves(*key, consumer);
            self.open.get(&(*key, consumer)).is_none_or(|(_, state, _)| (*state == OwnerState::Live) != live)
        };
        let keys = self.keys_of(consumer).into_iter().filter(concerned).filter(differs);
        for key in keys.collect::<Vec<_>>() {
            self.close_holding(key, consumer);
            self.open_holding(key, consumer);
            self.recount(key, beginning, Some(consumer));
        }
    }

    /// What one member can reach has changed, or it came or went: for the others of its group that are cut off it may be
    /// the one that could serve.
    pub(super) fn reach_changed(&mut self, by: ConsumerIndex) {
        let audience = self.audiences[by.at()];
        let cut_off: Vec<ConsumerIndex> = ConsumerIndex::number(self.audiences.iter().zip(&self.seats))
            .filter(|(other, (of, seat))| *other != by && **of == audience && !seat.cut_off.is_empty())
            .map(|(other, _)| other)
            .collect();
        for other in cut_off {
            self.liveness_changed(other, None, Beginning::CutOff(other));
        }
    }

    /// When consumers could not reach a broker.
    pub(in crate::check) fn cut_off_from(&self, broker: BrokerIndex) -> &[CutOff] {
        self.reach.cuts.get(&broker).map_or(&[], Vec::as_slice)
    }

    /// Who had a queue in its table, in order of taking it.
    pub(in crate::check) fn tenures(&self, key: Key) -> &[Tenure] {
        self.tenures.get(&key).map_or(&[], Vec::as_slice)
    }

    /// Whether a consumer's table held a queue at a moment, and before it.
    pub(in crate::check) fn had(&self, key: Key, consumer: ConsumerIndex, at: Instant) -> bool {
        let around = |tenure: &&Tenure| tenure.from < at && tenure.until.is_none_or(|until| at <= until);
        self.tenures(key).iter().rev().filter(|tenure| tenure.consumer == consumer).any(|tenure| around(&tenure))
    }

    /// Where a queue changed hands, so that a message was given to `before` and then to `after`: who gave the queue up after
    /// it had it, and who took it then from an offset that is not behind the message. Answers when it was taken.
    pub(in crate::check) fn handed_over(
        &self,
        key: Key,
        (before, after): (ConsumerIndex, ConsumerIndex),
        offset: u64,
    ) -> Option<Instant> {
        let tenures = self.tenures(key);
        let at = tenures.iter().rposition(|tenure| tenure.consumer == after)?;
        let taken = tenures[at];
        // The last that the giver had of the queue lies before; of one that took it again itself, the last but one.
        let end = if before == after { at } else { tenures.len() };
        let given_up = tenures[..end].iter().rposition(|tenure| tenure.consumer == before)?;
        let handed = given_up < at && tenures[given_up].until.is_some();
        (handed && taken.start <= offset).then_some(taken.from)
    }

    /// Whether two consumers have had a queue at one time since the second took it.
    pub(in crate::check) fn had_together(&self, key: Key, (before, after): (ConsumerIndex, ConsumerIndex)) -> bool {
        let tenures = self.tenures(key);
        let Some(taken) = tenures.iter().rfind(|tenure| tenure.consumer == after) else { return false };
        let beside = |tenure: &Tenure| tenure.until.is_none_or(|until| until > taken.from);
        tenures.iter().any(|tenure| tenure.consumer == before && beside(tenure))
    }

    /// Since when a consumer has had a queue, or last had it.
    pub(in crate::check) fn took(&self, key: Key, consumer: ConsumerIndex) -> Option<Instant> {
        let mut own = self.tenures(key).iter().rev().filter(|tenure| tenure.consumer == consumer);
        own.next().map(|tenure| tenure.from)
    }

    /// Whether a consumer is frozen or cut off from a queue's broker now.
    pub(in crate::check) fn is_zombie(&self, key: Key, consumer: ConsumerIndex) -> bool {
        let seat = self.seat(consumer);
        seat.paused || seat.cut_off.contains(&self.homes[key.queue.at()])
    }
}
