//! Messages that were popped: each is somebody's until a moment, comes back through a retry topic where nobody acknowledged
//! it in time, and is accounted to its first copy. What is in flight is not lost.

use std::collections::{BTreeMap, BTreeSet};

use super::Delivery;
use crate::check::hand_outs::extend_run;
use crate::check::{Cause, Key, Stage};
use crate::kernel::{Instant, Span};
use crate::model::ids::AudienceIndex;
use crate::model::observation::{ConsumeOutcome, End, Kinds, Observation, PopDiscard, QueueIndex, kinds};
use crate::model::plan::{ConsumerIndex, ConsumerPlan, Plan};
use crate::model::{Names, TopicKind};

/// A switch of modes shows for so long: two rebalances and what was under way.
const SWITCH: Span = Span::from_secs(60);

/// A message of an audience, by its first copy.
type Message = (AudienceIndex, QueueIndex, u64);

/// What has become of a message that was popped last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::check) enum Fate {
    /// Its client has it: it waits there, or a listener works on it.
    Held,
    /// A listener was done with it, and its acknowledgement is under way.
    Done,
    /// The acknowledgement did not come through.
    AckLost,
    /// It was thrown away, as its time was over.
    TooLate,
    /// The same, by a clock that was ahead.
    TooLateByTheClock,
    /// Its assignment was dropped, and it with that.
    Dropped,
    /// Its listener failed: it comes again as it should.
    Failed,
    /// Its client gave it up, at this moment.
    GivenUp(ConsumerIndex, Instant),
    /// Its broker has forgotten that it gave it away.
    Forgotten(Instant),
}

/// A message in flight.
#[derive(Debug, Clone, Copy)]
struct Flight {
    consumer: ConsumerIndex,
    /// Where it lies: one that came back lies elsewhere than the copy that a client may still have.
    place: (QueueIndex, u64),
    popped: Instant,
    /// When others may have it.
    until: Instant,
    fate: Fate,
    /// The last listener that had it failed.
    failed: bool,
    /// Why it was given away once more, if it was.
    again: Option<Cause>,
    /// What a proxy has done to it, which is why it comes again where nothing else is.
    proxied: Option<Cause>,
}

/// All messages in flight.
#[derive(Debug, Default)]
pub(super) struct Flights {
    all: BTreeMap<Message, Flight>,
    /// Whose messages no proxy renews, though they are to be renewed.
    unrenewed: Vec<bool>,
    /// First copies of what came back.
    origins: BTreeMap<(AudienceIndex, QueueIndex, u64), (QueueIndex, u64)>,
    /// What was acknowledged and is given away once more, as one before it was not.
    behind: BTreeSet<Message>,
}

impl Flights {
    /// What it reads, where a group may pop.
    pub const READS: Kinds = kinds![
        Popped,
        AckTaken,
        InvisibleChanged,
        TakenBackInOrder,
        CheckpointLost,
        Consumed,
        PopDiscarded,
        PopGivenUp,
        AckFailed,
        DelayLevelThrew,
        HandlesLost,
        HandlesCleared
    ];

    /// No message in flight yet.
    pub fn new(plan: &Plan) -> Self {
        Self { unrenewed: unrenewed(plan), ..Self::default() }
    }

    /// Whether nothing was ever popped.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty() && self.origins.is_empty()
    }

    fn message(&self, key: Key, offset: u64) -> Message {
        let place = (key.audience, key.queue, offset);
        self.origins.get(&place).map_or(place, |&(queue, offset)| (key.audience, queue, offset))
    }

    fn note(&mut self, key: Key, offset: u64, consumer: ConsumerIndex, fate: Fate) {
        let message = self.message(key, offset);
        let own = |flight: &&mut Flight| (flight.consumer, flight.place) == (consumer, (key.queue, offset));
        if let Some(flight) = self.all.get_mut(&message).filter(own) {
            flight.fate = fate;
            flight.failed |= fate == Fate::Failed;
            flight.failed &= !matches!(fate, Fate::Done);
        }
    }

    /// What has become of a message that no listener had; `None`: it is in nobody's hands.
    pub fn fate(&self, key: Key, offset: u64) -> Option<Fate> {
        self.all.get(&(key.audience, key.queue, offset)).map(|flight| flight.fate)
    }

    /// Takes in what is seen of messages in flight.
    pub fn observe(&mut self, at: Instant, what: &Observation, stage: &Stage, names: &Names) {
        match *what {
            Observation::Popped { consumer, queue, offset, origin, until, .. } => {
                let key = Key::of(consumer, queue, names);
                let message = (key.audience, origin.0, origin.1);
                if origin != (queue, offset) {
                    self.origins.insert((key.audience, queue, offset), origin);
                }
                let before = self.all.get(&message).copied();
                let behind = self.behind.remove(&message).then_some(Cause::BehindAnUnacknowledgedOne);
                let again = behind.or_else(|| {
                    before.map(|flight| {
                        let unrenewed = self.unrenewed[flight.consumer.at()];
                        why_again(flight, at, unrenewed, stage)
                    })
                });
                let failed = before.is_some_and(|flight| flight.failed);
                let fate = Fate::Held;
                let place = (queue, offset);
                let proxied = None;
                self.all.insert(message, Flight { consumer, place, popped: at, until, fate, failed, again, proxied });
            }
            Observation::AckTaken { group, queue, offset, counts: true, .. } => {
                let key = Key::of_group(group, queue, names);
                let message = self.message(key, offset);
                let given_up = |flight: &Flight| matches!(flight.fate, Fate::GivenUp(..));
                if !self.all.get(&message).is_some_and(given_up) {
                    self.all.remove(&message);
                    self.origins.remove(&(key.audience, queue, offset));
                }
            }
            Observation::AckTaken { group, queue, offset, counts: false, late: Span::ZERO, .. } => {
                let message = self.message(Key::of_group(group, queue, names), offset);
                if let Some(flight) = self.all.get_mut(&message) {
                    flight.proxied = Some(Cause::RenewedHandleAstray);
                }
            }
            Observation::HandlesLost { consumer, .. } => self.proxied(consumer, Cause::ProxyLostHandles),
            Observation::HandlesCleared { consumer, .. } => self.proxied(consumer, Cause::ClearedByProxy),
            Observation::InvisibleChanged { group, queue, offset, until, .. } => {
                let message = self.message(Key::of_group(group, queue, names), offset);
                if let Some(flight) = self.all.get_mut(&message) {
                    flight.until = until;
                }
            }
            Observation::TakenBackInOrder { group, queue, offset, acked: true, .. } => {
                let message = self.message(Key::of_group(group, queue, names), offset);
                self.behind.insert(message);
            }
            Observation::CheckpointLost { group, queue, offset, .. } => {
                let message = self.message(Key::of_group(group, queue, names), offset);
                if let Some(flight) = self.all.get_mut(&message) {
                    flight.fate = Fate::Forgotten(at);
                }
            }
            _ => self.hear_clients(at, what, names),
        }
    }

    /// A proxy has done something to all that a consumer has.
    fn proxied(&mut self, consumer: ConsumerIndex, cause: Cause) {
        for flight in self.all.values_mut().filter(|flight| flight.consumer == consumer) {
            flight.proxied = Some(cause);
        }
    }

    /// What clients do with what they have.
    fn hear_clients(&mut self, at: Instant, what: &Observation, names: &Names) {
        match *what {
            Observation::Consumed { consumer, queue, offset, outcome } => {
                let fate = match outcome {
                    ConsumeOutcome::Success => Fate::Done,
                    ConsumeOutcome::Failed => Fate::Failed,
                    ConsumeOutcome::DiscardedWithAssignment => Fate::Dropped,
                    ConsumeOutcome::DiscardedTooLate => self.too_late(at, Key::of(consumer, queue, names), offset),
                    _ => return,
                };
                self.note(Key::of(consumer, queue, names), offset, consumer, fate);
            }
            Observation::PopDiscarded { consumer, queue, offset, why } => {
                let key = Key::of(consumer, queue, names);
                let fate = match why {
                    PopDiscard::Dropped => Fate::Dropped,
                    PopDiscard::InvisibleTimeOver => self.too_late(at, key, offset),
                };
                self.note(key, offset, consumer, fate);
            }
            Observation::PopGivenUp { consumer, queue, offset, .. } => {
                self.note(Key::of(consumer, queue, names), offset, consumer, Fate::GivenUp(consumer, at));
            }
            Observation::AckFailed { consumer, queue, offset } => {
                let key = Key::of(consumer, queue, names);
                let message = self.message(key, offset);
                let place = (queue, offset);
                let done = |flight: &&mut Flight| {
                    (flight.consumer, flight.place, flight.fate) == (consumer, place, Fate::Done)
                };
                if let Some(flight) = self.all.get_mut(&message).filter(done) {
                    flight.fate = Fate::AckLost;
                }
            }
            _ => {}
        }
    }

    /// Whether the time of a message that a client found to be over was so, or its clock is ahead.
    fn too_late(&self, at: Instant, key: Key, offset: u64) -> Fate {
        let flight = self.all.get(&self.message(key, offset));
        let until = flight.filter(|flight| flight.place == (key.queue, offset)).map(|flight| flight.until);
        if until.is_some_and(|until| at + CLOCKS_AGREE < until) { Fate::TooLateByTheClock } else { Fate::TooLate }
    }
}

/// Clocks of machines that agree differ by less than this.
const CLOCKS_AGREE: Span = Span::from_millis(500);

/// Whose messages a proxy is to renew, and does not: in any release.
pub(in crate::check) fn unrenewed(plan: &Plan) -> Vec<bool> {
    let settings = plan.proxies.iter().map(|proxy| &proxy.settings);
    let local = plan.proxies.is_empty().then_some(&plan.local_proxy);
    let not_renewed = settings.chain(local).any(|proxy| proxy.renewal_not_started);
    let pushes = |member: &ConsumerPlan| member.client.grpc.as_ref().is_some_and(|grpc| grpc.simple.is_none());
    let any_release =
        |name: &str| plan.consumers.iter().chain(&plan.releases).any(|member| member.name == name && pushes(member));
    let of = |consumer: &ConsumerPlan| not_renewed && plan.speaks_grpc() && any_release(&consumer.name);
    plan.consumers.iter().map(of).collect()
}

/// Whose requests a balancer spreads over several proxies: in any release.
pub(in crate::check) fn balanced(plan: &Plan) -> Vec<bool> {
    let spread = |member: &ConsumerPlan| member.client.grpc.as_ref().is_some_and(|grpc| grpc.balances_requests);
    let any_release =
        |name: &str| plan.consumers.iter().chain(&plan.releases).any(|member| member.name == name && spread(member));
    plan.consumers.iter().map(|consumer| plan.proxies.len() > 1 && any_release(&consumer.name)).collect()
}

/// Why a message that one had popped is given to another.
fn why_again(flight: Flight, at: Instant, unrenewed: bool, stage: &Stage) -> Cause {
    let over = matches!(flight.fate, Fate::Held | Fate::Done | Fate::AckLost);
    if let Some(cause) = flight.proxied.filter(|_| over) {
        return cause;
    }
    let seat = stage.seat(flight.consumer);
    let ended = seat.ended.filter(|(ended, _)| *ended >= flight.popped);
    match flight.fate {
        Fate::Held | Fate::AckLost if unrenewed && ended.is_none() && at >= flight.until => Cause::ReceiptNotRenewed,
        Fate::TooLate => Cause::InvisibleTimeOver,
        Fate::TooLateByTheClock => Cause::ClientClockIsAhead,
        Fate::Dropped => Cause::PopQueueDropped,
        Fate::AckLost => Cause::AckLost,
        Fate::Held | Fate::Done | Fate::Failed => match ended {
            Some((_, End::Shutdown)) => Cause::ShutdownLeavesPopped,
            Some(_) => Cause::ConsumerKilledHolding,
            None if flight.fate == Fate::Done => Cause::AckLost,
            None if at >= flight.until => Cause::InvisibleTimeOver,
            None => Cause::Unknown,
        },
        Fate::GivenUp(..) | Fate::Forgotten(_) => Cause::Unknown,
    }
}

impl Delivery {
    /// Whether a hand-out is of a message that was popped, or came back through the retry topic of POP.
    pub(super) fn is_popped(&self, consumer: ConsumerIndex, key: Key, offset: u64, names: &Names) -> bool {
        let back = || matches!(names.topic(names.queue(key.queue).topic).kind, TopicKind::PopRetry { .. });
        self.pops && !self.flights.is_empty() && {
            let message = self.flights.message(key, offset);
            self.flights.all.get(&message).is_some_and(|flight| flight.consumer == consumer) || back()
        }
    }

    /// Whether both ways of consuming a queue were in use lately: offsets are thrown back meanwhile.
    pub(super) fn modes_are_mixed(&self, key: Key, at: Instant, stage: &Stage, names: &Names) -> bool {
        self.pops && stage.was_pulled(key) && stage.was_popped((key, at), SWITCH, names)
    }

    /// A popped message goes to a listener: it is accounted to its first copy.
    pub(super) fn delivered_popped(
        &mut self,
        at: Instant,
        consumer: ConsumerIndex,
        (key, offset, origin): (Key, u64, (QueueIndex, u64)),
        (reconsume_times, lost): (u32, Option<u32>),
        (stage, names): (&Stage, &Names),
    ) {
        self.delivered.add(at, stage, &self.named);
        if reconsume_times > 0 {
            self.retried.add(at, stage, &self.named);
        }
        let first = Key { audience: key.audience, queue: origin.0 };
        let here = lost.filter(|_| origin == (key.queue, offset));
        let before = self.ledgers.of(first).give(origin.1, consumer, here);
        let flight = self.flights.all.get(&(key.audience, origin.0, origin.1)).copied();
        let is_retry = flight.is_some_and(|flight| flight.failed);
        let mut cause = None;
        match before {
            None if lost.is_none() => self.latency.handed_out(at, first, origin.1, (stage, names)),
            Some(before) if !is_retry => {
                let own = flight.filter(|flight| flight.consumer == consumer);
                let why = self.why_popped_again(first, origin, own.and_then(|own| own.again));
                let why = why.unwrap_or_else(|| match self.modes_are_mixed(first, at, stage, names) {
                    true => Cause::ModeSwitchWindow,
                    false if stage.broker_came_back(names.queue(first.queue).broker) => Cause::BrokerOffsetLoss,
                    false => Cause::Unknown,
                });
                cause = Some(why);
                let again = self.duplicates.entry((first, consumer, why)).or_default();
                again.moments.add(at, stage, &self.named);
                again.first.get_or_insert((before, None));
            }
            _ => {}
        }
        if let Some(flight) = self.flights.all.get_mut(&(key.audience, origin.0, origin.1)) {
            flight.failed = false;
        }
        let ledger = self.ledgers.of(first);
        if lost.is_none() {
            ledger.had(consumer, origin.1);
        }
        if self.rows {
            extend_run(&mut ledger.run, &mut self.runs, at, consumer, (first, origin.1), cause);
        }
    }

    /// What the flight of a message or its queue's offsets show of why it comes again.
    fn why_popped_again(&self, first: Key, origin: (QueueIndex, u64), again: Option<Cause>) -> Option<Cause> {
        let taken_back = self.ledgers.get(first).and_then(|ledger| ledger.taken_back.as_ref());
        let taken_back = taken_back.filter(|taken| taken.offsets.contains(&origin.1)).map(|taken| taken.why);
        again.filter(|cause| *cause != Cause::Unknown).or(taken_back)
    }
}
