//! `NamesrvConfig` and the constants of `RouteInfoManager`.

use super::{Setting, flag, period};
use crate::model::plan::NameServerSettings;

/// What a name server may set.
pub(in crate::scenario) static NAME_SERVER: &[Setting<NameServerSettings>] = &[
    period(&["brokerChannelExpiredTime"], |n, v| n.broker_channel_expired_time = v),
    period(&["scanNotActiveBrokerInterval"], |n, v| n.scan_not_active_broker_interval = v),
    flag(&["supportActingMaster"], |n, v| n.support_acting_master = v),
];
