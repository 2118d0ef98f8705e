//! The cluster of a seed: brokers, topics, producers and groups, as the first half of a scenario file.

use std::fmt::Write;

use super::Swarm;
use crate::kernel::Stream;

/// Seconds that a random cluster lives.
pub(super) const DURATION_S: u64 = 600;
/// When its producers stop, so that listeners can finish.
const PRODUCED_S: u64 = 540;

/// Offset stores of `CLUSTERING` groups, as a group says them; that of the brokers is there too, beside the others.
const STORES: [&str; 4] = [
    "\"RemoteBrokerOffsetStore\"",
    "\"CommitAtEveryUpdate\"",
    "{ name = \"ApplicationDatabase\", commit = \"after_work\" }",
    "{ name = \"ApplicationDatabase\", commit = \"with_work\" }",
];

/// So many of them keep offsets at the brokers.
const AT_THE_BROKERS: usize = 2;

/// The parts that faults need to know by name.
#[derive(Debug)]
pub(super) struct Cluster {
    pub brokers: Vec<String>,
    pub name_servers: Vec<String>,
    /// With the queues of each on every broker.
    pub topics: Vec<(String, u64)>,
    pub groups: Vec<Group>,
    /// What each broker says of its slaves.
    slaves: String,
    /// What brokers tell those who ask them; `None`: nobody does.
    pub mode: Option<&'static str>,
}

/// One group.
#[derive(Debug)]
pub(super) struct Group {
    pub name: String,
    pub topics: Vec<String>,
    pub settings: String,
    pub broadcasting: bool,
    /// Names, and when they start.
    pub consumers: Vec<(String, u64)>,
    /// Its first consumer shares the process of other groups' first ones.
    pub shares: bool,
    /// The client of every second member, where it is another than the group's.
    pub other_version: Option<&'static str>,
}

/// A number from `least` to `most`, both included.
pub(super) fn between(stream: &mut Stream, least: u64, most: u64) -> u64 {
    least + stream.below(most - least + 1)
}

/// One of several.
pub(super) fn one<'a, T>(stream: &mut Stream, of: &'a [T]) -> &'a T {
    &of[stream.below(of.len() as u64) as usize]
}

impl Cluster {
    /// Draws one.
    pub fn drawn(swarm: &Swarm, stream: &mut Stream) -> Self {
        let named = |count: u64, name: &dyn Fn(u64) -> String| (0..count).map(name).collect::<Vec<_>>();
        let letter = |index: u64| char::from(b'a' + index as u8);
        let brokers = named(between(stream, 1, 3), &|index| format!("broker-{}", letter(index)));
        let servers = if swarm.name_servers { between(stream, 2, 3) } else { 1 };
        let name_servers = named(servers, &|index| format!("namesrv-{}", letter(index)));
        let topics: Vec<(String, u64)> =
            (1..=between(stream, 1, 3)).map(|index| (format!("topic-{index}"), between(stream, 1, 6))).collect();
        let groups = (1..=between(stream, 1, 2)).map(|index| Group::drawn(index, &topics, swarm, stream)).collect();
        let slaves = if swarm.slaves {
            let (reads, role) = (stream.chance(1, 2), one(stream, &["ASYNC_MASTER", "SYNC_MASTER"]));
            format!(", slaves = 1, slaveReadEnable = {reads}, brokerRole = {role:?}")
        } else {
            String::new()
        };
        Self { brokers, name_servers, topics, groups, slaves, mode: None }
    }

    /// Who remembers the offsets of each group: drawn from a stream of its own, so that all else stays what it was.
    ///
    /// An operator's reset goes to the brokers, and a database hears of it from the owner that is told by its next pull: a
    /// member that takes the queue meanwhile writes over it, and what the operator meant to be read again is not. Nobody
    /// resets such a group at the brokers, and no cluster does.
    pub fn choose_stores(&mut self, swarm: &Swarm, stream: &mut Stream) {
        let stores = if swarm.resets { &STORES[..AT_THE_BROKERS] } else { &STORES[..] };
        for group in &mut self.groups {
            let store = *one(stream, stores);
            if !group.broadcasting {
                writeln!(group.settings, "offsetStore = {store}").expect("a text takes all");
            }
        }
    }

    /// One consumer of each process.
    pub fn processes(&self) -> Vec<&str> {
        let shared = self.groups.iter().filter(|group| group.shares).skip(1);
        let beside: Vec<&str> =
            shared.filter_map(|group| group.consumers.first()).map(|(name, _)| name.as_str()).collect();
        let all = self.groups.iter().flat_map(|group| &group.consumers).map(|(name, _)| name.as_str());
        all.filter(|name| !beside.contains(name)).collect()
    }

    /// Everything but the timeline.
    pub fn text(&self, seed: u64, rate: u64, swarm: &Swarm) -> String {
        let notify = if swarm.buffered_notifications { ", realTimeNotifyConsumerChange = false" } else { "" };
        // By default the idle close of a connection comes as early as the expiry, and hides it.
        let expiry = if swarm.name_server_cuts { ", brokerChannelExpiredTime = \"60s\"" } else { "" };
        let servers: Vec<String> =
            self.name_servers.iter().map(|name| format!("{{ name = {name:?}{expiry} }}")).collect();
        let slaves = &self.slaves;
        let mode = self.mode.map_or_else(String::new, |mode| format!(", defaultMessageRequestMode = {mode:?}"));
        let broker = |name: &String| format!("{{ name = {name:?}{notify}{slaves}{mode} }}");
        let brokers: Vec<String> = self.brokers.iter().map(broker).collect();
        let mut text = format!(
            "# Random cluster {seed}: {}.\n\
             title = \"Random cluster {seed}\"\n\
             question = \"Does it come to rest, and is everything explained?\"\n\
             duration = \"{DURATION_S}s\"\n\
             brokers = [{}]\n\
             name_servers = [{}]\n\
             measure = {{ from = \"0s\" }}\n\
             expect = [\"lost == 0\"]\n",
            swarm.words().join(", "),
            brokers.join(", "),
            servers.join(", "),
        );
        if swarm.slow_links {
            text.push_str(
                "\n[environment]\nclient_broker_latency = { log_normal = { median = \"2ms\", sigma = 1.2 } }\n\
                 client_name_server_latency = { uniform = [\"1ms\", \"20ms\"] }\n",
            );
        }
        for (name, queues) in &self.topics {
            write!(text, "\n[[topics]]\nname = {name:?}\nqueues = {queues}\n").expect("a text takes all");
            let tags = if swarm.tags { "tags = [\"a\", \"b\"]\n" } else { "" };
            write!(text, "\n[[producers]]\ntopic = {name:?}\nrate = \"{rate}/s\"\n{tags}until = \"{PRODUCED_S}s\"\n")
                .expect("a text takes all");
        }
        for group in &self.groups {
            group.write(&mut text);
        }
        text
    }
}

impl Group {
    fn drawn(index: u64, all: &[(String, u64)], swarm: &Swarm, stream: &mut Stream) -> Self {
        let topics = all.iter().filter(|_| stream.chance(2, 3)).map(|(name, _)| name.clone()).collect::<Vec<_>>();
        let topics = if topics.is_empty() { vec![all[0].0.clone()] } else { topics };
        let mut settings = String::new();
        let mut say = |line: &str| {
            settings.push_str(line);
            settings.push('\n');
        };
        let broadcasting = swarm.broadcasting && stream.chance(1, 2);
        if broadcasting {
            say("messageModel = \"BROADCASTING\"");
        }
        let pulls = !broadcasting && swarm.lite_pull && stream.chance(1, 2);
        if pulls {
            // With a thread for each queue none waits for the long poll of another.
            say("class = \"DefaultLitePullConsumer\"\npullThreadNums = 64");
        } else if swarm.orderly && stream.chance(1, 2) {
            say("listener = \"orderly\"");
        }
        if swarm.tags && stream.chance(1, 2) {
            say("subExpression = \"a\"");
        }
        if swarm.strategies {
            let strategy = one(stream, &["AVG_BY_CIRCLE", "CONSISTENT_HASH", "RENDEZVOUS_HASH", "BOUNDED_LOAD_HASH"]);
            say(&format!("allocateMessageQueueStrategy = {strategy:?}"));
        }
        if swarm.failures && !pulls && stream.chance(1, 2) {
            say("failures = 0.01");
        }
        // An application that polls has one thread: a slow one falls behind whatever the cluster does.
        let work = if swarm.slow_listeners && !pulls { "{ uniform = [\"5ms\", \"100ms\"] }" } else { "\"2ms\"" };
        say(&format!("work = {work}"));
        if stream.chance(1, 2) {
            say("consumeFromWhere = \"CONSUME_FROM_FIRST_OFFSET\"");
        }
        if stream.chance(1, 2) {
            say("awaitTerminationMillisWhenShutdown = 3000");
        }
        let consumers = (1..=between(stream, 1, 5)).map(|member| {
            let late = swarm.late_starts && stream.chance(1, 2);
            (format!("g{index}c{member}"), if late { between(stream, 1, 120) } else { 0 })
        });
        let shares = swarm.shared_instances && !broadcasting && !pulls;
        let (name, consumers, other_version) = (format!("group-{index}"), consumers.collect(), None);
        Self { name, topics, settings, broadcasting, consumers, shares, other_version }
    }

    fn shared(&self, consumer: &str) -> &'static str {
        let first = self.consumers.first().is_some_and(|(name, _)| name == consumer);
        if self.shares && first { ", instance = \"app\"" } else { "" }
    }

    fn write(&self, text: &mut String) {
        let (name, topics, settings) = (&self.name, &self.topics, &self.settings);
        write!(text, "\n[[groups]]\nname = {name:?}\ntopics = {topics:?}\n{settings}consumers = [\n")
            .expect("a text takes all");
        for (at, (name, start_s)) in self.consumers.iter().enumerate() {
            let other = self.other_version.filter(|_| at % 2 == 1);
            let other = other.map_or_else(String::new, |version| format!(", clientVersion = {version:?}"));
            writeln!(text, "    {{ name = {name:?}, start = \"{start_s}s\"{}{other} }},", self.shared(name))
                .expect("a text takes all");
        }
        text.push_str("]\n");
    }
}
