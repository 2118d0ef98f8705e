//! `PULL_MESSAGE`: rejections, the piggybacked commit, and reading (specification B2.3, B3).

use crate::model::network::{CallId, ConnectionId, PullRequest, Pulled, Response};
use crate::model::observation::CommitPath;
use crate::model::plan::BrokerIndex;
use crate::model::world::World;

use super::hold::HeldPull;

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
            return self.respond(connection, call, Response::Pulled(refusal));
        }
        if let Some(offset) = request.commit {
            let by = self.consumer_of(connection);
            self.commit(broker, request.group, request.queue, offset, by, CommitPath::PullPiggyback);
        }
        let answer = self.read(broker, &request);
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
        if state.topics.get(&place.topic).is_none_or(|&(read, _)| place.queue_id >= read) {
            return Some(Pulled::Refused);
        }
        let version = state.groups.get(&request.group).and_then(|members| members.subscription_version(place.topic));
        match version {
            None => Some(Pulled::SubscriptionNotExist),
            Some(version) if version < request.subscription_version => Some(Pulled::SubscriptionNotLatest),
            Some(_) => None,
        }
    }

    /// `DefaultMessageStore.getMessage`.
    pub(super) fn read(&self, broker: BrokerIndex, request: &PullRequest) -> Pulled {
        let end = self.brokers[broker as usize].store.readable(request.queue);
        let offset = request.offset;
        let min = self.brokers[broker as usize].store.min(request.queue);
        if offset > end {
            return Pulled::OffsetIllegal { next: end };
        }
        if offset < min {
            return Pulled::OffsetIllegal { next: min };
        }
        if offset == end {
            return Pulled::NoNewMessage { next: offset };
        }
        let limit = self.plan.brokers[broker as usize].settings.max_transfer_count_on_message_in_memory;
        let count = (end - offset).min(request.max_messages.min(limit).into()) as u32;
        Pulled::Found { first: offset, count, life: self.brokers[broker as usize].store.life() }
    }
}
