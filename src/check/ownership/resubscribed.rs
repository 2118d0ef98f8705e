//! A member that subscribed again to a topic whose route had changed meanwhile, and is never told of it.
//!
//! The route is the instance's and the queues that are dealt are the consumer's. Another consumer of the instance had the
//! topic all the time: its poll took the change in and told it to those that subscribe the topic, which this one did not.
//! What it knew before is still in its table, so it counts as told, and polls that find the route unchanged leave it so.

use super::unowned::Hole;
use super::{OwnershipCheck, Why};
use crate::check::Cause;
use crate::kernel::{Instant, Span};
use crate::model::plan::ConsumerIndex;

impl OwnershipCheck {
    /// A member could have had the queue for most of the stretch, had it been told of a route that came while it did not
    /// subscribe the topic.
    pub(super) fn missed_while_unsubscribed(&self, hole: &Hole<'_>) -> Option<Why> {
        if !self.gave_topics_up {
            return None;
        }
        self.history.running(hole.group, hole.until, hole.names).into_iter().find_map(|who| self.missed_by(hole, who))
    }

    fn missed_by(&self, hole: &Hole<'_>, who: ConsumerIndex) -> Option<Why> {
        let (left, back) = self.history.last_return(who, hole.topic, hole.until)?;
        let since = back.max(hole.from);
        if hole.until.since(since) <= since.since(hole.from).max(hole.stage.timers().route_skew) {
            return None;
        }
        let halfway = since + Span::from_millis(hole.until.since(since).as_millis() / 2);
        let (told, view) = hole.stage.looks.route(who, hole.topic, halfway).filter(|(told, _)| *told < left)?;
        let client = self.history.client_at(who, hole.until)?;
        let meanwhile = |&(at, other, topic): &(Instant, ConsumerIndex, _)| {
            let same = topic == hole.topic && other != who && (left..back).contains(&at);
            let of_its_client = || self.history.client_at(other, at) == Some(client);
            let another = || hole.stage.looks.route(other, topic, at).is_some_and(|(_, new)| new != view);
            (same && of_its_client() && another()).then_some((at, other))
        };
        let (at, other) = self.routes.iter().find_map(meanwhile)?;
        let (who, other) = (hole.names.consumer(who), hole.names.consumer(other));
        let more = format!(
            "{who} deals by the route of {told}: it had no subscription from {left} to {back}, and the change at {at} \
             was told to {other} only, which shares its client"
        );
        Some(Why::new(Cause::RouteChangedWhileUnsubscribed).with(more))
    }
}
