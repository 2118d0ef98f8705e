//! What clients throw away, give up and do not hear of, told once for each member: traps PE3, PE6, PE7, PE14 to PE16 and
//! PE20.

use std::collections::btree_map::Entry;

use super::{Pop, place_of};
use crate::check::repeated::Repeated;
use crate::check::{Anomaly, AnomalyKind, Cause, Findings, Severity, Stage, Trap};
use crate::kernel::{Instant, Span};
use crate::model::Names;
use crate::model::ids::AudienceIndex;
use crate::model::observation::{
    ConsumeOutcome, Kinds, Observation, Observed, PopDiscard, PopTrouble, RequestMode, TopicRebalance, kinds,
};
use crate::model::plan::{ConsumerIndex, GroupIndex, TopicIndex};

/// What is noticed, why it is so, of whom, and of which topic.
pub(super) type Noticed = (AnomalyKind, Cause, ConsumerIndex, Option<TopicIndex>);

/// A message that came back so often goes round without an end in sight.
const OFTEN: u32 = 5;

/// Clocks of machines that agree differ by less than this.
const CLOCKS_AGREE: Span = Span::from_millis(500);

/// What is read.
pub(super) const READS: Kinds = kinds![
    NotConsumed,
    PopDiscarded,
    PopGivenUp,
    AckFailed,
    DelayLevelThrew,
    PopListenersLeft,
    PopTroubled,
    DealtByClient,
    TopicRebalanced,
    HandlesLost
];

impl Pop {
    fn note(&mut self, at: Instant, of: Noticed, count: u64) {
        match self.noticed.entry(of) {
            Entry::Occupied(mut known) => known.get_mut().add(at, count),
            Entry::Vacant(new) => _ = new.insert(Repeated::of(at, count)),
        }
    }

    /// A broker was told how a group consumes a topic.
    pub(super) fn mode_set(&mut self, of: (GroupIndex, TopicIndex), mode: RequestMode) {
        self.to_pop.retain(|known| *known != of);
        if mode == RequestMode::Pop {
            self.to_pop.push(of);
        }
    }

    /// A message was popped that had come back so often.
    pub(super) fn came_again(&mut self, at: Instant, audience: AudienceIndex, reconsume_times: u32) {
        if reconsume_times >= OFTEN {
            let (most, times) = self.most_again.entry(audience).or_insert((0, Repeated::of(at, 0)));
            *most = reconsume_times.max(*most);
            times.add(at, 1);
        }
    }

    /// Why a client found a message's time over: it is, or the client's clock is ahead.
    fn too_late(&self, at: Instant, place: super::Place) -> Cause {
        let until = self.held.get(&place).map(|held| held.until);
        match until.is_some_and(|until| at + CLOCKS_AGREE < until) {
            true => Cause::ClientClockIsAhead,
            false => Cause::InvisibleTimeOver,
        }
    }

    /// What clients do with what they popped.
    pub(super) fn notice(&mut self, seen: &Observed, stage: &Stage, names: &Names) {
        use AnomalyKind as Kind;
        let at = seen.at;
        let (of, count) = match seen.what {
            Observation::Consumed { consumer, queue, offset, outcome: ConsumeOutcome::DiscardedTooLate } => {
                let why = self.too_late(at, place_of(consumer, queue, offset, names));
                ((Kind::ResultThrownAway, why, consumer, None), 1)
            }
            Observation::Consumed { consumer, outcome: ConsumeOutcome::DiscardedWithAssignment, .. } => {
                ((Kind::ResultThrownAway, Cause::PopQueueDropped, consumer, None), 1)
            }
            Observation::PopDiscarded { consumer, queue, offset, why } => {
                let why = match why {
                    PopDiscard::Dropped => Cause::PopQueueDropped,
                    PopDiscard::InvisibleTimeOver => self.too_late(at, place_of(consumer, queue, offset, names)),
                };
                ((Kind::DiscardedUnseen, why, consumer, None), 1)
            }
            Observation::PopGivenUp { consumer, .. } => {
                ((Kind::GivenUp, Cause::GivenUpAfterRetries, consumer, None), 1)
            }
            Observation::AckFailed { consumer, .. } => {
                let why = match self.unrenewed[consumer.at()] {
                    _ if self.without_handles.contains(&consumer) => Cause::ProxyLostHandles,
                    _ if self.balanced[consumer.at()] => Cause::AcknowledgedElsewhere,
                    true => Cause::ReceiptNotRenewed,
                    false => Cause::AckLost,
                };
                ((Kind::AckLost, why, consumer, None), 1)
            }
            Observation::HandlesLost { consumer, count, .. } => {
                self.without_handles.insert(consumer);
                ((Kind::HandlesLost, Cause::ProxyLostHandles, consumer, None), count.into())
            }
            Observation::DelayLevelThrew { consumer, .. } => {
                ((Kind::RetryAtTheOldTime, Cause::DelayLevelBelowZero, consumer, None), 1)
            }
            Observation::PopListenersLeft { consumer, running, waiting } => {
                let left = u64::from(running) + u64::from(waiting);
                ((Kind::ListenersLeft, Cause::ShutdownLeavesPopped, consumer, None), left)
            }
            Observation::PopTroubled { consumer, topic, trouble: PopTrouble::FlowControl, .. } => {
                ((Kind::PopHeldBack, Cause::PopThreshold, consumer, Some(topic)), 1)
            }
            Observation::DealtByClient { consumer, topic } => {
                ((Kind::PulledThoughPop, Cause::ClientRebalances, consumer, Some(topic)), 1)
            }
            Observation::TopicRebalanced { consumer, topic, found: TopicRebalance::Allocated { mine, .. }, .. }
                if mine > 0
                    && (self.to_pop.contains(&(names.group_of(consumer), topic))
                        || stage.is_topic_popped(names.audience_of(consumer), topic)) =>
            {
                ((Kind::PulledThoughPop, Cause::ClientRebalances, consumer, Some(topic)), 1)
            }
            _ => return,
        };
        self.note(at, of, count);
    }

    /// The rows.
    pub(super) fn tell(&self, names: &Names, findings: &mut Findings) {
        for (&of, times) in &self.noticed {
            let (kind, cause, consumer, topic) = of;
            let detail = said(of, times.count, names);
            let row = Anomaly::new("pop", (kind, cause), (times.first, times.last), detail);
            let severity = match kind {
                AnomalyKind::PopHeldBack | AnomalyKind::RetryAtTheOldTime => Severity::Note,
                _ => Severity::Warning,
            };
            let audience = Some(names.audience_of(consumer));
            let count = times.count;
            _ = topic;
            findings.anomalies.push(Anomaly { severity, audience, consumer: Some(consumer), count, ..row });
        }
        for (&audience, &(most, times)) in &self.most_again {
            let detail = format!(
                "messages of {} came back {most} times: no broker gives up, and a client only after its maxReconsumeTimes",
                names.audience(audience)
            );
            let what = (AnomalyKind::RedeliveredAgainAndAgain, Cause::InvisibleTimeOver);
            let row = Anomaly::new("pop", what, (times.first, times.last), detail);
            let (audience, count, trap) = (Some(audience), times.count, Some(Trap::PE20));
            findings.anomalies.push(Anomaly { audience, count, trap, ..row });
        }
    }
}

/// What is said of it.
fn said((kind, cause, consumer, topic): Noticed, count: u64, names: &Names) -> String {
    let who = names.consumer(consumer);
    let topic = topic.map_or("", |topic| &*names.topic(topic).name);
    match (kind, cause) {
        (AnomalyKind::ResultThrownAway, Cause::PopQueueDropped) => {
            format!("{who} finished {count} popped messages after their assignment was dropped: they come again")
        }
        (AnomalyKind::ResultThrownAway, Cause::ClientClockIsAhead) => {
            format!("{who} finished {count} popped messages that its clock took for too late: they come again")
        }
        (AnomalyKind::ResultThrownAway, _) => {
            format!("{who} finished {count} popped messages after popInvisibleTime: the results count for nothing")
        }
        (AnomalyKind::DiscardedUnseen, Cause::PopQueueDropped) => {
            format!("{who} threw {count} popped messages away with their assignment, before a listener had them")
        }
        (AnomalyKind::DiscardedUnseen, Cause::ClientClockIsAhead) => {
            format!("the clock of {who} is ahead: it threw {count} popped messages away in time, as too late")
        }
        (AnomalyKind::DiscardedUnseen, _) => {
            format!("{who} threw {count} popped messages away that had waited for a thread for popInvisibleTime")
        }
        (AnomalyKind::GivenUp, _) => {
            format!(
                "{who} acknowledged {count} messages on receipt that had come back too often: POP has no dead letters"
            )
        }
        (AnomalyKind::AckLost, Cause::AcknowledgedElsewhere | Cause::ReceiptNotRenewed | Cause::ProxyLostHandles) => {
            format!("{count} words of {who} on messages were refused, as their time was over: the messages come again")
        }
        (AnomalyKind::HandlesLost, _) => {
            format!("the proxy of {who} died with the handles of {count} messages that {who} has")
        }
        (AnomalyKind::AckLost, _) => {
            format!("{count} acknowledgements of {who} did not come through: the messages come again")
        }
        (AnomalyKind::RetryAtTheOldTime, _) => {
            format!("{who} asked {count} times for a level below 0: an exception, and no delay was sent")
        }
        (AnomalyKind::ListenersLeft, _) => {
            format!("{who} shut down with {count} popped messages at work or in wait: nobody acknowledges them")
        }
        (AnomalyKind::PopHeldBack, _) => {
            format!("{who} was above popThresholdForQueue {count} times, and popped nothing of {topic} meanwhile")
        }
        _ => format!("{who} pulls {topic}, which its group is to pop: it does not ask brokers"),
    }
}
