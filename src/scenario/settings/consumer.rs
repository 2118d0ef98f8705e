//! `DefaultMQPushConsumer`, with the ranges of `DefaultMQPushConsumerImpl.checkConfig`.

use super::pop::POP;
use super::{Kind, MINUTE, MS, Setting, Tables, about, count, delay, period_in};
use crate::model::plan::{ConsumeFromWhere, ConsumerSettings, MessageModel};
use crate::scenario::text::{Fault, Fields};

/// What a group or a consumer may set.
pub(in crate::scenario) static CONSUMER: Tables<ConsumerSettings> = &[OWN, POP];

const OWN: &[Setting<ConsumerSettings>] = &[
    count(&["consumeThreadMin"], 1, 1_000, |c: &mut ConsumerSettings, v| c.consume_thread_min = v).about(
        "20",
        "How many threads consume.",
        "DefaultMQPushConsumer.consumeThreadMin",
    ),
    count(&["consumeThreadMax"], 1, 1_000, |c: &mut ConsumerSettings, v| c.consume_thread_max = Some(v)).about(
        "20",
        "The most threads; the pool's queue has no bound, so that it never grows beyond the minimum.",
        "DefaultMQPushConsumer.consumeThreadMax",
    ),
    count(&["consumeConcurrentlyMaxSpan"], 1, 65_535, |c: &mut ConsumerSettings, v| {
        c.consume_concurrently_max_span = v
    })
    .about(
        "2000",
        "How far the highest offset in a client may be above the lowest before it stops to pull the queue.",
        "DefaultMQPushConsumer.consumeConcurrentlyMaxSpan",
    ),
    count(&["pullThresholdForQueue"], 1, 65_535, |c: &mut ConsumerSettings, v| c.pull_threshold_for_queue = v).about(
        "1000",
        "How many messages of a queue a client may hold before it stops to pull the queue.",
        "DefaultMQPushConsumer.pullThresholdForQueue",
    ),
    count(&["pullThresholdSizeForQueue"], 1, 1_024, |c: &mut ConsumerSettings, v| {
        c.pull_threshold_size_for_queue_mib = v
    })
    .about(
        "100",
        "How many MiB of a queue a client may hold before it stops to pull the queue.",
        "DefaultMQPushConsumer.pullThresholdSizeForQueue",
    ),
    Setting {
        names: &["pullThresholdForTopic"],
        kind: Kind::Optional { least: 1, most: 6_553_500, set: |c, v| c.pull_threshold_for_topic = v },
        about: about(
            "-1",
            "Messages of a topic; divided by the number of the consumer's queues it overwrites pullThresholdForQueue \
             (trap E27).",
            "DefaultMQPushConsumer.pullThresholdForTopic",
        ),
    },
    Setting {
        names: &["pullThresholdSizeForTopic"],
        kind: Kind::Optional { least: 1, most: 102_400, set: |c, v| c.pull_threshold_size_for_topic_mib = v },
        about: about(
            "-1",
            "MiB of a topic; divided by the number of the consumer's queues it overwrites pullThresholdSizeForQueue.",
            "DefaultMQPushConsumer.pullThresholdSizeForTopic",
        ),
    },
    Setting {
        names: &["pullInterval"],
        kind: Kind::Span { unit: MS, least_ms: 0, most_ms: 65_535, set: |c, v| c.pull_interval = v },
        about: about(
            "0ms",
            "How long a client waits between two pulls of a queue.",
            "DefaultMQPushConsumer.pullInterval",
        ),
    },
    count(&["pullBatchSize"], 1, 1_024, |c: &mut ConsumerSettings, v| c.pull_batch_size = v).about(
        "32",
        "How many messages a pull asks for.",
        "DefaultMQPushConsumer.pullBatchSize",
    ),
    count(&["consumeMessageBatchMaxSize"], 1, 1_024, |c: &mut ConsumerSettings, v| {
        c.consume_message_batch_max_size = v
    })
    .about(
        "1",
        "How many messages a listener is given at a time.",
        "DefaultMQPushConsumer.consumeMessageBatchMaxSize",
    ),
    Setting {
        names: &["maxReconsumeTimes"],
        kind: Kind::Optional { least: 0, most: i32::MAX as u32, set: |c, v| c.max_reconsume_times = v },
        about: about(
            "-1",
            "How often a message is given again before it goes to the dead-letter queue; -1 is 16, and without end \
             where the listener is orderly.",
            "DefaultMQPushConsumer.maxReconsumeTimes",
        ),
    },
    period_in(MINUTE, &["consumeTimeout"], |c: &mut ConsumerSettings, v| c.consume_timeout = v).about(
        "15m",
        "A message that a listener holds for longer is sent back, and comes again.",
        "DefaultMQPushConsumer.consumeTimeout",
    ),
    delay(&["awaitTerminationMillisWhenShutdown"], |c: &mut ConsumerSettings, v| {
        c.await_termination_millis_when_shutdown = v
    })
    .about(
        "0ms",
        "How long shutdown() waits for its listeners; with 0 they are interrupted, and their work is done again (trap \
         E31).",
        "DefaultMQPushConsumer.awaitTerminationMillisWhenShutdown",
    ),
    delay(&["suspendCurrentQueueTimeMillis"], |c: &mut ConsumerSettings, v| c.suspend_current_queue_time_millis = v)
        .about(
            "1s",
            "How long an orderly queue waits after its listener failed; below 10 ms it is 10 ms, and above 30 s it is \
             30 s.",
            "DefaultMQPushConsumer.suspendCurrentQueueTimeMillis",
        ),
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
