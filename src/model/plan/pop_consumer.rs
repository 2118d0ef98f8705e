//! What a push consumer has for settings where brokers may tell it to pop (`DefaultMQPushConsumer`).

use crate::kernel::Span;

/// The settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PopConsumerSettings {
    /// `clientRebalance`, true: it deals the queues itself and pulls; false: it asks a broker who has what, and pops
    /// where the broker says so.
    pub client_rebalance: bool,
    /// `popInvisibleTime`, 60 s: for so long nobody else is given a message that was popped.
    pub invisible_time: Span,
    /// `popBatchNums`, 32 messages a pop.
    pub batch_nums: u32,
    /// `popThresholdForQueue`, 96: with more unfinished messages of an assignment nothing is popped.
    pub threshold_for_queue: u32,
}

impl PopConsumerSettings {
    /// Delays of messages that a listener failed on, by how often they came back before
    /// (`DefaultMQPushConsumerImpl.popDelayLevel`). The last one is of all that came back more often.
    pub const DELAY_LEVELS: [Span; 16] = {
        const fn s(seconds: u64) -> Span {
            Span::from_secs(seconds)
        }
        [
            s(10),
            s(30),
            s(60),
            s(120),
            s(180),
            s(240),
            s(300),
            s(360),
            s(420),
            s(480),
            s(540),
            s(600),
            s(1_200),
            s(1_800),
            s(3_600),
            s(7_200),
        ]
    };

    /// The delay of this 0-based level.
    #[must_use]
    pub fn delay(level: u32) -> Span {
        let last = Self::DELAY_LEVELS.len() - 1;
        Self::DELAY_LEVELS[(level as usize).min(last)]
    }
}

impl Default for PopConsumerSettings {
    fn default() -> Self {
        Self { client_rebalance: true, invisible_time: Span::from_secs(60), batch_nums: 32, threshold_for_queue: 96 }
    }
}
