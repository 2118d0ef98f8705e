//! Observers of one's own: they see what happens in a run by its names, and complain of what must not be.

use std::fmt;

use super::seen::Seen;
use crate::kernel::Instant;

/// Somebody who watches one run; [`Sweep::watched_by`](super::Sweep::watched_by) makes one for each seed.
///
/// It changes nothing of the run. What it complains of is kept with the seed, and then nothing holds.
///
/// ```
/// use std::collections::BTreeMap;
/// use rebalance_sim::{Cluster, Group, Instant, MessageQueue, Observer, Seen, Sweep, secs};
///
/// /// No queue may go from hand to hand more than twice.
/// #[derive(Default)]
/// struct Restless(BTreeMap<MessageQueue, u32>);
/// impl Observer for Restless {
///     fn see(&mut self, _: Instant, seen: &Seen<'_>) {
///         if let Seen::QueueTaken { queue, .. } = seen {
///             *self.0.entry((*queue).clone()).or_default() += 1;
///         }
///     }
///     fn finish(&mut self, _: Instant) -> Vec<String> {
///         let often = self.0.iter().filter(|(_, taken)| **taken > 3);
///         often.map(|(queue, taken)| format!("{queue} was taken {taken} times")).collect()
///     }
/// }
///
/// let cluster = Cluster::new().broker("a").topic("orders", 4).group(Group::new("g").members(3))
///     .at(secs(40)).kill("c2");
/// let outcomes = Sweep::seeds(0..3).watched_by("restless", Restless::default).run(&cluster.scenario()?);
/// assert!(outcomes.held(), "{:?}", outcomes.violated());
/// # Ok::<(), rebalance_sim::Error>(())
/// ```
pub trait Observer {
    /// Sees one thing; they come in the order in which they happened.
    fn see(&mut self, at: Instant, seen: &Seen<'_>);

    /// The run is over: what is there to complain of, one sentence each.
    fn finish(&mut self, end: Instant) -> Vec<String> {
        let _ = end;
        Vec::new()
    }
}

/// What an observer complains of.
///
/// ```
/// use rebalance_sim::{Cluster, Group, Instant, Observer, Seen, Sweep};
/// struct Grumpy;
/// impl Observer for Grumpy {
///     fn see(&mut self, _: Instant, _: &Seen<'_>) {}
///     fn finish(&mut self, _: Instant) -> Vec<String> {
///         vec!["too often".to_owned()]
///     }
/// }
/// let cluster = Cluster::new().broker("a").topic("orders", 4).group(Group::new("g").members(1));
/// let outcomes = Sweep::seeds(3..4).watched_by("grumpy", || Grumpy).run(&cluster.scenario()?);
/// let complaint = &outcomes.complaints()[0];
/// assert_eq!((complaint.seed, complaint.text.as_str()), (3, "too often"));
/// assert_eq!(complaint.to_string(), "grumpy: too often (seed 3)");
/// # Ok::<(), rebalance_sim::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Complaint {
    /// The seed.
    pub seed: u64,
    /// The name of the observer.
    pub observer: String,
    /// One sentence.
    pub text: String,
}

impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { seed, observer, text } = self;
        write!(f, "{observer}: {text} (seed {seed})")
    }
}
