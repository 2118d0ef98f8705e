//! The clients of apache/rocketmq-clients: `class = "PushConsumer"` or `"SimpleConsumer"`, and `clientVersion = "grpc-java-..."`.

use super::client_version::ClientVersion;
use super::told_rules::releases_by_rules;
use super::{Kind, MS, Setting, Tables, about, count, period, read_settings};
use crate::kernel::Span;
use crate::model::plan::{ClientSettings, ConsumerSettings, GrpcSettings, Listener, SimpleConsumerSettings};
use crate::scenario::text::{Fault, Fields};

/// The releases, oldest first.
const RELEASES: [&str; 5] =
    ["grpc-java-5.0.7", "grpc-java-5.0.8", "grpc-java-5.1.0", "grpc-java-5.2.0", "grpc-java-5.2.1"];

/// What the releases do in their own way.
struct Rule {
    name: &'static str,
    /// What a release does that has it, with its source.
    does: &'static str,
    has: [bool; RELEASES.len()],
    set: fn(&mut GrpcSettings, bool),
}

const YES: bool = true;
const NO: bool = false;

/// The rules, in the order in which they are told.
const RULES: &[Rule] = &[
    Rule {
        name: "closeAwaitsListeners",
        does: "close() waits for receives under way and for listeners before it says goodbye; before, the proxy gives what \
            it has back after a second (PushConsumerImpl.shutDown)",
        has: [NO, YES, YES, YES, YES],
        set: |grpc, has| grpc.close_waits = has,
    },
    Rule {
        name: "threeStartupAttempts",
        does: "a start asks three times for its routes, before once (ClientImpl.startUp)",
        has: [NO, NO, NO, YES, YES],
        set: |grpc, has| grpc.max_startup_attempts = if has { 3 } else { 1 },
    },
    Rule {
        name: "caches4096",
        does: "maxCacheMessageCount is 4096, before 1024 (PushConsumerBuilderImpl)",
        has: [NO, NO, NO, NO, YES],
        set: |grpc, has| grpc.max_cache_message_count = if has { 4_096 } else { 1_024 },
    },
];

/// What a PushConsumer may set, and a SimpleConsumer of it what is its own too.
pub(in crate::scenario) static GRPC: Tables<GrpcSettings> = &[&[
    count(&["maxCacheMessageCount"], 1, 10_000_000, |g: &mut GrpcSettings, v| g.max_cache_message_count = v).about(
        "4096",
        "How many messages a PushConsumer may have that it is not done with, divided by its assignments; 1024 before 5.2.1.",
        "PushConsumerBuilder.setMaxCacheMessageCount",
    ),
    count(&["maxCacheMessageSizeInBytes"], 1, 1 << 30, |g: &mut GrpcSettings, v| g.max_cache_message_size_in_bytes = v)
        .about(
            "67108864",
            "The same in bytes of their bodies.",
            "PushConsumerBuilder.setMaxCacheMessageSizeInBytes",
        ),
    count(&["consumptionThreadCount"], 1, 1_000, |g: &mut GrpcSettings, v| g.consumption_thread_count = v).about(
        "20",
        "So many listeners of a PushConsumer run at a time.",
        "PushConsumerBuilder.setConsumptionThreadCount",
    ),
    period(&["requestTimeout"], |g: &mut GrpcSettings, v| g.request_timeout = v).about(
        "3s",
        "The deadline of a request; of a receive it comes on top of the time that it waits.",
        "ClientConfigurationBuilder.setRequestTimeout",
    ),
    super::flag(&["balancesRequests"], |g: &mut GrpcSettings, v| g.balances_requests = v).about(
        "false",
        "A load balancer gives each request to another proxy, and not each connection.",
        "",
    ),
]];

/// What a SimpleConsumer and its application have.
pub(in crate::scenario) static SIMPLE: Tables<SimpleConsumerSettings> = &[&[
    period(&["awaitDuration"], |s: &mut SimpleConsumerSettings, v| s.await_duration = v).about(
        "30s",
        "How long a receive() waits at its one broker; a proxy makes it 5 to 20 s, and refuses one below 2 s.",
        "SimpleConsumerBuilder.setAwaitDuration",
    ),
    period(&["invisibleDuration"], |s: &mut SimpleConsumerSettings, v| s.invisible_duration = v).about(
        "15s",
        "For how long nobody else is given what a receive() returned.",
        "SimpleConsumer.receive",
    ),
    count(&["maxMessageNum"], 1, 1_024, |s: &mut SimpleConsumerSettings, v| s.max_message_num = v).about(
        "16",
        "How many messages a receive() asks for; a proxy gives 32 at most.",
        "SimpleConsumer.receive",
    ),
    count(&["receivingThreads"], 1, 1_000, |s: &mut SimpleConsumerSettings, v| s.receiving_threads = v).about(
        "1",
        "So many threads of the application receive, work on one message after the other, and acknowledge each.",
        "",
    ),
    Setting {
        names: &["changeInvisibleDuration"],
        kind: Kind::Span {
            unit: MS,
            least_ms: 1,
            most_ms: 43_200_000,
            set: |s: &mut SimpleConsumerSettings, v| s.change_invisible_duration = Some(v),
        },
        about: about(
            "none",
            "What the application asks for a message whose work failed; without it it says nothing of such a one.",
            "SimpleConsumer.changeInvisibleDuration",
        ),
    },
]];

/// Puts a client that speaks gRPC into the settings, where `class` or `clientVersion` names it, and takes it out again, where
/// they name another one. Answers whether it is one now.
///
/// # Errors
/// A release that is not modelled.
pub(in crate::scenario) fn read_grpc_version(fields: &Fields<'_>, client: &mut ClientSettings) -> Result<bool, Fault> {
    let class = fields.get("class").map(|node| node.text("the name of a class")).transpose()?;
    let version = match fields.get("clientVersion") {
        Some(node) => Some((node, node.text("a version such as \"5.3.3\" or \"grpc-java-5.2.1\"")?)),
        None => None,
    };
    let names = |text: &str| text.to_lowercase().starts_with("grpc");
    let by_class = class.map(|class| matches!(class, "PushConsumer" | "SimpleConsumer"));
    let is_grpc = match (by_class, &version) {
        (Some(by_class), _) => by_class,
        (None, Some((_, text))) => names(text),
        (None, None) => client.grpc.is_some(),
    };
    if !is_grpc {
        if client.grpc.is_some() {
            *client = ClientSettings::default();
        }
        return Ok(false);
    }
    if client.grpc.is_none() {
        let java = ClientSettings::default();
        // `KEEP_ALIVE_TIME_MILLIS` and `KEEP_ALIVE_TIMEOUT_MILLIS`; a deadline leaves its connection open.
        *client = ClientSettings {
            client_channel_max_idle_time_seconds: Span::from_secs(330),
            client_close_socket_if_timeout: false,
            ..java
        };
        client.grpc = Some(GrpcSettings::default());
    }
    let grpc = client.grpc.as_mut().expect("it was put there");
    if let Some((node, text)) = version {
        let Some(release) = RELEASES.iter().position(|name| *name == text) else {
            let problem = format!("client `{text}` is not modelled, or speaks no gRPC");
            return Err(Fault::new(node.place, problem, format!("modelled are {}", RELEASES.join(", "))));
        };
        grpc.version = RELEASES[release];
        RULES.iter().for_each(|rule| (rule.set)(grpc, rule.has[release]));
    }
    match class {
        Some("SimpleConsumer") => grpc.simple = Some(grpc.simple.unwrap_or_default()),
        Some("PushConsumer") => grpc.simple = None,
        _ => {}
    }
    read_settings(GRPC, fields, grpc)?;
    if let Some(simple) = &mut grpc.simple {
        read_settings(SIMPLE, fields, simple)?;
    }
    Ok(true)
}

/// What only a consumer of the remoting protocol has.
const REMOTING: [&str; 24] = [
    "clientRebalance",
    "popInvisibleTime",
    "popBatchNums",
    "popThresholdForQueue",
    "allocateMessageQueueStrategy",
    "offsetStore",
    "consumeFromWhere",
    "consumeTimestamp",
    "consumeThreadMin",
    "consumeThreadMax",
    "consumeConcurrentlyMaxSpan",
    "pullThresholdForQueue",
    "pullThresholdSizeForQueue",
    "pullThresholdForTopic",
    "pullThresholdSizeForTopic",
    "pullInterval",
    "pullBatchSize",
    "consumeMessageBatchMaxSize",
    "maxReconsumeTimes",
    "consumeTimeout",
    "awaitTerminationMillisWhenShutdown",
    "useHeartbeatV2",
    "delayLevelWhenNextConsume",
    "instance",
];

/// Refuses what a client that speaks gRPC has not, and what others have not that only such a one has.
///
/// # Errors
/// The first of these, with the key that says it.
pub(in crate::scenario) fn check_grpc(
    fields: &Fields<'_>,
    (client, consumer): (&ClientSettings, &ConsumerSettings),
    listener: &Listener,
) -> Result<(), Fault> {
    let own = GRPC.iter().copied().flatten().flat_map(|setting| setting.names);
    let of_simple = || SIMPLE.iter().copied().flatten().flat_map(|setting| setting.names);
    let Some(grpc) = &client.grpc else {
        return match own.chain(of_simple()).chain(&["endpoints"]).find_map(|name| Some((name, fields.get(name)?))) {
            Some((name, node)) => Err(Fault::new(
                node.place,
                format!("`{name}` has no effect on a consumer that asks brokers"),
                "it needs class = \"PushConsumer\" or class = \"SimpleConsumer\", which speak gRPC to a proxy",
            )),
            None => Ok(()),
        };
    };
    if let Some((name, node)) = REMOTING.iter().find_map(|name| Some((name, fields.get(name)?))) {
        let problem = format!("`{name}` has no effect on a client that speaks gRPC");
        return Err(Fault::new(
            node.place,
            problem,
            "leave it out; the proxy and the group's configuration say the rest",
        ));
    }
    if grpc.simple.is_none()
        && let Some((name, node)) = of_simple().find_map(|name| Some((name, fields.get(name)?)))
    {
        let problem = format!("`{name}` has no effect on a PushConsumer");
        return Err(Fault::new(node.place, problem, "it needs class = \"SimpleConsumer\""));
    }
    let broadcasts = consumer.message_model == crate::model::plan::MessageModel::Broadcasting;
    let refused = [
        (broadcasts, "messageModel", "a client that speaks gRPC knows no BROADCASTING"),
        (
            listener.orderly.is_some(),
            "listener",
            "whether a client that speaks gRPC consumes in order says its group: consumeMessageOrderly of the brokers",
        ),
        (listener.own.is_some(), "listener", "a listener of one's own for a client that speaks gRPC is not modelled"),
    ];
    match refused.into_iter().find(|(is, ..)| *is) {
        Some((_, key, problem)) => {
            let place = fields.get(key).map_or(fields.place, |node| node.place);
            Err(Fault::new(place, problem, "leave it out, or name a Java client as clientVersion"))
        }
        None => Ok(()),
    }
}

/// All releases, oldest first, with the rules that they have.
pub(super) fn grpc_versions() -> impl Iterator<Item = ClientVersion> {
    releases_by_rules(&RELEASES, RULES.iter().map(|rule| (rule.name, rule.does, rule.has.as_slice())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_tells_releases_apart_and_the_newest_is_the_default() {
        let mut newest = GrpcSettings::default();
        for rule in RULES {
            assert!(rule.has.contains(&true) && rule.has.contains(&false), "{} tells releases apart", rule.name);
            (rule.set)(&mut newest, rule.has[RELEASES.len() - 1]);
            assert_eq!(newest, GrpcSettings::default(), "{}", rule.name);
            let mut other = GrpcSettings::default();
            (rule.set)(&mut other, !rule.has[RELEASES.len() - 1]);
            assert_ne!(other, newest, "{}", rule.name);
        }
    }
}
