//! What only the laws of the protocol look at: seen when a run is watched closely, and else not even made.

use serde::Serialize;
use strum::VariantNames;

use super::{ClientIndex, ConsumerIndex, PullTrouble, QueueIndex};
use crate::kernel::{Instant, Span};
use crate::model::ids::ConnectionId;
use crate::model::plan::{BrokerIndex, GroupIndex, NameServerIndex, TopicIndex};

/// One step inside an actor. A `consumer` that stands for a thread of its client instance is the instance's owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, VariantNames)]
#[expect(missing_docs, reason = "the fields are dense numbers and counts named after what they are")]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Detail {
    /// The rebalance thread begins a rebalance.
    RebalanceBegan { consumer: ConsumerIndex },
    /// A consumer of this rebalance thread goes on after `suspend()`, and rebalances without waiting for its turn.
    ConsumptionResumed { consumer: ConsumerIndex },
    /// `NOTIFY_CONSUMER_IDS_CHANGED` reached the instance, whose rebalance thread shall wake.
    RebalanceWanted { consumer: ConsumerIndex },
    /// A member list is asked from a broker, one of so many of the route.
    ListAsked { topic: TopicIndex, broker: BrokerIndex, of: u32 },
    /// The scheduled heartbeat is due.
    HeartbeatDue { consumer: ConsumerIndex },
    /// Scheduled persisting is due.
    PersistDue { consumer: ConsumerIndex },
    /// `persistAll` sends the offset of a queue.
    OffsetTold { consumer: ConsumerIndex, queue: QueueIndex, offset: u64 },
    /// `persistAll` has sent all that it sends; `last`: by `shutdown()`.
    PersistedAll { consumer: ConsumerIndex, last: bool },
    /// The offset of a queue that is given up is sent.
    LastOffsetTold { consumer: ConsumerIndex, queue: QueueIndex, offset: u64 },
    /// The pull loop has looked at what a queue holds, and goes on (`None`) or holds back.
    PullLooked {
        consumer: ConsumerIndex,
        queue: QueueIndex,
        messages: u32,
        mebibytes: u64,
        span: u64,
        held_back: Option<PullTrouble>,
    },
    /// `NO_NEW_MSG` or `NO_MATCHED_MSG`, and the queue holds nothing.
    NothingNew { consumer: ConsumerIndex, queue: QueueIndex, next: u64 },
    /// A broker answered whether a queue of the table is locked; `all`: to `lockAll`.
    LockAnswered { consumer: ConsumerIndex, queue: QueueIndex, locked: bool, all: bool },
    /// `unlockAll` of `shutdown()` gives a queue back.
    UnlockedAtShutdown { consumer: ConsumerIndex, queue: QueueIndex },
    /// A client asks a broker for a queue's lock.
    LockAsked { broker: BrokerIndex, group: GroupIndex, queue: QueueIndex, client: ClientIndex },
    /// A broker refuses a pull.
    PullRefused { broker: BrokerIndex },
    /// A pull waits for a message, for as long as its client asked.
    PullHeld { broker: BrokerIndex, queue: QueueIndex, connection: ConnectionId, limit: Span },
    /// A pull waits no more.
    HoldEnded { broker: BrokerIndex, queue: QueueIndex, connection: ConnectionId },
    /// The hold service has looked through all held pulls.
    HoldsChecked { broker: BrokerIndex },
    /// A heartbeat said so many topics, and the broker knows so many of the group afterwards.
    SubscriptionsTaken { broker: BrokerIndex, group: GroupIndex, said: u32, known: u32 },
    /// A message of a group that was tried before waits to come back; without a level its tries say for how long.
    RetryWaits { broker: BrokerIndex, index: u32, tried: u32, level: Option<u32>, due: Instant },
    /// It comes back.
    RetryReturns { broker: BrokerIndex, index: u32 },
    /// A slave looks whether it is time to fetch its master's offsets.
    SlaveLooks { broker: BrokerIndex },
    /// A slave asks its master for them.
    SlaveAsks { broker: BrokerIndex },
    /// The scan of a name server removes a broker.
    BrokerExpires { name_server: NameServerIndex, broker: BrokerIndex },
    /// The connection on which a broker had registered is closed.
    BrokerChannelEnded { name_server: NameServerIndex, broker: BrokerIndex },
}
