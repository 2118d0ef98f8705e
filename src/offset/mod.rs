//! Offset stores: how far a group has consumed, and who remembers it (specification A10).

mod table;

pub use table::OffsetTable;
