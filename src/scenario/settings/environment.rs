//! `[environment]`: what belongs to machines and not to RocketMQ.

use super::{Draft, Kind, Setting, Tables, about, count};
use crate::kernel::{Distribution, Span};
use crate::model::plan::{BrokerCosts, Environment};

/// What an environment may say.
pub(in crate::scenario) static ENVIRONMENT: Tables<Environment> = &[LATENCIES, CLIENTS, BROKERS, DISKS];

const fn drawn(name: &'static [&'static str], set: fn(&mut Environment, Distribution)) -> Draft<Environment> {
    Draft { names: name, kind: Kind::Drawn(set) }
}

const fn share(name: &'static [&'static str], set: fn(&mut Environment, u32)) -> Draft<Environment> {
    Draft { names: name, kind: Kind::Share(set) }
}

const fn length(name: &'static [&'static str], set: fn(&mut Environment, Span)) -> Draft<Environment> {
    Draft { names: name, kind: Kind::Length(set) }
}

static LATENCIES: &[Setting<Environment>] = &[
    drawn(&["client_broker_latency"], |e, v| e.client_broker_latency = v).about(
        "{ uniform = [\"100us\", \"400us\"] }",
        "One way between a client and a broker.",
        "",
    ),
    drawn(&["client_name_server_latency"], |e, v| e.client_name_server_latency = v).about(
        "{ uniform = [\"100us\", \"400us\"] }",
        "One way between a client and a name server.",
        "",
    ),
    drawn(&["broker_name_server_latency"], |e, v| e.broker_name_server_latency = v).about(
        "{ uniform = [\"100us\", \"400us\"] }",
        "One way between a broker and a name server.",
        "",
    ),
    drawn(&["service_time"], |e, v| e.service_time = v).about(
        "{ uniform = [\"50us\", \"200us\"] }",
        "What a server needs for one request before it answers.",
        "",
    ),
    drawn(&["control_service_time"], |e, v| e.control_service_time = Some(v)).about(
        "as service_time",
        "The same for requests that are rare, all but pulls and sends: a JVM runs them in cold code.",
        "",
    ),
    drawn(&["connection_close"], |e, v| e.connection_close = v).about(
        "{ uniform = [\"50us\", \"200us\"] }",
        "From the death of a process to its peers' kernels seeing FIN or RST, beside the latency.",
        "",
    ),
];

static CLIENTS: &[Setting<Environment>] = &[
    drawn(&["process_boot"], |e, v| e.process_boot = v).about(
        "0s",
        "From the step that starts a consumer to its call of start(): the process and its JVM boot.",
        "",
    ),
    drawn(&["client_start"], |e, v| e.client_start = v).about(
        "{ uniform = [\"1ms\", \"5ms\"] }",
        "From the call of start() to the making of the client instance: class loading, logging.",
        "MQClientManager.getOrCreateMQClientInstance",
    ),
    drawn(&["client_instance_start"], |e, v| e.client_instance_start = v).about(
        "{ uniform = [\"20ms\", \"60ms\"] }",
        "From there to the first fetch of a route: netty, threads.",
        "MQClientInstance.start",
    ),
    drawn(&["go_start"], |e, v| e.go_start = Some(v)).about(
        "as client_start",
        "From a Go client's call of Start() to its first request.",
        "internal/client.go:Start",
    ),
    drawn(&["crowded_start"], |e, v| e.crowded_start = Some(v)).about(
        "each has a machine of its own",
        "How long a second of a start takes where clients start within 3 s of each other and share a machine.",
        "",
    ),
    drawn(&["cold_call"], |e, v| e.cold_call = v).about(
        "{ uniform = [\"1ms\", \"10ms\"] }",
        "What a fresh JVM's first remote calls of each kind take more.",
        "",
    ),
    count(&["cold_calls"], 0, 1_000, |e: &mut Environment, v| e.cold_calls = v).about(
        "2",
        "How many of a client's first calls of each kind are cold.",
        "",
    ),
    drawn(&["client_shutdown_hook"], |e, v| e.client_shutdown_hook = v).about(
        "{ uniform = [\"1ms\", \"5ms\"] }",
        "From SIGTERM to the call of shutdown() in a client's hook.",
        "",
    ),
    drawn(&["client_shutdown_work"], |e, v| e.client_shutdown_work = v).about(
        "{ uniform = [\"1ms\", \"4ms\"] }",
        "In shutdown(): from the last broker's answer to the end of the pull service.",
        "MQClientInstance.shutdown",
    ),
    drawn(&["client_event_drain"], |e, v| e.client_event_drain = v).about(
        "{ uniform = [\"1ms\", \"8ms\"] }",
        "In shutdown(): from closing the connections to the event thread's having handled their events.",
        "NettyRemotingClient.shutdown",
    ),
    drawn(&["client_event_stop"], |e, v| e.client_event_stop = v).about(
        "{ uniform = [\"0ms\", \"4ms\"] }",
        "In shutdown(): from closing the connections to telling the event thread to stop; idle by then, it sits in \
         its poll of 3 s.",
        "NettyEventExecutor.run",
    ),
    drawn(&["process_kill"], |e, v| e.process_kill = v).about(
        "0s",
        "From a kill to the moment the kernel closes the first socket of the process.",
        "",
    ),
    share(&["pool_before_pull"], |e, v| e.pool_before_pull_per_million = v).about(
        "0.25",
        "How many batches the consume pool finishes before the pull thread reads the offset that the next pull \
         carries.",
        "",
    ),
    share(&["lost_wakeups"], |e, v| e.lost_wakeups_per_million = v).about(
        "0.0",
        "How many wake-ups of a rebalance thread are lost until its wait is over (trap E38).",
        "ServiceThread.waitForRunning",
    ),
];

static BROKERS: &[Setting<Environment>] = &[
    drawn(&["broker_boot"], |e, v| e.broker_boot = v).about(
        "{ uniform = [\"3s\", \"5s\"] }",
        "From the step that starts a broker to its accepting connections.",
        "",
    ),
    drawn(&["broker_timers"], |e, v| e.broker_timers = v).about(
        "0s",
        "From there to the end of its start, where its timers begin to count.",
        "BrokerController.start",
    ),
    Setting {
        names: &["broker_answers"],
        kind: Kind::Word {
            words: &["when_accepting", "when_started"],
            set: |e, v| e.broker_answers_when_started = v == 1,
        },
        about: about(
            "when_accepting",
            "Whether a broker answers what comes before the end of its start at once, or then; and when it registers.",
            "BrokerController.start",
        ),
    },
    drawn(&["name_server_boot"], |e, v| e.name_server_boot = v).about(
        "{ uniform = [\"500ms\", \"1500ms\"] }",
        "From the step that starts a name server to its accepting connections.",
        "",
    ),
    share(&["first_registration"], |e, v| e.first_registration_per_million = v).about(
        "1.0",
        "In how many boots of a broker its first registration finds a name server; else the one after 10 s is the \
         first.",
        "NettyRemotingClient.scanAvailableNameSrv",
    ),
    drawn(&["operator_command"], |e, v| e.operator_command = v).about(
        "0s",
        "From an operator's step to the first broker's taking it: the tool boots.",
        "",
    ),
    count(&["broker_processors"], 1, 1_024, |e: &mut Environment, v| e.broker_processors = Some(v)).about(
        "requests never wait for a thread",
        "Processors of a broker's machine, which its thread pools share.",
        "",
    ),
    Setting {
        names: &["broker_costs"],
        kind: Kind::Word {
            words: &["as_set", "measured"],
            set: |e, v| e.broker_costs = [BrokerCosts::AsSet, BrokerCosts::Measured][v],
        },
        about: about(
            "as_set",
            "Where pools have limits, whether requests cost what service_time, list_entry_time and notification_time say, or \
             what was measured in threads of pools and in Netty's event loops.",
            "",
        ),
    },
    length(&["list_entry_time"], |e, v| e.list_entry_time = v).about(
        "0s",
        "What each member costs in the answer to a list request, where pools have limits.",
        "",
    ),
    length(&["notification_time"], |e, v| e.notification_time = v).about(
        "0s",
        "What it costs a thread to notify one member of a change, where pools have limits.",
        "",
    ),
    drawn(&["channel_event"], |e, v| e.channel_event = v).about(
        "{ uniform = [\"50us\", \"500us\"] }",
        "How long a broker's one event thread takes to handle a closed channel.",
        "NettyEventExecutor.run",
    ),
    drawn(&["expiry_scan"], |e, v| e.expiry_scan = v).about(
        "{ uniform = [\"0us\", \"260us\"] }",
        "In the expiry scan: from closing a client's channel as a producer's to reaching its entry as a consumer's; \
         an event thread that is faster tells the group.",
        "ClientHousekeepingService.scanExceptionChannel",
    ),
    drawn(&["controller_election"], |e, v| e.controller_election = v).about(
        "{ uniform = [\"1s\", \"3s\"] }",
        "From a master's death to the controller's making a slave the master.",
        "",
    ),
];

static DISKS: &[Setting<Environment>] = &[
    drawn(&["dispatch_delay"], |e, v| e.dispatch_delay = v).about(
        "{ uniform = [\"10us\", \"1ms\"] }",
        "From a message's arrival in a broker's log to its entry in the consume queue.",
        "DefaultMessageStore.ReputMessageService",
    ),
    drawn(&["hold_delay"], |e, v| e.hold_delay = v).about(
        "0s",
        "From a pull's read that found nothing to its place among those that wait; a message that comes between is \
         not seen (trap E46).",
        "PullRequestHoldService.suspendPullRequest",
    ),
    drawn(&["replication_lag"], |e, v| e.replication_lag = v).about(
        "{ uniform = [\"300us\", \"3ms\"] }",
        "From the append of a message at a master to its slave's having it. Messages follow each other without waiting, and \
         none overtakes another. The default is made up, as for one data centre: no recording has slaves.",
        "DefaultHAConnection.WriteSocketService",
    ),
    drawn(&["log_flush"], |e, v| e.log_flush = v).about(
        "{ uniform = [\"500us\", \"5ms\"] }",
        "How long a broker's disk takes for one flush of the log, with SYNC_FLUSH.",
        "",
    ),
    drawn(&["local_offsets_write"], |e, v| e.local_offsets_write = v).about(
        "{ uniform = [\"200us\", \"1ms\"] }",
        "How long a BROADCASTING client takes to write offsets.json and its copy; a kill meanwhile leaves a part.",
        "LocalFileOffsetStore.persistAll",
    ),
    length(&["config_write"], |e, v| e.config_write = v).about(
        "0s",
        "How long a broker takes to write its topics or groups; a slave with slaveRemakesTopics does it for each.",
        "ConfigManager.persist",
    ),
    drawn(&["offsets_write"], |e, v| e.offsets_write = v).about(
        "0s",
        "How long a broker takes to write consumerOffset.json; a kill meanwhile leaves the older copy.",
        "ConfigManager.persist",
    ),
];
