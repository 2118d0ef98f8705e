//! Queues dealt to a member that stands in the lists and is frozen: it takes nothing, and all others leave them to it.

use super::unowned::Hole;
use super::{OwnershipCheck, Why};
use crate::check::Cause;
use crate::check::evidence::Look;
use crate::check::stage::Beginning;
use crate::kernel::{Instant, Span};
use crate::model::observation::Release;
use crate::model::plan::ConsumerIndex;

impl OwnershipCheck {
    /// The queue changed hands, or its owner died, and it was dealt to one that was frozen until shortly before the end.
    pub(super) fn dealt_to_a_frozen_member(&self, hole: &Hole<'_>) -> Option<(ConsumerIndex, Why)> {
        let Hole { group, from, until, stage, names, .. } = *hole;
        let dealt =
            matches!(hole.stretch.beginning, Beginning::Ended(..) | Beginning::Released(_, Release::Reassigned));
        if !dealt || !hole.is_long() || names.is_one_member(hole.key.audience) {
            return None;
        }
        let half = Span::from_millis(hole.length().as_millis() / 2);
        let recent = stage.timers().recent.min(half);
        let frozen = (from + recent, until - recent);
        let (dealer, look, who) =
            [from + recent, from + half].into_iter().find_map(|at| self.left(hole, at, frozen))?;
        let client = self.history.client_at(who, from)?;
        let expired = !stage.lists.expired(group, client, (from, until)).is_empty();
        let cause = if expired { Cause::ExpiryTellsNobody } else { Cause::WaitingForExpiry };
        let (name, broker) = (names.consumer(who), names.broker(look.broker));
        let more = format!("{name} is frozen, and {} counts it by the list of {broker}", names.consumer(dealer));
        Some((who, Why::new(cause).with(more)))
    }

    /// Those who can be heard have dealt alike, by a list in which all others are frozen: what none of them has is a frozen
    /// one's. Answers one of the first, what it acted on, and one of the others.
    fn left<'a>(
        &self,
        hole: &Hole<'a>,
        at: Instant,
        frozen: (Instant, Instant),
    ) -> Option<(ConsumerIndex, &'a Look, ConsumerIndex)> {
        let Hole { group, topic, key, stage, names, .. } = *hole;
        let running = self.history.running(group, at, names);
        let (silent, dealers): (Vec<ConsumerIndex>, Vec<ConsumerIndex>) =
            running.into_iter().partition(|&member| self.history.is_frozen(member, frozen));
        let look = |dealer| {
            let since = self.history.alive_since(dealer, at)?;
            stage.looks.at(dealer, topic, at).filter(|look| look.last >= since)
        };
        let dealer = *dealers.first()?;
        let first = look(dealer).filter(|look| !look.left_out.contains(&key.queue))?;
        let alike = |other: &Look| {
            (&other.members, other.queues, other.strategy) == (&first.members, first.queues, first.strategy)
        };
        if !dealers.iter().all(|&dealer| look(dealer).is_some_and(alike)) {
            return None;
        }
        let has = |who: ConsumerIndex, member| self.history.client_at(who, at) == Some(member);
        let others = first.members.iter().filter(|member| !dealers.iter().any(|&dealer| has(dealer, **member)));
        let others: Option<Vec<ConsumerIndex>> =
            others.map(|member| silent.iter().copied().find(|&who| has(who, *member))).collect();
        Some((dealer, first, *others?.first()?))
    }
}
