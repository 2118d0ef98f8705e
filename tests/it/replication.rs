//! A slave has at any time what its master had a lag before, neither more nor less.

use rebalance_sim::model::ids::QueueIndex;
use std::collections::{BTreeMap, BTreeSet};

use rebalance_sim::kernel::{Instant, Span};
use rebalance_sim::model::observation::Observation;

use crate::story::{play, scenario};

fn story(broker: &str, lag_ms: u64, steps: &[&str]) -> String {
    let steps: String = steps.iter().map(|step| format!("\n[[timeline]]\n{step}\n")).collect();
    format!(
        "title = \"Replication\"\nquestion = \"What has the slave?\"\nduration = \"170s\"\nmeasure = {{ from = \"0s\" }}\n\n[environment]\nreplication_lag = \"{lag_ms}ms\"\nbroker_boot = \"1s\"\ndispatch_delay = \"0ms\"\n\n[broker]\n{broker}\n\n[[brokers]]\nname = \"broker-a\"\nslaves = 1\n\n[[topics]]\nname = \"T\"\nqueues = 4\n\n[[producers]]\ntopic = \"T\"\nrate = \"40/s\"\n\n[[groups]]\nname = \"g\"\ncount = 1\n{steps}"
    )
}

fn at(seconds: u64) -> Instant {
    Instant::ZERO + Span::from_secs(seconds)
}

/// When the master stored each message, and which of them were lost.
fn stored_and_lost(text: &str, seed: u64) -> (BTreeMap<Instant, u32>, BTreeSet<Instant>) {
    let (mut stored, mut lost, mut places) = (BTreeMap::new(), BTreeSet::new(), BTreeMap::new());
    play(&scenario(text), seed, |seen, _| match seen.what {
        Observation::Stored { queue, offset, .. } => {
            places.insert((queue, offset), seen.at);
            *stored.entry(seen.at).or_insert(0) += 1;
        }
        Observation::MessageLost { queue, offset, .. } => {
            lost.insert(places[&(queue, offset)]);
        }
        _ => {}
    });
    (stored, lost)
}

/// Stories in which the slave becomes the master, and the moment at which the last transfer to it could arrive. What was
/// appended a lag before it is there; all that was appended after that, and before `until`, is lost.
#[test]
fn a_master_that_is_lost_takes_what_it_appended_within_the_last_lag() {
    let kill = "at = \"100s\"\naction = \"kill\"\nbroker = \"broker-a\"";
    let power_off = "at = \"100s\"\naction = \"power_off\"\nbroker = \"broker-a\"";
    let promote = "at = \"140s\"\naction = \"promote\"\nbroker = \"broker-a-1\"";
    let promote_at_once = "at = \"100s\"\naction = \"promote\"\nbroker = \"broker-a-1\"";
    let cut = |at: &str| format!("at = \"{at}\"\naction = \"cut\"\nfrom = [\"broker-a\"]\nto = [\"broker-a-1\"]");
    let heal = "at = \"70s\"\naction = \"heal\"\nfrom = [\"broker-a\"]\nto = [\"broker-a-1\"]";
    let kill_slave = "at = \"80s\"\naction = \"kill\"\nbroker = \"broker-a-1\"";
    let restart =
        |broker: &str| format!("at = \"60s\"\naction = \"restart\"\nbroker = \"{broker}\"\nkill = true\ndown = \"5s\"");
    let (cut_early, cut_late) = (cut("60s"), cut("80s"));
    let (restart_master, restart_slave) = (restart("broker-a"), restart("broker-a-1"));
    let controller = "enableControllerMode = true";
    let rows: [(&str, &str, &[&str], u64); 10] = [
        ("the process dies", "", &[kill, promote], 100),
        ("the machine dies", "", &[power_off, promote], 100),
        ("an operator swaps them", "", &[promote_at_once], 100),
        ("a controller elects it", controller, &[kill], 100),
        ("it was cut off", "", &[&cut_late, kill, promote], 80),
        ("it was cut off and is back", "", &[&cut_early, heal, kill, promote], 100),
        ("it was down", "", &[kill_slave, kill, promote], 80),
        ("it was down and is back", "", &[&restart_slave, kill, promote], 100),
        ("its master was down and is back", "", &[&restart_master, kill, promote], 100),
        ("a controller, and it was cut off and is back", controller, &[&cut_early, heal, kill], 100),
    ];
    for (name, broker, steps, last) in rows {
        for (seed, lag_ms) in [(1, 1), (2, 730), (3, 2_000), (4, 4_700)] {
            let (stored, lost) = stored_and_lost(&story(broker, lag_ms, steps), seed);
            let since = Instant::from_nanos(at(last).as_nanos() - lag_ms * 1_000_000);
            let expected: BTreeSet<Instant> = stored.range(since..=at(100)).map(|(at, _)| *at).collect();
            assert!(lag_ms < 100 || expected.len() >= 20, "{name}: messages were under way");
            assert_eq!(lost, expected, "{name}, a lag of {lag_ms} ms: what came after {since:?}");
        }
    }
}

/// With `allAckInSyncStateSet` a message can be read as soon as the slave has it, and the slave has it a lag after its
/// append, however many came before it within that lag.
#[test]
fn a_message_is_on_the_slave_a_lag_after_its_append_and_not_before() {
    for (seed, lag_ms) in [(1, 3), (2, 410), (3, 2_000)] {
        let text = story("enableControllerMode = true\nallAckInSyncStateSet = true", lag_ms, &[]);
        let (mut stored, mut ends, mut count) = (BTreeMap::new(), BTreeMap::new(), 0);
        play(&scenario(&text), seed, |seen, _| match seen.what {
            Observation::Stored { queue, offset, .. } => {
                stored.insert((queue, offset), seen.at);
            }
            Observation::Readable { queue, end } => {
                for offset in ends.insert(queue, end).unwrap_or(0)..end {
                    assert_eq!(
                        seen.at,
                        stored[&(queue, offset)] + Span::from_millis(lag_ms),
                        "queue {queue}, {offset}"
                    );
                    count += 1;
                }
            }
            _ => {}
        });
        assert!(count > 6_000, "{count} messages could be read");
    }
}

/// A slave costs one event for each moment at which its master appends.
#[test]
fn a_message_costs_a_slave_one_event() {
    let text = story("", 2_000, &[]);
    let count = |text: &str| {
        let scenario = scenario(text);
        let mut world = rebalance_sim::model::World::new(&scenario.plan, 1);
        let end = Instant::ZERO + scenario.plan.duration;
        let (mut transfers, mut stored) = (0, 0);
        while let Some(occurrence) = world.step(end) {
            transfers += usize::from(occurrence.event.name() == "log_replicated");
            stored += world.drain().0.filter(|seen| matches!(seen.what, Observation::Stored { .. })).count();
        }
        (transfers, stored)
    };
    let (transfers, stored) = count(&text);
    assert!(stored > 6_000 && transfers <= stored + 1, "{transfers} transfers of {stored} messages");
}

/// What a promoted slave does with delayed messages: it goes by the `delayOffset.json` that it fetched 60 to 63 s after its
/// start. What was delivered since comes once more, what had not come over never does, and the rest once.
#[test]
fn a_promoted_slave_goes_by_the_delay_offsets_that_it_fetched() {
    let promote = "at = \"100s\"\naction = \"promote\"\nbroker = \"broker-a-1\"";
    let text = story("", 730, &[promote]).replace("count = 1\n", "count = 1\nfailures = 0.2\n");
    let (mut sent_back, mut copies, mut lost) = (BTreeMap::new(), BTreeMap::<_, BTreeSet<u64>>::new(), BTreeSet::new());
    let mut origins = BTreeMap::new();
    play(&scenario(&text), 1, |seen, _| match seen.what {
        Observation::SentBack { queue, offset, .. } => {
            sent_back.entry((queue, offset)).or_insert(seen.at);
        }
        Observation::Delivered { queue, offset, origin, reconsume_times, .. } => {
            origins.insert((queue, offset), origin);
            if reconsume_times == 1 {
                copies.entry(origin).or_default().insert(offset);
            }
        }
        Observation::RetryLost { origin, .. } => {
            lost.insert(origin);
        }
        _ => {}
    });
    let within_the_lag = |moment: &Instant| (Instant::from_millis(99_270)..at(100)).contains(moment);
    let expected: BTreeSet<_> =
        sent_back.iter().filter(|(_, at)| within_the_lag(at)).map(|(message, _)| origins[message]).collect();
    assert!(!lost.is_empty(), "some were under way");
    assert_eq!(lost, expected, "delayed messages of the last lag");
    let twice = |from: u64, until: u64| {
        let within = |origin: &&(QueueIndex, u64)| (at(from)..at(until)).contains(&sent_back[*origin]);
        let several = copies.keys().filter(within).filter(|origin| copies[*origin].len() > 1).count();
        (several, copies.keys().filter(within).count())
    };
    // The first level is 10 s: sent back until 48 s, delivered before the slave asked.
    assert_eq!(twice(5, 48).0, 0);
    let (several, all) = twice(55, 88);
    assert!(all > 100 && several == all, "{several} of {all} came once more");
}
