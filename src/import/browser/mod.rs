//! What a browser shows: answers of the RocketMQ dashboard, and the page of the rocketmq-exporter.

mod dashboard;
mod groups;
mod metrics;
mod prometheus;
mod route;
mod running;
#[cfg(test)]
mod tests;

pub(super) use dashboard::{ANSWER, CONNECTION, TOPIC_LIST, TOPIC_STATS};
pub(super) use groups::{GROUP_CONFIG, GROUP_LIST, PROGRESS, PROGRESS_BY_GROUP};
pub(super) use metrics::Exporter;
pub(super) use route::{CLUSTER, ROUTE};
pub(super) use running::RUNNING_INFO;
#[cfg(test)]
pub(super) use tests::TEXTS;
