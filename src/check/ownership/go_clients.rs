//! What Go members do to queues that Java members would not: they give all up for an error, and leave without a word.

use super::unowned::Hole;
use super::{OwnershipCheck, Why};
use crate::check::Cause;
use crate::model::observation::End;
use crate::model::plan::ConsumerIndex;

impl Hole<'_> {
    /// The owner found itself in no list: in that of a broker, or in the empty one that is an error.
    pub fn not_in_list(&self, who: ConsumerIndex) -> Why {
        let Some(broker) = self.stage.go_clients.empty_list(who, self.topic, self.from) else {
            return Why::new(Cause::NotInList);
        };
        let (who, broker) = (self.names.consumer(who), self.names.broker(broker));
        let more = format!("{who} asked {broker} at {}, which did not know the group", self.from);
        Why::new(Cause::GoTakesAnErrorForAnEmptyList).with(more)
    }
}

impl OwnershipCheck {
    /// The owner shut down in a process that goes on, and brokers go on listing it.
    pub(super) fn left_without_a_word(&self, hole: &Hole<'_>, (who, end): (ConsumerIndex, End)) -> Option<Why> {
        let (lists, later) = (&hole.stage.lists, hole.from + hole.stage.timers().recent);
        let leaves = end == End::Shutdown && hole.is_long() && hole.stage.go_clients.is_go(who);
        let client = self.history.client_at(who, hole.from).filter(|_| leaves)?;
        let listing = lists.listing(hole.group, client, (hole.from, hole.until));
        let broker = listing.into_iter().find(|&broker| lists.lists(broker, hole.group, client, later))?;
        let more = format!("{} listed {} still at {later}", hole.names.broker(broker), hole.names.consumer(who));
        Some(Why::new(Cause::GoTellsNobodyThatItLeaves).with(more))
    }
}
