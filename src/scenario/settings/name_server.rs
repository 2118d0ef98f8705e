//! `NamesrvConfig` and the constants of `RouteInfoManager`.

use super::{Kind, LONGEST_MS, MS, Setting, Tables, about, flag, period};
use crate::model::plan::NameServerSettings;

/// What a name server may set.
pub(in crate::scenario) static NAME_SERVER: Tables<NameServerSettings> = &[&[
    period(&["brokerChannelExpiredTime"], |n: &mut NameServerSettings, v| n.broker_channel_expired_time = v).about(
        "120s",
        "A name server takes a broker that it has not heard for so long out of its routes. A constant of RocketMQ.",
        "RouteInfoManager.DEFAULT_BROKER_CHANNEL_EXPIRED_TIME",
    ),
    period(&["scanNotActiveBrokerInterval"], |n: &mut NameServerSettings, v| n.scan_not_active_broker_interval = v)
        .about("5s", "How often it looks for such brokers.", "NamesrvConfig.scanNotActiveBrokerInterval"),
    Setting {
        names: &["firstScanNotActiveBroker"],
        kind: Kind::Span { unit: MS, least_ms: 1, most_ms: LONGEST_MS, set: |n, v| n.first_scan = Some(v) },
        about: about(
            "as scanNotActiveBrokerInterval",
            "After how long it first looks for them.",
            "NamesrvController.startScheduleService",
        ),
    },
    flag(&["supportActingMaster"], |n: &mut NameServerSettings, v| n.support_acting_master = v).about(
        "false",
        "A slave with enableSlaveActingMaster is shown as the master while that is away.",
        "NamesrvConfig.supportActingMaster",
    ),
]];
