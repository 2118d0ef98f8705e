//! What stands behind the scenario: what to try with it, and what the picture lacks.

use super::super::cluster::{Group, RemarkKind};
use super::draft::Draft;
use super::lines::quoted;
use crate::wording::grouped;

/// Lines of each kind that are told.
const MOST: usize = 30;

pub(super) fn write(draft: &mut Draft<'_>) {
    let consumer = draft.first_consumer.clone().unwrap_or_else(|| "c1".to_owned());
    draft.lines.blank();
    draft
        .lines
        .note("What the death of a member costs: take the marks away from these lines, and see what `run` says.");
    let step = ["[[timeline]]", "at = \"100s\"", "action = \"kill\""];
    for line in step
        .into_iter()
        .map(str::to_owned)
        .chain([format!("consumer = {}", quoted(&consumer)), "mark = \"death\"".to_owned()])
    {
        draft.lines.note(line);
    }
    let behind: Vec<String> =
        draft.groups.iter().filter_map(|name| behind(draft, name, &draft.cluster.groups[*name])).collect();
    section(draft, "What waited when it was looked at; the story begins without it:", behind);
    let of = |draft: &Draft<'_>, kind: RemarkKind| -> Vec<String> {
        let all = draft.cluster.remarks.iter().chain(&draft.remarks);
        all.filter(|remark| remark.kind == kind).map(|remark| remark.sentence.clone()).collect()
    };
    let titles = [
        (RemarkKind::Conflict, "Where inputs disagree, or members do:"),
        (RemarkKind::LeftOut, "What was read and is not played:"),
        (RemarkKind::Assumed, "What was assumed besides:"),
        (RemarkKind::Missing, "What would tell more:"),
    ];
    for (kind, title) in titles {
        let sentences = of(draft, kind);
        section(draft, title, sentences);
    }
}

fn section(draft: &mut Draft<'_>, title: &str, sentences: Vec<String>) {
    if sentences.is_empty() {
        return;
    }
    draft.lines.blank();
    draft.lines.note(title);
    let more = sentences.len().saturating_sub(MOST);
    for sentence in sentences.into_iter().take(MOST) {
        draft.lines.note(format!("- {sentence}."));
    }
    if more > 0 {
        draft.lines.note(format!("- and {more} more."));
    }
}

/// How far a group was behind.
fn behind(draft: &Draft<'_>, name: &str, group: &Group) -> Option<String> {
    let waits = |offset: &super::super::cluster::Offset| {
        let waits = offset.broker_offset?.checked_sub(offset.consumer_offset)?;
        u64::try_from(waits).ok().filter(|waits| *waits > 0)
    };
    let queues: Vec<_> =
        group.offsets.iter().filter_map(|(queue, offset)| Some((waits(offset)?, queue, offset))).collect();
    let (most, queue, offset) = queues.iter().max_by_key(|(waits, ..)| *waits)?;
    let all: u64 = queues.iter().fold(0, |all: u64, (waits, ..)| all.saturating_add(*waits));
    Some(format!(
        "{name} was {} messages behind, most of them, {}, in {}/{}/{} ({})",
        grouped(all),
        grouped(*most),
        queue.topic,
        queue.broker,
        queue.id,
        draft.at(&[offset.place]),
    ))
}
