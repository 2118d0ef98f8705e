//! There is no rebalance loop: every tick, every notification and every start is a run of its own, and all wait for one
//! mutex (`internal/client.go:RebalanceIfNotPaused`, `RebalanceImmediately`). No spacing, none left out, and no retry:
//! what a run could not do is done by the next one, whenever that comes.

use std::collections::VecDeque;

use crate::kernel::Instant;
use crate::model::consumer::State;
use crate::model::go_client::heartbeat::RoundOf;
use crate::model::go_client::table::Taking;
use crate::model::ids::ViewId;
use crate::model::instance::ClientProcess;
use crate::model::network::{CallError, Response};
use crate::model::observation::{Detail, Observation, TopicRebalance};
use crate::model::outside::Outside;
use crate::model::plan::{BrokerIndex, TopicIndex};

/// Whom a run passes over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    /// Paused consumers: of tickers and notifications.
    Unpaused,
    /// Nobody: at the start, and of `resume()`.
    Everybody,
}

/// What a run waits for in the middle of a topic.
#[derive(Debug)]
pub(super) enum Phase {
    /// A route, because no broker of the topic is known that could be asked for its members.
    Route,
    /// The member list, from this broker.
    List(BrokerIndex),
    /// Locks and offsets of queues to be taken.
    Taking(Taking),
    /// The heartbeats after a change.
    Heartbeats,
}

/// A run that holds the mutex.
#[derive(Debug)]
pub(super) struct Run {
    began: Instant,
    /// Places of the consumers to come, the next one last.
    left: Vec<usize>,
    pub(super) at: usize,
    /// Its life: a consumer that ends meanwhile is not gone on with.
    life: u32,
    /// Its topics to come, the next one last.
    topics: Vec<TopicIndex>,
    pub(super) topic: TopicIndex,
    /// Its queues as they were known when its turn came.
    pub(super) queues: Option<ViewId>,
    /// Nothing was left for the next run.
    pub(super) complete: bool,
    pub(super) phase: Phase,
}

/// The mutex.
#[derive(Debug, Default)]
pub(super) struct Rebalances {
    run: Option<Run>,
    waiting: VecDeque<Wanted>,
}

impl Rebalances {
    pub(super) fn run(&mut self) -> &mut Run {
        self.run.as_mut().expect("a rebalance is under way")
    }
}

impl ClientProcess {
    /// One more run, at once or when those before it are done.
    pub(super) fn go_rebalance(&mut self, out: &mut Outside<'_>, wanted: Wanted) {
        let rebalances = &mut self.go().rebalances;
        rebalances.waiting.push_back(wanted);
        if rebalances.run.is_none() {
            self.go_next_run(out);
        }
    }

    /// The run that goes on.
    pub(super) fn go_run(&mut self) -> &mut Run {
        self.go().rebalances.run()
    }

    fn go_next_run(&mut self, out: &mut Outside<'_>) {
        while let Some(wanted) = self.go().rebalances.waiting.pop_front() {
            let began = out.client_clock(self.instance.owner);
            let wants = |at: &usize| {
                let consumer = &self.consumers[*at];
                consumer.state == State::Running && (wanted == Wanted::Everybody || !consumer.suspended)
            };
            let mut left: Vec<usize> = (0..self.consumers.len()).filter(wants).collect();
            self.go().in_map_order(&mut left);
            let (topics, topic) = (Vec::new(), TopicIndex::MAX);
            let (queues, complete, phase) = (None, true, Phase::Route);
            let run = Run { began, left, at: 0, life: 0, topics, topic, queues, complete, phase };
            self.go().rebalances.run = Some(run);
            self.go_next_consumer(out);
            if self.go().rebalances.run.is_some() {
                return;
            }
        }
    }

    /// `doBalance` of the next consumer. The last one lets the mutex go.
    pub(super) fn go_next_consumer(&mut self, out: &mut Outside<'_>) {
        while let Some(at) = self.go_run().left.pop() {
            if self.consumers[at].state == State::Running {
                let life = self.consumers[at].life;
                let mut topics = self.consumers[at].topics_to_come();
                self.go().in_map_order(&mut topics);
                let run = self.go_run();
                (run.at, run.life, run.topics) = (at, life, topics);
                return self.go_next_topic(out);
            }
        }
        let run = self.go().rebalances.run.take().expect("a rebalance is under way");
        let took = out.client_clock(self.instance.owner).since(run.began);
        let consumer = self.instance.owner;
        out.see(Observation::RebalanceEnded { consumer, balanced: run.complete, took });
        self.go_next_run(out);
    }

    /// `doBalance` goes on to the next topic, whose queues it must know.
    fn go_next_topic(&mut self, out: &mut Outside<'_>) {
        let at = self.go_run().at;
        if self.go_run_is_gone() {
            return self.go_next_consumer(out);
        }
        while let Some(topic) = self.go_run().topics.pop() {
            let consumer = &self.consumers[at];
            if consumer.subscription(topic).is_none() {
                continue;
            }
            let (index, queues) = (consumer.index, consumer.topic_subscribe_info.get(&topic).copied());
            let run = self.go_run();
            (run.topic, run.queues) = (topic, queues);
            if queues.is_some() {
                return self.go_find_members(out);
            }
            let found = TopicRebalance::NoRoute;
            out.see(Observation::TopicRebalanced { consumer: index, topic, broker: None, found });
        }
        if self.go().rules.drops_unsubscribed {
            self.go_drop_unsubscribed(out, at);
        }
        self.go_next_consumer(out);
    }

    /// A topic is done with.
    pub(super) fn go_topic_done(&mut self, out: &mut Outside<'_>) {
        self.go_next_topic(out);
    }

    /// The consumer that the run is at has ended meanwhile.
    pub(super) fn go_run_is_gone(&mut self) -> bool {
        let at = self.go_run().at;
        self.consumers[at].life != self.go_run().life || self.consumers[at].state != State::Running
    }

    /// An answer for the run that holds the mutex. Its consumer may have ended meanwhile, and others go on.
    pub(super) fn go_rebalance_answered(&mut self, out: &mut Outside<'_>, answer: Result<Response, CallError>) {
        if self.go_run_is_gone() {
            return self.go_next_consumer(out);
        }
        match self.go_run().phase {
            Phase::Route => unreachable!("a route request has its own waiter"),
            Phase::List(broker) => self.go_list_answered(out, broker, answer),
            Phase::Taking(_) => self.go_taking_answered(out, answer),
            Phase::Heartbeats => unreachable!("the heartbeat round has its own waiter"),
        }
    }

    /// `messageQueueChanged`: the version is the time in nanoseconds, which no Java client ever says; thresholds; then a
    /// heartbeat to all brokers, which the mutex waits for.
    pub(super) fn go_queues_changed(&mut self, out: &mut Outside<'_>) {
        let (at, topic) = (self.go_run().at, self.go_run().topic);
        let follows = self.go().rules.thresholds_follow_queues;
        let client = &mut self.consumers[at];
        let consumer = client.index;
        let version = out.subscription_version(consumer);
        if let Some(subscription) = client.subscriptions.iter_mut().find(|known| known.topic == topic) {
            subscription.version = version;
            client.refresh_subscription_set();
            out.see(Observation::SubscriptionVersionRaised { consumer, topic });
        }
        let settings = &out.planned(consumer).consumer;
        let queues = self.consumers[at].table.len() as u32;
        if follows && queues > 0 {
            let client = &mut self.consumers[at];
            if let Some(all) = settings.pull_threshold_for_topic {
                client.pull_threshold_for_queue = (all / queues).max(1);
            }
            if let Some(all) = settings.pull_threshold_size_for_topic_mib {
                client.pull_threshold_size_for_queue_mib = (all / queues).max(1);
            }
        }
        self.go_run().phase = Phase::Heartbeats;
        self.go_heartbeat(out, RoundOf::Rebalance);
    }

    /// A broker tells of a change in some group: every group of the client rebalances, at once.
    pub(in crate::model) fn go_notified(&mut self, out: &mut Outside<'_>, broker: BrokerIndex) {
        let consumers: Vec<_> = self.consumers.iter().filter(|c| c.is_registered()).map(|c| c.index).collect();
        consumers.into_iter().for_each(|consumer| out.see(Observation::Notified { consumer, broker }));
        out.see_detail(Detail::RebalanceWanted { consumer: self.instance.owner });
        self.go_rebalance(out, Wanted::Unpaused);
    }

    /// `resume()` rebalances in its caller.
    pub(in crate::model) fn go_resume(&mut self, out: &mut Outside<'_>, at: usize) {
        if std::mem::replace(&mut self.consumers[at].suspended, false) {
            self.go_rebalance(out, Wanted::Everybody);
        }
    }
}
