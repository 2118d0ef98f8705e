//! The laws that are looked at in every run: they need nothing but what every check sees, and cost next to nothing.

use std::collections::{BTreeMap, BTreeSet};

use super::{Anomaly, AnomalyKind, Cause, Check, Findings, Severity, Stage};
use crate::check::Key;
use crate::check::keyed::Keyed;
use crate::check::twice::Listing;
use crate::kernel::{Instant, Span};
use crate::model::Names;
use crate::model::observation::{
    CommitPath, Kinds, MemberLoss, Observation, Observed, QueueIndex, Release, RequestKind, kinds,
};
use crate::model::plan::{BrokerIndex, ConsumerIndex, GroupIndex, Host, MessageModel, NameServerIndex, Plan};
use crate::offset::Keeper;

/// What the plan says of a broker's timers.
#[derive(Debug)]
struct BrokerRules {
    tells_at_once: bool,
    flush_interval: Span,
    /// Silence after which the scan must have removed a member.
    longest_silence: Span,
}

/// Who has moved a queue's offset since it took the queue.
#[derive(Debug, Default)]
struct Progressed {
    /// Who did so last: mostly it does so again.
    last: Option<ConsumerIndex>,
    all: Vec<ConsumerIndex>,
}

impl Progressed {
    #[inline]
    fn moved_by(&mut self, consumer: ConsumerIndex) {
        if self.last != Some(consumer) {
            self.last = Some(consumer);
            if !self.all.contains(&consumer) {
                self.all.push(consumer);
            }
        }
    }

    /// Forgets a member, and answers whether it had.
    fn forget(&mut self, consumer: ConsumerIndex) -> bool {
        self.last = self.last.filter(|last| *last != consumer);
        let before = self.all.len();
        self.all.retain(|who| *who != consumer);
        before != self.all.len()
    }
}

/// The check.
#[derive(Debug)]
pub(in crate::check) struct Protocol {
    brokers: Vec<BrokerRules>,
    /// Silence after which each name server must have removed a broker.
    name_servers: Vec<Span>,
    /// Groups of which brokers do not tell everybody: those with a BROADCASTING member, or one that speaks gRPC.
    broadcasting: BTreeSet<GroupIndex>,
    broken: Vec<Anomaly>,
    /// The event that is being looked at, and what it owes.
    sequence: u64,
    owed: Vec<(Instant, &'static str, String)>,
    unlocking: Option<BrokerIndex>,
    sent: BTreeSet<(ConsumerIndex, QueueIndex)>,
    /// Those whose offset of a queue has moved since they took it.
    progressed: Keyed<Progressed>,
    /// When a broker's offsets were last written, or could have been.
    flushed: Vec<Instant>,
    up: Vec<bool>,
    heard: BTreeMap<Listing, Instant>,
    registered: BTreeMap<(NameServerIndex, BrokerIndex), Instant>,
}

/// What a timer may be late by: the calls and threads in between.
const SLACK: Span = Span::from_secs(3);
/// The first flush comes 10 s after the start.
const FIRST_FLUSH: Span = Span::from_secs(10);

impl Protocol {
    pub fn new(plan: &Plan) -> Self {
        let rules = |broker: &crate::model::plan::BrokerPlan| BrokerRules {
            tells_at_once: broker.settings.notify_consumer_ids_changed_enable
                && !broker.settings.gathers_notifications(),
            flush_interval: broker.settings.flush_consumer_offset_interval,
            longest_silence: broker.settings.channel_expired_timeout
                + broker.settings.client_housekeeping_interval
                + SLACK,
        };
        let broadcasts = plan.consumers.iter().filter(|c| c.consumer.message_model == MessageModel::Broadcasting);
        // Of a client of the proxy in its process a broker tells nobody.
        let speaks_grpc = plan.consumers.iter().filter(|c| c.client.grpc.is_some());
        let silence = |server: &crate::model::plan::NameServerPlan| {
            server.settings.broker_channel_expired_time + server.settings.scan_not_active_broker_interval + SLACK
        };
        Self {
            brokers: plan.brokers.iter().map(rules).collect(),
            name_servers: plan.name_servers.iter().map(silence).collect(),
            broadcasting: broadcasts.chain(speaks_grpc).map(|consumer| consumer.group).collect(),
            broken: Vec::new(),
            sequence: u64::MAX,
            owed: Vec::new(),
            unlocking: None,
            sent: BTreeSet::new(),
            progressed: Keyed::default(),
            flushed: vec![Instant::ZERO; plan.brokers.len()],
            up: vec![false; plan.brokers.len()],
            heard: BTreeMap::new(),
            registered: BTreeMap::new(),
        }
    }

    /// What has been broken so far.
    pub fn broken(&self) -> &[Anomaly] {
        &self.broken
    }

    fn broke(&mut self, at: Instant, rule: &'static str, detail: String) {
        assert!(super::rule_of(rule).is_some(), "`{rule}` is no rule of the list");
        let what = (AnomalyKind::BrokenRule, Cause::Rule(rule));
        let row = Anomaly::new("protocol", what, (at, at), detail);
        self.broken.push(Anomaly { severity: Severity::Violation, ..row });
    }

    /// What an event owed must have come with it.
    #[inline]
    fn next_event(&mut self) {
        if !self.owed.is_empty() {
            self.still_owes();
        }
        self.unlocking = None;
        if !self.sent.is_empty() {
            self.sent.clear();
        }
    }

    #[cold]
    fn still_owes(&mut self) {
        for (at, rule, detail) in std::mem::take(&mut self.owed) {
            self.broke(at, rule, detail);
        }
    }

    #[inline]
    fn paid(&mut self, rule: &'static str) {
        if !self.owed.is_empty() {
            self.owed.retain(|(_, owed, _)| *owed != rule);
        }
    }

    /// A broker wrote its offsets, or stops: it must not have been too long since the last time.
    fn flush_due(&mut self, at: Instant, broker: BrokerIndex, names: &Names) {
        let since = at.since(self.flushed[broker.at()]);
        let rules = &self.brokers[broker.at()];
        if self.up[broker.at()] && since > rules.flush_interval + FIRST_FLUSH + SLACK {
            self.broke(
                at,
                "offsets_are_written",
                format!("{} has not written its offsets for {since}", names.broker(broker)),
            );
        }
        self.flushed[broker.at()] = at;
    }

    /// A name server hears of a broker, or loses it: it must not have kept it in silence for too long.
    fn silence_ends(&mut self, at: Instant, server: NameServerIndex, broker: BrokerIndex, names: &Names) {
        let Some(last) = self.registered.remove(&(server, broker)) else { return };
        let silent = at.since(last);
        if silent > self.name_servers[server.at()] {
            let (server, broker) = (names.name_server(server), names.broker(broker));
            self.broke(
                at,
                "silent_brokers_expire",
                format!("{server} kept {broker} in its routes through {silent} of silence"),
            );
        }
    }

    /// Who is heard and listed, and must be told or forgotten.
    fn hear_of_members(&mut self, seen: &Observed, names: &Names) {
        let at = seen.at;
        match seen.what {
            Observation::MemberAdded { broker, group, client, .. }
                if self.brokers[broker.at()].tells_at_once && !self.broadcasting.contains(&group) =>
            {
                let (of, who) = (names.broker(broker), names.client(client));
                self.owed.push((at, "members_are_told", format!("{of} told nobody that {who} came")));
            }
            Observation::NotificationsSent { .. } => self.paid("members_are_told"),
            Observation::HeartbeatTaken { broker, group, client } => {
                self.heard.insert(Listing { broker, group, client }, at);
            }
            Observation::MemberRemoved { broker, group, client, loss, .. } => {
                if let Some(heard) = self.heard.get(&Listing { broker, group, client }).copied() {
                    let silent = at.since(heard);
                    let scanned = matches!(loss, MemberLoss::Idle | MemberLoss::Expired | MemberLoss::ExpiredAndTold);
                    if scanned && silent > self.brokers[broker.at()].longest_silence {
                        let (of, who) = (names.broker(broker), names.client(client));
                        self.broke(at, "silent_members_expire", format!("{of} kept {who} through {silent} of silence"));
                    }
                }
            }
            // Ages told by a clock that has jumped are wrong, and so would this rule be.
            Observation::ClockJumped { host: Host::Broker(broker) } => {
                self.brokers[broker.at()].longest_silence = Span::MAX;
            }
            Observation::BrokerRegistered { name_server, broker } => {
                self.silence_ends(at, name_server, broker, names);
                self.registered.insert((name_server, broker), at);
            }
            Observation::BrokerUnregistered { name_server, broker } => {
                self.silence_ends(at, name_server, broker, names)
            }
            Observation::NameServerDown { name_server } => self.registered.retain(|(of, _), _| *of != name_server),
            _ => {}
        }
    }

    /// What is committed, and must be taken and written.
    fn hear_of_offsets(&mut self, seen: &Observed, names: &Names) {
        let at = seen.at;
        match seen.what {
            Observation::CommitArrived { broker, queue, offset, .. } => {
                let (of, queue) = (names.broker(broker), names.message_queue(queue));
                self.owed.push((
                    at,
                    "commits_are_unconditional",
                    format!("{of} did not take offset {offset} of {queue}"),
                ));
            }
            Observation::Committed { path, .. } if !matches!(path, CommitPath::LocalFile | CommitPath::Database) => {
                self.paid("commits_are_unconditional")
            }
            Observation::BrokerUp { broker } => {
                (self.up[broker.at()], self.flushed[broker.at()]) = (true, at);
            }
            Observation::OffsetsFlushed { broker } => self.flush_due(at, broker, names),
            Observation::BrokerDown { broker, .. } => {
                self.flush_due(at, broker, names);
                self.up[broker.at()] = false;
                self.heard.retain(|who, _| who.broker != broker);
            }
            Observation::SlaveSynchronised { broker, behind, .. } if behind > 0 => {
                let detail = format!("{behind} offsets of {} are not those it fetched", names.broker(broker));
                self.broke(at, "a_slave_takes_its_masters_offsets", detail);
            }
            _ => self.hear_of_members(seen, names),
        }
    }

    #[cold]
    fn handed_to_another(&mut self, at: Instant, (consumer, queue): (ConsumerIndex, QueueIndex), names: &Names) {
        let (who, queue) = (names.consumer(consumer), names.message_queue(queue));
        let detail = format!("{who} was handed a message of {queue}, which it had given up");
        self.broke(at, "only_owners_consume", detail);
    }

    /// Who has a queue and its lock, and must commit or not be handed messages.
    fn hear_of_queues(&mut self, seen: &Observed, stage: &Stage, names: &Names) {
        let at = seen.at;
        match seen.what {
            Observation::Served { broker, kind: RequestKind::Lock, .. } => self.unlocking = Some(broker),
            Observation::LockReleased { broker, client, .. } if self.unlocking != Some(broker) => {
                let (of, who) = (names.broker(broker), names.client(client));
                self.broke(at, "locks_end_by_request_or_age", format!("{of} took {who}'s lock away unasked"));
            }
            Observation::QueueTaken { consumer, queue, .. } => {
                self.progressed.of(Key::of(consumer, queue, names)).forget(consumer);
            }
            Observation::OffsetSent { consumer, queue } => drop(self.sent.insert((consumer, queue))),
            Observation::QueueReleased { consumer, queue, release } => {
                let audience = names.audience_of(consumer);
                let commits = matches!(release, Release::Reassigned | Release::NotInList | Release::PullExpired);
                let told = stage.offset_store(audience).keeper == Keeper::Brokers;
                let clustering = told && !stage.is_orderly(audience);
                let progressed = self.progressed.of(Key { audience, queue }).forget(consumer);
                // A Go member commits the first of those that it gives up, and forgets the others.
                let forgets = stage.go_clients.is_go(consumer);
                if commits && clustering && progressed && !forgets && !self.sent.contains(&(consumer, queue)) {
                    let (who, queue) = (names.consumer(consumer), names.message_queue(queue));
                    self.broke(at, "a_drop_commits", format!("{who} dropped {queue} and did not say how far it was"));
                }
            }
            _ => self.hear_of_offsets(seen, names),
        }
    }
}

impl Check for Protocol {
    fn name(&self) -> &'static str {
        "protocol"
    }

    fn reads(&self) -> Kinds {
        kinds![
            Served,
            LockReleased,
            MemberAdded,
            NotificationsSent,
            CommitArrived,
            Committed,
            BrokerUp,
            OffsetsFlushed,
            BrokerDown,
            ProgressMoved,
            QueueTaken,
            OffsetSent,
            QueueReleased,
            Delivered,
            HeartbeatTaken,
            MemberRemoved,
            ClockJumped,
            BrokerRegistered,
            BrokerUnregistered,
            SlaveSynchronised,
            NameServerDown
        ]
    }

    fn observe(&mut self, seen: &Observed, stage: &Stage, names: &Names) {
        if seen.sequence != self.sequence {
            self.next_event();
            self.sequence = seen.sequence;
        }
        match seen.what {
            Observation::ProgressMoved { consumer, queue, .. } => {
                self.progressed.of(Key::of(consumer, queue, names)).moved_by(consumer);
            }
            Observation::Delivered { consumer, queue, .. } => {
                // What is popped is in nobody's table.
                if !stage.holds(Key::of(consumer, queue, names), consumer) && !stage.pops_at(consumer, seen.at) {
                    self.handed_to_another(seen.at, (consumer, queue), names);
                }
            }
            _ => self.hear_of_queues(seen, stage, names),
        }
    }

    fn finish(&mut self, _: &Stage, names: &Names, findings: &mut Findings) {
        self.next_event();
        let end = findings.windows.iter().map(|window| window.until).max().unwrap_or(Instant::ZERO);
        for broker in BrokerIndex::first(self.brokers.len()) {
            self.flush_due(end, broker, names);
        }
        for (server, broker) in self.registered.keys().copied().collect::<Vec<_>>() {
            self.silence_ends(end, server, broker, names);
        }
        findings.anomalies.append(&mut self.broken);
    }
}
