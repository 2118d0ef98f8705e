//! What the keys of Spring mean (`RocketMQProperties`, `RocketMQConsumerProperties`); what is
//! secret is nobody's.

use std::collections::BTreeMap;

use super::super::disk::cut;
use super::super::fact::Fact;
use super::super::reader::Reading;
use super::super::section::Place;
use super::jvm::name_servers;

/// A key with its value.
#[derive(Debug, Clone)]
pub(super) struct Said {
    /// Where it stands.
    pub place: Place,
    /// The dotted key.
    pub key: String,
    /// The value.
    pub value: String,
}

/// Reads what is said of RocketMQ.
pub(super) fn say(all: &[Said], reading: &mut Reading) {
    let mut consumers: BTreeMap<String, Consumer<'_>> = BTreeMap::new();
    for said in all {
        let Some((consumer, key)) = place_of(&said.key) else { continue };
        if ["key", "secret", "password"].iter().any(|end| said.key.to_ascii_lowercase().ends_with(end)) {
            continue;
        }
        if said.value.contains("${") {
            // A default may stand behind a colon; whether it is taken, the environment decides.
            let what = format!("`{}` is filled in from outside: `{}`", cut(&said.key), cut(&said.value));
            reading.note(said.place, what);
            continue;
        }
        match key {
            Key::NameServer => name_servers(&said.value, said.place, reading),
            Key::Of(key) => consumers.entry(consumer).or_default().settings.push((key, said)),
        }
    }
    for consumer in consumers.into_values() {
        consumer.say(reading);
    }
}

enum Key {
    NameServer,
    /// RocketMQ's name of a consumer's setting.
    Of(String),
}

/// A consumer of an application, by its binding.
#[derive(Default)]
struct Consumer<'a> {
    settings: Vec<(String, &'a Said)>,
}

/// Which consumer a key is of, and what it says; `None` where it is no key of RocketMQ or of no consumer.
fn place_of(key: &str) -> Option<(String, Key)> {
    let parts: Vec<&str> = key.split('.').collect();
    let plain = |part: &str| part.replace(['-', '_'], "").to_ascii_lowercase();
    let known: Vec<String> = parts.iter().map(|part| plain(part)).collect();
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    match &known[..] {
        ["rocketmq", "nameserver"] | ["spring", "cloud", "stream", "rocketmq", "binder", "nameserver"] => {
            Some((String::new(), Key::NameServer))
        }
        ["rocketmq", "consumer" | "pushconsumer" | "pullconsumer" | "simpleconsumer", last] => {
            Some((format!("rocketmq.{}", known[1]), Key::Of(rocketmq_name(parts.last()?, last))))
        }
        ["spring", "cloud", "stream", "bindings", binding, "destination"] => {
            Some(((*binding).to_owned(), Key::Of("topic".to_owned())))
        }
        ["spring", "cloud", "stream", "bindings", binding, "group"] => {
            Some(((*binding).to_owned(), Key::Of("group".to_owned())))
        }
        ["spring", "cloud", "stream", "bindings", binding, "consumer", last] => {
            Some(((*binding).to_owned(), Key::Of(rocketmq_name(parts.last()?, last))))
        }
        ["spring", "cloud", "stream", "rocketmq", "bindings", binding, "consumer", .., last] => {
            Some(((*binding).to_owned(), Key::Of(rocketmq_name(parts.last()?, last))))
        }
        _ => None,
    }
}

/// The name of a setting in RocketMQ: `pull-batch-size` is `pullBatchSize`.
fn rocketmq_name(written: &str, plain: &str) -> String {
    match plain {
        "concurrency" | "consumethreadnumber" => return "consumeThreadMin".to_owned(),
        "group" | "consumergroup" => return "group".to_owned(),
        "topic" => return "topic".to_owned(),
        "selectorexpression" | "subscription" | "tags" => return "subExpression".to_owned(),
        "messagemodel" => return "messageModel".to_owned(),
        _ => {}
    }
    let mut parts = written.split(['-', '_']);
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |name, part| {
        let mut letters = part.chars();
        letters.next().map_or(name.clone(), |head| format!("{name}{}{}", head.to_ascii_uppercase(), letters.as_str()))
    })
}

impl Consumer<'_> {
    fn say(self, reading: &mut Reading) {
        let find = |name: &str| self.settings.iter().rev().find(|(key, _)| key == name).map(|(_, said)| *said);
        // A binding without a group is a producer's, or has a group of its own at each start.
        let Some(group) = find("group").filter(|group| !group.value.is_empty()) else { return };
        if let Some(topic) = find("topic") {
            let expression = find("subExpression").map_or("*", |said| &said.value);
            for name in topic.value.split(',').map(str::trim).filter(|name| !name.is_empty()) {
                let (topic_name, expression) = (name.to_owned(), expression.to_owned());
                let group = Some(group.value.clone());
                let fact = Fact::Subscription { group, client_id: None, topic: topic_name, expression };
                reading.fact(topic.place, fact);
            }
        }
        for (key, said) in &self.settings {
            if ["group", "topic", "subExpression"].contains(&key.as_str()) {
                continue;
            }
            let (group, value) = (Some(group.value.clone()), said.value.clone());
            reading.fact(said.place, Fact::ClientSetting { group, client_id: None, key: key.clone(), value });
        }
    }
}
