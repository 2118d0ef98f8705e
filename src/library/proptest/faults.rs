//! What happens to the members of a group.

use ::proptest::collection::vec;
use ::proptest::prelude::{BoxedStrategy, Just, Strategy, any, prop_oneof};
use ::proptest::sample::Index;

use crate::kernel::Span;
use crate::library::Cluster;
use crate::model::plan::{GroupIndex, Plan};

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
///     let mut left = vec!["c1", "c2", "c3", "c4", "c5"];
///     let mut cluster = Cluster::new().broker("a").topic("orders", 4).group(Group::new("g").members(5));
///     for fault in &faults {
///         cluster = fault.happens(cluster, &mut left);
///     }
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

/// A cluster of one's own with [`faults`] of its members. Of each group one member stays whole. What is no scenario has no
/// faults: [`Cluster::scenario`] says then what is wrong with it.
///
/// ```
/// use proptest::prelude::*;
/// use rebalance_sim::{Cluster, Figure, Group, Sweep, millis, proptest::with_faults, secs};
/// /// Messages come for a minute and a half, and all that is left of five is there to catch up.
/// fn mine() -> Cluster {
///     let billing = Group::new("billing").members(4).work(millis(5));
///     Cluster::new().lasts(secs(300)).broker("a").topic("orders", 8)
///         .producer_until("orders", "20/s", secs(90)).group(billing)
/// }
/// proptest!(ProptestConfig::with_cases(4), |(cluster in with_faults(mine()))| {
///     let scenario = cluster.scenario().map_err(|error| TestCaseError::fail(error.to_string()))?;
///     let outcomes = Sweep::seeds(0..2).run(&scenario);
///     prop_assert_eq!(outcomes.total(Figure::Lost), 0.0);
///     prop_assert!(outcomes.quantile(Figure::UnownedMax, 1.0) <= secs(180));
/// });
/// ```
pub fn with_faults(cluster: Cluster) -> BoxedStrategy<Cluster> {
    let members = cluster.scenario().map_or_else(|_| Vec::new(), |scenario| members(scenario.plan()));
    let happen = move |faults: Vec<Fault>| {
        let mut left: Vec<&str> = members.iter().map(String::as_str).collect();
        faults.iter().fold(cluster.clone(), |cluster, fault| fault.happens(cluster, &mut left))
    };
    faults().prop_map(happen).boxed()
}

/// Members that something can happen to: those with a process of their own, and where there are several groups all but the
/// first of each.
fn members(plan: &Plan) -> Vec<String> {
    let first = |of: GroupIndex| plan.consumers.iter().position(|consumer| consumer.group == of);
    let hit = plan.consumers.iter().enumerate().filter(|(number, consumer)| {
        let kept = plan.groups.len() > 1 && first(consumer.group) == Some(*number);
        consumer.instance_of.is_none() && !kept
    });
    hit.map(|(_, consumer)| consumer.name.clone()).collect()
}
