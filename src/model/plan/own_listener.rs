//! A listener of somebody else's: how long it works on a batch, and whether it fails, is theirs to say.

use std::fmt;
use std::sync::Arc;

use crate::kernel::{Instant, Span, Stream};
use crate::strategy::MessageQueue;

/// What is handed to a listener at once.
///
/// ```
/// fn is_poison(batch: &rebalance_sim::MessageBatch<'_>) -> bool {
///     &*batch.queue.topic == "orders" && batch.first_offset == 5
/// }
/// ```
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct MessageBatch<'a> {
    /// Its name in the story.
    pub consumer: &'a str,
    /// The queue; that of the `%RETRY%` topic where the messages come again.
    pub queue: &'a MessageQueue,
    /// The offset of the first message.
    pub first_offset: u64,
    /// How many messages.
    pub messages: u32,
    /// How often the first one has failed before (`MessageExt.getReconsumeTimes`).
    pub reconsume_times: u32,
    /// The moment of the run.
    pub now: Instant,
}

/// What a listener does (`MessageListenerConcurrently.consumeMessage`, `MessageListenerOrderly.consumeMessage`).
///
/// Both answers must follow from what is told and from `chance` alone: then a seed gives one run.
///
/// ```
/// use rebalance_sim::{Cluster, Group, MessageBatch, MessageListener, Plugins, Span, Stream, Sweep, Figure, millis};
///
/// /// Chokes on every hundredth message, once.
/// struct Choking;
/// impl MessageListener for Choking {
///     fn work(&self, batch: &MessageBatch<'_>, _: &mut Stream) -> Span {
///         if batch.first_offset % 100 == 99 { millis(500) } else { millis(1) }
///     }
///     fn fails(&self, batch: &MessageBatch<'_>, _: &mut Stream) -> bool {
///         batch.first_offset % 100 == 99 && batch.reconsume_times == 0
///     }
/// }
///
/// let cluster = Cluster::new().broker("a").topic("orders", 1).producer("orders", "10/s")
///     .group(Group::new("g").members(1).listener("Choking"));
/// let scenario = Plugins::new().listener("Choking", Choking).from_toml(&cluster.to_toml())?;
/// assert!(Sweep::seeds(0..2).run(&scenario).total(Figure::Retried) > 0.0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait MessageListener: Send + Sync {
    /// How long it works on a batch.
    fn work(&self, batch: &MessageBatch<'_>, chance: &mut Stream) -> Span;

    /// Whether it ends in `RECONSUME_LATER`, or in what an orderly listener says instead; by default it never does.
    fn fails(&self, batch: &MessageBatch<'_>, chance: &mut Stream) -> bool {
        let _ = (batch, chance);
        false
    }

    /// Whether it is a `MessageListenerOrderly`; by default it is a `MessageListenerConcurrently`.
    fn orderly(&self) -> bool {
        false
    }
}

/// A listener by its name.
#[derive(Clone)]
pub struct OwnListener {
    /// As `listener` has it.
    pub name: String,
    /// What it does.
    pub listener: Arc<dyn MessageListener>,
}

impl PartialEq for OwnListener {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && Arc::ptr_eq(&self.listener, &other.listener)
    }
}

impl fmt::Debug for OwnListener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("OwnListener").field(&self.name).finish()
    }
}
