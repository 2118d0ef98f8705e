//! `DefaultLitePullConsumer`.

use super::{Tables, count, period};
use crate::model::plan::{ConsumerSettings, LitePullSettings};
use crate::scenario::settings::read_settings;
use crate::scenario::text::{Fault, Fields};

/// What a consumer that pulls may set beside what push consumers have as well.
pub(in crate::scenario) static LITE_PULL: Tables<LitePullSettings> = &[&[
    count(&["pullThreadNums"], 1, 1_000, |c: &mut LitePullSettings, v| c.pull_thread_nums = v).about(
        "20",
        "So many queues are pulled at the same time.",
        "DefaultLitePullConsumer.pullThreadNums",
    ),
    count(&["pullThresholdForAll"], 1, 10_000_000, |c: &mut LitePullSettings, v| c.pull_threshold_for_all = v).about(
        "10000",
        "How many messages may wait for poll() in all.",
        "DefaultLitePullConsumer.pullThresholdForAll",
    ),
    count(&["consumeMaxSpan"], 1, 65_535, |c: &mut LitePullSettings, v| c.consume_max_span = v).about(
        "2000",
        "How far the highest offset that waits may be above the lowest before the queue is not pulled.",
        "DefaultLitePullConsumer.consumeMaxSpan",
    ),
    period(&["autoCommitIntervalMillis"], |c: &mut LitePullSettings, v| c.auto_commit_interval = v).about(
        "5s",
        "How often a poll() commits what the polls before it returned.",
        "DefaultLitePullConsumer.autoCommitIntervalMillis",
    ),
    period(&["pollTimeoutMillis"], |c: &mut LitePullSettings, v| c.poll_timeout = v).about(
        "5s",
        "How long poll() waits for messages.",
        "DefaultLitePullConsumer.pollTimeoutMillis",
    ),
    period(&["brokerSuspendMaxTimeMillis"], |c: &mut LitePullSettings, v| c.broker_suspend_max_time = v).about(
        "20s",
        "How long a broker may hold a pull that found nothing.",
        "DefaultLitePullConsumer.brokerSuspendMaxTimeMillis",
    ),
    period(&["consumerTimeoutMillisWhenSuspend"], |c: &mut LitePullSettings, v| c.consumer_timeout_when_suspend = v)
        .about(
            "30s",
            "How long a client waits for the answer to a pull.",
            "DefaultLitePullConsumer.consumerTimeoutMillisWhenSuspend",
        ),
]];

/// The classes that a consumer can be, each with what it is and how it gets its messages.
pub const CLASSES: [(&str, &str, &str); 4] = [
    (
        "DefaultMQPushConsumer",
        "A consumer that pulls by itself and hands batches to a listener; the default.",
        "Its pull thread asks queue by queue and its consume pool calls the listener, concurrently or in order \
         (`DefaultMQPushConsumerImpl`).",
    ),
    (
        "DefaultLitePullConsumer",
        "A consumer whose application asks with poll() for what was pulled.",
        "Tasks pull into a cache (`DefaultLitePullConsumerImpl.PullTaskImpl`); what a poll() returned is committed by \
         a later one. `work` is then what the application does between two poll().",
    ),
    (
        "PushConsumer",
        "A consumer of apache/rocketmq-clients, which speaks gRPC to a proxy and hands messages to a listener.",
        "The proxy pops for it from every broker of its topics; each message is acknowledged for itself \
         (`PushConsumerImpl`).",
    ),
    (
        "SimpleConsumer",
        "A consumer of apache/rocketmq-clients whose application calls receive() and ack().",
        "The proxy pops for each receive() from one broker; topics and queues take turns (`SimpleConsumerImpl`). `work` is \
         what the application does with a message before it acknowledges it.",
    ),
];

/// `consumer`: which of RocketMQ's classes it is; read before all that depends on it.
pub(in crate::scenario) fn read_consumer_class(
    fields: &Fields<'_>,
    consumer: &mut ConsumerSettings,
) -> Result<(), Fault> {
    let classes = CLASSES.map(|(name, ..)| name);
    if let Some(node) = fields.get("class") {
        let text = node.text(&classes.join(" or "))?;
        consumer.lite_pull = match classes.iter().position(|name| *name == text) {
            Some(0 | 2 | 3) => None,
            Some(_) => {
                consumer.pull_batch_size = LitePullSettings::PULL_BATCH_SIZE;
                Some(LitePullSettings::default())
            }
            None => {
                let problem = format!("`{text}` is no consumer");
                return Err(Fault::new(node.place, problem, format!("allowed is {}", classes.join(" or "))));
            }
        };
    }
    match &mut consumer.lite_pull {
        Some(lite_pull) => read_settings(LITE_PULL, fields, lite_pull),
        None => {
            for name in LITE_PULL.iter().copied().flatten().flat_map(|setting| setting.names) {
                if let Some(node) = fields.get(name) {
                    let problem = format!("`{name}` has no effect on a push consumer");
                    return Err(Fault::new(node.place, problem, "it needs class = \"DefaultLitePullConsumer\""));
                }
            }
            Ok(())
        }
    }
}

/// What does not go together with a consumer that pulls.
pub(in crate::scenario) fn check_lite_pull(
    fields: &Fields<'_>,
    consumer: &ConsumerSettings,
    (orderly, fails): (bool, bool),
) -> Result<(), Fault> {
    use crate::model::plan::MessageModel::Broadcasting;
    if consumer.lite_pull.is_none() {
        return Ok(());
    }
    let failures = if fields.get("panics").is_some() { "panics" } else { "failures" };
    let refused = [
        (orderly, "listener", "a LitePull consumer has no listener"),
        (fails, failures, "poll() asks nobody whether a message failed"),
        (
            consumer.message_model == Broadcasting,
            "messageModel",
            "a LitePull consumer in a BROADCASTING group is not modelled",
        ),
    ];
    match refused.iter().find(|(wrong, ..)| *wrong) {
        Some((_, key, problem)) => {
            let place = fields.get(key).map_or(fields.place, |node| node.place);
            Err(Fault::new(place, *problem, format!("leave `{key}` out")))
        }
        None => Ok(()),
    }
}
