//! Offset stores: how far a group has consumed, and who remembers it (specification A10).
//!
//! ```text
//!   OffsetStore  <- RemoteBrokerOffsetStore --OffsetPort--> broker       (CLUSTERING)
//!                <- LocalFileOffsetStore    --FileSystem--> offsets.json (BROADCASTING)
//! ```
//! The stores decide nothing about time: a question to a broker is asked here and answered later by the model.

mod broker_file;
mod concurrent_hash_map;
pub mod conformance;
pub mod fastjson;
mod file_system;
mod known;
mod local;
mod queue_key;
mod remote;
mod store;
mod table;

pub use broker_file::{ConsumerOffsets, DataVersion};
pub use concurrent_hash_map::{ConcurrentHashMap, JavaHash, java_string_hash};
pub use file_system::{Disk, DiskError, FileSystem, file_to_string, string_to_file};
pub use known::{KnownStore, STORES};
pub use local::LocalFileOffsetStore;
pub use queue_key::QueueKey;
pub use remote::RemoteBrokerOffsetStore;
pub use store::{
    OffsetPort, OffsetRead, OffsetStore, OffsetStoreError, OffsetSurroundings, QueryAnswer, ReadOffsetType, Reading,
};
pub use table::OffsetTable;
