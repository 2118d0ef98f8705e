//! `ConsumeMessageService`.

mod clean_expired;
mod concurrently;
pub(in crate::model) mod lite_pull;
pub(in crate::model) mod orderly;
pub(in crate::model) mod pool;
mod send_back;

use crate::model::consumer::Consumer;
use crate::model::consumer::service::pool::Batch;
use crate::model::instance::Instance;
use crate::model::outside::Outside;

impl Consumer {
    /// `submitConsumeRequest`: cut into batches, in order.
    pub(in crate::model) fn submit(
        &mut self,
        out: &mut Outside<'_>,
        instance: &Instance,
        process_queue: u32,
        first: u64,
        count: u32,
    ) {
        let consumer = self.index;
        if out.is_orderly(consumer) {
            return self.dispatch_orderly(out, instance, process_queue);
        }
        let pulls = out.lite_pull(consumer).is_some();
        let size = out.planned(consumer).consumer.consume_message_batch_max_size.max(1);
        // `poll()` returns what one pull brought.
        let size = if pulls { count } else { size };
        let Self { pool, process_queues, .. } = self;
        if pool.closed {
            return;
        }
        let (mut at, end) = (first, first + u64::from(count));
        while at < end {
            let (width, messages) = process_queues[process_queue as usize].stretch(at, end, size);
            if messages > 0 {
                pool.waiting.push_back(Batch { process_queue, first: at, count: width as u32 });
            }
            at += width.max(1);
        }
        self.run_pool(out, instance);
    }
}
