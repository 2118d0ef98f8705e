//! What of a recording belongs to the machine that it was made on, and not to RocketMQ.
//!
//! On the machine of the first recordings a process had a core when it wanted one, and how long `start()` takes is one
//! environment for all. Three kinds of recordings are not like that: those of a machine that had more to do than the
//! recorded processes need (its `load_average`), those of consumers that share one JVM, where the first pays for the
//! classes of all, and those of Go clients, which load none. Of these, `start()` takes in a prediction what it took in the
//! recording, as boots do in all of them; what the cluster does meanwhile and afterwards is predicted.

use crate::trace::{Header, Language, StoryStep, Trace, What};

/// The machine of one recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Machine {
    /// Its load average was above 3.
    pub busy: bool,
    /// Consumers share JVMs.
    pub pods: bool,
    /// Some consumer is a Go client.
    pub go: bool,
}

impl Machine {
    /// That of a recording.
    #[must_use]
    pub fn of(header: &Header) -> Self {
        let go = header.steps.iter().any(|step| step.action == "start" && header.language(step) == Language::Go);
        Self { busy: header.is_busy(), pods: !header.pods.is_empty(), go }
    }

    /// Whether starts take what they took.
    #[must_use]
    pub fn gives_starts(self) -> bool {
        self.busy || self.pods || self.go
    }
}

/// Of a Java client's `start()` its requests to servers, which are played, are so many percent: cold code is slow where the
/// rest is slow.
const REQUESTS_PERCENT: i64 = 12;

/// What a `start()` that took so many milliseconds takes without its requests.
pub(super) fn without_requests(ms: i64, language: Language) -> i64 {
    match language {
        Language::Java => (ms - ms * REQUESTS_PERCENT / 100).max(1),
        Language::Go => ms.max(1),
    }
}

/// How long the `start()` that begins at `from_ms` took, in ms; `None`: it never returned.
pub(super) fn start_took(trace: &Trace, step: &StoryStep, from_ms: i64) -> Option<i64> {
    let mut later = trace.events.iter().skip_while(|event| event.t < from_ms);
    // A restart is another start: the search ends where it, or the end of the process, is seen.
    let mut begun = false;
    later.find_map(|event| match &event.what {
        What::Started { who, .. } if *who == step.target => Some(Some(event.t - from_ms)),
        What::Starting { who, .. } if *who == step.target && std::mem::replace(&mut begun, true) => Some(None),
        What::Step { action, target } if action == "kill" && *target == step.target => Some(None),
        _ => None,
    })?
}
