//! Groups: what they are, what they subscribe, how far they are, and who their members are.

use std::collections::{BTreeMap, BTreeSet};

use super::super::fact::{Fact, LogEvent, QueueName, Sighted};
use super::super::section::Place;
use super::Wanted;
use super::brokers::Directory;
use super::known::{Claims, Known, RemarkKind, Told, Weight};
use super::members::{Member, Members};
use super::sections::{Sections, is_of_the_system};

/// A group.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Group {
    /// Where it is named.
    pub places: Vec<Place>,
    /// By client id, as Java sorts it.
    pub members: Vec<Member>,
    /// How many members there are, where that is all that is said.
    pub count: Option<Known<u32>>,
    /// Topics with their expressions.
    pub subscriptions: BTreeMap<String, Known<String>>,
    /// `CLUSTERING` or `BROADCASTING`.
    pub message_model: Option<Known<String>>,
    /// `CONSUME_PASSIVELY`, `CONSUME_ACTIVELY` or `CONSUME_POP`.
    pub consume_type: Option<Known<String>>,
    /// `ConsumeFromWhere`.
    pub consume_from_where: Option<Known<String>>,
    /// Messages a second, as written.
    pub consume_tps: Option<Known<String>>,
    /// Settings that are said of all members.
    pub settings: BTreeMap<String, Known<String>>,
    /// What brokers have of it, by their names.
    pub on: BTreeMap<String, GroupOn>,
    /// How far it is.
    pub offsets: BTreeMap<QueueName, Offset>,
    /// Topics that a broker counts messages of for it, where no more is known.
    pub counted: BTreeMap<String, Place>,
    /// Who holds which queue.
    pub owners: BTreeMap<QueueName, Vec<Known<String>>>,
    /// `PULL` or `POP`, by topic.
    pub request_modes: BTreeMap<String, Known<String>>,
}

/// What a broker has of a group.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GroupOn {
    /// Where that is said.
    pub places: Vec<Place>,
    /// `consumeEnable`.
    pub consume_enable: Option<bool>,
    /// `consumeBroadcastEnable`.
    pub consume_broadcast_enable: Option<bool>,
    /// `retryQueueNums`.
    pub retry_queue_nums: Option<u32>,
    /// `retryMaxTimes`.
    pub retry_max_times: Option<i32>,
}

/// How far a group is in a queue, by the last look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offset {
    /// One past the last message; `None` where only the committed offset is known.
    pub broker_offset: Option<i64>,
    /// What is committed.
    pub consumer_offset: i64,
    /// The host of the owner.
    pub client_ip: Option<String>,
    /// Where that is said.
    pub place: Place,
}

/// What is said of a group.
#[derive(Default)]
struct Gathered {
    group: Group,
    members: Members,
    count: Claims<u32>,
    model: Claims<String>,
    kind: Claims<String>,
    from: Claims<String>,
    tps: Claims<String>,
    subscriptions: BTreeMap<String, Claims<String>>,
    settings: BTreeMap<String, Claims<String>>,
    modes: BTreeMap<String, Claims<String>>,
}

/// All groups that are wanted.
pub(super) fn groups(
    facts: &[Sighted],
    wanted: &Wanted,
    (sections, directory): (&Sections<'_>, &Directory),
    told: &mut Told<'_>,
) -> BTreeMap<String, Group> {
    let mut gathered: BTreeMap<String, Gathered> = BTreeMap::new();
    for sighted in facts {
        let Some(own) = of(&sighted.fact) else { continue };
        let Some(group) = own.or_else(|| sections.group(sighted.place)) else {
            let input = &told.evidence.inputs[sighted.place.input];
            let sentence = format!("nothing says of which group `{input}` is; --group NAME does");
            told.remark(RemarkKind::LeftOut, sentence);
            continue;
        };
        if !wanted.groups.is_empty() && !wanted.groups.iter().any(|wanted| wanted == group) {
            continue;
        }
        let own = gathered.entry(group.to_owned()).or_default();
        own.group.places.push(sighted.place);
        own.members.hear(sighted, sections);
        own.hear(sighted, (sections, directory), told);
    }
    gathered
        .into_iter()
        .map(|(name, own)| {
            let group = own.settled(&name, sections, told);
            (name, group)
        })
        .collect()
}

/// The group that a fact is of: `Some(None)` where it is of one and does not say of which.
fn of(fact: &Fact) -> Option<Option<&str>> {
    match fact {
        Fact::GroupIs { group, .. }
        | Fact::Member { group, .. }
        | Fact::Subscription { group, .. }
        | Fact::ClientSetting { group, .. }
        | Fact::Progress { group, .. }
        | Fact::Committed { group, .. }
        | Fact::ClientOffset { group, .. }
        | Fact::PopOwner { group, .. }
        | Fact::Owner { group, .. } => Some(group.as_deref()),
        Fact::GroupAt { group, .. } | Fact::RequestMode { group, .. } | Fact::TopicOfGroup { group, .. } => {
            Some(Some(group))
        }
        Fact::Logged { event: LogEvent::Rebalanced { group, .. }, .. } => Some(Some(group)),
        _ => None,
    }
}

impl Gathered {
    /// What a fact says of the group itself.
    fn hear(&mut self, sighted: &Sighted, (sections, directory): (&Sections<'_>, &Directory), told: &mut Told<'_>) {
        let place = sighted.place;
        match &sighted.fact {
            Fact::GroupIs { members, consume_type, message_model, consume_from_where, consume_tps, .. } => {
                members.iter().for_each(|count| self.count.say(*count, place, Weight::Written));
                let said = [
                    (consume_type, &mut self.kind),
                    (message_model, &mut self.model),
                    (consume_from_where, &mut self.from),
                    (consume_tps, &mut self.tps),
                ];
                for (value, claims) in said {
                    value.iter().for_each(|value| claims.say(value.trim().to_owned(), place, Weight::Written));
                }
            }
            Fact::Subscription { client_id: None, topic, expression, .. } if !is_of_the_system(topic) => {
                let claims = self.subscriptions.entry(topic.clone()).or_default();
                claims.say(expression.clone(), place, Weight::Written);
            }
            Fact::ClientSetting { client_id: None, key, value, .. } => {
                self.settings.entry(key.clone()).or_default().say(value.clone(), place, Weight::Written);
            }
            Fact::Progress { queue, broker_offset, consumer_offset, client_ip, .. } => {
                let (broker_offset, client_ip) = (Some(*broker_offset), client_ip.clone());
                let offset = Offset { broker_offset, consumer_offset: *consumer_offset, client_ip, place };
                self.put_offset(queue.clone(), offset, sections);
            }
            Fact::Committed { broker, topic, queue_broker, queue, offset, .. } => {
                let named = directory.find(broker, place, sections, told).map(|(name, _)| name);
                let Some(broker) = queue_broker.clone().or(named) else { return };
                let queue = QueueName { topic: topic.clone(), broker, id: *queue };
                let offset = Offset { broker_offset: None, consumer_offset: *offset, client_ip: None, place };
                self.group.offsets.entry(queue).or_insert(offset);
            }
            Fact::Owner { client_id, queue, dropped, .. } if *dropped != Some(true) => {
                self.own(queue, client_id, place);
            }
            Fact::TopicOfGroup { topic, .. } if !is_of_the_system(topic) => {
                self.group.counted.entry(topic.clone()).or_insert(place);
            }
            Fact::RequestMode { topic, mode, .. } => {
                self.modes.entry(topic.clone()).or_default().say(mode.clone(), place, Weight::Written);
            }
            Fact::GroupAt { broker, .. } => {
                if let Some((broker, _)) = directory.find(broker, place, sections, told) {
                    self.group.on.entry(broker).or_default().hear(&sighted.fact, place);
                }
            }
            _ => {}
        }
    }

    /// The last look counts.
    fn put_offset(&mut self, queue: QueueName, offset: Offset, sections: &Sections<'_>) {
        let newer = |known: &Offset| {
            known.broker_offset.is_none() || sections.at_ms(known.place) <= sections.at_ms(offset.place)
        };
        if self.group.offsets.get(&queue).is_none_or(newer) {
            self.group.offsets.insert(queue, offset);
        }
    }

    fn own(&mut self, queue: &QueueName, client_id: &str, place: Place) {
        let owners = self.group.owners.entry(queue.clone()).or_default();
        match owners.iter_mut().find(|owner| owner.value == client_id) {
            Some(owner) => owner.places.push(place),
            None => owners.push(Known { value: client_id.to_owned(), places: vec![place] }),
        }
    }

    fn settled(self, name: &str, sections: &Sections<'_>, told: &mut Told<'_>) -> Group {
        let Self { mut group, members, count, model, kind, from, tps, subscriptions, settings, modes } = self;
        group.members = members.settled(name, sections, told);
        group.count = count.settled(|count| format!("{count} members of `{name}`"), told);
        group.message_model = model.settled(|value| format!("{value} of `{name}`"), told);
        group.consume_type = kind.settled(|value| format!("{value} of `{name}`"), told);
        group.consume_from_where = from.settled(|value| format!("{value} of `{name}`"), told);
        // It is another one at each look.
        let last = tps.all().last().map(|(value, place)| Known { value: value.clone(), places: vec![place] });
        group.consume_tps = last;
        let mut all = |claims: BTreeMap<String, Claims<String>>, what: &str| {
            let mut settled = BTreeMap::new();
            for (key, claims) in claims {
                let known = claims.settled(|value| format!("{what}{key} = {value} of `{name}`"), told);
                settled.extend(known.map(|known| (key, known)));
            }
            settled
        };
        group.subscriptions = all(subscriptions, "the subscription ");
        group.settings = all(settings, "");
        group.request_modes = all(modes, "the mode ");
        group
    }
}

impl GroupOn {
    /// What a broker's file says last counts.
    fn hear(&mut self, fact: &Fact, place: Place) {
        let Fact::GroupAt { consume_enable, consume_broadcast_enable, retry_queue_nums, retry_max_times, .. } = fact
        else {
            return;
        };
        self.places.push(place);
        self.consume_enable = consume_enable.or(self.consume_enable);
        self.consume_broadcast_enable = consume_broadcast_enable.or(self.consume_broadcast_enable);
        self.retry_queue_nums = retry_queue_nums.or(self.retry_queue_nums);
        self.retry_max_times = retry_max_times.or(self.retry_max_times);
    }
}

impl Group {
    /// All topics that it reads: what it subscribes as a group and by its members, else where it has offsets.
    #[must_use]
    pub fn topics(&self) -> BTreeSet<&str> {
        let own = self.subscriptions.keys();
        let members = self.members.iter().flat_map(|member| member.subscriptions.keys());
        let said: BTreeSet<&str> = own.chain(members).map(String::as_str).collect();
        if !said.is_empty() {
            return said;
        }
        let queues = self.offsets.keys().chain(self.owners.keys()).map(|queue| queue.topic.as_str());
        let queues: BTreeSet<&str> = queues.filter(|topic| !is_of_the_system(topic)).collect();
        if queues.is_empty() { self.counted.keys().map(String::as_str).collect() } else { queues }
    }

    /// Hosts that own queues, as `consumerProgress -s true` names them.
    #[must_use]
    pub fn client_ips(&self) -> BTreeMap<&str, Place> {
        let mut found = BTreeMap::new();
        for offset in self.offsets.values() {
            if let Some(ip) = &offset.client_ip {
                found.entry(ip.as_str()).or_insert(offset.place);
            }
        }
        found
    }
}
