//! Files on the disks of brokers and clients: JSON as fastjson writes it, and their `.bak`, which are the files before the
//! last writing.

mod document;
mod groups;
mod modes;
mod offsets;
#[cfg(test)]
mod tests;
mod topics;

pub(super) use document::{Document, JsonReader, OtherJson, cut, queue_of};
pub(super) use groups::{GROUPS, group_config};
pub(super) use modes::{MODES, OTHERS};
pub(super) use offsets::{CLIENT_OFFSETS, CONSUMER_OFFSETS, DELAY_OFFSETS};
#[cfg(test)]
pub(super) use tests::{TEXTS, check};
pub(super) use topics::{MAPPINGS, TOPICS};
