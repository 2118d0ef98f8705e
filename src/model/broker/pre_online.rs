//! What a broker does before it registers (`BrokerPreOnlineService`): with `enableSlaveActingMaster` and `totalReplicas` above
//! 1 a master that comes back fetches the offsets that its slaves have taken meanwhile.
//!
//! ```text
//!   boot --> who is registered? --nobody--> register
//!                |  one slave after another: connected? --GetAllOffsets--> its offsets, if they are no older than its own
//!                +--<-- a second later, where one is not                        --> register
//! ```

use super::Broker;
use crate::kernel::{Instant, Span};
use crate::model::event::BrokerEvent;
use crate::model::network::{CallError, Request, Response, Waiter};
use crate::model::notice::Notice;
use crate::model::observation::CommitPath;
use crate::model::outside::Outside;
use crate::model::plan::{BrokerIndex, NameServerIndex};

/// Until the next attempt (`waitForRunning`).
const RETRY: Span = Span::from_secs(1);
/// `getAllConsumerOffset`.
const TIMEOUT: Span = Span::from_secs(3);

impl Broker {
    /// `prepareForBrokerOnline`: the next broker of the group is asked for its offsets.
    pub(in crate::model) fn prepare_online(&mut self, out: &mut Outside<'_>) {
        let (broker, name) = (self.index, out.replicas.name(self.index));
        let Some(registered) = out.registered_brokers(name, Some(broker)) else {
            return self.prepare_online_later(out);
        };
        let mut registered: Vec<BrokerIndex> = registered.filter(|other| *other != broker).collect();
        registered.sort_by_key(|other| out.replicas.id(*other));
        // A slave waits for its master's log and fetches nothing from others.
        let Some(&other) = registered.get(self.fetched_from).filter(|_| !out.replicas.is_slave(broker)) else {
            return self.come_online(out);
        };
        if !out.is_connected(broker, other) {
            return self.prepare_online_later(out);
        }
        let (from, to) = (self.host(out), out.broker_host(other));
        let epoch = out.epoch(from);
        out.call(from, to, Request::GetAllOffsets, TIMEOUT, Waiter::MetadataReverse { broker, epoch });
    }

    fn prepare_online_later(&mut self, out: &mut Outside<'_>) {
        out.after(RETRY, self.in_this_life(out, BrokerEvent::PreOnlineDue));
    }

    /// `syncMetadataReverse`.
    pub(in crate::model) fn metadata_answered(&mut self, out: &mut Outside<'_>, answer: Result<Response, CallError>) {
        let Ok(Response::AllOffsets(offsets, version, _)) = answer else {
            return self.prepare_online_later(out);
        };
        self.offsets.take_over_unless_newer(&offsets, version);
        self.fetched_from += 1;
        self.prepare_online(out);
    }

    /// `startService`.
    fn come_online(&mut self, out: &mut Outside<'_>) {
        out.replicas.isolate(self.index, false);
        if let Some(old) = out.stood_in_for(self.index) {
            out.tell(Notice::OffsetsCountInstead { old, new: self.index, path: CommitPath::MasterReturned });
        }
        self.register(out);
    }
}

impl Outside<'_> {
    /// Whether a broker that boots now is isolated at first (`BrokerController.start`). What runs from the beginning has run
    /// for long.
    pub(super) fn prepares_itself(&self, broker: BrokerIndex) -> bool {
        let settings = &self.plan.brokers[broker.at()].settings;
        let replication = &settings.replication;
        let isolated = settings.enable_slave_acting_master && replication.total_replicas > 1;
        isolated && !replication.skip_pre_online && self.now() > Instant::ZERO
    }

    /// The brokers of a name that the first name server knows that runs, and that `asker` reaches; `None`: there is none.
    pub(in crate::model) fn registered_brokers(
        &self,
        name: BrokerIndex,
        asker: Option<BrokerIndex>,
    ) -> Option<impl Iterator<Item = BrokerIndex>> {
        let reached = |index: &NameServerIndex| {
            let host = self.name_server_host(*index);
            let passes = |broker: BrokerIndex| {
                let own = self.broker_host(broker);
                self.links.passes(own, host) && self.links.passes(host, own)
            };
            self.machines[host.at()].running && asker.is_none_or(passes)
        };
        let index = NameServerIndex::first(self.plan.name_servers.len()).find(reached)?;
        let known = &self.registered[index.at()];
        Some(self.replicas.brokers(name).iter().copied().filter(|broker| known.contains_key(broker)))
    }

    /// `aliveReplicaNumInGroup`, as a broker learns it from the name servers every second.
    pub(in crate::model) fn alive_replicas(&self, name: BrokerIndex) -> u32 {
        self.registered_brokers(name, None).map_or(1, |known| known.count() as u32)
    }
}
