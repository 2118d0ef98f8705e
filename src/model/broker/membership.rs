//! Who is a member of a group, as one broker sees it (`ConsumerManager.registerConsumer`,
//! `ConsumerManager.doChannelCloseEvent`).
//!
//! The table is keyed by connection, not by client id, and lives in memory only. Every broker has its own.

use super::Broker;
use std::collections::BTreeMap;

use crate::kernel::{Instant, Span};
use crate::model::event::{BrokerEvent, ChannelEnd};
use crate::model::ids::ConnectionId;
use crate::model::ids::MemberViewId;
use crate::model::network::{ConsumerData, SubscriptionData};
use crate::model::observation::{ClientIndex, Detail, MemberLoss, Observation};
use crate::model::outside::Outside;
use crate::model::plan::{GroupIndex, MessageModel, PlantedMistake, TopicIndex};

use super::Running;

#[derive(Debug, Clone, Copy)]
struct Member {
    client: ClientIndex,
    updated: Instant,
}

/// One group at one broker (`ConsumerGroupInfo`).
#[derive(Debug, Default)]
pub(super) struct GroupMembers {
    channels: BTreeMap<ConnectionId, Member>,
    /// One version a topic for the whole group, and its tags: those of the newest version.
    subscriptions: BTreeMap<TopicIndex, SubscriptionData>,
    list: Option<MemberViewId>,
    /// That of the newest heartbeat said `BROADCASTING`.
    broadcasting: bool,
}

impl GroupMembers {
    /// Connections that were silent for longer than this.
    pub fn silent(&self, now: Instant, expiry: Span) -> impl Iterator<Item = ConnectionId> {
        self.channels
            .iter()
            .filter(move |(_, member)| now.since(member.updated) > expiry)
            .map(|(&connection, _)| connection)
    }

    /// How many channels.
    pub fn len(&self) -> usize {
        self.channels.len()
    }

    /// Connections and client ids.
    pub fn entries(&self) -> Vec<(ConnectionId, ClientIndex)> {
        self.channels.iter().map(|(&connection, member)| (connection, member.client)).collect()
    }

    /// All channels.
    pub fn connections(&self) -> impl Iterator<Item = ConnectionId> {
        self.channels.keys().copied()
    }

    /// Whether the newest heartbeat said `BROADCASTING`.
    pub fn is_broadcasting(&self) -> bool {
        self.broadcasting
    }

    /// The stored subscription of a topic.
    pub fn subscription(&self, topic: TopicIndex) -> Option<&SubscriptionData> {
        self.subscriptions.get(&topic)
    }

    /// Topics of which a heartbeat has other tags and an older version.
    fn keeps(&self, subscriptions: &[SubscriptionData]) -> Vec<TopicIndex> {
        let older = |new: &&SubscriptionData| {
            self.subscriptions.get(&new.topic).is_some_and(|own| own.version > new.version && own.tags != new.tags)
        };
        subscriptions.iter().filter(older).map(|new| new.topic).collect()
    }

    /// Takes the set of a heartbeat; true where a topic came or went (`updateSubscription`).
    fn update_subscriptions(&mut self, subscriptions: &[SubscriptionData], unites: bool) -> bool {
        let mut changed = false;
        for &new in subscriptions {
            let known = self.subscriptions.entry(new.topic).or_insert_with(|| {
                changed = true;
                new
            });
            if new.version > known.version {
                *known = new;
            }
        }
        let before = self.subscriptions.len();
        self.subscriptions.retain(|topic, _| unites || subscriptions.iter().any(|kept| kept.topic == *topic));
        changed || before != self.subscriptions.len()
    }
}

impl Broker {
    /// `HEART_BEAT`: registers the channel and tells the group of a new member or another subscription set.
    pub(super) fn heartbeat(
        &mut self,
        out: &mut Outside<'_>,
        connection: ConnectionId,
        client: ClientIndex,
        (data, without_subscriptions): (&ConsumerData, bool),
    ) {
        let broker = self.index;
        let group = data.group;
        let Some(config) = self.find_group(out, group) else {
            // The answer is SUCCESS all the same (trap E35).
            return out.see(Observation::GroupUnknown { broker, group, client });
        };
        if !out.replicas.is_slave(broker) {
            self.create_retry_topic(out, group, config.retry_queue_nums);
        }
        out.see(Observation::HeartbeatTaken { broker, group, client });
        self.register_member(out, connection, client, (data, without_subscriptions), true);
    }

    /// `ConsumerManager.registerConsumer`; `tells`: `isNotifyConsumerIdsChangedEnable`.
    pub(super) fn register_member(
        &mut self,
        out: &mut Outside<'_>,
        connection: ConnectionId,
        client: ClientIndex,
        (data, without_subscriptions): (&ConsumerData, bool),
        tells: bool,
    ) {
        let broker = self.index;
        let ConsumerData { group, message_model, ref subscriptions } = *data;
        let updated = out.broker_clock(broker);
        let unites = out.planted(PlantedMistake::SubscriptionsUnited);
        let members = self.groups.entry(group).or_default();
        members.broadcasting = message_model == MessageModel::Broadcasting;
        let known = members.channels.insert(connection, Member { client, updated });
        let older = if without_subscriptions { Vec::new() } else { members.keeps(subscriptions) };
        let changed = !without_subscriptions && members.update_subscriptions(subscriptions, unites);
        let has_none = members.subscriptions.is_empty();
        let (said, kept) = (subscriptions.len() as u32, members.subscriptions.len() as u32);
        if known.is_none_or(|member| member.client != client) {
            members.list = None;
        }
        if !without_subscriptions {
            out.see_detail(Detail::SubscriptionsTaken { broker, group, said, known: kept });
        }
        for topic in older {
            out.see(Observation::SubscriptionKept { broker, group, topic, client });
        }
        if known.is_none() {
            out.see(Observation::MemberAdded { broker, group, client, connection });
        }
        if known.is_none() && has_none {
            out.see(Observation::RegisteredWithoutSubscriptions { broker, group, client });
        }
        if tells && (known.is_none() || changed) {
            self.notify(out, group);
        }
    }

    /// `unregisterConsumer` of a client of the proxy in this process: nobody is told.
    pub(super) fn unregister_grpc_client(&mut self, out: &mut Outside<'_>, channel: ConnectionId, group: GroupIndex) {
        self.remove_member(out, group, channel, MemberLoss::Unregistered);
    }

    /// `heartBeatV2`: whether the broker had heard another fingerprint of one of these groups; it keeps this one.
    pub(super) fn fingerprints_differ(&mut self, consumers: &[ConsumerData], fingerprint: u64) -> bool {
        let mut differ = false;
        for data in consumers {
            differ |= self.fingerprints.insert(data.group, fingerprint).is_some_and(|before| before != fingerprint);
        }
        differ
    }

    /// `UNREGISTER_CLIENT`: the others are told even where the channel was not known.
    pub(super) fn unregister_client(&mut self, out: &mut Outside<'_>, connection: ConnectionId, group: GroupIndex) {
        self.remove_member(out, group, connection, MemberLoss::Unregistered);
        self.notify(out, group);
    }

    fn release_locks_of(&mut self, out: &mut Outside<'_>, group: GroupIndex, connection: ConnectionId) {
        let members = self.groups.get(&group);
        if let Some(Member { client, .. }) = members.and_then(|members| members.channels.get(&connection)).copied() {
            let queues = self.locks.of(group);
            self.unlock_batch(out, group, client, &queues);
        }
    }

    pub(super) fn remove_member(
        &mut self,
        out: &mut Outside<'_>,
        group: GroupIndex,
        connection: ConnectionId,
        loss: MemberLoss,
    ) -> bool {
        let Some(members) = self.groups.get_mut(&group) else { return false };
        let Some(Member { client, .. }) = members.channels.remove(&connection) else { return false };
        members.list = None;
        if members.channels.is_empty() {
            self.groups.remove(&group);
        }
        let broker = self.index;
        out.see(Observation::MemberRemoved { broker, group, client, connection, loss });
        true
    }

    /// `GET_CONSUMER_LIST_BY_GROUP`: ids of all channels, repeated where channels share one; `None` for no group.
    pub(super) fn consumer_list(&mut self, out: &mut Outside<'_>, group: GroupIndex) -> Option<MemberViewId> {
        let members = self.groups.get_mut(&group)?;
        if members.list.is_none() {
            let clients = members.channels.values().map(|member| member.client).collect();
            members.list = Some(out.views.members(clients, &out.names));
        }
        members.list
    }

    /// A channel of the broker ended: its event thread will hear of it, after what it has to do before.
    pub(in crate::model) fn channel_ended(
        &mut self,
        out: &mut Outside<'_>,
        connection: ConnectionId,
        cause: ChannelEnd,
    ) {
        if self.channel_events >= self.settings(out).netty_event_queue_size {
            return out.see(Observation::ChannelEventDropped { broker: self.index });
        }
        self.channel_events += 1;
        let work = out.environment().channel_event.draw(&mut out.environment_stream);
        self.event_thread_free = self.event_thread_free.max(out.now()) + work;
        let closed = self.in_this_life(out, BrokerEvent::ChannelClosed { connection, cause });
        out.agenda.schedule(self.event_thread_free, closed);
    }

    /// The event thread removes a closed channel from all groups and tells them (`doChannelCloseEvent`).
    pub(super) fn channel_closed(&mut self, out: &mut Outside<'_>, connection: ConnectionId, cause: ChannelEnd) {
        let busy = self.event_thread_busy;
        if busy > out.now() {
            // It still tells others of the change before.
            out.agenda.schedule(busy, self.in_this_life(out, BrokerEvent::ChannelClosed { connection, cause }));
            return;
        }
        self.channel_events = self.channel_events.checked_sub(1).expect("an event that is handled was counted");
        self.pools.running = Running::EventThread;
        let loss = match cause {
            ChannelEnd::Closed => MemberLoss::Closed,
            ChannelEnd::Idle => MemberLoss::Idle,
            ChannelEnd::Expired => MemberLoss::ExpiredAndTold,
        };
        let groups: Vec<GroupIndex> = self.groups.keys().copied().collect();
        for group in groups {
            if out.planted(PlantedMistake::LocksReleasedOnDisconnect) {
                self.release_locks_of(out, group, connection);
            }
            if self.remove_member(out, group, connection, loss) {
                self.notify(out, group);
            }
        }
        self.pools.running = Running::Anybody;
    }
}
