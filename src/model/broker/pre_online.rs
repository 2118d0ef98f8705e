//! What a broker does before it registers (`BrokerPreOnlineService`): with `enableSlaveActingMaster` and `totalReplicas` above
//! 1 a master that comes back fetches the offsets that its slaves have taken meanwhile.
//!
//! ```text
//!   boot --> who is registered? --nobody--> register
//!                |  one slave after another: connected? --GetAllOffsets--> its offsets, if they are no older than its own
//!                +--<-- a second later, where one is not                        --> register
//! ```

use crate::kernel::{Instant, Span};
use crate::model::event::BrokerEvent;
use crate::model::network::{CallError, Request, Response, Waiter};
use crate::model::observation::CommitPath;
use crate::model::plan::BrokerIndex;
use crate::model::world::World;

/// Until the next attempt (`waitForRunning`).
const RETRY: Span = Span::from_secs(1);
/// `getAllConsumerOffset`.
const TIMEOUT: Span = Span::from_secs(3);

impl World<'_> {
    /// Whether a broker that boots now is isolated at first (`BrokerController.start`). What runs from the beginning has run
    /// for long.
    pub(super) fn prepares_itself(&self, broker: BrokerIndex) -> bool {
        let settings = &self.out.plan.brokers[broker as usize].settings;
        let replication = &settings.replication;
        let isolated = settings.enable_slave_acting_master && replication.total_replicas > 1;
        isolated && !replication.skip_pre_online && self.out.now() > Instant::ZERO
    }

    /// `prepareForBrokerOnline`: the next broker of the group is asked for its offsets.
    pub(in crate::model) fn prepare_online(&mut self, broker: BrokerIndex) {
        let name = self.out.replicas.name(broker);
        let Some(mut registered) = self.registered_brokers(name, Some(broker)) else {
            return self.prepare_online_later(broker);
        };
        registered.retain(|other| *other != broker);
        registered.sort_by_key(|other| self.out.replicas.id(*other));
        let fetched = self.brokers[broker as usize].fetched_from;
        // A slave waits for its master's log and fetches nothing from others.
        let Some(&other) = registered.get(fetched).filter(|_| !self.out.replicas.is_slave(broker)) else {
            return self.come_online(broker);
        };
        if !self.is_connected(broker, other) {
            return self.prepare_online_later(broker);
        }
        let (from, to) = (self.out.broker_host(broker), self.out.broker_host(other));
        let epoch = self.out.epoch(from);
        self.out.call(from, to, Request::GetAllOffsets, TIMEOUT, Waiter::MetadataReverse { broker, epoch });
    }

    fn prepare_online_later(&mut self, broker: BrokerIndex) {
        let epoch = self.out.epoch(self.out.broker_host(broker));
        self.out.after(RETRY, BrokerEvent::PreOnlineDue.of(broker, epoch));
    }

    /// `syncMetadataReverse`.
    pub(in crate::model) fn metadata_answered(&mut self, broker: BrokerIndex, answer: Result<Response, CallError>) {
        let Ok(Response::AllOffsets(offsets, version, _)) = answer else {
            return self.prepare_online_later(broker);
        };
        let state = &mut self.brokers[broker as usize];
        state.offsets.take_over_unless_newer(&offsets, version);
        state.fetched_from += 1;
        self.prepare_online(broker);
    }

    /// `startService`.
    fn come_online(&mut self, broker: BrokerIndex) {
        let stood_in = self.stood_in_for(broker);
        self.brokers[broker as usize].isolated = false;
        if let Some(slave) = stood_in {
            self.offsets_count_instead((slave, broker), CommitPath::MasterReturned);
        }
        self.register(broker);
    }
}
