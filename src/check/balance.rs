//! Balance: how evenly the queues lie on the members, and how many moved against the fewest that had to.

use std::collections::{BTreeMap, BTreeSet};

use super::dealing::{Dealing, Members};
use super::ids::compare_by_number;
use super::stage::Holding;
use super::{Anomaly, AnomalyKind, Cause, Check, Figure, Findings, Key, OwnerState, Severity, Stage};
use crate::kernel::{Instant, Span};
use crate::model::Names;
use crate::model::observation::{ClientIndex, Kinds, Observation, Observed, QueueIndex, kinds};
use crate::model::plan::{ConsumerIndex, GroupIndex, Plan, TopicIndex};
use crate::strategy::order::compare_java_strings;

/// When a consumer was a member.
#[derive(Debug, Clone, Copy)]
pub(super) struct MemberLife {
    consumer: ConsumerIndex,
    client: ClientIndex,
    /// Its start.
    pub from: Instant,
    /// Its end; `None`: it is a member yet.
    pub until: Option<Instant>,
}

impl MemberLife {
    fn holds(&self, at: Instant) -> bool {
        self.from <= at && self.until.is_none_or(|until| at < until)
    }
}

/// The metric.
#[derive(Debug)]
pub(super) struct Balance {
    rows: bool,
    lives: Vec<MemberLife>,
    dealing: Dealing,
}

/// Queues that moved in a phase: from when until when, how many, the fewest that had to, and its label.
struct Moved {
    from: Instant,
    until: Instant,
    moved: u64,
    least: u64,
    /// How many the strategy had to move for these members, and how many it would have by ids sorted by number.
    dealt: u64,
    by_number: u64,
    strategy: String,
    label: String,
}

/// Owners of each queue at one moment.
type Owners = BTreeMap<Key, BTreeSet<ConsumerIndex>>;

impl Balance {
    pub fn new(plan: &Plan, rows: bool) -> Self {
        Self { rows, lives: Vec::new(), dealing: Dealing::new(plan) }
    }

    /// Members of a group and their ids.
    fn ids_at(&self, at: Instant, group: GroupIndex, names: &Names) -> Members {
        let here = self.lives.iter().filter(|life| life.holds(at) && names.group_of(life.consumer) == group);
        here.map(|life| (life.consumer, life.client)).collect()
    }

    /// How many queues of a topic the strategy moves between two moments, by ids sorted as text and by number.
    fn dealt(
        &self,
        (group, topic): (GroupIndex, TopicIndex),
        (first, last): (Instant, Instant),
        owners: [&Owners; 2],
        names: &Names,
    ) -> Option<(u64, u64, String)> {
        let (was, is) = (self.ids_at(first, group, names), self.ids_at(last, group, names));
        let strategy = self.dealing.strategy(&is).filter(|now| self.dealing.strategy(&was).as_ref() == Some(now))?;
        let audience = names.audience_of_group(group);
        let of = |key: &&Key| key.audience == audience && names.queue(key.queue).topic == topic;
        let queues: Vec<QueueIndex> =
            owners[0].keys().filter(of).filter(|key| owners[1].contains_key(*key)).map(|key| key.queue).collect();
        let moved = |order| self.dealing.moved(group, &queues, (&was, &is), order, names);
        Some((moved(compare_java_strings), moved(compare_by_number), strategy))
    }

    /// Who was a member from when until when.
    pub(super) fn lives(&self) -> &[MemberLife] {
        &self.lives
    }

    pub(super) fn members_at(&self, at: Instant, names: &Names) -> BTreeMap<GroupIndex, BTreeSet<ConsumerIndex>> {
        let mut members: BTreeMap<GroupIndex, BTreeSet<ConsumerIndex>> = BTreeMap::new();
        for life in self.lives.iter().filter(|life| life.holds(at)) {
            members.entry(names.group_of(life.consumer)).or_default().insert(life.consumer);
        }
        members
    }
}

/// Live owners of the queues that people count.
fn owners_at(at: Instant, holdings: &[Holding], stage: &Stage, names: &Names) -> Owners {
    let mut owners = Owners::new();
    for row in holdings.iter().filter(|row| row.state == OwnerState::Live && row.from <= at && at < row.until) {
        if stage.is_normal(row.key) && !names.is_one_member(row.key.audience) {
            owners.entry(row.key).or_default().insert(row.consumer);
        }
    }
    owners
}

/// Queues by member, one topic or all.
fn loads(owners: &Owners, members: &BTreeSet<ConsumerIndex>, of: impl Fn(&Key) -> bool) -> Vec<u32> {
    let mut loads: BTreeMap<ConsumerIndex, u32> = members.iter().map(|&member| (member, 0)).collect();
    for holders in owners.iter().filter(|(key, _)| of(key)).map(|(_, holders)| holders) {
        for holder in holders {
            if let Some(load) = loads.get_mut(holder) {
                *load += 1;
            }
        }
    }
    loads.into_values().collect()
}

/// `(sum x)^2 / (n * sum x^2)` in millionths; even, or nothing to share, is one.
pub(super) fn jain_millionths(loads: &[u32]) -> u32 {
    let sum: u128 = loads.iter().map(|&load| u128::from(load)).sum();
    let squares: u128 = loads.iter().map(|&load| u128::from(load) * u128::from(load)).sum();
    if squares == 0 {
        return 1_000_000;
    }
    ((sum * sum * 1_000_000) / (loads.len() as u128 * squares)) as u32
}

/// The fewest queues of one topic that must change hands to be even over `members`: each member keeps what it has up
/// to its share, and the larger shares go to those who have the most.
fn least_moves(
    before: &Owners,
    topic: TopicIndex,
    group: GroupIndex,
    members: &BTreeSet<ConsumerIndex>,
    names: &Names,
) -> u64 {
    let audience = names.audience_of_group(group);
    let of = |key: &Key| key.audience == audience && names.queue(key.queue).topic == topic;
    let queues = before.keys().filter(|key| of(key)).count();
    if members.is_empty() {
        return 0;
    }
    let mut loads: Vec<usize> = loads(before, members, of).into_iter().map(|load| load as usize).collect();
    loads.sort_unstable_by(|a, b| b.cmp(a));
    let (share, larger) = (queues / members.len(), queues % members.len());
    let kept: usize = loads.iter().enumerate().map(|(rank, &load)| load.min(share + usize::from(rank < larger))).sum();
    (queues - kept.min(queues)) as u64
}

/// The most less the fewest.
fn spread(loads: &[u32]) -> u32 {
    loads.iter().max().unwrap_or(&0) - loads.iter().min().unwrap_or(&0)
}

/// Topics are dealt one by one, each from the first id on: where they are even and their sum is not, it is said once, of
/// the measured window (trap E22).
fn uneven_across_topics(
    owners: &Owners,
    members: &BTreeMap<GroupIndex, BTreeSet<ConsumerIndex>>,
    window: &super::Window,
    names: &Names,
) -> Vec<Anomaly> {
    let mut found = Vec::new();
    for (&group, members) in members.iter().filter(|_| window.label == "measure") {
        let audience = names.audience_of_group(group);
        let of_group: BTreeSet<TopicIndex> =
            owners.keys().filter(|key| key.audience == audience).map(|key| names.queue(key.queue).topic).collect();
        let topics = of_group.iter().map(|&topic| {
            spread(&loads(owners, members, |key| key.audience == audience && names.queue(key.queue).topic == topic))
        });
        let (worst, all) = (topics.max().unwrap_or(0), spread(&loads(owners, members, |key| key.audience == audience)));
        if of_group.len() > 1 && worst <= 1 && all > 1 {
            let detail = format!(
                "{} topics of {} are dealt one by one from the first id on: the fullest member has {all} queues more than the emptiest",
                of_group.len(),
                names.group(group)
            );
            let (what, at) = ((AnomalyKind::UnevenAcrossTopics, Cause::DealtTopicByTopic), window.until);
            let row = Anomaly::new("balance", what, (at, at), detail);
            found.push(Anomaly { severity: Severity::Note, audience: Some(audience), count: all.into(), ..row });
        }
    }
    found
}

/// A strategy moved more than it had to: because ids are sorted as text (trap E23), or because it is so made.
fn moved_more_than_needed(row: Moved) -> Anomaly {
    let Moved { from, until, moved, least, dealt, by_number, strategy, label } = row;
    let by_text = by_number < dealt;
    let why = if by_text {
        format!("client ids sort by text, and {strategy} would have moved {by_number} by their numbers")
    } else {
        format!("{strategy} deals by the place in the list of ids, and moves {dealt}")
    };
    let cause = if by_text { Cause::ClientIdsSortByText } else { Cause::BlockBoundariesMoved };
    let detail = format!("{label}: {moved} queues moved where {least} had to: {why}");
    let row = Anomaly::new("balance", (AnomalyKind::MovedMoreThanNeeded, cause), (from, until), detail);
    Anomaly { severity: Severity::Note, count: dealt - least, ..row }
}

impl Check for Balance {
    fn name(&self) -> &'static str {
        "balance"
    }

    fn reads(&self) -> Kinds {
        kinds![ConsumerStarting, ConsumerEnded]
    }

    fn observe(&mut self, seen: &Observed, _: &Stage, names: &Names) {
        match seen.what {
            // A `BROADCASTING` member shares with nobody.
            Observation::ConsumerStarting { consumer, .. } if names.is_one_member(names.audience_of(consumer)) => {}
            Observation::ConsumerStarting { consumer, client } => {
                self.lives.push(MemberLife { consumer, client, from: seen.at, until: None });
            }
            Observation::ConsumerEnded { consumer, .. } => {
                if let Some(life) =
                    self.lives.iter_mut().rev().find(|life| life.consumer == consumer && life.until.is_none())
                {
                    life.until = Some(seen.at);
                }
            }
            _ => {}
        }
    }

    fn finish(&mut self, stage: &Stage, names: &Names, findings: &mut Findings) {
        let holdings = stage.holdings();
        let topics = |owners: &Owners| -> BTreeSet<(GroupIndex, TopicIndex)> {
            owners.keys().map(|key| (names.group_of_audience(key.audience), names.queue(key.queue).topic)).collect()
        };
        let (mut moved_more, mut uneven) = (Vec::new(), Vec::new());
        for window in &mut findings.windows {
            let instant_before =
                |at: Instant| if at > Instant::from_millis(1) { at - Span::from_millis(1) } else { Instant::ZERO };
            let (first, last) = (instant_before(window.from), instant_before(window.until));
            let (before, after) = (owners_at(first, holdings, stage, names), owners_at(last, holdings, stage, names));
            let keys: BTreeSet<&Key> = before.keys().chain(after.keys()).collect();
            let moved = keys.iter().filter(|key| before.get(**key) != after.get(**key)).count();
            window.set("moved_queues", Figure::Count(moved as u64));
            let members = self.members_at(last, names);
            let (mut least, mut max_min, mut total, mut idle, mut jain) = (0, 0, 0, 0, 1_000_000);
            let (mut dealt, mut by_number, mut strategies) = (0, 0, BTreeSet::new());
            uneven.extend(uneven_across_topics(&after, &members, window, names));
            for (group, topic) in topics(&before).union(&topics(&after)).copied() {
                if !stage.strategies_differ(group)
                    && let Some((text, number, strategy)) =
                        self.dealt((group, topic), (first, last), [&before, &after], names)
                {
                    (dealt, by_number) = (dealt + text, by_number + number);
                    strategies.insert(strategy);
                }
                let Some(members) = members.get(&group) else { continue };
                least += least_moves(&before, topic, group, members, names);
                let audience = names.audience_of_group(group);
                let loads =
                    loads(&after, members, |key| key.audience == audience && names.queue(key.queue).topic == topic);
                max_min = max_min.max(spread(&loads));
            }
            for (&group, members) in &members {
                let audience = names.audience_of_group(group);
                let loads = loads(&after, members, |key| key.audience == audience);
                total = total.max(spread(&loads));
                // Who pops has no queue, and is not idle for that.
                let popping = members.iter().filter(|member| stage.pops_at(**member, last)).count() as u64;
                let without = loads.iter().filter(|load| **load == 0).count() as u64;
                idle += without.saturating_sub(popping);
                jain = jain.min(jain_millionths(&loads));
            }
            // Where the same members are left as before, it is no join and no leave that moved the blocks.
            let changed = self.members_at(first, names) != members;
            if dealt > least && changed && window.label != "measure" && window.from > Instant::ZERO {
                let strategy = strategies.into_iter().collect::<Vec<_>>().join(", ");
                let (from, until, label, moved) = (window.from, window.until, window.label.clone(), moved as u64);
                moved_more.push(Moved { from, until, moved, least, dealt, by_number, strategy, label });
            }
            window.set("moved_queues.least", Figure::Count(least));
            window.set("balance.max_min", Figure::Count(max_min.into()));
            window.set("balance.total_max_min", Figure::Count(total.into()));
            window.set("balance.idle_members", Figure::Count(idle));
            window.set("balance.jain", Figure::Millionths(jain.into()));
        }
        findings.anomalies.extend(moved_more.into_iter().map(moved_more_than_needed));
        findings.anomalies.extend(uneven);
        if self.rows {
            // Every row of ownership ends with the run: that last moment shows nobody owning anything.
            let end = findings.windows.iter().map(|window| window.until).max().unwrap_or(Instant::ZERO);
            findings.balance = self.samples(end, stage, names);
        }
    }
}
