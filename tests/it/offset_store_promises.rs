//! What every registered offset store keeps, whoever made it, and in what they differ.

use std::collections::BTreeSet;

use rebalance_sim::model::observation::{ConsumeOutcome, Observation};
use rebalance_sim::offset::{
    ChosenStore, Disk, InMemory, OffsetRead, OffsetStore, QueryAnswer, ReadOffsetType, Reading, STORES, StoreOwner,
};

use crate::story::{play, scenario};

type Store = Box<dyn OffsetStore<u32>>;

fn made(name: &str) -> Store {
    ChosenStore::named(name).make(&StoreOwner::new("/offsets", "10.0.0.1@1", "g"))
}

/// A store of a process that starts.
fn started(name: &str, cluster: &mut InMemory) -> Store {
    let mut store = made(name);
    store.load(cluster).expect("its files are sound");
    store
}

const MEMORY: ReadOffsetType = ReadOffsetType::ReadFromMemory;
const STORED: ReadOffsetType = ReadOffsetType::ReadFromStore;

fn read(store: &mut Store, queue: u32, how: ReadOffsetType, cluster: &mut InMemory) -> i64 {
    match store.read_offset(Some(&queue), how, cluster) {
        Reading::Done(read) => read.code(),
        Reading::Asked => panic!("it was to be answered at once"),
    }
}

/// Something that must hold of a store; else what is wrong.
type Promise = fn(&str) -> Result<(), String>;

fn is(what: &str, actual: i64, expected: i64) -> Result<(), String> {
    if actual == expected { Ok(()) } else { Err(format!("{what} is {actual}, not {expected}")) }
}

fn memory_follows_updates(name: &str) -> Result<(), String> {
    let (cluster, mut store) = (&mut InMemory::default(), made(name));
    is("what was never told", read(&mut store, 0, MEMORY, cluster), -1)?;
    for (offset, increase_only, expected) in [(10, true, 10), (5, true, 10), (5, false, 5)] {
        store.update_offset(&0, offset, increase_only, cluster);
        is("the offset", read(&mut store, 0, MEMORY, cluster), expected)?;
    }
    is("another queue", read(&mut store, 1, MEMORY, cluster), -1)
}

fn a_frozen_offset_stays(name: &str) -> Result<(), String> {
    let (cluster, mut store) = (&mut InMemory::default(), made(name));
    store.update_and_freeze_offset(&0, 3, cluster);
    store.update_offset(&0, 99, true, cluster);
    store.update_offset(&0, 1, false, cluster);
    is("the frozen offset", read(&mut store, 0, MEMORY, cluster), 3)?;
    store.persist(&0, cluster);
    store.remove_offset(&0, cluster);
    is("what a repair leaves", read(&mut store, 0, STORED, cluster), 3)
}

fn removed_from_memory_only(name: &str) -> Result<(), String> {
    let (cluster, mut store) = (&mut InMemory::default(), made(name));
    store.update_offset(&0, 10, true, cluster);
    store.persist(&0, cluster);
    store.remove_offset(&0, cluster);
    is("memory", read(&mut store, 0, MEMORY, cluster), -1)?;
    is("the store", read(&mut store, 0, STORED, cluster), 10)?;
    is("memory, which has learnt it", read(&mut store, 0, MEMORY, cluster), 10)
}

fn the_next_process_goes_on_where_it_was_persisted(name: &str) -> Result<(), String> {
    let cluster = &mut InMemory::default();
    let mut store = started(name, cluster);
    store.update_offset(&0, 10, true, cluster);
    store.update_offset(&1, 20, true, cluster);
    store.persist_all(&BTreeSet::from([0, 1]), cluster);
    let mut next = started(name, cluster);
    is("queue 0", read(&mut next, 0, STORED, cluster), 10)?;
    is("queue 1", read(&mut next, 1, STORED, cluster), 20)?;
    is("a queue that nobody had", read(&mut next, 2, STORED, cluster), -1)
}

fn without_queues_persist_all_does_nothing(name: &str) -> Result<(), String> {
    let (cluster, mut store) = (&mut InMemory::default(), made(name));
    store.update_offset(&0, 10, true, cluster);
    let before = (cluster.broker.clone(), cluster.rows.clone(), cluster.disk.clone());
    store.persist_all(&BTreeSet::new(), cluster);
    let same = before == (cluster.broker.clone(), cluster.rows.clone(), cluster.disk.clone());
    is("memory", read(&mut store, 0, MEMORY, cluster), 10)?;
    if same { Ok(()) } else { Err("something was written".to_owned()) }
}

fn an_answer_may_come_later(name: &str) -> Result<(), String> {
    let cluster = &mut InMemory::default();
    cluster.later = true;
    let mut store = started(name, cluster);
    if store.read_offset(Some(&0), STORED, cluster) == Reading::Done(OffsetRead::NotFound) {
        // A file is no farther than its disk.
        return Ok(());
    }
    let read_later = |store: &mut Store, answer, cluster: &mut InMemory| store.answer_read(&0, answer, cluster).code();
    is("a failure", read_later(&mut store, QueryAnswer::Failed, cluster), -2)?;
    is("no offset", read_later(&mut store, QueryAnswer::QueryNotFound, cluster), -1)?;
    is("the answer", read_later(&mut store, QueryAnswer::Success(40), cluster), 40)?;
    is("memory", read(&mut store, 0, MEMORY, cluster), 40)?;
    is("messages, as an answer is no news", (cluster.sent.len() + cluster.written.len()) as i64, 0)
}

const PROMISES: [(&str, Promise); 6] = [
    ("memory follows updates", memory_follows_updates),
    ("a frozen offset stays", a_frozen_offset_stays),
    ("removed from memory only", removed_from_memory_only),
    ("the next process goes on where it was persisted", the_next_process_goes_on_where_it_was_persisted),
    ("without queues persistAll does nothing", without_queues_persist_all_does_nothing),
    ("an answer may come later", an_answer_may_come_later),
];

#[test]
fn every_registered_store_keeps_every_promise() {
    for store in STORES {
        for (promise, holds) in PROMISES {
            holds(store.name).unwrap_or_else(|wrong| panic!("{}, {promise}: {wrong}", store.name));
        }
    }
}

/// Name; of three updates to 12 behind a persist at 10: what the next process reads after a kill; what a member on another
/// machine reads then; what is read after the broker has lost its memory as well; messages to the broker in all.
const DIFFERENCES: [(&str, i64, i64, i64, usize); 4] = [
    ("RemoteBrokerOffsetStore", 10, 10, -1, 1),
    ("LocalFileOffsetStore", 10, -1, 10, 0),
    ("CommitAtEveryUpdate", 12, 12, -1, 5),
    ("ApplicationDatabase", 12, 12, 12, 0),
];

#[test]
fn stores_differ_in_what_a_kill_costs_and_who_knows_of_it() {
    let listed: Vec<&str> = STORES.iter().map(|store| store.name).collect();
    assert_eq!(listed, DIFFERENCES.map(|(name, ..)| name), "each store says here what it is for");
    for (name, next, elsewhere, broker_lost, updates) in DIFFERENCES {
        let cluster = &mut InMemory::default();
        let mut store = started(name, cluster);
        store.update_offset(&0, 10, true, cluster);
        store.persist_all(&BTreeSet::from([0]), cluster);
        for offset in [11, 11, 12] {
            store.update_offset(&0, offset, true, cluster);
        }
        drop(store);
        assert_eq!(cluster.sent.len(), updates, "{name}: messages");
        let mut again = started(name, cluster);
        assert_eq!(read(&mut again, 0, STORED, cluster), next, "{name}: the next process");
        let there = &mut cluster.clone();
        there.disk = Disk::default();
        let mut taker = started(name, there);
        assert_eq!(read(&mut taker, 0, STORED, there), elsewhere, "{name}: a member elsewhere");
        cluster.broker.clear();
        let mut again = started(name, cluster);
        assert_eq!(read(&mut again, 0, STORED, cluster), broker_lost, "{name}: the broker has lost its memory");
    }
}

/// How many messages were handed out after a listener had finished them, in a story and a seed.
fn finished_and_handed_out_again(text: &str, seed: u64) -> usize {
    let (mut finished, mut again) = (BTreeSet::new(), 0);
    play(&scenario(text), seed, |seen, _| match seen.what {
        Observation::Delivered { queue, offset, .. } => again += usize::from(finished.contains(&(queue, offset))),
        Observation::Consumed { queue, offset, outcome: ConsumeOutcome::Success, .. } => {
            finished.insert((queue, offset));
        }
        _ => {}
    });
    assert!(finished.len() > 4_000, "the story hands out messages: {}", finished.len());
    again
}

/// A batch in work and its offset are one: of an orderly listener nothing that was finished comes again, whoever dies.
#[test]
fn what_was_finished_in_a_transaction_is_never_handed_out_again() {
    let file = "scenarios/duplicates/kill_9_database_with_work.toml";
    let text = std::fs::read_to_string(file).expect("the scenario is there");
    let chosen = "offsetStore = { name = \"ApplicationDatabase\", commit = \"with_work\" }";
    assert!(text.contains(chosen));
    for seed in 0..3 {
        assert_eq!(finished_and_handed_out_again(&text, seed), 0, "seed {seed}");
        let late = text.replace(chosen, &chosen.replace("\"with_work\"", "\"after_work\", latency = \"200ms\""));
        assert!(finished_and_handed_out_again(&late, seed) > 0, "seed {seed}: what is written behind the work is late");
    }
}
