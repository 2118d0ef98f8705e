//! `PULL_MESSAGE`: rejections, the piggybacked commit, and reading (`PullMessageProcessor.processRequest`,
//! `DefaultMessageStore.getMessage`).

use super::Broker;
use crate::model::network::{CallId, ConnectionId, PullRequest, Pulled, Response};
use crate::model::observation::{CommitPath, Detail, PullTrouble};
use crate::model::outside::Outside;
use crate::model::plan::{PlantedMistake, TagSet};

use super::hold::HeldPull;

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
        if let Some(refusal) = self.refusal(out, &request) {
            out.see_detail(Detail::PullRefused { broker: self.index });
            if let Some(offset) = request.commit.filter(|_| out.planted(PlantedMistake::PiggybackOfRefusedPull)) {
                let by = out.consumer_of(connection, request.group);
                self.commit(out, request.group, request.queue, offset, by, CommitPath::PullPiggyback);
            }
            return out.respond(connection, call, Response::Pulled(Pulled::Refused(refusal)));
        }
        // The reset is taken before the offset that the pull carries is committed: that one overwrites it, until the
        // client has taken the queue anew and committed what it was told.
        let answer = self.answer_to(out, &request);
        if let Some(offset) = request.commit {
            let by = out.consumer_of(connection, request.group);
            self.commit(out, request.group, request.queue, offset, by, CommitPath::PullPiggyback);
        }
        if matches!(answer, Pulled::NoNewMessage { .. }) {
            let held = HeldPull { connection, call, request, held: out.now() };
            self.hold(out, held);
        } else {
            out.respond(connection, call, Response::Pulled(answer));
        }
    }

    /// Why a pull is refused, in the order of `PullMessageProcessor.processRequest`.
    fn refusal(&mut self, out: &mut Outside<'_>, request: &PullRequest) -> Option<PullTrouble> {
        let settings = self.settings(out);
        if out.replicas.is_slave(self.index) && !settings.slave_read_enable {
            return Some(PullTrouble::SlaveDoesNotServe);
        }
        if let Some(forbidden) = self.forbidden(out, request) {
            return Some(forbidden);
        }
        let group = self.find_group(out, request.group).expect("one that is not there is refused before");
        let members = self.groups.get(&request.group);
        let Some(members) = members else { return Some(PullTrouble::SubscriptionNotExist) };
        if members.is_broadcasting() && !group.consume_broadcast_enable {
            return Some(PullTrouble::BroadcastingForbidden);
        }
        match members.subscription(out.names.queue(request.queue).topic) {
            None => Some(PullTrouble::SubscriptionNotExist),
            Some(known) if known.version < request.subscription_version => Some(PullTrouble::SubscriptionNotLatest),
            Some(_) => None,
        }
    }

    /// What neither broker, group nor topic allow. A pull that was held is asked again when it wakes
    /// (`executeRequestWhenWakeup`).
    pub(super) fn forbidden(&mut self, out: &mut Outside<'_>, request: &PullRequest) -> Option<PullTrouble> {
        let place = out.names.queue(request.queue);
        let keeper = out.replicas.keeper(place.broker) as usize;
        if !out.configurations[self.index as usize].permission.read {
            return Some(PullTrouble::BrokerForbidden);
        }
        match self.find_group(out, request.group) {
            None => return Some(PullTrouble::SubscriptionGroupNotExist),
            Some(group) if !group.consume_enable => return Some(PullTrouble::GroupForbidden),
            Some(_) => {}
        }
        match out.configurations[keeper].topic(place.topic) {
            None => Some(PullTrouble::TopicNotExist),
            Some(config) if !config.is_readable() => Some(PullTrouble::TopicForbidden),
            Some(config) if place.queue_id >= config.read_queue_nums() => Some(PullTrouble::Refused),
            Some(_) => None,
        }
    }

    /// What a pull is told that waited for a message, or long enough.
    pub(super) fn answer_to_woken(&mut self, out: &mut Outside<'_>, request: &PullRequest) -> Pulled {
        match self.forbidden(out, request) {
            Some(refusal) => Pulled::Refused(refusal),
            None => self.answer_to(out, request),
        }
    }

    /// The tags that the broker knows of a group and topic: those of the newest heartbeat, whoever pulls.
    fn tags_of(&self, out: &Outside<'_>, request: &PullRequest) -> TagSet {
        let topic = out.names.queue(request.queue).topic;
        let members = self.groups.get(&request.group);
        members.and_then(|members| members.subscription(topic)).map_or(TagSet::ALL, |known| known.tags)
    }

    /// What the store has, or where an operator sent the group.
    pub(super) fn answer_to(&mut self, out: &mut Outside<'_>, request: &PullRequest) -> Pulled {
        match self.take_reset(request.group, request.queue) {
            Some(next) => Pulled::OffsetIllegal { next },
            None => self.read(out, request),
        }
    }

    /// `DefaultMessageStore.getMessage`.
    fn read(&self, out: &Outside<'_>, request: &PullRequest) -> Pulled {
        let broker = self.index;
        let keeper = out.log_of(broker);
        let store = &out.logs[keeper as usize];
        let (offset, end, min) = (request.offset, out.end_at(broker, request.queue), store.min(request.queue));
        if keeper != broker && (offset > end || offset < min) {
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
        let limit = self.settings(out).max_transfer_count_on_message_in_memory;
        let most = request.max_messages.min(limit);
        let (tags, life) = (self.tags_of(out, request), store.life());
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

    /// Whether a held pull has anything to be woken for: messages that its group does not want leave it asleep.
    pub(super) fn matches_any(&self, out: &Outside<'_>, request: &PullRequest) -> bool {
        let broker = self.index;
        let tags = self.tags_of(out, request);
        let end = out.end_at(broker, request.queue);
        !out.marks.matters(request.queue, tags)
            || (request.offset..end).any(|offset| tags.contains(out.marks.of(request.queue, offset).tag))
    }
}
