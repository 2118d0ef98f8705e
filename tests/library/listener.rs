//! A listener of one's own, by trait and by name.

use rebalance_sim::{
    Figure, Group, MessageBatch, MessageListener, Plugins, Scenario, Span, Stream, Sweep, millis, secs,
};

use crate::killed;

/// A poison message: the listener fails on it again and again, and is slow with all that stands in its queue.
struct Poisoned {
    orderly: bool,
}

impl MessageListener for Poisoned {
    fn work(&self, batch: &MessageBatch<'_>, chance: &mut Stream) -> Span {
        assert!(batch.consumer.starts_with('c') && batch.messages == 1 && batch.now.as_nanos() > 0);
        millis(1 + chance.below(4))
    }

    fn fails(&self, batch: &MessageBatch<'_>, _: &mut Stream) -> bool {
        let (first, again) = (batch.first_offset == 5, batch.reconsume_times > 0);
        batch.queue.queue_id == 0 && if &*batch.queue.topic == "orders" { first } else { again }
    }

    fn orderly(&self) -> bool {
        self.orderly
    }
}

fn scenario(orderly: bool) -> Scenario {
    let plugins = Plugins::new().listener("Poisoned", Poisoned { orderly });
    let cluster = killed(Group::new("g").listener("Poisoned"));
    plugins.from_toml(&cluster.to_toml().replace("work = \"5ms\"\n", "")).expect("it is known")
}

#[test]
fn it_fails_on_what_it_says() {
    let all = |scenario: Scenario| scenario.with("measure.from", "0s").map(|all| Sweep::seeds(0..3).run(&all));
    let concurrently = all(scenario(false)).expect("it is one");
    // One message a seed comes again, and each time it does.
    assert!(concurrently.each(Figure::Retried).all(|(_, retried)| (1.0..20.0).contains(&retried)));
    let orderly = all(scenario(true)).expect("it is one");
    assert!(orderly.quantile(Figure::StalledMax, 0.5) > secs(20), "an orderly queue waits for what fails");
    assert_eq!(orderly.total(Figure::Retried), 0.0);
}

#[test]
fn it_says_itself_how_long_it_works() {
    let both = killed(Group::new("g").listener("Poisoned")).to_toml();
    let why = Plugins::new().listener("Poisoned", Poisoned { orderly: false }).from_toml(&both).expect_err("both");
    assert!(why.to_string().contains("the listener Poisoned is there, and `work` too"), "{why}");
    let why = killed(Group::new("g").listener("Poisoned")).scenario().expect_err("nobody registered it").to_string();
    assert!(why.contains("`Poisoned` is no listener; allowed is concurrently or orderly"), "{why}");
}
