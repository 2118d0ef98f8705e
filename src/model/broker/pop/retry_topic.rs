//! Where messages go that were popped and not acknowledged in time (`PopReviveService.reviveRetry`,
//! `KeyBuilder.buildPopRetryTopic`): a topic of the group and the topic, which the first of them makes.

use super::Broker;
use crate::model::broker::store::Origin;
use crate::model::disk::LogRecord;
use crate::model::names::{QueuePlace, TopicKind};
use crate::model::observation::{CommitPath, Observation, QueueIndex};
use crate::model::outside::Outside;
use crate::model::plan::{GroupIndex, TopicIndex};

impl Broker {
    /// A message comes into the retry topic, tried once more, with its tag and its key: `reviveRetry` copies tags and
    /// properties, and a client would pass over one that had none. Answers where.
    pub(super) fn put_to_retry(
        &mut self,
        out: &mut Outside<'_>,
        (group, from, from_offset): (GroupIndex, QueueIndex, u64),
        record: LogRecord,
    ) -> (QueueIndex, u64) {
        let of = out.names.queue(from).topic;
        let topic = match out.names.topic(of).kind {
            TopicKind::PopRetry { .. } => of,
            _ => out.names.intern_pop_retry(group, of, self.pop_settings(out).enable_retry_topic_v2),
        };
        let queue = self.create_pop_retry_topic(out, group, topic);
        let origin = Some(Origin { first: record.origin, delayed: None });
        let offset = self.append(out, (queue, origin), (record.reconsume_times + 1, record.body_bytes), None);
        let mark = out.marks.of(from, from_offset);
        out.marks.put(queue, offset, mark);
        out.see(Observation::Stored { queue, offset, sent: None });
        (queue, offset)
    }

    /// `addRetryTopicIfNotExist`: one queue, from whose beginning the group pops. Name servers hear of it with the next
    /// registration.
    fn create_pop_retry_topic(&mut self, out: &mut Outside<'_>, group: GroupIndex, topic: TopicIndex) -> QueueIndex {
        let place = QueuePlace { topic, broker: out.replicas.name(self.index), queue_id: 0 };
        if !out.configurations[self.index.at()].has_topic(topic) {
            self.set_topic(out, topic, 1, 1);
            let queue = out.names.intern_queue(place);
            if self.offsets.get(group, queue).is_none() {
                self.commit(out, group, queue, 0, None, CommitPath::Pop);
            }
        }
        out.names.intern_queue(place)
    }

    /// The topic whose messages a topic has: itself, or of a retry topic that which it is for (`parseNormalTopic`).
    pub(super) fn normal_topic(out: &Outside<'_>, topic: TopicIndex) -> TopicIndex {
        match out.names.topic(topic).kind {
            TopicKind::PopRetry { topic, .. } => topic,
            _ => topic,
        }
    }
}
