//! Latency second by second: the rows of `latency.csv`, and what a page draws of them.

use std::collections::BTreeMap;

use crate::kernel::{Instant, Span};
use crate::model::plan::GroupIndex;

/// How late messages came to the listeners of a group that were handed out for the first time within one second.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LatencySample {
    /// The beginning of the second; one in which nothing was handed out has no row.
    pub at: Instant,
    /// The group.
    pub group: GroupIndex,
    /// How many messages there were.
    pub messages: u64,
    /// From the moment at which a message was stored: the median of the second.
    pub typical: Span,
    /// The longest of the second.
    pub longest: Span,
}

/// What was handed out for the first time within the second that goes on.
#[derive(Debug, Default)]
pub(super) struct Seconds {
    second: u64,
    open: BTreeMap<GroupIndex, Vec<u64>>,
    samples: Vec<LatencySample>,
}

impl Seconds {
    /// A listener of a group has a message for the first time, so many nanoseconds after it was stored.
    pub fn add(&mut self, at: Instant, group: GroupIndex, nanos: u64) {
        let second = at.as_millis() / 1_000;
        if second != self.second {
            self.close();
            self.second = second;
        }
        self.open.entry(group).or_default().push(nanos);
    }

    /// The second is over.
    fn close(&mut self) {
        let at = Instant::from_millis(self.second * 1_000);
        for (group, all) in self.open.iter_mut().filter(|(_, all)| !all.is_empty()) {
            all.sort_unstable();
            // By nearest rank, as quantiles are everywhere.
            let [typical, longest] = [all.len().div_ceil(2), all.len()].map(|rank| Span::from_nanos(all[rank - 1]));
            self.samples.push(LatencySample { at, group: *group, messages: all.len() as u64, typical, longest });
            all.clear();
        }
    }

    /// All rows, in order of time.
    pub fn end(&mut self) -> Vec<LatencySample> {
        self.close();
        std::mem::take(&mut self.samples)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_has_a_row_of_each_group_that_got_something() {
        let mut seconds = Seconds::default();
        for (ms, group, took) in
            [(1_000, 0, 5), (1_500, 1, 70), (1_999, 0, 9), (1_999, 0, 6), (2_000, 0, 1), (7_300, 0, 2)]
        {
            seconds.add(Instant::from_millis(ms), GroupIndex(group), took * 1_000_000);
        }
        let rows = seconds.end().into_iter().map(|row| {
            (row.at.as_millis(), row.group.0, row.messages, row.typical.as_millis(), row.longest.as_millis())
        });
        let expected = [(1_000, 0, 3, 6, 9), (1_000, 1, 1, 70, 70), (2_000, 0, 1, 1, 1), (7_000, 0, 1, 2, 2)];
        assert_eq!(rows.collect::<Vec<_>>(), expected);
        assert_eq!(seconds.end(), []);
    }
}
