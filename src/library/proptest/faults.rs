//! What happens to the members of a group.

use ::proptest::collection::vec;
use ::proptest::prelude::{BoxedStrategy, Just, Strategy, any, prop_oneof};
use ::proptest::sample::Index;

use crate::kernel::Span;
use crate::library::Cluster;

/// What happens to a member.
///
/// ```
/// assert_eq!(rebalance_sim::proptest::FaultKind::Kill, rebalance_sim::proptest::FaultKind::Kill);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum FaultKind {
    /// It shuts down in order.
    Stop,
    /// It is killed by SIGKILL.
    Kill,
    /// It stands still for 20 s.
    Pause,
    /// Its machine loses power: brokers list it for two minutes more.
    PowerOff,
}

/// A fault: what, when and to whom.
///
/// ```
/// use proptest::prelude::*;
/// use rebalance_sim::{Cluster, Group};
/// proptest!(ProptestConfig::with_cases(4), |(faults in rebalance_sim::proptest::faults())| {
///     let members = ["c1", "c2", "c3", "c4", "c5"];
///     let cluster = Cluster::new().broker("a").topic("orders", 4).group(Group::new("g").members(5));
///     let cluster = faults.iter().fold((cluster, members.to_vec()), |(cluster, mut left), fault| {
///         (fault.happens(cluster, &mut left), left)
///     }).0;
///     prop_assert!(cluster.scenario().is_ok(), "{cluster}");
/// });
/// ```
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Fault {
    /// What happens.
    pub kind: FaultKind,
    /// When.
    pub at: Span,
    /// To whom, of those that are left.
    pub member: Index,
}

/// A paused member goes on after so long.
const PAUSED: Span = Span::from_secs(20);

impl Fault {
    /// A cluster in which it happens to one of `left`, who is hit by nothing else then. One member stays whole: where
    /// one is left, nothing happens.
    #[must_use]
    pub fn happens(&self, cluster: Cluster, left: &mut Vec<&str>) -> Cluster {
        if left.len() < 2 {
            return cluster;
        }
        let member = left.remove(self.member.index(left.len()));
        match self.kind {
            FaultKind::Stop => cluster.at(self.at).stop(member),
            FaultKind::Kill => cluster.at(self.at).kill(member),
            FaultKind::PowerOff => cluster.at(self.at).power_off(member),
            FaultKind::Pause => cluster.at(self.at).pause(member).at(self.at + PAUSED).resume(member),
        }
    }
}

/// Up to four faults between 20 s and 60 s of the run. They shrink to fewer, earlier and gentler ones.
///
/// ```
/// use proptest::prelude::*;
/// proptest!(ProptestConfig::with_cases(4), |(faults in rebalance_sim::proptest::faults())| {
///     prop_assert!(faults.len() <= 4);
/// });
/// ```
pub fn faults() -> BoxedStrategy<Vec<Fault>> {
    let kinds =
        prop_oneof![Just(FaultKind::Stop), Just(FaultKind::Kill), Just(FaultKind::Pause), Just(FaultKind::PowerOff)];
    let fault = (kinds, 20..=60_u64, any::<Index>());
    vec(fault.prop_map(|(kind, at_s, member)| Fault { kind, at: Span::from_secs(at_s), member }), 0..=4).boxed()
}
