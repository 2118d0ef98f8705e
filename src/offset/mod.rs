//! Offset stores: how far a group has consumed, and who remembers it (`OffsetStore`).
//!
//! ```text
//!   OffsetStore  <- RemoteBrokerOffsetStore --OffsetPort-----> broker       (CLUSTERING)
//!                <- LocalFileOffsetStore    --FileSystem-----> offsets.json (BROADCASTING)
//!                <- CommitAtEveryUpdate     --OffsetPort-----> broker       (what if each update were sent?)
//!                <- ApplicationDatabase     --OffsetDatabase-> database     (what if the application kept them?)
//! ```
//! The stores decide nothing about time: a question to a broker or database is asked here and answered later by the model.

mod application_database;
mod broker_file;
mod by_name;
mod commit_at_every_update;
mod concurrent_hash_map;
#[cfg(feature = "readers")]
pub mod conformance;
pub mod fastjson;
mod file_system;
mod in_memory;
mod local;
mod local_by_number;
mod local_of_go;
mod queue_key;
mod registry;
mod remote;
mod store;
mod table;

pub use application_database::{ApplicationDatabase, DatabaseCommit};
pub use broker_file::{ConsumerOffsets, DataVersion};
pub use by_name::ByName;
pub use commit_at_every_update::CommitAtEveryUpdate;
pub use concurrent_hash_map::{ConcurrentHashMap, JavaHash, java_string_hash};
pub use file_system::{Disk, DiskError, FileSystem, file_to_string, string_to_file};
pub use in_memory::InMemory;
pub use local::LocalFileOffsetStore;
pub use local_by_number::LocalByNumber;
pub use local_of_go::LocalFileOfGo;
pub use queue_key::QueueKey;
pub use registry::{ChosenStore, Keeper, KnownStore, STORES, StoreMaker, StoreOwner, StoreParameters, known_store};
pub use remote::RemoteBrokerOffsetStore;
pub use store::{
    OffsetDatabase, OffsetPort, OffsetRead, OffsetStore, OffsetStoreError, OffsetSurroundings, QueryAnswer,
    ReadOffsetType, Reading,
};
pub use table::OffsetTable;
