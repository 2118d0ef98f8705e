//! Messages that reached nobody, each in the window in which it happened and with its group.
//!
//! A message is *skipped* when a rule passes over it. It is *lost* when a commit passes over it that no listener had got
//! (the last commit that did, where offsets went back in between), or when the broker loses it.

use std::collections::BTreeMap;

use super::part::Part;
use super::{Figure, Findings, Outside};
use crate::kernel::Instant;
use crate::model::Names;
use crate::model::plan::GroupIndex;

/// How many messages, by group and moment.
#[derive(Debug, Default)]
pub(super) struct Counts(BTreeMap<(GroupIndex, Instant), u64>);

impl Counts {
    /// Counts so many more.
    pub fn add(&mut self, group: GroupIndex, at: Instant, count: u64) {
        *self.0.entry((group, at)).or_default() += count;
    }

    /// How many there are of the groups and moments that are wanted.
    fn count(&self, wanted: impl Fn(GroupIndex, Instant) -> bool) -> u64 {
        self.0.iter().filter(|((group, at), _)| wanted(*group, *at)).map(|(_, count)| count).sum()
    }
}

/// What became of the messages of a run that reached nobody; members of a `BROADCASTING` group count for their group.
#[derive(Debug, Default)]
pub(super) struct Losses {
    pub lost: Counts,
    pub skipped: Counts,
    /// Still to be had at the end of the run, which is their moment.
    pub undelivered: BTreeMap<GroupIndex, u64>,
}

impl Losses {
    /// Sets the figures of every window, and of each group in it where there are several.
    pub fn set(&self, names: &Names, findings: &mut Findings) {
        let end = findings.windows.iter().map(|window| window.until).max().unwrap_or_default();
        for (position, window) in findings.windows.iter_mut().enumerate() {
            // What happens as the run ends belongs to what lasts until then.
            let (from, until) = (window.from, window.until);
            let inside = |at: Instant| (from..until).contains(&at) || (at == end && until == end);
            let of = |counts: &Counts, wanted: &dyn Fn(GroupIndex) -> bool| {
                Figure::Count(counts.count(|group, at| wanted(group) && inside(at)))
            };
            let waiting = |wanted: &dyn Fn(GroupIndex) -> bool| {
                Figure::Count(
                    self.undelivered.iter().filter(|(group, _)| wanted(**group)).map(|(_, count)| count).sum(),
                )
            };
            window.set("lost", of(&self.lost, &|_| true));
            window.set("skipped", of(&self.skipped, &|_| true));
            // What is counted once, as the run ends, is no figure of a phase that had ended before.
            let told = position == 0 || until == end;
            if told {
                window.set("undelivered", waiting(&|_| true));
            }
            for part in Part::all(names) {
                let Part::Group(group) = part else { continue };
                let is_of = |other: GroupIndex| other == group;
                let (lost, skipped) = (of(&self.lost, &is_of), of(&self.skipped, &is_of));
                window.set_of(Some((part, names)), "lost", lost);
                window.set_of(Some((part, names)), "skipped", skipped);
                if told {
                    window.set_of(Some((part, names)), "undelivered", waiting(&is_of));
                }
            }
        }
        let measured = |figure: &str| match findings.windows.first().and_then(|window| window.figures.get(figure)) {
            Some(Figure::Count(count)) => *count,
            _ => 0,
        };
        findings.outside = Outside {
            lost: self.lost.count(|_, _| true) - measured("lost"),
            skipped: self.skipped.count(|_, _| true) - measured("skipped"),
        };
    }
}
