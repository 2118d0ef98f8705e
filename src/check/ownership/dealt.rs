//! Queues dealt to one that does not take them, or by rules that differ.

use super::counted::Rule;
use super::unowned::Hole;
use super::{OwnershipCheck, Why};
use crate::check::Cause;
use crate::check::stage::Beginning;
use crate::kernel::Instant;
use crate::model::observation::Release;

impl OwnershipCheck {
    /// The queue was dealt to one that does not take it: it stays so until the members change.
    pub(super) fn dealt_wrongly(&self, hole: &Hole<'_>) -> Option<Why> {
        let Hole { key, from, until, stage, names, .. } = *hole;
        let dealt = match hole.stretch.beginning {
            Beginning::NeverOwned | Beginning::Released(_, Release::Reassigned | Release::Unsubscribed) => true,
            // The dead one's queues are dealt out again when the others have heard of it.
            Beginning::Ended(..) => hole.is_long(),
            _ => false,
        };
        if !dealt || names.is_one_member(key.audience) {
            return None;
        }
        let ended = matches!(hole.stretch.beginning, Beginning::Ended(..));
        let (recent, strategies) = (stage.timers().recent, hole.length() > stage.timers().strategies);
        let meanwhile = until.min(from + recent);
        let twins = |at| self.history.twins_at(at, key.audience, names);
        if strategies && (twins(from) || twins(meanwhile)) && twins(until.min(meanwhile)) {
            return Some(Why::new(Cause::DuplicateClientId).until(self.twins_until(hole)));
        }
        if ended {
            return None;
        }
        let stranger = hole.is_long().then(|| self.given_to_a_stranger(hole)).flatten();
        let broadcasting = || hole.is_long().then(|| self.given_to_a_broadcasting_member(hole, meanwhile)).flatten();
        let differ = || strategies.then(|| self.dealt_by_two_strategies(hole, meanwhile)).flatten();
        stranger.or_else(broadcasting).or_else(differ)
    }

    /// Whether the queue is shared by members of whom not every one had its topic all its life.
    fn has_mixed(&self, hole: &Hole<'_>) -> bool {
        !hole.names.is_one_member(hole.key.audience) && self.mixed.contains(&(hole.group, hole.topic))
    }

    /// A member without the queue's topic is counted by one with it, when any rebalance should have given the queue an
    /// owner: it is dealt a share and takes none. What changed so late that the queue had its owner before that explains
    /// nothing of the time before.
    fn given_to_a_stranger(&self, hole: &Hole<'_>) -> Option<Why> {
        let recent = hole.stage.timers().recent;
        if !self.has_mixed(hole) {
            return None;
        }
        let (from, until) = (hole.from, hole.until);
        let changes = self.history.subscribed(hole.topic).filter(|at| (from..until).contains(at));
        let late = std::iter::once(from).chain(changes).map(|begins| begins + recent);
        late.filter(|at| *at < until).find_map(|at| {
            let has = |member, at, wanted| self.history.subscribes(member, hole.topic, at) == Some(wanted);
            let rule =
                Rule { deals: &|member, at| has(member, at, true), takes_none: &|member, at| has(member, at, false) };
            let pair = self.counted(hole, at, rule)?;
            let over = self.counted_until(hole, at, rule, &pair);
            let more = format!("{}, which has not the topic", pair.saw);
            Some(Why::new(Cause::GivenToAMemberWithoutTheTopic).with(more).until(over))
        })
    }

    /// Members ran, and none of them had the queue's topic or dealt it for most of the time: a release brings it.
    pub(super) fn nobody_had_the_topic(&self, hole: &Hole<'_>) -> Option<Why> {
        let Hole { group, topic, from, until, stage, names, .. } = *hole;
        if !self.has_mixed(hole) {
            return None;
        }
        let had = |at| {
            let running = self.history.running(group, at, names);
            running.into_iter().any(|member| self.history.subscribes(member, topic, at) == Some(true))
        };
        let mut changes = self.history.subscribed(topic).filter(|at| (from..until).contains(at));
        let came = if had(from) { from } else { changes.find(|at| had(*at)).unwrap_or(until) };
        let running = self.history.running(group, from, names);
        if running.into_iter().any(|member| stage.looks.within(member, topic, (from, came)).next().is_some()) {
            return None;
        }
        let place = &names.topic(topic).name;
        let more = format!("no member of {} had {place} before {came}", names.group(group));
        (came.since(from) > until.since(came)).then(|| Why::new(Cause::NobodyElseRan).with(more))
    }

    /// A `BROADCASTING` member is counted by one that shares.
    fn given_to_a_broadcasting_member(&self, hole: &Hole<'_>, at: Instant) -> Option<Why> {
        if !hole.stage.is_mixed(hole.group) {
            return None;
        }
        let broadcasts = |member| hole.names.is_one_member(hole.names.audience_of(member));
        let rule = Rule { deals: &|member, _| !broadcasts(member), takes_none: &|member, _| broadcasts(member) };
        let pair = self.counted(hole, at, rule)?;
        let over = self.counted_until(hole, at, rule, &pair);
        let more = format!("{}, which is BROADCASTING", pair.saw);
        Some(Why::new(Cause::GivenToABroadcastingMember).with(more).until(over))
    }

    /// Two members deal the topic by different strategies, and one counts the other.
    fn dealt_by_two_strategies(&self, hole: &Hole<'_>, at: Instant) -> Option<Why> {
        if !hole.stage.strategies_differ(hole.group) {
            return None;
        }
        let strategy = |member, at| {
            let look = hole.stage.looks.at(member, hole.topic, at)?;
            Some(hole.stage.strategy(look.strategy))
        };
        let running = self.history.running(hole.group, at, hole.names);
        running.iter().find_map(|&dealer| {
            let own = strategy(dealer, at)?;
            let deals = |member, when| member == dealer && strategy(member, when) == Some(own);
            let differs = |member, when| strategy(member, when).is_some_and(|other| other != own);
            let rule = Rule { deals: &deals, takes_none: &differs };
            let pair = self.counted(hole, at, rule)?;
            let other = strategy(pair.stranger, at).unwrap_or_default();
            let more = format!("{}, which deals by {other} and not by {own}", pair.saw);
            Some(Why::new(Cause::StrategiesDiffer).with(more).until(self.counted_until(hole, at, rule, &pair)))
        })
    }
}
