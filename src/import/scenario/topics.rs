//! Topics with their queues, and who sends to them.

use super::super::cluster::{OnBroker, Rate, RemarkKind, Topic, thousandths};
use super::draft::{A_TOPIC, Draft, is_name};
use super::lines::{list, quoted};
use super::{UNTIL_S, tags};

/// The most queues of a topic on a broker, as the language has it.
const MOST_QUEUES: u32 = 16_384;
/// What is sent where nothing says how much.
const ASSUMED: &str = "100/s";
/// The most messages a second of all topics together that are played: three minutes of them take seconds.
const MOST_MILLI: u64 = 3_000_000;

pub(super) fn write(draft: &mut Draft<'_>) {
    tags::choose(draft);
    let none = Topic::default();
    let cluster = draft.cluster;
    let topics: Vec<(&str, &Topic)> =
        draft.topics.iter().map(|&name| (name, cluster.topics.get(name).unwrap_or(&none))).collect();
    if topics.is_empty() {
        draft.lines.header("[[topics]]");
        draft.lines.said(format!("name = {}", quoted(A_TOPIC)), "assumed: no input names a topic that is read");
        draft.lines.said("queues = 4", "assumed");
        draft.missing("`mqadmin topicRoute -t TOPIC` would tell the queues of a topic".to_owned());
        producer(draft, A_TOPIC, &(ASSUMED.to_owned(), "assumed".to_owned()));
        return;
    }
    let rates: Vec<Option<Rate>> = topics.iter().map(|(name, topic)| rate(draft, name, topic)).collect();
    let all: u64 = rates.iter().flatten().fold(0, |all: u64, rate| all.saturating_add(rate.per_second_milli));
    // All of them alike: which topic has most stays so.
    let divided_by = all.div_ceil(MOST_MILLI).max(1);
    if divided_by > 1 {
        let sentence = format!("all rates are divided by {divided_by}, so that the story is played in seconds");
        draft.remark(RemarkKind::Assumed, sentence);
    }
    for ((name, topic), rate) in topics.iter().zip(&rates) {
        queues(draft, name, topic);
        if !is_writable(topic) {
            draft.lines.note(format!("Nobody may write to {name}: no producer is played."));
            continue;
        }
        let said = match rate {
            None => {
                (ASSUMED.to_owned(), "assumed: two looks with times would tell, as `collect` takes them".to_owned())
            }
            Some(rate) => {
                let slower = Rate { per_second_milli: (rate.per_second_milli / divided_by).max(10), ..rate.clone() };
                let divided = if divided_by > 1 { format!("{} by {divided_by}; ", rate.text()) } else { String::new() };
                (slower.text(), format!("{divided}{}, {}", rate.from, draft.at(&rate.places)))
            }
        };
        producer(draft, name, &said);
    }
}

fn is_writable(topic: &Topic) -> bool {
    let writes = |on: &OnBroker| {
        on.perm.as_ref().is_none_or(|perm| perm.value & 2 != 0) && on.write.as_ref().is_none_or(|write| write.value > 0)
    };
    topic.on.is_empty() || topic.on.values().any(writes)
}

/// What is sent to a topic: by two looks, else as much as its only group consumes.
fn rate(draft: &Draft<'_>, name: &str, topic: &Topic) -> Option<Rate> {
    if topic.rate.is_some() {
        return topic.rate.clone();
    }
    draft.groups.iter().find_map(|group| {
        let group = &draft.cluster.groups[*group];
        let topics = group.topics();
        let tps = group.consume_tps.as_ref().filter(|_| topics.contains(name))?;
        let all = thousandths(&tps.value)?;
        let share = (topics.len() > 1).then(|| format!(", shared by {} topics", topics.len()));
        Some(Rate {
            per_second_milli: all / topics.len() as u64,
            from: format!("Consume TPS {}{}", tps.value, share.unwrap_or_default()),
            places: tps.places.clone(),
        })
    })
}

fn queues(draft: &mut Draft<'_>, name: &str, topic: &Topic) {
    draft.lines.header("[[topics]]");
    let comment = draft.at(&topic.places);
    draft.lines.said(format!("name = {}", quoted(name)), comment);
    let on: Vec<(&String, &OnBroker)> = topic.on.iter().filter(|(broker, _)| is_name(broker)).collect();
    if on.is_empty() {
        draft.lines.said("queues = 4", "assumed: no input says how many, and on which brokers");
        draft.missing(format!("`mqadmin topicRoute -t {name}` would tell the queues of {name}"));
        return;
    }
    draft.lines.plain("brokers = [");
    for (broker, on) in on {
        let (counts, comment) = counts(draft, on);
        draft.lines.said(format!("    {{ name = {}, {counts} }},", quoted(broker)), comment);
        if on.at_least {
            draft.missing(format!("`mqadmin topicRoute -t {name}` would tell how many queues of {name} are read"));
        }
        if let Some(perm) = on.perm.as_ref().filter(|perm| perm.value & 6 != 6) {
            let word = ["none", "w", "r"].into_iter().zip([0, 2, 4]).find(|(_, bits)| perm.value & 6 == *bits);
            let step = vec![
                "at = \"1s\"".to_owned(),
                "action = \"set_permission\"".to_owned(),
                format!("topic = {}", quoted(name)),
                format!("brokers = {}", list([broker.as_str()])),
                format!("perm = \"{}\"", word.map_or("none", |(word, _)| word)),
            ];
            let comment = format!("perm {} of {name}: {}", perm.value, draft.of(perm));
            draft.steps.push((step, comment));
        }
    }
    draft.lines.plain("]");
}

/// Both counts of queues on a broker, and where they were read.
fn counts(draft: &mut Draft<'_>, on: &OnBroker) -> (String, String) {
    let value = |known: &Option<super::super::cluster::Known<u32>>| known.as_ref().map(|known| known.value);
    let (read, write) = (value(&on.read), value(&on.write));
    let [read, write] = [read.or(write).unwrap_or(4), write.or(read).unwrap_or(4)].map(|count| count.min(MOST_QUEUES));
    let mut comment = match (&on.read, &on.write) {
        (Some(read), Some(write)) if read.places == write.places => draft.of(read),
        (Some(read), Some(write)) => format!("{}; written: {}", draft.of(read), draft.of(write)),
        (Some(read), None) => format!("{}; as many written: assumed", draft.of(read)),
        (None, Some(write)) => format!("{}; as many read: assumed", draft.of(write)),
        (None, None) => "assumed".to_owned(),
    };
    if on.at_least {
        comment = format!("at least so many, {comment}");
    }
    let counts = match read == write && read > 0 {
        true => format!("queues = {read}"),
        false => format!("readQueueNums = {read}, writeQueueNums = {write}"),
    };
    (counts, comment)
}

fn producer(draft: &mut Draft<'_>, name: &str, (rate, comment): &(String, String)) {
    draft.lines.header("[[producers]]");
    draft.lines.plain(format!("topic = {}", quoted(name)));
    draft.lines.said(format!("rate = \"{rate}\""), comment);
    draft.lines.plain(format!("until = \"{UNTIL_S}s\""));
    let tags: Vec<String> = tags::of_topic(draft, name);
    if !tags.is_empty() {
        let tags = list(tags.iter().map(String::as_str));
        draft.lines.said(format!("tags = {tags}"), "those that are subscribed; each as often as the others: assumed");
    }
}
