//! Properties that are ready for an offset store: each holds for all that are shipped, and fails for one that is wrong.

use std::collections::{BTreeMap, BTreeSet};

use rebalance_sim::offset::{
    ByName, Keeper, KnownStore, OffsetRead, OffsetStore, OffsetStoreError, OffsetSurroundings, QueryAnswer,
    ReadOffsetType, Reading, RemoteBrokerOffsetStore, STORES,
};
use rebalance_sim::properties::{self, Broken, OffsetStoreProperties};
use rebalance_sim::{MessageQueue, Scenario};

/// What is wrong with a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mistake {
    ForgetsUpdates,
    Lowers,
    PersistsOne,
    Remembers,
    Thaws,
    SendsAll,
    DropsAnswers,
    SkipsAhead,
}

/// `RemoteBrokerOffsetStore` with one mistake.
#[derive(Debug)]
struct Planted {
    mistake: Mistake,
    brokers: RemoteBrokerOffsetStore<MessageQueue>,
}

type Around<'a> = dyn OffsetSurroundings<MessageQueue> + 'a;

impl Planted {
    fn boxed(mistake: Mistake) -> Box<dyn OffsetStore<u32>> {
        Box::new(ByName::new(Self { mistake, brokers: RemoteBrokerOffsetStore::default() }))
    }
}

impl OffsetStore<MessageQueue> for Planted {
    fn load(&mut self, around: &mut Around<'_>) -> Result<(), OffsetStoreError> {
        self.brokers.load(around)
    }

    fn update_offset(&mut self, queue: &MessageQueue, offset: i64, increase_only: bool, around: &mut Around<'_>) {
        match self.mistake {
            Mistake::ForgetsUpdates if offset > 30 => {}
            Mistake::Lowers => self.brokers.update_offset(queue, offset, false, around),
            Mistake::Thaws => {
                self.brokers.remove_offset(queue, around);
                self.brokers.update_offset(queue, offset, increase_only, around);
            }
            // The message that is still in a listener is not done with.
            Mistake::SkipsAhead => self.brokers.update_offset(queue, offset + 32, increase_only, around),
            _ => self.brokers.update_offset(queue, offset, increase_only, around),
        }
    }

    fn update_and_freeze_offset(&mut self, queue: &MessageQueue, offset: i64, around: &mut Around<'_>) {
        self.brokers.update_and_freeze_offset(queue, offset, around);
    }

    fn read_offset(&mut self, queue: Option<&MessageQueue>, from: ReadOffsetType, around: &mut Around<'_>) -> Reading {
        self.brokers.read_offset(queue, from, around)
    }

    fn answer_read(&mut self, queue: &MessageQueue, answer: QueryAnswer, around: &mut Around<'_>) -> OffsetRead {
        let read = self.brokers.answer_read(queue, answer, around);
        if self.mistake == Mistake::DropsAnswers {
            self.brokers.remove_offset(queue, around);
        }
        read
    }

    fn persist(&mut self, queue: &MessageQueue, around: &mut Around<'_>) {
        if self.mistake == Mistake::SendsAll {
            let all = self.brokers.clone_offset_table(&|_| true).into_keys().collect();
            return self.brokers.persist_all(&all, around);
        }
        self.brokers.persist(queue, around);
    }

    fn persist_all(&mut self, queues: &BTreeSet<MessageQueue>, around: &mut Around<'_>) {
        let most = if self.mistake == Mistake::PersistsOne { 1 } else { usize::MAX };
        self.brokers.persist_all(&queues.iter().take(most).cloned().collect(), around);
    }

    fn remove_offset(&mut self, queue: &MessageQueue, around: &mut Around<'_>) {
        if self.mistake != Mistake::Remembers {
            self.brokers.remove_offset(queue, around);
        }
    }

    fn clone_offset_table(&self, wanted: &dyn Fn(&MessageQueue) -> bool) -> BTreeMap<MessageQueue, i64> {
        self.brokers.clone_offset_table(wanted)
    }
}

/// A store with this mistake, as it is plugged in.
macro_rules! planted {
    ($mistake:ident) => {{
        static STORE: KnownStore =
            KnownStore::own(stringify!($mistake), Keeper::Brokers, |_, _| Planted::boxed(Mistake::$mistake));
        &STORE
    }};
}

/// A property, and a store that breaks it, with what is said of the fewest calls.
type Row = (fn(&OffsetStoreProperties) -> Result<(), Broken>, &'static KnownStore, &'static str);

fn table() -> [Row; 7] {
    [
        (
            OffsetStoreProperties::updates_are_read,
            planted!(ForgetsUpdates),
            "after update_offset(queue 0, 31, increase_only: false): memory has nothing of queue 0, and \
             must have 31",
        ),
        (
            OffsetStoreProperties::increase_only_never_lowers,
            planted!(Lowers),
            "after update_offset(queue 0, 3, increase_only: false), update_offset(queue 0, 0, \
             increase_only: true): memory has 0 of queue 0, and must have 3",
        ),
        (
            OffsetStoreProperties::persisted_is_kept,
            planted!(PersistsOne),
            "after update_offset(queue 2, 0, increase_only: false), persist_all(queues {0, 2}): the \
             next process has nothing of queue 2, and must have 0",
        ),
        (
            OffsetStoreProperties::removed_is_forgotten,
            planted!(Remembers),
            "after update_offset(queue 0, 0, increase_only: false), remove_offset(queue 0): memory has \
             0 of queue 0, and must have nothing",
        ),
        (
            OffsetStoreProperties::frozen_stays,
            planted!(Thaws),
            "after update_and_freeze_offset(queue 2, 0), update_offset(queue 2, 1, increase_only: \
             false): memory has 1 of queue 2, and must have 0",
        ),
        (
            OffsetStoreProperties::only_what_is_asked_is_written,
            planted!(SendsAll),
            "after update_offset(queue 0, 0, increase_only: false), persist(queue 1): 0 was sent of \
             queue 0, which nobody asked for",
        ),
        (
            OffsetStoreProperties::answers_may_come_later,
            planted!(DropsAnswers),
            "after the answer Success(0): memory has nothing of queue 0, and must have 0",
        ),
    ]
}

#[test]
fn a_wrong_store_breaks_the_property_of_its_mistake_with_the_fewest_calls() {
    for (property, store, why) in table() {
        let broken = property(&properties::offset_store(store)).expect_err(store.name);
        assert_eq!(broken.why, why, "{}", store.name);
        assert_eq!(broken.to_string(), format!("{}: {why}", broken.property), "no scenario has to show it");
    }
}

#[test]
fn all_that_are_shipped_hold() {
    for store in STORES {
        properties::offset_store(store)
            .cases(64)
            .hold_calls()
            .unwrap_or_else(|broken| panic!("{}: {broken}", store.name));
        let played = properties::offset_store(store).cases(2).no_message_is_missed();
        played.unwrap_or_else(|broken| panic!("{}: {broken}", store.name));
    }
}

/// The store of one's own that is right passes through the same door.
#[test]
fn one_that_goes_by_names_holds_all() {
    static MINE: KnownStore = KnownStore::own("Mine", Keeper::Brokers, |_, _| {
        Box::new(ByName::new(RemoteBrokerOffsetStore::<MessageQueue>::default()))
    });
    properties::offset_store(&MINE).cases(3).hold_all().unwrap_or_else(|broken| panic!("{broken}"));
}

/// The Go client's file: what its mistakes are to RocketMQ's Java client, its users know.
#[test]
fn the_file_of_go_freezes_nothing_and_forgets_nothing() {
    static OF_GO: KnownStore = KnownStore::own("OfGo", Keeper::OwnFile, |_, owner| {
        Box::new(rebalance_sim::offset::LocalFileOfGo::new(owner.dir, owner.client_id, owner.group))
    });
    let of_go = properties::offset_store(&OF_GO);
    of_go.updates_are_read().and(of_go.persisted_is_kept()).unwrap_or_else(|broken| panic!("{broken}"));
    for broken in [of_go.frozen_stays(), of_go.removed_is_forgotten(), of_go.only_what_is_asked_is_written()] {
        broken.expect_err("it is otherwise in Go");
    }
}

#[test]
fn a_store_that_skips_loses_messages_in_the_smallest_cluster() {
    let broken = properties::offset_store(planted!(SkipsAhead)).no_message_is_missed().expect_err("it skips");
    let mended = broken.scenario.replace("\"SkipsAhead\"", "\"RemoteBrokerOffsetStore\"");
    let scenario = Scenario::from_toml(&mended).unwrap_or_else(|error| panic!("{error}\n{broken}"));
    assert!(broken.why.contains("messages are") && scenario.plan().topics.len() == 1, "{broken}");
}
