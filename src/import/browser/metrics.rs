//! The page of the rocketmq-exporter, and what brokers of 5.x export themselves.

use super::super::fact::{BrokerRef, Fact};
use super::super::reader::{Reader, Reading};
use super::super::section::Section;
use super::prometheus::{Sample, sample};

/// Reads a page of metrics.
pub(in crate::import) struct Exporter;

/// What a sample of a metric says; `None` where a label is missing or the value is no whole number.
type Says = fn(&Sample<'_>) -> Option<Fact>;

/// The metrics that tell of groups, topics and clients (`RMQMetricsCollector`, `BrokerMetricsConstant`).
const METRICS: &[(&str, Says)] = &[
    ("rocketmq_group_diff", group_diff),
    ("rocketmq_group_retrydiff", group_diff),
    ("rocketmq_group_count", |sample| {
        let members = u32::try_from(sample.whole()?).ok();
        Some(group(sample.label("group")?, members, None))
    }),
    ("rocketmq_producer_offset", |sample| {
        let broker = BrokerRef::Name(sample.label("broker")?);
        Some(Fact::Sent { topic: sample.label("topic")?, broker, messages: sample.whole()? })
    }),
    ("rocketmq_client_consume_fail_msg_count", member),
    ("rocketmq_client_consume_fail_msg_tps", member),
    ("rocketmq_client_consume_ok_msg_tps", member),
    ("rocketmq_client_consume_rt", member),
    ("rocketmq_client_consumer_pull_rt", member),
    ("rocketmq_client_consumer_pull_tps", member),
    ("rocketmq_broker_tps", |sample| {
        let (cluster, name) = (sample.label("cluster"), sample.label("broker")?);
        let address = sample.label("brokerIP").filter(|address| address.contains(':'));
        Some(Fact::Broker { cluster, name, id: None, address, version: None, activated: None })
    }),
    ("rocketmq_consumer_lag_messages", |sample| {
        let broker = sample.label("node_id").map(BrokerRef::Name);
        let (group, topic) = (sample.label("consumer_group")?, sample.label("topic")?);
        Some(Fact::Lag { group, topic, broker, messages: sample.whole()? })
    }),
];

/// One fact more from each row of `rocketmq_group_diff`: how many members there are.
fn online(sample: &Sample<'_>) -> Option<Fact> {
    let members = sample.label("countOfOnlineConsumers")?.parse().ok();
    // `MessageModel.ordinal`, where it is no word: broadcasting is the first.
    let model = match sample.label("msgModel").as_deref() {
        Some("0") => Some("BROADCASTING".to_owned()),
        Some("1") => Some("CLUSTERING".to_owned()),
        Some(word) if word.chars().all(|c| c.is_ascii_uppercase()) => Some(word.to_owned()),
        _ => None,
    };
    Some(group(sample.label("group")?, members, model))
}

fn group(group: String, members: Option<u32>, message_model: Option<String>) -> Fact {
    let (consume_type, consume_from_where, consume_tps) = (None, None, None);
    Fact::GroupIs {
        group: Some(group),
        members,
        consume_type,
        message_model,
        consume_from_where,
        consume_tps,
        diff_total: None,
    }
}

fn group_diff(sample: &Sample<'_>) -> Option<Fact> {
    let (group, topic) = (sample.label("group")?, sample.label("topic")?);
    Some(Fact::Lag { group, topic, broker: None, messages: sample.whole()? })
}

fn member(sample: &Sample<'_>) -> Option<Fact> {
    let client_id = sample.label("clientId").filter(|id| id.contains('@'))?;
    let (group, address) = (Some(sample.label("group")?), sample.label("clientAddr"));
    Some(Fact::Member { group, client_id, address, language: None, version: None })
}

impl Reader for Exporter {
    fn name(&self) -> &'static str {
        "metrics of the rocketmq-exporter or of a broker"
    }

    fn recognises(&self, section: &Section<'_>) -> bool {
        let mut lines = section.lines.iter().map(|(_, line)| line.trim()).filter(|line| !line.is_empty());
        lines.any(|line| {
            let comment = line.strip_prefix("# TYPE ").or_else(|| line.strip_prefix("# HELP "));
            comment.is_some_and(|name| name.starts_with("rocketmq_"))
                || line.starts_with("rocketmq_") && sample(line).is_some_and(|sample| !sample.labels.is_empty())
        })
    }

    fn read(&self, section: &Section<'_>, reading: &mut Reading) {
        let mut members = std::collections::BTreeSet::new();
        for (number, line) in &section.lines {
            let (place, line) = (section.place(*number), line.trim());
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let Some(sample) = sample(line) else {
                reading.note(place, "this line is no sample of a metric");
                continue;
            };
            let Some((_, says)) = METRICS.iter().find(|(name, _)| *name == sample.name) else { continue };
            match says(&sample) {
                // A client has a row for each topic and metric.
                Some(Fact::Member { group, client_id, .. }) if !members.insert((group.clone(), client_id.clone())) => {}
                Some(fact) => reading.fact(place, fact),
                None => reading.note(place, format!("`{}` without its labels or a whole number", sample.name)),
            }
            if let ("rocketmq_group_diff", Some(fact)) = (sample.name, online(&sample)) {
                reading.fact(place, fact);
            }
        }
    }
}
