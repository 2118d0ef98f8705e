//! The brokers that each name server knows; brokers look there which of them is the master.

use std::collections::BTreeMap;

use super::ids::{AddressNumber, BrokerIndex, ConnectionId};
use crate::kernel::Instant;

/// A broker as a name server knows it.
#[derive(Debug)]
pub(in crate::model) struct Registration {
    pub connection: ConnectionId,
    pub updated: Instant,
    pub broker_id: u32,
    pub address: AddressNumber,
}

/// The brokers that a name server knows: `brokerLiveTable` and `brokerAddrTable`.
pub(in crate::model) type Registrations = BTreeMap<BrokerIndex, Registration>;
