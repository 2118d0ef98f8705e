//! Queue-allocation strategies: who of a group gets which queue.
//!
//! A strategy is a pure function of the sorted queues, the sorted client ids and the asker's own id; there is no
//! agreement between members (`RebalanceImpl.rebalanceByTopic`). Adding one is one new file and one line in
//! [`registry`], or, from another crate, one [`Registry::with`].
//!
//! | name | what it is | source |
//! |---|---|---|
//! | `AVG`, `AVG_BY_CIRCLE`, `CONFIG`, `MACHINE_ROOM`, `MACHINE_ROOM_NEARBY-<inner>`, `CONSISTENT_HASH` | RocketMQ's own: result, order and error messages | `org.apache.rocketmq.client.consumer.rebalance` |
//! | `BOUNDED_LOAD_HASH` | not RocketMQ's: the hash ring, no member above 125 % of the mean | apache/rocketmq#1333 |
//! | `RENDEZVOUS_HASH` | not RocketMQ's: each queue to the member that scores highest for it | Thaler and Ravishankar, 1996 |
//! | `STICKY` | not RocketMQ's: even, and as little moved as that allows; assumes that all members are told the same last assignment | apache/rocketmq-externals#568 |
//! | `AVG_OVER_TOPICS` | not RocketMQ's: dealing goes on from topic to topic; assumes that all members know the same topics and counts | apache/rocketmq#1945 |
//!
//! [`go`] has what the Go client answers under the names of RocketMQ's own.

mod avg;
mod avg_by_circle;
mod avg_over_topics;
mod bounded_load_hash;
mod by_owner;
mod check;
mod config;
mod consistent_hash;
mod error;
pub mod go;
pub mod hash_ring;
mod machine_room;
mod machine_room_nearby;
pub mod order;
mod parameters;
mod queue;
pub mod registry;
mod rendezvous_hash;
mod room;
mod sticky;
#[cfg(test)]
mod unasked;

pub use error::{AllocateError, StrategyError};
pub use parameters::StrategyParameters;
pub use queue::{ClientId, MessageQueue};
pub use registry::Registry;
pub use room::RoomRule;
#[cfg(test)]
pub(crate) use unasked::Unasked;

/// What every strategy offers (`AllocateMessageQueueStrategy`).
///
/// ```
/// use rebalance_sim::{AllocateError, AllocateMessageQueueStrategy, ClientId, MessageQueue};
/// /// All to the first id.
/// struct FirstCome;
/// impl AllocateMessageQueueStrategy for FirstCome {
///     fn name(&self) -> String {
///         "FIRST_COME".to_owned()
///     }
///     fn allocate(
///         &self, _group: &str, me: &str, queues: &[MessageQueue], members: &[ClientId],
///     ) -> Result<Vec<MessageQueue>, AllocateError> {
///         let first = members.first().is_some_and(|first| &**first == me);
///         Ok(if first { queues.to_vec() } else { Vec::new() })
///     }
/// }
/// let dealt = FirstCome.allocate("g", "c1", &[MessageQueue::new("orders", "a", 0)], &["c1".into(), "c2".into()])?;
/// assert_eq!(dealt.len(), 1);
/// # Ok::<(), AllocateError>(())
/// ```
pub trait AllocateMessageQueueStrategy: Send + Sync {
    /// RocketMQ's name of it (`AllocateMessageQueueStrategy.getName`).
    fn name(&self) -> String;

    /// How many virtual nodes it makes of each id; none where it has no ring ([`hash_ring::too_large`]).
    fn virtual_node_cnt(&self) -> u32 {
        0
    }

    /// The queues of `current_cid`, in the order the strategy lists them.
    ///
    /// `mq_all` and `cid_all` are expected as the client sorts them: [`MessageQueue`]'s own order, and
    /// [`order::compare_java_strings`] for ids. Ids may repeat.
    ///
    /// # Errors
    /// What the Java class throws, with its class and message; the client then keeps the queues it has.
    fn allocate(
        &self,
        group: &str,
        current_cid: &str,
        mq_all: &[MessageQueue],
        cid_all: &[ClientId],
    ) -> Result<Vec<MessageQueue>, AllocateError>;

    /// The answers for every id of `cid_all`, in its order. A strategy overrides it where work can be shared
    /// between the members (one ring for all).
    fn allocate_all(
        &self,
        group: &str,
        mq_all: &[MessageQueue],
        cid_all: &[ClientId],
    ) -> Vec<Result<Vec<MessageQueue>, AllocateError>> {
        cid_all.iter().map(|cid| self.allocate(group, cid, mq_all, cid_all)).collect()
    }
}
