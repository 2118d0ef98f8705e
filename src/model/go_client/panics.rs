//! A listener that panics.
//!
//! ```text
//!                 up to 2.1.1     2.1.2                          later
//!   concurrently  process dies    recovered: the message stays in the cache, and holds the queue's offset back until the
//!                                 cleaner sends it back after 15 to 30 min
//!   orderly       process dies    process dies                   the queue's goroutine ends: nobody takes from its cache,
//!                                                                and its lock is renewed until the queue is given up
//! ```
//! (`primitive/base.go:WithRecover`, `consumer/push_consumer.go:consumeMessageConcurrently`)

use crate::model::consumer::service::ConsumeMessageService;
use crate::model::consumer::service::pool::Batch;
use crate::model::instance::ClientProcess;
use crate::model::observation::{ConsumeOutcome, End};
use crate::model::outside::Outside;

impl ClientProcess {
    /// A listener comes to its end. True: it panicked, and what follows has happened.
    pub(super) fn go_listener_panics(&mut self, out: &mut Outside<'_>, at: usize, thread: u32, batch: Batch) -> bool {
        if !self.consumers[at].listener_panics(out) {
            return false;
        }
        let orderly = self.consumers[at].service == ConsumeMessageService::Orderly;
        let rules = &self.go().rules;
        let survives = if orderly { rules.survives_orderly_panics } else { rules.survives_concurrent_panics };
        let client = &mut self.consumers[at];
        client.see_consumed(out, batch, ConsumeOutcome::Panicked);
        if !survives {
            self.end_consumer(out, at, End::Killed);
            return true;
        }
        if !orderly {
            client.keep_what_it_drops(thread, batch);
        }
        client.free_thread(thread);
        if orderly {
            self.go_orderly_dies(at, batch.process_queue);
        }
        true
    }
}
