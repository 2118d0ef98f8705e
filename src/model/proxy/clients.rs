//! Which clients a proxy knows (`ClientActivity`, `GrpcChannelManager`).
//!
//! A client is known by its id, whatever connection it asks on: one that breaks is no event. In a broker's process it is a
//! member in the broker's own list, and nobody is told of its coming or going; beside it in the proxy's alone. Silent for
//! 120 s it is one no more. What it had received is then visible again after a second.

use std::rc::Rc;

use super::{Asker, Proxy, Site};
use crate::kernel::{Instant, Span};
use crate::model::disk::{Entry, SubscriptionGroup};
use crate::model::event::ProxyEvent;
use crate::model::ids::ConnectionId;
use crate::model::network::{ConsumerData, GrpcResponse, GrpcSettingsAnswer, OfProxy, SubscriptionData};
use crate::model::notice::Notice;
use crate::model::observation::{ClientIndex, Observation};
use crate::model::outside::Outside;
use crate::model::plan::{BrokerIndex, ConsumerIndex, GroupIndex, MessageModel};

use super::upstream::Task;

/// `ClientHousekeepingService` of a proxy of its own looks so often.
const SCAN_PERIOD: Span = Span::from_secs(10);
/// `grpcClientConsumerLongPollingBatchSize`.
const BATCH_SIZE: u32 = 32;

/// A client, with what stands for its channel.
#[derive(Debug, Clone)]
pub(super) struct Client {
    /// The connection that it was first heard on.
    pub channel: ConnectionId,
    /// The last heartbeat, by the proxy's clock.
    updated: Instant,
    subscriptions: Rc<Vec<SubscriptionData>>,
}

impl Proxy {
    /// `Telemetry` with settings: they register the client, and come back with what the group's configuration says.
    pub(super) fn take_settings(
        &mut self,
        out: &mut Outside<'_>,
        asker: Asker,
        group: GroupIndex,
        client: ClientIndex,
        subscriptions: Rc<Vec<SubscriptionData>>,
    ) {
        let Some(consumer) = Self::client_of(out, asker, group) else { return };
        let (updated, now) = (self.clock(out), out.now());
        let versioned = |s: &SubscriptionData| SubscriptionData { version: updated.as_millis(), ..*s };
        let subscriptions: Rc<Vec<_>> = Rc::new(subscriptions.iter().map(versioned).collect());
        let known = self.memory.clients.get(&consumer).map(|known| known.channel);
        let channel = known.unwrap_or(asker.0);
        self.memory.clients.insert(consumer, Client { channel, updated, subscriptions });
        self.register(out, consumer, group, (client, true));
        if self.site == Site::Cluster {
            let subscriptions = Rc::clone(&self.memory.clients[&consumer].subscriptions);
            out.tell(Notice::SettingsSynced { proxy: self.index, consumer, subscriptions });
        }
        if self.site == Site::Cluster && !std::mem::replace(&mut self.memory.scans_clients, true) {
            let over = now.since(self.memory.began).as_nanos() % SCAN_PERIOD.as_nanos();
            out.after(
                Span::from_nanos(SCAN_PERIOD.as_nanos() - over),
                ProxyEvent::ClientsScanned.of(self.index, self.life),
            );
        }
        let config = self.group_of(out, group);
        let retry_max_times = out.plan.brokers[self.a_broker().at()].settings.retry_max_times;
        let answer = GrpcSettingsAnswer {
            fifo: config.is_some_and(|config| config.consume_message_orderly),
            max_attempts: retry_max_times + 1,
            long_polling_timeout: self.settings(out).max_long_polling_timeout,
            receive_batch_size: BATCH_SIZE,
        };
        self.respond(out, asker, GrpcResponse::Settings(answer));
    }

    /// Another proxy was sent the settings of a client: its heartbeat is taken, and it may receive.
    pub(in crate::model) fn settings_synced(
        &mut self,
        out: &Outside<'_>,
        consumer: ConsumerIndex,
        subscriptions: &Rc<Vec<SubscriptionData>>,
    ) {
        self.lives(out);
        self.memory.synced.insert(consumer, Rc::clone(subscriptions));
    }

    /// `Heartbeat`: of a client whose settings are known.
    pub(super) fn take_heartbeat(
        &mut self,
        out: &mut Outside<'_>,
        asker: Asker,
        group: GroupIndex,
        client: ClientIndex,
    ) {
        let Some(consumer) = Self::client_of(out, asker, group) else { return };
        let updated = self.clock(out);
        if let Some(subscriptions) = self.memory.synced.get(&consumer).cloned() {
            let client = Client { channel: asker.0, updated, subscriptions };
            self.memory.clients.entry(consumer).or_insert(client);
        }
        let Some(known) = self.memory.clients.get_mut(&consumer) else {
            return self.respond(out, asker, GrpcResponse::UnrecognizedClientType);
        };
        known.updated = updated;
        self.register(out, consumer, group, (client, false));
        self.respond(out, asker, GrpcResponse::Ok);
    }

    /// `registerConsumer`, in the broker whose process this is.
    fn register(
        &mut self,
        out: &mut Outside<'_>,
        consumer: ConsumerIndex,
        group: GroupIndex,
        (client, updates): (ClientIndex, bool),
    ) {
        let Site::Local(own) = self.site else { return };
        let Client { channel, subscriptions, .. } = self.memory.clients[&consumer].clone();
        let data = ConsumerData { group, message_model: MessageModel::Clustering, subscriptions };
        self.ask(out, own, OfProxy::Register { channel, client, data, updates }, Task::Nobody);
    }

    /// `NotifyClientTermination`.
    pub(super) fn client_ends(&mut self, out: &mut Outside<'_>, asker: Asker, group: GroupIndex) {
        let known = Self::client_of(out, asker, group).filter(|consumer| self.memory.clients.contains_key(consumer));
        let Some(consumer) = known else {
            return self.respond(out, asker, GrpcResponse::UnrecognizedClientType);
        };
        self.forget_client(out, consumer, group);
        self.respond(out, asker, GrpcResponse::Ok);
    }

    fn forget_client(&mut self, out: &mut Outside<'_>, consumer: ConsumerIndex, group: GroupIndex) {
        self.memory.synced.remove(&consumer);
        let Some(client) = self.memory.clients.remove(&consumer) else { return };
        if let Site::Local(own) = self.site {
            let channel = client.channel;
            self.ask(out, own, OfProxy::Unregister { channel, group }, Task::Nobody);
        }
        self.clear_handles(out, consumer);
    }

    /// The broker whose process this is has found a client silent for too long.
    pub(in crate::model) fn member_expired(&mut self, out: &mut Outside<'_>, channel: ConnectionId) {
        self.lives(out);
        let silent = self.memory.clients.iter().find(|(_, client)| client.channel == channel);
        if let Some(consumer) = silent.map(|(consumer, _)| *consumer) {
            self.memory.clients.remove(&consumer);
            out.see(Observation::ProxyLostClient { proxy: self.index, consumer });
            self.clear_handles(out, consumer);
        }
    }

    /// A proxy of its own looks for silent clients.
    pub(super) fn scan_clients(&mut self, out: &mut Outside<'_>) {
        let (now, expiry) = (self.clock(out), self.settings(out).channel_expired_timeout);
        let silent =
            |(consumer, client): (&ConsumerIndex, &Client)| (now.since(client.updated) > expiry).then_some(*consumer);
        let silent: Vec<ConsumerIndex> = self.memory.clients.iter().filter_map(silent).collect();
        for consumer in silent {
            self.memory.clients.remove(&consumer);
            out.see(Observation::ProxyLostClient { proxy: self.index, consumer });
            self.clear_handles(out, consumer);
        }
        out.after(SCAN_PERIOD, ProxyEvent::ClientsScanned.of(self.index, self.life));
    }

    /// A broker to ask what all brokers know: its own, or the first.
    pub(super) fn a_broker(&self) -> BrokerIndex {
        match self.site {
            Site::Local(own) => own,
            Site::Cluster => BrokerIndex::MIN,
        }
    }

    /// The configuration of a group (`MetadataService.getSubscriptionGroupConfig`).
    pub(super) fn group_of(&self, out: &Outside<'_>, group: GroupIndex) -> Option<SubscriptionGroup> {
        let broker = self.a_broker();
        let settings = &out.plan.brokers[broker.at()].settings;
        let keeper = out.replicas.keeper(out.replicas.name(broker));
        match out.configurations[keeper.at()].groups.entry(group) {
            Entry::There(config) => Some(config),
            _ if !settings.auto_create_subscription_group => None,
            Entry::Deleted => Some(SubscriptionGroup::default()),
            Entry::Unheard => Some(SubscriptionGroup::of(settings)),
        }
    }

    /// Whether the group's messages are received in order.
    pub(super) fn is_fifo(&self, out: &Outside<'_>, group: GroupIndex) -> bool {
        self.group_of(out, group).is_some_and(|config| config.consume_message_orderly)
    }
}
