//! Calls that wait for an answer, and who goes on when it comes.

use strum::IntoStaticStr;

use crate::kernel::{Instant, Timer};
use crate::model::ids::{ConnectionId, HostId};
use crate::model::marks::Mark;
use crate::model::network::GrpcWait;
use crate::model::observation::{QueueIndex, SentMessage, StoreDelay};
use crate::model::plan::{BrokerIndex, ConsumerIndex, ProducerIndex, ProxyIndex, TopicIndex};

/// A call; the generation tells the users of one slot apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CallId {
    /// Position among the calls.
    pub slot: u32,
    /// How often the slot was used before.
    pub generation: u32,
}

/// Why a call has no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallError {
    /// The connection was refused, or lost with the call under way.
    Unreachable,
    /// Nothing came in time.
    TimedOut,
}

/// Who goes on when the answer comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
#[expect(missing_docs, reason = "the fields are dense numbers and counts named after what they are")]
pub enum Waiter {
    /// The thread in `start()`, for a topic's route.
    Start { consumer: ConsumerIndex, epoch: u32 },
    /// The scheduled thread, for a topic's route.
    RoutePoll { consumer: ConsumerIndex, epoch: u32 },
    /// The scheduled thread, for a connection that an offset waits for.
    Persist { consumer: ConsumerIndex, epoch: u32 },
    /// Whoever holds the heartbeat lock.
    Heartbeat { consumer: ConsumerIndex, epoch: u32 },
    /// The rebalance thread.
    Rebalance { consumer: ConsumerIndex, epoch: u32 },
    /// The callback of a pull.
    Pull { consumer: ConsumerIndex, epoch: u32, process_queue: u32 },
    /// The callback of a pop.
    Pop { consumer: ConsumerIndex, epoch: u32, process_queue: u32 },
    /// A pull that looks for its broker in the route.
    PullRoute { consumer: ConsumerIndex, epoch: u32, process_queue: u32 },
    /// A pop that looks for the master of its broker in the route.
    PopRoute { consumer: ConsumerIndex, epoch: u32, process_queue: u32 },
    /// The callback that logs what became of an acknowledgement, or of the wish for a longer invisible time.
    Ack { consumer: ConsumerIndex, epoch: u32, queue: QueueIndex, offset: u64 },
    /// A consume thread that sends a message back.
    SendBack { consumer: ConsumerIndex, epoch: u32, thread: u32 },
    /// The cleaner of messages that a listener has held for too long.
    Clean { consumer: ConsumerIndex, epoch: u32, process_queue: u32, offset: u32, left: u32 },
    /// A thread of orderly consumption.
    Orderly { consumer: ConsumerIndex, epoch: u32, wait: OrderlyWait },
    /// The thread in `shutdown()`, unregistering.
    Shutdown { consumer: ConsumerIndex, epoch: u32 },
    /// A client that speaks gRPC; `host`: whom it asked.
    Grpc { consumer: ConsumerIndex, epoch: u32, host: HostId, wait: GrpcWait },
    /// A proxy, for a broker or a name server; `task`: what it then goes on with.
    Proxy { proxy: ProxyIndex, epoch: u32, task: u32 },
    /// A producer's send.
    Send { sent: SentMessage, queue: QueueIndex, attempt: Attempt },
    /// A producer's route.
    ProducerRoute { producer: ProducerIndex, topic: TopicIndex },
    /// The same for a topic that name servers do not know.
    ProducerDefaultRoute { producer: ProducerIndex, topic: TopicIndex },
    /// A slave's synchronisation.
    SlaveSync { broker: BrokerIndex, epoch: u32 },
    /// A broker that starts, for what another one of its name knows.
    MetadataReverse { broker: BrokerIndex, epoch: u32 },
    /// A broker that answers QUERY_ASSIGNMENT, for a topic's route.
    LoadBalanceRoute { broker: BrokerIndex, epoch: u32, topic: TopicIndex },
    /// A broker's registration; nobody minds the answer.
    Registration { broker: BrokerIndex },
}

/// One of the attempts to send a message (`DefaultMQProducerImpl.sendDefaultImpl`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attempt {
    /// How many there were before.
    pub number: u32,
    /// When the first of them began: `sendMsgTimeout` is for all together.
    pub began: Instant,
    /// One before was answered: the message is stored, and not where it was to be stored too.
    pub in_doubt: Option<StoreDelay>,
    /// What stands on the message.
    pub mark: Mark,
}

/// What a thread of orderly consumption waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are dense numbers named after what they are")]
pub enum OrderlyWait {
    /// `lockAll` of one broker's queues; `second`: of the second timer.
    LockAll { second: bool },
    /// The lock of one queue.
    LockOne { process_queue: u32 },
    /// `unlockAll` of one broker's queues.
    UnlockAll,
    /// The pull thread asks where a queue begins, the first time it finds it locked; `from_end`: it asks for the
    /// maximum or a time, because the broker has no offset.
    FirstOffset { process_queue: u32, from_end: bool },
}

/// One call under way.
#[derive(Debug)]
pub struct Call {
    /// On which connection.
    pub connection: ConnectionId,
    /// Who waits.
    pub waiter: Waiter,
    /// The caller blocks: a time-out closes the connection (`clientCloseSocketIfTimeout`).
    pub synchronous: bool,
    /// The server has stored the message that it sends, whatever becomes of the answer: its producer does not know.
    pub stored: bool,
    /// Its connection was made so late that a time-out says nothing of it.
    pub late: bool,
    /// When it was made.
    pub began: Instant,
    /// When its time is up.
    pub until: Instant,
    /// Its time-out.
    pub timer: Timer,
}

/// All calls under way.
#[derive(Debug, Default)]
pub struct Calls {
    slots: Vec<(u32, Option<Call>)>,
    free: Vec<u32>,
}

impl Calls {
    /// The id that the next [`Calls::begin`] gives out; its time-out is scheduled before it is stored.
    #[must_use]
    pub fn next_id(&self) -> CallId {
        let slot = self.free.last().copied().unwrap_or(self.slots.len() as u32);
        CallId { slot, generation: self.slots.get(slot as usize).map_or(0, |(generation, _)| *generation) }
    }

    /// Stores a call under [`Calls::next_id`].
    pub fn begin(&mut self, call: Call) -> CallId {
        let id = self.next_id();
        if self.free.pop().is_some() {
            self.slots[id.slot as usize].1 = Some(call);
        } else {
            self.slots.push((0, Some(call)));
        }
        id
    }

    /// Ends a call; `None` where it has ended before.
    pub fn end(&mut self, id: CallId) -> Option<Call> {
        let (generation, call) = self.slots.get_mut(id.slot as usize)?;
        if *generation != id.generation {
            return None;
        }
        let call = call.take()?;
        *generation += 1;
        self.free.push(id.slot);
        Some(call)
    }

    /// Those under way on a connection, in the order in which they were made. Looks at all: connections seldom end.
    #[must_use]
    pub fn on(&self, connection: ConnectionId) -> Vec<CallId> {
        let there = (0..).zip(&self.slots).filter_map(|(slot, &(generation, ref call))| {
            let call = call.as_ref().filter(|call| call.connection == connection)?;
            Some((call.timer.sequence(), CallId { slot, generation }))
        });
        let mut there: Vec<_> = there.collect();
        there.sort_unstable_by_key(|(sequence, _)| *sequence);
        there.into_iter().map(|(_, call)| call).collect()
    }

    /// The broker has stored what a call sends.
    pub fn note_stored(&mut self, id: CallId) {
        let call = self.slots.get_mut(id.slot as usize).filter(|(generation, _)| *generation == id.generation);
        if let Some((_, Some(call))) = call {
            call.stored = true;
        }
    }

    /// A call under way, to be changed.
    pub fn get_mut(&mut self, id: CallId) -> Option<&mut Call> {
        let (generation, call) = self.slots.get_mut(id.slot as usize)?;
        (*generation == id.generation).then_some(call.as_mut()).flatten()
    }

    /// A look at a call under way.
    #[must_use]
    pub fn get(&self, id: CallId) -> Option<&Call> {
        let (generation, call) = self.slots.get(id.slot as usize)?;
        (*generation == id.generation).then_some(call.as_ref()).flatten()
    }
}
