//! All settings that a scenario may have, for people: what `list settings` and `explain-word` know of them.

use super::by_hand::BY_HAND;
use super::lite_pull::LITE_PULL;
use super::{
    BROKER, CLIENT, CONSUMER, ENVIRONMENT, GRPC, Kind, LONGEST_MS, MINUTE, MS, NAME_SERVER, PROXY, SECOND, SIMPLE,
    Setting,
};
use crate::kernel::Span;

/// A setting as a person wants to know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownSetting {
    /// RocketMQ's name where it has one.
    pub name: &'static str,
    /// Other names that it answers to.
    pub others: Vec<&'static str>,
    /// Where it stands in a scenario.
    pub place: &'static str,
    /// What a bare number counts; empty where there is none.
    pub unit: &'static str,
    /// What is allowed.
    pub allowed: String,
    /// Its default.
    pub default: &'static str,
    /// What it does, in one sentence.
    pub does: &'static str,
    /// `Class.field` of RocketMQ; empty where it is none of RocketMQ's.
    pub source: &'static str,
}

/// All of them, place by place.
#[must_use]
pub fn known_settings() -> Vec<KnownSetting> {
    let mut all = Vec::new();
    const OF_CONSUMERS: &str = "a group, a consumer, a release";
    let by_hand = |place: &'static str| BY_HAND.iter().filter(move |own| own.place == place);
    all.extend(CLIENT.iter().copied().flatten().map(|setting| known(setting, OF_CONSUMERS)));
    all.extend(CONSUMER.iter().copied().flatten().map(|setting| known(setting, OF_CONSUMERS)));
    let lite_pull = "a group, a consumer, a release with class = \"DefaultLitePullConsumer\"";
    all.extend(LITE_PULL.iter().copied().flatten().map(|setting| known(setting, lite_pull)));
    all.extend(BROKER.iter().copied().flatten().map(|setting| known(setting, "a broker")));
    all.extend(NAME_SERVER.iter().copied().flatten().map(|setting| known(setting, "a name server")));
    let grpc = "a group, a consumer, a release with class = \"PushConsumer\" or \"SimpleConsumer\"";
    all.extend(GRPC.iter().copied().flatten().map(|setting| known(setting, grpc)));
    let simple = "a group, a consumer, a release with class = \"SimpleConsumer\"";
    all.extend(SIMPLE.iter().copied().flatten().map(|setting| known(setting, simple)));
    all.extend(PROXY.iter().copied().flatten().map(|setting| known(setting, "a proxy")));
    for place in [OF_CONSUMERS, "a consumer, a start, a restart", "a broker", "a name server", "a proxy", "a producer"]
    {
        all.extend(by_hand(place).map(|own| KnownSetting {
            name: own.name,
            others: Vec::new(),
            place: own.place,
            unit: own.unit,
            allowed: own.allowed.to_owned(),
            default: own.default,
            does: own.does,
            source: own.source,
        }));
    }
    all.extend(ENVIRONMENT.iter().copied().flatten().map(|setting| known(setting, "[environment]")));
    all
}

fn known<T>(setting: &Setting<T>, place: &'static str) -> KnownSetting {
    let [name, others @ ..] = setting.names else { unreachable!("a setting has a name") };
    let about = &setting.about;
    KnownSetting {
        name,
        others: others.to_vec(),
        place,
        unit: unit(&setting.kind),
        allowed: allowed(&setting.kind),
        default: about.default,
        does: about.does,
        source: about.source,
    }
}

fn unit<T>(kind: &Kind<T>) -> &'static str {
    match kind {
        Kind::Span { unit, .. } if *unit == MS => "ms",
        Kind::Span { unit, .. } if *unit == SECOND => "s",
        Kind::Span { unit, .. } if *unit == MINUTE => "minutes",
        _ => "",
    }
}

fn allowed<T>(kind: &Kind<T>) -> String {
    match kind {
        Kind::Span { least_ms, most_ms, .. } => {
            let (least, most) = (Span::from_millis(*least_ms), Span::from_millis(*most_ms));
            if *most_ms == LONGEST_MS { format!("{least} or more") } else { format!("{least} to {most}") }
        }
        Kind::Count { least, most, .. } => format!("{least} to {most}"),
        Kind::Optional { least, most, .. } => format!("{least} to {most}, or -1"),
        Kind::Flag(_) => "true or false".to_owned(),
        Kind::Word { words, .. } => words.join(" or "),
        Kind::Spans(_) => "durations separated by spaces".to_owned(),
        Kind::Length(_) => "a duration".to_owned(),
        Kind::Drawn(_) => "a duration, or a distribution such as { uniform = [\"1ms\", \"5ms\"] }".to_owned(),
        Kind::Share(_) => "a share such as 0.25 or \"25%\"".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Tables, read_settings};
    use super::*;
    use crate::model::plan::{
        BrokerSettings, ClientSettings, ConsumerSettings, Environment, GrpcSettings, LitePullSettings,
        NameServerSettings, ProxySettings, SimpleConsumerSettings,
    };
    use crate::scenario::text::{Fields, Node};
    use crate::strategy::registry;

    /// Defaults that are no value which a scenario could write.
    const IN_WORDS: [&str; 8] = [
        "as client_start",
        "by the machine's processors",
        "as service_time",
        "as scanNotActiveBrokerInterval",
        "each has a machine of its own",
        "requests never wait for a thread",
        "before the run",
        "none",
    ];

    /// Reads the default that a table tells of each setting over the defaults of the model: nothing changes.
    fn changed<T: Clone>(tables: Tables<T>, model: &T, same: impl Fn(&T, &T) -> bool) -> Vec<&'static str> {
        let mut changed = Vec::new();
        for setting in tables.iter().copied().flatten() {
            let (name, default) = (setting.names[0], setting.about.default);
            if IN_WORDS.contains(&default) {
                continue;
            }
            let bare =
                matches!(setting.kind, Kind::Count { .. } | Kind::Optional { .. } | Kind::Flag(_) | Kind::Share(_))
                    || default.starts_with('{');
            let value = if bare { default.to_owned() } else { format!("\"{default}\"") };
            let node = Node::parse(&format!("{name} = {value}\n"), 0).expect("the default is TOML");
            let mut read = model.clone();
            let fields = Fields::of(&node, "a table").expect("a table");
            if let Err(fault) = read_settings(tables, &fields, &mut read) {
                panic!("{name} = {value}: {}; {}", fault.problem, fault.allowed);
            }
            if !same(&read, model) {
                changed.push(name);
            }
        }
        changed
    }

    #[test]
    fn the_default_that_is_told_is_the_default_of_the_model() {
        let equal = |changed: Vec<&str>| assert_eq!(changed, Vec::<&str>::new());
        equal(changed(CLIENT, &ClientSettings::default(), ClientSettings::eq));
        equal(changed(LITE_PULL, &LitePullSettings::default(), LitePullSettings::eq));
        equal(changed(GRPC, &GrpcSettings::default(), GrpcSettings::eq));
        equal(changed(SIMPLE, &SimpleConsumerSettings::default(), SimpleConsumerSettings::eq));
        equal(changed(PROXY, &ProxySettings::default(), ProxySettings::eq));
        equal(changed(BROKER, &BrokerSettings::default(), BrokerSettings::eq));
        equal(changed(NAME_SERVER, &NameServerSettings::default(), NameServerSettings::eq));
        equal(changed(ENVIRONMENT, &Environment::default(), Environment::eq));
        let model = ConsumerSettings::with_strategy(registry::strategy("AVG").expect("it is registered"));
        let fields = |c: &ConsumerSettings| {
            let counts = [
                c.consume_thread_min,
                // Where none is set it is RocketMQ's 20.
                c.consume_thread_max.unwrap_or(20),
                c.consume_concurrently_max_span,
                c.pull_threshold_for_queue,
                c.pull_threshold_size_for_queue_mib,
                c.pull_batch_size,
                c.consume_message_batch_max_size,
            ];
            let off = [c.pull_threshold_for_topic, c.pull_threshold_size_for_topic_mib, c.max_reconsume_times];
            let spans = [
                c.pull_interval,
                c.consume_timeout,
                c.await_termination_millis_when_shutdown,
                c.suspend_current_queue_time_millis,
            ];
            (counts, off, spans, c.pop.clone())
        };
        equal(changed(CONSUMER, &model, |a, b| fields(a) == fields(b)));
    }

    #[test]
    fn every_setting_says_what_it_does() {
        for setting in known_settings() {
            let KnownSetting { name, default, does, allowed, .. } = &setting;
            assert!(does.ends_with('.') && !default.is_empty() && !allowed.is_empty(), "{name}: {setting:?}");
        }
    }
}
