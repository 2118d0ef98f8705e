//! Delays that RocketMQ's source allows: the least and the most stay inside the stated bounds, in a few seeds in the
//! quick tier and in 200 in the long one, where the median is what it calls typical.

use std::collections::{BTreeMap, BTreeSet};

use rebalance_sim::kernel::Instant;
use rebalance_sim::model::TopicKind;
use rebalance_sim::model::observation::{Observation, PullTrouble, QueueIndex};

use crate::story::{play, scenario};

/// So many seeds show that no bound is left.
const FEW: u64 = 20;
/// So many show what is typical as well.
const MANY: u64 = 200;

macro_rules! delays {
    ($($story:ident)+) => {
        mod in_a_few_seeds {
            $(#[test]
            fn $story() {
                super::$story(super::FEW);
            })+
        }

        mod in_200_seeds {
            $(#[test]
            #[ignore = "long tier: 200 seeds"]
            fn $story() {
                super::$story(super::MANY);
            })+
        }
    };
}

delays! {
    d_i_a_newcomer_pulls_after_a_second_and_a_half
    d_ii_a_leaver_is_replaced
    d_iii_a_killed_member_is_replaced
    d_iv_a_silent_death_is_found_by_expiry
    d_v_a_broker_comes_back
    d_vii_added_queues_are_consumed
    duplicates_after_a_kill_never_exceed_the_bound_and_come_near_it
}

/// Three members, two brokers with four queues each, 100 messages a second; the step under test comes at 45 s.
fn story(duration: &str, timeline: &str) -> String {
    format!(
        r#"
title = "Timeline"
question = "How long does it take?"
duration = "{duration}"
brokers = ["broker-a", "broker-b"]

[[topics]]
name = "T"
queues = 4

[[producers]]
topic = "T"
rate = "100/s"

[[groups]]
name = "g"
topics = ["T"]
count = 3
consumeFromWhere = "CONSUME_FROM_FIRST_OFFSET"

{timeline}
"#
    )
}

/// From the step at 45 s (a window would hide the phase of the timers) to the first delivery of the queue that waits
/// longest among those that change their owner, in ms; one value a seed, sorted. A seed in which the new owner's pulls
/// were refused for a subscription that the broker has not heard of says nothing of the timeline: it
/// lasts until the next heartbeat, 30 s. They must be few.
fn gaps(text: &str, seeds: u64) -> Vec<u64> {
    let scenario = scenario(text);
    let mut gaps: Vec<u64> = (0..seeds)
        .filter_map(|seed| {
            let mut refused = 0;
            let (mut step, mut taken, mut first) = (None, BTreeSet::new(), BTreeMap::<QueueIndex, u64>::new());
            play(&scenario, seed, |seen, names| match seen.what {
                Observation::StepTaken { .. } if seen.at >= Instant::from_millis(40_000) && step.is_none() => {
                    step = Some(seen.at)
                }
                Observation::QueueTaken { queue, .. }
                    if step.is_some() && names.topic(names.queue(queue).topic).kind == TopicKind::Normal =>
                {
                    taken.insert(queue);
                }
                Observation::PullTroubled { queue, trouble: PullTrouble::SubscriptionNotLatest, .. }
                    if taken.contains(&queue) && !first.contains_key(&queue) =>
                {
                    refused += 1;
                }
                Observation::Delivered { queue, .. } if taken.contains(&queue) => {
                    let began = step.expect("queues are counted after the step");
                    first.entry(queue).or_insert(seen.at.since(began).as_millis());
                }
                _ => {}
            });
            let longest = *first.values().max().unwrap_or_else(|| panic!("seed {seed}: no queue moved"));
            (refused < 2).then_some(longest)
        })
        .collect();
    let few = seeds.div_ceil(10).max(5);
    assert!(gaps.len() as u64 + few >= seeds, "{} seeds met refused pulls", seeds - gaps.len() as u64);
    gaps.sort_unstable();
    gaps
}

/// Least and most, and the range of the median, in ms; a few seeds have no median to speak of.
fn check(name: &str, gaps: &[u64], (least, most): (u64, u64), median: (u64, u64)) {
    let (first, middle, last) = (gaps[0], gaps[gaps.len() / 2], gaps[gaps.len() - 1]);
    println!("{name}: {first} {middle} {last}");
    assert!(first >= least && last <= most, "{name}: {first}..{last} ms is not within {least}..{most} ms");
    let typical = gaps.len() as u64 <= FEW || (median.0..=median.1).contains(&middle);
    assert!(typical, "{name}: median {middle} ms is not within {median:?} ms");
}

fn d_i_a_newcomer_pulls_after_a_second_and_a_half(seeds: u64) {
    let text = story("70s", "[[groups.consumers]]\nname = \"c9\"\nstart = \"45s\"");
    let scenario = scenario(&text);
    let mut pulls: Vec<u64> = (0..seeds)
        .map(|seed| {
            let (mut started, mut first) = (None, None);
            play(&scenario, seed, |seen, names| match seen.what {
                Observation::ConsumerStarting { consumer, .. } if names.consumer(consumer) == "c9" => {
                    started = Some(seen.at)
                }
                Observation::Delivered { consumer, .. } if names.consumer(consumer) == "c9" => {
                    first.get_or_insert(seen.at.since(started.expect("it started")).as_millis());
                }
                _ => {}
            });
            first.expect("the newcomer gets messages")
        })
        .collect();
    pulls.sort_unstable();
    check("join", &pulls, (1_500, 21_500), (1_500, 1_700));
}

fn d_ii_a_leaver_is_replaced(seeds: u64) {
    let text = story("70s", "[[timeline]]\nat = \"45s\"\naction = \"stop\"\nconsumer = \"c2\"");
    check("leave", &gaps(&text, seeds), (500, 20_500), (500, 1_700));
}

fn d_iii_a_killed_member_is_replaced(seeds: u64) {
    let text = story("70s", "[[timeline]]\nat = \"45s\"\naction = \"kill\"\nconsumer = \"c2\"");
    check("kill", &gaps(&text, seeds), (500, 1_700), (500, 700));
}

fn d_iv_a_silent_death_is_found_by_expiry(seeds: u64) {
    let text = story("240s", "[[timeline]]\nbetween = [\"45s\", \"75s\"]\naction = \"power_off\"\nconsumer = \"c2\"");
    check("silent death", &gaps(&text, seeds), (90_500, 150_500), (110_000, 130_000));
}

fn d_v_a_broker_comes_back(seeds: u64) {
    let timeline = "[[timeline]]\nat = \"45s\"\naction = \"kill\"\nbroker = \"broker-b\"\n\n[[timeline]]\nbetween = [\"140s\", \"170s\"]\naction = \"start\"\nbroker = \"broker-b\"";
    let scenario = scenario(&story("240s", timeline));
    let mut waits: Vec<u64> = (0..seeds)
        .map(|seed| {
            let (mut up, mut first) = (None, BTreeMap::<QueueIndex, u64>::new());
            play(&scenario, seed, |seen, names| match seen.what {
                Observation::BrokerUp { .. } if seen.at > Instant::from_millis(100_000) => up = Some(seen.at),
                Observation::Delivered { queue, .. } if names.broker(names.queue(queue).broker) == "broker-b" => {
                    if let Some(up) = up {
                        first.entry(queue).or_insert(seen.at.since(up).as_millis());
                    }
                }
                _ => {}
            });
            assert_eq!(first.len(), 4, "seed {seed}: every queue of the broker is read again");
            *first.values().max().expect("four queues")
        })
        .collect();
    waits.sort_unstable();
    // Every client must have seen the route, at most 30 s. The 20 s of the next rebalance are cut short: each client's
    // timer heartbeat follows its route poll by 990 ms and opens a connection, and a new member makes CHANGE.
    check("broker back", &waits, (1_000, 51_500), (10_000, 25_000));
}

fn d_vii_added_queues_are_consumed(seeds: u64) {
    let timeline =
        "[[timeline]]\nat = \"45s\"\naction = \"set_queues\"\ntopic = \"T\"\nreadQueueNums = 6\nwriteQueueNums = 6";
    let scenario = scenario(&story("140s", timeline));
    let mut waits: Vec<u64> = (0..seeds)
        .map(|seed| {
            let mut first: BTreeMap<QueueIndex, u64> = BTreeMap::new();
            play(&scenario, seed, |seen, names| {
                if let Observation::QueueTaken { queue, .. } = seen.what
                    && names.queue(queue).queue_id >= 4
                {
                    first.entry(queue).or_insert(seen.at.since(Instant::from_millis(45_000)).as_millis());
                }
            });
            assert_eq!(first.len(), 4, "seed {seed}: every new queue is taken");
            *first.values().max().expect("four queues")
        })
        .collect();
    waits.sort_unstable();
    check("added queues", &waits, (0, 50_500), (15_000, 45_000));
}

/// Section D: what comes twice after a kill lies between the committed offset and the highest one handed out.
fn duplicates_after_a_kill_never_exceed_the_bound_and_come_near_it(seeds: u64) {
    let slow = story("90s", "[[timeline]]\nbetween = [\"45s\", \"55s\"]\naction = \"kill\"\nconsumer = \"c2\"");
    let slow = slow.replace("count = 3", "count = 3\nwork = { uniform = [\"1ms\", \"400ms\"] }");
    let scenario = scenario(&slow);
    let mut nearest = 0.0_f64;
    for seed in 0..seeds {
        let mut handed: BTreeMap<QueueIndex, BTreeSet<u64>> = BTreeMap::new();
        let mut committed: BTreeMap<QueueIndex, u64> = BTreeMap::new();
        let (mut bound, mut duplicates, mut killed) = (0, 0, false);
        play(&scenario, seed, |seen, names| match seen.what {
            Observation::Committed { queue, offset, .. } if !killed => {
                committed.insert(queue, offset);
            }
            Observation::ConsumerEnded { .. } => {
                killed = true;
                for (queue, offsets) in &handed {
                    if names.topic(names.queue(*queue).topic).kind == TopicKind::Normal {
                        bound += offsets.range(committed.get(queue).copied().unwrap_or(0)..).count();
                    }
                }
            }
            Observation::Delivered { queue, offset, .. } => {
                duplicates += usize::from(!handed.entry(queue).or_default().insert(offset) && killed);
            }
            _ => {}
        });
        assert!(duplicates <= bound, "seed {seed}: {duplicates} duplicates exceed the bound {bound}");
        nearest = nearest.max(duplicates as f64 / bound.max(1) as f64);
    }
    // The bound sums all queues; only those of the dead come again, a third of them or a little more.
    assert!(nearest >= 0.3 || seeds <= FEW, "no seed comes near the bound: {nearest}");
}
