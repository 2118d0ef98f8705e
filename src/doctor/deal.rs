//! Who should have which queue: the group's strategy asked over its members and queues, and which strategy its owners are of.

use super::Picture;
use super::picture::{Group, Owned};
use crate::allocation::{Allocation, Fault, Members, Question, Queues, Views, explain};
use crate::import::fact::{LogEvent, QueueName};
use crate::import::section::Place;
use crate::strategy::registry::STRATEGIES;
use crate::strategy::{ClientId, MessageQueue, StrategyParameters};
use std::collections::{BTreeMap, BTreeSet};

/// Strategies that owners are compared with where nobody says which it is: those of RocketMQ that need no settings.
pub(super) const FITTED: [&str; 3] = ["AVG", "AVG_BY_CIRCLE", "CONSISTENT_HASH"];

/// Queues of one topic at one broker that are dealt at most; a count beyond is no real one.
const MOST_QUEUES: u32 = 4096;

/// Who has a queue, as far as the inputs tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Holder<'a> {
    /// A member says so.
    Client(&'a str),
    /// `consumerProgress` names its host.
    Host(&'a str),
}

impl Holder<'_> {
    /// Whether this id may be meant: a host is what stands before the `@` (`ConsumerProgressSubCommand`).
    pub(super) fn may_be(&self, client_id: &str) -> bool {
        match self {
            Self::Client(id) => *id == client_id,
            Self::Host(host) => host_of(client_id) == *host,
        }
    }

    /// As a sentence names it.
    pub(super) fn said(&self) -> &str {
        match self {
            Self::Client(id) => id,
            Self::Host(host) => host,
        }
    }
}

/// What stands before the `@` of a client id.
pub(super) fn host_of(client_id: &str) -> &str {
    client_id.split('@').next().unwrap_or(client_id)
}

/// A queue that the inputs tell the owners of; none where it has none.
pub(super) type Held<'a> = BTreeMap<&'a QueueName, (Place, Vec<Holder<'a>>)>;

/// Who has what. What members say of themselves is believed before the hosts of `consumerProgress`.
pub(super) fn held<'a>(group: &Group<'a>) -> Held<'a> {
    let hosts = group.hosts().into_iter();
    let mut held: Held<'a> =
        hosts.map(|(queue, (place, host))| (queue, (place, host.into_iter().map(Holder::Host).collect()))).collect();
    let mut said: BTreeSet<&QueueName> = BTreeSet::new();
    for Owned { place, client_id, queue, .. } in &group.owned {
        if said.insert(queue) {
            held.insert(queue, (*place, Vec::new()));
        }
        let (_, holders) = held.entry(queue).or_insert((*place, Vec::new()));
        let holder = Holder::Client(client_id);
        if !holders.contains(&holder) {
            holders.push(holder);
        }
    }
    // Without a column of clients, queues that no member has are known only where every member was asked.
    let asked: BTreeSet<&str> = group.owned.iter().map(|owned| owned.client_id).collect();
    let members = group.members();
    if !members.is_empty() && members.iter().all(|member| asked.contains(member.client_id)) {
        for row in group.rows() {
            held.entry(row.queue).or_insert((row.place, Vec::new()));
        }
    }
    held
}

/// The name of the group's strategy where somebody says it, and where.
pub(super) fn told_strategy(picture: &Picture<'_>, name: &str, group: &Group<'_>) -> Option<(String, Option<Place>)> {
    let intended = picture.intended.and_then(|intended| intended.groups.iter().find(|of| of.name == name));
    if let Some(intended) = intended {
        return Some((intended.strategy.clone(), None));
    }
    let set = group.settings.iter().rev().find(|(_, setting)| setting.key == "allocateMessageQueueStrategy");
    let class = set.and_then(|(_, setting)| {
        let known =
            STRATEGIES.iter().find(|known| !known.class.is_empty() && known.class == class_of(setting.value))?;
        Some((known.name.to_owned(), Some(setting.place)))
    });
    let logged = || {
        group.logged.iter().rev().find_map(|logged| match logged.event {
            LogEvent::Rebalanced { strategy, .. } => Some((strategy.clone(), Some(logged.place))),
            _ => None,
        })
    };
    class
        .or_else(logged)
        .filter(|(name, _)| crate::strategy::registry::build(name, &StrategyParameters::default()).is_ok())
}

/// The class of an object as Java names it: without its package, and without the number of the instance.
pub(super) fn class_of(value: &str) -> &str {
    let class = value.trim().rsplit('.').next().unwrap_or(value);
    class.split('@').next().unwrap_or(class)
}

/// RocketMQ's name of a strategy whose class is given, as logs have it (`getName()`); the class, where it is another's.
pub(super) fn name_of(value: &str) -> &str {
    let class = class_of(value);
    STRATEGIES.iter().find(|known| !known.class.is_empty() && known.class == class).map_or(class, |known| known.name)
}

/// What strategies answer to a group.
pub(super) struct Dealt {
    /// What was asked.
    pub question: Question,
    /// The answer.
    pub allocation: Allocation,
    /// Queues without one owner, and why.
    pub faults: Vec<Fault>,
}

impl Dealt {
    /// The ids that a queue falls to.
    pub(super) fn owners(&self, queue: &QueueName) -> Option<Vec<&str>> {
        let seats = self.question.members.seats();
        let number = self.number(queue)?;
        Some(self.allocation.owners[number].iter().map(|&seat| &*seats[seat]).collect())
    }

    /// Why a queue has no owner, or two.
    pub(super) fn fault(&self, queue: &QueueName) -> Option<&Fault> {
        let number = self.number(queue)?;
        self.faults.iter().find(|fault| fault.queue == number)
    }

    fn number(&self, queue: &QueueName) -> Option<usize> {
        let id = i32::try_from(queue.id).ok()?;
        self.question.queues.number(&MessageQueue::new(&queue.topic, &queue.broker, id), 0)
    }

    /// Of the queues whose owner is told, how many this answer gives to that owner.
    pub(super) fn fits(&self, held: &Held<'_>) -> usize {
        let fits = |(queue, (_, holders)): &(&&QueueName, &(Place, Vec<Holder<'_>>))| {
            let owners = self.owners(queue).unwrap_or_default();
            !holders.is_empty() && holders.iter().all(|holder| owners.iter().any(|id| holder.may_be(id)))
        };
        held.iter().filter(fits).count()
    }
}

/// All queues of the group's topics: of a topic whose route is there its readable queues, else those of its progress.
pub(super) fn queues(picture: &Picture<'_>, group: &Group<'_>) -> Vec<MessageQueue> {
    let of_members = group.subscribed.iter().map(|subscribed| subscribed.topic);
    let of_rows = group.rows().iter().map(|row| row.queue.topic.as_str());
    let topics: BTreeSet<&str> = of_members.chain(of_rows).collect();
    let mut all: BTreeSet<(&str, &str, u32)> = BTreeSet::new();
    for topic in topics {
        let route: Vec<(&str, u32)> = picture
            .topics
            .iter()
            .filter(|on| on.topic == topic)
            .filter_map(|on| {
                let readable = on.perm.is_none_or(|perm| perm & 4 != 0);
                readable.then_some((picture.broker_name(on.broker)?, on.read_queues?))
            })
            .collect();
        let rows = || group.rows().iter().filter(|row| row.queue.topic == topic);
        // A route of one broker says nothing of the others that progress names.
        let whole = rows().all(|row| {
            let known = route.iter().any(|(broker, _)| *broker == row.queue.broker);
            known || !picture.is_readable(topic, &row.queue.broker)
        });
        if !route.is_empty() && whole {
            for (broker, read_queues) in route {
                all.extend((0..read_queues.min(MOST_QUEUES)).map(|id| (topic, broker, id)));
            }
        } else {
            // `consumerProgress` may leave out the retry queues of a broker.
            let owned = group.owned.iter().map(|owned| owned.queue).filter(|queue| queue.topic == topic);
            let queues = rows().map(|row| row.queue).chain(owned);
            all.extend(queues.map(|queue| (topic, queue.broker.as_str(), queue.id)));
        }
    }
    let queue =
        |(topic, broker, id): (&str, &str, u32)| Some(MessageQueue::new(topic, broker, i32::try_from(id).ok()?));
    all.into_iter().filter_map(queue).collect()
}

/// What a strategy answers; `None`: there are no members or no queues, nothing is dealt, or the strategy cannot be asked.
pub(super) fn deal(picture: &Picture<'_>, name: &str, group: &Group<'_>, strategy: &str) -> Option<Dealt> {
    if group.broadcasts() || group.pops() {
        return None;
    }
    let ids: Vec<ClientId> = group.members().iter().map(|member| member.client_id.into()).collect();
    let question = Question {
        group: name.to_owned(),
        queues: Queues::new(queues(picture, group)).ok()?,
        members: Members::new(ids).ok()?,
        views: Views::new(),
        strategy: strategy.to_owned(),
        parameters: StrategyParameters::default(),
    };
    let allocation = question.allocate().ok()?;
    let faults = explain(&question, &allocation).ok()?;
    Some(Dealt { question, allocation, faults })
}

/// The answer of the strategy that is told, else of the one that fits the owners best; the first of equals, which is AVG.
pub(super) fn best(picture: &Picture<'_>, name: &str, group: &Group<'_>, held: &Held<'_>) -> Option<(Dealt, bool)> {
    if let Some((strategy, _)) = told_strategy(picture, name, group) {
        return deal(picture, name, group, &strategy).map(|dealt| (dealt, true));
    }
    let answers = FITTED.iter().filter_map(|strategy| deal(picture, name, group, strategy));
    let best = answers.fold(None, |best: Option<(usize, Dealt)>, dealt| {
        let fits = dealt.fits(held);
        if best.as_ref().is_some_and(|(most, _)| *most >= fits) { best } else { Some((fits, dealt)) }
    });
    best.map(|(_, dealt)| (dealt, false))
}
