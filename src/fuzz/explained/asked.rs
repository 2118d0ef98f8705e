//! What is asked of the facts for a finding: whether something happened to its group, queue and broker, and when.

use crate::model::ids::{AudienceIndex, QueueIndex};
use std::collections::{BTreeMap, BTreeSet};

use super::Case;
use crate::kernel::{Instant, Span};
use crate::model::observation::{
    ClientIndex, ConsumeOutcome, End, MemberLoss, Observation, PullTrouble, Release, TopicRebalance,
};
use crate::model::plan::{BrokerIndex, ConsumerIndex, GroupIndex, TopicIndex};

/// The whole run before.
pub(super) const EVER: Span = Span::from_secs(1_000_000);
/// One timer of 20 s, and the calls.
pub(super) const RECENT: Span = Span::from_secs(26);
/// A broker is just back for so long, and a route poll with the rebalance after it takes no longer.
pub(super) const MINUTE: Span = Span::from_secs(62);
/// A broker lists a member that fell silent for so long at most, and others act on that until their next rebalance.
pub(super) const EXPIRY: Span = Span::from_secs(160);
/// An echo of a zombie, of a forgotten lock.
pub(super) const ECHO: Span = Span::from_secs(31);

impl Case<'_> {
    pub fn group(&self) -> Option<GroupIndex> {
        self.audience.map(|audience| self.names.group_of_audience(audience))
    }

    /// Whether a consumer is of the finding's group.
    pub fn ours(&self, consumer: ConsumerIndex) -> bool {
        self.group().is_none_or(|group| self.names.group_of(consumer) == group)
    }

    /// Whether an audience is the finding's group.
    pub fn is_group(&self, audience: AudienceIndex) -> bool {
        self.group().is_none_or(|group| self.names.audience_of_group(group) == audience)
    }

    pub fn broker(&self) -> Option<BrokerIndex> {
        self.queue.map(|queue| self.names.queue(queue).broker)
    }

    pub fn topic(&self) -> Option<TopicIndex> {
        self.queue.map(|queue| self.names.queue(queue).topic)
    }

    pub fn this_queue(&self, queue: QueueIndex) -> bool {
        self.queue.is_none_or(|own| own == queue)
    }

    pub fn this_broker(&self, broker: BrokerIndex) -> bool {
        self.broker().is_none_or(|own| own == broker)
    }

    pub fn this_topic(&self, topic: TopicIndex) -> bool {
        self.topic().is_none_or(|own| own == topic)
    }

    /// Whether something happened during the finding, or so long before it.
    pub fn saw(&self, before: Span, what: impl Fn(&Observation) -> bool) -> bool {
        self.facts.happened((self.from, self.until), before, what)
    }

    /// Whether something happened when the finding began.
    pub fn began_with(&self, what: impl Fn(&Observation) -> bool) -> bool {
        self.facts.happened((self.from, self.from), Span::ZERO, what)
    }

    pub fn released(&self, why: Release) -> bool {
        self.began_with(|seen| {
            matches!(*seen, Observation::QueueReleased { consumer, queue, release }
                if release == why && self.this_queue(queue) && self.ours(consumer))
        })
    }

    /// Somebody whom the finding is about put a failed batch of the queue back, and still had the queue when the finding
    /// began or put it back later.
    pub fn put_back(&self, before: Span) -> bool {
        let early = if self.from.since(Instant::ZERO) > before { self.from - before } else { Instant::ZERO };
        let mut owners = BTreeSet::new();
        for (at, seen) in self.facts.between(early, self.until) {
            match *seen {
                Observation::Consumed { consumer, queue, outcome, .. }
                    if matches!(outcome, ConsumeOutcome::Suspended | ConsumeOutcome::RolledBack)
                        && self.this_queue(queue)
                        && self.audience.is_none_or(|own| own == self.names.audience_of(consumer)) =>
                {
                    owners.insert(consumer);
                }
                Observation::QueueReleased { consumer, queue, .. } if *at <= self.from && self.this_queue(queue) => {
                    owners.remove(&consumer);
                }
                Observation::ConsumerEnded { consumer, .. } if *at <= self.from => drop(owners.remove(&consumer)),
                _ => {}
            }
        }
        !owners.is_empty()
    }

    pub fn ended(&self, before: Span, ends: &[End]) -> bool {
        self.saw(before, |seen| {
            matches!(*seen, Observation::ConsumerEnded { consumer, end } if ends.contains(&end) && self.ours(consumer))
        })
    }

    /// A member of the group started so long before at most, or registered for the first time since it started.
    pub fn came(&self, before: Span) -> bool {
        let mut listed = BTreeSet::new();
        self.facts.between(Instant::ZERO, self.until).iter().any(|(at, seen)| {
            let came = match *seen {
                Observation::ConsumerStarting { consumer, client } if self.ours(consumer) => {
                    listed.remove(&client);
                    true
                }
                Observation::MemberAdded { group, client, .. } if self.group() == Some(group) => listed.insert(client),
                _ => false,
            };
            came && *at + before >= self.from
        })
    }

    /// A member of the group fell silent, or came back, before or during the finding.
    pub fn silent(&self, before: Span) -> bool {
        self.saw(before, |seen| match *seen {
            Observation::ConsumerPaused { consumer } | Observation::ConsumerResumed { consumer } => self.ours(consumer),
            Observation::ConsumerCutOff { consumer, .. } => self.ours(consumer),
            Observation::ConsumerEnded { consumer, end } => end == End::PoweredOff && self.ours(consumer),
            _ => false,
        })
    }

    pub fn troubled(&self, troubles: &[PullTrouble]) -> bool {
        self.saw(MINUTE, |seen| {
            matches!(*seen, Observation::PullTroubled { consumer, queue, trouble }
                if troubles.contains(&trouble) && self.this_queue(queue) && self.ours(consumer))
        })
    }

    /// The queue's broker went down, so long before at most.
    pub fn broker_was_down(&self, before: Span) -> bool {
        self.saw(before, |seen| matches!(*seen, Observation::BrokerDown { broker, .. } if self.this_broker(broker)))
    }

    pub fn lost(&self, losses: &[MemberLoss], before: Span) -> bool {
        self.saw(before, |seen| {
            matches!(*seen, Observation::MemberRemoved { group, loss, .. }
                if losses.contains(&loss) && self.group().is_none_or(|own| own == group))
        })
    }

    pub fn rebalanced(&self, before: Span, found: impl Fn(TopicRebalance) -> bool) -> bool {
        self.saw(before, |seen| {
            matches!(*seen, Observation::TopicRebalanced { consumer, topic, found: is, .. }
                if found(is) && self.this_topic(topic) && self.ours(consumer))
        })
    }

    /// A member's route of the topic changed, or members had had different ones for longer.
    pub fn route_changed(&self) -> bool {
        let changed = self.saw(MINUTE, |seen| {
            matches!(*seen, Observation::RouteChanged { consumer, topic, .. }
                if self.this_topic(topic) && self.ours(consumer))
        });
        changed || self.routes_differ()
    }

    /// Name servers that ran told different things of a topic, for longer than a registration needs to reach them all,
    /// during the finding or so long before it.
    pub fn name_servers_differed(&self, before: Span) -> bool {
        let (mut up, mut told, mut since) = (BTreeSet::new(), BTreeMap::new(), BTreeMap::new());
        for (at, seen) in self.facts.between(Instant::ZERO, self.until) {
            match *seen {
                Observation::NameServerUp { name_server } => drop(up.insert(name_server)),
                Observation::NameServerDown { name_server } => {
                    up.remove(&name_server);
                    told.retain(|(_, server), _| *server != name_server);
                }
                Observation::RouteToldChanged { name_server, topic, view } if self.this_topic(topic) => {
                    told.insert((topic, name_server), view);
                }
                _ => continue,
            }
            let topics: BTreeSet<TopicIndex> =
                told.keys().map(|(topic, _)| *topic).chain(since.keys().copied()).collect();
            for topic in topics {
                let now = up.iter().map(|server| told.get(&(topic, *server)).copied().flatten());
                if now.collect::<BTreeSet<_>>().len() > 1 {
                    since.entry(topic).or_insert(*at);
                } else if let Some(since) = since.remove(&topic)
                    && at.since(since) >= Span::from_secs(1)
                    && *at + before >= self.from
                {
                    return true;
                }
            }
        }
        !since.is_empty()
    }

    /// Members of the group had different routes of the topic when the finding began.
    fn routes_differ(&self) -> bool {
        let mut routes = BTreeMap::new();
        for (_, seen) in self.facts.between(Instant::ZERO, self.from) {
            if let Observation::RouteChanged { consumer, topic, view, .. } = *seen
                && self.this_topic(topic)
                && self.ours(consumer)
            {
                routes.insert(consumer, view);
            }
        }
        routes.values().collect::<BTreeSet<_>>().len() > 1
    }

    /// Processes of the group that ran at some moment: consumer and client id.
    pub fn running(&self) -> Vec<(ConsumerIndex, ClientIndex)> {
        let mut running: Vec<(ConsumerIndex, ClientIndex)> = Vec::new();
        for (_, seen) in self.facts.between(Instant::ZERO, self.from) {
            match *seen {
                Observation::ConsumerStarting { consumer, client } if self.ours(consumer) => {
                    running.retain(|(other, _)| *other != consumer);
                    running.push((consumer, client));
                }
                Observation::ConsumerEnded { consumer, .. } => running.retain(|(other, _)| *other != consumer),
                _ => {}
            }
        }
        running
    }

    /// Two members had one client id when the finding began, or one started so during it.
    pub fn twins(&self) -> bool {
        let mut ids: Vec<ClientIndex> = self.running().into_iter().map(|(_, client)| client).collect();
        for (at, seen) in self.facts.between(self.from, self.until) {
            if let Observation::ConsumerStarting { consumer, client } = *seen
                && self.ours(consumer)
                && *at > self.from
            {
                ids.push(client);
            }
        }
        let distinct: BTreeSet<ClientIndex> = ids.iter().copied().collect();
        distinct.len() < ids.len()
    }

    /// Whether the queue's table entries at members of the group were, at some moment until the end of the finding, this
    /// many; `live`: those of members that run, are not frozen and reach the broker.
    pub fn had_holders(&self, from: Instant, live: bool, wanted: impl Fn(usize) -> bool) -> bool {
        let (mut holders, mut silent) = (BTreeSet::new(), BTreeSet::new());
        let audience = |consumer| self.audience.is_none_or(|own| self.names.audience_of(consumer) == own);
        for (at, seen) in self.facts.between(Instant::ZERO, self.until) {
            let count = holders.iter().filter(|&&who| !live || !silent.contains(&(who, None))).count();
            if *at > from && wanted(count) {
                return true;
            }
            match *seen {
                Observation::QueueTaken { consumer, queue, .. } if self.this_queue(queue) && audience(consumer) => {
                    holders.insert(consumer);
                }
                Observation::QueueReleased { consumer, queue, .. } if self.this_queue(queue) => {
                    holders.remove(&consumer);
                }
                Observation::ConsumerEnded { consumer, .. } => drop(holders.remove(&consumer)),
                Observation::ConsumerPaused { consumer } => drop(silent.insert((consumer, None::<BrokerIndex>))),
                Observation::ConsumerResumed { consumer } => drop(silent.remove(&(consumer, None))),
                _ => {}
            }
        }
        let count = holders.iter().filter(|&&who| !live || !silent.contains(&(who, None))).count();
        wanted(count)
    }

    pub fn refused(&self, ends: Option<&[End]>) -> bool {
        let holders: BTreeSet<ClientIndex> = self
            .facts
            .between(Instant::ZERO, self.until)
            .iter()
            .filter_map(|(at, seen)| match *seen {
                Observation::LockRefused { group, queue, holder, .. }
                    if *at + MINUTE >= self.from && self.this_queue(queue) && self.group() == Some(group) =>
                {
                    Some(holder)
                }
                _ => None,
            })
            .collect();
        let Some(ends) = ends else { return !holders.is_empty() };
        let mut clients = std::collections::BTreeMap::new();
        self.facts.between(Instant::ZERO, self.until).iter().any(|(_, seen)| match *seen {
            Observation::ConsumerStarting { consumer, client } => {
                clients.insert(consumer, client);
                false
            }
            Observation::ConsumerEnded { consumer, end } => {
                ends.contains(&end) && clients.get(&consumer).is_some_and(|client| holders.contains(client))
            }
            _ => false,
        })
    }
}
