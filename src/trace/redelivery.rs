//! What comes again in a group whose members pop: nobody owns a queue there, and a message comes back when it has been
//! invisible for long enough.

use std::collections::BTreeMap;

use super::Trace;
use super::duplicates::deliveries;

/// How often messages of a recording were handed out, and after how long again.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Redeliveries {
    /// Messages that were handed out at all.
    pub messages: u64,
    /// How often they were, in all.
    pub deliveries: u64,
    /// Messages that were handed out more than once.
    pub again: u64,
    /// From one delivery of a message to its next, in ms, ascending.
    pub gaps_ms: Vec<i64>,
}

/// Of all messages of a recording. A message keeps the queue and offset that it was sent with.
#[must_use]
pub fn redeliveries(trace: &Trace) -> Redeliveries {
    let mut found = Redeliveries::default();
    for runs in deliveries(trace).into_values() {
        let mut times: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
        for run in &runs {
            for offset in run.from..=run.to {
                times.entry(offset).or_default().push(run.time_of(offset) as i64);
            }
        }
        for mut of_message in times.into_values() {
            of_message.sort_unstable();
            found.messages += 1;
            found.deliveries += of_message.len() as u64;
            found.again += u64::from(of_message.len() > 1);
            found.gaps_ms.extend(of_message.windows(2).map(|pair| pair[1] - pair[0]));
        }
    }
    found.gaps_ms.sort_unstable();
    found
}
