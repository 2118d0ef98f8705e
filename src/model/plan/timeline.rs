//! What happens to the cluster, and when.

use serde::Serialize;

use super::{
    BrokerIndex, ConsumerIndex, GroupIndex, NameServerIndex, ProducerIndex, ProxyIndex, TopicIndex, TopicOnBroker,
};
use crate::kernel::{Distribution, Instant, Span};
use crate::model::observation::RequestMode;

/// When a step happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// At this moment in every run.
    At(Instant),
    /// At a moment that the seed draws from this window, both ends included.
    Between(Instant, Instant),
    /// So long after another step of the timeline, which stands before this one and may itself be drawn: the start
    /// of a restart keeps its distance from the stop.
    After {
        /// Position of that step in the timeline, smaller than this one's.
        step: usize,
        /// How much later.
        delay: Span,
    },
}

impl When {
    /// The moments of all steps, in the order of the timeline; `draw` gives the moment of a window, by the position
    /// of its step.
    ///
    /// # Panics
    /// Where [`When::After`] does not point backwards.
    pub fn resolve(timeline: &[Step], mut draw: impl FnMut(usize, Instant, Instant) -> Instant) -> Vec<Instant> {
        let mut moments: Vec<Instant> = Vec::with_capacity(timeline.len());
        for (position, step) in timeline.iter().enumerate() {
            moments.push(match step.when {
                Self::At(moment) => moment,
                Self::Between(from, until) => draw(position, from, until),
                Self::After { step, delay } => moments[step] + delay,
            });
        }
        moments
    }
}

/// One step of the timeline.
#[derive(Debug, Clone)]
pub struct Step {
    /// When it happens.
    pub when: When,
    /// What happens.
    pub action: Action,
    /// Its name, for `measure` and the figures per phase: the scenario's `mark`, or words made from the action.
    pub label: String,
    /// Position of the first step that the same entry of the scenario made: a step for each of its targets.
    pub entry: usize,
}

/// Any machine of the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Host {
    /// A name server.
    NameServer(NameServerIndex),
    /// A broker.
    Broker(BrokerIndex),
    /// A producer.
    Producer(ProducerIndex),
    /// A consumer.
    Consumer(ConsumerIndex),
    /// A proxy in a process of its own.
    Proxy(ProxyIndex),
}

/// Where an operator sends a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResetTo {
    /// The minimum of each queue.
    Earliest,
    /// The maximum of each queue.
    Latest,
    /// The first message stored at or after this moment of the run.
    Time(Instant),
}

/// A reset of a group's offsets of a topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OffsetReset {
    /// Whose.
    pub group: GroupIndex,
    /// Of which topic.
    pub topic: TopicIndex,
    /// To where.
    pub to: ResetTo,
    /// At these brokers, a command each; empty: one command for all brokers of the topic.
    pub brokers: Vec<BrokerIndex>,
    /// Only this queue of each of these brokers (`-q`).
    pub queue: Option<u32>,
    /// `-f`, true: offsets may also go forward, where the broker pushes them.
    pub force: bool,
}

/// What `mqadmin updateSubGroup` says of a group; what is `None` goes back to the tool's default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct GroupChange {
    /// `consumeEnable`, true.
    pub consume_enable: Option<bool>,
    /// `consumeBroadcastEnable`, false.
    pub consume_broadcast_enable: Option<bool>,
    /// `retryQueueNums`, 1.
    pub retry_queue_nums: Option<u32>,
    /// `consumeMessageOrderly`, false.
    pub consume_message_orderly: Option<bool>,
}

/// What may be done with a topic (`perm`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Permission {
    /// Consumers see its queues and may pull.
    pub read: bool,
    /// Producers see its queues and may send.
    pub write: bool,
}

impl Default for Permission {
    fn default() -> Self {
        Self { read: true, write: true }
    }
}

/// Which way a network fault works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Both ways.
    Both,
    /// Only what goes from the first side to the second.
    Forward,
}

/// What a step does.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// The consumer's process boots and calls `start()`; `client_id`: a new id from now on.
    StartConsumer {
        /// Which consumer; it must not be running.
        consumer: ConsumerIndex,
        /// Its client id from this start on; `None`: the one it had.
        client_id: Option<String>,
        /// Position in [`Plan::releases`](super::Plan::releases) of what it is from this start on; `None`: what it was.
        release: Option<usize>,
        /// Its machine has another address from this start on.
        new_address: bool,
        /// What `start()` takes without its requests, where that is known; `None`: what the environment says.
        takes: Option<Span>,
    },
    /// A deployment goes over to its next revision.
    Rollout {
        /// Position in [`Plan::deployments`](super::Plan::deployments).
        deployment: usize,
        /// Position in [`DeploymentPlan::revisions`](super::DeploymentPlan::revisions).
        revision: usize,
    },
    /// The application subscribes a topic, with every tag.
    Subscribe {
        /// Who.
        consumer: ConsumerIndex,
        /// Which.
        topic: TopicIndex,
    },
    /// The application gives a topic up.
    Unsubscribe {
        /// Who.
        consumer: ConsumerIndex,
        /// Which.
        topic: TopicIndex,
    },
    /// SIGTERM: `shutdown()`.
    StopConsumer(ConsumerIndex),
    /// SIGKILL: the kernel closes its sockets.
    KillConsumer(ConsumerIndex),
    /// The machine loses power: nobody is told.
    PowerOffConsumer(ConsumerIndex),
    /// SIGSTOP: the process stands still, its kernel still acknowledges.
    PauseConsumer(ConsumerIndex),
    /// SIGCONT.
    ResumeConsumer(ConsumerIndex),
    /// `suspend()`: the application holds consumption up.
    Suspend(ConsumerIndex),
    /// The operator makes a slave the master, and the master a slave.
    Promote(BrokerIndex),
    /// SIGTERM to a broker: unregister, persist offsets, close.
    StopBroker(BrokerIndex),
    /// SIGKILL to a broker: memory is gone, the page cache stays.
    KillBroker(BrokerIndex),
    /// The broker's machine loses power: nobody is told, and what was not flushed is gone.
    PowerOffBroker(BrokerIndex),
    /// The broker boots again.
    StartBroker {
        /// Which.
        broker: BrokerIndex,
        /// It has another address from this start on.
        new_address: bool,
    },
    /// SIGKILL to a proxy of its own: what it knew of its clients' messages is gone.
    KillProxy(ProxyIndex),
    /// The machine of a proxy loses its power: nobody is told.
    PowerOffProxy(ProxyIndex),
    /// The proxy boots again, and knows nobody.
    StartProxy(ProxyIndex),
    /// SIGKILL to a name server.
    KillNameServer(NameServerIndex),
    /// The name server boots again, empty.
    StartNameServer(NameServerIndex),
    /// Bytes between the sides vanish until [`Action::Heal`].
    Cut {
        /// One side.
        from: Vec<Host>,
        /// The other side.
        to: Vec<Host>,
        /// Which way.
        direction: Direction,
    },
    /// Undoes cut, delay, loss and hold between the sides.
    Heal {
        /// One side.
        from: Vec<Host>,
        /// The other side.
        to: Vec<Host>,
    },
    /// Each message between the sides takes so much longer.
    Delay {
        /// One side.
        from: Vec<Host>,
        /// The other side.
        to: Vec<Host>,
        /// Which way.
        direction: Direction,
        /// How much longer.
        extra: Distribution,
    },
    /// Of a million packets between the sides so many are lost and come again after TCP's retransmission time.
    Loss {
        /// One side.
        from: Vec<Host>,
        /// The other side.
        to: Vec<Host>,
        /// Which way.
        direction: Direction,
        /// Lost packets of a million.
        per_million: u32,
        /// Time until a lost packet is sent again; doubles with each loss (Linux: 200 ms).
        retransmission: Span,
    },
    /// Messages between the sides wait until [`Action::Release`], then all arrive.
    Hold {
        /// One side.
        from: Vec<Host>,
        /// The other side.
        to: Vec<Host>,
        /// Which way.
        direction: Direction,
    },
    /// Lets the messages go that [`Action::Hold`] kept.
    Release {
        /// One side.
        from: Vec<Host>,
        /// The other side.
        to: Vec<Host>,
    },
    /// A middlebox forgets the connections that there are between two sides; new ones pass.
    Sever {
        /// One side.
        from: Vec<Host>,
        /// The other side.
        to: Vec<Host>,
        /// It answers what comes on them with RST, and does not drop it in silence.
        reset: bool,
    },
    /// The operator sets the queue counts of a topic on some brokers.
    SetQueues {
        /// The topic.
        topic: TopicIndex,
        /// On these brokers.
        brokers: Vec<BrokerIndex>,
        /// `readQueueNums`, if it changes.
        read_queue_nums: Option<u32>,
        /// `writeQueueNums`, if it changes.
        write_queue_nums: Option<u32>,
    },
    /// The operator sets what may be done with a topic on some brokers (`mqadmin updateTopicPerm`).
    SetPermission {
        /// The topic.
        topic: TopicIndex,
        /// On these brokers.
        brokers: Vec<BrokerIndex>,
        /// What may be done from now on.
        permission: Permission,
    },
    /// The operator deletes a topic on some brokers and at all name servers (`mqadmin deleteTopic`).
    DeleteTopic {
        /// The topic.
        topic: TopicIndex,
        /// On these brokers.
        brokers: Vec<BrokerIndex>,
    },
    /// The operator makes a topic, with every permission (`mqadmin updateTopic`).
    CreateTopic {
        /// The topic.
        topic: TopicIndex,
        /// Its queues, broker by broker.
        queues: Vec<TopicOnBroker>,
    },
    /// The operator sets what may be done at brokers (`mqadmin updateBrokerConfig -k brokerPermission`).
    SetBrokerPermission {
        /// At these brokers.
        brokers: Vec<BrokerIndex>,
        /// What may be done from now on.
        permission: Permission,
    },
    /// The operator creates a group at brokers, or gives it another configuration (`mqadmin updateSubGroup`).
    SetGroup {
        /// Which.
        group: GroupIndex,
        /// At these brokers.
        brokers: Vec<BrokerIndex>,
        /// What it is from now on.
        change: GroupChange,
    },
    /// The operator deletes a group (`mqadmin deleteSubGroup`).
    DeleteGroup {
        /// Which.
        group: GroupIndex,
        /// At these brokers.
        brokers: Vec<BrokerIndex>,
        /// `removeOffset`: its offsets go too.
        remove_offset: bool,
        /// In the whole cluster: its `%RETRY%` and `%DLQ%` go too.
        everywhere: bool,
    },
    /// The operator says how a group consumes a topic (`mqadmin setConsumeMode`): nobody is told.
    SetMode {
        /// Whose.
        group: GroupIndex,
        /// Of which topic.
        topic: TopicIndex,
        /// At these brokers, one after the other.
        brokers: Vec<BrokerIndex>,
        /// Whether it pulls or pops from now on.
        mode: RequestMode,
        /// `popShareQueueNum`; without one the tool sends 0.
        share: i32,
    },
    /// The operator sets a group's offsets of a topic (`mqadmin resetOffsetByTime`).
    ResetOffsets(OffsetReset),
    /// The wall clock of a host jumps; what is monotonic goes on.
    JumpClock {
        /// Whose.
        host: Host,
        /// How far.
        by: Span,
        /// Backwards, else forwards.
        back: bool,
    },
    /// The oldest messages of queues are no longer in the page cache, or no longer on the disk either.
    ForgetHeads {
        /// Of this topic; `None`: of all, `%RETRY%` included.
        topic: Option<TopicIndex>,
        /// On these brokers.
        brokers: Vec<BrokerIndex>,
        /// Messages older than this are deleted; `None`: none is.
        keep: Option<Span>,
    },
    /// Nothing happens; the step only marks the time.
    Mark,
}

impl Action {
    /// What is done to a process, in one word of the language; `other`: what is not done to one.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::StartConsumer { .. } | Self::StartBroker { .. } | Self::StartNameServer(_) | Self::StartProxy(_) => {
                "start"
            }
            Self::StopConsumer(_) | Self::StopBroker(_) => "stop",
            Self::KillConsumer(_) | Self::KillBroker(_) | Self::KillNameServer(_) | Self::KillProxy(_) => "kill",
            Self::PowerOffConsumer(_) | Self::PowerOffBroker(_) | Self::PowerOffProxy(_) => "power_off",
            Self::PauseConsumer(_) => "pause",
            Self::Suspend(_) => "suspend",
            Self::ResumeConsumer(_) => "resume",
            Self::Subscribe { .. } => "subscribe",
            Self::Unsubscribe { .. } => "unsubscribe",
            Self::Rollout { .. } => "rollout",
            _ => "other",
        }
    }
}
