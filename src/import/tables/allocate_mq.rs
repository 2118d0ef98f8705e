//! What `allocateMQ` computes.

use std::collections::BTreeMap;

use super::rows::is_remark;
use crate::import::fact::{BrokerRef, Fact};
use crate::import::reader::{Reader, Reading};
use crate::import::section::Section;

/// `mqadmin allocateMQ` (`AllocateMQSubCommand`, `RebalanceResult`), the same in all versions: JSON with what `AVG` would
/// give to ids that the caller thinks of. It owns nothing; what it tells is which queues of the topic are read.
pub struct AllocateMq;

/// What it prints.
#[derive(serde::Deserialize)]
struct Answer {
    result: BTreeMap<String, Vec<Queue>>,
}

/// A `MessageQueue` as JSON.
#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct Queue {
    broker_name: String,
    queue_id: u32,
    topic: String,
}

/// The answer of a piece.
fn answer(section: &Section<'_>) -> Option<Answer> {
    // Only a small part of all JSON is worth a parser.
    let first = section.lines.iter().map(|(_, line)| line.trim()).find(|line| !line.is_empty() && !is_remark(line))?;
    let begins = first.starts_with('{') && section.lines.iter().any(|(_, line)| line.contains("\"result\""));
    begins.then(|| serde_json::from_str(&section.text()).ok())?
}

impl Reader for AllocateMq {
    fn name(&self) -> &'static str {
        "`mqadmin allocateMQ`"
    }

    fn recognises(&self, section: &Section<'_>) -> bool {
        answer(section).is_some()
    }

    fn read(&self, section: &Section<'_>, reading: &mut Reading) {
        let Some(answer) = answer(section) else { return };
        let place = section.beginning();
        let mut queues: BTreeMap<(String, String), Vec<u32>> = BTreeMap::new();
        for queue in answer.result.into_values().flatten() {
            queues.entry((queue.topic, queue.broker_name)).or_default().push(queue.queue_id);
        }
        for ((topic, broker), mut ids) in queues {
            ids.sort_unstable();
            ids.dedup();
            // Ids are dealt from 0 on, so that a gap means that something was cut out.
            if ids.iter().zip(0..).any(|(id, expected)| *id != expected) {
                reading.note(place, format!("the queues of {topic} on {broker} are not all there"));
                continue;
            }
            let read_queues = u32::try_from(ids.len()).ok();
            let (broker, write_queues, perm) = (BrokerRef::Name(broker), None, None);
            reading.fact(place, Fact::TopicAt { topic, broker, read_queues, write_queues, perm });
        }
        reading.note(place, "what AVG would give to the ids that were asked for, not what anybody has");
    }
}
