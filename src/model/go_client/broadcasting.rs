//! `BROADCASTING`: every queue of a topic is the member's, and nobody is asked who else is there
//! (`consumer/consumer.go:doBalance`).
//!
//! Its offsets stand in a file of the process: the next one has another pid, and so another file
//! ([`LocalFileOfGo`](crate::offset::LocalFileOfGo)). What its listener fails is logged as dropped, and stays in the cache:
//! it holds the offset back, and by the span of offsets the pulls too, until the cleaner sends it back after 15 to 30 min
//! (`consumer/push_consumer.go:consumeMessageConcurrently`). An orderly one asks for locks all the same, which is not modelled.

use crate::kernel::Instant;
use crate::model::consumer::Consumer;
use crate::model::consumer::service::pool::{Batch, Work};
use crate::model::instance::ClientProcess;
use crate::model::observation::{Observation, TopicRebalance};
use crate::model::outside::Outside;

impl ClientProcess {
    /// All queues of the topic are taken, and what is not in its route any more is given up.
    pub(super) fn go_take_all(&mut self, out: &mut Outside<'_>) {
        let (at, topic, queues) = (self.go_run().at, self.go_run().topic, self.go_run().queues);
        let queues = queues.expect("a topic without queues is passed over");
        let all = out.views.queue_list(queues).to_vec();
        let consumer = self.consumers[at].index;
        let found = TopicRebalance::AllQueues { queues: all.len() as u32 };
        out.see(Observation::TopicRebalanced { consumer, topic, broker: None, found });
        self.go_update_table(out, queues, all, true);
    }
}

impl Consumer {
    /// Whether what a `BROADCASTING` listener has failed stays in the cache: since it is removed there only once it was
    /// consumed or sent back (apache/rocketmq-client-go#797).
    pub(in crate::model) fn keeps_what_it_drops(&self, out: &Outside<'_>) -> bool {
        out.planned(self.index).client.go.as_ref().is_some_and(|rules| rules.keeps_what_broadcasting_drops)
    }

    /// The thread is done with a batch that stays where it is, for the cleaner to find.
    pub(in crate::model) fn keep_what_it_drops(&mut self, thread: u32, batch: Batch) {
        if let Some(Some(Work::Listening(_, began))) = self.pool.threads.get(thread as usize) {
            self.pool.kept.push((batch, *began));
        }
    }

    /// Whether a message was dropped and kept longer ago than the cleaner waits.
    pub(in crate::model) fn is_kept_since(&self, (process_queue, offset): (u32, u64), before: Instant) -> bool {
        let mut kept = self.pool.kept.iter();
        kept.any(|(batch, began)| {
            batch.process_queue == process_queue && batch.offsets().contains(&offset) && *began < before
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::consumer::service::ConsumeMessageService;
    use crate::model::go_client::rebalance::Wanted;
    use crate::model::go_client::tests::{of_go, running_go};
    use crate::model::ids::TopicIndex;
    use crate::model::instance::testing::{at, hold, queue, sent};
    use crate::model::observation::{CommitPath, QueueIndex, Release};
    use crate::model::plan::{ConsumeFromWhere, MessageModel, Plan};
    use crate::model::testing::{hear, outside, plan};

    fn broadcasting() -> Plan {
        let mut plan = of_go(plan(1));
        plan.consumers[0].consumer.message_model = MessageModel::Broadcasting;
        plan.consumers[0].consumer.consume_from_where = ConsumeFromWhere::FirstOffset;
        plan.consumers[0].listener.failures_per_million = 1_000_000;
        plan
    }

    #[test]
    fn every_queue_is_taken_and_nobody_is_asked_who_is_there() {
        let plan = broadcasting();
        let mut out = outside(&plan);
        let mut process = running_go(&mut out);
        process.consumers[0].open_offset_store(&mut out).expect("there is no file");
        process.consumers[0].subscriptions.retain(|subscription| subscription.topic == TopicIndex(0));
        process.go_rebalance(&mut out, Wanted::Unpaused);
        let heard = hear(&mut out, at(10));
        let sent = sent(&out, &heard);
        let pulls = sent.iter().filter(|word| word.contains(": pull "));
        assert!(pulls.count() == 4 && !sent.iter().any(|word| word.contains("list")), "{sent:?}");
        assert_eq!(process.consumers[0].table.len(), 4);
    }

    /// A queue that is given up, and what is known of it and of another one afterwards: nothing is forgotten, and no
    /// broker hears of it.
    #[test]
    fn what_is_given_up_stands_in_the_file_with_all_others() {
        let plan = broadcasting();
        let mut out = outside(&plan);
        let mut process = running_go(&mut out);
        process.consumers[0].open_offset_store(&mut out).expect("there is no file");
        let queues: Vec<QueueIndex> = (0..2).map(|id| queue(&mut out, id)).collect();
        for (id, &queue) in (0..).zip(&queues) {
            hold(&mut out, &mut process, id, 1);
            process.consumers[0].update_offset(&mut out, queue, 7, true);
        }
        process.consumers[0].go_give_up(&mut out, queues[0], Release::RouteGone, CommitPath::Release);
        let heard = hear(&mut out, at(10));
        assert_eq!(sent(&out, &heard), [""; 0]);
        assert!(!heard.seen.iter().any(|seen| matches!(seen, Observation::OffsetNotKnown { .. })), "{:?}", heard.seen);
        process.consumers[0].open_offset_store(&mut out).expect("its file is sound");
        for &queue in &queues {
            assert_eq!(process.consumers[0].offset_in_memory(&mut out, queue), Some(7));
        }
    }

    /// Whether a listener's failure stays in the cache, how far the queue is then, and what the cleaner sends back.
    #[test]
    fn what_a_listener_fails_stays_by_rule_until_the_cleaner_comes() {
        for (keeps, known, sent_back) in [(true, None, 1), (false, Some(1), 0)] {
            let mut plan = broadcasting();
            plan.consumers[0].client.go.as_mut().expect("it is Go").keeps_what_broadcasting_drops = keeps;
            let mut out = outside(&plan);
            let mut process = running_go(&mut out);
            process.consumers[0].service = ConsumeMessageService::Concurrently;
            process.consumers[0].open_offset_store(&mut out).expect("there is no file");
            hear(&mut out, at(1_000));
            let process_queue = hold(&mut out, &mut process, 0, 3);
            let (batch, client) = (Batch { process_queue, first: 0, count: 1 }, &mut process.consumers[0]);
            let thread = client.pool.take_thread();
            client.pool.threads[thread as usize] = Some(Work::Listening(batch, at(1_000)));
            client.process_consume_result(&mut out, &process.instance, thread, batch, false);
            let queue = queue(&mut out, 0);
            let client = &mut process.consumers[0];
            assert_eq!(client.offset_in_memory(&mut out, queue), known, "keeps {keeps}");
            assert_eq!(client.process_queues[0].holds(0), keeps);
            hear(&mut out, at(900_000));
            client.clean_due(&mut out);
            hear(&mut out, at(902_000));
            client.clean_due(&mut out);
            let heard = hear(&mut out, at(903_000));
            let back = sent(&out, &heard).iter().filter(|word| word.contains("send back 0")).count();
            assert_eq!(back, sent_back, "keeps {keeps}, 901 s after it was given to the listener");
        }
    }
}
