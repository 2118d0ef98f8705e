//! Traps: moments at which a client acts on an answer that misleads it.

use std::collections::BTreeSet;

use super::evidence::Shortness;
use super::ids::sorts_elsewhere;
use super::stage::Seat;
use super::twice::{ListedTwice, Listing};
use super::{Anomaly, AnomalyKind, Cause, Check, Findings, Severity, Stage};
use crate::kernel::Instant;
use crate::model::observation::{
    ClientIndex, Kinds, MemberLoss, Observation, Observed, PullTrouble, TopicRebalance, kinds,
};
use crate::model::plan::{BrokerIndex, ConsumerIndex, GroupIndex, Host};
use crate::model::{Names, TopicKind};

/// The check.
#[derive(Debug, Default)]
pub(super) struct Traps {
    anomalies: Vec<Anomaly>,
    twice: ListedTwice,
    /// Groups that brokers do not know.
    unknown: BTreeSet<(BrokerIndex, GroupIndex)>,
    /// Who asks a slave that refuses.
    unserved: BTreeSet<ConsumerIndex>,
}

/// What is seen at one moment.
#[derive(Clone, Copy)]
struct Moment<'a> {
    at: Instant,
    stage: &'a Stage,
    names: &'a Names,
}

impl Moment<'_> {
    /// Something noticed now, of nobody in particular.
    fn row(&self, what: (AnomalyKind, Cause), detail: String) -> Anomaly {
        Anomaly::new("traps", what, (self.at, self.at), detail)
    }

    /// Something noticed now of a consumer.
    fn of(&self, consumer: ConsumerIndex, what: (AnomalyKind, Cause), detail: String) -> Anomaly {
        let (audience, consumer) = (Some(self.names.audience_of_group(self.names.group_of(consumer))), Some(consumer));
        Anomaly { audience, consumer, ..self.row(what, detail) }
    }

    /// A broker lists a client twice: a trap where it runs once, as its old connection is half open.
    fn listed_twice(&self, Listing { broker, group, client }: Listing) -> Option<Anomaly> {
        let in_group = |who| self.names.group_of(who) == group;
        let runs = |seat: &Seat| seat.alive && seat.client == client;
        let mut running = self.stage.seats().filter(|(who, seat)| in_group(*who) && runs(seat));
        let (Some((consumer, _)), None) = (running.next(), running.next()) else { return None };
        let (of, who) = (self.names.broker(broker), self.names.client(client));
        let detail = format!("{of} lists {who} twice: it came back while its old connection is half open");
        let row = self.of(consumer, (AnomalyKind::ListedTwice, Cause::HalfOpenConnection), detail);
        Some(Anomaly { audience: Some(self.names.audience_of_group(group)), count: 2, ..row })
    }

    /// A consumer starts under an id that another has, or under one that sorts elsewhere than its last.
    fn starting(&self, consumer: ConsumerIndex, client: ClientIndex) -> Option<Anomaly> {
        let Self { stage, names, .. } = *self;
        let same_group = |other| other != consumer && names.group_of(other) == names.group_of(consumer);
        let running = || stage.seats().filter(|(other, seat)| same_group(*other) && seat.alive);
        if let Some((other, _)) = running().find(|(_, seat)| seat.client == client) {
            if stage.share_offset_file(consumer, other, names) {
                // Trap E32: the check of broadcasting tells.
                return None;
            }
            let (one, two) = (names.consumer(consumer), names.consumer(other));
            let detail = format!("{one} and {two} both call themselves {}", names.client(client));
            let row = self.of(consumer, (AnomalyKind::DuplicateClientId, Cause::DuplicateClientId), detail);
            return Some(Anomaly { count: 2, ..row });
        }
        let before = stage.seat(consumer).previous_client.filter(|before| *before != client)?;
        let others = running().map(|(_, seat)| seat.client);
        if names.is_one_member(names.audience_of(consumer)) || !sorts_elsewhere(before, client, others, names) {
            return None;
        }
        let detail = format!(
            "{} came back as {}, which sorts elsewhere among the ids of its group: block boundaries move",
            names.consumer(consumer),
            names.client(client)
        );
        let row = self.of(consumer, (AnomalyKind::NewClientId, Cause::NewClientIdSortsElsewhere), detail);
        Some(Anomaly { severity: Severity::Note, ..row })
    }

    /// A rebalance got no list, or one without the asker. `unknown`: the broker has not the group.
    fn rebalanced(
        &self,
        consumer: ConsumerIndex,
        broker: BrokerIndex,
        found: TopicRebalance,
        unknown: bool,
    ) -> Option<Anomaly> {
        let (who, from) = (self.names.consumer(consumer), self.names.broker(broker));
        match found {
            TopicRebalance::NotInList { members } => {
                let detail =
                    format!("{who} asked {from}, whose list of {members} does not hold it, and drops the topic");
                let row = self.of(consumer, (AnomalyKind::NotInList, Cause::ListLacksTheAsker), detail);
                Some(Anomaly { count: u64::from(members), ..row })
            }
            TopicRebalance::NoList if unknown => {
                let detail = format!("{who} got no member list from {from}, which has not its group");
                Some(self.of(consumer, (AnomalyKind::NoList, Cause::GroupDoesNotExist), detail))
            }
            TopicRebalance::NoList => {
                let detail = format!("{who} got no member list from {from} and looks again only at its next tick");
                Some(self.of(consumer, (AnomalyKind::NoList, Cause::ListCallFailed), detail))
            }
            _ => None,
        }
    }

    /// A rebalance acts on the list of a broker that has just come up: who runs and is not in it?
    fn viewed(&self, consumer: ConsumerIndex, broker: BrokerIndex, members: &[ClientIndex]) -> Option<Anomaly> {
        let Self { at, stage, names } = *self;
        let group = names.group_of(consumer);
        let comes = |seat: &Seat| seat.alive && !seat.paused && !seat.cut_off.contains(&broker);
        let mut running = stage.seats().filter(|(who, seat)| comes(seat) && names.group_of(*who) == group);
        let (other, short) = running.find_map(|(who, seat)| {
            let short = stage.lists.short_since_up(broker, group, seat.client, at);
            short.filter(|_| !members.contains(&seat.client)).map(|short| (who, short))
        })?;
        let (cause, state) = match short {
            Shortness::Restarted => (Cause::PartialListAfterBrokerRestart, "just back"),
            Shortness::New => (Cause::PartialListOfANewBroker, "new"),
        };
        let detail = format!(
            "{} asked {}, which is {state}, and saw {} members: {} runs and is not among them yet",
            names.consumer(consumer),
            names.broker(broker),
            members.len(),
            names.consumer(other)
        );
        let row = self.of(consumer, (AnomalyKind::PartialList, cause), detail);
        Some(Anomaly { count: members.len() as u64, ..row })
    }

    /// A broker has not a group that sends it heartbeats.
    fn group_unknown(&self, broker: BrokerIndex, group: GroupIndex, client: ClientIndex) -> Anomaly {
        let (of, group_name) = (self.names.broker(broker), self.names.group(group));
        let detail = format!(
            "{of} has not the group {group_name}: it answers {} with SUCCESS and registers nothing; create the group \
             there",
            self.names.client(client)
        );
        Anomaly {
            audience: Some(self.names.audience_of_group(group)),
            ..self.row((AnomalyKind::GroupUnknown, Cause::GroupDoesNotExist), detail)
        }
    }

    fn clock_jumped(&self, host: Host) -> Option<Anomaly> {
        let (consumer, name) = match host {
            Host::Consumer(consumer) => (Some(consumer), self.names.consumer(consumer)),
            Host::Broker(broker) => (None, self.names.broker(broker)),
            _ => return None,
        };
        let what = (AnomalyKind::ClockJumped, Cause::ClockJumped);
        let row = self.row(what, format!("the wall clock of {name} jumped"));
        Some(Anomaly { severity: Severity::Note, consumer, ..row })
    }

    fn expired(&self, broker: BrokerIndex, group: GroupIndex, client: ClientIndex) -> Anomaly {
        let (of, who) = (self.names.broker(broker), self.names.client(client));
        let detail = format!("{of} removed {who} by its scan and told nobody");
        let row = self.row((AnomalyKind::ExpiredSilently, Cause::ExpiryTellsNobody), detail);
        Anomaly { severity: Severity::Note, audience: Some(self.names.audience_of_group(group)), ..row }
    }

    fn without_subscriptions(&self, broker: BrokerIndex, group: GroupIndex, client: ClientIndex) -> Anomaly {
        let (of, group_name, who) = (self.names.broker(broker), self.names.group(group), self.names.client(client));
        let detail = format!(
            "{of} knows group {group_name} by a heartbeat of {who} that left its subscriptions out: pulls are refused"
        );
        let what = (AnomalyKind::RegisteredWithoutSubscriptions, Cause::HeartbeatV2AfterRestart);
        Anomaly { audience: Some(self.names.audience_of_group(group)), ..self.row(what, detail) }
    }

    fn rewound(&self, broker: BrokerIndex, rewound: u64) -> Anomaly {
        let of = self.names.broker(broker);
        let detail =
            format!("{of} fetched its master's offsets and lost its newer ones, {rewound} messages of a queue at most");
        let row = self.row((AnomalyKind::SlaveOverwritten, Cause::MasterReturnedWithOldOffsets), detail);
        Anomaly { severity: Severity::Note, count: rewound, ..row }
    }

    /// What is seen of pulls.
    fn pulls(&self, what: &Observation) -> Option<Anomaly> {
        let names = self.names;
        let severity = Severity::Note;
        match *what {
            Observation::HeldTooLate { consumer, queue, missed } => {
                let (place, who) = (names.message_queue(queue), names.consumer(consumer));
                let detail =
                    format!("{missed} messages of {place} came between the read and the hold of a pull of {who}");
                let row = self.of(consumer, (AnomalyKind::HeldTooLate, Cause::LongPollBlindSpot), detail);
                Some(Anomaly { severity, queue: Some(queue), count: missed, ..row })
            }
            Observation::PullTroubled { consumer, queue, trouble: PullTrouble::SubscriptionNotLatest } => {
                let (place, who) = (names.message_queue(queue), names.consumer(consumer));
                let detail = format!("{who} is refused {place}: its subscription version has not reached the broker");
                let row = self.of(consumer, (AnomalyKind::PullRefused, Cause::SubscriptionNotLatest), detail);
                Some(Anomaly { severity, queue: Some(queue), ..row })
            }
            Observation::PullTroubled { consumer, queue, trouble: PullTrouble::SlaveDoesNotServe } => {
                let (place, who) = (names.message_queue(queue), names.consumer(consumer));
                let detail = format!("{who} asks the slave of {place}, which refuses: slaveReadEnable is off");
                Some(self.of(consumer, (AnomalyKind::SlaveRefused, Cause::SlaveDoesNotServe), detail))
            }
            _ => None,
        }
    }
}

impl Check for Traps {
    fn name(&self) -> &'static str {
        "traps"
    }

    fn reads(&self) -> Kinds {
        kinds![
            ConsumerStarting,
            TopicRebalanced,
            Viewed,
            GroupUnknown,
            HeartbeatTaken,
            ClockJumped,
            MemberRemoved,
            RegisteredWithoutSubscriptions,
            PullTroubled,
            PullRecovered,
            SlaveSynchronised,
            HeldTooLate
        ]
        .and(ListedTwice::READS)
    }

    fn observe(&mut self, seen: &Observed, stage: &Stage, names: &Names) {
        let now = Moment { at: seen.at, stage, names };
        let normal = |topic| names.topic(topic).kind == TopicKind::Normal;
        self.anomalies.extend(self.twice.observe(seen).and_then(|twice| now.listed_twice(twice)));
        let found = match seen.what {
            Observation::ConsumerStarting { consumer, client } => now.starting(consumer, client),
            Observation::TopicRebalanced { consumer, topic, broker: Some(broker), found } if normal(topic) => {
                let unknown = self.unknown.contains(&(broker, names.group_of(consumer)));
                now.rebalanced(consumer, broker, found, unknown)
            }
            Observation::Viewed { consumer, topic, broker, ref members, .. }
                if normal(topic) && stage.lists.is_just_up(broker, seen.at) =>
            {
                now.viewed(consumer, broker, members)
            }
            Observation::GroupUnknown { broker, group, client } if self.unknown.insert((broker, group)) => {
                Some(now.group_unknown(broker, group, client))
            }
            Observation::HeartbeatTaken { broker, group, .. } if !self.unknown.is_empty() => {
                self.unknown.remove(&(broker, group));
                None
            }
            Observation::ClockJumped { host } => now.clock_jumped(host),
            Observation::MemberRemoved { broker, group, client, loss: MemberLoss::Expired, .. } => {
                Some(now.expired(broker, group, client))
            }
            Observation::RegisteredWithoutSubscriptions { broker, group, client } => {
                Some(now.without_subscriptions(broker, group, client))
            }
            Observation::PullTroubled { consumer, trouble: PullTrouble::SlaveDoesNotServe, .. }
                if !self.unserved.insert(consumer) =>
            {
                None
            }
            Observation::PullRecovered { consumer, .. } => {
                self.unserved.remove(&consumer);
                None
            }
            Observation::SlaveSynchronised { broker, rewound, .. } if rewound > 0 => Some(now.rewound(broker, rewound)),
            ref what => now.pulls(what),
        };
        self.anomalies.extend(found);
    }

    fn finish(&mut self, _: &Stage, _: &Names, findings: &mut Findings) {
        findings.anomalies.append(&mut self.anomalies);
    }
}
