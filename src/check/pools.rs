//! Pools: when all threads of a consumer were at work although it was to have more.

use std::collections::BTreeMap;

use crate::kernel::{Instant, Span};
use crate::model::observation::{Observation, Observed};
use crate::model::plan::{ConsumerIndex, Plan};

/// Of what is full for less time nothing is kept: a stall is longer.
const WORTH_KEEPING: Span = Span::from_millis(500);

/// The pool of one consumer whose `consumeThreadMax` is above its `consumeThreadMin`.
#[derive(Debug)]
struct Pool {
    least: u32,
    most: u32,
    batch: u32,
    /// Messages with its listeners.
    working: u32,
    full_since: Option<Instant>,
    /// From when until when it was full.
    full: Vec<(Instant, Instant)>,
}

impl Pool {
    fn work(&mut self, at: Instant, working: u32) {
        self.working = working;
        let is_full = working.div_ceil(self.batch) >= self.least;
        match self.full_since {
            None if is_full => {
                // Who ends one message and begins the next at one moment was never free.
                let goes_on = self.full.pop_if(|(_, until)| *until == at);
                self.full_since = Some(goes_on.map_or(at, |(from, _)| from));
            }
            Some(from) if !is_full => {
                self.full_since = None;
                self.full.retain(|(from, until)| until.since(*from) >= WORTH_KEEPING);
                self.full.push((from, at));
            }
            _ => {}
        }
    }
}

/// The pools of those that were to have more threads than they ever get (`ConsumeMessageConcurrentlyService`: the pool's
/// queue has no bound).
#[derive(Debug, Default)]
pub(super) struct Pools {
    pools: BTreeMap<ConsumerIndex, Pool>,
}

impl Pools {
    /// Nothing has happened yet.
    pub fn new(plan: &Plan) -> Self {
        let pool = |(index, member): (ConsumerIndex, &crate::model::plan::ConsumerPlan)| {
            let settings = &member.consumer;
            let most = settings.consume_thread_max.filter(|most| *most > settings.consume_thread_min)?;
            let (least, batch) = (settings.consume_thread_min, settings.consume_message_batch_max_size.max(1));
            let concurrent = member.listener.orderly.is_none() && settings.lite_pull.is_none();
            let pool = Pool { least, most, batch, working: 0, full_since: None, full: Vec::new() };
            concurrent.then_some((index, pool))
        };
        Self { pools: ConsumerIndex::number(&plan.consumers).filter_map(pool).collect() }
    }

    /// Takes in one observation.
    #[inline]
    pub fn observe(&mut self, seen: &Observed) {
        if !self.pools.is_empty() {
            self.work(seen);
        }
    }

    fn work(&mut self, seen: &Observed) {
        match seen.what {
            Observation::Delivered { consumer, .. } => {
                if let Some(pool) = self.pools.get_mut(&consumer) {
                    pool.work(seen.at, pool.working + 1);
                }
            }
            Observation::Consumed { consumer, .. } => {
                if let Some(pool) = self.pools.get_mut(&consumer) {
                    pool.work(seen.at, pool.working.saturating_sub(1));
                }
            }
            Observation::ConsumerEnded { consumer, .. } => {
                if let Some(pool) = self.pools.get_mut(&consumer) {
                    pool.work(seen.at, 0);
                }
            }
            _ => {}
        }
    }

    /// What is to be said of a consumer whose pool was full for most of a stretch.
    pub fn never_reached(&self, consumer: ConsumerIndex, (from, until): (Instant, Instant)) -> Option<String> {
        let pool = self.pools.get(&consumer)?;
        let open = pool.full_since.map(|since| (since, until));
        let inside = pool.full.iter().copied().chain(open).map(|(a, b)| b.min(until).since(a.max(from)));
        let full = inside.fold(Span::ZERO, |sum, span| sum + span);
        let Pool { least, most, .. } = pool;
        (full + full > until.since(from)).then(|| {
            format!(
                "all {least} threads of consumeThreadMin at work, and consumeThreadMax = {most} is never reached: raise \
                 consumeThreadMin"
            )
        })
    }
}
