//! `persist(mqs)` commits what it is asked for, and forgets everything else
//! (`consumer/offset_store.go:remoteBrokerOffsetStore.persist`).
//!
//! It is Java's `persistAll`, and the client uses it for single queues too: of several queues that a rebalance gives up
//! only the first is committed. The offsets of all others of the group, kept or given up, are gone from memory, until a
//! completed message, or an empty long poll, puts them back.

use std::collections::BTreeSet;

use crate::model::consumer::Consumer;
use crate::model::observation::{CommitPath, Observation, QueueIndex, Release};
use crate::model::outside::Outside;

impl Consumer {
    /// `persist([mq])`: what is known of the queue is sent; answers whether anything was.
    pub(super) fn go_persist_one(&mut self, out: &mut Outside<'_>, queue: QueueIndex, path: CommitPath) -> bool {
        let only = BTreeSet::from([queue.0]);
        let ((), sent) = self.with_store(out, None, |store, around| store.persist_all(&only, around));
        let any = !sent.is_empty();
        self.send_offsets(out, sent, path);
        any
    }

    /// `removeUnnecessaryMessageQueue` of a queue that was dropped: committed if its offset is still in memory, and gone at
    /// once; its listener is not awaited and its lock is kept.
    pub(super) fn go_give_up(&mut self, out: &mut Outside<'_>, queue: QueueIndex, release: Release, path: CommitPath) {
        let consumer = self.index;
        let number = self.table.remove(&queue).expect("only owned queues are given up");
        self.process_queues[number as usize].drop_queue();
        let sent = self.go_persist_one(out, queue, path);
        // The file of a `BROADCASTING` member has it, as it has all others.
        if self.tells_brokers(out) {
            out.see(match sent {
                true => Observation::OffsetSent { consumer, queue },
                false => Observation::OffsetNotKnown { consumer, queue },
            });
        }
        self.remove_offset(out, queue);
        out.see(Observation::QueueReleased { consumer, queue, release });
    }
}
