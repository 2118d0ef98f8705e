//! What actors tell each other in one moment, where no network lies between them: a process and the kubelet of its node,
//! a master and what is modelled of its slaves, the operator's tool and its targets.
//!
//! ```text
//!   handler --tell--> notices, in order --the handler has ended--> one match --> handler of the other actor
//! ```

use std::rc::Rc;

use super::ids::ConnectionId;
use super::network::{CallId, Request, Response, SubscriptionData};
use super::observation::{CommitPath, End, QueueIndex};
use super::plan::{BrokerIndex, ConsumerIndex, ProxyIndex};

/// What is told, and to whom.
#[derive(Debug, Clone)]
pub(super) enum Notice {
    /// To the kubelet: a consumer's process is gone.
    ContainerEnded { consumer: ConsumerIndex, end: End },
    /// To the brokers of a name: one of them boots, and others' offsets have counted meanwhile.
    BrokerBooted { broker: BrokerIndex, epoch: u32 },
    /// To the brokers of a name: the controller makes a slave the master.
    MasterElected { slave: BrokerIndex, epoch: u32 },
    /// To a master: what its slaves have is more than before, or other slaves count.
    ReplicasChanged { master: BrokerIndex },
    /// To a slave: its master has dispatched messages of a queue.
    Dispatched { slave: BrokerIndex, queue: QueueIndex },
    /// To the brokers of a name: groups begin from the offsets of another one from now on.
    OffsetsCountInstead { old: BrokerIndex, new: BrokerIndex, path: CommitPath },
    /// To a broker: the proxy in its process asks.
    AskedInProcess { broker: BrokerIndex, connection: ConnectionId, call: CallId, request: Request },
    /// To the proxy in a broker's process: it answers.
    AnsweredInProcess { call: CallId, response: Response },
    /// To all proxies but this one: a client has sent it its settings (`HeartbeatSyncer`).
    SettingsSynced { proxy: ProxyIndex, consumer: ConsumerIndex, subscriptions: Rc<Vec<SubscriptionData>> },
    /// To the proxy in a broker's process: a client of its was silent for too long.
    GrpcMemberExpired { broker: BrokerIndex, channel: ConnectionId },
}
