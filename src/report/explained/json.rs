//! The story as JSON: the same as the text, times in nanoseconds.

use serde_json::{Value, json};

use super::Explained;
use crate::report::wording::printable;

/// The whole story, indented, with a newline at its end.
#[must_use]
pub fn summary(explained: &Explained<'_>) -> String {
    let story = explained.story;
    let (finding, names) = (&story.finding, &story.names);
    let lines: Vec<Value> = (1..)
        .zip(&story.lines)
        .map(|(number, line)| {
            let number: u32 = number;
            json!({
                "number": number, "at_ns": line.at.as_nanos(), "event": line.sequence, "actor": line.actor,
                "text": line.text, "note": line.note, "waited_ns": line.waited.as_nanos(),
                "rule": line.wait.map(|wait| wait.rule()), "times": line.times,
            })
        })
        .collect();
    let spent: Vec<Value> = story
        .spent
        .iter()
        .map(|part| {
            json!({
                "rule": part.wait.rule(), "source": part.wait.source(), "ns": part.span.as_nanos(),
                "setting": part.wait.governor().map(|governor| governor.setting),
                "value_ns": part.setting.map(|span| span.as_nanos()),
            })
        })
        .collect();
    let remedies: Vec<Value> = explained
        .remedies
        .iter()
        .map(|remedy| {
            json!({
                "setting": remedy.setting, "from": remedy.from, "to": remedy.to, "set": remedy.set,
                "command": explained.tried(remedy),
            })
        })
        .collect();
    let uncommitted = story.uncommitted.as_ref().map(|found| {
        json!({
            "consumer": names.consumer(found.by), "reached": found.reached.0, "reached_ns": found.reached.1.as_nanos(),
            "committed": found.committed.map(|(offset, ..)| offset),
            "committed_ns": found.committed.map(|(_, at, _)| at.as_nanos()), "span_ns": found.span().as_nanos(),
        })
    });
    let root = json!({
        "title": explained.title,
        "seed": explained.seed,
        "what": finding.what.word(),
        "group": names.group(names.group_of_audience(finding.audience)),
        "queue": names.message_queue(finding.queue).to_string(),
        "from_ns": finding.from.as_nanos(),
        "until_ns": finding.until.as_nanos(),
        "length_ns": finding.length().as_nanos(),
        "count": finding.count,
        "causes": finding.causes.iter().map(|cause| cause.word()).collect::<Vec<_>>(),
        "unowned_because": finding.why.map(|why| why.word()),
        "before": story.before.as_ref().map(|before| json!({
            "at_ns": before.at.as_nanos(), "event": before.sequence, "actor": before.actor, "text": before.text,
        })),
        "lines": lines,
        "spent": spent,
        "uncommitted": uncommitted,
        "remedies": remedies,
        "command": explained.command,
    });
    let mut text = serde_json::to_string_pretty(&root).expect("keys are strings and numbers are finite");
    text.push('\n');
    printable(&text).into_owned()
}
