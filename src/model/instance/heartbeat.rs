//! Heartbeats: one round at a time under `lockHeartbeat`, broker after broker, each a synchronous call
//! (`MQClientInstance.sendHeartbeatToAllBrokerWithLock`).

use std::rc::Rc;

use crate::model::consumer::Consumer;
use crate::model::ids::ConnectionId;
use crate::model::instance::ClientProcess;
use crate::model::network::{CallError, ConsumerData, HeartbeatV2, Request, Response, Waiter};
use crate::model::observation::Observation;
use crate::model::outside::Outside;
use crate::model::plan::{BrokerIndex, Host};

/// The thread that holds the heartbeat lock and waits for the round to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::model) enum HeartbeatOwner {
    /// The thread in this consumer's `start()`.
    Start(usize),
    /// The scheduled thread.
    Scheduled,
    /// The rebalance thread, after a change.
    Rebalance,
    /// The event thread, after a connection became active.
    Channel,
    /// The application's thread, in `subscribe`.
    Application,
}

/// A round under way.
#[derive(Debug)]
pub(in crate::model) struct HeartbeatRound {
    owner: HeartbeatOwner,
    /// Brokers to come, the next one last.
    left: Vec<BrokerIndex>,
    /// All of them are asked at once (`enableConcurrentHeartbeat`).
    together: bool,
    /// What the one that is asked now was told, in the second version.
    told: Option<HeartbeatV2>,
}

impl ClientProcess {
    /// `sendHeartbeatToAllBrokerWithLock`: begins a round; false where the lock is busy or no broker is known.
    pub(in crate::model) fn heartbeat_all(&mut self, out: &mut Outside<'_>, at: usize, owner: HeartbeatOwner) -> bool {
        let mut brokers = self.consumers[at].broker_order(&out.names);
        brokers.reverse();
        self.begin_heartbeats(out, at, owner, brokers)
    }

    fn begin_heartbeats(
        &mut self,
        out: &mut Outside<'_>,
        at: usize,
        owner: HeartbeatOwner,
        left: Vec<BrokerIndex>,
    ) -> bool {
        let consumer = self.consumers[at].index;
        if self.instance.heartbeat.is_some() {
            out.see(Observation::HeartbeatSkipped { consumer });
            return false;
        }
        if left.is_empty() || !self.any_is_registered() {
            return false;
        }
        self.instance.forget_fingerprints(owner);
        let client = &out.planned(self.instance.owner).client;
        let serial = matches!(owner, HeartbeatOwner::Rebalance | HeartbeatOwner::Channel);
        let together = client.enable_concurrent_heartbeat && !client.use_heartbeat_v2 && !serial;
        self.instance.heartbeat = Some(HeartbeatRound { owner, left, together, told: None });
        if together {
            self.send_all_heartbeats(out)
        } else {
            self.send_next_heartbeat(out)
        }
        true
    }

    /// `sendHeartbeatToAllBrokerConcurrently`: a thread for each broker; the round ends with the last answer.
    fn send_all_heartbeats(&mut self, out: &mut Outside<'_>) {
        let consumer = self.instance.owner;
        let (host, epoch) = out.instance_seat(consumer);
        let timeout = out.planned(consumer).client.mq_client_api_timeout;
        let round = self.instance.heartbeat.as_ref().expect("a round is under way");
        for broker in round.left.clone().into_iter().rev() {
            let request = self.heartbeat_data(out, None);
            out.call(host, out.broker_host(broker), request, timeout, Waiter::Heartbeat { consumer, epoch });
        }
    }

    fn send_next_heartbeat(&mut self, out: &mut Outside<'_>) {
        let consumer = self.instance.owner;
        let (host, epoch) = out.instance_seat(consumer);
        let round = self.instance.heartbeat.as_ref().expect("a round is under way");
        let Some(&broker) = round.left.last() else { return self.end_heartbeats(out) };
        let timeout = out.planned(consumer).client.mq_client_api_timeout;
        let to = out.broker_host(broker);
        let v2 = self.heartbeat_v2(out, broker);
        self.instance.heartbeat.as_mut().expect("a round is under way").told = v2;
        let request = self.heartbeat_data(out, v2);
        out.call(host, to, request, timeout, Waiter::Heartbeat { consumer, epoch });
    }

    /// `prepareHeartbeatData`: every consumer that the instance knows; of a round that `shutdown()` has overtaken, the
    /// last one all the same.
    fn heartbeat_data(&self, out: &Outside<'_>, v2: Option<HeartbeatV2>) -> Request {
        let told = |consumer: &&Consumer| self.consumers.len() == 1 || consumer.is_registered();
        let data = |consumer: &Consumer| {
            let message_model = out.planned(consumer.index).consumer.message_model;
            ConsumerData { group: consumer.group, message_model, subscriptions: Rc::clone(&consumer.subscription_set) }
        };
        let consumers = self.consumers.iter().filter(told).map(data).collect();
        Request::Heartbeat { client: self.consumers[0].client, consumers, v2 }
    }

    /// A broker answered, or did not: failures are only logged.
    pub(in crate::model) fn heartbeat_answered(&mut self, out: &mut Outside<'_>, answer: Result<Response, CallError>) {
        let round = self.instance.heartbeat.as_mut().expect("a round is under way");
        let (asked, others_to_come) = (round.left.pop(), round.together && !round.left.is_empty());
        let told = round.told.take().zip(asked);
        if round.owner == HeartbeatOwner::Channel && answer.is_ok() {
            self.instance.wake_rebalance(out);
        }
        if let Some((sent, broker)) = told {
            self.instance.note_fingerprint((broker, sent), &answer);
        }
        if !others_to_come {
            self.send_next_heartbeat(out);
        }
    }

    fn end_heartbeats(&mut self, out: &mut Outside<'_>) {
        let round = self.instance.heartbeat.take().expect("a round is under way");
        match round.owner {
            HeartbeatOwner::Start(starting) => self.start_heartbeats_sent(out, starting),
            HeartbeatOwner::Scheduled => self.scheduled_task_done(out),
            HeartbeatOwner::Rebalance => {
                let at = self.instance.rebalancing().at;
                self.rebalance_next_topic(out, at);
            }
            HeartbeatOwner::Channel | HeartbeatOwner::Application => {}
        }
    }

    /// A connection to a broker became active: the event thread sends that broker a heartbeat, unless the lock is busy
    /// (as it is when a heartbeat opened the connection).
    pub(in crate::model) fn channel_active(&mut self, out: &mut Outside<'_>, connection: ConnectionId) {
        let consumer = self.instance.owner;
        let enabled = out.planned(consumer).client.enable_heartbeat_channel_event_listener;
        let Host::Broker(broker) = out.role(out.connections[connection].server) else { return };
        if enabled && self.instance.heartbeat.is_none() {
            self.begin_heartbeats(out, self.owner_at(), HeartbeatOwner::Channel, vec![broker]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::consumer::State;
    use crate::model::ids::ConsumerIndex;
    use crate::model::instance::testing::{at, running, sent, wakes};
    use crate::model::plan::BrokerPlan;
    use crate::model::testing::{hear, outside, plan};

    const TAKEN: Result<Response, CallError> = Ok(Response::HeartbeatTaken { subscriptions_changed: false });

    #[test]
    fn a_round_asks_one_broker_after_the_other_and_the_next_round_waits_for_the_lock() {
        let mut plan = plan(1);
        plan.brokers.extend([BrokerPlan::master("b1"), BrokerPlan::master("b2")]);
        let mut out = outside(&plan);
        let mut process = running(&mut out);
        assert!(process.heartbeat_all(&mut out, 0, HeartbeatOwner::Scheduled));
        // One does not answer, and its failure is only logged.
        let answers = [TAKEN, Err(CallError::TimedOut), TAKEN];
        let mut asked = Vec::new();
        for (turn, answer) in (1..).zip(answers) {
            let heard = hear(&mut out, at(turn * 10));
            asked.extend(sent(&out, &heard));
            assert_eq!(asked.len() as u64, turn, "the next broker's turn comes with the answer");
            assert!(!process.heartbeat_all(&mut out, 0, HeartbeatOwner::Rebalance), "the lock is taken");
            let skipped = hear(&mut out, at(turn * 10)).seen;
            assert_eq!(skipped, [Observation::HeartbeatSkipped { consumer: ConsumerIndex(0) }]);
            process.heartbeat_answered(&mut out, answer);
        }
        asked.sort();
        assert_eq!(asked, [0, 1, 2].map(|broker| format!("Broker({broker}): heartbeat of 1")));
        assert!(process.heartbeat_all(&mut out, 0, HeartbeatOwner::Rebalance), "the lock is free");
    }

    #[test]
    fn a_round_needs_a_broker_and_a_consumer_that_is_registered() {
        use State::{Running, Starting, Stopping, Unregistered};
        let rows = [
            (true, Running, true),
            (true, Stopping, true),
            (true, Unregistered, false),
            (true, Starting, false),
            (false, Running, false),
        ];
        for (known, state, begins) in rows {
            let plan = plan(1);
            let mut out = outside(&plan);
            let mut process = running(&mut out);
            process.consumers[0].state = state;
            if !known {
                process.consumers[0].brokers.clear();
            }
            let began = process.heartbeat_all(&mut out, 0, HeartbeatOwner::Scheduled);
            assert_eq!((began, process.instance.heartbeat.is_some()), (begins, begins), "{known} {state:?}");
        }
    }

    /// Who goes on when the last broker has answered: the rebalance thread is woken, or `start()` returns.
    #[test]
    fn whoever_holds_the_lock_goes_on_at_the_end_of_the_round() {
        let rows = [
            (HeartbeatOwner::Start(0), true, true),
            (HeartbeatOwner::Channel, false, true),
            (HeartbeatOwner::Application, false, false),
            (HeartbeatOwner::Scheduled, false, false),
        ];
        for (owner, started, woken) in rows {
            let plan = plan(1);
            let mut out = outside(&plan);
            let mut process = running(&mut out);
            process.instance.rebalance_wait(&mut out, crate::kernel::Span::from_secs(20));
            assert!(process.heartbeat_all(&mut out, 0, owner));
            hear(&mut out, at(10));
            process.heartbeat_answered(&mut out, TAKEN);
            let heard = hear(&mut out, at(10));
            let starts = heard.seen.contains(&Observation::ConsumerStarted { consumer: ConsumerIndex(0) });
            assert_eq!((starts, wakes(&heard) == [10]), (started, woken), "{owner:?}");
        }
    }

    #[test]
    fn a_heartbeat_tells_of_every_consumer_that_is_registered() {
        let plan = crate::model::instance::testing::shared(3);
        let mut out = outside(&plan);
        let mut process = running(&mut out);
        process.consumers[1].state = State::Unregistered;
        assert!(process.heartbeat_all(&mut out, 0, HeartbeatOwner::Scheduled));
        let heard = hear(&mut out, at(10));
        assert_eq!(sent(&out, &heard), ["Broker(0): heartbeat of 2"]);
    }

    /// The first consumer of the plan, by which the instance is addressed, ends; its instance goes on.
    #[test]
    fn the_end_of_one_consumer_leaves_the_heartbeats_of_the_others() {
        let plan = crate::model::instance::testing::shared(2);
        let mut out = outside(&plan);
        let mut process = running(&mut out);
        let owner = process.owner_at();
        process.end_consumer(&mut out, owner, crate::model::observation::End::Shutdown);
        hear(&mut out, at(1));
        assert!(process.heartbeat_all(&mut out, process.owner_at(), HeartbeatOwner::Scheduled));
        let heard = hear(&mut out, at(10));
        assert_eq!(sent(&out, &heard), ["Broker(0): heartbeat of 1"]);
    }
}
