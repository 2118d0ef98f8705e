//! An offset store of one's own, by trait and by name: it knows queues by their names.

use std::collections::{BTreeMap, BTreeSet};

use rebalance_sim::offset::{
    ByName, CommitAtEveryUpdate, Keeper, KnownStore, OffsetRead, OffsetStore, OffsetStoreError, OffsetSurroundings,
    QueryAnswer, ReadOffsetType, Reading, RemoteBrokerOffsetStore,
};
use rebalance_sim::{Figure, Group, MessageQueue, Plugins, Sweep};

use crate::killed;

/// As `RemoteBrokerOffsetStore`, but it knows offsets to the ten.
#[derive(Debug, Default)]
struct Coarse {
    brokers: RemoteBrokerOffsetStore<MessageQueue>,
}

type Around<'a> = dyn OffsetSurroundings<MessageQueue> + 'a;

impl OffsetStore<MessageQueue> for Coarse {
    fn load(&mut self, around: &mut Around<'_>) -> Result<(), OffsetStoreError> {
        self.brokers.load(around)
    }

    fn update_offset(&mut self, queue: &MessageQueue, offset: i64, increase_only: bool, around: &mut Around<'_>) {
        assert_eq!(&*queue.broker_name, "a", "a store is told names");
        self.brokers.update_offset(queue, offset / 10 * 10, increase_only, around);
    }

    fn update_and_freeze_offset(&mut self, queue: &MessageQueue, offset: i64, around: &mut Around<'_>) {
        self.brokers.update_and_freeze_offset(queue, offset, around);
    }

    fn read_offset(&mut self, queue: Option<&MessageQueue>, from: ReadOffsetType, around: &mut Around<'_>) -> Reading {
        self.brokers.read_offset(queue, from, around)
    }

    fn answer_read(&mut self, queue: &MessageQueue, answer: QueryAnswer, around: &mut Around<'_>) -> OffsetRead {
        self.brokers.answer_read(queue, answer, around)
    }

    fn persist(&mut self, queue: &MessageQueue, around: &mut Around<'_>) {
        self.brokers.persist(queue, around);
    }

    fn persist_all(&mut self, queues: &BTreeSet<MessageQueue>, around: &mut Around<'_>) {
        self.brokers.persist_all(queues, around);
    }

    fn remove_offset(&mut self, queue: &MessageQueue, around: &mut Around<'_>) {
        self.brokers.remove_offset(queue, around);
    }

    fn clone_offset_table(&self, wanted: &dyn Fn(&MessageQueue) -> bool) -> BTreeMap<MessageQueue, i64> {
        self.brokers.clone_offset_table(wanted)
    }
}

static COARSE: KnownStore =
    KnownStore::own("CoarseOffsetStore", Keeper::Brokers, |_, _| Box::new(ByName::new(Coarse::default())));

/// The same as RocketMQ's own, through the same door.
static SAME: KnownStore = KnownStore::own("Same", Keeper::Brokers, |_, _| {
    Box::new(ByName::new(RemoteBrokerOffsetStore::<MessageQueue>::default()))
});

#[test]
fn a_store_that_knows_less_makes_more_duplicates_and_loses_nothing() {
    let plugins = Plugins::new().offset_store(&COARSE).offset_store(&SAME);
    let [own, coarse, same] = ["RemoteBrokerOffsetStore", "CoarseOffsetStore", "Same"].map(|store| {
        let cluster = killed(Group::new("g").offset_store(store));
        Sweep::seeds(0..10).run(&plugins.from_toml(&cluster.to_toml()).expect("it is known"))
    });
    assert_eq!(coarse.total(Figure::Lost), 0.0);
    let [own_total, coarse_total] = [&own, &coarse].map(|outcomes| outcomes.total(Figure::Duplicates));
    assert!(coarse_total > own_total, "{coarse_total} duplicates, and {own_total} with RocketMQ's own");
    assert_eq!(own.results(), same.results(), "names in between change nothing");
}

/// One that writes as it is told says so: what comes again after a kill has another cause then.
static EAGER: KnownStore = KnownStore::own("Eager", Keeper::Brokers, |_, _| {
    Box::new(ByName::new(CommitAtEveryUpdate::<MessageQueue>::default()))
})
.writes_at_every_update();

#[test]
fn a_store_that_writes_at_once_is_told_as_such() {
    let plugins = Plugins::new().offset_store(&EAGER);
    let [own, shipped] = ["Eager", "CommitAtEveryUpdate"].map(|store| {
        let cluster = killed(Group::new("g").offset_store(store));
        let slow = plugins.from_toml(&cluster.to_toml()).and_then(|scenario| scenario.with("groups.g.work", "100ms"));
        Sweep::seeds(0..10).run(&slow.expect("it is known"))
    });
    assert!(own.total(Figure::Duplicates) > 0.0);
    assert_eq!(own.results(), shipped.results(), "the same duplicates, for the same causes");
}

#[test]
fn a_store_that_nobody_registered_is_refused() {
    let cluster = killed(Group::new("g").offset_store("CoarseOffsetStore"));
    assert!(cluster.scenario().expect_err("nobody knows it").to_string().contains("is no offset store"));
    let plugins = Plugins::new().offset_store(&COARSE);
    let misspelt = killed(Group::new("g").offset_store("CoarseOfsetStore")).to_toml();
    let why = plugins.from_toml(&misspelt).expect_err("misspelt").to_string();
    assert!(why.contains("did you mean `CoarseOffsetStore`?"), "{why}");
}
