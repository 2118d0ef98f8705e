//! What few things of a run everybody wants to see on a time axis, and which of them led to which.
//!
//! ```text
//!   row of the event log --one of the few?--> Mark --parent--> the nearest mark before it in the chain of causes
//! ```
//! Between two marks lie timers and messages; they are gone through and not kept.

use super::event_log::EventRow;
use crate::kernel::Instant;

/// What one actor did in one event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// When.
    pub at: Instant,
    /// The insertion number of the event.
    pub sequence: u64,
    /// Who.
    pub actor: String,
    /// What was seen of it: name, subject and the rest.
    pub seen: Vec<(&'static str, String, String)>,
    /// The mark that led to it, by position, where that is known.
    pub parent: Option<usize>,
}

/// All marks of a run, in order of time.
#[derive(Debug)]
pub struct Chronicle {
    marks: Vec<Mark>,
    /// By insertion number of an event, as far as it goes round: that number, and the mark that it descends from.
    descent: Vec<Option<(u64, usize)>>,
    /// The event that is told, and where it comes from.
    current: Option<(u64, Option<usize>)>,
}

/// The names of the rows that are kept.
const KEPT: [&str; 37] = [
    "broker_down",
    "broker_up",
    "broker_unregistered",
    "channel_event_dropped",
    "clock_jumped",
    "command_refused",
    "consumer_cut_off",
    "consumer_ended",
    "consumer_paused",
    "consumer_resumed",
    "consumer_started",
    "consumer_starting",
    "consumer_stopping",
    "group_unknown",
    "heartbeat_skipped",
    "lock_expired",
    "lock_forgotten",
    "lock_granted",
    "lock_lost",
    "lock_released",
    "member_added",
    "member_removed",
    "name_server_down",
    "name_server_up",
    "notified",
    "offset_illegal",
    "queue_released",
    "queue_taken",
    "queues_opened",
    "rebalance_ended",
    "registered_without_subscriptions",
    "route_changed",
    "start_failed",
    "step_missed",
    "step_taken",
    "tail_lost",
    "wakeup_lost",
];

/// So many events are remembered by what they descend from. Of what comes of an older one no descent is known.
const REMEMBERED: usize = 1 << 20;

/// The flow of messages, of which nothing rare comes: its events would push others out of the memory.
const FLOW: [&str; 5] = ["message_due", "listener_returned", "dispatched", "pull_due", "log_replicated"];
const FLOWING: [&str; 3] = ["pull", "send", "update_offset"];

impl Default for Chronicle {
    fn default() -> Self {
        Self { marks: Vec::new(), descent: vec![None; REMEMBERED], current: None }
    }
}

impl Chronicle {
    /// Takes in a row; they come in order.
    pub fn add(&mut self, row: &EventRow) {
        let parent = match self.current {
            Some((sequence, parent)) if sequence == row.sequence => parent,
            _ => {
                let parent = self.descends_from(row.cause);
                self.current = Some((row.sequence, parent));
                if let Some(mark) = parent.filter(|_| !flows(row)) {
                    self.remember(row.sequence, mark);
                }
                parent
            }
        };
        if !KEPT.contains(&row.event) {
            return;
        }
        let seen = (row.event, row.subject.clone(), row.detail());
        match self.marks.last_mut().filter(|mark| mark.sequence == row.sequence && mark.actor == row.actor) {
            Some(mark) if mark.at == row.at => mark.seen.push(seen),
            _ => {
                let (at, sequence, actor) = (row.at, row.sequence, row.actor.clone());
                let first = self.marks.last().is_none_or(|mark| mark.sequence != sequence);
                self.marks.push(Mark { at, sequence, actor, seen: vec![seen], parent });
                // What is there at the beginning has no cause, and causes nothing that it could be told apart by.
                if first && sequence > 0 {
                    self.remember(sequence, self.marks.len() - 1);
                }
            }
        }
    }

    /// All marks.
    #[must_use]
    pub fn marks(&self) -> &[Mark] {
        &self.marks
    }

    fn remember(&mut self, sequence: u64, mark: usize) {
        self.descent[sequence as usize % REMEMBERED] = Some((sequence, mark));
    }

    fn descends_from(&self, cause: u64) -> Option<usize> {
        self.descent[cause as usize % REMEMBERED].filter(|(sequence, _)| *sequence == cause).map(|(_, mark)| mark)
    }
}

/// Whether an event belongs to the flow of messages.
fn flows(row: &EventRow) -> bool {
    let carries =
        |(key, value): &(&str, String)| matches!(*key, "message" | "waiting") && FLOWING.contains(&value.as_str());
    FLOW.contains(&row.event) || row.details.iter().any(carries)
}
