//! A row of the event log, as it is told while the run goes on.

use std::borrow::Cow;

use crate::kernel::Instant;

/// Who acts where nobody of the cluster does: the scenario.
pub(super) const STORY: &str = "story";

/// One row of `events.csv`: told while the run goes on, and kept by nobody.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct EventRow {
    /// When.
    pub at: Instant,
    /// Insertion number.
    pub sequence: u64,
    /// Insertion number of the event that caused it; 0: the plan.
    pub cause: u64,
    /// Name of the event or observation.
    pub event: &'static str,
    /// Who did it, or whom it happened to: a consumer, a broker, a name server, a producer, or `story`.
    pub actor: String,
    /// To what: a queue, a topic, another actor, a client; else the actor's group, or the actor.
    pub subject: String,
    /// The rest: what each is, and its name, number or word.
    pub details: Vec<(&'static str, String)>,
}

impl EventRow {
    /// The rest as `key=value key=value`; a name that has a space is in quotes.
    #[must_use]
    pub fn detail(&self) -> String {
        let pairs = self.details.iter().map(|(key, value)| format!("{key}={}", quoted(value)));
        pairs.collect::<Vec<_>>().join(" ")
    }

    /// Whether it names somebody or something anywhere.
    #[must_use]
    pub fn names(&self, name: &str) -> bool {
        self.actor == name || self.subject == name || self.details.iter().any(|(_, value)| value == name)
    }
}

/// A value in which no space is taken for its end.
fn quoted(value: &str) -> Cow<'_, str> {
    if value.is_empty() || value.contains([' ', '"', '=']) { format!("{value:?}").into() } else { value.into() }
}
