//! What is said of an event: of all that was seen while it happened what matters most, else what it is.

use super::around::Around;
use super::plain::{plain, woken};
use super::record::Record;
use crate::check::Cause;
use crate::kernel::Occurrence;
use crate::model::event::{Event, TimelineEvent};
use crate::model::observation::{
    ConsumeOutcome, Detail, End, LogLoss, MemberLoss, Observation, Observed, Release, StartRule, TopicRebalance,
};
use crate::model::plan::ConsumerIndex;
use crate::wording::counted;

/// Who, and what happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Said {
    /// The more it tells the higher; nothing worth a line is 0.
    pub rank: u8,
    pub actor: String,
    pub text: String,
}

impl Said {
    pub fn new(rank: u8, actor: &str, text: impl Into<String>) -> Option<Self> {
        Some(Self { rank, actor: actor.to_owned(), text: text.into() })
    }
}

/// What is said of an event.
pub(super) fn of_event(event: &Occurrence<Event>, around: &Around<'_>, record: &Record<'_>) -> Said {
    let mut all: Vec<Said> = record.during(event).filter_map(|seen| of(seen, around, record)).collect();
    // The first of those that tell the most: the others follow from it.
    all.sort_by_key(|said| std::cmp::Reverse(said.rank));
    let mut all = all.into_iter();
    let Some(mut first) = all.next() else {
        return woken(event, around, record).unwrap_or_else(|| plain(event, around));
    };
    // One thing more, if it is another one.
    let verb = |text: &str| text.split(' ').next().unwrap_or_default().to_owned();
    let said = verb(&first.text);
    if let Some(other) = all.find(|other| other.rank >= 5 && verb(&other.text) != said) {
        let by = if other.actor == first.actor { String::new() } else { format!("{} ", other.actor) };
        first.text += &format!("; {by}{}", other.text);
    }
    // A step of the story says what it did.
    if let Event::Timeline(TimelineEvent::StepDue { step }) = event.event {
        first.text += &format!(" (step `{}`)", around.plan.timeline[step as usize].label);
    }
    first
}

/// What is said of an observation; nothing where it does not matter to the finding.
pub(super) fn of(seen: &Observed, around: &Around<'_>, record: &Record<'_>) -> Option<Said> {
    of_owner(seen, around)
        .or_else(|| of_life(seen, around, record))
        .or_else(|| of_list(seen, around, record))
        .or_else(|| of_lock(seen, around, record))
        .or_else(|| of_message(seen, around))
        .or_else(|| of_route(seen, around))
}

fn of_owner(seen: &Observed, around: &Around<'_>) -> Option<Said> {
    let who = |consumer: ConsumerIndex| around.names.consumer(consumer);
    let place = around.names.message_queue(around.finding.queue).to_string();
    match seen.what {
        Observation::QueueTaken { consumer, offset, .. } if around.is_member(consumer) => {
            Said::new(9, who(consumer), format!("takes {place} at offset {offset}"))
        }
        Observation::QueueReleased { consumer, release, .. } if around.is_member(consumer) => {
            let why = match release {
                Release::Reassigned => "by the list it is another's",
                Release::NotInList => "the list does not hold it",
                Release::RouteGone => "it is not in the route any more",
                Release::PullExpired => "it was not pulled for too long",
                Release::OffsetIllegal => "its offset was illegal",
                Release::Shutdown => "shutdown",
                Release::OffsetsReset => "its offsets were reset",
                Release::Unsubscribed => "its topic is not subscribed any more",
                Release::ModeSwitched => "its group pops the topic now",
            };
            Said::new(9, who(consumer), format!("gives {place} up: {why}"))
        }
        Observation::Delivered { consumer, offset, .. } if around.is_member(consumer) => {
            Said::new(6, who(consumer), format!("hands offset {offset} of {place} to its listener"))
        }
        Observation::Pulled { consumer, until, .. } if around.is_member(consumer) => {
            Said::new(4, who(consumer), format!("has pulled {place} up to offset {until}"))
        }
        Observation::PullTroubled { consumer, trouble, .. } if around.is_member(consumer) => {
            let why = Cause::from(trouble).sentence().trim_end_matches('.').to_lowercase();
            Said::new(6, who(consumer), format!("cannot pull {place}: {why}"))
        }
        Observation::Consumed { consumer, offset, outcome, .. } if around.is_member(consumer) => {
            let how = match outcome {
                ConsumeOutcome::Success => "has consumed",
                ConsumeOutcome::DiscardedBecauseDropped => "has consumed, and throws away as the queue is dropped,",
                ConsumeOutcome::Interrupted => "is interrupted at",
                ConsumeOutcome::Panicked => "has panicked on",
                _ => "has failed on",
            };
            Said::new(3, who(consumer), format!("{how} offset {offset} of {place}"))
        }
        Observation::OffsetIllegal { consumer, asked, corrected, .. } if around.is_member(consumer) => {
            Said::new(8, who(consumer), format!("asked {place} for offset {asked}, and goes on from {corrected}"))
        }
        _ => None,
    }
}

fn of_life(seen: &Observed, around: &Around<'_>, record: &Record) -> Option<Said> {
    let who = |consumer: ConsumerIndex| around.names.consumer(consumer);
    let broker = |index| around.names.broker(index);
    match seen.what {
        Observation::ConsumerStarting { consumer, .. } => Said::new(5, who(consumer), "calls start()"),
        Observation::ConsumerStarted { consumer } => Said::new(4, who(consumer), "has started"),
        Observation::StartFailed { consumer, .. } => Said::new(8, who(consumer), "fails to start"),
        Observation::ConsumerStopping { consumer } => Said::new(7, who(consumer), "calls shutdown()"),
        Observation::ConsumerEnded { consumer, end } => {
            let how = match end {
                End::Shutdown => "ends its shutdown",
                End::Killed => "is killed",
                End::PoweredOff => "loses its power",
                End::StartFailed => "ends, as its start failed",
            };
            Said::new(8, who(consumer), how)
        }
        Observation::ConsumerPaused { consumer } => Said::new(8, who(consumer), "stands still"),
        Observation::ConsumerResumed { consumer } => Said::new(8, who(consumer), "goes on"),
        // Every pair is told of at every cut and heal.
        Observation::ConsumerCutOff { consumer, broker: b, cut_off } => {
            let of_it = |what: &Observation| match what {
                Observation::ConsumerCutOff { consumer: c, broker, cut_off } if (*c, *broker) == (consumer, b) => {
                    Some(*cut_off)
                }
                _ => None,
            };
            let mut before = record.back_from(seen.at).skip_while(|other| other.sequence >= seen.sequence);
            if before.find_map(|other| of_it(&other.what)).unwrap_or(false) == cut_off {
                return None;
            }
            let what = if cut_off { "is cut off from" } else { "is connected again to" };
            Said::new(8, who(consumer), format!("{what} {}", broker(b)))
        }
        Observation::BrokerDown { broker: b, .. } => Said::new(8, broker(b), "goes down"),
        Observation::BrokerUp { broker: b } => Said::new(7, broker(b), "accepts connections"),
        Observation::NameServerDown { name_server } => Said::new(7, around.names.name_server(name_server), "goes down"),
        Observation::NameServerUp { name_server } => {
            Said::new(6, around.names.name_server(name_server), "accepts connections")
        }
        Observation::Detail(Detail::ConsumptionResumed { consumer }) => Said::new(7, who(consumer), "consumes again"),
        Observation::WakeupLost { consumer } => {
            Said::new(8, who(consumer), "does not hear the wake-up of its rebalance")
        }
        _ => None,
    }
}

fn of_list(seen: &Observed, around: &Around<'_>, record: &Record<'_>) -> Option<Said> {
    let (group, names) = (around.group(), around.names);
    match seen.what {
        Observation::MemberRemoved { broker, group: g, client, loss, .. } if g == group => {
            let why = match loss {
                MemberLoss::Unregistered => "it has unregistered",
                MemberLoss::Closed => "its connection is closed",
                MemberLoss::Idle => "nothing went over its connection",
                MemberLoss::Expired => "it was silent; nobody is told",
                MemberLoss::ExpiredAndTold => "it was silent",
                MemberLoss::BrokerDown => "the broker goes down",
            };
            let who = around.client_name(client, record);
            Said::new(7, names.broker(broker), format!("takes {who} off the list of {}: {why}", names.group(group)))
        }
        Observation::MemberAdded { broker, group: g, client, .. } if g == group => {
            let who = around.client_name(client, record);
            Said::new(6, names.broker(broker), format!("puts {who} on the list of {}", names.group(group)))
        }
        Observation::NotificationsSent { broker, count } => {
            Said::new(5, names.broker(broker), format!("tells {}", counted(u64::from(count), "member")))
        }
        Observation::Notified { consumer, broker } => Said::new(
            5,
            names.consumer(consumer),
            format!("hears from {} that members have changed", names.broker(broker)),
        ),
        Observation::TopicRebalanced { consumer, topic, broker, found }
            if topic == around.topic() && around.is_member(consumer) =>
        {
            let broker = broker.map_or("a broker", |broker| names.broker(broker));
            let found = match found {
                TopicRebalance::Allocated { members, queues, mine } => {
                    format!(
                        "rebalances: {broker} lists {}, and {mine} of {queues} queues are its own",
                        counted(u64::from(members), "member")
                    )
                }
                TopicRebalance::NotInList { members } => {
                    format!("rebalances: {broker} lists {}, and not it", counted(u64::from(members), "member"))
                }
                TopicRebalance::AllQueues { queues } => format!("rebalances: all {queues} queues are its own"),
                TopicRebalance::Assigned { pulled, popped } => {
                    format!("rebalances: {broker} assigns it {pulled} to pull and {popped} to pop")
                }
                TopicRebalance::NoAssignment => {
                    format!("rebalances: {broker} assigns it nothing, and all stays as it is")
                }
                TopicRebalance::NoList => format!("rebalances: {broker} has no list for it"),
                TopicRebalance::NoRoute => "rebalances: it knows no queue of the topic".to_owned(),
                TopicRebalance::StrategyFailed => "rebalances: its strategy throws".to_owned(),
            };
            Said::new(5, names.consumer(consumer), found)
        }
        Observation::HeartbeatTaken { broker, group: g, client } if g == group => {
            Said::new(4, names.broker(broker), format!("hears {}", around.client_name(client, record)))
        }
        _ => None,
    }
}

fn of_lock(seen: &Observed, around: &Around<'_>, record: &Record<'_>) -> Option<Said> {
    let place = around.names.message_queue(around.finding.queue).to_string();
    let client = |client| around.client_name(client, record);
    let names = around.names;
    match seen.what {
        Observation::LockGranted { broker, client: c, .. } => {
            Said::new(7, names.broker(broker), format!("gives the lock of {place} to {}", client(c)))
        }
        Observation::LockRefused { broker, client: c, holder, .. } => {
            let text = format!("refuses the lock of {place} to {}: {} holds it", client(c), client(holder));
            Said::new(7, names.broker(broker), text)
        }
        Observation::LockReleased { broker, client: c, .. } => {
            Said::new(7, names.broker(broker), format!("takes the lock of {place} back from {}", client(c)))
        }
        Observation::LockForgotten { broker, .. } => {
            Said::new(7, names.broker(broker), format!("forgets the lock of {place}"))
        }
        Observation::LockLost { consumer, .. } => {
            Said::new(7, names.consumer(consumer), format!("has lost the lock of {place}"))
        }
        Observation::LockExpired { consumer, .. } => {
            Said::new(7, names.consumer(consumer), format!("finds its lock of {place} too old"))
        }
        Observation::LockConfirmed { consumer, .. } => {
            Said::new(7, names.consumer(consumer), format!("has the lock of {place} again"))
        }
        Observation::UnlockDelayed { consumer, .. } => {
            Said::new(7, names.consumer(consumer), format!("keeps the lock of {place}: its listener is at work"))
        }
        Observation::UnlockPostponed { consumer, .. } => {
            Said::new(7, names.consumer(consumer), format!("keeps the lock of {place} for the messages in its memory"))
        }
        Observation::UnlockForced { consumer, .. } => Said::new(
            7,
            names.consumer(consumer),
            format!("gives the lock of {place} back, its listener at work or not"),
        ),
        _ => None,
    }
}

fn of_message(seen: &Observed, around: &Around<'_>) -> Option<Said> {
    let names = around.names;
    let place = names.message_queue(around.finding.queue).to_string();
    let broker = names.broker(around.queue_broker());
    match seen.what {
        Observation::Readable { end, .. } => {
            Said::new(3, broker, format!("offset {} of {place} can be read", end.max(1) - 1))
        }
        Observation::StartedAt { consumer, offset, rule, .. } if around.is_member(consumer) => {
            let how = match rule {
                StartRule::Stored => "the offset that is stored",
                StartRule::ZeroResident => "offset 0, as the broker still has it in memory",
                StartRule::First => "the first offset",
                StartRule::Maximum => "the end of the queue",
                StartRule::Timestamp => "an offset by time",
            };
            Said::new(7, names.consumer(consumer), format!("begins {place} at {offset}: {how}"))
        }
        Observation::Committed { audience, offset, path, by, .. } if audience == around.finding.audience => {
            let by = by.map_or(broker, |by| names.consumer(by));
            let how = Cause::from(path).word().replace('_', " ");
            Said::new(4, by, format!("commits offset {offset} of {place} ({how})"))
        }
        Observation::TailLost { from, why, .. } | Observation::MessageLost { offset: from, why, .. } => {
            let why = match why {
                LogLoss::PageCache => "it was not flushed",
                LogLoss::SlaveBehind => "the new master had not got it",
                LogLoss::Deposed => "a deposed master alone had it",
                LogLoss::TopicDeleted => "the topic is deleted",
            };
            Said::new(8, broker, format!("loses {place} from offset {from} on: {why}"))
        }
        Observation::HeadDeleted { min, .. } => Said::new(8, broker, format!("deletes {place} below offset {min}")),
        _ => None,
    }
}

fn of_route(seen: &Observed, around: &Around<'_>) -> Option<Said> {
    let names = around.names;
    match seen.what {
        Observation::RouteChanged { consumer, topic, queues, .. } if topic == around.topic() => {
            let text = format!("learns a new route: {}", counted(u64::from(queues), "queue"));
            Said::new(6, names.consumer(consumer), text)
        }
        Observation::RouteToldChanged { name_server, topic, .. } if topic == around.topic() => {
            Said::new(6, names.name_server(name_server), "has a new route of the topic")
        }
        Observation::QueuesOpened { broker, topic, read, .. } if topic == around.topic() => Said::new(
            6,
            names.broker(broker),
            format!("has {} of the topic to read", counted(u64::from(read), "queue")),
        ),
        Observation::QueueCreated { queue } if queue == around.finding.queue => {
            Said::new(6, names.broker(around.queue_broker()), format!("creates {}", names.message_queue(queue)))
        }
        Observation::BrokerUnregistered { name_server, broker } => {
            Said::new(6, names.name_server(name_server), format!("takes {} off its routes", names.broker(broker)))
        }
        Observation::BrokerRegistered { name_server, broker } => {
            Said::new(4, names.name_server(name_server), format!("hears {}", names.broker(broker)))
        }
        _ => None,
    }
}
