//! What an offset store answers to calls, as a client makes them.

use std::collections::BTreeSet;
use std::fmt;

use ::proptest::collection::{btree_set, vec};
use ::proptest::prelude::{Strategy, any, prop_oneof};

use crate::offset::{
    InMemory, Keeper, KnownStore, OffsetRead, OffsetStore, QueryAnswer, ReadOffsetType, Reading, StoreOwner,
    StoreParameters,
};

/// A call of a client.
#[derive(Debug, Clone)]
pub(super) enum Call {
    Update { queue: u32, offset: i64, increase_only: bool },
    Freeze { queue: u32, offset: i64 },
    Persist { queue: u32 },
    PersistAll { queues: BTreeSet<u32> },
    Remove { queue: u32 },
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Update { queue, offset, increase_only } => {
                write!(f, "update_offset(queue {queue}, {offset}, increase_only: {increase_only})")
            }
            Self::Freeze { queue, offset } => write!(f, "update_and_freeze_offset(queue {queue}, {offset})"),
            Self::Persist { queue } => write!(f, "persist(queue {queue})"),
            Self::PersistAll { queues } => write!(f, "persist_all(queues {queues:?})"),
            Self::Remove { queue } => write!(f, "remove_offset(queue {queue})"),
        }
    }
}

/// Queues that are called for, and some that are not.
const QUEUES: u32 = 3;

/// Up to eight calls. They shrink to fewer, with lower numbers.
pub(super) fn calls() -> impl Strategy<Value = Vec<Call>> {
    let call = prop_oneof![
        4 => (0..QUEUES, 0..=40_i64, any::<bool>())
            .prop_map(|(queue, offset, increase_only)| Call::Update { queue, offset, increase_only }),
        1 => (0..QUEUES, 0..=40_i64).prop_map(|(queue, offset)| Call::Freeze { queue, offset }),
        2 => (0..QUEUES).prop_map(|queue| Call::Persist { queue }),
        1 => btree_set(0..QUEUES, 0..=2).prop_map(|queues| Call::PersistAll { queues }),
        1 => (0..QUEUES).prop_map(|queue| Call::Remove { queue }),
    ];
    vec(call, 1..=8)
}

/// A member with its store, and what it stands on.
pub(super) struct Member {
    known: &'static KnownStore,
    store: Box<dyn OffsetStore<u32>>,
    pub(super) around: InMemory,
}

const DIRECTORY: &str = "/offsets";
const GROUP: &str = "g";

impl Member {
    /// A process that starts, with this around it.
    pub(super) fn start(known: &'static KnownStore, mut around: InMemory) -> Result<Self, String> {
        let owner = StoreOwner::new(DIRECTORY, "10.0.0.1@1", GROUP);
        let mut store = (known.make)(&StoreParameters::default(), &owner);
        store.load(&mut around).map_err(|error| format!("load() throws: {error}"))?;
        Ok(Self { known, store, around })
    }

    /// The calls as the client makes them; after each, what must hold. Its error names the calls until then.
    pub(super) fn make(
        &mut self,
        calls: &[Call],
        mut holds: impl FnMut(&mut Self, &Call, &Before) -> Result<(), String>,
    ) -> Result<(), String> {
        for (number, call) in calls.iter().enumerate() {
            let before = Before::of(self)?;
            self.call(call);
            holds(self, call, &before).map_err(|why| {
                let made: Vec<String> = calls[..=number].iter().map(ToString::to_string).collect();
                format!("after {}: {why}", made.join(", "))
            })?;
        }
        Ok(())
    }

    fn call(&mut self, call: &Call) {
        let Self { store, around, .. } = self;
        match call {
            Call::Update { queue, offset, increase_only } => {
                store.update_offset(queue, *offset, *increase_only, around);
            }
            Call::Freeze { queue, offset } => store.update_and_freeze_offset(queue, *offset, around),
            Call::Persist { queue } => store.persist(queue, around),
            Call::PersistAll { queues } => store.persist_all(queues, around),
            Call::Remove { queue } => store.remove_offset(queue, around),
        }
    }

    /// What memory has of a queue; both ways to ask say the same.
    pub(super) fn memory(&mut self, queue: u32) -> Result<Option<i64>, String> {
        let read = self.store.read_offset(Some(&queue), ReadOffsetType::ReadFromMemory, &mut self.around);
        let read = match read {
            Reading::Done(OffsetRead::Found(offset)) => Some(offset),
            Reading::Done(OffsetRead::NotFound) => None,
            other => return Err(format!("memory answers {other:?} of queue {queue}")),
        };
        match self.store.clone_offset_table(&|_| true).get(&queue).copied() {
            listed if listed == read => Ok(read),
            listed => Err(format!("queue {queue} is {} in memory, and {} in the table", told(read), told(listed))),
        }
    }

    /// What the next process on the same machine goes on from.
    pub(super) fn kept(&self, queue: u32) -> Result<Option<i64>, String> {
        Self::start(self.known, self.around.clone())?.stored(queue)
    }

    /// What a member on another machine goes on from, where all members know the same.
    pub(super) fn kept_elsewhere(&self, queue: u32) -> Result<Option<i64>, String> {
        if self.known.keeper == Keeper::OwnFile {
            return self.kept(queue);
        }
        let around = InMemory { disk: Default::default(), ..self.around.clone() };
        Self::start(self.known, around)?.stored(queue)
    }

    fn stored(&mut self, queue: u32) -> Result<Option<i64>, String> {
        match self.store.read_offset(Some(&queue), ReadOffsetType::ReadFromStore, &mut self.around) {
            Reading::Done(OffsetRead::Found(offset)) => Ok(Some(offset)),
            Reading::Done(OffsetRead::NotFound) => Ok(None),
            other => Err(format!("a read of queue {queue} is {other:?}, though it is answered at once")),
        }
    }

    /// A question that is answered later; `None`: it is answered at once, as by a file.
    pub(super) fn answered_later(&mut self, queue: u32, answer: QueryAnswer) -> Option<OffsetRead> {
        let asked = self.store.read_offset(Some(&queue), ReadOffsetType::ReadFromStore, &mut self.around);
        (asked == Reading::Asked).then(|| self.store.answer_read(&queue, answer, &mut self.around))
    }
}

/// An offset in a sentence.
pub(super) fn told(offset: Option<i64>) -> String {
    offset.map_or_else(|| "nothing".to_owned(), |offset| offset.to_string())
}

/// What was there before a call.
pub(super) struct Before {
    pub(super) memory: Vec<Option<i64>>,
    pub(super) kept: Vec<Option<i64>>,
    pub(super) around: InMemory,
}

impl Before {
    fn of(member: &mut Member) -> Result<Self, String> {
        let memory = all().map(|queue| member.memory(queue)).collect::<Result<_, _>>()?;
        let kept = all().map(|queue| member.kept(queue)).collect::<Result<_, _>>()?;
        Ok(Self { memory, kept, around: member.around.clone() })
    }
}

/// All queues, those that no call names too.
pub(super) fn all() -> impl Iterator<Item = u32> {
    0..QUEUES
}
