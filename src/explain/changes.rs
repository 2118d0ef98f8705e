//! What a rebalance found that the one before it could not: the look of a tick beside the look of the tick before.

use std::sync::Arc;

use super::link::{Chain, Link, Node};
use super::wait::Wait;
use crate::kernel::{Instant, Occurrence};
use crate::model::event::{Event, InstanceEvent};
use crate::model::ids::ViewId;
use crate::model::observation::{ClientIndex, Observation, Observed, TopicRebalance};
use crate::model::plan::{BrokerIndex, ConsumerIndex};

/// What a member acted on.
#[derive(Debug, Clone)]
struct Look {
    at: Instant,
    broker: BrokerIndex,
    members: Arc<[ClientIndex]>,
    queues: ViewId,
}

impl<'r> Chain<'_, 'r> {
    /// The link of a rebalance thread that wakes.
    pub(super) fn woken(&self, event: &'r Occurrence<Event>, owner: ConsumerIndex) -> Link<'r> {
        let Some(parent) = self.record.event(event.cause) else {
            return self.timer(event, owner, Wait::RebalanceTimer);
        };
        let ended = self.record.during(parent).find_map(|seen| match seen.what {
            Observation::RebalanceEnded { balanced, .. } => Some(balanced),
            _ => None,
        });
        let at_once = event.at == parent.at;
        let client = self.around.client();
        match ended {
            // Somebody had woken the thread while it was at work.
            Some(_) if at_once => {
                let notified =
                    |what: &Observation| matches!(what, Observation::Notified { consumer, .. } if *consumer == owner);
                let wait = Wait::RebalanceUnderWay;
                self.follow(event, wait, self.record.last((Instant::ZERO, event.at), notified))
            }
            Some(balanced) if balanced || !client.retry_when_not_balanced => {
                self.timer(event, owner, Wait::RebalanceTimer)
            }
            Some(_) => self.timer(event, owner, Wait::NotBalanced),
            None if matches!(parent.event, Event::Instance { what: InstanceEvent::RebalanceWoken, .. }) => {
                let back = event.at.since(parent.at) > client.timers.rebalance_min_interval;
                let wait = if back { Wait::ClockWentBack } else { Wait::RebalanceMinimum };
                // Whoever woke it last may have told it of something else than what it found.
                match self.found(event, owner) {
                    (Some(found), note) if !self.leads_back(parent, found) => {
                        Link { note, ..Link::new(wait, Some(self.node_of(found))) }
                    }
                    _ => self.scheduled(event, wait),
                }
            }
            None => self.scheduled(event, Wait::RebalanceTimer),
        }
    }

    /// Whether an event follows from what was seen, in a few steps.
    fn leads_back(&self, event: &Occurrence<Event>, seen: &Observed) -> bool {
        const STEPS: usize = 12;
        let steps = std::iter::successors(Some(event), |event| self.record.event(event.cause));
        steps.take(STEPS).any(|event| event.sequence == seen.sequence)
    }

    /// A tick of the rebalance timer goes back to the change that it found; else to the rebalance before.
    pub(super) fn timer(&self, event: &'r Occurrence<Event>, owner: ConsumerIndex, wait: Wait) -> Link<'r> {
        let (mut found, mut note) = self.found(event, owner);
        if found.is_none() && matches!(wait, Wait::NotBalanced | Wait::RebalanceTicker) {
            found = self.mended(event, owner);
            note = if found.is_some() { String::new() } else { note };
        }
        let refused = found.is_none();
        if let Some(lapsed) = self.lapsed(event).filter(|_| refused) {
            return Link { note, ..Link::new(wait, Some(lapsed)) };
        }
        Link { note, ..self.follow(event, wait, found) }
    }

    fn found(&self, event: &Occurrence<Event>, owner: ConsumerIndex) -> (Option<&'r Observed>, String) {
        let Some((who, now)) = self.look_after(event.at, owner) else { return (None, String::new()) };
        let names = self.around.names;
        let Some(before) = self.look_before(now.at, who) else { return self.without_look(who, now.at) };
        let (broker, at) = (names.broker(before.broker), before.at);
        let named = |clients: &[ClientIndex]| {
            let named: Vec<String> = clients.iter().map(|&c| self.around.client_name(c, self.record)).collect();
            some_of(&named)
        };
        let lacks = |a: &Look, b: &Look| -> Vec<ClientIndex> {
            a.members.iter().copied().filter(|client| !b.members.contains(client)).collect()
        };
        let (left, joined) = (lacks(&before, &now), lacks(&now, &before));
        if !left.is_empty() || !joined.is_empty() {
            // Of two brokers each has a list of its own: what left that of this one counts, whoever was in the other.
            let of_list = |what: &Observation| match what {
                Observation::MemberRemoved { broker, group, client, .. } => {
                    (*broker, *group) == (now.broker, self.around.group()) && !now.members.contains(client)
                }
                Observation::MemberAdded { broker, client, .. } => *broker == now.broker && joined.contains(client),
                _ => false,
            };
            let change = self.record.last((before.at, now.at), of_list);
            let note = match left.is_empty() {
                false => format!("at {at} {broker} still listed {}", named(&left)),
                true => format!("at {at} {broker} did not list {} yet", named(&joined)),
            };
            return (change, note);
        }
        if now.queues != before.queues {
            let route =
                |what: &Observation| matches!(what, Observation::RouteChanged { consumer, .. } if *consumer == who);
            return (self.record.last((before.at, now.at), route), format!("at {at} its route had other queues"));
        }
        let (lock, note) = self.lock_found((before.at, now.at));
        let same = format!("at {at} it had seen the same list: {}", named(&before.members));
        if note.is_empty() { (lock, same) } else { (lock, note) }
    }

    /// The rebalance before got no list at all.
    fn without_look(&self, who: ConsumerIndex, until: Instant) -> (Option<&'r Observed>, String) {
        let topic = self.around.topic();
        let failed = self
            .record
            .back_from(until)
            .take_while(|seen| !matches!(seen.what, Observation::ConsumerStarting { consumer, .. } if consumer == who));
        let mut failed = failed.filter_map(|seen| match seen.what {
            Observation::TopicRebalanced { consumer, topic: t, found, broker }
                if (consumer, t) == (who, topic) && !matches!(found, TopicRebalance::Allocated { .. }) =>
            {
                Some((seen.at, found, broker))
            }
            _ => None,
        });
        let Some((at, found, broker)) = failed.next() else { return (None, String::new()) };
        let broker_name = broker.map_or("the broker", |broker| self.around.names.broker(broker));
        let (is, note): (fn(&Observation) -> bool, _) = match found {
            TopicRebalance::NoRoute => (
                |what| matches!(what, Observation::RouteChanged { .. }),
                format!("at {at} it knew no queue of the topic"),
            ),
            TopicRebalance::NotInList { .. } => (
                |what| matches!(what, Observation::MemberAdded { .. }),
                format!("at {at} {broker_name} did not list it"),
            ),
            TopicRebalance::NoList => (
                |what| matches!(what, Observation::BrokerUp { .. } | Observation::MemberAdded { .. }),
                format!("at {at} {broker_name} had no list for it"),
            ),
            _ => (|_| false, format!("at {at} its strategy dealt nothing")),
        };
        (self.record.last((at, until), is), note)
    }

    /// The first look of a process after a moment.
    fn look_after(&self, at: Instant, owner: ConsumerIndex) -> Option<(ConsumerIndex, Look)> {
        let own = |who: ConsumerIndex| {
            self.around.is_member(who)
                && (who == owner || self.around.plan.consumers[who.at()].instance_of == Some(owner))
        };
        let mut after = self.record.forward_from(at).take_while(|seen| seen.at <= self.around.finding.until);
        after.find_map(|seen| self.look(seen).filter(|(who, _)| own(*who)))
    }

    /// Its last look before a moment, in the same life.
    fn look_before(&self, at: Instant, who: ConsumerIndex) -> Option<Look> {
        let life = self
            .record
            .back_from(at)
            .take_while(|seen| !matches!(seen.what, Observation::ConsumerStarting { consumer, .. } if consumer == who));
        let mut looks = life.filter(|seen| seen.at < at).filter_map(|seen| self.look(seen));
        looks.find(|(other, _)| *other == who).map(|(_, look)| look)
    }

    fn look(&self, seen: &Observed) -> Option<(ConsumerIndex, Look)> {
        match &seen.what {
            Observation::Viewed { consumer, topic, broker, members, queues, .. } if *topic == self.around.topic() => {
                let (broker, members, queues) = (*broker, Arc::clone(members), *queues);
                Some((*consumer, Look { at: seen.at, broker, members, queues }))
            }
            _ => None,
        }
    }

    /// What became of the queue's lock in between: it was given back, or its broker forgot it.
    fn lock_found(&self, window: (Instant, Instant)) -> (Option<&'r Observed>, String) {
        let refused =
            self.record.last((Instant::ZERO, window.1), |what| matches!(what, Observation::LockRefused { .. }));
        let note = refused.map_or_else(String::new, |seen| match seen.what {
            Observation::LockRefused { client, holder, .. } => format!(
                "at {} {} was refused the lock, which {} held",
                seen.at,
                self.around.client_name(client, self.record),
                self.around.client_name(holder, self.record)
            ),
            _ => String::new(),
        });
        let free =
            |what: &Observation| matches!(what, Observation::LockReleased { .. } | Observation::LockForgotten { .. });
        (self.record.last(window, free), note)
    }

    /// The link of a timer that asks for locks: back to when the lock became free.
    pub(super) fn lock_due(&self, event: &'r Occurrence<Event>, wait: Wait) -> Link<'r> {
        let window = (self.since(event), event.at);
        if let Some(lapsed) = self.lapsed(event) {
            return Link::new(wait, Some(lapsed));
        }
        let (found, note) = self.lock_found(window);
        Link { note, ..self.tick(event, wait, found) }
    }
}

impl<'r> Chain<'_, 'r> {
    /// The moment from which a broker gives a lock to others, where one got it that had been refused it while another held
    /// it: so long after that one renewed it last.
    fn lapsed(&self, event: &Occurrence<Event>) -> Option<Node<'r>> {
        let mut after = self.record.forward_from(event.at).take_while(|seen| seen.at <= self.around.finding.until);
        let lapsed = after.find_map(|seen| match seen.what {
            Observation::LockGranted { previous, .. } => Some(previous),
            _ => None,
        })??;
        let (seen, age) = self.record.back_from(event.at).find_map(|seen| match seen.what {
            Observation::LockRefused { holder, age, .. } if holder == lapsed => Some((seen, age)),
            _ => None,
        })?;
        let renewed = seen.at - age.min(seen.at.since(Instant::ZERO));
        let live = Wait::BrokerLock.value(&self.around).expect("a length of time");
        let over = (renewed + live).min(event.at).max(renewed);
        let broker = self.around.names.broker(self.around.queue_broker());
        let held = self.around.client_name(lapsed, self.record);
        let renewal = self.record.event_at(renewed).map_or_else(
            || Node::moment(renewed, &held, "renews its lock for the last time".to_owned(), Link::unknown()),
            Node::event,
        );
        let said = format!("would give the lock of {held} to another from now on");
        let wait = if self.keeps_given_up(lapsed, over) { Wait::GoKeepsLock } else { Wait::BrokerLock };
        Some(Node::moment(over, broker, said, Link::new(wait, Some(renewal))))
    }

    /// Whether a Go client lived and had given the queue up.
    fn keeps_given_up(&self, holder: ClientIndex, until: Instant) -> bool {
        let Some(holder) = self.record.consumer(holder).filter(|who| self.around.is_go(*who)) else { return false };
        let last = self.record.last((Instant::ZERO, until), |what| match what {
            Observation::QueueTaken { consumer, .. }
            | Observation::QueueReleased { consumer, .. }
            | Observation::ConsumerEnded { consumer, .. } => *consumer == holder,
            _ => false,
        });
        last.is_some_and(|seen| matches!(seen.what, Observation::QueueReleased { .. }))
    }
}

/// The first names of a list, and how many more there are.
fn some_of(names: &[String]) -> String {
    const SHOWN: usize = 4;
    let mut shown = names.iter().take(SHOWN).cloned().collect::<Vec<_>>().join(", ");
    if names.len() > SHOWN {
        shown += &format!(" and {} more", names.len() - SHOWN);
    }
    shown
}
