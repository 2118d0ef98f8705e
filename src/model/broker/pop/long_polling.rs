//! Pops that wait for a message (`PopLongPollingService`), and what wakes one.
//!
//! ```text
//!   a message of T, queue 3          one pop of all queues of T, and one of queue 3, of each group that ever waited for T
//!   a message of a retry topic V2    the same, as one of queue 0
//!   a message of a retry topic V1    nobody (trap PE1): it is found by the next pop, whatever that waits for
//!   the poll is over                 the pop runs once more, and is answered 210 if there is nothing
//! ```
//! Woken is the one whose poll ends first. If its tags do not match, nobody is.

use std::collections::{BTreeMap, BTreeSet};

use super::Broker;
use crate::kernel::{Instant, Span, Timer};
use crate::model::event::BrokerEvent;
use crate::model::ids::ConnectionId;
use crate::model::names::{QueuePlace, TopicKind};
use crate::model::network::{CallId, PopRequest, Popped, Response};
use crate::model::observation::QueueIndex;
use crate::model::outside::Outside;
use crate::model::plan::{ConsumerIndex, GroupIndex, TopicIndex};

/// A poll ends so long before its time.
const EARLY: Span = Span::from_millis(50);
/// The service looks so often.
const TICK_NANOS: u64 = 20_000_000;

/// Who waits for what: `topic@group@queueId`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct PollingKey {
    topic: TopicIndex,
    group: GroupIndex,
    /// `None`: -1.
    queue: Option<QueueIndex>,
}

impl PollingKey {
    pub fn of(request: &PopRequest) -> Self {
        Self { topic: request.topic, group: request.group, queue: request.queue }
    }

    /// Of those that pop this queue alone.
    pub fn of_queue(out: &Outside<'_>, group: GroupIndex, queue: QueueIndex) -> Self {
        Self { topic: out.names.queue(queue).topic, group, queue: Some(queue) }
    }

    /// Of those that pop all queues of the same topic.
    pub fn of_all(self) -> Self {
        Self { queue: None, ..self }
    }
}

/// A pop, at work or waiting.
#[derive(Debug)]
pub(super) struct HeldPop {
    pub connection: ConnectionId,
    pub call: Option<CallId>,
    /// Whose it is.
    pub consumer: Option<ConsumerIndex>,
    pub request: PopRequest,
    /// When its poll ends.
    ends: Instant,
    timer: Option<Timer>,
}

impl HeldPop {
    pub fn new(
        ends: Instant,
        (connection, call): (ConnectionId, Option<CallId>),
        consumer: Option<ConsumerIndex>,
        request: PopRequest,
    ) -> Self {
        Self { connection, call, consumer, request, ends, timer: None }
    }
}

/// Those of one key, the one whose poll ends first in front: by its end, then by its arrival.
type Queue = BTreeMap<(Instant, u32), HeldPop>;

/// `pollingMap` and `topicCidMap`.
#[derive(Debug, Default)]
pub(super) struct Waiting {
    pops: BTreeMap<PollingKey, Queue>,
    places: BTreeMap<u32, (PollingKey, Instant)>,
    /// Who ever waited for a topic.
    groups: BTreeMap<TopicIndex, BTreeSet<GroupIndex>>,
    last_number: u32,
}

impl Waiting {
    fn put(&mut self, key: PollingKey, number: u32, pop: HeldPop) {
        self.places.insert(number, (key, pop.ends));
        self.groups.entry(key.topic).or_default().insert(key.group);
        self.pops.entry(key).or_default().insert((pop.ends, number), pop);
    }

    fn take(&mut self, key: &PollingKey, place: (Instant, u32)) -> Option<HeldPop> {
        self.places.remove(&place.1);
        self.pops.get_mut(key)?.remove(&place)
    }
}

impl Broker {
    /// When the poll of a pop is over: so long after its birth, by the clock of the one who asked.
    pub(super) fn poll_ends(&self, out: &Outside<'_>, request: &PopRequest) -> Instant {
        let wall = Instant::from_nanos((request.born + request.poll).as_nanos().saturating_sub(EARLY.as_nanos()));
        self.moment_of(out, wall)
    }

    /// `PopLongPollingService.polling`: an empty pop waits, unless there are too many or its time is over.
    pub(super) fn hold_pop(&mut self, out: &mut Outside<'_>, mut pop: HeldPop) {
        let (key, settings) = (PollingKey::of(&pop.request), self.pop_settings(out));
        let waiting = &mut self.pop.waiting;
        let of_key = waiting.pops.get(&key).map_or(0, BTreeMap::len);
        let answer = if waiting.places.len() >= settings.max_pop_polling_size as usize
            || of_key > settings.pop_polling_size as usize
        {
            Some(Popped::PollingFull)
        } else if pop.ends <= out.now() {
            Some(Popped::PollingTimeout)
        } else {
            None
        };
        if let Some(answer) = answer {
            return out.respond(pop.connection, pop.call, Response::Popped(answer));
        }
        waiting.last_number += 1;
        let number = waiting.last_number;
        let at = Instant::from_nanos(pop.ends.as_nanos().next_multiple_of(TICK_NANOS));
        let over = self.in_this_life(out, BrokerEvent::PopPollingOver { number });
        pop.timer = Some(out.agenda.schedule(at, over));
        self.pop.waiting.put(key, number, pop);
    }

    /// The poll of a pop is over: it runs once more.
    pub(in crate::model::broker) fn pop_polling_over(&mut self, out: &mut Outside<'_>, number: u32) {
        let Some((key, ends)) = self.pop.waiting.places.get(&number).copied() else { return };
        if let Some(pop) = self.pop.waiting.take(&key, (ends, number)) {
            self.run_pops(out, pop);
        }
    }

    /// `pollRemotingCommands`: the one whose poll ends first, of those whose connection is there.
    pub(super) fn take_waiting(&mut self, out: &mut Outside<'_>, key: &PollingKey) -> Option<HeldPop> {
        self.take_waiting_if(out, key, |_| true)
    }

    fn take_waiting_if(
        &mut self,
        out: &mut Outside<'_>,
        key: &PollingKey,
        wants: impl Fn(&PopRequest) -> bool,
    ) -> Option<HeldPop> {
        loop {
            let (place, pop) = self.pop.waiting.pops.get(key)?.first_key_value()?;
            let (place, there) = (*place, out.connections[pop.connection].server_open);
            if there && !wants(&pop.request) {
                return None;
            }
            let pop = self.pop.waiting.take(key, place)?;
            if let Some(timer) = pop.timer {
                out.agenda.cancel(timer);
            }
            if there {
                return Some(pop);
            }
        }
    }

    /// Messages of a queue became readable.
    pub(in crate::model::broker) fn pops_hear(
        &mut self,
        out: &mut Outside<'_>,
        queue: QueueIndex,
        (from, end): (u64, u64),
    ) {
        if self.pop.waiting.places.is_empty() {
            return;
        }
        let Some((topic, at, of_tags)) = self.waited_for(out, queue) else { return };
        let Some(groups) = self.pop.waiting.groups.get(&topic) else { return };
        let groups: Vec<GroupIndex> = groups.iter().copied().collect();
        let interval = u64::from(self.pop_settings(out).pop_long_polling_force_notify_interval);
        for offset in from..end {
            let forced = interval > 0 && offset.is_multiple_of(interval);
            let tag = if of_tags && !forced { Some(out.marks.of(queue, offset).tag) } else { None };
            for &group in &groups {
                for queue in [None, Some(at)] {
                    let key = PollingKey { topic, group, queue };
                    let wants = |request: &PopRequest| tag.is_none_or(|tag| request.tags.contains(tag));
                    if let Some(pop) = self.take_waiting_if(out, &key, wants) {
                        self.run_pops(out, pop);
                    }
                }
            }
        }
    }

    /// What waits for the messages of a queue: the topic, the queue that is named, and whether their tags count.
    fn waited_for(&self, out: &mut Outside<'_>, queue: QueueIndex) -> Option<(TopicIndex, QueueIndex, bool)> {
        let QueuePlace { topic, broker, .. } = out.names.queue(queue);
        match out.names.topic(topic).kind {
            TopicKind::Normal => Some((topic, queue, true)),
            TopicKind::PopRetry { topic, v2, .. } if v2 || self.pop_settings(out).retry_arrival_wakes => {
                let first = out.names.intern_queue(QueuePlace { topic, broker, queue_id: 0 });
                Some((topic, first, false))
            }
            _ => None,
        }
    }
}
