//! What POP says on the wire (`PopMessageRequestHeader`, `AckMessageRequestHeader`, `ChangeInvisibleTimeRequestHeader`,
//! `QueryAssignmentRequestBody`).
//!
//! No member owns a queue: who has a message, and until when, stands in a handle that the message carries, and at the
//! broker in a checkpoint.

use std::rc::Rc;

use strum::IntoStaticStr;

use crate::kernel::{Instant, Span};
pub use crate::model::observation::RequestMode;
use crate::model::observation::{ClientIndex, PopRefusal, QueueIndex};
use crate::model::plan::{BrokerIndex, GroupIndex, MessageModel, TagSet, TopicIndex};

/// `QUERY_ASSIGNMENT`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueryAssignment {
    /// The group that asks.
    pub group: GroupIndex,
    /// Of which topic.
    pub topic: TopicIndex,
    /// Who asks.
    pub client: ClientIndex,
    /// `strategyName`, by the number of the strategy in the plan
    /// ([`Plan::strategy_number`](crate::model::plan::Plan::strategy_number)).
    pub strategy: usize,
    /// Its message model.
    pub message_model: MessageModel,
}

/// A queue of an assignment, or all queues of a topic at a broker (`queueId` -1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AssignedQueue {
    /// This queue.
    One(QueueIndex),
    /// Whatever queues of the topic the broker of this name has.
    AllOf(BrokerIndex, TopicIndex),
}

/// `MessageQueueAssignment`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Assigned {
    /// What the asker gets.
    pub queue: AssignedQueue,
    /// What it does with it.
    pub mode: RequestMode,
}

/// `ConsumeInitMode`: where a group without an offset begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InitMode {
    /// At the first message that is there.
    Min,
    /// At the last one, or at the first where all are in memory.
    Max,
}

/// `POP_MESSAGE`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PopRequest {
    /// The group that pops.
    pub group: GroupIndex,
    /// From which topic.
    pub topic: TopicIndex,
    /// From this queue alone; `None`: from all queues of the broker (`queueId` -1).
    pub queue: Option<QueueIndex>,
    /// `maxMsgNums`.
    pub max_messages: u32,
    /// `invisibleTime`.
    pub invisible: Span,
    /// `pollTime`: so long after `born` it may wait for a message.
    pub poll: Span,
    /// `bornTime`, by the clock of the asker's machine.
    pub born: Instant,
    /// Where a queue without an offset begins.
    pub init_mode: InitMode,
    /// `exp`: the tags that the asker takes.
    pub tags: TagSet,
    /// `order`: in the order of each queue, of which nobody gets more before what was popped of it is done.
    pub fifo: bool,
    /// `attemptId`: who asks with the same one asks once more for what an answer that was lost had brought.
    pub attempt_id: Option<u64>,
}

/// `KeyBuilder.POP_ORDER_REVIVE_QUEUE`: the queue of the revive topic that handles of messages name which were popped in
/// order. There is none of this number: nothing is written down for them.
pub const POP_ORDER_REVIVE_QUEUE: u32 = 999;

/// Which retry topic a message was popped from: the fifth word of `POP_CK`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RetryFlag {
    /// 0: none.
    Normal,
    /// 1: `%RETRY%group_topic`.
    V1,
    /// 2: `%RETRY%group+topic`.
    V2,
}

/// `POP_CK`: what an acknowledgement says of the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PopHandle {
    /// When it was popped, by the broker's clock.
    pub pop_time: Instant,
    /// For how long nobody else sees it.
    pub invisible: Span,
    /// Which queue of the revive topic has the checkpoint; [`POP_ORDER_REVIVE_QUEUE`]: it was popped in order, and there is
    /// none.
    pub revive_queue: u32,
    /// Which retry topic `queue` is of, if any.
    pub retry: RetryFlag,
    /// The name of its broker.
    pub broker: BrokerIndex,
    /// Where it lies: of a retry, in the retry topic.
    pub queue: QueueIndex,
    /// Its offset there.
    pub offset: u64,
    /// Where the pop of this queue began: it names the checkpoint.
    pub start_offset: u64,
}

impl PopHandle {
    /// `getReviveTime`: from then on the message is given to others, by the broker's clock.
    #[must_use]
    pub fn revive_time(&self) -> Instant {
        self.pop_time + self.invisible
    }

    /// The handle that the message has once a broker has answered that it stays for longer
    /// (`MQClientAPIImpl.changeInvisibleTimeAsync`).
    #[must_use]
    pub fn changed(self, pop_time: Instant, invisible: Span) -> Self {
        Self { pop_time, invisible, start_offset: self.offset, ..self }
    }

    /// Whether the message was popped in order.
    #[must_use]
    pub fn is_fifo(&self) -> bool {
        self.revive_queue == POP_ORDER_REVIVE_QUEUE
    }
}

/// A message as a pop brought it. Where it lies says its handle, of a retry in the retry topic; its first copy says the
/// broker's log, as that of a pulled one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PoppedMessage {
    /// How often the log had lost its end before.
    pub life: u32,
    /// `reconsumeTimes`: of the message, or of one that was popped in order how often it was popped before
    /// (`orderCountInfo`).
    pub reconsume_times: u32,
    /// What it is acknowledged with.
    pub handle: PopHandle,
}

/// What a pop brought.
#[derive(Debug, Clone, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Popped {
    /// `SUCCESS`: at least one message, in the order in which the broker looked.
    Found(Rc<Vec<PoppedMessage>>),
    /// `POLLING_TIMEOUT`, 210.
    PollingTimeout,
    /// `POLLING_FULL`, 209.
    PollingFull,
    /// Another code.
    Refused(PopRefusal),
}
