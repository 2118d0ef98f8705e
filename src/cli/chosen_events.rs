//! Which events are told: the arguments by which `--events` and `--until` leave rows out.

use clap::Args;

use super::Failure;
use crate::kernel::{Instant, Span};
use crate::run::Chosen;
use crate::scenario::Scenario;

/// What was typed.
#[derive(Debug, Args)]
pub(super) struct ChosenEvents {
    /// Of `--events`, only what happens from this moment on, such as 40s.
    #[arg(long, value_name = "TIME", requires = "events")]
    events_from: Option<Span>,
    /// Of `--events`, only what happens up to this moment.
    #[arg(long, value_name = "TIME", requires = "events")]
    events_until: Option<Span>,
    /// Only events of this name, as the column `event` has it; several with commas or again.
    #[arg(long, value_name = "EVENT", value_delimiter = ',')]
    only_kind: Vec<String>,
    /// Only events that name this queue (topic/broker/number), consumer, broker, topic or group; may be repeated.
    #[arg(long, value_name = "NAME")]
    follow: Vec<String>,
}

impl ChosenEvents {
    /// The choice, of a log that is written whole.
    ///
    /// # Errors
    /// Bad input: a word that nothing has, or a stretch without time.
    pub(super) fn of_log(&self, scenario: &Scenario) -> Result<Chosen, Failure> {
        let from = Instant::ZERO + self.events_from.unwrap_or(Span::ZERO);
        let until = self.events_until.map_or(Instant::MAX, |until| Instant::ZERO + until);
        if from > until {
            return Err(Failure::bad_input(format!(
                "--events-from {from} lies behind --events-until {until}; the first moment comes first"
            )));
        }
        self.of_stretch(scenario, from, until)
    }

    /// The choice, of a stretch.
    ///
    /// # Errors
    /// Bad input: a word that nothing has.
    pub(super) fn of_stretch(&self, scenario: &Scenario, from: Instant, until: Instant) -> Result<Chosen, Failure> {
        let chosen = Chosen::between(from, until).of_kinds(&self.only_kind).map_err(Failure::bad_input)?;
        chosen.following(&self.follow, &scenario.plan).map_err(Failure::bad_input)
    }

    /// Whether nothing is left out.
    pub(super) fn are_all(&self) -> bool {
        self.only_kind.is_empty() && self.follow.is_empty()
    }
}
