//! Members that others count and deal a share to, though they take none of it; and until when they were counted so.

use super::OwnershipCheck;
use super::unowned::Hole;
use crate::kernel::Instant;
use crate::model::observation::ClientIndex;
use crate::model::plan::ConsumerIndex;

/// Whether a member is of a kind at a moment.
type Kind<'a> = &'a dyn Fn(ConsumerIndex, Instant) -> bool;

/// Who deals the queue's topic, and who takes no share of it.
#[derive(Clone, Copy)]
pub(super) struct Rule<'a> {
    pub deals: Kind<'a>,
    pub takes_none: Kind<'a>,
}

/// One who deals the queue's topic, and one without a use for it whom the first counts.
pub(super) struct Pair {
    dealer: ConsumerIndex,
    pub stranger: ConsumerIndex,
    /// The stranger, as lists have it.
    client: ClientIndex,
    /// By whose list, in words.
    pub saw: String,
}

impl OwnershipCheck {
    /// One that deals the queue's topic, and one of those that take none which stands in the list that the first acts on
    /// at a moment.
    pub(super) fn counted(&self, hole: &Hole<'_>, at: Instant, rule: Rule<'_>) -> Option<Pair> {
        let running = self.history.running(hole.group, at, hole.names);
        let strangers: Vec<ConsumerIndex> =
            running.iter().copied().filter(|&member| (rule.takes_none)(member, at)).collect();
        running.iter().copied().filter(|&member| (rule.deals)(member, at)).find_map(|dealer| {
            let look = hole.stage.looks.at(dealer, hole.topic, at)?;
            let (stranger, client) = strangers.iter().copied().find_map(|member| {
                let client = self.history.client_at(member, at)?;
                look.members.contains(&client).then_some((member, client))
            })?;
            let (dealer_name, broker) = (hole.names.consumer(dealer), hole.names.broker(look.broker));
            let saw = format!("{dealer_name} counts {} by the list of {broker}", hole.names.consumer(stranger));
            Some(Pair { dealer, stranger, client, saw })
        })
    }

    /// When nobody was counted so any more, who had been at a moment; `None`: somebody was, to the end.
    ///
    /// It is over when the stranger takes its share, or when no dealer has it in its list. One that is dead and listed is
    /// dealt its share on.
    pub(super) fn counted_until(&self, hole: &Hole<'_>, at: Instant, rule: Rule<'_>, first: &Pair) -> Option<Instant> {
        let recent = hole.stage.timers().recent;
        let over = |since: Instant, pair: &Pair| {
            let gone = |at: &Instant| {
                !self.counts_still(hole, *at, rule, pair) && !self.counts_still(hole, *at + recent, rule, pair)
            };
            self.turns_of(hole, since, pair).into_iter().find(gone)
        };
        let mut at = over(at, first)?;
        while let Some(other) = self.counted(hole, at + recent, rule) {
            at = over(at, &other)?;
        }
        Some(at)
    }

    /// Whether the stranger of a pair is counted by the dealer, and takes none.
    fn counts_still(&self, hole: &Hole<'_>, at: Instant, rule: Rule<'_>, pair: &Pair) -> bool {
        let lives = |member| self.history.alive_since(member, at).is_some();
        let listed = |dealer| {
            hole.stage.looks.at(dealer, hole.topic, at).is_some_and(|look| look.members.contains(&pair.client))
        };
        lives(pair.dealer)
            && (rule.deals)(pair.dealer, at)
            && listed(pair.dealer)
            && (!lives(pair.stranger) || (rule.takes_none)(pair.stranger, at))
    }

    /// When it may be over that one counts the other: they began or ended or changed what they subscribe, or the list of
    /// the dealer does not hold the other. What came so late that its outcome is not in the hole is not asked.
    fn turns_of(&self, hole: &Hole<'_>, since: Instant, pair: &Pair) -> Vec<Instant> {
        let Hole { topic, until, stage, .. } = *hole;
        let looks = stage.looks.within(pair.dealer, topic, (since, until));
        let without = looks.filter(|look| !look.members.contains(&pair.client)).map(|look| look.first);
        let own = [pair.dealer, pair.stranger].into_iter().flat_map(|who| self.history.turns(who, topic, since));
        let mut all: Vec<Instant> = without.chain(own).collect();
        all.retain(|at| since < *at && *at + stage.timers().recent < until);
        all.sort_unstable();
        all
    }

    /// When no two members of the group ran under one client id any more.
    pub(super) fn twins_until(&self, hole: &Hole<'_>) -> Option<Instant> {
        let recent = hole.stage.timers().recent;
        let twins = |at| self.history.twins_at(at, hole.key.audience, hole.names);
        let ends = self.history.ends(hole.group, hole.from, hole.names);
        ends.filter(|at| *at + recent < hole.until && !twins(*at) && !twins(*at + recent)).min()
    }
}
