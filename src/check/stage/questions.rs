//! What checks may ask of the stage.

use super::{Holding, Key, Seat, Stage, Stretch};
use crate::check::timers::Timers;
use crate::kernel::Instant;
use crate::model::Names;
use crate::model::ids::AudienceIndex;
use crate::model::observation::{ClientIndex, End};
use crate::model::plan::{BrokerIndex, ConsumerIndex, GroupIndex, PlantedMistake, TopicIndex};

impl Stage {
    /// Whether this program makes this mistake on purpose.
    pub(in crate::check) fn planted(&self, mistake: PlantedMistake) -> bool {
        self.planted == Some(mistake)
    }

    /// How long things take to show in this plan.
    pub(in crate::check) fn timers(&self) -> &Timers {
        &self.timers
    }

    /// A consumer.
    #[must_use]
    pub fn seat(&self, consumer: ConsumerIndex) -> &Seat {
        &self.seats[consumer.at()]
    }

    /// Queues that people count: all but `%RETRY%`.
    #[must_use]
    #[inline]
    pub fn is_normal(&self, key: Key) -> bool {
        self.normal.get(key).is_some()
    }

    /// All queues that people count.
    pub fn normal_keys(&self) -> impl Iterator<Item = Key> {
        self.normal.iter().map(|(key, ())| key)
    }

    /// Whether this life of a consumer has another client id than the one before.
    #[must_use]
    pub fn has_new_id(&self, consumer: ConsumerIndex) -> bool {
        self.seats[consumer.at()].previous_client.is_some_and(|before| before != self.seats[consumer.at()].client)
    }

    /// All consumers.
    pub fn seats(&self) -> impl Iterator<Item = (ConsumerIndex, &Seat)> {
        ConsumerIndex::number(&self.seats)
    }

    /// Audiences that subscribe a topic; of one that POP makes nobody: what lies there is accounted to its first copy.
    #[must_use]
    #[inline]
    pub fn subscribers(&self, topic: TopicIndex) -> &[AudienceIndex] {
        self.audiences_of_topic.get(topic.at()).map_or(&[], Vec::as_slice)
    }

    /// Whether the listeners of an audience are orderly.
    #[must_use]
    #[inline]
    pub fn is_orderly(&self, audience: AudienceIndex) -> bool {
        self.orderly.get(audience.at()).is_some_and(|orderly| *orderly)
    }

    /// When the first member of an audience started.
    #[must_use]
    #[inline]
    pub fn audience_started(&self, audience: AudienceIndex) -> Option<Instant> {
        self.audience_started[audience.at()]
    }

    /// Whether a queue came when its group ran already: it was made then, or its broker came then.
    pub(in crate::check) fn came_later(&self, key: Key) -> bool {
        let Some(began) = self.audience_started(key.audience) else { return false };
        let after = |at: Instant| at > began;
        let broker_came = self.broker_down[self.homes[key.queue.at()].at()].first();
        self.made.get(&key.queue).is_some_and(|made| after(*made))
            || broker_came.is_some_and(|(down, up)| *down == Instant::ZERO && up.is_some_and(after))
    }

    /// Stretches in which nobody of an audience ran because a `start()` had thrown; without an end: to this day.
    #[must_use]
    pub fn start_failed(&self, audience: AudienceIndex) -> &[(Instant, Option<Instant>)] {
        self.failed.get(&audience).map_or(&[], Vec::as_slice)
    }

    /// Whether an audience is a `BROADCASTING` member that does not run now.
    #[must_use]
    pub fn is_absent(&self, audience: AudienceIndex) -> bool {
        self.absent.contains(&audience)
    }

    /// Whether a group has members of both message models.
    #[must_use]
    pub fn is_mixed(&self, group: GroupIndex) -> bool {
        self.mixed.contains(&group)
    }

    /// Whether members of a group have different strategies.
    #[must_use]
    pub fn strategies_differ(&self, group: GroupIndex) -> bool {
        self.strategies_differ.contains(&group)
    }

    /// How the last process of a group that had a client id ended.
    pub(in crate::check) fn ended_as(&self, group: GroupIndex, client: ClientIndex) -> Option<End> {
        self.ended_as.get(&(group, client)).copied()
    }

    /// The name of a strategy.
    pub(in crate::check) fn strategy(&self, number: usize) -> &str {
        self.strategies.get(number).map_or("", String::as_str)
    }

    /// Whether two `BROADCASTING` consumers write one offset file: same machine, group and client id.
    #[must_use]
    pub fn share_offset_file(&self, one: ConsumerIndex, other: ConsumerIndex, names: &Names) -> bool {
        let (a, b) = (one.at(), other.at());
        let broadcasts = |consumer| names.is_one_member(names.audience_of(consumer));
        broadcasts(one)
            && broadcasts(other)
            && names.group_of(one) == names.group_of(other)
            && self.machines[a] == self.machines[b]
            && self.seats[a].client == self.seats[b].client
    }

    /// Whether another process, of whatever time, wrote the offset file of a `BROADCASTING` consumer.
    pub(in crate::check) fn has_anothers_file(&self, consumer: ConsumerIndex, names: &Names) -> bool {
        let ran = self.seats().filter(|(other, seat)| *other != consumer && seat.started.is_some());
        ran.into_iter().any(|(other, _)| self.share_offset_file(consumer, other, names))
    }

    /// Whether a consumer's table holds a queue now.
    #[must_use]
    #[inline]
    pub fn holds(&self, key: Key, consumer: ConsumerIndex) -> bool {
        self.holders.get(key).is_some_and(|holders| holders.contains(&consumer))
    }

    /// Whether a consumer has a queue open, and nobody else has.
    #[must_use]
    pub fn holds_alone(&self, key: Key, consumer: ConsumerIndex) -> bool {
        self.holders.get(key).is_some_and(|holders| holders.as_slice() == [consumer])
    }

    /// Stretches without an owner that have ended (after the run: all).
    #[must_use]
    pub fn unowned(&self, key: Key) -> &[Stretch] {
        self.unowned.get(&key).map_or(&[], Vec::as_slice)
    }

    /// All stretches without an owner.
    pub fn all_unowned(&self) -> impl Iterator<Item = (&Key, &Stretch)> {
        self.unowned.iter().flat_map(|(key, list)| list.iter().map(move |stretch| (key, stretch)))
    }

    /// All stretches with several owners.
    pub fn all_several(&self) -> impl Iterator<Item = (&Key, &Stretch)> {
        self.several.iter().flat_map(|(key, list)| list.iter().map(move |stretch| (key, stretch)))
    }

    /// Since when a queue has had no owner, if it has none now.
    #[must_use]
    pub fn unowned_since(&self, key: Key) -> Option<Instant> {
        self.tenancies
            .get(&key)
            .filter(|tenancy| tenancy.live == 0 && tenancy.beginning.is_some())
            .map(|tenancy| tenancy.since)
    }

    /// Who held what, closed rows (after the run: all).
    #[must_use]
    pub fn holdings(&self) -> &[Holding] {
        &self.holdings
    }

    /// When a broker was down: from, and until when, if it came back.
    #[must_use]
    pub fn broker_down(&self, broker: BrokerIndex) -> &[(Instant, Option<Instant>)] {
        &self.broker_down[broker.at()]
    }

    /// Whether a broker has come back from a failure.
    #[must_use]
    pub fn broker_came_back(&self, broker: BrokerIndex) -> bool {
        self.broker_down(broker).iter().any(|(_, up)| up.is_some())
    }

    /// The first moment at which every queue had one live owner and kept it for 2 s.
    #[must_use]
    pub fn first_settled(&self) -> Option<Instant> {
        self.first_settled
    }

    /// The moment at which ownership first settled; where it is not known yet, the only one that has passed and may turn out
    /// to be it.
    #[must_use]
    pub fn first_settled_so_far(&self) -> Option<Instant> {
        self.first_settled.or(self.settled_since)
    }

    /// What changes whenever an edge of a window comes up, or turns out to be none.
    #[inline]
    pub(in crate::check) fn edges_so_far(&self) -> (u32, Option<Instant>) {
        (self.taken, self.first_settled_so_far())
    }

    /// Whether a broker has slaves, so that its being away need not be what a queue waits for.
    #[must_use]
    pub fn has_slaves(&self, broker: BrokerIndex) -> bool {
        self.replicated.contains(&broker)
    }

    /// Whether name servers told different things of a topic, for a second or more, within a stretch or shortly before.
    #[must_use]
    pub fn name_servers_disagreed(&self, topic: TopicIndex, from: Instant, until: Instant) -> bool {
        self.routes.disagreed(topic, (from, until), self.timers.after_effect)
    }

    /// When, within a stretch, clients had what name servers told that differed for a second or more: in order, and apart.
    #[must_use]
    pub fn name_servers_differed(&self, topic: TopicIndex, from: Instant, until: Instant) -> Vec<(Instant, Instant)> {
        self.routes.differed(topic, (from, until), self.timers.polled)
    }

    /// When a step took place.
    #[must_use]
    pub fn step_time(&self, step: usize) -> Option<Instant> {
        self.steps.get(step).copied().flatten()
    }

    /// The steps taken, in order of time, with their labels.
    #[must_use]
    pub fn steps_taken(&self) -> Vec<(Instant, String)> {
        let mut taken: Vec<(Instant, usize)> =
            self.steps.iter().enumerate().filter_map(|(step, at)| at.map(|at| (at, step))).collect();
        taken.sort_unstable();
        taken.into_iter().map(|(at, step)| (at, self.labels[step].clone())).collect()
    }
}
