//! What both offset stores do with memory, broker and file, told step by step.

use std::collections::{BTreeMap, BTreeSet};

use rebalance_sim::kernel::Span;
use rebalance_sim::offset::{
    Disk, DiskError, FileSystem, LocalFileOffsetStore, OffsetDatabase, OffsetPort, OffsetRead, OffsetStore,
    OffsetStoreError, OffsetSurroundings, QueryAnswer, QueueKey, ReadOffsetType, Reading, RemoteBrokerOffsetStore,
};

/// A broker that answers at once, or never (`later`), and a disk.
#[derive(Default)]
struct World {
    answers: BTreeMap<QueueKey, QueryAnswer>,
    later: bool,
    asked: usize,
    updates: Vec<(QueueKey, i64)>,
    disk: Disk,
}

impl OffsetPort<QueueKey> for World {
    fn query_consumer_offset(&mut self, queue: &QueueKey) -> Option<QueryAnswer> {
        self.asked += 1;
        (!self.later).then(|| *self.answers.get(queue).unwrap_or(&QueryAnswer::QueryNotFound))
    }

    fn update_consumer_offset(&mut self, queue: &QueueKey, offset: i64) {
        self.updates.push((queue.clone(), offset));
    }
}

impl OffsetSurroundings<QueueKey> for World {
    fn port(&mut self) -> &mut dyn OffsetPort<QueueKey> {
        self
    }

    fn file_system(&mut self) -> &mut dyn FileSystem {
        &mut self.disk
    }

    fn database(&mut self) -> &mut dyn OffsetDatabase<QueueKey> {
        self
    }

    fn name(&self, queue: &QueueKey) -> QueueKey {
        queue.clone()
    }

    fn filed(&mut self, _: &QueueKey, _: i64) {}
}

impl OffsetDatabase<QueueKey> for World {
    fn read(&mut self, _: &QueueKey, _: Span) -> Option<QueryAnswer> {
        panic!("RocketMQ's stores ask no database")
    }

    fn write(&mut self, _: &QueueKey, _: i64, _: Span) {
        panic!("RocketMQ's stores write into no database")
    }
}

const MEMORY: ReadOffsetType = ReadOffsetType::ReadFromMemory;
const STORE: ReadOffsetType = ReadOffsetType::ReadFromStore;
const BOTH: ReadOffsetType = ReadOffsetType::MemoryFirstThenStore;

fn q(id: i32) -> QueueKey {
    QueueKey::new("T", "b", id)
}

fn queues(ids: &[i32]) -> BTreeSet<QueueKey> {
    ids.iter().map(|&id| q(id)).collect()
}

fn local() -> LocalFileOffsetStore {
    LocalFileOffsetStore::new("/home/u/.rocketmq_offsets", "10.0.0.1@DEFAULT", "g")
}

/// Compact text of a file; ids and offsets.
fn file(entries: &[(i32, i64)]) -> String {
    let entries: Vec<_> = entries
        .iter()
        .map(|(id, offset)| format!("{{\"brokerName\":\"b\",\"queueId\":{id},\"topic\":\"T\"}}:{offset}"))
        .collect();
    format!("{{\"offsetTable\":{{{}}}}}", entries.join(","))
}

/// What a fresh store loads.
fn loaded(world: &mut World) -> Result<BTreeMap<i32, i64>, OffsetStoreError> {
    let mut store = local();
    store.load(world)?;
    Ok(store.clone_offset_table(&|_| true).into_iter().map(|(queue, offset)| (queue.queue_id, offset)).collect())
}

fn read(store: &mut dyn OffsetStore<QueueKey>, world: &mut World, id: i32, how: ReadOffsetType) -> i64 {
    match store.read_offset(Some(&q(id)), how, world) {
        Reading::Done(read) => read.code(),
        Reading::Asked => panic!("the broker was to answer at once"),
    }
}

#[test]
fn both_stores_update_freeze_and_forget_alike() {
    for store in [&mut RemoteBrokerOffsetStore::default() as &mut dyn OffsetStore<QueueKey>, &mut local()] {
        let world = &mut World::default();
        let now = |store: &mut dyn OffsetStore<QueueKey>, world: &mut World| read(store, world, 0, MEMORY);
        assert_eq!(now(store, world), -1);
        store.update_offset(&q(0), 10, true, world);
        store.update_offset(&q(0), 5, true, world);
        assert_eq!(now(store, world), 10, "increase only");
        store.update_offset(&q(0), 5, false, world);
        assert_eq!(now(store, world), 5);
        store.update_and_freeze_offset(&q(0), 3, world);
        store.update_offset(&q(0), 99, false, world);
        store.update_offset(&q(0), 99, true, world);
        assert_eq!(now(store, world), 3, "frozen");
        store.update_and_freeze_offset(&q(0), 4, world);
        assert_eq!(now(store, world), 4, "frozen again elsewhere");
        store.remove_offset(&q(0), world);
        assert_eq!(now(store, world), -1);
        store.update_offset(&q(0), 7, true, world);
        assert_eq!(now(store, world), 7, "a new entry is not frozen");
        store.update_offset(&q(1), 8, true, world);
        assert_eq!(store.clone_offset_table(&|queue| queue.queue_id == 1), BTreeMap::from([(q(1), 8)]));
    }
}

#[test]
fn reading_tells_what_the_java_numbers_tell() {
    use QueryAnswer::{Failed, QueryNotFound, Success};
    // In memory; broker's answer; how; result; asked; in memory afterwards.
    let table = [
        (None, Success(9), MEMORY, -1, 0, -1),
        (Some(5), Success(9), MEMORY, 5, 0, 5),
        (Some(5), Success(9), BOTH, 5, 0, 5),
        (None, Success(9), BOTH, 9, 1, 9),
        (Some(12), Success(9), STORE, 9, 1, 9),
        (None, QueryNotFound, BOTH, -1, 1, -1),
        (Some(5), QueryNotFound, STORE, -1, 1, 5),
        (None, Failed, BOTH, -2, 1, -1),
        (Some(5), Failed, STORE, -2, 1, 5),
    ];
    for (memory, answer, how, expected, asked, afterwards) in table {
        let world = &mut World { answers: BTreeMap::from([(q(0), answer)]), ..World::default() };
        let mut store = RemoteBrokerOffsetStore::default();
        if let Some(offset) = memory {
            store.update_offset(&q(0), offset, false, world);
        }
        let case = format!("{memory:?}, {answer:?}, {how:?}");
        assert_eq!(read(&mut store, world, 0, how), expected, "{case}");
        assert_eq!(world.asked, asked, "{case}");
        assert_eq!(read(&mut store, world, 0, MEMORY), afterwards, "{case}");
    }
    let world = &mut World::default();
    let no_queue = |store: &mut dyn OffsetStore<QueueKey>, world: &mut World| store.read_offset(None, STORE, world);
    assert_eq!(no_queue(&mut RemoteBrokerOffsetStore::default(), world), Reading::Done(OffsetRead::NoQueue));
    assert_eq!(OffsetRead::NoQueue.code(), -3);
    assert_eq!(no_queue(&mut local(), world), Reading::Done(OffsetRead::NotFound), "the file store knows no -3");
}

#[test]
fn a_broker_may_answer_later_and_a_frozen_entry_stays() {
    let world = &mut World { later: true, ..World::default() };
    let mut store = RemoteBrokerOffsetStore::default();
    assert_eq!(store.read_offset(Some(&q(0)), BOTH, world), Reading::Asked);
    store.update_and_freeze_offset(&q(0), 3, world);
    assert_eq!(store.answer_read(&q(0), QueryAnswer::Success(40), world), OffsetRead::Found(40));
    assert_eq!(read(&mut store, world, 0, MEMORY), 3);
}

#[test]
fn the_remote_store_sends_what_is_assigned_and_drops_the_rest() {
    let world = &mut World::default();
    let mut store = RemoteBrokerOffsetStore::default();
    for id in 0..3 {
        store.update_offset(&q(id), 10 + i64::from(id), false, world);
    }
    store.persist_all(&BTreeSet::new(), world);
    assert_eq!((world.updates.len(), read(&mut store, world, 2, MEMORY)), (0, 12), "no queues: nothing happens");
    store.persist_all(&queues(&[0, 1, 7]), world);
    store.persist_all(&queues(&[0, 1]), world);
    let both = [(q(0), 10), (q(1), 11)];
    assert_eq!(world.updates, [both.clone(), both].concat(), "sent again although unchanged");
    assert_eq!(read(&mut store, world, 2, MEMORY), -1, "dropped without being sent");
    world.updates.clear();
    store.persist(&q(1), world);
    store.persist(&q(2), world);
    assert_eq!(world.updates, [(q(1), 11)], "nothing to send for an unknown queue");
}

#[test]
fn the_local_store_writes_main_and_copy() {
    let world = &mut World::default();
    let mut store = local();
    store.update_offset(&q(0), 1, false, world);
    store.update_offset(&q(1), 2, false, world);
    store.persist_all(&BTreeSet::new(), world);
    assert_eq!(world.disk, Disk::default(), "no queues: nothing happens");
    store.persist_all(&queues(&[0]), world);
    assert_eq!(store.path(), "/home/u/.rocketmq_offsets/10.0.0.1@DEFAULT/g/offsets.json");
    assert_eq!(world.disk.files().count(), 1, "no copy before there is a former version");
    let first = world.disk.read(store.path()).unwrap();
    assert_eq!(loaded(world), Ok(BTreeMap::from([(0, 1)])), "only what is assigned is written");
    assert_eq!(read(&mut store, world, 1, MEMORY), 2, "but nothing is dropped from memory");
    store.persist(&q(1), world);
    assert_eq!(loaded(world), Ok(BTreeMap::from([(0, 1), (1, 2)])), "entries of other queues stay in the file");
    assert_eq!(world.disk.read(&format!("{}.bak", store.path())).unwrap(), first);
    store.remove_offset(&q(0), world);
    assert_eq!(read(&mut store, world, 0, BOTH), 1, "removed from memory only");
    assert_eq!(read(&mut store, world, 5, STORE), -1);
    store.update_offset(&q(0), 50, false, world);
    assert_eq!(read(&mut store, world, 0, STORE), 1, "the file wins");
    assert_eq!(read(&mut store, world, 0, MEMORY), 1);
}

#[test]
fn a_broken_file_falls_back_to_its_copy() {
    let (old, new) = (file(&[(0, 1)]), file(&[(0, 2)]));
    // Main; copy; what is loaded (None: the consumer cannot start); what the file holds after persisting (0, 9).
    let good = |offset| Some(BTreeMap::from([(0, offset)]));
    let empty = Some(BTreeMap::new());
    let table: [(Option<&str>, Option<&str>, _, _); 11] = [
        (None, None, empty.clone(), good(9)),
        (Some(&new), Some(&old), good(2), good(9)),
        (None, Some(&old), good(1), good(9)),
        (Some(""), Some(&old), good(1), good(9)),
        (Some(&new[..20]), Some(&old), good(1), good(9)),
        (Some("null"), Some(&old), empty.clone(), good(9)),
        (Some(" \n"), Some(&old), empty.clone(), good(9)),
        (Some(&new[..20]), None, empty.clone(), good(9)),
        (Some(&new[..20]), Some(""), empty.clone(), good(9)),
        (Some(&new[..20]), Some("{"), None, None),
        (Some("{\"offsetTable\":null}"), Some(&old), empty.clone(), empty),
    ];
    for (main, copy, expected, persisted) in table {
        let case = format!("main {main:?}, copy {copy:?}");
        let world = &mut World::default();
        let mut store = local();
        let backup = format!("{}.bak", store.path());
        for (path, text) in [(store.path(), main), (&backup, copy)] {
            if let Some(text) = text {
                world.disk.place(path, text.as_bytes());
            }
        }
        assert_eq!(loaded(world).ok(), expected, "{case}");
        let offset = expected.as_ref().and_then(|table| table.get(&0)).copied().unwrap_or(-1);
        assert_eq!(read(&mut store, world, 0, STORE), offset, "{case}: every failure is -1");
        store.update_offset(&q(0), 9, false, world);
        let before = world.disk.clone();
        store.persist_all(&queues(&[0]), world);
        assert_eq!(loaded(world).ok(), persisted, "{case}");
        let written = persisted == good(9);
        assert_eq!(world.disk != before, written, "{case}: what cannot be read is not overwritten");
        if let (true, Some(main)) = (written, main) {
            assert_eq!(world.disk.read(&backup).unwrap(), main.as_bytes(), "{case}: the copy is the former main");
        }
    }
}

#[test]
fn a_broken_copy_is_named_with_its_place() {
    let world = &mut World::default();
    world.disk.place(&format!("{}.bak", local().path()), b"{\n\"offsetTable\":{x:1}}");
    let error = loaded(world).unwrap_err().to_string();
    assert!(
        error.starts_with("neither /home/u/.rocketmq_offsets/10.0.0.1@DEFAULT/g/offsets.json nor its copy"),
        "{error}"
    );
    assert!(error.contains("line 2, column 16: expected a queue"), "{error}");
}

/// Trap E32: `ip@DEFAULT` is the id of every process on a host.
#[test]
fn two_processes_share_one_file() {
    let world = &mut World::default();
    let (mut one, mut other) = (local(), local());
    one.update_offset(&q(0), 10, false, world);
    one.update_offset(&q(1), 10, false, world);
    one.persist_all(&queues(&[0, 1]), world);
    other.update_offset(&q(1), 4, false, world);
    other.persist_all(&queues(&[1]), world);
    assert_eq!(loaded(world), Ok(BTreeMap::from([(0, 10), (1, 4)])), "the later writer wins, even backwards");
    assert_eq!(read(&mut one, world, 1, MEMORY), 10, "the first one does not notice");
    let mut elsewhere = LocalFileOffsetStore::new("/home/u/.rocketmq_offsets", "10.0.0.1@77#1", "g");
    elsewhere.load(world).unwrap();
    assert!(elsewhere.clone_offset_table(&|_| true).is_empty(), "a new client id starts without progress");
}

#[test]
fn a_write_can_fail_in_four_ways() {
    let text = |entries: &[(i32, i64)]| {
        let world = &mut World::default();
        let mut store = local();
        for &(id, offset) in entries {
            store.update_offset(&q(id), offset, false, world);
        }
        store.persist_all(&queues(&[0, 1]), world);
        String::from_utf8(world.disk.read(store.path()).unwrap()).unwrap()
    };
    let (old, new) = (text(&[(0, 1)]), text(&[(0, 1), (1, 2)]));
    // What is set; the main file and the copy afterwards; what a restart loads.
    type Setting = fn(&mut Disk, usize, usize);
    type Case<'a> = (&'a str, Setting, &'a str, Option<&'a str>, Option<i32>);
    let table: [Case; 5] = [
        ("read-only", |disk, _, _| disk.read_only = true, &old, None, Some(1)),
        (
            "full",
            |disk, old, new| disk.capacity_bytes = Some(old + new - 5),
            &new[..new.len() - 5],
            Some(&old),
            Some(1),
        ),
        ("dead in the copy", |disk, _, _| disk.crash_after_bytes = Some(4), &old, Some(&old[..4]), Some(1)),
        (
            "dead in the main file",
            |disk, old, _| disk.crash_after_bytes = Some(old + 7),
            &new[..7],
            Some(&old),
            Some(1),
        ),
        ("dead after all", |disk, old, new| disk.crash_after_bytes = Some(old + new), &new, Some(&old), Some(2)),
    ];
    for (case, set, main, copy, entries) in table {
        let world = &mut World::default();
        let mut store = local();
        world.disk.place(store.path(), old.as_bytes());
        set(&mut world.disk, old.len(), new.len());
        store.update_offset(&q(1), 2, false, world);
        store.persist_all(&queues(&[1]), world);
        let error = store.last_write_error().cloned();
        match case {
            "read-only" => assert!(matches!(error, Some(DiskError::ReadOnly { .. })), "{error:?}"),
            "full" => assert!(matches!(error, Some(DiskError::Full { .. })), "{error:?}"),
            "dead after all" => assert_eq!(error, None),
            _ => assert!(matches!(error, Some(DiskError::Crashed { .. })), "{case}: {error:?}"),
        }
        let held = |path: &str| world.disk.read(path).map(|bytes| String::from_utf8(bytes).unwrap());
        assert_eq!(held(store.path()).as_deref(), Some(main), "{case}");
        assert_eq!(held(&format!("{}.bak", store.path())).as_deref(), copy, "{case}");
        assert_eq!(loaded(world).ok().map(|table| table.len() as i32), entries, "{case}");
    }
}
