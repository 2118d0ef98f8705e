//! One group's share of a client's process: a `DefaultMQPushConsumerImpl` or a `DefaultLitePullConsumerImpl`, from the
//! queues that a rebalance gives it to the offsets that it sends.
//!
//! ```text
//!   subscriptions.rs   subscribe, unsubscribe         rebalance_impl.rs      drop first, then take
//!   start_offset.rs    computePullFromWhere           pull.rs, pull_answer.rs the pull loop, its callback
//!   process_queue.rs   what is cached of a queue      service/               what hands it to the listener
//!   progress.rs        its offset store               offset_persistence.rs  and how brokers hear of it
//!   offset_store.rs    which one it is                suspend.rs, reset_offsets.rs  told to stand still
//!   pop/               what brokers assign is popped
//! ```

mod offset_persistence;
mod offset_store;
pub(in crate::model) mod pop;
pub(in crate::model) mod process_queue;
pub(in crate::model) mod progress;
mod pull;
mod pull_answer;
mod pull_route;
pub(in crate::model) mod rebalance_impl;
mod reset_offsets;
pub(in crate::model) mod service;
pub(in crate::model) mod start_offset;
mod subscriptions;
mod suspend;

use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

use crate::kernel::{Instant, Stream, Streams, Timer};
use crate::model::consumer::pop::Popping;
use crate::model::consumer::process_queue::ProcessQueue;
use crate::model::consumer::progress::Store;
pub(in crate::model) use crate::model::consumer::reset_offsets::NewOffsets;
use crate::model::consumer::service::ConsumeMessageService;
use crate::model::consumer::service::lite_pull::LitePull;
use crate::model::consumer::service::orderly::OrderlyService;
use crate::model::consumer::service::pool::ConsumePool;
use crate::model::ids::HostId;
use crate::model::ids::ViewId;
use crate::model::java_order::{sort_as_hash_table, string_hash};
use crate::model::names::Names;
use crate::model::network::SubscriptionData;
use crate::model::observation::{ClientIndex, QueueIndex};
use crate::model::outside::Outside;
use crate::model::plan::{BrokerIndex, ConsumerIndex, ConsumerPlan, GroupIndex, Plan, TagSet, TopicIndex};
use crate::model::replicas::Addresses;
use crate::offset::RemoteBrokerOffsetStore;

/// Where a client is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::model) enum State {
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
pub(in crate::model) struct Subscription {
    pub topic: TopicIndex,
    /// `SubscriptionData.subVersion`: wall clock in ms.
    pub version: u64,
    /// `tagsSet`.
    pub tags: TagSet,
}

/// One group's share of a process, and what it knows; all but its names is new in each life.
#[derive(Debug)]
pub(in crate::model) struct Consumer {
    /// Its number in the plan.
    pub index: ConsumerIndex,
    /// Its place among the consumers of its process.
    pub at: usize,
    pub group: GroupIndex,
    pub client: ClientIndex,
    /// First of the plan's consumers and releases with the same strategy: strategies are told apart by it.
    pub strategy: usize,
    pub state: State,
    /// What hands its messages to the listener.
    pub service: ConsumeMessageService,
    /// How many bytes each body has, where all producers agree; else the log is asked.
    pub one_body_size: Option<u32>,
    /// How many lives it had; as many as its process, unless it shares that with others.
    pub life: u32,
    /// `subscriptionInner`, in the order in which Java's hash table gives them. They come and go while threads go through
    /// them: each thread keeps the topics that it has yet to see, and never a position.
    pub subscriptions: Vec<Subscription>,
    /// `topicSubscribeInfoTable`: what can be read of a topic. It outlives its subscription.
    pub topic_subscribe_info: BTreeMap<TopicIndex, ViewId>,
    /// What the heartbeat says; made anew when a version is raised.
    pub subscription_set: Rc<Vec<SubscriptionData>>,
    /// `brokerAddrTable` by name: the instance's, which its consumers have in common. It goes on when one of them ends.
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
    /// `offsetStore`.
    pub offsets: Store,
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
    pub popping: Popping,
    /// `pause`: `suspend()` was called.
    pub suspended: bool,
    /// Offsets that an operator's reset will set after a sleep.
    pub resetting: Option<NewOffsets>,
    /// Until when it waits.
    pub reset_timer: Option<Timer>,
    /// Resets that came meanwhile, of other brokers: `resetOffset` is synchronized.
    pub resets_to_come: VecDeque<NewOffsets>,
    pub broker_choice: Stream,
    pub name_server_choice: Stream,
}

/// The bytes of all bodies, where no producer's are larger than another's.
fn one_body_size(plan: &Plan) -> Option<u32> {
    let mut sizes = plan.producers.iter().map(|producer| producer.body_bytes);
    let first = sizes.next().unwrap_or(0);
    sizes.all(|size| size == first).then_some(first)
}

impl Consumer {
    /// A consumer whose process does not run yet.
    pub(in crate::model) fn new(
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
            service: ConsumeMessageService::of(consumer),
            one_body_size: one_body_size(plan),
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
            offsets: Box::new(RemoteBrokerOffsetStore::default()),
            pull_threshold_for_queue: 0,
            pull_threshold_size_for_queue_mib: 0,
            pool: ConsumePool::new(streams, id),
            delayed_pulls_until: Instant::ZERO,
            thread_race: streams.stream("thread race", id),
            orderly: OrderlyService::default(),
            lite_pull: LitePull::default(),
            popping: Popping::default(),
            suspended: false,
            resetting: None,
            reset_timer: None,
            resets_to_come: VecDeque::new(),
            broker_choice: streams.stream("consumer list broker", id),
            name_server_choice: streams.stream("name server of a client", id),
        }
    }

    /// Forgets everything a consumer forgets when it ends.
    pub(in crate::model) fn reset(&mut self, state: State) {
        self.state = state;
        self.subscriptions.clear();
        self.topic_subscribe_info.clear();
        self.subscription_changes.clear();
        self.start_topics.clear();
        self.unregistering.clear();
        self.process_queues.clear();
        self.table.clear();
        self.offsets = Box::new(RemoteBrokerOffsetStore::default());
        self.pool.reset();
        self.delayed_pulls_until = Instant::ZERO;
        self.orderly = OrderlyService::default();
        self.lite_pull = LitePull::default();
        self.popping = Popping::default();
        self.suspended = false;
        (self.resetting, self.reset_timer) = (None, None);
        self.resets_to_come.clear();
    }

    /// The brokers in the order in which the client talks to them: name by name, the master first.
    pub(in crate::model) fn broker_order(&self, names: &Names) -> Vec<BrokerIndex> {
        let mut brokers: Vec<(BrokerIndex, Addresses)> = self.brokers.iter().map(|(&n, &a)| (n, a)).collect();
        sort_as_hash_table(&mut brokers, |&(name, _)| string_hash(names.broker(name)));
        brokers.into_iter().flat_map(|(_, addresses)| addresses.all()).collect()
    }

    /// The master of a broker name, if the client knows its address.
    pub(in crate::model) fn master(&self, name: BrokerIndex) -> Option<BrokerIndex> {
        self.brokers.get(&name).and_then(|addresses| addresses.master())
    }

    /// The master of a broker name, or any slave.
    pub(in crate::model) fn master_or_any(&self, name: BrokerIndex) -> Option<BrokerIndex> {
        self.brokers.get(&name).and_then(|addresses| addresses.master_or_any())
    }

    /// Whether it has been started, and not ended.
    pub(in crate::model) fn is_up(&self) -> bool {
        self.state != State::Down
    }

    /// Whether its process has nothing to do with the cluster any more, and has not ended yet.
    pub(in crate::model) fn is_cut_loose(&self) -> bool {
        self.state == State::Disconnected
    }

    /// Whether timers and pulls still find the consumer in its instance.
    pub(in crate::model) fn is_registered(&self) -> bool {
        matches!(self.state, State::Running | State::Stopping)
    }

    /// Host of its process, and its own life.
    pub(in crate::model) fn seat(&self, out: &Outside<'_>) -> (HostId, u32) {
        (out.consumer_host(self.index), self.life)
    }

    /// The host of the master that has a queue, if the client knows its address.
    pub(in crate::model) fn master_host(&self, out: &Outside<'_>, queue: QueueIndex) -> Option<HostId> {
        let master = self.master(out.names.queue(queue).broker)?;
        Some(out.broker_host(master))
    }

    /// The same, or the host of a slave where no master is known.
    pub(in crate::model) fn any_host(&self, out: &Outside<'_>, queue: QueueIndex) -> Option<HostId> {
        let broker = self.master_or_any(out.names.queue(queue).broker)?;
        Some(out.broker_host(broker))
    }
}

impl<'a> Outside<'a> {
    /// What the plan says of a consumer, in the release that runs.
    pub(in crate::model) fn planned(&self, consumer: ConsumerIndex) -> &'a ConsumerPlan {
        match self.releases[consumer.at()] {
            None => &self.plan.consumers[consumer.at()],
            Some(release) => &self.plan.releases[release],
        }
    }
}
