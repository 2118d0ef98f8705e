//! Who got each message of a queue last, as runs of offsets: one owner for an hour is one run.

use crate::model::plan::ConsumerIndex;

/// Nobody has had the message yet.
const NOBODY: ConsumerIndex = ConsumerIndex::MAX;

/// By offset, who got the message last.
#[derive(Debug, Default, Clone)]
pub(super) struct Given {
    /// First offsets of runs, and to whom they went; each lasts to the beginning of the next.
    runs: Vec<(u32, ConsumerIndex)>,
    /// End of the last run.
    end: u32,
}

impl Given {
    /// Who got a message last; `None`: nobody yet.
    pub fn last(&self, offset: u64) -> Option<ConsumerIndex> {
        if offset >= u64::from(self.end) {
            return None;
        }
        let (_, consumer) = self.runs[self.run_of(offset as u32)];
        (consumer != NOBODY).then_some(consumer)
    }

    /// The stretches of a range that nobody has had, in order.
    pub fn gaps(&self, from: u64, until: u64) -> Vec<(u64, u64)> {
        let end = u64::from(self.end);
        let mut gaps = Vec::new();
        if from < until.min(end) {
            for (at, &(first, consumer)) in self.runs.iter().enumerate().skip(self.run_of(from as u32)) {
                if u64::from(first) >= until {
                    break;
                }
                let next = self.runs.get(at + 1).map_or(end, |(next, _)| u64::from(*next));
                if consumer == NOBODY {
                    gaps.push((from.max(u64::from(first)), until.min(next)));
                }
            }
        }
        if until > end {
            gaps.push((from.max(end), until));
        }
        gaps.retain(|(first, until)| first < until);
        gaps
    }

    /// Whether a range is of the last run, and that is somebody's: mostly it is, and has no gaps then.
    #[inline]
    pub fn last_has(&self, from: u64, until: u64) -> bool {
        let begins_before = |(first, consumer): &(u32, _)| u64::from(*first) <= from && *consumer != NOBODY;
        until <= u64::from(self.end) && self.runs.last().is_some_and(begins_before)
    }

    /// One past the last message that anybody got.
    pub fn end(&self) -> u64 {
        u64::from(self.end)
    }

    fn run_of(&self, offset: u32) -> usize {
        match self.runs.last() {
            Some((first, _)) if *first <= offset => self.runs.len() - 1,
            _ => self.runs.partition_point(|(first, _)| *first <= offset) - 1,
        }
    }

    /// A message goes to a consumer; answers who had it last.
    #[inline]
    pub fn give(&mut self, offset: u64, consumer: ConsumerIndex) -> Option<ConsumerIndex> {
        // Mostly it is the next one, and goes to whom the one before went.
        if offset == u64::from(self.end) && self.end < u32::MAX && self.runs.last().is_some_and(|run| run.1 == consumer)
        {
            self.end += 1;
            return None;
        }
        self.give_another(offset, consumer)
    }

    fn give_another(&mut self, offset: u64, consumer: ConsumerIndex) -> Option<ConsumerIndex> {
        let offset = u32::try_from(offset).expect("queue offsets of a run fit into 32 bits");
        if offset >= self.end {
            if offset > self.end {
                self.extend(self.end, NOBODY);
            }
            self.extend(offset, consumer);
            self.end = offset + 1;
            return None;
        }
        let at = self.run_of(offset);
        let (first, before) = self.runs[at];
        if before != consumer {
            let end = self.runs.get(at + 1).map_or(self.end, |(next, _)| *next);
            self.cut_out(at, (first, end, before), (offset, consumer));
        }
        (before != NOBODY).then_some(before)
    }

    /// A run begins at the end; it goes on with the last one where that is the same consumer's.
    fn extend(&mut self, first: u32, consumer: ConsumerIndex) {
        if self.runs.last().is_none_or(|(_, last)| *last != consumer) {
            self.runs.push((first, consumer));
        }
    }

    /// One offset within a run becomes another consumer's, and joins the runs beside it where they are the same's.
    fn cut_out(
        &mut self,
        at: usize,
        (first, end, before): (u32, u32, ConsumerIndex),
        (offset, consumer): (u32, ConsumerIndex),
    ) {
        let joins_previous = offset == first && at > 0 && self.runs[at - 1].1 == consumer;
        let joins_next = offset + 1 == end && self.runs.get(at + 1).is_some_and(|(_, next)| *next == consumer);
        let mut middle = Vec::with_capacity(3);
        if offset > first {
            middle.push((first, before));
        }
        if !joins_previous {
            middle.push((offset, consumer));
        }
        if offset + 1 < end {
            middle.push((offset + 1, before));
        }
        let until = at + 1 + usize::from(joins_next);
        self.runs.splice(at..until, middle);
    }

    /// Splits off what stands from an offset on: those messages are gone, and others will have their offsets.
    pub fn split_off(&mut self, from: u64) -> Self {
        let lost = self.clone();
        let from = u32::try_from(from).unwrap_or(u32::MAX);
        if from < self.end {
            self.runs.truncate(self.runs.partition_point(|(first, _)| *first < from));
            self.end = from;
        }
        lost
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_say_what_a_plain_list_says() {
        let mut plain = vec![None; 400];
        let mut given = Given::default();
        let mut state = 7_u64;
        let mut draw = |below: u64| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state % below
        };
        for round in 0..4_000 {
            let from = draw(if round < 2_000 { 300 } else { 390 });
            let consumer = ConsumerIndex(draw(3) as u16);
            for offset in from..from + 1 + draw(9) {
                assert_eq!(given.give(offset, consumer), plain[offset as usize].replace(consumer));
            }
            if round % 1_000 == 999 {
                let cut = 100 + draw(200);
                let lost = given.split_off(cut);
                assert!((cut..400).all(|offset| lost.last(offset) == plain[offset as usize]));
                plain[cut as usize..].fill(None);
            }
            assert!((0..400).all(|offset| given.last(offset as u64) == plain[offset]), "after {round} rounds");
            let (low, high) = (draw(420), draw(420));
            let gaps = given.gaps(low, high);
            let unseen =
                |offset: u64| (low..high).contains(&offset) && plain.get(offset as usize).is_none_or(Option::is_none);
            let told: Vec<u64> = gaps.iter().flat_map(|(first, until)| *first..*until).collect();
            assert_eq!(told, (0..420).filter(|offset| unseen(*offset)).collect::<Vec<_>>(), "{low}..{high}");
            assert!(given.runs.windows(2).all(|pair| pair[0].0 < pair[1].0 && pair[0].1 != pair[1].1));
        }
    }

    #[test]
    fn one_owner_is_one_run() {
        let mut given = Given::default();
        (0..1_000_000).for_each(|offset| _ = given.give(offset, ConsumerIndex(4)));
        assert_eq!(given.runs, [(0, ConsumerIndex(4))]);
    }
}
