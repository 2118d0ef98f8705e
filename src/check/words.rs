//! The words of causes: each says a fact, and is said only where that was seen.

/// Nothing that was seen explains it.
pub const UNKNOWN: &str = "unknown";
