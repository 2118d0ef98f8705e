//! Lives of consumers: who ran when, and under which client id. What a seat says now may not hold for then.

use crate::kernel::{Instant, Span};
use crate::model::Names;
use crate::model::ids::AudienceIndex;
use crate::model::observation::{ClientIndex, Kinds, Observation, Observed, kinds};
use crate::model::plan::{BrokerIndex, ConsumerIndex, GroupIndex, TopicIndex};
use std::collections::{BTreeMap, BTreeSet};

/// One process of a consumer.
#[derive(Debug, Clone, Copy)]
struct Life {
    consumer: ConsumerIndex,
    client: ClientIndex,
    from: Instant,
    until: Option<Instant>,
}

impl Life {
    fn runs(&self, at: Instant) -> bool {
        self.from <= at && self.until.is_none_or(|until| until > at)
    }
}

/// A pause of a consumer, or a cut between it and a broker, that is over.
#[derive(Debug, Clone, Copy)]
pub(in crate::check) struct Absence {
    consumer: ConsumerIndex,
    /// It was paused, and did nothing at all.
    pub frozen: bool,
    pub from: Instant,
    pub until: Instant,
}

/// A topic that a consumer subscribed or gave up.
#[derive(Debug, Clone, Copy)]
struct Change {
    at: Instant,
    consumer: ConsumerIndex,
    topic: TopicIndex,
    subscribed: bool,
}

/// All lives so far, in order of their beginning.
#[derive(Debug, Default)]
pub(in crate::check) struct History {
    lives: Vec<Life>,
    /// Topics subscribed and given up.
    subscriptions: Vec<Change>,
    /// Who is cut off from which broker, or frozen (no broker), and since when.
    away: BTreeMap<(ConsumerIndex, Option<BrokerIndex>), Instant>,
    /// Pauses and cuts that are over, in order of their ends.
    absences: Vec<Absence>,
}

impl History {
    /// What it reads.
    pub const READS: Kinds =
        kinds![ConsumerStarting, ConsumerEnded, SubscriptionChanged, ConsumerPaused, ConsumerResumed, ConsumerCutOff];

    /// Takes in one observation.
    pub fn observe(&mut self, seen: &Observed) {
        match seen.what {
            Observation::ConsumerStarting { consumer, client } => {
                self.end(consumer, seen.at);
                self.lives.push(Life { consumer, client, from: seen.at, until: None });
            }
            Observation::ConsumerEnded { consumer, .. } => self.end(consumer, seen.at),
            Observation::SubscriptionChanged { consumer, topic, subscribed, .. } => {
                self.subscriptions.push(Change { at: seen.at, consumer, topic, subscribed });
            }
            Observation::ConsumerPaused { consumer } => _ = self.away.entry((consumer, None)).or_insert(seen.at),
            Observation::ConsumerResumed { consumer } => self.is_back((consumer, None), seen.at),
            Observation::ConsumerCutOff { consumer, broker, cut_off: true } => {
                self.away.entry((consumer, Some(broker))).or_insert(seen.at);
            }
            Observation::ConsumerCutOff { consumer, broker, cut_off: false } => {
                self.is_back((consumer, Some(broker)), seen.at);
            }
            _ => {}
        }
    }

    fn is_back(&mut self, who: (ConsumerIndex, Option<BrokerIndex>), until: Instant) {
        if let Some(from) = self.away.remove(&who) {
            self.absences.push(Absence { consumer: who.0, frozen: who.1.is_none(), from, until });
        }
    }

    fn end(&mut self, consumer: ConsumerIndex, at: Instant) {
        if let Some(life) = self.lives.iter_mut().rev().find(|life| life.consumer == consumer) {
            life.until.get_or_insert(at);
        }
    }

    /// The client id of a consumer at a moment; of the dead, the one they had.
    pub fn client_at(&self, consumer: ConsumerIndex, at: Instant) -> Option<ClientIndex> {
        let before = self.lives.iter().rev().find(|life| life.consumer == consumer && life.from <= at);
        before.map(|life| life.client)
    }

    /// Whether a consumer had subscribed a topic at a moment; `None` where it did not run, or was to subscribe it as the
    /// first that it did in this life.
    pub fn subscribes(&self, consumer: ConsumerIndex, topic: TopicIndex, at: Instant) -> Option<bool> {
        let life = self.lives.iter().rev().filter(|life| life.consumer == consumer).find(|life| life.runs(at))?;
        let in_this_life = |change: &&Change| {
            change.consumer == consumer && life.from <= change.at && life.until.is_none_or(|until| change.at <= until)
        };
        let said: Vec<_> = self.subscriptions.iter().filter(in_this_life).collect();
        let of_it = || said.iter().filter(|change| change.topic == topic);
        match of_it().rfind(|change| change.at <= at) {
            Some(change) => Some(change.subscribed),
            None if said.first().is_some_and(|first| at < first.at) && of_it().next().is_some() => None,
            None => Some(false),
        }
    }

    /// Whether a consumer that ran at a moment had given a topic up.
    pub fn gave_up(&self, consumer: ConsumerIndex, topic: TopicIndex, at: Instant) -> bool {
        self.said_last(consumer, topic, at).next().is_some_and(|last| !last.subscribed)
    }

    /// When somebody subscribed a topic or gave it up.
    pub fn subscribed(&self, topic: TopicIndex) -> impl Iterator<Item = Instant> + '_ {
        self.subscriptions.iter().filter(move |change| change.topic == topic).map(|change| change.at)
    }

    /// When a consumer next subscribed a topic, after a moment.
    pub fn subscribes_after(&self, consumer: ConsumerIndex, topic: TopicIndex, after: Instant) -> Option<Instant> {
        let again = |change: &&Change| change.at > after && change.subscribed;
        let of_it = |change: &&Change| (change.consumer, change.topic) == (consumer, topic);
        self.subscriptions.iter().filter(again).find(of_it).map(|change| change.at)
    }

    /// When a process of a consumer began or ended, or it subscribed a topic or gave it up, after a moment.
    pub fn turns(
        &self,
        consumer: ConsumerIndex,
        topic: TopicIndex,
        after: Instant,
    ) -> impl Iterator<Item = Instant> + '_ {
        let lives = self.lives.iter().filter(move |life| life.consumer == consumer);
        let own = move |change: &&Change| (change.consumer, change.topic) == (consumer, topic);
        let said = self.subscriptions.iter().filter(own).map(|change| change.at);
        lives.flat_map(|life| life.until.into_iter().chain([life.from])).chain(said).filter(move |at| *at > after)
    }

    /// When processes of a group ended, after a moment.
    pub fn ends(&self, group: GroupIndex, after: Instant, names: &Names) -> impl Iterator<Item = Instant> {
        let of_group = self.lives.iter().filter(move |life| names.group_of(life.consumer) == group);
        of_group.filter_map(|life| life.until).filter(move |at| *at > after)
    }

    /// When a process last gave a topic up, and when it subscribed it again, by a moment; `None`: it did not, or has not
    /// got it then.
    pub fn last_return(&self, consumer: ConsumerIndex, topic: TopicIndex, at: Instant) -> Option<(Instant, Instant)> {
        let mut said = self.said_last(consumer, topic, at);
        let back = said.next().filter(|change| change.subscribed)?;
        let left = said.next().filter(|change| !change.subscribed)?;
        Some((left.at, back.at))
    }

    /// What a process that ran at a moment had done to a topic by then, the last first.
    fn said_last(&self, consumer: ConsumerIndex, topic: TopicIndex, at: Instant) -> impl Iterator<Item = &Change> {
        let since = self.alive_since(consumer, at);
        let of_it = move |change: &&Change| {
            since.is_some_and(|since| (since..=at).contains(&change.at))
                && (change.consumer, change.topic) == (consumer, topic)
        };
        self.subscriptions.iter().rev().filter(of_it)
    }

    /// Topics that some process of the group subscribed, and another did not, or not all its life.
    pub fn mixed(&self, names: &Names) -> BTreeSet<(GroupIndex, TopicIndex)> {
        let mut of_group: BTreeMap<GroupIndex, BTreeSet<TopicIndex>> = BTreeMap::new();
        let mut of_consumer: BTreeMap<(ConsumerIndex, TopicIndex), usize> = BTreeMap::new();
        let mut mixed = BTreeSet::new();
        for &Change { consumer, topic, subscribed, .. } in &self.subscriptions {
            let group = names.group_of(consumer);
            of_group.entry(group).or_default().insert(topic);
            *of_consumer.entry((consumer, topic)).or_default() += 1;
            if !subscribed {
                mixed.insert((group, topic));
            }
        }
        let mut lives: BTreeMap<ConsumerIndex, usize> = BTreeMap::new();
        self.lives.iter().for_each(|life| *lives.entry(life.consumer).or_default() += 1);
        for (consumer, lives) in lives {
            let group = names.group_of(consumer);
            for &topic in of_group.get(&group).into_iter().flatten() {
                if of_consumer.get(&(consumer, topic)).is_none_or(|times| *times < lives) {
                    mixed.insert((group, topic));
                }
            }
        }
        mixed
    }

    /// Whether two consumers of the group of an audience ran under one client id at a moment.
    pub fn twins_at(&self, at: Instant, audience: AudienceIndex, names: &Names) -> bool {
        let group = names.group_of_audience(audience);
        let running = |life: &&Life| life.runs(at) && names.group_of(life.consumer) == group;
        let mut ids: Vec<ClientIndex> = self.lives.iter().filter(running).map(|life| life.client).collect();
        ids.sort_unstable();
        ids.windows(2).any(|pair| pair[0] == pair[1])
    }

    /// When the process of a group that has a client id at a moment began; `None`: there is none.
    pub fn running_since(&self, group: GroupIndex, client: ClientIndex, at: Instant, names: &Names) -> Option<Instant> {
        let of_group = |life: &&Life| life.client == client && names.group_of(life.consumer) == group;
        self.lives.iter().filter(of_group).find(|life| life.runs(at)).map(|life| life.from)
    }

    /// Whether a member of an audience started at a moment.
    pub fn started_at(&self, audience: AudienceIndex, at: Instant, names: &Names) -> bool {
        self.lives.iter().any(|life| life.from == at && names.audience_of(life.consumer) == audience)
    }

    /// Who last had a client id in a group.
    pub fn consumer_of(&self, group: GroupIndex, client: ClientIndex, names: &Names) -> Option<ConsumerIndex> {
        let of_group = |life: &&Life| life.client == client && names.group_of(life.consumer) == group;
        self.lives.iter().rev().find(of_group).map(|life| life.consumer)
    }

    /// Since when the process of a consumer that ran at a moment had run; `None`: it did not.
    pub fn alive_since(&self, consumer: ConsumerIndex, at: Instant) -> Option<Instant> {
        self.lives
            .iter()
            .rev()
            .filter(|life| life.consumer == consumer)
            .find(|life| life.runs(at))
            .map(|life| life.from)
    }

    /// Consumers of a group that ran at a moment.
    pub fn running(&self, group: GroupIndex, at: Instant, names: &Names) -> BTreeSet<ConsumerIndex> {
        let of_group = self.lives.iter().filter(|life| names.group_of(life.consumer) == group);
        of_group.filter(|life| life.runs(at)).map(|life| life.consumer).collect()
    }

    /// Whether a consumer of a group ran at a moment, another one than `but`.
    pub fn any_runs(&self, group: GroupIndex, at: Instant, but: Option<ConsumerIndex>, names: &Names) -> bool {
        let mut lives = self.lives.iter();
        lives.any(|life| life.runs(at) && names.group_of(life.consumer) == group && Some(life.consumer) != but)
    }

    /// Client ids under which members of a group ran at a moment.
    pub fn running_ids(&self, group: GroupIndex, at: Instant, names: &Names) -> Vec<ClientIndex> {
        let of_group = self.lives.iter().filter(|life| names.group_of(life.consumer) == group);
        of_group.filter(|life| life.runs(at)).map(|life| life.client).collect()
    }

    /// Client ids under which members of a group ran, and at this moment nobody does.
    pub fn dead_ids(&self, group: GroupIndex, at: Instant, names: &Names) -> BTreeSet<ClientIndex> {
        let running = self.running_ids(group, at, names);
        let of_group = self.lives.iter().filter(|life| names.group_of(life.consumer) == group && life.from <= at);
        of_group.map(|life| life.client).filter(|client| !running.contains(client)).collect()
    }

    /// Client ids that began in a group within a stretch, and the id that their consumer had before, if another.
    pub fn renamed<'a>(
        &'a self,
        group: GroupIndex,
        (from, until): (Instant, Instant),
        names: &'a Names,
    ) -> impl Iterator<Item = (ClientIndex, ClientIndex)> + 'a {
        let in_time = move |life: &&Life| names.group_of(life.consumer) == group && (from..=until).contains(&life.from);
        self.lives.iter().enumerate().filter(move |(_, life)| in_time(life)).filter_map(|(at, life)| {
            let before = self.lives[..at].iter().rev().find(|other| other.consumer == life.consumer)?;
            (before.client != life.client).then_some((before.client, life.client))
        })
    }

    /// Whether a pause or cut of the consumer ended at most `before` before `from`, or until `until`.
    pub fn returned(&self, consumer: ConsumerIndex, from: Instant, before: Span, until: Instant) -> bool {
        let mut own = self.absences.iter().filter(|absence| absence.consumer == consumer);
        own.any(|absence| from.since(absence.until) < before && absence.until <= until)
    }

    /// The last pause or cut of a consumer that was over at a moment.
    pub fn last_absence(&self, consumer: ConsumerIndex, at: Instant) -> Option<Absence> {
        let mut own = self.absences.iter().rev().filter(|absence| absence.consumer == consumer);
        own.find(|absence| absence.until <= at).copied()
    }

    /// Whether a consumer was frozen all through a stretch.
    pub fn is_frozen(&self, consumer: ConsumerIndex, (from, until): (Instant, Instant)) -> bool {
        let covers =
            |pause: &Absence| pause.frozen && pause.consumer == consumer && pause.from <= from && until <= pause.until;
        self.away.get(&(consumer, None)).is_some_and(|since| *since <= from) || self.absences.iter().any(covers)
    }

    /// Whether a consumer's life ended within a stretch.
    pub fn ended_within(&self, consumer: ConsumerIndex, (from, until): (Instant, Instant)) -> bool {
        let ended = |life: &Life| life.until.is_some_and(|at| (from..=until).contains(&at));
        self.lives.iter().any(|life| life.consumer == consumer && ended(life))
    }
}
