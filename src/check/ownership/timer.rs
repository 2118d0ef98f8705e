//! Rebalances of a taker that got no list or did not come at all: its timer makes up for them.

use super::unowned::Hole;
use super::{OwnershipCheck, Why};
use crate::check::Cause;
use crate::kernel::Instant;
use crate::model::plan::{BrokerIndex, ConsumerIndex};

impl Hole<'_> {
    /// A rebalance of a taker that got no list, and from whom.
    pub fn without_list(&self) -> Option<(ConsumerIndex, Instant, BrokerIndex)> {
        let looks = &self.stage.looks;
        let takers = looks.any_without_list().then(|| self.takers());
        takers.into_iter().flatten().find_map(|consumer| {
            let mut all = looks.without_list(consumer, self.topic, (self.from, self.until));
            all.next().map(|(at, broker)| (consumer, at, broker))
        })
    }

    /// When the last rebalance of a taker that got no list was made up for by the next.
    pub fn lists_again(&self) -> Option<Instant> {
        let stretch = (self.from, self.until);
        let all = self.takers().flat_map(|consumer| self.stage.looks.without_list(consumer, self.topic, stretch));
        all.map(|(at, _)| at + self.stage.timers().recent).max()
    }

    /// A rebalance of a taker got no list.
    pub fn no_list(&self) -> Option<Why> {
        let (consumer, at, broker) = self.without_list()?;
        let (who, broker) = (self.names.consumer(consumer), self.names.broker(broker));
        let more = format!("{who} got no list from {broker} at {at}");
        Some(Why::new(Cause::NoList).with(more).until(self.lists_again()))
    }
}

impl OwnershipCheck {
    /// A taker lost its wake-up, which its timer makes up for.
    pub(super) fn was_deaf(&self, hole: &Hole<'_>) -> Option<Why> {
        let within = |at: &Instant| (hole.from..=hole.until).contains(at);
        let lost = self.deaf.iter().filter(|(at, who)| within(at) && hole.may_take(*who)).map(|(at, _)| *at).max()?;
        Some(Why::new(Cause::LostWakeup).until(Some(lost + hole.stage.timers().recent)))
    }
}
