//! `PULL_MESSAGE`: rejections, the piggybacked commit, and reading (specification B2.3, B3).

use crate::model::network::{CallId, ConnectionId, PullRequest, Pulled, Response};
use crate::model::observation::{CommitPath, Detail};
use crate::model::plan::{BrokerIndex, PlantedMistake, TagSet};
use crate::model::world::World;

use super::hold::HeldPull;

/// So many entries of a consume queue a pull looks at: `max(16000, maxMsgNums * 20)` bytes of 20 each.
const MOST_SCANNED: u64 = 800;

impl World<'_> {
    /// A pull reaches the broker for the first time.
    pub(super) fn pull_arrived(
        &mut self,
        broker: BrokerIndex,
        connection: ConnectionId,
        call: Option<CallId>,
        request: PullRequest,
    ) {
        if let Some(refusal) = self.refusal(broker, &request) {
            self.see_detail(Detail::PullRefused { broker });
            if let Some(offset) = request.commit.filter(|_| self.planted(PlantedMistake::PiggybackOfRefusedPull)) {
                let by = self.consumer_of(connection, request.group);
                self.commit(broker, request.group, request.queue, offset, by, CommitPath::PullPiggyback);
            }
            return self.respond(connection, call, Response::Pulled(refusal));
        }
        // The reset is taken before the offset that the pull carries is committed: that one overwrites it, until the
        // client has taken the queue anew and committed what it was told.
        let answer = self.answer_to(broker, &request);
        if let Some(offset) = request.commit {
            let by = self.consumer_of(connection, request.group);
            self.commit(broker, request.group, request.queue, offset, by, CommitPath::PullPiggyback);
        }
        if matches!(answer, Pulled::NoNewMessage { .. }) {
            let held = HeldPull { connection, call, request, held: self.now() };
            self.hold(broker, held);
        } else {
            self.respond(connection, call, Response::Pulled(answer));
        }
    }

    /// Why a pull is refused, in the order of `PullMessageProcessor.processRequest`.
    fn refusal(&self, broker: BrokerIndex, request: &PullRequest) -> Option<Pulled> {
        let place = self.names.queue(request.queue);
        let state = &self.brokers[broker as usize];
        if self.replicas.is_slave(broker) && !self.plan.brokers[broker as usize].settings.slave_read_enable {
            return Some(Pulled::SlaveDoesNotServe);
        }
        let keeper = &self.brokers[self.log_of(broker) as usize];
        if keeper.topics.get(&place.topic).is_none_or(|config| place.queue_id >= config.open().0) {
            return Some(Pulled::Refused);
        }
        let known = state.groups.get(&request.group).and_then(|members| members.subscription(place.topic));
        match known {
            None => Some(Pulled::SubscriptionNotExist),
            Some(known) if known.version < request.subscription_version => Some(Pulled::SubscriptionNotLatest),
            Some(_) => None,
        }
    }

    /// The tags that the broker knows of a group and topic: those of the newest heartbeat, whoever pulls.
    fn tags_of(&self, broker: BrokerIndex, request: &PullRequest) -> TagSet {
        let topic = self.names.queue(request.queue).topic;
        let members = self.brokers[broker as usize].groups.get(&request.group);
        members.and_then(|members| members.subscription(topic)).map_or(TagSet::ALL, |known| known.tags)
    }

    /// What the store has, or where an operator sent the group.
    pub(super) fn answer_to(&mut self, broker: BrokerIndex, request: &PullRequest) -> Pulled {
        match self.take_reset(broker, request.group, request.queue) {
            Some(next) => Pulled::OffsetIllegal { next },
            None => self.read(broker, request),
        }
    }

    /// `DefaultMessageStore.getMessage`.
    fn read(&self, broker: BrokerIndex, request: &PullRequest) -> Pulled {
        let keeper = self.log_of(broker);
        let store = &self.brokers[keeper as usize].store;
        let (offset, end, min) = (request.offset, self.end_at(broker, request.queue), store.min(request.queue));
        if keeper != broker && (offset > end || offset < min) {
            // A slave corrects nobody (`offsetCheckInSlave`): the client asks for the same again.
            return Pulled::NoMatchedMessage { next: offset, tags: TagSet::ALL };
        }
        if offset > end {
            return Pulled::OffsetIllegal { next: end };
        }
        if offset < min {
            let next = if self.planted(PlantedMistake::BelowMinimumToTheEnd) { end } else { min };
            return Pulled::OffsetIllegal { next };
        }
        if offset == end {
            return Pulled::NoNewMessage { next: offset };
        }
        let limit = self.plan.brokers[broker as usize].settings.max_transfer_count_on_message_in_memory;
        let most = request.max_messages.min(limit);
        let (tags, life) = (self.tags_of(broker, request), store.life());
        if !self.marks.matters(request.queue, tags) {
            let count = (end - offset).min(most.into()) as u32;
            return Pulled::Found { first: offset, count, tags: TagSet::ALL, life };
        }
        let (mut found, mut next, scanned) = (0, offset, end.min(offset + MOST_SCANNED));
        while next < scanned && found < most {
            found += u32::from(tags.contains(self.marks.of(request.queue, next).tag));
            next += 1;
        }
        match found {
            0 => Pulled::NoMatchedMessage { next, tags },
            _ => Pulled::Found { first: offset, count: (next - offset) as u32, tags, life },
        }
    }

    /// Whether a held pull has anything to be woken for: messages that its group does not want leave it asleep.
    pub(super) fn matches_any(&self, broker: BrokerIndex, request: &PullRequest) -> bool {
        let tags = self.tags_of(broker, request);
        let end = self.end_at(broker, request.queue);
        !self.marks.matters(request.queue, tags)
            || (request.offset..end).any(|offset| tags.contains(self.marks.of(request.queue, offset).tag))
    }
}
