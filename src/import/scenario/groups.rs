//! Groups: what they are told of, and what brokers have of them.

use super::super::cluster::{Group, GroupOn, Known, RemarkKind};
use super::draft::{A_GROUP, A_TOPIC, Draft};
use super::lines::{list, quoted};
use super::{members, settings, versions};

/// How long a listener works, where nothing says it.
const WORK: &str = "\"5ms\"";

pub(super) fn write(draft: &mut Draft<'_>) {
    if draft.groups.is_empty() {
        draft.lines.header("[[groups]]");
        draft.lines.said(format!("name = {}", quoted(A_GROUP)), "assumed: no input names a group");
        draft.lines.said("count = 2", "assumed");
        draft.lines.said(format!("work = {WORK}"), "assumed");
        draft.missing("`mqadmin consumerConnection -g GROUP` would tell the members of a group".to_owned());
        return;
    }
    members::share_processes(draft);
    let cluster = draft.cluster;
    for name in draft.groups.clone() {
        group(draft, name, &cluster.groups[name]);
    }
}

fn group(draft: &mut Draft<'_>, name: &str, group: &Group) {
    draft.lines.header("[[groups]]");
    let comment = draft.at(&group.places[..group.places.len().min(1)]);
    draft.lines.said(format!("name = {}", quoted(name)), comment);
    topics(draft, name, group);
    let broadcasting = what_it_is(draft, name, group);
    let lite_pull = group.consume_type.as_ref().is_some_and(|kind| kind.value == "CONSUME_ACTIVELY");
    members::strategy(draft, name, group, broadcasting);
    versions::version(draft, name, group);
    if members::is_orderly(group).is_some() && !lite_pull && !broadcasting {
        let comment = members::is_orderly(group).map(|known| draft.of(&known)).unwrap_or_default();
        draft.lines.setting("listener = \"orderly\"", comment);
    }
    draft.lines.said(format!("work = {WORK}"), "assumed: how long your listener works for a batch");
    if !group.on.is_empty() {
        created(draft, name, group);
    }
    settings::of_consumers(draft, &members::common(group), lite_pull);
    members::write(draft, name, group, broadcasting);
}

/// What it subscribes, and which part of it.
fn topics(draft: &mut Draft<'_>, name: &str, group: &Group) {
    let all = group.topics();
    let read: Vec<&str> = draft.topics.iter().copied().filter(|topic| all.contains(topic)).collect();
    if read.is_empty() {
        let topics: Vec<&str> = draft.topics.iter().copied().collect();
        let topics = if topics.is_empty() { vec![A_TOPIC] } else { topics };
        draft.lines.said(format!("topics = {}", list(topics)), "assumed: no input says what it subscribes");
        draft.missing(format!("`mqadmin consumerConnection -g {name}` would tell what {name} subscribes"));
        return;
    }
    let known: Vec<_> = read.iter().filter_map(|topic| group.subscriptions.get(*topic)).collect();
    let comment = match known.is_empty() {
        true => "where it has offsets, or its members say so".to_owned(),
        false => draft.at(&known.iter().flat_map(|known| known.places.iter().copied()).collect::<Vec<_>>()),
    };
    draft.lines.said(format!("topics = {}", list(read.iter().copied())), comment);
    if let Some(tags) =
        read.first().and_then(|topic| draft.tags.iter().find(|((own, of), _)| *own == name && of == topic))
    {
        let (text, known) = (tags.1.join(" || "), known.first());
        let comment = known.map(|known| draft.of(known)).unwrap_or_default();
        // No producer may be left that sends them.
        draft.lines.setting(format!("subExpression = {}", quoted(&text)), comment);
    }
    for (topic, mode) in group.request_modes.iter().filter(|(_, mode)| mode.value == "POP") {
        let sentence = format!(
            "brokers have the mode POP for {name} and {topic} ({}), which counts where its members let brokers deal; it is \
             played as pulling, and `clientRebalance = false` would let it pop",
            draft.of(mode)
        );
        draft.remark(RemarkKind::LeftOut, sentence);
    }
}

/// Its model and its class; answers whether it is broadcasting.
fn what_it_is(draft: &mut Draft<'_>, name: &str, group: &Group) -> bool {
    let mut word = |key: &str, known: &Option<Known<String>>, usual: &str, allowed: &[&str]| {
        let Some(known) = known.as_ref().filter(|known| known.value != usual) else { return false };
        let comment = draft.of(known);
        if !allowed.contains(&known.value.as_str()) {
            let sentence = format!("`{}` of {name} ({comment}) is played as {usual}", known.value);
            draft.remark(RemarkKind::LeftOut, sentence);
            return false;
        }
        let word = if known.value == "CONSUME_ACTIVELY" { "DefaultLitePullConsumer" } else { known.value.as_str() };
        draft.lines.said(format!("{key} = {}", quoted(word)), comment);
        true
    };
    let broadcasting = word("messageModel", &group.message_model, "CLUSTERING", &["BROADCASTING"]);
    word("class", &group.consume_type, "CONSUME_PASSIVELY", if broadcasting { &[] } else { &["CONSUME_ACTIVELY"] });
    let moments = ["CONSUME_FROM_FIRST_OFFSET", "CONSUME_FROM_TIMESTAMP"];
    word("consumeFromWhere", &group.consume_from_where, "CONSUME_FROM_LAST_OFFSET", &moments);
    broadcasting
}

/// Where an operator has made it, and with what.
fn created(draft: &mut Draft<'_>, name: &str, group: &Group) {
    let on: Vec<(&String, &GroupOn)> =
        group.on.iter().filter(|(broker, _)| draft.brokers.contains(broker.as_str())).collect();
    if on.is_empty() {
        return;
    }
    let places: Vec<_> = on.iter().flat_map(|(_, on)| on.places.iter().copied()).collect();
    let comment = draft.at(&places);
    draft.lines.said(format!("created = {}", list(on.iter().map(|(broker, _)| broker.as_str()))), comment);
    for (broker, on) in on {
        let flags = [
            ("consumeEnable", on.consume_enable.filter(|enabled| !enabled).map(|flag| flag.to_string())),
            (
                "consumeBroadcastEnable",
                on.consume_broadcast_enable.filter(|enabled| !enabled).map(|flag| flag.to_string()),
            ),
            (
                "retryQueueNums",
                on.retry_queue_nums.filter(|count| *count != 1 && *count <= 1_024).map(|count| count.to_string()),
            ),
        ];
        let said: Vec<String> =
            flags.into_iter().filter_map(|(key, value)| value.map(|value| format!("{key} = {value}"))).collect();
        if said.is_empty() {
            continue;
        }
        let mut step = vec![
            "at = \"1s\"".to_owned(),
            "action = \"set_group\"".to_owned(),
            format!("group = {}", quoted(name)),
            format!("brokers = {}", list([broker.as_str()])),
        ];
        step.extend(said);
        let comment = draft.at(&on.places);
        draft.steps.push((step, comment));
    }
}
