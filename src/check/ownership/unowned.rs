//! Why a queue had no live owner.

use super::{OwnershipCheck, Why};
use crate::check::stage::{Beginning, Stretch};
use crate::check::{Cause, Key, Stage};
use crate::kernel::{Instant, Span};
use crate::model::Names;
use crate::model::observation::{ClientIndex, End, Release};
use crate::model::plan::{BrokerIndex, ConsumerIndex, GroupIndex, TopicIndex};

/// A stretch without an owner, and what is asked of it again and again.
pub(super) struct Hole<'a> {
    pub key: Key,
    pub group: GroupIndex,
    pub topic: TopicIndex,
    pub from: Instant,
    pub until: Instant,
    pub stretch: &'a Stretch,
    pub stage: &'a Stage,
    pub names: &'a Names,
}

impl Hole<'_> {
    pub fn length(&self) -> Span {
        self.until.since(self.from)
    }

    /// Longer than what happened to a member takes to show in others' rebalances.
    pub fn is_long(&self) -> bool {
        self.length() > self.stage.timers().recent
    }

    /// Longer than a hand-over between two members that hear of the change at the same moment.
    pub fn is_longer_than_one_round(&self) -> bool {
        self.length() > self.stage.timers().one_round
    }

    /// Who could have taken the queue: the one that did, or all of the group where nobody has.
    pub fn may_take(&self, consumer: ConsumerIndex) -> bool {
        let owners = &self.stretch.owners;
        self.names.group_of(consumer) == self.group && (owners.is_empty() || owners.contains(&consumer))
    }

    /// Whether a member took the queue in the end, or nobody did.
    pub fn takes_it_in_the_end(&self, who: ConsumerIndex) -> bool {
        self.stretch.owners.is_empty() || self.stretch.owners.contains(&who)
    }

    pub fn takers(&self) -> impl Iterator<Item = ConsumerIndex> {
        ConsumerIndex::first(self.names.consumer_count()).filter(|&consumer| self.may_take(consumer))
    }

    /// Whoever took the new queue had another route until shortly before: name servers could not be told of it, or not be
    /// asked.
    fn came_into_the_route(&self) -> Option<Why> {
        let recent = self.stage.timers().recent;
        let came = |&owner: &ConsumerIndex| {
            let route = |at| self.stage.looks.route(owner, self.topic, at);
            let (came, view) = route(self.until)?;
            let other = route(self.from).is_none_or(|(_, before)| before != view);
            (other && came > self.from && self.until.since(came) <= recent).then_some((owner, came))
        };
        let (owner, came) = self.stretch.owners.iter().find_map(came)?;
        let more = format!("{} got a route with it at {came}", self.names.consumer(owner));
        Some(Why::new(Cause::NewQueueNotInTheRoutes).with(more))
    }
}

impl OwnershipCheck {
    /// The causes of a stretch without an owner, one after the other, and the traps they show. That of an owner who
    /// fell silent has two: until a broker's scan removes it, everybody waits; after that nobody knows. So has that of a
    /// queue whose broker comes late, and one in which the first cause was over long before the end.
    pub(super) fn why_unowned(&self, key: Key, stretch: &Stretch, stage: &Stage, names: &Names) -> Vec<(Stretch, Why)> {
        let (group, topic) = (names.group_of_audience(key.audience), names.queue(key.queue).topic);
        let hole = Hole { key, group, topic, from: stretch.from, until: stretch.until, stretch, stage, names };
        let why = self.why_nobody(&hole);
        if let Some(up) = self.broker_came_within(&hole, why.cause) {
            let away = Stretch { until: up, owners: Vec::new(), unfinished: false, ..stretch.clone() };
            let rest = Stretch { from: up, ..stretch.clone() };
            let mut parts = vec![(away, Why::new(Cause::BrokerAway))];
            parts.extend(self.why_unowned(key, &rest, stage, names));
            return parts;
        }
        if let Some(parts) = self.others_hear_it_still(&hole, &why) {
            return parts.to_vec();
        }
        if let Some(parts) = self.then_another(&hole, &why) {
            return parts;
        }
        let given = (why.cause == Cause::Unknown).then(|| self.dealt_to_a_frozen_member(&hole)).flatten();
        let (who, why) = given.map_or((hole.stretch.beginning.owner(), why), |(who, why)| (Some(who), why));
        if why.cause != Cause::ExpiryTellsNobody {
            return vec![(stretch.clone(), why)];
        }
        let Some((scan, broker)) = self.scan_that_counted(&hole, who) else { return vec![(stretch.clone(), why)] };
        let (removed, at) = (names.broker(broker), scan.min(stretch.until));
        let waits = Stretch { until: at, owners: Vec::new(), unfinished: false, ..stretch.clone() };
        let waiting = Why::new(Cause::WaitingForExpiry).with(format!("until the scan of {removed} at {scan}"));
        let silent = Stretch { from: at, ..stretch.clone() };
        let nobody_told = why.with(format!("the scan of {removed} at {scan} told nobody"));
        let mut parts = vec![(waits, waiting), (silent, nobody_told)];
        parts.retain(|(part, _)| part.from < part.until);
        parts
    }

    /// The scan after which the queue could be taken: that of the broker whose list the taker acted on, else the first.
    fn scan_that_counted(&self, hole: &Hole<'_>, who: Option<ConsumerIndex>) -> Option<(Instant, BrokerIndex)> {
        let client = self.history.client_at(who?, hole.from)?;
        let scans = hole.stage.lists.expired(hole.group, client, (hole.from, hole.until));
        let taker = hole.stretch.owners.first();
        let asked = taker.and_then(|&taker| hole.stage.looks.at(taker, hole.topic, hole.until)).map(|look| look.broker);
        scans.iter().copied().filter(|(_, broker)| Some(*broker) == asked).max().or(scans.iter().copied().min())
    }

    fn why_nobody(&self, hole: &Hole<'_>) -> Why {
        let Hole { key, stretch, stage, .. } = *hole;
        if let Some(why) = self.by_their_answers(hole).or_else(|| self.dealt_wrongly(hole)) {
            // A strategy throws where the route that it was never told to leave has no queue.
            let throws = why.cause == Cause::StrategyThrows;
            return throws.then(|| self.missed_while_unsubscribed(hole)).flatten().unwrap_or(why);
        }
        let failed = |&(at, started): &(Instant, Option<Instant>)| {
            at < stretch.until && started.is_none_or(|started| stretch.from < started)
        };
        let ended_so = matches!(stretch.beginning, Beginning::Ended(_, End::StartFailed));
        let paused = matches!(stretch.beginning, Beginning::Paused(_));
        let absences = || stage.start_failed(key.audience).iter().filter(|absence| failed(absence));
        if ended_so || (!paused && absences().next().is_some()) {
            let back: Option<Vec<Instant>> = absences().map(|(_, started)| *started).collect();
            return Why::new(Cause::StartFailed).until(back.and_then(|back| back.into_iter().max()));
        }
        if let Some(why) = self.missed_while_unsubscribed(hole) {
            return why;
        }
        match stretch.beginning {
            Beginning::NeverOwned => self.never_owned(hole),
            Beginning::Released(who, release) => self.released(hole, who, release),
            Beginning::Ended(who, end) => self.ended(hole, who, end),
            Beginning::Paused(who) | Beginning::CutOff(who) => self.silent(hole, who),
        }
    }

    fn never_owned(&self, hole: &Hole<'_>) -> Why {
        let blind = hole.without_list();
        if let Some((consumer, at, broker)) = blind
            && self.unknown.get(&(broker, hole.group)).is_some_and(|first| *first <= at)
        {
            let (who, broker) = (hole.names.consumer(consumer), hole.names.broker(broker));
            let more = format!("{who} asked {broker} at {at}, where the group does not exist");
            return Why::new(Cause::GroupDoesNotExist).with(more).until(hole.lists_again());
        }
        if !self.history.any_runs(hole.group, hole.from, None, hole.names) {
            return Why::new(Cause::NobodyElseRan);
        }
        if let Some(why) = self.nobody_had_the_topic(hole) {
            return why;
        }
        if let Some(why) = self.was_deaf(hole) {
            return why;
        }
        if let Some(why) = hole.no_list() {
            return why;
        }
        let first = hole.stage.audience_started(hole.key.audience) == Some(hole.from)
            || (hole.names.is_one_member(hole.key.audience)
                && self.history.started_at(hole.key.audience, hole.from, hole.names));
        match () {
            () if self.broker_away(hole) => Why::new(Cause::BrokerAway),
            // From its `start()` to its first rebalance nobody has anything.
            () if first && !hole.is_long() => Why::new(Cause::StartUp),
            () if !first && hole.length() <= hole.stage.timers().route_skew => Why::new(Cause::NewQueueNotInTheRoutes),
            () if !first => {
                let heard = self.nobody_hears_of_it(hole).or_else(|| hole.came_into_the_route());
                heard.or_else(|| self.locked(hole)).unwrap_or(Why::new(Cause::Unknown))
            }
            // Before 5.3.2 members of an orderly BROADCASTING group ask for one group's locks.
            () if hole.names.is_one_member(hole.key.audience) => self.locked(hole).unwrap_or(Why::new(Cause::Unknown)),
            () => Why::new(Cause::Unknown),
        }
    }

    /// The one that took the queue in the end was refused its lock until then.
    fn locked(&self, hole: &Hole<'_>) -> Option<Why> {
        let Hole { group, from, until, stage, names, .. } = *hole;
        let key = Key::of_group(group, hole.key.queue, names);
        hole.takers().find_map(|taker| {
            let client = self.history.client_at(taker, until)?;
            let refused = self.refusals.until_the_end(key, client, (from, until), stage)?;
            let more =
                format!("{} was refused its lock, which {} held", names.consumer(taker), names.client(refused.holder));
            Some(Why::new(refused.cause).with(more))
        })
    }

    fn released(&self, hole: &Hole<'_>, who: ConsumerIndex, release: Release) -> Why {
        let Hole { from, until, topic, stage, .. } = *hole;
        let disagreed = || stage.name_servers_disagreed(topic, from, until) && self.route_changed(hole, until);
        match release {
            Release::Unsubscribed => {
                Why::new(Cause::Unsubscribed).until(self.history.subscribes_after(who, topic, from))
            }
            Release::Reassigned | Release::RouteGone if disagreed() => Why::new(Cause::NameServersDisagree),
            Release::NotInList => hole.not_in_list(who),
            Release::RouteGone => Why::new(Cause::RouteGone),
            Release::PullExpired => Why::new(Cause::PullExpired),
            Release::OffsetIllegal => Why::new(Cause::OffsetIllegalRepair),
            Release::OffsetsReset => Why::new(Cause::OperatorResetOffsets),
            Release::Shutdown if hole.stage.go_clients.is_go(who) => self.ended(hole, who, End::Shutdown),
            Release::Shutdown => Why::new(Cause::GracefulLeave),
            Release::ModeSwitched => Why::new(Cause::ModeSwitched),
            Release::Reassigned => {
                self.given_back_to_one_cut_off(hole, who).unwrap_or_else(|| self.reassigned(hole, who))
            }
        }
    }

    fn reassigned(&self, hole: &Hole<'_>, who: ConsumerIndex) -> Why {
        let client = self.history.client_at(who, hole.from);
        if let Some(client) = client.filter(|client| self.twice.was(hole.group, *client, hole.from)) {
            let once = self.twice.until(hole.group, client, hole.from);
            return Why::new(Cause::HalfOpenConnection).until(once.map(|at| at + hole.stage.timers().recent));
        }
        if let Some(why) = self.was_deaf(hole) {
            return why;
        }
        if self.sorts_elsewhere_now(hole) {
            return Why::new(Cause::NewClientIdSortsElsewhere);
        }
        if hole.is_longer_than_one_round() && self.route_changed(hole, hole.from) {
            return Why::new(Cause::RouteViewSkew);
        }
        match hole.no_list() {
            Some(why) if hole.is_longer_than_one_round() => why,
            _ if !hole.is_long() => Why::new(Cause::HandOver),
            _ => self.locked(hole).unwrap_or(Why::new(Cause::Unknown)),
        }
    }

    fn ended(&self, hole: &Hole<'_>, who: ConsumerIndex, end: End) -> Why {
        if !self.history.any_runs(hole.group, hole.from, Some(who), hole.names) {
            return Why::new(Cause::NobodyElseRan);
        }
        if end == End::PoweredOff {
            return self.silent(hole, who);
        }
        if let Some(why) = self.left_without_a_word(hole, (who, end)) {
            return why;
        }
        if let Some(why) = self.was_deaf(hole) {
            return why;
        }
        if let Some(why) = hole.no_list() {
            return why;
        }
        if let Some(why) = self.clock_stands_still(hole) {
            return why;
        }
        let client = self.history.client_at(who, hole.from);
        if let Some(why) = client.and_then(|client| self.still_listed(hole, client)) {
            return why;
        }
        match end {
            End::Shutdown | End::StartFailed if !hole.is_long() => Why::new(Cause::GracefulLeave),
            End::Killed if !hole.is_long() => Why::new(Cause::CrashTakeover),
            _ => self.locked(hole).unwrap_or(Why::new(Cause::Unknown)),
        }
    }

    /// A taker saw a list that held the dead still.
    fn still_listed(&self, hole: &Hole<'_>, client: ClientIndex) -> Option<Why> {
        let (stretch, recent) = ((hole.from, hole.until), hole.stage.timers().recent);
        // It is dealt to one who died beside its owner, where the broker did not see that one's end.
        let dropped = |(at, broker): &(Instant, BrokerIndex)| {
            let late = hole.until.min(*at + recent);
            at.since(hole.from) < recent
                && *at <= hole.until
                && (std::iter::once(client).chain(self.history.dead_ids(hole.group, *at, hole.names)))
                    .any(|dead| hole.stage.lists.lists(*broker, hole.group, dead, late))
        };
        if hole.is_long() && self.events_dropped.iter().any(dropped) {
            return Some(Why::new(Cause::ChannelEventDropped));
        }
        if hole.length() <= hole.stage.timers().at_once {
            return None;
        }
        let names = hole.names;
        hole.takers().find_map(|taker| {
            let after = |look: &&crate::check::evidence::Look| look.last > hole.from && look.members.contains(&client);
            let look = hole.stage.looks.within(taker, hole.topic, stretch).find(after)?;
            let more = format!(
                "{} asked {} at {}, which listed it still",
                names.consumer(taker),
                names.broker(look.broker),
                look.last
            );
            Some(Why::new(Cause::ListFromABrokerThatHadNotHeard).with(more))
        })
    }

    /// A taker's wall clock jumped, and it did not look for longer than its timer waits.
    fn clock_stands_still(&self, hole: &Hole<'_>) -> Option<Why> {
        let jumped = |taker: &ConsumerIndex| self.jumps.iter().any(|(at, who)| who == taker && *at < hole.until);
        let silent = |&taker: &ConsumerIndex| {
            let looks = |from, until| hole.stage.looks.within(taker, hole.topic, (from, until)).next().is_some();
            !looks(hole.from, hole.until - Span::from_secs(1))
        };
        let frozen = hole.is_long() && hole.takers().filter(jumped).any(|taker| silent(&taker));
        frozen.then(|| Why::new(Cause::ClockWentBack))
    }

    /// The owner fell silent: nobody takes its queues before brokers have removed it.
    fn silent(&self, hole: &Hole<'_>, who: ConsumerIndex) -> Why {
        if !self.history.any_runs(hole.group, hole.from, Some(who), hole.names) {
            return Why::new(Cause::NobodyElseRan);
        }
        let client = self.history.client_at(who, hole.from);
        let stretch = (hole.from, hole.until);
        let expired = client.is_some_and(|client| !hole.stage.lists.expired(hole.group, client, stretch).is_empty());
        let listing = client.map(|client| hole.stage.lists.listing(hole.group, client, stretch)).unwrap_or_default();
        let broker = hole.names.queue(hole.key.queue).broker;
        let elsewhere = listing.iter().any(|&other| {
            other != broker && client.is_some_and(|id| hole.stage.lists.lists(other, hole.group, id, hole.until))
        });
        let cut_off = matches!(hole.stretch.beginning, Beginning::CutOff(_));
        let taken = !hole.stretch.unfinished && hole.stretch.owners.iter().any(|&owner| owner != who);
        match () {
            // Others ask brokers that hear it still, and leave it its queues.
            () if cut_off && elsewhere && !taken => Why::new(Cause::OwnerCannotReachTheBroker),
            () if expired => Why::new(Cause::ExpiryTellsNobody),
            () if !listing.is_empty() => Why::new(Cause::WaitingForExpiry),
            () => Why::new(Cause::Unknown),
        }
    }

    /// When the broker of a queue that nobody had had came for the first time, where that explains only a part of the hole:
    /// after it members have yet to hear of the queue.
    fn broker_came_within(&self, hole: &Hole<'_>, cause: Cause) -> Option<Instant> {
        let by_time = matches!(
            cause,
            Cause::BrokerAway | Cause::StartUp | Cause::NewQueueNotInTheRoutes | Cause::NoList | Cause::Unknown
        );
        if !by_time || !matches!(hole.stretch.beginning, Beginning::NeverOwned) {
            return None;
        }
        let downs = hole.stage.broker_down(hole.names.queue(hole.key.queue).broker).iter();
        // Of a broker that comes back no queue is new.
        let mut at_first = downs.filter(|(down, _)| *down == Instant::ZERO).filter_map(|(_, up)| *up);
        let came = at_first.rfind(|up| hole.from < *up && *up < hole.until)?;
        (hole.until.since(came) > hole.stage.timers().one_round).then_some(came)
    }

    /// Whether the queue's broker was down for most of the stretch.
    fn broker_away(&self, hole: &Hole<'_>) -> bool {
        let downs = hole.stage.broker_down(hole.names.queue(hole.key.queue).broker).iter();
        let inside =
            downs.map(|(from, until)| until.unwrap_or(hole.until).min(hole.until).since((*from).max(hole.from)));
        let away = inside.fold(Span::ZERO, |sum, span| sum + span);
        away + away > hole.length()
    }

    /// Whether a member of the group saw other queues of the topic at most so long before a moment as it takes to act.
    fn route_changed(&self, hole: &Hole<'_>, before: Instant) -> bool {
        let of_group = |who: ConsumerIndex| hole.names.group_of(who) == hole.group;
        self.routes.iter().any(|&(at, who, topic)| {
            topic == hole.topic
                && of_group(who)
                && at <= before
                && hole.from.since(at) <= hole.stage.timers().route_skew
        })
    }

    /// Whether a member of the group came back under an id that sorts elsewhere, shortly before.
    fn sorts_elsewhere_now(&self, hole: &Hole<'_>) -> bool {
        let early = hole.until - hole.stage.timers().recent.min(hole.until.since(Instant::ZERO));
        let others = self.history.running_ids(hole.group, hole.until, hole.names);
        let mut renamed = self.history.renamed(hole.group, (early, hole.until), hole.names);
        renamed.any(|(before, after)| self.ids.sorts_elsewhere(before, after, others.iter().copied()))
    }
}
