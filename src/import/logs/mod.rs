//! Logs of clients and brokers: of their thousands of lines those that tell of rebalancing. A line that is not known is
//! passed over; one that is known and cut short is noted.
//!
//! ```text
//!   line --stamp--> when, and what is said --SENTENCES--> what it means
//! ```
//! The sentences are those of 4.5 to 5.3. Clients of other languages write others.

mod broker;
mod client;
mod event;
mod locks;
mod sentence;
mod stamp;
#[cfg(test)]
mod tests;

pub use self::event::{LogEvent, LogTrouble};

use self::sentence::Sentence;
use super::fact::Fact;
use super::reader::{Reader, Reading};
use super::section::Section;

/// A log that is known by its sentences.
#[derive(Debug)]
pub struct Log {
    name: &'static str,
    /// The first whose marks stand in a line reads it.
    sentences: &'static [Sentence],
}

/// `rocketmq_client.log`.
pub static CLIENT: Log = Log { name: "a client's log", sentences: client::SENTENCES };
/// `lock.log` of a broker.
pub static LOCKS: Log = Log { name: "a broker's lock.log", sentences: locks::SENTENCES };
/// `broker.log`, and what of `remoting.log` and `broker_default.log` matters.
pub static BROKER: Log = Log { name: "a broker's log", sentences: broker::SENTENCES };
/// Lines with times that say nothing of rebalancing.
pub static OTHER: Log = Log { name: "a log without a line about rebalancing", sentences: &[] };

/// A log is known by its first lines; what stands above its first time may be a banner.
const LOOKED_AT_FOR_A_TIME: usize = 20;

impl Log {
    /// The sentence that a line is.
    fn known(&self, line: &str) -> Option<&'static Sentence> {
        self.sentences.iter().find(|sentence| sentence.marks.iter().all(|mark| line.contains(mark)))
    }
}

impl Reader for Log {
    fn name(&self) -> &'static str {
        self.name
    }

    fn recognises(&self, section: &Section<'_>) -> bool {
        let stamped = |(_, line): &(usize, &str)| stamp::stamped(line).is_some();
        section.lines.iter().take(LOOKED_AT_FOR_A_TIME).any(stamped)
            && (self.sentences.is_empty()
                || section.lines.iter().any(|(_, line)| self.known(line).is_some() && stamp::stamped(line).is_some()))
    }

    fn read(&self, section: &Section<'_>, reading: &mut Reading) {
        for &(number, line) in &section.lines {
            let Some(sentence) = self.known(line) else { continue };
            let Some((at_ms, said)) = stamp::stamped(line) else { continue };
            let [mark, _] = sentence.marks;
            let rest = said.split_once(mark).map_or("", |(_, rest)| rest);
            match (sentence.read)(rest) {
                Some(event) => reading.fact(section.place(number), Fact::Logged { at_ms, event }),
                None => reading.note(section.place(number), format!("a line with `{mark}` is cut short")),
            }
        }
    }
}
