//! Who begins, ends, pauses and is cut off, and what becomes of the queues in its table.

use super::{Beginning, Seat, Stage};
use crate::model::Names;
use crate::model::observation::{ClientIndex, End, Observation};
use crate::model::plan::{BrokerIndex, ConsumerIndex, PlantedMistake};

impl Stage {
    /// Takes in what is seen of the lives of consumers.
    pub(super) fn hear_of_lives(&mut self, what: &Observation, names: &Names) {
        match *what {
            Observation::ConsumerStarting { consumer, client } => self.starts(consumer, client, names),
            Observation::ConsumerEnded { consumer, end } => self.ends(consumer, end, names),
            Observation::ConsumerPaused { consumer } => {
                self.seats[consumer.at()].paused = true;
                self.liveness_changed(consumer, None, Beginning::Paused(consumer));
                self.reach_changed(consumer);
            }
            Observation::ConsumerResumed { consumer } => {
                let seat = &mut self.seats[consumer.at()];
                (seat.paused, seat.returned) = (false, Some(self.now));
                self.liveness_changed(consumer, None, Beginning::Paused(consumer));
                self.reach_changed(consumer);
            }
            Observation::ConsumerCutOff { .. } if self.planted(PlantedMistake::CutOffCountsAsLive) => {}
            Observation::ConsumerCutOff { consumer, broker, cut_off } => self.is_cut_off(consumer, broker, cut_off),
            _ => {}
        }
    }

    fn starts(&mut self, consumer: ConsumerIndex, client: ClientIndex, names: &Names) {
        let seat = &mut self.seats[consumer.at()];
        let (ended, returned) = (seat.ended, seat.returned);
        let (cut_off, previous_client) = (seat.cut_off.clone(), seat.started.map(|_| seat.client));
        let started = Some(self.now);
        *seat = Seat { client, previous_client, alive: true, cut_off, started, ended, returned, ..Seat::default() };
        let twin = |other| other != consumer && names.group_of(other) == names.group_of(consumer);
        let shared = self.seats().any(|(other, seat)| twin(other) && seat.alive && seat.client == client);
        if shared && !self.duplicates.contains(&client) {
            self.duplicates.push(client);
        }
        let audience = names.audience_of(consumer);
        if let Some((_, until)) = self.failed.get_mut(&audience).and_then(|stretches| stretches.last_mut()) {
            until.get_or_insert(self.now);
        }
        self.audience_starts(audience, names);
        self.reach_changed(consumer);
    }

    fn ends(&mut self, consumer: ConsumerIndex, end: End, names: &Names) {
        let seat = &mut self.seats[consumer.at()];
        (seat.alive, seat.paused, seat.ended) = (false, false, Some((self.now, end)));
        self.ended_as.insert((names.group_of(consumer), seat.client), end);
        self.pops_nothing(consumer, end, names);
        self.empty_table(consumer, Beginning::Ended(consumer, end));
        let audience = names.audience_of(consumer);
        if end == End::StartFailed {
            // It was wanted and is not there: whatever waits for it goes on waiting.
            let lives = |(other, seat): (ConsumerIndex, &Seat)| seat.alive && names.audience_of(other) == audience;
            if !self.seats().any(lives) {
                self.failed.entry(audience).or_default().push((self.now, None));
            }
        } else if names.is_one_member(audience) {
            self.audience_leaves(audience);
        }
        self.reach_changed(consumer);
    }

    fn is_cut_off(&mut self, consumer: ConsumerIndex, broker: BrokerIndex, cut_off: bool) {
        let seat = &mut self.seats[consumer.at()];
        let changed = if cut_off { seat.cut_off.insert(broker) } else { seat.cut_off.remove(&broker) };
        if changed && !cut_off {
            seat.returned = Some(self.now);
        }
        if changed {
            self.liveness_changed(consumer, Some(broker), Beginning::CutOff(consumer));
            self.reach_changed(consumer);
        }
    }
}
