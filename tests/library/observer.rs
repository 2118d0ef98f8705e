//! A check of one's own.

use std::collections::{BTreeMap, BTreeSet};

use rebalance_sim::{Group, Instant, MessageQueue, Observer, Seen, Sweep};

use crate::killed;

/// How often each queue was taken, and by whom.
#[derive(Default)]
struct Hands {
    of: BTreeMap<MessageQueue, BTreeSet<String>>,
    others: u64,
    most: usize,
}

impl Observer for Hands {
    fn see(&mut self, _: Instant, seen: &Seen<'_>) {
        match seen {
            Seen::QueueTaken { consumer, queue, .. } => {
                self.of.entry((*queue).clone()).or_default().insert((*consumer).to_owned());
            }
            Seen::ConsumerEnded { consumer, .. } => assert_eq!(*consumer, "c2"),
            Seen::StepTaken { step } => assert!(*step == "kill" || step.starts_with("start c"), "{step}"),
            Seen::Other(other) => {
                self.others += 1;
                assert!(!other.name().is_empty() && !other.row().actor.is_empty());
            }
            _ => {}
        }
    }

    fn finish(&mut self, end: Instant) -> Vec<String> {
        assert!(end.as_nanos() > 0 && self.others > 0);
        let often = self.of.iter().filter(|(queue, hands)| &*queue.topic == "orders" && hands.len() > self.most);
        often.map(|(queue, hands)| format!("{queue} was in {} hands", hands.len())).collect()
    }
}

#[test]
fn it_sees_names_and_what_it_complains_of_does_not_hold() {
    let scenario = killed(Group::new("g")).scenario().expect("it is one");
    let hands = |most| move || Hands { most, ..Hands::default() };
    let held = Sweep::seeds(0..2).watched_by("hands", hands(3)).run(&scenario);
    assert!(held.held(), "{:?}", held.violated());
    let broken = Sweep::seeds(0..2).watched_by("hands", hands(1)).watched_by("more", hands(3)).run(&scenario);
    assert!(!broken.held());
    let complaints = broken.complaints();
    assert!(complaints.iter().any(|complaint| complaint.seed == 1), "{complaints:?}");
    assert!(complaints.iter().all(|complaint| complaint.observer == "hands" && complaint.text.contains("orders/a/")));
    assert_eq!(held.results(), broken.results(), "who watches changes nothing");
    assert_eq!(held.results(), Sweep::seeds(0..2).run(&scenario).results());
}
