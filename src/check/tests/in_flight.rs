//! Who has how many popped messages, and how long one that comes again was nobody's.

use super::numbers::{C1, C2, G, QUEUE_0};
use super::{Story, count, plan, play_plan, readable, starts, with};
use crate::check::Figure;
use crate::kernel::{Instant, Span};
use crate::model::ids::ConsumerIndex;
use crate::model::observation::Observation::{self, *};

/// A batch of queue 0 is given away for ten seconds.
fn pops(at_ms: u64, consumer: ConsumerIndex, offsets: std::ops::Range<u64>) -> Story {
    let until = Instant::from_millis(at_ms + 10_000);
    let popped =
        |offset| Popped { consumer, queue: QUEUE_0, offset, origin: (QUEUE_0, offset), reconsume_times: 0, until };
    offsets.map(|offset| (at_ms, popped(offset))).collect()
}

fn taken_back(at_ms: u64, offset: u64, acked: bool, after_ms: u64) -> (u64, Observation) {
    let after = Span::from_millis(after_ms);
    (at_ms, TakenBackInOrder { group: G, queue: QUEUE_0, offset, acked, after })
}

/// A batch is in one pair of hands, whether its broker took it back or forgot who had it.
#[test]
fn what_another_pops_its_holder_has_no_more() {
    let acked = AckTaken { consumer: Some(C1), group: G, queue: QUEUE_0, offset: 2, late: Span::ZERO, counts: true };
    let back = vec![
        (7_000, acked),
        taken_back(16_050, 0, false, 50),
        taken_back(16_050, 1, false, 90),
        taken_back(16_050, 2, true, 700),
    ];
    let same_attempt =
        vec![taken_back(16_050, 0, false, 0), taken_back(16_050, 1, false, 0), taken_back(16_050, 2, false, 0)];
    let rows = [
        ("in order, its time was over", back, Span::from_millis(90)),
        ("in order, the same attempt", same_attempt, Span::ZERO),
        ("the broker restarted", Vec::new(), Span::ZERO),
    ];
    for (name, between, redelivery) in rows {
        let mut popping = plan();
        for consumer in &mut popping.consumers {
            consumer.consumer.pop.client_rebalance = false;
        }
        let mut story: Story = vec![starts(0, 0), starts(0, 1), readable(5_500, 0, 20)];
        story.extend(pops(6_000, C1, 0..3));
        story.extend(between);
        story.extend(pops(16_050, C2, 0..3));
        story.extend(pops(17_000, C1, 3..7));
        let found = play_plan(&with(&story), &popping);
        let figure = |name| found.windows[0].figures.get(name).copied();
        assert_eq!(figure("held.max"), Some(count(4)), "{name}");
        assert_eq!(figure("redelivery.max"), Some(Figure::Span(redelivery)), "{name}");
    }
}
