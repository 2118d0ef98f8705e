//! Why a queue had several owners: whose view was of what, since when, and until which rebalance.

use crate::model::ids::QueueIndex;
use std::collections::BTreeSet;

use super::{OwnershipCheck, Why};
use crate::check::evidence::{Look, Shortness, Waking};
use crate::check::stage::{Beginning, Stretch};
use crate::check::{Cause, Key, Stage, Trap};
use crate::kernel::Instant;
use crate::model::Names;
use crate::model::ids::ViewId;
use crate::model::observation::{ClientIndex, MemberLoss};
use crate::model::plan::{ConsumerIndex, GroupIndex, TopicIndex};

/// Two members whose tables hold one queue: the one that took it, and one that has not let go.
struct Pair<'a> {
    topic: TopicIndex,
    group: GroupIndex,
    from: Instant,
    until: Instant,
    taker: (ConsumerIndex, &'a Look),
    other: (ConsumerIndex, &'a Look),
}

/// Whether the two have different routes, or had until so lately that one of them need not have rebalanced since. Where
/// they have long had the same, it is not the route that keeps one of them from looking again.
fn routes_differ(pair: &Pair<'_>, stage: &Stage) -> bool {
    let routes = [pair.taker, pair.other].map(|(who, look)| {
        let known = stage.looks.route(who, pair.topic, pair.from);
        known.unwrap_or((look.first, look.queues))
    });
    let lately = |(at, _): &(Instant, ViewId)| pair.from.since(*at) <= stage.timers().route_skew;
    routes[0].1 != routes[1].1 || routes.iter().any(lately)
}

impl OwnershipCheck {
    /// The cause of a stretch with several owners, and the trap it shows.
    pub(super) fn why_several(&self, key: Key, stretch: &Stretch, stage: &Stage, names: &Names) -> Why {
        let (from, until) = (stretch.from, stretch.until);
        let topic = names.queue(key.queue).topic;
        let id = |consumer: ConsumerIndex| self.history.client_at(consumer, from);
        let ids: BTreeSet<Option<ClientIndex>> = stretch.owners.iter().map(|&owner| id(owner)).collect();
        if ids.len() < stretch.owners.len() {
            return Why::new(Cause::DuplicateClientId);
        }
        if let Beginning::Paused(consumer) | Beginning::CutOff(consumer) = stretch.beginning {
            let more = format!("{} came back with the queue in its table", names.consumer(consumer));
            return Why::new(Cause::ZombieCameBack).with(more);
        }
        let has_just_taken = |owner: &&ConsumerIndex| {
            let mut tenures = stage.tenures(key).iter();
            tenures.any(|tenure| tenure.consumer == **owner && tenure.from == from)
        };
        let looks = |consumer| stage.looks.at(consumer, topic, from);
        let taker = stretch.owners.iter().rev().find(has_just_taken).copied();
        let Some((taker, look)) = taker.and_then(|taker| Some((taker, looks(taker)?))) else {
            return Why::new(Cause::Unknown);
        };
        let others = stretch.owners.iter().copied().filter(|&owner| owner != taker);
        let whys = others.filter_map(|other| {
            let (taker, other, group) = ((taker, look), (other, looks(other)?), names.group_of(taker));
            Some(self.why_both(&Pair { topic, group, from, until, taker, other }, key, stage, names))
        });
        let ending = self.ending(key, stretch, topic, stage, names);
        let why = whys.reduce(|one, other| if one.cause == Cause::Unknown { other } else { one });
        why.map_or(Why::new(Cause::Unknown), |why| why.with(ending))
    }

    fn why_both(&self, pair: &Pair<'_>, key: Key, stage: &Stage, names: &Names) -> Why {
        let ((taker, mine), (other, theirs)) = (pair.taker, pair.other);
        let length = pair.until.since(pair.from);
        let strategies = (stage.strategy(mine.strategy), stage.strategy(theirs.strategy));
        if strategies.0 != strategies.1 && length > stage.timers().strategies {
            let (one, two) = (names.consumer(taker), names.consumer(other));
            let more = format!("{one} deals by {}, {two} by {}", strategies.0, strategies.1);
            return Why::new(Cause::StrategiesDiffer).with(more);
        }
        if mine.queues != theirs.queues && routes_differ(pair, stage) {
            let (one, two) = (names.consumer(taker), names.consumer(other));
            let more = format!("{one} and {two} have different routes, as of {} and {}", mine.first, theirs.first);
            let frozen = [taker, other].into_iter().find(|&who| self.missed_a_route(who, pair, stage));
            return match (frozen, stage.name_servers_disagreed(pair.topic, pair.from, pair.until)) {
                (None, true) => Why::new(Cause::NameServersDisagree).with(more),
                (None, false) => Why::new(Cause::RouteViewSkew).with(more),
                (Some(who), _) => {
                    let frozen = format!("{} was frozen while the route changed", names.consumer(who));
                    Why::new(Cause::RouteViewSkew).with(frozen).after(more)
                }
            };
        }
        if mine.members != theirs.members {
            return self.why_lists_differ(pair, stage, names);
        }
        let delayed = |(at, who, queue): &(Instant, ConsumerIndex, QueueIndex)| {
            *who == other && *queue == key.queue && (theirs.first..=pair.until).contains(at)
        };
        if self.delays.iter().any(delayed) {
            return Why::new(Cause::ListenerDelaysTheUnlock);
        }
        let why = if length <= stage.timers().one_round { Cause::HandOver } else { Cause::Unknown };
        self.unless_blind(Why::new(why), pair, stage, names)
    }

    /// Two members have acted on different member lists: whom does one lack, and why?
    fn why_lists_differ(&self, pair: &Pair<'_>, stage: &Stage, names: &Names) -> Why {
        let ((taker, mine), (other, theirs)) = (pair.taker, pair.other);
        let set = |look: &Look| -> BTreeSet<ClientIndex> { look.members.iter().copied().collect() };
        let (in_mine, in_theirs) = (set(mine), set(theirs));
        let seen = format!(
            "{} saw {} members at {} at {}, {} saw {} at {} at {}",
            names.consumer(taker),
            mine.members.len(),
            names.broker(mine.broker),
            mine.first,
            names.consumer(other),
            theirs.members.len(),
            names.broker(theirs.broker),
            theirs.first,
        );
        // That one of the two does not see the other says more than whom else it does not see.
        let owners = [taker, other].map(|owner| self.history.client_at(owner, pair.from));
        let mut found: Vec<(bool, u8, Why)> = Vec::new();
        for (&member, look, who) in (in_theirs.difference(&in_mine).map(|member| (member, mine, taker)))
            .chain(in_mine.difference(&in_theirs).map(|member| (member, theirs, other)))
        {
            let (rank, why) = self.why_lacks(member, (who, look), pair, stage, names);
            found.push((!owners.contains(&Some(member)), rank, why));
        }
        found.sort_by_key(|(another, rank, _)| (*another, *rank));
        let Some((.., why)) = found.into_iter().next() else {
            return self.listed_more_often(pair, names).with(seen);
        };
        let why = self.unless_blind(why, pair, stage, names);
        why.after(seen)
    }

    /// The same ids, one of them more often in one list: two processes have it, or one has come back while its old
    /// connection is half open.
    fn listed_more_often(&self, pair: &Pair<'_>, names: &Names) -> Why {
        let (mine, theirs) = (pair.taker.1, pair.other.1);
        let times = |look: &Look, id: ClientIndex| look.members.iter().filter(|member| **member == id).count();
        let differs = |id: &&ClientIndex| times(mine, **id) != times(theirs, **id);
        let Some(&id) = mine.members.iter().find(differs) else { return Why::new(Cause::Unknown) };
        let look = if times(mine, id) > times(theirs, id) { mine } else { theirs };
        let name = self.name_of(pair.group, id, names);
        if self.history.running_ids(pair.group, look.first, names).iter().filter(|other| **other == id).count() > 1 {
            let more = format!("two processes call themselves {}", names.client(id));
            Why::new(Cause::DuplicateClientId).with(more)
        } else if self.twice.was(pair.group, id, look.first) {
            let more = format!("{} lists {name} by two connections", names.broker(look.broker));
            Why::new(Cause::HalfOpenConnection).with(more)
        } else {
            Why::new(Cause::Unknown)
        }
    }

    /// Why the list that a member acted on lacks another.
    fn why_lacks(
        &self,
        lacking: ClientIndex,
        (who, look): (ConsumerIndex, &Look),
        pair: &Pair<'_>,
        stage: &Stage,
        names: &Names,
    ) -> (u8, Why) {
        let (broker, name) = (names.broker(look.broker), self.name_of(pair.group, lacking, names));
        // A list that stays short long after is so because the member does not come back.
        let lately = pair.from.since(look.first) <= stage.timers().recent;
        let short = stage.lists.short_since_up(look.broker, pair.group, lacking, look.first).filter(|_| lately);
        let since = self.history.running_since(pair.group, lacking, look.first, names);
        // One that unregistered may run on for a while; another process under its id, at the moment of the look or of the
        // overlap, is neither a leaver nor dropped.
        let now = self.history.running_since(pair.group, lacking, pair.from, names);
        match (short, since) {
            (Some(Shortness::Restarted), Some(_)) => {
                let more = format!("{broker} is just back and does not list {name} yet");
                (0, Why::new(Cause::PartialListAfterBrokerRestart).with(more))
            }
            (Some(Shortness::New), Some(_)) => {
                let more = format!("{broker} is new and does not list {name} yet");
                (0, Why::new(Cause::PartialListOfANewBroker).with(more))
            }
            _ => match stage.lists.lost(look.broker, pair.group, lacking, look.first) {
                Some((at, MemberLoss::Unregistered)) if now.is_none_or(|now| now <= at) => {
                    self.why_older((lacking, &format!("{name} has unregistered")), (who, look), pair, (stage, names))
                }
                Some((at, loss))
                    if loss != MemberLoss::Unregistered
                        && since.is_some_and(|since| since <= at)
                        && !self.was_away(pair, lacking, stage, names) =>
                {
                    let how = match loss {
                        MemberLoss::Expired | MemberLoss::ExpiredAndTold => "has expired",
                        MemberLoss::Idle => "was idle too long",
                        _ => "has lost its connection",
                    };
                    let more = format!("{name} runs, and {how} at {broker}");
                    (4, Why::new(Cause::BrokerDroppedALivingMember).with(more))
                }
                _ => self.came_or_left((lacking, &name), (who, look), pair, (stage, names)),
            },
        }
    }

    fn came_or_left(
        &self,
        (member, name): (ClientIndex, &str),
        (who, look): (ConsumerIndex, &Look),
        pair: &Pair<'_>,
        (stage, names): (&Stage, &Names),
    ) -> (u8, Why) {
        let view = names.consumer(who);
        let consumer = self.history.consumer_of(pair.group, member, names);
        let running = self.history.running_since(pair.group, member, pair.from, names);
        match (running, consumer) {
            (None, _) => self.why_older((member, &format!("{name} has left")), (who, look), pair, (stage, names)),
            (Some(_), Some(_)) if self.was_away(pair, member, stage, names) => {
                let more = format!("{name} was away, and {view} has not got it in its list");
                (3, Why::new(Cause::ZombieCameBack).with(more))
            }
            (Some(since), _) if pair.from.since(since) <= stage.timers().recent => {
                let more = format!("{name} started at {since}, and {view} has not heard of it");
                (1, Why::new(Cause::NewcomerTakesBeforeRelease).with(more))
            }
            (Some(since), _) => {
                // Who starts without a route, or cut off, is in no list until it has registered.
                let came = stage.lists.first_listed(pair.group, member, (since, pair.from));
                let Some(came) = came.filter(|came| pair.from.since(*came) <= stage.timers().recent) else {
                    return (9, Why::new(Cause::Unknown).with(format!("{view}'s list lacks {name}")));
                };
                let more = format!("{name} registered for the first time at {came}, and {view} has not heard of it");
                (1, Why::new(Cause::NewcomerTakesBeforeRelease).with(more))
            }
        }
    }

    /// Whether a member had its route from before a pause, and its name server told it another as soon as it asked again:
    /// what name servers tell did not keep it from the others' route.
    fn missed_a_route(&self, who: ConsumerIndex, pair: &Pair<'_>, stage: &Stage) -> bool {
        let route = |at| stage.looks.route(who, pair.topic, at);
        let absence = self.history.last_absence(who, pair.from).filter(|absence| absence.frozen);
        let (Some(absence), Some((given, old)), Some((later, new))) = (absence, route(pair.from), route(pair.until))
        else {
            return false;
        };
        let asked_again = later >= absence.until && later.since(absence.until) <= stage.timers().route_skew;
        given <= absence.from && asked_again && new != old
    }

    /// One that has left is still in the list that the other member acted on: that one has not looked again yet, or could
    /// not, as it was away, and had it looked when it came back, it would have been told.
    fn why_older(
        &self,
        (leaver, left): (ClientIndex, &str),
        (who, look): (ConsumerIndex, &Look),
        pair: &Pair<'_>,
        (stage, names): (&Stage, &Names),
    ) -> (u8, Why) {
        let (other, theirs) = pair.other;
        let answers = |at: Instant| {
            let mut down = stage.broker_down(look.broker).iter();
            !down.any(|(down, up)| *down <= at && up.is_none_or(|up| at < up))
        };
        let absence = self.history.last_absence(other, pair.from).filter(|absence| {
            let back = absence.until;
            let lately = pair.from.since(back) <= stage.timers().recent;
            let knew = !stage.lists.lists(look.broker, pair.group, leaver, back) && answers(back);
            who == pair.taker.0 && theirs.last <= absence.from && lately && knew
        });
        let why = match absence {
            Some(absence) => {
                let (other, back) = (names.consumer(other), absence.until);
                let more = format!("{left}, and {other} came back at {back} with the queue in its table");
                Why::new(Cause::ZombieCameBack).with(more)
            }
            None => {
                Why::new(Cause::LeaverInAnOlderList).with(format!("{left}, and only {} knows", names.consumer(who)))
            }
        };
        (2, why)
    }

    /// Whether a member was frozen or cut off shortly before.
    fn was_away(&self, pair: &Pair<'_>, member: ClientIndex, stage: &Stage, names: &Names) -> bool {
        let consumer = self.history.consumer_of(pair.group, member, names);
        consumer.is_some_and(|consumer| self.history.returned(consumer, pair.from, stage.timers().recent, pair.until))
    }

    /// The other member asked for the list meanwhile, and got none.
    fn unless_blind(&self, why: Why, pair: &Pair<'_>, stage: &Stage, names: &Names) -> Why {
        let (other, theirs) = pair.other;
        let round = stage.timers().one_round.min(pair.from.since(Instant::ZERO));
        let asked = (theirs.last.max(pair.from - round), pair.until);
        let blind = stage.looks.without_list(other, pair.topic, asked).next();
        match blind {
            Some((at, broker))
                if why.trap != Some(Trap::E3) && pair.until.since(pair.from) > stage.timers().one_round =>
            {
                let more = format!("{} got no list from {} at {at}", names.consumer(other), names.broker(broker));
                Why::new(Cause::NoList).with(more)
            }
            _ => why,
        }
    }

    /// A member by its name, or by its client id where nobody has that any more.
    fn name_of(&self, group: GroupIndex, client: ClientIndex, names: &Names) -> String {
        let consumer = self.history.consumer_of(group, client, names);
        consumer.map_or_else(|| names.client(client).to_string(), |consumer| names.consumer(consumer).to_owned())
    }

    /// Until whose rebalance, and what made it look.
    fn ending(&self, key: Key, stretch: &Stretch, topic: TopicIndex, stage: &Stage, names: &Names) -> String {
        let until = stretch.until;
        let mut tenures = stage.tenures(key).iter();
        let left = tenures.find(|tenure| tenure.until == Some(until) && stretch.owners.contains(&tenure.consumer));
        let Some(tenure) = left.filter(|_| !stretch.unfinished) else { return String::new() };
        let who = names.consumer(tenure.consumer);
        if self.history.ended_within(tenure.consumer, (until, until)) {
            return format!("until {who} ended");
        }
        let Some(look) = stage.looks.at(tenure.consumer, topic, until).filter(|look| look.first > stretch.from) else {
            return format!("until {who} let go");
        };
        match stage.looks.waking(tenure.consumer, look) {
            Waking::Told(broker) => {
                format!("until {who} rebalanced at {}, told by {}", look.first, names.broker(broker))
            }
            Waking::Timer => format!("until {who} rebalanced at {} by its timer", look.first),
        }
    }
}
