//! A consumer's process: one `MQClientInstance` with one `DefaultMQPushConsumer`, or with several (`instances`).
//!
//! Its threads are serial, as in the real client; each is a small state machine that goes on when its answer comes:
//!
//! ```text
//!   start()/shutdown()   start.rs, shutdown.rs      MQClientFactoryScheduledThread   scheduled.rs
//!   RebalanceService     rebalance.rs, table.rs     PullMessageService and callbacks pull.rs
//!   consume pool         consume.rs                 heartbeat lock and its round     heartbeat.rs
//!   orderly consumption  orderly/                 subscriptions that change         subscribe.rs
//!   consumers that pull  lite_pull.rs               told to stand still              suspend.rs
//!   routes, name servers route.rs
//! ```

mod broadcasting;
mod consume;
mod happen;
mod heartbeat;
mod heartbeat_v2;
mod lite_pull;
mod orderly;
mod process_queue;
mod progress;
mod pull;
mod reach;
mod rebalance;
mod route;
mod scheduled;
mod send_back;
mod shutdown;
mod start;
mod subscribe;
mod suspend;
mod table;

use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

use consume::ConsumePool;
use heartbeat::HeartbeatRound;
use heartbeat_v2::Fingerprints;
use lite_pull::LitePull;
use orderly::OrderlyService;
use process_queue::ProcessQueue;
use progress::Progress;
use rebalance::RebalanceThread;
use scheduled::ScheduledThread;
use suspend::NewOffsets;

use super::java_order::{sort_as_hash_table, string_hash};
use super::names::{Names, TopicKind};
use super::network::{HostId, Route, SubscriptionData};
use super::observation::{ClientIndex, QueueIndex};
use super::outside::Outside;
use super::plan::{BrokerIndex, ConsumerIndex, ConsumerPlan, GroupIndex, MessageModel, Plan, TagSet, TopicIndex};
use super::replicas::Addresses;
use super::views::ViewId;
use crate::kernel::{Instant, Stream, Streams};

/// Where a client is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// No process.
    Down,
    /// The process boots, or `start()` has not reached RUNNING.
    Starting,
    /// RUNNING.
    Running,
    /// `shutdown()` runs; until it unregisters, timers and pulls go on.
    Stopping,
    /// `shutdown()` has taken the consumer out of the instance: timers and pulls skip it.
    Unregistered,
    /// `shutdown()` has closed the connections; nothing is left but to end.
    Disconnected,
}

/// A subscribed topic as the client sees it.
#[derive(Debug)]
pub(super) struct Subscription {
    pub topic: TopicIndex,
    /// `SubscriptionData.subVersion`: wall clock in ms.
    pub version: u64,
    /// `tagsSet`.
    pub tags: TagSet,
}

/// One group's share of a process, and what it knows; all but its names is new in each life.
#[derive(Debug)]
pub(super) struct Consumer {
    /// Its number in the plan.
    pub index: ConsumerIndex,
    /// Its place among the consumers of its process.
    pub at: usize,
    pub group: GroupIndex,
    pub client: ClientIndex,
    /// First of the plan's consumers and releases with the same strategy: strategies are told apart by it.
    pub strategy: usize,
    pub state: State,
    /// How many lives it had; as many as its process, unless it shares that with others.
    pub life: u32,
    /// `subscriptionInner`, in the order in which Java's hash table gives them. They come and go while threads go through
    /// them: each thread keeps the topics that it has yet to see, and never a position.
    pub subscriptions: Vec<Subscription>,
    /// `topicSubscribeInfoTable`: what can be read of a topic. It outlives its subscription.
    pub topic_subscribe_info: BTreeMap<TopicIndex, ViewId>,
    /// What the heartbeat says; made anew when a version is raised.
    pub subscription_set: Rc<Vec<SubscriptionData>>,
    /// `brokerAddrTable` by name: the same for all consumers of an instance.
    pub brokers: BTreeMap<BrokerIndex, Addresses>,
    /// Topics that the application has subscribed (true) or given up before `start()` took its subscriptions.
    pub subscription_changes: Vec<(TopicIndex, bool)>,
    /// Topics whose route `start()` has yet to ask for, the next one last.
    pub start_topics: Vec<TopicIndex>,
    pub unregistering: Vec<BrokerIndex>,
    /// All process queues of this life, dropped ones included.
    pub process_queues: Vec<ProcessQueue>,
    /// `processQueueTable`.
    pub table: BTreeMap<QueueIndex, u32>,
    pub offsets: Progress,
    /// `pullThresholdForQueue`, which `pullThresholdForTopic` overwrites.
    pub pull_threshold_for_queue: u32,
    /// `pullThresholdSizeForQueue`, which `pullThresholdSizeForTopic` overwrites.
    pub pull_threshold_size_for_queue_mib: u32,
    pub pool: ConsumePool,
    /// When the last delayed pull so far is due (`PullMessageService.executePullRequestLater`).
    pub delayed_pulls_until: Instant,
    /// Which of two threads is faster.
    pub thread_race: Stream,
    pub orderly: OrderlyService,
    pub lite_pull: LitePull,
    /// `pause`: `suspend()` was called.
    pub suspended: bool,
    /// Offsets that an operator's reset will set after a sleep.
    pub resetting: Option<NewOffsets>,
    /// Resets that came meanwhile, of other brokers: `resetOffset` is synchronized.
    pub resets_to_come: VecDeque<NewOffsets>,
    pub broker_choice: Stream,
    pub name_server_choice: Stream,
}

/// `MQClientInstance`: what all consumers of one client id in one process share.
#[derive(Debug)]
pub(super) struct Instance {
    /// The first of its consumers in the plan, whose settings are its own: messages to it are addressed to that one.
    pub owner: ConsumerIndex,
    /// When its rebalance thread was made.
    pub created: Option<Instant>,
    /// Its threads run.
    pub started: bool,
    /// When its process has booted.
    pub booted: Instant,
    /// Position of the name server it sticks to (`namesrvAddrChoosed`), and whether it was ever asked.
    pub name_server: (u16, bool),
    /// `topicRouteTable`: it outlives subscriptions, and topics that name servers have forgotten.
    pub routes: BTreeMap<TopicIndex, Route>,
    pub scheduled: ScheduledThread,
    pub heartbeat: Option<HeartbeatRound>,
    pub fingerprints: Fingerprints,
    pub rebalance: RebalanceThread,
    pub lost_wakeups: Stream,
}

/// A process: its instance, and the consumers that share it.
#[derive(Debug)]
pub(super) struct ClientProcess {
    pub instance: Instance,
    /// `consumerTable`, in the order in which the instance goes through it; those that do not run too.
    pub consumers: Vec<Consumer>,
}

impl Consumer {
    /// A consumer whose process does not run yet.
    pub fn new(
        (index, at): (ConsumerIndex, usize),
        consumer: &ConsumerPlan,
        names: &mut Names,
        plan: &Plan,
        streams: Streams,
    ) -> Self {
        let id = u64::from(index);
        Self {
            index,
            at,
            group: consumer.group,
            client: names.intern_client(&consumer.client_id),
            strategy: plan.strategy_number(consumer),
            state: State::Down,
            life: 0,
            subscriptions: Vec::new(),
            topic_subscribe_info: BTreeMap::new(),
            subscription_set: Rc::new(Vec::new()),
            brokers: BTreeMap::new(),
            subscription_changes: Vec::new(),
            start_topics: Vec::new(),
            unregistering: Vec::new(),
            process_queues: Vec::new(),
            table: BTreeMap::new(),
            offsets: Progress::default(),
            pull_threshold_for_queue: 0,
            pull_threshold_size_for_queue_mib: 0,
            pool: ConsumePool::new(streams, id),
            delayed_pulls_until: Instant::ZERO,
            thread_race: streams.stream("thread race", id),
            orderly: OrderlyService::default(),
            lite_pull: LitePull::default(),
            suspended: false,
            resetting: None,
            resets_to_come: VecDeque::new(),
            broker_choice: streams.stream("consumer list broker", id),
            name_server_choice: streams.stream("name server of a client", id),
        }
    }

    /// Forgets everything a consumer forgets when it ends.
    pub fn reset(&mut self, state: State) {
        self.state = state;
        self.subscriptions.clear();
        self.topic_subscribe_info.clear();
        self.brokers.clear();
        self.subscription_changes.clear();
        self.start_topics.clear();
        self.unregistering.clear();
        self.process_queues.clear();
        self.table.clear();
        self.offsets = Progress::default();
        self.pool.reset();
        self.delayed_pulls_until = Instant::ZERO;
        self.orderly = OrderlyService::default();
        self.lite_pull = LitePull::default();
        self.suspended = false;
        self.resetting = None;
        self.resets_to_come.clear();
    }

    /// Subscribes the planned topics and, unless it is `BROADCASTING`, `%RETRY%`, with versions of this moment (`copySubscription`).
    pub fn subscribe(&mut self, consumer: &ConsumerPlan, names: &Names, version: u64) {
        let mut topics = consumer.topics.clone();
        if consumer.consumer.message_model == MessageModel::Clustering && consumer.consumer.lite_pull.is_none() {
            topics.push(names.retry_topic(self.group));
        }
        sort_as_hash_table(&mut topics, |&topic| string_hash(&names.topic(topic).name));
        self.subscriptions = (topics.into_iter())
            .map(|topic| {
                let is_retry = matches!(names.topic(topic).kind, TopicKind::Retry(_));
                let tags = if is_retry { TagSet::ALL } else { consumer.tags };
                Subscription { topic, version, tags }
            })
            .collect();
        self.pull_threshold_for_queue = consumer.consumer.pull_threshold_for_queue;
        self.pull_threshold_size_for_queue_mib = consumer.consumer.pull_threshold_size_for_queue_mib;
        self.refresh_subscription_set();
    }

    /// Makes the heartbeat's subscription set anew.
    pub fn refresh_subscription_set(&mut self) {
        let data = |s: &Subscription| SubscriptionData { topic: s.topic, version: s.version, tags: s.tags };
        self.subscription_set = Rc::new(self.subscriptions.iter().map(data).collect());
    }

    /// The subscription of a topic, if the consumer has it now.
    pub fn subscription(&self, topic: TopicIndex) -> Option<&Subscription> {
        self.subscriptions.iter().find(|subscription| subscription.topic == topic)
    }

    /// The subscribed topics, the first one last: what a thread that goes through them has before it.
    pub fn topics_to_come(&self) -> Vec<TopicIndex> {
        self.subscriptions.iter().rev().map(|subscription| subscription.topic).collect()
    }

    /// The brokers in the order in which the client talks to them: name by name, the master first.
    pub fn broker_order(&self, names: &Names) -> Vec<BrokerIndex> {
        let mut brokers: Vec<(BrokerIndex, Addresses)> = self.brokers.iter().map(|(&n, &a)| (n, a)).collect();
        sort_as_hash_table(&mut brokers, |&(name, _)| string_hash(names.broker(name)));
        brokers.into_iter().flat_map(|(_, addresses)| addresses.all()).collect()
    }

    /// The master of a broker name, if the client knows its address.
    pub fn master(&self, name: BrokerIndex) -> Option<BrokerIndex> {
        self.brokers.get(&name).and_then(|addresses| addresses.master())
    }

    /// The master of a broker name, or any slave.
    pub fn master_or_any(&self, name: BrokerIndex) -> Option<BrokerIndex> {
        self.brokers.get(&name).and_then(|addresses| addresses.master_or_any())
    }

    /// Whether it has been started, and not ended.
    pub fn is_up(&self) -> bool {
        self.state != State::Down
    }

    /// Whether its process has nothing to do with the cluster any more, and has not ended yet.
    pub fn is_cut_loose(&self) -> bool {
        self.state == State::Disconnected
    }

    /// Whether timers and pulls still find the consumer in its instance.
    pub fn is_registered(&self) -> bool {
        matches!(self.state, State::Running | State::Stopping)
    }
}

impl Consumer {
    /// Host of its process, and its own life.
    pub fn seat(&self, out: &Outside<'_>) -> (HostId, u32) {
        (out.consumer_host(self.index), self.life)
    }

    /// The host of the master that has a queue, if the client knows its address.
    pub fn master_host(&self, out: &Outside<'_>, queue: QueueIndex) -> Option<HostId> {
        let master = self.master(out.names.queue(queue).broker)?;
        Some(out.broker_host(master))
    }

    /// The same, or the host of a slave where no master is known.
    pub fn any_host(&self, out: &Outside<'_>, queue: QueueIndex) -> Option<HostId> {
        let broker = self.master_or_any(out.names.queue(queue).broker)?;
        Some(out.broker_host(broker))
    }
}

impl Instance {
    /// An instance whose process does not run yet.
    fn new(owner: ConsumerIndex, streams: Streams) -> Self {
        Self {
            owner,
            created: None,
            started: false,
            booted: Instant::ZERO,
            name_server: (0, false),
            routes: BTreeMap::new(),
            scheduled: ScheduledThread::default(),
            heartbeat: None,
            fingerprints: Fingerprints::default(),
            rebalance: RebalanceThread::default(),
            lost_wakeups: streams.stream("lost wake-ups", owner.into()),
        }
    }

    /// Forgets everything that an instance forgets when its process ends.
    pub fn reset(&mut self) {
        (self.created, self.started, self.booted) = (None, false, Instant::ZERO);
        self.name_server = (0, false);
        self.routes.clear();
        self.scheduled = ScheduledThread::default();
        self.heartbeat = None;
        self.fingerprints = Fingerprints::default();
        self.rebalance = RebalanceThread::default();
    }
}

impl ClientProcess {
    /// The processes of a plan.
    pub fn all(out: &mut Outside<'_>) -> Vec<Self> {
        let (plan, streams) = (out.plan, out.streams);
        // Client ids get their numbers in the order of the plan.
        plan.consumers.iter().for_each(|consumer| _ = out.names.intern_client(&consumer.client_id));
        let mut processes = Vec::new();
        for table in out.instances.tables() {
            let owner = out.instances.owner(table[0]);
            let consumers = (table.iter().enumerate())
                .map(|(at, &index)| {
                    let planned = &plan.consumers[index as usize];
                    Consumer::new((index, at), planned, &mut out.names, plan, streams)
                })
                .collect();
            processes.push(Self { instance: Instance::new(owner, streams), consumers });
        }
        processes
    }

    /// The place of the consumer by which the instance is addressed.
    pub fn owner_at(&self) -> usize {
        let owner = |consumer: &Consumer| consumer.index == self.instance.owner;
        self.consumers.iter().position(owner).expect("the owner is one of them")
    }

    /// Whether any consumer is known to the instance.
    pub fn any_is_registered(&self) -> bool {
        self.consumers.iter().any(Consumer::is_registered)
    }
}

impl<'a> Outside<'a> {
    /// What the plan says of a consumer, in the release that runs.
    pub(super) fn planned(&self, consumer: ConsumerIndex) -> &'a ConsumerPlan {
        match self.releases[consumer as usize] {
            None => &self.plan.consumers[consumer as usize],
            Some(release) => &self.plan.releases[release],
        }
    }

    /// Host of a consumer's process, and the process's life.
    pub(super) fn instance_seat(&self, consumer: ConsumerIndex) -> (HostId, u32) {
        let host = self.consumer_host(consumer);
        (host, self.epoch(host))
    }
}
