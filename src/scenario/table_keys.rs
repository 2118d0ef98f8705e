//! The keys of each table of the language: what is none of them is said before anything else that is wrong there, and most
//! of all before what is missing because of it.
//!
//! Which of them a table may have beside which others is the readers' business.

use super::read::ACTIONS;
use super::settings::{BROKER, CLIENT, CONSUMER, ENVIRONMENT, LITE_PULL, NAME_SERVER, Tables};

/// Keys that stand in a table beside RocketMQ's settings.
pub(super) struct TableKeys {
    /// What the table describes, as its reader calls it.
    pub what: &'static str,
    own: &'static [&'static str],
    settings: fn() -> Vec<&'static str>,
}

impl TableKeys {
    /// All of them.
    pub fn all(&self) -> Vec<&'static str> {
        self.own.iter().copied().chain((self.settings)()).collect()
    }
}

/// The names of all settings of some tables.
fn names<T>(tables: Tables<T>) -> impl Iterator<Item = &'static str> {
    tables.iter().copied().flatten().flat_map(|setting| setting.names.iter().copied())
}

/// What a group gives to its consumers, and a consumer or a release may say otherwise.
fn of_consumers() -> Vec<&'static str> {
    const OWN: [&str; 21] = [
        "topics",
        "subExpression",
        "work",
        "failures",
        "listener",
        "autoCommit",
        "commitEvery",
        "failureResult",
        "allocateMessageQueueStrategy",
        "class",
        "clientVersion",
        "consumeFromWhere",
        "consumeTimestamp",
        "messageModel",
        "machine",
        "start",
        "clientIP",
        "instanceName",
        "unitName",
        "instance",
        "clientId",
    ];
    OWN.into_iter().chain(names(CLIENT)).chain(names(CONSUMER)).chain(names(LITE_PULL)).collect()
}

/// What any step may be told.
fn of_steps() -> Vec<&'static str> {
    ACTIONS.iter().flat_map(|action| action.keys.iter().copied()).collect()
}

fn of_brokers() -> Vec<&'static str> {
    names(BROKER).collect()
}

const NO_SETTINGS: fn() -> Vec<&'static str> = Vec::new;

/// Table by table. Small tables that stand in one line, as those of a distribution, are not among them.
pub(super) static TABLES: &[TableKeys] = &[
    TableKeys {
        what: "the scenario",
        own: &[
            "title",
            "question",
            "source",
            "trap",
            "duration",
            "environment",
            "name_server",
            "name_servers",
            "broker",
            "brokers",
            "topics",
            "producers",
            "groups",
            "timeline",
            "measure",
            "expect",
        ],
        settings: NO_SETTINGS,
    },
    TableKeys { what: "[broker]", own: &["slaves", "brokerConf"], settings: of_brokers },
    TableKeys { what: "a broker", own: &["name", "slaves", "start", "machine", "brokerConf"], settings: of_brokers },
    TableKeys { what: "a slave", own: &["name", "start", "machine", "brokerConf"], settings: of_brokers },
    TableKeys { what: "[name_server]", own: &[], settings: || names(NAME_SERVER).collect() },
    TableKeys { what: "a name server", own: &["name"], settings: || names(NAME_SERVER).collect() },
    TableKeys { what: "the environment", own: &["base"], settings: || names(ENVIRONMENT).collect() },
    TableKeys {
        what: "a topic",
        own: &["name", "queues", "readQueueNums", "writeQueueNums", "brokers", "exists"],
        settings: NO_SETTINGS,
    },
    TableKeys {
        what: "a topic on a broker",
        own: &["name", "queues", "readQueueNums", "writeQueueNums"],
        settings: NO_SETTINGS,
    },
    TableKeys {
        what: "a producer",
        own: &[
            "name",
            "topic",
            "rate",
            "arrivals",
            "burst",
            "runs",
            "from",
            "until",
            "weights",
            "tags",
            "keys",
            "body_bytes",
            "sendMsgTimeout",
            "sendMsgMaxTimeoutPerRequest",
            "retryTimesWhenSendFailed",
            "retryAnotherBrokerWhenNotStoreOK",
            "pollNameServerInterval",
        ],
        settings: NO_SETTINGS,
    },
    TableKeys {
        what: "a group",
        own: &["name", "count", "copies", "consumers", "releases", "deployment", "created"],
        settings: of_consumers,
    },
    TableKeys { what: "a consumer", own: &["name"], settings: of_consumers },
    TableKeys { what: "a release", own: &["name"], settings: of_consumers },
    TableKeys {
        what: "a deployment",
        own: &[
            "replicas",
            "maxSurge",
            "maxUnavailable",
            "terminationGracePeriodSeconds",
            "preStop",
            "ready",
            "node_monitor_grace_period",
            "tolerationSeconds",
            "restartPolicy",
            "sigterm",
        ],
        settings: NO_SETTINGS,
    },
    TableKeys { what: "a step", own: &["at", "between", "action", "mark"], settings: of_steps },
    TableKeys { what: "measure", own: &["from", "until", "stall_threshold"], settings: NO_SETTINGS },
];

/// The keys of a table; `None` where they are not listed.
pub(super) fn keys_of(what: &str) -> Option<Vec<&'static str>> {
    TABLES.iter().find(|table| table.what == what).map(TableKeys::all)
}
