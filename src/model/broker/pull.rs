//! `PULL_MESSAGE`: rejections, the piggybacked commit, and reading (`PullMessageProcessor.processRequest`,
//! `DefaultMessageStore.getMessage`).

use super::Broker;
use crate::model::ids::ConnectionId;
use crate::model::network::{CallId, PullRequest, Pulled, Response};
use crate::model::observation::{CommitPath, Detail, PullTrouble};
use crate::model::outside::Outside;
use crate::model::plan::{PlantedMistake, TagSet, TopicIndex};

use super::hold::HeldPull;
use crate::model::disk::SubscriptionGroup;

/// So many entries of a consume queue a pull looks at: `max(16000, maxMsgNums * 20)` bytes of 20 each.
const MOST_SCANNED: u64 = 800;

impl Broker {
    /// A pull reaches the broker for the first time.
    pub(super) fn pull_arrived(
        &mut self,
        out: &mut Outside<'_>,
        connection: ConnectionId,
        call: Option<CallId>,
        request: PullRequest,
    ) {
        let tags = match self.admit(out, &request) {
            Ok(tags) => tags,
            Err(refusal) => {
                out.see_detail(Detail::PullRefused { broker: self.index });
                if out.planted(PlantedMistake::PiggybackOfRefusedPull) {
                    self.commit_piggyback(out, connection, &request);
                }
                return out.respond(connection, call, Response::Pulled(Pulled::Refused(refusal)));
            }
        };
        // The reset is taken before the offset that the pull carries is committed: that one overwrites it, until the
        // client has taken the queue anew and committed what it was told.
        let answer = self.answer_to(out, &request, tags);
        self.commit_piggyback(out, connection, &request);
        if matches!(answer, Pulled::NoNewMessage { .. }) {
            let held = HeldPull { connection, call, request, held: out.now() };
            self.hold(out, held);
        } else {
            out.respond(connection, call, Response::Pulled(answer));
        }
    }

    fn commit_piggyback(&mut self, out: &mut Outside<'_>, connection: ConnectionId, request: &PullRequest) {
        if let Some(offset) = request.commit {
            let by = out.consumer_of(connection, request.group);
            self.commit(out, request.group, request.queue, offset, by, CommitPath::PullPiggyback);
        }
    }

    /// Whether a pull is served, in the order of `PullMessageProcessor.processRequest`: by the tags of its group and topic,
    /// those of the newest heartbeat, whoever pulls.
    fn admit(&self, out: &mut Outside<'_>, request: &PullRequest) -> Result<TagSet, PullTrouble> {
        if out.replicas.is_slave(self.index) && !self.settings(out).slave_read_enable {
            return Err(PullTrouble::SlaveDoesNotServe);
        }
        let (group, topic) = self.permitted(out, request)?;
        let members = self.groups.get(&request.group).ok_or(PullTrouble::SubscriptionNotExist)?;
        if members.is_broadcasting() && !group.consume_broadcast_enable {
            return Err(PullTrouble::BroadcastingForbidden);
        }
        match members.subscription(topic) {
            None => Err(PullTrouble::SubscriptionNotExist),
            Some(known) if known.version < request.subscription_version => Err(PullTrouble::SubscriptionNotLatest),
            Some(known) => Ok(known.tags),
        }
    }

    /// What broker, group and topic permit, or which of them does not. A pull that was held is asked again when it wakes
    /// (`executeRequestWhenWakeup`).
    fn permitted(
        &self,
        out: &mut Outside<'_>,
        request: &PullRequest,
    ) -> Result<(SubscriptionGroup, TopicIndex), PullTrouble> {
        if !out.configurations[self.index.at()].permission.read {
            return Err(PullTrouble::BrokerForbidden);
        }
        let group = self.find_group(out, request.group).ok_or(PullTrouble::SubscriptionGroupNotExist)?;
        if !group.consume_enable {
            return Err(PullTrouble::GroupForbidden);
        }
        let place = out.names.queue(request.queue);
        match out.configurations[out.replicas.keeper(place.broker).at()].topic(place.topic) {
            None => Err(PullTrouble::TopicNotExist),
            Some(_) if self.is_without_topics(out) => Err(PullTrouble::TopicNotExist),
            Some(config) if !config.is_readable() => Err(PullTrouble::TopicForbidden),
            Some(config) if place.queue_id >= config.read_queue_nums() => Err(PullTrouble::Refused),
            Some(_) => Ok((group, place.topic)),
        }
    }

    /// What a pull is told that waited for a message, or long enough.
    pub(super) fn answer_to_woken(&mut self, out: &mut Outside<'_>, request: &PullRequest, tags: TagSet) -> Pulled {
        match self.permitted(out, request) {
            Err(refusal) => Pulled::Refused(refusal),
            Ok(_) => self.answer_to(out, request, tags),
        }
    }

    /// The tags that the broker knows of a group and topic: those of the newest heartbeat, whoever pulls.
    pub(super) fn tags_of(&self, out: &Outside<'_>, request: &PullRequest) -> TagSet {
        let topic = out.names.queue(request.queue).topic;
        let members = self.groups.get(&request.group);
        members.and_then(|members| members.subscription(topic)).map_or(TagSet::ALL, |known| known.tags)
    }

    /// What the store has, or where an operator sent the group.
    fn answer_to(&mut self, out: &Outside<'_>, request: &PullRequest, tags: TagSet) -> Pulled {
        match self.take_reset(request.group, request.queue) {
            Some(next) => Pulled::OffsetIllegal { next },
            None => self.read(out, request, tags),
        }
    }

    /// `DefaultMessageStore.getMessage`.
    fn read(&self, out: &Outside<'_>, request: &PullRequest, tags: TagSet) -> Pulled {
        let (keeper, end) = out.readable(self.index, request.queue);
        let store = &out.logs[keeper.at()];
        let (offset, min) = (request.offset, store.min(request.queue));
        if keeper != self.index && (offset > end || offset < min) {
            // A slave corrects nobody (`offsetCheckInSlave`): the client asks for the same again.
            return Pulled::NoMatchedMessage { next: offset, tags: TagSet::ALL };
        }
        if offset > end {
            return Pulled::OffsetIllegal { next: end };
        }
        if offset < min {
            let next = if out.planted(PlantedMistake::BelowMinimumToTheEnd) { end } else { min };
            return Pulled::OffsetIllegal { next };
        }
        if offset == end {
            return Pulled::NoNewMessage { next: offset };
        }
        let most = request.max_messages.min(self.settings(out).max_transfer_count_on_message_in_memory);
        let life = store.life();
        if !out.marks.matters(request.queue, tags) {
            let count = (end - offset).min(most.into()) as u32;
            return Pulled::Found { first: offset, count, tags: TagSet::ALL, life };
        }
        let (mut found, mut next, scanned) = (0, offset, end.min(offset + MOST_SCANNED));
        while next < scanned && found < most {
            found += u32::from(tags.contains(out.marks.of(request.queue, next).tag));
            next += 1;
        }
        match found {
            0 => Pulled::NoMatchedMessage { next, tags },
            _ => Pulled::Found { first: offset, count: (next - offset) as u32, tags, life },
        }
    }
}
