//! `BrokerConfig`, `MessageStoreConfig`, `NettyServerConfig` and the group's `SubscriptionGroupConfig`.

mod membership;
mod pools;
mod pop;
mod store;

use super::Tables;
use crate::model::plan::BrokerSettings;

/// What a broker may set.
pub(in crate::scenario) static BROKER: Tables<BrokerSettings> =
    &[membership::MEMBERSHIP, store::STORE, pools::POOLS, pop::POP];
