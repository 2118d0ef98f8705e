//! From when on, and until when, the queues of an audience want owners.

use super::{Beginning, Key, SETTLED, Stage};
use crate::model::ids::AudienceIndex;
use crate::model::observation::QueueIndex;
use crate::model::plan::{BrokerIndex, TopicIndex};
use crate::model::{Names, TopicKind};

impl Stage {
    pub(super) fn queue_created(&mut self, queue: QueueIndex, names: &Names) {
        self.made.entry(queue).or_insert(self.now);
        for audience in self.subscribers(names.queue(queue).topic).to_vec() {
            if self.audience_started[audience.at()].is_some() && !self.absent.contains(&audience) {
                self.begin_tenancy(Key { audience, queue }, names);
            }
        }
    }

    /// The first member of an audience starts: from now on its queues want owners.
    pub(super) fn audience_starts(&mut self, audience: AudienceIndex, names: &Names) {
        if self.absent.remove(&audience) || self.audience_started[audience.at()].is_none() {
            self.audience_started[audience.at()].get_or_insert(self.now);
            let made: Vec<QueueIndex> = self.made.keys().copied().collect();
            for queue in made {
                if self.subscribers(names.queue(queue).topic).contains(&audience) {
                    self.begin_tenancy(Key { audience, queue }, names);
                }
            }
        }
    }

    /// A `BROADCASTING` member is gone: nobody misses its queues until it comes back.
    pub(super) fn audience_leaves(&mut self, audience: AudienceIndex) {
        self.absent.insert(audience);
        let keys: Vec<Key> = self.tenancies.range(Key::all_of(audience)).map(|(key, _)| *key).collect();
        for key in keys {
            let wanted = self.tenancies.get_mut(&key).and_then(|tenancy| tenancy.beginning.take());
            if wanted.is_some() {
                self.settle(key, false, true);
            }
        }
    }

    fn begin_tenancy(&mut self, key: Key, names: &Names) {
        let now = self.now;
        let (hidden, popped) = (self.is_hidden(key.queue, now), self.is_popped(key, names));
        let tenancy = self.tenancies.entry(key).or_default();
        (tenancy.hidden, tenancy.popped) = (hidden, popped);
        let wanted = !tenancy.is_well(0);
        (tenancy.since, tenancy.beginning) = (now, wanted.then_some(Beginning::NeverOwned));
        if Self::counts(key, names) && !wanted {
            self.normal.of(key);
        } else if Self::counts(key, names) {
            // A member that joins later does not undo that the others had settled.
            if let Some(since) =
                self.settled_since.filter(|since| names.is_one_member(key.audience) && now.since(*since) >= SETTLED)
            {
                self.first_settled.get_or_insert(since);
            }
            self.normal.of(key);
            self.unsettled += 1;
            self.settled_since = None;
        }
    }

    /// A broker shows other queues of a topic: those that no consumer is shown want no owner, and those that are shown again
    /// do.
    pub(super) fn shown_changed(&mut self, (broker, topic): (BrokerIndex, TopicIndex), names: &Names) {
        let of_topic = |key: &&Key| {
            let place = names.queue(key.queue);
            (place.broker, place.topic) == (broker, topic)
        };
        let keys: Vec<Key> = self.tenancies.keys().filter(of_topic).copied().collect();
        for key in keys {
            let hidden = self.is_hidden(key.queue, self.now);
            self.wants_change(key, Beginning::NeverOwned, |tenancy| tenancy.hidden = hidden);
        }
    }

    /// `%RETRY%` queues are left out of what people call balance and settling.
    pub(super) fn counts(key: Key, names: &Names) -> bool {
        names.topic(names.queue(key.queue).topic).kind == TopicKind::Normal
    }
}
