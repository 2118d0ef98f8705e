//! Which part of a run counts.

use crate::kernel::{Instant, Span};

/// One end of the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// A moment.
    Time(Instant),
    /// When the step with this position in the timeline took place.
    Step(usize),
    /// The first moment at which every queue of every group has exactly one live owner and keeps it for 2 s; the start
    /// of the run where there is none.
    FirstSettled,
}

/// The window that counts, and what is a stall.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Measure {
    /// Its beginning; by default the first settled ownership.
    pub from: Mark,
    /// Its end; `None`: the end of the run.
    pub until: Option<Mark>,
    /// Shorter stretches without a hand-out are no stalls; default 1 s.
    pub stall_threshold: Span,
}

impl Measure {
    /// The times that it names.
    pub(super) fn named_times(&self) -> Vec<Instant> {
        let time = |mark: Mark| if let Mark::Time(at) = mark { Some(at) } else { None };
        [Some(self.from), self.until].into_iter().flatten().filter_map(time).collect()
    }
}

impl Default for Measure {
    fn default() -> Self {
        Self { from: Mark::FirstSettled, until: None, stall_threshold: Span::from_secs(1) }
    }
}
