//! `DefaultMQPushConsumer`, where brokers deal the queues and may tell it to pop.

use super::{Kind, MS, Setting, about, count, flag};
use crate::model::plan::ConsumerSettings;
use crate::scenario::text::{Fault, Fields};

/// What a group or a consumer may set for it.
pub(super) const POP: &[Setting<ConsumerSettings>] = &[
    flag(&["clientRebalance"], |c: &mut ConsumerSettings, v| c.pop.client_rebalance = v).about(
        "true",
        "Whether the client deals the queues itself; with false it asks a broker, and pops where the group's request \
         mode there is POP (traps PE3 and PE5).",
        "DefaultMQPushConsumer.clientRebalance",
    ),
    Setting {
        names: &["popInvisibleTime"],
        kind: Kind::Span {
            unit: MS,
            least_ms: 5_000,
            most_ms: 300_000,
            set: |c: &mut ConsumerSettings, v| c.pop.invisible_time = v,
        },
        about: about(
            "60s",
            "For how long nobody else is given a message that was popped; what takes longer is thrown away and comes \
             again (trap PE7).",
            "DefaultMQPushConsumer.popInvisibleTime",
        ),
    },
    count(&["popBatchNums"], 1, 32, |c: &mut ConsumerSettings, v| c.pop.batch_nums = v).about(
        "32",
        "How many messages a pop asks for.",
        "DefaultMQPushConsumer.popBatchNums",
    ),
    count(&["popThresholdForQueue"], 1, 65_535, |c: &mut ConsumerSettings, v| c.pop.threshold_for_queue = v).about(
        "96",
        "With more unfinished messages of an assignment, which is mostly a whole broker, nothing is popped.",
        "DefaultMQPushConsumer.popThresholdForQueue",
    ),
];

/// A LitePull consumer has none of these: it deals its queues itself, always (`RebalanceLitePullImpl`).
pub(in crate::scenario) fn check_pop(fields: &Fields<'_>, consumer: &ConsumerSettings) -> Result<(), Fault> {
    let named = POP.iter().flat_map(|setting| setting.names).find_map(|name| Some((name, fields.get(name)?)));
    match named {
        Some((name, node)) if consumer.lite_pull.is_some() => Err(Fault::new(
            node.place,
            format!("`{name}` has no effect on a LitePull consumer, which deals its queues itself"),
            "leave it out, or leave `class` out",
        )),
        _ => Ok(()),
    }
}
