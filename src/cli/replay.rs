//! `run --until`: the log of a stretch, for people, while the run goes on.

use clap::Args;

use super::chosen_events::ChosenEvents;
use super::{Answer, Failure, Verdict, signals, terminal};
use crate::kernel::{Instant, Span};
use crate::report::log::LogLines;
use crate::run::{EventRow, Told, Unfinished, replay};
use crate::scenario::Scenario;

/// What was typed.
#[derive(Debug, Args)]
pub(super) struct Replay {
    /// Prints the log around this moment instead, such as 12.5s, one line an event with the number of its cause, and
    /// plays no further.
    #[arg(long, value_name = "TIME", conflicts_with_all = ["seeds", "out", "format", "all"])]
    until: Option<Span>,
    /// How much before and behind that moment is printed.
    #[arg(long, value_name = "SPAN", requires = "until", default_value = "1s")]
    around: Span,
}

impl Replay {
    /// Whether it is asked for.
    pub(super) fn is_wanted(&self) -> bool {
        self.until.is_some()
    }

    /// Plays and prints.
    pub(super) fn execute(&self, scenario: &Scenario, seed: u64, events: &ChosenEvents) -> Answer {
        let (from, until) = self.stretch(scenario)?;
        let mut chosen = events.of_stretch(scenario, from, until)?;
        let stop = signals::interruptible_waiting("the run ends at the event it is at", "nothing is lost");
        let mut lines = LogLines::new(&scenario.plan);
        let mut printed = lines.head();
        let (mut told, mut failed) = (0_u64, None);
        let mut tell = |row: &EventRow| {
            if chosen.wants(row) {
                told += 1;
                printed.push_str(&lines.line(row));
                // A stretch can have a million lines.
                if printed.len() > MOST_KEPT && failed.is_none() {
                    failed = terminal::print(&std::mem::take(&mut printed)).err();
                }
            }
        };
        let played = replay(scenario, seed, until, &stop, Told { events: Some(&mut tell), progress: None });
        if let Some(failed) = failed {
            return Err(failed);
        }
        if told > 0 {
            terminal::print(&printed)?;
        }
        match played {
            Err(Unfinished::Circle(circle)) => return Err(Failure::bad_input(circle)),
            Err(Unfinished::Stopped) => return Err(Failure::own("interrupted; the log ends where it stands")),
            Ok(()) if told > 0 => {}
            Ok(()) if events.are_all() => terminal::note(&format!("nothing happens between {from} and {until}")),
            Ok(()) => terminal::note(&format!(
                "nothing of that happens between {from} and {until}; more is printed with a longer --around"
            )),
        }
        Ok(Verdict::Held)
    }

    /// From when until when is printed.
    fn stretch(&self, scenario: &Scenario) -> Result<(Instant, Instant), Failure> {
        let centre = Instant::ZERO + self.until.expect("it is asked for");
        let end = Instant::ZERO + scenario.plan.duration;
        if centre > end {
            return Err(Failure::bad_input(format!(
                "--until {centre} lies behind the end of the run, which is {end}; name a moment before it"
            )));
        }
        let from = Instant::ZERO + centre.since(Instant::ZERO).saturating_sub(self.around);
        Ok((from, (centre + self.around).min(end)))
    }
}

/// So many bytes are printed at once.
const MOST_KEPT: usize = 1 << 20;
