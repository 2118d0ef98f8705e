//! Who is a member of a group, as one broker sees it (`ConsumerManager.registerConsumer`,
//! `ConsumerManager.doChannelCloseEvent`).
//!
//! The table is keyed by connection, not by client id, and lives in memory only. Every broker has its own.

use std::collections::BTreeMap;

use crate::kernel::{Instant, Span};
use crate::model::event::{BrokerEvent, ChannelEnd};
use crate::model::network::{ConnectionId, ConsumerData, SubscriptionData};
use crate::model::observation::{ClientIndex, Detail, MemberLoss, Observation};
use crate::model::plan::{BrokerIndex, GroupIndex, MessageModel, PlantedMistake, TopicIndex};
use crate::model::views::ViewId;
use crate::model::world::World;

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
    list: Option<ViewId>,
    /// That of the newest heartbeat said `BROADCASTING`.
    broadcasting: bool,
}

impl GroupMembers {
    /// How many channels.
    pub fn len(&self) -> usize {
        self.channels.len()
    }

    /// Connections and client ids.
    pub fn entries(&self) -> Vec<(ConnectionId, ClientIndex)> {
        self.channels.iter().map(|(&connection, member)| (connection, member.client)).collect()
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

impl World<'_> {
    /// `HEART_BEAT`: registers the channel and tells the group of a new member or another subscription set.
    pub(super) fn heartbeat(
        &mut self,
        broker: BrokerIndex,
        connection: ConnectionId,
        client: ClientIndex,
        (data, without_subscriptions): (&ConsumerData, bool),
    ) {
        let ConsumerData { group, message_model, ref subscriptions } = *data;
        let Some(config) = self.find_group(broker, group) else {
            // The answer is SUCCESS all the same (trap E35).
            return self.out.see(Observation::GroupUnknown { broker, group, client });
        };
        if !self.out.replicas.is_slave(broker) {
            self.create_retry_topic(broker, group, config.retry_queue_nums);
        }
        let updated = self.out.broker_clock(broker);
        self.out.see(Observation::HeartbeatTaken { broker, group, client });
        let unites = self.out.planted(PlantedMistake::SubscriptionsUnited);
        let members = self.brokers[broker as usize].groups.entry(group).or_default();
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
            self.out.see_detail(Detail::SubscriptionsTaken { broker, group, said, known: kept });
        }
        for topic in older {
            self.out.see(Observation::SubscriptionKept { broker, group, topic, client });
        }
        if known.is_none() {
            self.out.see(Observation::MemberAdded { broker, group, client, connection });
        }
        if known.is_none() && has_none {
            self.out.see(Observation::RegisteredWithoutSubscriptions { broker, group, client });
        }
        if known.is_none() || changed {
            self.notify(broker, group);
        }
    }

    /// `heartBeatV2`: whether the broker had heard another fingerprint of one of these groups; it keeps this one.
    pub(super) fn fingerprints_differ(
        &mut self,
        broker: BrokerIndex,
        consumers: &[ConsumerData],
        fingerprint: u64,
    ) -> bool {
        let known = &mut self.brokers[broker as usize].fingerprints;
        let mut differ = false;
        for data in consumers {
            differ |= known.insert(data.group, fingerprint).is_some_and(|before| before != fingerprint);
        }
        differ
    }

    /// `UNREGISTER_CLIENT`: the others are told even where the channel was not known.
    pub(super) fn unregister_client(&mut self, broker: BrokerIndex, connection: ConnectionId, group: GroupIndex) {
        self.remove_member(broker, group, connection, MemberLoss::Unregistered);
        self.notify(broker, group);
    }

    fn release_locks_of(&mut self, broker: BrokerIndex, group: GroupIndex, connection: ConnectionId) {
        let members = self.brokers[broker as usize].groups.get(&group);
        if let Some(Member { client, .. }) = members.and_then(|members| members.channels.get(&connection)).copied() {
            let queues = self.brokers[broker as usize].locks.of(group);
            self.unlock_batch(broker, group, client, &queues);
        }
    }

    fn remove_member(
        &mut self,
        broker: BrokerIndex,
        group: GroupIndex,
        connection: ConnectionId,
        loss: MemberLoss,
    ) -> bool {
        let groups = &mut self.brokers[broker as usize].groups;
        let Some(members) = groups.get_mut(&group) else { return false };
        let Some(Member { client, .. }) = members.channels.remove(&connection) else { return false };
        members.list = None;
        if members.channels.is_empty() {
            groups.remove(&group);
        }
        self.out.see(Observation::MemberRemoved { broker, group, client, connection, loss });
        true
    }

    /// `GET_CONSUMER_LIST_BY_GROUP`: ids of all channels, repeated where channels share one; `None` for no group.
    pub(super) fn consumer_list(&mut self, broker: BrokerIndex, group: GroupIndex) -> Option<ViewId> {
        let members = self.brokers[broker as usize].groups.get_mut(&group)?;
        if members.list.is_none() {
            let clients = members.channels.values().map(|member| member.client).collect();
            members.list = Some(self.out.views.members(clients, &self.out.names));
        }
        members.list
    }

    /// A channel of the broker ended: its event thread will hear of it, after what it has to do before.
    pub(in crate::model) fn broker_channel_ended(
        &mut self,
        broker: BrokerIndex,
        connection: ConnectionId,
        cause: ChannelEnd,
    ) {
        let most = self.out.plan.brokers[broker as usize].settings.netty_event_queue_size;
        if self.brokers[broker as usize].channel_events >= most {
            return self.out.see(Observation::ChannelEventDropped { broker });
        }
        self.brokers[broker as usize].channel_events += 1;
        let work = self.out.environment().channel_event.draw(&mut self.out.environment_stream);
        let epoch = self.out.epoch(self.out.broker_host(broker));
        let done = self.brokers[broker as usize].event_thread_free.max(self.out.now()) + work;
        self.brokers[broker as usize].event_thread_free = done;
        self.out.agenda.schedule(done, BrokerEvent::ChannelClosed { connection, cause }.of(broker, epoch));
    }

    /// The event thread removes a closed channel from all groups and tells them (`doChannelCloseEvent`).
    pub(in crate::model) fn channel_closed(
        &mut self,
        broker: BrokerIndex,
        epoch: u32,
        connection: ConnectionId,
        cause: ChannelEnd,
    ) {
        let busy = self.brokers[broker as usize].event_thread_busy;
        if busy > self.out.now() {
            // It still tells others of the change before.
            self.out.agenda.schedule(busy, BrokerEvent::ChannelClosed { connection, cause }.of(broker, epoch));
            return;
        }
        let waiting = &mut self.brokers[broker as usize].channel_events;
        *waiting = waiting.checked_sub(1).expect("an event that is handled was counted");
        self.brokers[broker as usize].pools.running = Running::EventThread;
        let loss = match cause {
            ChannelEnd::Closed => MemberLoss::Closed,
            ChannelEnd::Idle => MemberLoss::Idle,
            ChannelEnd::Expired => MemberLoss::ExpiredAndTold,
        };
        let groups: Vec<GroupIndex> = self.brokers[broker as usize].groups.keys().copied().collect();
        for group in groups {
            if self.out.planted(PlantedMistake::LocksReleasedOnDisconnect) {
                self.release_locks_of(broker, group, connection);
            }
            if self.remove_member(broker, group, connection, loss) {
                self.notify(broker, group);
            }
        }
        self.brokers[broker as usize].pools.running = Running::Anybody;
    }

    /// The expiry scan: closes silent channels, first as producers', a moment later as consumers'.
    pub(super) fn scan_not_active_channels(&mut self, broker: BrokerIndex) {
        if self.out.planted(PlantedMistake::ExpiryNeverRuns) {
            return;
        }
        let expiry = self.out.plan.brokers[broker as usize].settings.channel_expired_timeout;
        let (now, epoch) = (self.out.broker_clock(broker), self.out.epoch(self.out.broker_host(broker)));
        let mut silent: Vec<ConnectionId> = Vec::new();
        for members in self.brokers[broker as usize].groups.values() {
            silent.extend(members.channels.iter().filter(|(_, m)| now.since(m.updated) > expiry).map(|(&c, _)| c));
        }
        let mut gap = Span::ZERO;
        for connection in silent {
            self.close_server_end(connection, ChannelEnd::Expired);
            gap += self.out.environment().expiry_scan.draw(&mut self.out.environment_stream);
            self.out.after(gap, BrokerEvent::MemberExpired { connection }.of(broker, epoch));
        }
    }

    /// The consumer scan removes an entry, if it is still there, and tells nobody.
    pub(in crate::model) fn member_expired(&mut self, broker: BrokerIndex, connection: ConnectionId) {
        let groups: Vec<GroupIndex> = self.brokers[broker as usize].groups.keys().copied().collect();
        for group in groups {
            let removed = self.remove_member(broker, group, connection, MemberLoss::Expired);
            if removed && self.out.planted(PlantedMistake::ExpirySendsChange) {
                self.notify(broker, group);
            }
        }
    }

    /// `NOTIFY_CONSUMER_IDS_CHANGED` to every channel of the group, at once or at the next buffered tick; to nobody
    /// where the newest heartbeat of the group said `BROADCASTING`.
    fn notify(&mut self, broker: BrokerIndex, group: GroupIndex) {
        let settings = &self.out.plan.brokers[broker as usize].settings;
        let broadcasting = self.brokers[broker as usize].groups.get(&group).is_some_and(|members| members.broadcasting);
        if !settings.notify_consumer_ids_changed_enable
            || broadcasting
            || self.out.planted(PlantedMistake::NotificationsLost)
        {
            return;
        }
        if !settings.real_time_notify_consumer_change {
            self.brokers[broker as usize].unnotified.insert(group);
            return;
        }
        self.notify_members(broker, group);
    }

    /// Tells every member.
    fn notify_members(&mut self, broker: BrokerIndex, group: GroupIndex) {
        let Some(members) = self.brokers[broker as usize].groups.get(&group) else { return };
        let connections: Vec<ConnectionId> = members.entries().into_iter().map(|(connection, _)| connection).collect();
        let count = connections.len() as u32;
        self.notify_one_by_one(broker, connections);
        self.out.see(Observation::NotificationsSent { broker, count });
    }

    /// The timer of the buffered mode.
    pub(super) fn notify_buffered(&mut self, broker: BrokerIndex) {
        for group in std::mem::take(&mut self.brokers[broker as usize].unnotified) {
            self.notify_members(broker, group);
        }
    }
}
