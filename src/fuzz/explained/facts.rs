//! What happened in a run, as it was seen, but for the flow of messages.

use crate::kernel::{Instant, Span};
use crate::model::observation::{ConsumeOutcome, Observation, Observed};

/// Facts in the order in which they happened.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    all: Vec<(Instant, Observation)>,
}

impl Facts {
    /// Keeps what is no message on its way.
    pub fn observe(&mut self, seen: &Observed) {
        let flow = matches!(
            seen.what,
            Observation::Stored { .. }
                | Observation::KeyStored { .. }
                | Observation::TagStored { .. }
                | Observation::Filtered { .. }
                | Observation::Readable { .. }
                | Observation::Delivered { .. }
                | Observation::Consumed { outcome: ConsumeOutcome::Success, .. }
                | Observation::ProgressMoved { .. }
                | Observation::Committed { by: Some(_), .. }
                | Observation::Served { .. }
                | Observation::HeartbeatTaken { .. }
                | Observation::BrokerRegistered { .. }
                | Observation::OffsetsFlushed { .. }
                | Observation::OffsetSent { .. }
                | Observation::Pulled { .. }
                | Observation::Detail(_)
        );
        if !flow {
            self.all.push((seen.at, seen.what.clone()));
        }
    }

    /// Those of a stretch.
    pub(super) fn between(&self, from: Instant, until: Instant) -> &[(Instant, Observation)] {
        let first = self.all.partition_point(|(at, _)| *at < from);
        let end = self.all.partition_point(|(at, _)| *at <= until);
        &self.all[first..end.max(first)]
    }

    /// Whether something happened within a stretch, or so long before it.
    pub(super) fn happened(
        &self,
        (from, until): (Instant, Instant),
        before: Span,
        what: impl Fn(&Observation) -> bool,
    ) -> bool {
        let early = if from.since(Instant::ZERO) > before { from - before } else { Instant::ZERO };
        self.between(early, until).iter().any(|(_, seen)| what(seen))
    }
}
