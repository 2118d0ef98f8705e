//! What a broker does with requests and timers.

use std::collections::BTreeMap;

use super::{Broken, Law, Scene};
use crate::kernel::{Instant, Span};
use crate::model::ids::ConnectionId;
use crate::model::observation::{
    ClientIndex, CommitPath, Detail, Kinds, MemberLoss, Observation, Observed, QueueIndex, kinds,
};
use crate::model::plan::{BrokerIndex, GroupIndex, Plan};

/// A lock is another's exactly when its holder has not asked for it for longer than `lockMaxLiveTime`
/// (`RebalanceLockManager.tryLockBatch`).
#[derive(Debug)]
pub(super) struct Locks {
    limits: Vec<Span>,
    /// Who holds it, and when it last asked.
    held: BTreeMap<(BrokerIndex, GroupIndex, QueueIndex), (ClientIndex, Instant)>,
}

impl Locks {
    pub fn new(plan: &Plan) -> Self {
        let limits = plan.brokers.iter().map(|broker| broker.settings.lock_max_live_time);
        Self { limits: limits.collect(), held: BTreeMap::new() }
    }
}

impl Law for Locks {
    fn reads(&self) -> Kinds {
        kinds![LockAsked, LockGranted, LockRefused, LockReleased, LockForgotten]
    }

    fn observe(&mut self, seen: &Observed, scene: Scene<'_>, broken: &mut Broken) {
        let age = |asked: &Instant| seen.at.since(*asked);
        match seen.what {
            Observation::Detail(Detail::LockAsked { broker, group, queue, client }) => {
                if let Some((_, asked)) =
                    self.held.get_mut(&(broker, group, queue)).filter(|(holder, _)| *holder == client)
                {
                    *asked = seen.at;
                }
            }
            Observation::LockGranted { broker, group, queue, client, .. } => {
                let before = self.held.insert((broker, group, queue), (client, seen.at));
                if let Some((holder, asked)) = before.filter(|(holder, _)| *holder != client)
                    && scene.clocks_agree
                    && age(&asked) <= self.limits[broker.at()]
                {
                    let (of, who) = (scene.names.broker(broker), scene.names.client(holder));
                    let name = scene.names.message_queue(queue);
                    let detail = format!("{of} gave {name} away, which {who} had asked for {} ago", age(&asked));
                    broken.say(seen.at, "a_lock_is_refreshed_by_its_owner", detail);
                }
            }
            Observation::LockRefused { broker, group, queue, .. } => {
                let Some((holder, asked)) = self.held.get(&(broker, group, queue)) else { return };
                if scene.clocks_agree && age(asked) > self.limits[broker.at()] {
                    let (of, who) = (scene.names.broker(broker), scene.names.client(*holder));
                    let name = scene.names.message_queue(queue);
                    let detail = format!("{of} keeps {name} for {who}, which asked for it {} ago", age(asked));
                    broken.say(seen.at, "a_lock_lasts_its_age", detail);
                }
            }
            Observation::LockReleased { broker, group, queue, .. }
            | Observation::LockForgotten { broker, group, queue, .. } => {
                self.held.remove(&(broker, group, queue));
            }
            _ => {}
        }
    }
}

/// A pull that is refused commits nothing (`PullMessageProcessor.processRequest`).
#[derive(Debug, Default)]
pub(super) struct RefusedPulls {
    refused: Option<(u64, BrokerIndex)>,
}

impl Law for RefusedPulls {
    fn reads(&self) -> Kinds {
        kinds![PullRefused, Committed]
    }

    fn observe(&mut self, seen: &Observed, scene: Scene<'_>, broken: &mut Broken) {
        match seen.what {
            Observation::Detail(Detail::PullRefused { broker }) => self.refused = Some((seen.sequence, broker)),
            Observation::Committed { queue, path: CommitPath::PullPiggyback, offset, .. } => {
                let Some((_, broker)) = self.refused.filter(|(sequence, _)| *sequence == seen.sequence) else { return };
                let (of, name) = (scene.names.broker(broker), scene.names.message_queue(queue));
                let detail = format!("{of} took {offset} of {name} from a pull that it refused");
                broken.say(seen.at, "a_refused_pull_commits_nothing", detail);
            }
            _ => {}
        }
    }
}

/// After a look of the hold service no pull is held for longer than its client asked
/// (`PullRequestHoldService.checkHoldRequest`).
#[derive(Debug, Default)]
pub(super) struct Holds {
    held: BTreeMap<(BrokerIndex, QueueIndex, ConnectionId), Vec<(Instant, Span)>>,
}

impl Law for Holds {
    fn reads(&self) -> Kinds {
        kinds![PullHeld, HoldEnded, HoldsChecked, BrokerDown]
    }

    fn observe(&mut self, seen: &Observed, scene: Scene<'_>, broken: &mut Broken) {
        match seen.what {
            Observation::Detail(Detail::PullHeld { broker, queue, connection, limit }) => {
                self.held.entry((broker, queue, connection)).or_default().push((seen.at, limit));
            }
            Observation::Detail(Detail::HoldEnded { broker, queue, connection }) => {
                if let Some(pulls) = self.held.get_mut(&(broker, queue, connection)).filter(|pulls| !pulls.is_empty()) {
                    pulls.remove(0);
                }
            }
            Observation::Detail(Detail::HoldsChecked { broker }) => {
                let of_broker =
                    (broker, QueueIndex::MIN, ConnectionId::MIN)..=(broker, QueueIndex::MAX, ConnectionId::MAX);
                for ((_, queue, _), pulls) in self.held.range_mut(of_broker) {
                    let over = pulls.iter().filter(|(since, limit)| seen.at.since(*since) >= *limit).count();
                    if over > 0 {
                        let (of, name) = (scene.names.broker(broker), scene.names.message_queue(*queue));
                        let detail = format!("{of} goes on to hold {over} pulls of {name} whose time is up");
                        broken.say(seen.at, "long_polls_end", detail);
                        pulls.clear();
                    }
                }
                self.held.retain(|_, pulls| !pulls.is_empty());
            }
            Observation::BrokerDown { broker, .. } => self.held.retain(|(of, ..), _| *of != broker),
            _ => {}
        }
    }
}

/// The subscriptions of a heartbeat take the place of the group's old ones (`ConsumerGroupInfo.updateSubscription`), and
/// the scan that removes a silent member tells nobody (`ConsumerManager.scanNotActiveChannel`).
#[derive(Debug, Default)]
pub(super) struct Heartbeats {
    /// The last event in which the scan removed somebody.
    expired: Option<u64>,
}

impl Law for Heartbeats {
    fn reads(&self) -> Kinds {
        kinds![SubscriptionsTaken, MemberRemoved, NotificationsSent]
    }

    fn observe(&mut self, seen: &Observed, scene: Scene<'_>, broken: &mut Broken) {
        match seen.what {
            Observation::Detail(Detail::SubscriptionsTaken { broker, group, said, known }) if said != known => {
                let (of, group) = (scene.names.broker(broker), scene.names.group(group));
                let detail = format!("{of} knows {known} topics of {group}, of which it was told {said}");
                broken.say(seen.at, "subscriptions_are_replaced", detail);
            }
            Observation::MemberRemoved { loss: MemberLoss::Expired, .. } => self.expired = Some(seen.sequence),
            Observation::NotificationsSent { broker, .. } if self.expired == Some(seen.sequence) => {
                let of = scene.names.broker(broker);
                broken.say(seen.at, "expiry_tells_nobody", format!("{of} told of a member that its scan removed"));
            }
            _ => {}
        }
    }
}

/// A broker that is stopped has written its offsets (`BrokerController.shutdown`).
#[derive(Debug, Default)]
pub(super) struct Stops {
    /// The event in which each last wrote them.
    written: BTreeMap<BrokerIndex, u64>,
}

impl Law for Stops {
    fn reads(&self) -> Kinds {
        kinds![OffsetsFlushed, BrokerDown]
    }

    fn observe(&mut self, seen: &Observed, scene: Scene<'_>, broken: &mut Broken) {
        match seen.what {
            Observation::OffsetsFlushed { broker } => _ = self.written.insert(broker, seen.sequence),
            Observation::BrokerDown { broker, graceful: true } if self.written.get(&broker) != Some(&seen.sequence) => {
                let of = scene.names.broker(broker);
                broken.say(seen.at, "a_stop_writes_the_offsets", format!("{of} stopped and did not write its offsets"));
            }
            _ => {}
        }
    }
}

/// A slave asks for its master's offsets when it looks and the last time is too long ago (`SlaveSynchronize.syncAll`):
/// 60 s, and 10 s in controller mode.
#[derive(Debug)]
pub(super) struct Slaves {
    after: Vec<Span>,
    /// When each last asked, or looked for the first time.
    asked: BTreeMap<BrokerIndex, Instant>,
    owed: Option<(u64, BrokerIndex)>,
}

impl Slaves {
    pub fn new(plan: &Plan) -> Self {
        let after = plan.brokers.iter().map(|broker| match &broker.settings {
            own if own.rules.slave_sync_timer => Span::ZERO,
            own if own.enable_controller_mode => Span::from_secs(10),
            _ => Span::from_secs(60),
        });
        Self { after: after.collect(), asked: BTreeMap::new(), owed: None }
    }
}

impl Law for Slaves {
    fn reads(&self) -> Kinds {
        kinds![SlaveAsks, SlaveLooks, BrokerDown]
    }

    fn owes(&self) -> Option<bool> {
        Some(self.owed.is_some())
    }

    fn observe(&mut self, seen: &Observed, scene: Scene<'_>, broken: &mut Broken) {
        match seen.what {
            Observation::Detail(Detail::SlaveAsks { broker }) => {
                self.asked.insert(broker, seen.at);
                self.owed = None;
            }
            Observation::Detail(Detail::SlaveLooks { broker }) => {
                let asked = *self.asked.entry(broker).or_insert(seen.at);
                if seen.at.since(asked) > self.after[broker.at()] {
                    self.owed = Some((seen.sequence, broker));
                }
            }
            Observation::BrokerDown { broker, .. } => _ = self.asked.remove(&broker),
            _ => {}
        }
        if let Some((_, broker)) = self.owed.filter(|(sequence, _)| *sequence != seen.sequence) {
            self.owed = None;
            self.asked.insert(broker, seen.at);
            let of = scene.names.broker(broker);
            broken.say(seen.at, "slaves_fetch_offsets", format!("{of} has not asked its master for too long"));
        }
    }
}

/// `DELAY_FOR_A_WHILE`: the schedule service looks so often.
const TICK: Span = Span::from_millis(100);

/// A message that is sent back waits for exactly its delay level, 3 and the times it was tried
/// (`AbstractSendMessageProcessor.consumerSendMsgBack`).
#[derive(Debug)]
pub(super) struct Retries {
    levels: Vec<Vec<Span>>,
    due: BTreeMap<(BrokerIndex, u32), Instant>,
}

impl Retries {
    pub fn new(plan: &Plan) -> Self {
        let levels = plan.brokers.iter().map(|broker| broker.settings.message_delay_level.clone());
        Self { levels: levels.collect(), due: BTreeMap::new() }
    }
}

impl Law for Retries {
    fn reads(&self) -> Kinds {
        kinds![RetryWaits, RetryReturns]
    }

    fn observe(&mut self, seen: &Observed, scene: Scene<'_>, broken: &mut Broken) {
        match seen.what {
            Observation::Detail(Detail::RetryWaits { broker, index, tried, level, due }) => {
                let levels = &self.levels[broker.at()];
                let level = level.unwrap_or(3 + tried).clamp(1, levels.len() as u32);
                let right = (seen.at + levels[level as usize - 1]).as_nanos().next_multiple_of(TICK.as_nanos());
                self.due.insert((broker, index), Instant::from_nanos(right));
                if due.as_nanos() != right {
                    let of = scene.names.broker(broker);
                    let detail = format!("{of} lets a message wait for {} at level {level}", due.since(seen.at));
                    broken.say(seen.at, "a_retry_waits_its_level", detail);
                }
            }
            Observation::Detail(Detail::RetryReturns { broker, index }) => {
                if let Some(due) = self.due.get(&(broker, index)).filter(|due| **due > seen.at) {
                    let (of, early) = (scene.names.broker(broker), due.since(seen.at));
                    broken.say(
                        seen.at,
                        "a_retry_waits_its_level",
                        format!("{of} gave a message back {early} too soon"),
                    );
                }
            }
            _ => {}
        }
    }
}
