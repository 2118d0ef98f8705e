//! The links of pulls: why one that failed was tried again, and what let it through in the end.

use super::link::{Chain, Link, Node};
use super::wait::Wait;
use crate::kernel::{Instant, Occurrence, Span};
use crate::model::event::{ConsumerEvent, Event, NetworkEvent};
use crate::model::observation::{Detail, Observation, Observed, PullTrouble};
use crate::model::plan::ConsumerIndex;

impl<'r> Chain<'_, 'r> {
    /// Of a delayed pull back to what ended its trouble, or to when it was put off.
    pub(super) fn pull_due(&self, event: &'r Occurrence<Event>, consumer: ConsumerIndex) -> Link<'r> {
        use PullTrouble as T;
        let queue = self.around.finding.queue;
        let Some(parent) = self.record.event(event.cause) else { return self.scheduled(event, Wait::PullInterval) };
        let taken = |seen: &Observed| matches!(seen.what, Observation::QueueTaken { .. });
        if self.record.during(parent).any(taken) && self.around.is_go(consumer) {
            return self.scheduled(event, Wait::GoFirstPull);
        }
        if self.record.during(parent).any(taken) {
            return self.scheduled(event, Wait::FirstPull);
        }
        let (delay, window) = (event.at.since(parent.at), (parent.at, event.at));
        let mut troubles = self.record.back_from(parent.at).filter_map(|seen| match seen.what {
            Observation::PullTroubled { consumer: c, queue: q, trouble } if (c, q) == (consumer, queue) => {
                Some(trouble)
            }
            _ => None,
        });
        match troubles.next() {
            _ if delay == Span::ZERO => self.scheduled(event, Wait::PullInterval),
            Some(T::FlowControlCount | T::FlowControlSize | T::FlowControlSpan)
                if Some(delay) == Wait::FlowControl.value(&self.around) =>
            {
                let freed = |what: &Observation| matches!(what, Observation::Consumed { .. });
                self.follow(event, Wait::FlowControl, self.record.last(window, freed))
            }
            Some(T::Suspended) => {
                let resumed =
                    |what: &Observation| matches!(what, Observation::Detail(Detail::ConsumptionResumed { .. }));
                self.follow(event, Wait::PullSuspended, self.record.last(window, resumed))
            }
            Some(_) if Some(delay) == Wait::PullFailed.value(&self.around) => self.tried_again(event, parent, consumer),
            _ if Some(delay) == Wait::FirstPull.value(&self.around) => self.scheduled(event, Wait::FirstPull),
            _ if Some(delay) == Wait::PullInterval.value(&self.around) => self.scheduled(event, Wait::PullInterval),
            _ if Some(delay) == Wait::PullFailed.value(&self.around) => self.tried_again(event, parent, consumer),
            _ => self.scheduled(event, Wait::Unknown),
        }
    }

    /// Of a pull behind the pause after one that failed: back to what let this one through. Where that came while the other
    /// was still waiting, that wait and the pause were for nothing.
    fn tried_again(
        &self,
        event: &'r Occurrence<Event>,
        failed: &'r Occurrence<Event>,
        consumer: ConsumerIndex,
    ) -> Link<'r> {
        if let Some(mended) = self.pull_mended(event, consumer, (failed.at, event.at)) {
            return Link::new(Wait::PullFailed, Some(self.node_of(mended)));
        }
        let own = self.own_pull(failed).filter(|_| self.has_no_connection(failed));
        let mended = own.and_then(|own| self.pull_mended(event, consumer, (own.at, failed.at)));
        let Some(mended) = mended else { return self.scheduled(event, Wait::PullFailed) };
        let waited = Link::new(Wait::ConnectTimeout, Some(self.node_of(mended)));
        Link::new(Wait::PullFailed, Some(Node { then: Some(Box::new(waited)), ..Node::event(failed) }))
    }

    /// Of a call that has lost its connection: where that was never made, back to the pull that waited for it, whoever had
    /// begun to connect.
    pub(super) fn call_failed(&self, event: &'r Occurrence<Event>) -> Link<'r> {
        match self.own_pull(event).filter(|_| self.has_no_connection(event)) {
            Some(pull) => Link::new(Wait::ConnectTimeout, Some(Node::event(pull))),
            None => self.scheduled(event, Wait::Network),
        }
    }

    fn has_no_connection(&self, failed: &Occurrence<Event>) -> bool {
        let connect = self.record.event(failed.cause).map(|parent| parent.event);
        matches!(connect, Some(Event::Network(NetworkEvent::ConnectTimedOut { .. })))
    }

    /// The pull whose failure an event is: the one before that which this event put off.
    fn own_pull(&self, failed: &Occurrence<Event>) -> Option<&'r Occurrence<Event>> {
        let pull = |event: &Occurrence<Event>| match event.event {
            Event::Consumer { consumer, what: ConsumerEvent::PullDue { process_queue }, .. } => {
                Some((consumer, process_queue))
            }
            _ => None,
        };
        let until = failed.at + Wait::PullFailed.value(&self.around)?;
        let mut after = self.record.after(failed).take_while(|event| event.at <= until);
        let whose = pull(after.find(|event| event.cause == failed.sequence && pull(event).is_some())?);
        self.record.before(failed).find(|event| pull(event) == whose)
    }

    /// What let a pull through that had failed until then.
    fn pull_mended(
        &self,
        event: &Occurrence<Event>,
        consumer: ConsumerIndex,
        window: (Instant, Instant),
    ) -> Option<&'r Observed> {
        let (queue, broker) = (self.around.finding.queue, self.around.queue_broker());
        let mut after = self.record.forward_from(event.at);
        let fails_again = after.find_map(|seen| match seen.what {
            Observation::PullTroubled { consumer: c, queue: q, .. } if (c, q) == (consumer, queue) => Some(true),
            Observation::Pulled { consumer: c, queue: q, .. }
            | Observation::PullRecovered { consumer: c, queue: q }
                if (c, q) == (consumer, queue) =>
            {
                Some(false)
            }
            _ => None,
        });
        let mended = |what: &Observation| match what {
            Observation::LockGranted { .. } => true,
            Observation::BrokerUp { broker: b }
            | Observation::ConsumerCutOff { broker: b, cut_off: false, .. }
            | Observation::HeartbeatTaken { broker: b, .. } => *b == broker,
            // Of a broker that is gone the route names a slave, or nobody.
            Observation::RouteChanged { consumer: c, topic: t, .. } => (*c, *t) == (consumer, self.around.topic()),
            _ => false,
        };
        self.record.last(window, mended).filter(|_| fails_again == Some(false))
    }
}
