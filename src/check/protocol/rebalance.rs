//! When a client rebalances (`RebalanceService.run`).

use std::collections::{BTreeMap, BTreeSet};

use super::{Broken, Law, Scene, owners};
use crate::kernel::{Instant, Span};
use crate::model::observation::{Detail, Kinds, Observation, Observed, kinds};
use crate::model::plan::{ConsumerIndex, Plan};

/// One rebalance thread.
#[derive(Debug, Default)]
struct Thread {
    /// When its process began; known where no other consumer shares it.
    began: Option<Instant>,
    /// End of the last rebalance, and whether it was balanced.
    ended: Option<(Instant, bool)>,
    /// Since when a wake-up waits to be followed.
    wanted: Option<Instant>,
    /// A wake-up was lost: no other counts until the wait is over.
    deaf: bool,
    /// `resume()` was called: it rebalances by itself, whenever the last time was.
    resumed: bool,
}

/// What the settings say of one.
#[derive(Debug)]
struct Timers {
    wait: Span,
    minimum: Span,
    retries: bool,
    alone: bool,
}

/// A rebalance begins no sooner than `minInterval` after the end of the one before, no later than `waitInterval` after it
/// (`minInterval` where it left something unbalanced), and after a notification as soon as the first allows.
#[derive(Debug)]
pub(super) struct Intervals {
    owners: Vec<ConsumerIndex>,
    timers: Vec<Timers>,
    threads: BTreeMap<ConsumerIndex, Thread>,
}

impl Intervals {
    pub fn new(plan: &Plan) -> Self {
        let owners = owners(plan);
        // Of a consumer that later runs another release the wider bounds.
        let timers = ConsumerIndex::number(&plan.consumers).map(|(own, consumer)| {
            let later = plan.releases.iter().filter(|release| release.name == consumer.name);
            let clients = || std::iter::once(consumer).chain(later.clone()).map(|release| &release.client);
            let wait = clients().map(|client| client.timers.rebalance_wait_interval).max();
            let minimum = clients().map(|client| client.timers.rebalance_min_interval).min();
            Timers {
                wait: wait.unwrap_or_default(),
                minimum: minimum.unwrap_or_default(),
                retries: clients().all(|client| client.retry_when_not_balanced),
                alone: owners.iter().filter(|owner| **owner == own).count() == 1,
            }
        });
        Self { timers: timers.collect(), owners, threads: BTreeMap::new() }
    }

    fn began(&mut self, at: Instant, consumer: ConsumerIndex, scene: Scene<'_>, broken: &mut Broken) {
        let Timers { wait, minimum, retries, .. } = self.timers[consumer.at()];
        let thread = self.threads.entry(consumer).or_default();
        let wanted = thread.wanted.take();
        thread.deaf = false;
        let resumed = std::mem::take(&mut thread.resumed);
        if !scene.clocks_agree {
            return;
        }
        let who = scene.names.consumer(consumer);
        let Some((ended, balanced)) = thread.ended else {
            if let Some(began) = thread.began.take().filter(|began| at.since(*began) < minimum) {
                let since = at.since(began);
                broken.say(at, "minimum_interval", format!("{who} rebalanced {since} after its process began"));
            }
            return;
        };
        let since = at.since(ended);
        if since < minimum && !resumed {
            broken.say(at, "minimum_interval", format!("{who} rebalanced {since} after the end of the last time"));
        }
        if since > if balanced || !retries { wait.max(minimum) } else { minimum } {
            broken.say(
                at,
                "wait_interval",
                format!("{who} rebalanced {since} after the last time, balanced: {balanced}"),
            );
        }
        if let Some(wanted) = wanted.filter(|wanted| at > (*wanted).max(ended + minimum)) {
            let late = at.since(wanted);
            broken.say(at, "a_notification_rebalances", format!("{who} rebalanced {late} after it had been notified"));
        }
    }
}

impl Law for Intervals {
    fn reads(&self) -> Kinds {
        kinds![
            ConsumerStarting,
            ConsumerPaused,
            ConsumerResumed,
            ConsumerEnded,
            ConsumptionResumed,
            RebalanceWanted,
            WakeupLost,
            RebalanceEnded,
            RebalanceBegan
        ]
    }

    fn observe(&mut self, seen: &Observed, scene: Scene<'_>, broken: &mut Broken) {
        let at = seen.at;
        match seen.what {
            Observation::ConsumerStarting { consumer, .. } if self.timers[consumer.at()].alone => {
                self.threads.insert(consumer, Thread { began: Some(at), ..Thread::default() });
            }
            // Its timers stand still, or are no more.
            Observation::ConsumerPaused { consumer }
            | Observation::ConsumerResumed { consumer }
            | Observation::ConsumerEnded { consumer, .. } => {
                self.threads.remove(&self.owners[consumer.at()]);
            }
            Observation::Detail(Detail::ConsumptionResumed { consumer }) => {
                self.threads.entry(consumer).or_default().resumed = true;
            }
            Observation::Detail(Detail::RebalanceWanted { consumer }) => {
                let thread = self.threads.entry(consumer).or_default();
                if !thread.deaf {
                    thread.wanted.get_or_insert(at);
                }
            }
            Observation::WakeupLost { consumer } => {
                let thread = self.threads.entry(self.owners[consumer.at()]).or_default();
                (thread.wanted, thread.deaf) = (None, true);
            }
            Observation::RebalanceEnded { consumer, balanced, .. } => {
                self.threads.entry(consumer).or_default().ended = Some((at, balanced));
            }
            Observation::Detail(Detail::RebalanceBegan { consumer }) => self.began(at, consumer, scene, broken),
            _ => {}
        }
    }
}

/// A changed route wakes no rebalance thread (`MQClientInstance.updateTopicRouteInfoFromNameServer`).
#[derive(Debug, Default)]
pub(super) struct RoutesWakeNobody {
    /// Events that did nothing else but bring a route.
    routes: BTreeSet<u64>,
}

impl Law for RoutesWakeNobody {
    fn reads(&self) -> Kinds {
        kinds![RouteChanged, RebalanceEnded, ConsumerStarted, SubscriptionChanged, RebalanceBegan]
    }

    fn observe(&mut self, seen: &Observed, scene: Scene<'_>, broken: &mut Broken) {
        match seen.what {
            Observation::RouteChanged { .. } => _ = self.routes.insert(seen.sequence),
            Observation::RebalanceEnded { .. }
            | Observation::ConsumerStarted { .. }
            | Observation::SubscriptionChanged { .. } => {
                self.routes.remove(&seen.sequence);
            }
            Observation::Detail(Detail::RebalanceBegan { consumer }) if self.routes.contains(&seen.cause) => {
                let who = scene.names.consumer(consumer);
                broken.say(seen.at, "a_route_wakes_nobody", format!("{who} rebalanced because a route had changed"));
            }
            _ => {}
        }
    }
}
