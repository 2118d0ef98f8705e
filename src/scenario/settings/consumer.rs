//! `DefaultMQPushConsumer`, with the ranges of `DefaultMQPushConsumerImpl.checkConfig`.

use super::{Kind, MINUTE, MS, Setting, count, delay, period_in};
use crate::model::plan::{ConsumeFromWhere, ConsumerSettings, MessageModel};
use crate::scenario::text::{Fault, Fields};

/// What a group or a consumer may set.
pub(in crate::scenario) static CONSUMER: &[Setting<ConsumerSettings>] = &[
    count(&["consumeThreadMin"], 1, 1_000, |c, v| c.consume_thread_min = v),
    count(&["consumeThreadMax"], 1, 1_000, |c, v| c.consume_thread_max = Some(v)),
    count(&["consumeConcurrentlyMaxSpan"], 1, 65_535, |c, v| c.consume_concurrently_max_span = v),
    count(&["pullThresholdForQueue"], 1, 65_535, |c, v| c.pull_threshold_for_queue = v),
    count(&["pullThresholdSizeForQueue"], 1, 1_024, |c, v| c.pull_threshold_size_for_queue_mib = v),
    Setting {
        names: &["pullThresholdForTopic"],
        kind: Kind::Optional { least: 1, most: 6_553_500, set: |c, v| c.pull_threshold_for_topic = v },
    },
    Setting {
        names: &["pullThresholdSizeForTopic"],
        kind: Kind::Optional { least: 1, most: 102_400, set: |c, v| c.pull_threshold_size_for_topic_mib = v },
    },
    Setting {
        names: &["pullInterval"],
        kind: Kind::Span { unit: MS, least_ms: 0, most_ms: 65_535, set: |c, v| c.pull_interval = v },
    },
    count(&["pullBatchSize"], 1, 1_024, |c, v| c.pull_batch_size = v),
    count(&["consumeMessageBatchMaxSize"], 1, 1_024, |c, v| c.consume_message_batch_max_size = v),
    Setting {
        names: &["maxReconsumeTimes"],
        kind: Kind::Optional { least: 0, most: i32::MAX as u32, set: |c, v| c.max_reconsume_times = v },
    },
    period_in(MINUTE, &["consumeTimeout"], |c, v| c.consume_timeout = v),
    delay(&["awaitTerminationMillisWhenShutdown"], |c, v| c.await_termination_millis_when_shutdown = v),
    // Outside these bounds RocketMQ would clamp without a word (`submitConsumeRequestLater`).
    Setting {
        names: &["suspendCurrentQueueTimeMillis"],
        kind: Kind::Span {
            unit: MS,
            least_ms: 10,
            most_ms: 30_000,
            set: |c, v| c.suspend_current_queue_time_millis = v,
        },
    },
];

/// `consumeFromWhere`, with `consumeTimestamp` as a moment of the run.
pub(in crate::scenario) fn read_consume_from_where(
    fields: &Fields<'_>,
    consumer: &mut ConsumerSettings,
) -> Result<(), Fault> {
    const NAMES: &str = "CONSUME_FROM_LAST_OFFSET, CONSUME_FROM_FIRST_OFFSET or CONSUME_FROM_TIMESTAMP";
    let stamp = fields.get("consumeTimestamp");
    if let Some(node) = fields.get("consumeFromWhere") {
        consumer.consume_from_where = match node.text(NAMES)? {
            "CONSUME_FROM_LAST_OFFSET" => ConsumeFromWhere::LastOffset,
            "CONSUME_FROM_FIRST_OFFSET" => ConsumeFromWhere::FirstOffset,
            "CONSUME_FROM_TIMESTAMP" => ConsumeFromWhere::Timestamp(crate::kernel::Instant::ZERO),
            other => {
                return Err(Fault::new(
                    node.place,
                    format!("`{other}` is no consumeFromWhere"),
                    format!("allowed is {NAMES}"),
                ));
            }
        };
    }
    match (stamp, &mut consumer.consume_from_where) {
        (None, _) => Ok(()),
        (Some(node), ConsumeFromWhere::Timestamp(moment)) => {
            *moment = node.moment()?;
            Ok(())
        }
        (Some(node), _) => Err(Fault::new(
            node.place,
            "`consumeTimestamp` has no effect here",
            "it needs consumeFromWhere = \"CONSUME_FROM_TIMESTAMP\"",
        )),
    }
}

/// `messageModel`.
pub(in crate::scenario) fn read_message_model(
    fields: &Fields<'_>,
    consumer: &mut ConsumerSettings,
) -> Result<(), Fault> {
    const NAMES: &str = "CLUSTERING or BROADCASTING";
    if let Some(node) = fields.get("messageModel") {
        consumer.message_model = match node.text(NAMES)? {
            "CLUSTERING" => MessageModel::Clustering,
            "BROADCASTING" => MessageModel::Broadcasting,
            other => {
                let problem = format!("`{other}` is no messageModel");
                return Err(Fault::new(node.place, problem, format!("allowed is {NAMES}")));
            }
        };
    }
    Ok(())
}

/// What `checkConfig` says about two settings at once.
pub(in crate::scenario) fn check_consumer(fields: &Fields<'_>, consumer: &ConsumerSettings) -> Result<(), Fault> {
    const DEFAULT_MAX: u32 = 20;
    let named = fields.get("consumeThreadMin").or(fields.get("consumeThreadMax"));
    match (named, consumer.consume_thread_max.unwrap_or(DEFAULT_MAX)) {
        (Some(node), most) if consumer.consume_thread_min > most => Err(Fault::new(
            node.place,
            format!("consumeThreadMin {} is above consumeThreadMax {most}", consumer.consume_thread_min),
            "raise consumeThreadMax (default 20) as well; RocketMQ's start() throws",
        )),
        _ => Ok(()),
    }
}
