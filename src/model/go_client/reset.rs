//! The reset of offsets that a broker pushes to its members (`consumer/push_consumer.go:ResetOffset`): the queues are
//! dropped, the goroutine sleeps, and then each is committed in the way that forgets the others.

use crate::kernel::Span;
use crate::model::consumer::NewOffsets;
use crate::model::event::ConsumerEvent;
use crate::model::instance::ClientProcess;
use crate::model::observation::{CommitPath, Observation, PullTrouble, Release};
use crate::model::outside::Outside;
use crate::model::plan::GroupIndex;

const RESET_SLEEP: Span = Span::from_secs(10);

impl ClientProcess {
    /// `RESET_CONSUMER_CLIENT_OFFSET` reaches the client.
    pub(in crate::model) fn go_reset_pushed(&mut self, out: &mut Outside<'_>, group: GroupIndex, offsets: NewOffsets) {
        let told = self.consumers.iter().position(|consumer| consumer.group == group && consumer.is_registered());
        let Some(at) = told else { return };
        let client = &mut self.consumers[at];
        let (consumer, (_, epoch)) = (client.index, client.seat(out));
        for (queue, _) in offsets.iter() {
            if let Some(&number) = client.table.get(queue) {
                client.process_queues[number as usize].drop_queue();
                out.see(Observation::PullTroubled { consumer, queue: *queue, trouble: PullTrouble::Suspended });
            }
        }
        self.go().member(at).resets.push_back(offsets);
        out.after(RESET_SLEEP, ConsumerEvent::ResetSlept.of(consumer, epoch));
    }

    /// The sleep is over. No rebalance follows: the queues come back with the next tick or notification.
    pub(super) fn go_reset_slept(&mut self, out: &mut Outside<'_>, at: usize) {
        let Some(offsets) = self.go().member(at).resets.pop_front() else { return };
        let client = &mut self.consumers[at];
        let consumer = client.index;
        for &(queue, offset) in offsets.iter() {
            if client.is_registered() && client.table.contains_key(&queue) {
                client.update_offset(out, queue, offset, false);
                out.see(Observation::ProgressMoved { consumer, queue, offset });
                client.go_give_up(out, queue, Release::OffsetsReset, CommitPath::OperatorReset);
            }
        }
    }
}
