//! Traps: moments at which a client acts on an answer that the specification's section E warns of.

use std::collections::BTreeSet;

use super::evidence::Shortness;
use super::ids::sorts_elsewhere;
use super::stage::Seat;
use super::twice::ListedTwice;
use super::{Anomaly, Check, Findings, Severity, Stage};
use crate::model::observation::{Kinds, MemberLoss, Observation, Observed, PullTrouble, TopicRebalance, kinds};
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
        let (at, check) = (seen.at, "traps");
        let note = |kind, cause, trap, consumer: u16, count: u64, detail: String| Anomaly {
            check,
            severity: Severity::Warning,
            from: at,
            until: at,
            kind,
            group: Some(names.group_of(consumer)),
            queue: None,
            consumer: Some(consumer),
            count,
            cause,
            trap,
            detail,
        };
        if let Some((broker, group, client)) = self.twice.observe(seen) {
            let in_group = |who| names.group_of(who) == group;
            let mut running = stage.seats().filter(|(who, seat)| in_group(*who) && seat.alive && seat.client == client);
            if let (Some((consumer, _)), None) = (running.next(), running.next()) {
                let (of, who) = (names.broker(broker), names.client(client));
                let detail = format!("{of} lists {who} twice: it came back while its old connection is half open");
                let mut anomaly = note("listed_twice", "half_open_connection", "E4", consumer, 2, detail);
                anomaly.group = Some(group);
                self.anomalies.push(anomaly);
            }
        }
        match seen.what {
            Observation::ConsumerStarting { consumer, client } => {
                let same_group = |other| other != consumer && names.group_of(other) == names.group_of(consumer);
                let others = || {
                    let running = stage.seats().filter(|(other, seat)| same_group(*other) && seat.alive);
                    running.map(|(_, seat)| seat.client)
                };
                let twin =
                    stage.seats().find(|(other, seat)| same_group(*other) && seat.alive && seat.client == client);
                if twin.as_ref().is_some_and(|(other, _)| stage.share_offset_file(consumer, *other, names)) {
                    // Trap E32: the check of broadcasting tells.
                } else if let Some((other, _)) = twin {
                    let detail = format!(
                        "{} and {} both call themselves {}",
                        names.consumer(consumer),
                        names.consumer(other),
                        names.client(client)
                    );
                    self.anomalies.push(note("duplicate_client_id", "duplicate_client_id", "E2", consumer, 2, detail));
                } else if let Some(before) = stage.seat(consumer).previous_client
                    && before != client
                    && !names.is_one_member(names.audience_of(consumer))
                    && sorts_elsewhere(before, client, others(), names)
                {
                    let detail = format!(
                        "{} came back as {}, which sorts elsewhere among the ids of its group: block boundaries move",
                        names.consumer(consumer),
                        names.client(client)
                    );
                    let mut anomaly =
                        note("new_client_id", "new_client_id_sorts_elsewhere", "E23", consumer, 1, detail);
                    anomaly.severity = Severity::Note;
                    self.anomalies.push(anomaly);
                }
            }
            Observation::TopicRebalanced { consumer, topic, broker: Some(broker), found }
                if names.topic(topic).kind == TopicKind::Normal =>
            {
                let who = (names.consumer(consumer), names.broker(broker));
                match found {
                    TopicRebalance::NotInList { members } => {
                        let detail = format!(
                            "{} asked {}, whose list of {members} does not hold it, and drops the topic",
                            who.0, who.1
                        );
                        self.anomalies.push(note(
                            "not_in_list",
                            "list_lacks_the_asker",
                            "E26",
                            consumer,
                            u64::from(members),
                            detail,
                        ));
                    }
                    TopicRebalance::NoList if self.unknown.contains(&(broker, names.group_of(consumer))) => {
                        let detail = format!("{} got no member list from {}, which has not its group", who.0, who.1);
                        self.anomalies.push(note("no_list", "group_does_not_exist", "E35", consumer, 1, detail));
                    }
                    TopicRebalance::NoList => {
                        let detail = format!(
                            "{} got no member list from {} and looks again only at its next tick",
                            who.0, who.1
                        );
                        self.anomalies.push(note("no_list", "list_call_failed", "E5", consumer, 1, detail));
                    }
                    _ => {}
                }
            }
            Observation::Viewed { consumer, topic, broker, ref members, .. }
                if names.topic(topic).kind == TopicKind::Normal && stage.lists.is_just_up(broker, at) =>
            {
                let group = names.group_of(consumer);
                let comes = |seat: &Seat| seat.alive && !seat.paused && !seat.cut_off.contains(&broker);
                let mut running = stage.seats().filter(|(who, seat)| comes(seat) && names.group_of(*who) == group);
                let lacking = running.find_map(|(who, seat)| {
                    let short = stage.lists.short_since_up(broker, group, seat.client, at);
                    short.filter(|_| !members.contains(&seat.client)).map(|short| (who, short))
                });
                if let Some((other, short)) = lacking {
                    let (cause, state) = match short {
                        Shortness::Restarted => ("partial_list_after_broker_restart", "just back"),
                        Shortness::New => ("partial_list_of_a_new_broker", "new"),
                    };
                    let detail = format!(
                        "{} asked {}, which is {state}, and saw {} members: {} runs and is not among them yet",
                        names.consumer(consumer),
                        names.broker(broker),
                        members.len(),
                        names.consumer(other)
                    );
                    self.anomalies.push(note("partial_list", cause, "E3", consumer, members.len() as u64, detail));
                }
            }
            Observation::GroupUnknown { broker, group, client } if self.unknown.insert((broker, group)) => {
                let (of, group_name) = (names.broker(broker), names.group(group));
                let detail = format!(
                    "{of} has not the group {group_name}: it answers {} with SUCCESS and registers nothing; create the \
                     group there",
                    names.client(client)
                );
                let mut anomaly = note("group_unknown", "group_does_not_exist", "E35", 0, 1, detail);
                (anomaly.group, anomaly.consumer) = (Some(group), None);
                self.anomalies.push(anomaly);
            }
            Observation::HeartbeatTaken { broker, group, .. } if !self.unknown.is_empty() => {
                self.unknown.remove(&(broker, group));
            }
            Observation::ClockJumped { host } => {
                let (consumer, detail) = match host {
                    Host::Consumer(consumer) => {
                        (Some(consumer), format!("the wall clock of {} jumped", names.consumer(consumer)))
                    }
                    Host::Broker(broker) => (None, format!("the wall clock of {} jumped", names.broker(broker))),
                    _ => return,
                };
                self.anomalies.push(Anomaly {
                    check,
                    severity: Severity::Note,
                    from: at,
                    until: at,
                    kind: "clock_jumped",
                    group: None,
                    queue: None,
                    consumer,
                    count: 1,
                    cause: "clock_jumped",
                    trap: "E39",
                    detail,
                });
            }
            Observation::MemberRemoved { broker, group, client, loss: MemberLoss::Expired, .. } => {
                self.anomalies.push(Anomaly {
                    check,
                    severity: Severity::Note,
                    from: at,
                    until: at,
                    kind: "expired_silently",
                    group: Some(group),
                    queue: None,
                    consumer: None,
                    count: 1,
                    cause: "expiry_tells_nobody",
                    trap: "E6",
                    detail: format!(
                        "{} removed {} by its scan and told nobody",
                        names.broker(broker),
                        names.client(client)
                    ),
                });
            }
            Observation::RegisteredWithoutSubscriptions { broker, group, client } => {
                self.anomalies.push(Anomaly {
                    check,
                    severity: Severity::Warning,
                    from: at,
                    until: at,
                    kind: "registered_without_subscriptions",
                    group: Some(group),
                    queue: None,
                    consumer: None,
                    count: 1,
                    cause: "heartbeat_v2_after_restart",
                    trap: "E44",
                    detail: format!(
                        "{} knows group {} by a heartbeat of {} that left its subscriptions out: pulls are refused",
                        names.broker(broker),
                        names.group(group),
                        names.client(client)
                    ),
                });
            }
            Observation::PullTroubled { consumer, queue, trouble: PullTrouble::SlaveDoesNotServe }
                if self.unserved.insert(consumer) =>
            {
                let detail = format!(
                    "{} asks the slave of {}, which refuses: slaveReadEnable is off",
                    names.consumer(consumer),
                    names.message_queue(queue)
                );
                self.anomalies.push(note("slave_refused", "slave_does_not_serve", "E33", consumer, 1, detail));
            }
            Observation::PullRecovered { consumer, .. } => _ = self.unserved.remove(&consumer),
            Observation::SlaveSynchronised { broker, rewound, .. } if rewound > 0 => {
                self.anomalies.push(Anomaly {
                    check,
                    severity: Severity::Note,
                    from: at,
                    until: at,
                    kind: "slave_overwritten",
                    group: None,
                    queue: None,
                    consumer: None,
                    count: rewound,
                    cause: "master_returned_with_old_offsets",
                    trap: "E34",
                    detail: format!(
                        "{} fetched its master's offsets and lost its newer ones, {rewound} messages of a queue at most",
                        names.broker(broker)
                    ),
                });
            }
            Observation::HeldTooLate { consumer, queue, missed } => {
                let detail = format!(
                    "{missed} messages of {} came between the read and the hold of a pull of {}",
                    names.message_queue(queue),
                    names.consumer(consumer)
                );
                let mut anomaly = note("held_too_late", "long_poll_blind_spot", "E46", consumer, missed, detail);
                (anomaly.severity, anomaly.queue) = (Severity::Note, Some(queue));
                self.anomalies.push(anomaly);
            }
            Observation::PullTroubled { consumer, queue, trouble: PullTrouble::SubscriptionNotLatest } => {
                let detail = format!(
                    "{} is refused {}: its subscription version has not reached the broker",
                    names.consumer(consumer),
                    names.message_queue(queue)
                );
                let mut anomaly = note("pull_refused", "subscription_not_latest", "E20", consumer, 1, detail);
                (anomaly.severity, anomaly.queue) = (Severity::Note, Some(queue));
                self.anomalies.push(anomaly);
            }
            _ => {}
        }
    }

    fn finish(&mut self, _: &Stage, _: &Names, findings: &mut Findings) {
        findings.anomalies.append(&mut self.anomalies);
    }
}
