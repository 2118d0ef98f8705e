//! The balance at every moment at which ownership, membership or what is popped changed: what `balance.csv` and its picture show.

use std::collections::{BTreeMap, BTreeSet};

use super::balance::{Balance, jain_millionths};
use super::stage::Holding;
use super::{BalanceSample, Key, OwnerState, Stage};
use crate::kernel::Instant;
use crate::model::Names;
use crate::model::plan::{ConsumerIndex, GroupIndex, TopicIndex};

/// A group and one of its topics, or all.
type Part = (GroupIndex, Option<TopicIndex>);

/// Who owns how much of a part, kept up to date from change to change.
#[derive(Debug, Default)]
struct Share {
    loads: BTreeMap<ConsumerIndex, u32>,
    owned: usize,
    double_owned: usize,
}

/// Owners of all queues at a moment that moves on.
#[derive(Debug, Default)]
struct Owned {
    /// By queue: how often each holds it.
    holders: BTreeMap<Key, BTreeMap<ConsumerIndex, u32>>,
    shares: BTreeMap<Part, Share>,
}

impl Owned {
    /// Whether anybody holds a queue.
    fn has(&self, key: Key) -> bool {
        self.holders.get(&key).is_some_and(|holders| !holders.is_empty())
    }

    /// A holding begins or ends.
    fn change(&mut self, key: Key, consumer: ConsumerIndex, begins: bool, names: &Names) {
        let holders = self.holders.entry(key).or_default();
        let before = holders.len();
        let times = holders.entry(consumer).or_insert(0);
        *times = if begins { *times + 1 } else { *times - 1 };
        let (first, last) = (begins && *times == 1, !begins && *times == 0);
        if last {
            holders.remove(&consumer);
        }
        let after = holders.len();
        for topic in [Some(names.queue(key.queue).topic), None] {
            let share = self.shares.entry((names.group_of_audience(key.audience), topic)).or_default();
            let load = share.loads.entry(consumer).or_insert(0);
            *load = *load + u32::from(first) - u32::from(last);
            share.owned = share.owned + usize::from(after > 0) - usize::from(before > 0);
            share.double_owned = share.double_owned + usize::from(after > 1) - usize::from(before > 1);
        }
    }
}

impl Balance {
    /// A sample for each moment at which ownership or membership changed, or a topic began or ceased to be popped.
    pub(super) fn samples(&self, end: Instant, stage: &Stage, names: &Names) -> Vec<BalanceSample> {
        const MOST_SAMPLES: usize = 2_000;
        let mut moments: BTreeSet<Instant> = stage.holdings().iter().flat_map(|row| [row.from, row.until]).collect();
        moments.extend(self.lives().iter().flat_map(|life| std::iter::once(life.from).chain(life.until)));
        let popped = stage.popped_topics().flat_map(|(_, stretches)| stretches);
        moments.extend(popped.flat_map(|(from, until)| std::iter::once(*from).chain(*until)));
        moments.retain(|at| *at < end);
        // A long story with very many changes is thinned out evenly; the last moment of each gap stands for it.
        let step = moments.len().div_ceil(MOST_SAMPLES).max(1);
        let chosen: Vec<Instant> = moments.iter().rev().step_by(step).copied().collect();
        let mut changes = changes(stage, names).into_iter().peekable();
        let queues = queues(stage, names);
        let popped = |key: &Key| stage.is_ever_popped(*key, names);
        let hideable: Vec<Key> =
            stage.normal_keys().filter(|key| !stage.hidden(key.queue).is_empty() || popped(key)).collect();
        let (mut owned, mut samples) = (Owned::default(), Vec::new());
        for &at in chosen.iter().rev() {
            while let Some((_, begins, key, consumer)) = changes.next_if(|(when, ..)| *when <= at) {
                owned.change(key, consumer, begins, names);
            }
            for (&group, members) in &self.members_at(at, names) {
                let topics = owned.shares.range((group, None)..=(group, Some(TopicIndex::MAX)));
                let shown = topics.filter(|((_, topic), share)| topic.is_some() && share.owned > 0);
                for topic in shown.map(|((_, topic), _)| *topic).chain([None]) {
                    let all = queues.get(&(group, topic)).copied().unwrap_or(0);
                    // Nobody is to own a queue that no consumer is shown, or that is popped.
                    let gone = |key: &&Key| {
                        let of_part = key.audience == names.audience_of_group(group)
                            && topic.is_none_or(|topic| names.queue(key.queue).topic == topic);
                        let needs_none = || stage.is_hidden(key.queue, at) || stage.is_popped_at(**key, at, names);
                        of_part && !owned.has(**key) && needs_none()
                    };
                    let all = all - hideable.iter().filter(gone).count();
                    samples.push(sample(at, (group, topic), members, owned.shares.get(&(group, topic)), all));
                }
            }
        }
        samples.sort_by_key(|sample| (sample.at, sample.group, sample.topic.is_none(), sample.topic));
        samples
    }
}

/// When live holdings of the queues that people count begin and end, in order of time; ends come after beginnings, so
/// that nobody loses what he does not have.
fn changes(stage: &Stage, names: &Names) -> Vec<(Instant, bool, Key, ConsumerIndex)> {
    let counts = |row: &&Holding| {
        let live = row.state == OwnerState::Live && row.from < row.until;
        live && stage.is_normal(row.key) && !names.is_one_member(row.key.audience)
    };
    let rows = stage.holdings().iter().filter(counts);
    let mut changes: Vec<_> = rows
        .flat_map(|row| [(row.from, true, row.key, row.consumer), (row.until, false, row.key, row.consumer)])
        .collect();
    changes.sort_unstable_by_key(|&(at, begins, key, consumer)| (at, !begins, key, consumer));
    changes
}

/// How many queues there are of each topic of each group, and of each group.
fn queues(stage: &Stage, names: &Names) -> BTreeMap<Part, usize> {
    let mut queues = BTreeMap::new();
    // A `BROADCASTING` member shares with nobody.
    for key in stage.normal_keys().filter(|key| !names.is_one_member(key.audience)) {
        for topic in [Some(names.queue(key.queue).topic), None] {
            *queues.entry((names.group_of_audience(key.audience), topic)).or_insert(0) += 1;
        }
    }
    queues
}

fn sample(
    at: Instant,
    (group, topic): Part,
    members: &BTreeSet<ConsumerIndex>,
    share: Option<&Share>,
    all: usize,
) -> BalanceSample {
    let load = |member| share.and_then(|share| share.loads.get(member)).copied().unwrap_or(0);
    let loads: Vec<u32> = members.iter().map(load).collect();
    BalanceSample {
        at,
        group,
        topic,
        members: members.len() as u32,
        idle_members: loads.iter().filter(|load| **load == 0).count() as u32,
        max: loads.iter().copied().max().unwrap_or(0),
        min: loads.iter().copied().min().unwrap_or(0),
        jain_millionths: jain_millionths(&loads),
        unowned: all.saturating_sub(share.map_or(0, |share| share.owned)) as u32,
        double_owned: share.map_or(0, |share| share.double_owned) as u32,
    }
}
