//! `DefaultLitePullConsumer`.

use super::{Setting, count, period};
use crate::model::plan::{ConsumerSettings, LitePullSettings};
use crate::scenario::settings::read_settings;
use crate::scenario::text::{Fault, Fields};

/// What a consumer that pulls may set beside what push consumers have as well.
pub(in crate::scenario) static LITE_PULL: &[Setting<LitePullSettings>] = &[
    count(&["pullThreadNums"], 1, 1_000, |c, v| c.pull_thread_nums = v),
    count(&["pullThresholdForAll"], 1, 10_000_000, |c, v| c.pull_threshold_for_all = v),
    count(&["consumeMaxSpan"], 1, 65_535, |c, v| c.consume_max_span = v),
    period(&["autoCommitIntervalMillis"], |c, v| c.auto_commit_interval = v),
    period(&["pollTimeoutMillis"], |c, v| c.poll_timeout = v),
    period(&["brokerSuspendMaxTimeMillis"], |c, v| c.broker_suspend_max_time = v),
    period(&["consumerTimeoutMillisWhenSuspend"], |c, v| c.consumer_timeout_when_suspend = v),
];

/// `consumer`: which of RocketMQ's classes it is; read before all that depends on it.
pub(in crate::scenario) fn read_consumer_class(
    fields: &Fields<'_>,
    consumer: &mut ConsumerSettings,
) -> Result<(), Fault> {
    const CLASSES: &str = "DefaultMQPushConsumer or DefaultLitePullConsumer";
    if let Some(node) = fields.get("class") {
        consumer.lite_pull = match node.text(CLASSES)? {
            "DefaultMQPushConsumer" => None,
            "DefaultLitePullConsumer" => {
                consumer.pull_batch_size = LitePullSettings::PULL_BATCH_SIZE;
                Some(LitePullSettings::default())
            }
            other => {
                let problem = format!("`{other}` is no consumer");
                return Err(Fault::new(node.place, problem, format!("allowed is {CLASSES}")));
            }
        };
    }
    match &mut consumer.lite_pull {
        Some(lite_pull) => read_settings(LITE_PULL, fields, lite_pull),
        None => {
            for name in LITE_PULL.iter().flat_map(|setting| setting.names) {
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
    let refused = [
        (orderly, "listener", "a LitePull consumer has no listener"),
        (fails, "failures", "poll() asks nobody whether a message failed"),
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
