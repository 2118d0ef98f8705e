//! Lives of consumers: who ran when, and under which client id. What a seat says now may not hold for then.

use crate::kernel::{Instant, Span};
use crate::model::observation::{ClientIndex, Observation, Observed};
use crate::model::plan::ConsumerIndex;

/// One process of a consumer.
#[derive(Debug, Clone, Copy)]
struct Life {
    consumer: ConsumerIndex,
    client: ClientIndex,
    from: Instant,
    until: Option<Instant>,
}

/// All lives so far, in order of their beginning.
#[derive(Debug, Default)]
pub(super) struct History {
    lives: Vec<Life>,
    /// Ends of pauses and cuts.
    returns: Vec<(Instant, ConsumerIndex)>,
}

impl History {
    /// Takes in one observation.
    pub fn observe(&mut self, seen: &Observed) {
        match seen.what {
            Observation::ConsumerStarting { consumer, client } => {
                self.end(consumer, seen.at);
                self.lives.push(Life { consumer, client, from: seen.at, until: None });
            }
            Observation::ConsumerEnded { consumer, .. } => self.end(consumer, seen.at),
            Observation::ConsumerResumed { consumer } | Observation::ConsumerCutOff { consumer, cut_off: false } => {
                self.returns.push((seen.at, consumer));
            }
            _ => {}
        }
    }

    fn end(&mut self, consumer: ConsumerIndex, at: Instant) {
        if let Some(life) = self.lives.iter_mut().rev().find(|life| life.consumer == consumer) {
            life.until.get_or_insert(at);
        }
    }

    /// The client id of a consumer at a moment; of the dead, the one they had.
    pub fn client_at(&self, consumer: ConsumerIndex, at: Instant) -> Option<ClientIndex> {
        let before = self.lives.iter().rev().find(|life| life.consumer == consumer && life.from <= at);
        before.map(|life| life.client)
    }

    /// Whether two processes ran under one client id at a moment.
    pub fn twins_at(&self, at: Instant) -> bool {
        let running = |life: &&Life| life.from <= at && life.until.is_none_or(|until| until > at);
        let mut ids: Vec<ClientIndex> = self.lives.iter().filter(running).map(|life| life.client).collect();
        ids.sort_unstable();
        ids.windows(2).any(|pair| pair[0] == pair[1])
    }

    /// Whether some process started at most `before` before a moment.
    pub fn started_before(&self, at: Instant, before: Span) -> bool {
        self.lives.iter().any(|life| life.from <= at && at.since(life.from) < before)
    }

    /// Whether a pause or cut of the consumer ended at most `before` before `from`, or until `until`.
    pub fn returned(&self, consumer: ConsumerIndex, from: Instant, before: Span, until: Instant) -> bool {
        self.returns.iter().any(|&(at, who)| who == consumer && from.since(at) < before && at <= until)
    }
}
