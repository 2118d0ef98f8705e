//! What belongs to machines and not to RocketMQ: latencies, service times, the cost of a start.

use super::broker_costs::BrokerCosts;
use crate::kernel::{Distribution, Span};

/// Distributions of one kind of machine room. The defaults are a quiet local network with warm JVMs.
#[derive(Debug, Clone, PartialEq)]
pub struct Environment {
    /// One way between a client (consumer or producer) and a broker.
    pub client_broker_latency: Distribution,
    /// One way between a client and a name server.
    pub client_name_server_latency: Distribution,
    /// One way between a broker and a name server.
    pub broker_name_server_latency: Distribution,
    /// Time a server needs for one request, before it answers.
    pub service_time: Distribution,
    /// The same for requests that are rare (everything but pulls and sends): on JVMs they run in cold code. `None`: as
    /// every other request.
    pub control_service_time: Option<Distribution>,
    /// Processors of a broker's machine, which its thread pools share; `None`: requests never wait for a thread.
    pub broker_processors: Option<u32>,
    /// What requests cost a broker, where pools have limits.
    pub broker_costs: BrokerCosts,
    /// What each member costs in the answer to a list request, where pools have limits.
    pub list_entry_time: Span,
    /// What it costs a thread to notify one member of a change, where pools have limits.
    pub notification_time: Span,
    /// Of a million batches, how many the consume pool finishes before the pull thread, which is told of the next
    /// pull at the same moment, reads the offset that the pull will carry. It counts for listeners that take no time.
    pub pool_before_pull_per_million: u32,
    /// Of a million wake-ups of a client's rebalance thread, how many fall between its look at the flag and its reset of
    /// the latch, and are lost together with all that follow until its wait is over (trap E38).
    pub lost_wakeups_per_million: u32,
    /// From a master's death to the controller's making a slave the master.
    pub controller_election: Distribution,
    /// From the append of a message at a master to its slave's having it. Messages follow each other without waiting, and
    /// none overtakes another. The default is made up, as for one data centre: no recording has slaves.
    pub replication_lag: Distribution,
    /// From the call of `start()` to the creation of the `MQClientInstance` (A1.2 step 4): class loading, logging.
    pub client_start: Distribution,
    /// From the creation of the `MQClientInstance` to the first route fetch (A1.2 step 10): netty, threads.
    pub client_instance_start: Distribution,
    /// The same of a Go client, from the call of `Start()` to its first request: its process has no virtual machine to boot
    /// and no code that is cold. `None`: as `client_start`.
    pub go_start: Option<Distribution>,
    /// Extra time of a fresh JVM's first remote calls of each kind: cold code.
    pub cold_call: Distribution,
    /// How many of a client's first calls of each kind are cold.
    pub cold_calls: u32,
    /// How long a second of a client's start (the three above) takes where clients start within 3 s of each other and
    /// share a machine: drawn once for each such crowd. `None`: each has a machine of its own.
    pub crowded_start: Option<Distribution>,
    /// From the `start` step to the call of `start()`: the process and its JVM boot.
    pub process_boot: Distribution,
    /// From the `restart` step of a broker to the moment it accepts connections.
    pub broker_boot: Distribution,
    /// From accepting connections to the end of `BrokerController.start`, where its timers begin to count.
    pub broker_timers: Distribution,
    /// A broker answers, and registers, only when `broker_timers` are over; else as soon as it accepts connections.
    pub broker_answers_when_started: bool,
    /// Of a million boots of a broker, in how many its first registration finds a name server: the list of available
    /// ones is empty until a first scan (`NettyRemotingClient.scanAvailableNameSrv`). Else the one after 10 s is the
    /// first that anybody hears.
    pub first_registration_per_million: u32,
    /// From a `set_queues` step to the moment the first broker takes it: the operator's tool boots.
    pub operator_command: Distribution,
    /// From the `restart` step of a name server to the moment it accepts connections.
    pub name_server_boot: Distribution,
    /// From SIGTERM to the call of `shutdown()` in a client's hook.
    pub client_shutdown_hook: Distribution,
    /// From a kill to the moment the kernel closes the first socket of the process: it frees memory before.
    pub process_kill: Distribution,
    /// In `shutdown()`: from the last broker's answer to the end of the pull service; the inner producer ends before.
    pub client_shutdown_work: Distribution,
    /// In `shutdown()`: from closing the connections to the event thread's having handled the last of their events.
    pub client_event_drain: Distribution,
    /// In `shutdown()`: from closing the connections to telling the event thread to stop. Has it handled all events by
    /// then, it sits in its poll of 3 s (`NettyEventExecutor.run`), and `shutdown()` waits for it.
    pub client_event_stop: Distribution,
    /// From the death of a process to the peers' kernels seeing FIN or RST; added to the link's latency.
    pub connection_close: Distribution,
    /// Between an arrival at the broker's log and its consume-queue entry (ReputMessageService, 1 ms loop).
    pub dispatch_delay: Distribution,
    /// Between a pull's read, which found nothing, and its place among those that wait for a message (trap E46). Zero: no
    /// message can come between.
    pub hold_delay: Distribution,
    /// How long a broker's disk takes for one flush of the log (`flushDiskType = "SYNC_FLUSH"`).
    pub log_flush: Distribution,
    /// How long a broker's one event thread takes to handle a closed channel.
    pub channel_event: Distribution,
    /// In the expiry scan: from closing a client's channel as a producer's to reaching its entry as a consumer's. The
    /// event thread that is faster tells the group, else nobody is told (recorded: two of nine).
    pub expiry_scan: Distribution,
    /// How long a client takes to write its `offsets.json` and the copy before it; a process that dies meanwhile
    /// leaves a part.
    pub local_offsets_write: Distribution,
    /// How long a broker takes to write `consumerOffset.json`; until then the file before it, `.bak`, is what counts.
    pub offsets_write: Distribution,
    /// How long a broker takes to write its topics, or its groups, once: a slave that deletes all of them does it for each.
    pub config_write: Span,
}

impl Default for Environment {
    fn default() -> Self {
        let ms = Span::from_millis;
        let us = Span::from_micros;
        let latency = || Distribution::Uniform(us(100), us(400));
        Self {
            client_broker_latency: latency(),
            client_name_server_latency: latency(),
            broker_name_server_latency: latency(),
            service_time: Distribution::Uniform(us(50), us(200)),
            control_service_time: None,
            broker_processors: None,
            broker_costs: BrokerCosts::AsSet,
            list_entry_time: Span::ZERO,
            notification_time: Span::ZERO,
            pool_before_pull_per_million: 250_000,
            lost_wakeups_per_million: 0,
            controller_election: Distribution::Uniform(ms(1_000), ms(3_000)),
            replication_lag: Distribution::Uniform(us(300), ms(3)),
            client_start: Distribution::Uniform(ms(1), ms(5)),
            client_instance_start: Distribution::Uniform(ms(20), ms(60)),
            go_start: None,
            cold_call: Distribution::Uniform(ms(1), ms(10)),
            cold_calls: 2,
            crowded_start: None,
            process_boot: Distribution::ZERO,
            broker_boot: Distribution::Uniform(ms(3_000), ms(5_000)),
            broker_timers: Distribution::ZERO,
            broker_answers_when_started: false,
            first_registration_per_million: 1_000_000,
            operator_command: Distribution::ZERO,
            name_server_boot: Distribution::Uniform(ms(500), ms(1_500)),
            client_shutdown_hook: Distribution::Uniform(ms(1), ms(5)),
            process_kill: Distribution::ZERO,
            client_shutdown_work: Distribution::Uniform(ms(1), ms(4)),
            client_event_drain: Distribution::Uniform(ms(1), ms(8)),
            client_event_stop: Distribution::Uniform(ms(0), ms(4)),
            connection_close: Distribution::Uniform(us(50), us(200)),
            dispatch_delay: Distribution::Uniform(us(10), us(1_000)),
            hold_delay: Distribution::ZERO,
            log_flush: Distribution::Uniform(us(500), us(5_000)),
            channel_event: Distribution::Uniform(us(50), us(500)),
            expiry_scan: Distribution::Uniform(us(0), us(260)),
            local_offsets_write: Distribution::Uniform(us(200), us(1_000)),
            offsets_write: Distribution::ZERO,
            config_write: Span::ZERO,
        }
    }
}
