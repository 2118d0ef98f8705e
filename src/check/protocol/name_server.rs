//! When a name server forgets a broker (`RouteInfoManager`).

use std::collections::BTreeMap;

use super::{Broken, Law, Scene};
use crate::kernel::{Instant, Span};
use crate::model::observation::{Detail, Kinds, Observation, Observed, kinds};
use crate::model::plan::{BrokerIndex, NameServerIndex, Plan};

/// A silent broker is waited for (`RouteInfoManager.scanNotActiveBroker`).
#[derive(Debug)]
pub(super) struct Expiry {
    expiries: Vec<Span>,
    /// Brokers that say themselves how long to wait for them.
    own: Vec<bool>,
    registered: BTreeMap<(NameServerIndex, BrokerIndex), Instant>,
}

impl Expiry {
    pub fn new(plan: &Plan) -> Self {
        Self {
            expiries: plan.name_servers.iter().map(|server| server.settings.broker_channel_expired_time).collect(),
            own: plan.brokers.iter().map(|broker| broker.settings.enable_slave_acting_master).collect(),
            registered: BTreeMap::new(),
        }
    }
}

impl Law for Expiry {
    fn reads(&self) -> Kinds {
        kinds![BrokerRegistered, BrokerExpires]
    }

    fn observe(&mut self, seen: &Observed, scene: Scene<'_>, broken: &mut Broken) {
        match seen.what {
            Observation::BrokerRegistered { name_server, broker } => {
                self.registered.insert((name_server, broker), seen.at);
            }
            Observation::Detail(Detail::BrokerExpires { name_server, broker }) if !self.own[broker.at()] => {
                let Some(registered) = self.registered.get(&(name_server, broker)) else { return };
                let silent = seen.at.since(*registered);
                if silent <= self.expiries[name_server.at()] {
                    let (server, broker) = (scene.names.name_server(name_server), scene.names.broker(broker));
                    let detail = format!("{server} gave {broker} up after {silent} of silence");
                    broken.say(seen.at, "silent_brokers_are_waited_for", detail);
                }
            }
            _ => {}
        }
    }
}

/// A broker whose connection closes is unregistered at once (`RouteInfoManager.onChannelDestroy`).
#[derive(Debug, Default)]
pub(super) struct Closes {
    owed: Option<(u64, NameServerIndex, BrokerIndex)>,
}

impl Law for Closes {
    fn reads(&self) -> Kinds {
        kinds![BrokerChannelEnded, BrokerUnregistered]
    }

    fn owes(&self) -> Option<bool> {
        Some(self.owed.is_some())
    }

    fn observe(&mut self, seen: &Observed, scene: Scene<'_>, broken: &mut Broken) {
        if let Some((sequence, name_server, broker)) = self.owed
            && sequence != seen.sequence
        {
            self.owed = None;
            let (server, broker) = (scene.names.name_server(name_server), scene.names.broker(broker));
            let detail = format!("{server} keeps {broker}, whose connection is closed");
            broken.say(seen.at, "a_closed_broker_is_unregistered", detail);
        }
        match seen.what {
            Observation::Detail(Detail::BrokerChannelEnded { name_server, broker }) => {
                self.owed = Some((seen.sequence, name_server, broker));
            }
            Observation::BrokerUnregistered { .. } => self.owed = None,
            _ => {}
        }
    }
}
