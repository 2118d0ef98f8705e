//! `BrokerConfig`, `MessageStoreConfig`, `NettyServerConfig` and the group's `SubscriptionGroupConfig`.

mod membership;
mod pools;
mod pop;
mod rule;
mod rules;
mod store;
mod version;

pub(in crate::scenario) use rule::{Rule, from};
pub(in crate::scenario) use version::{Released, read_server};
pub use version::{ServerRule, ServerVersion, server_rules, server_versions};

use super::Tables;
use crate::model::plan::BrokerSettings;

/// What a broker may set.
pub(in crate::scenario) static BROKER: Tables<BrokerSettings> =
    &[membership::MEMBERSHIP, store::STORE, pools::POOLS, rules::RULES, pop::POP];
