//! The allocation strategies: against recorded answers of RocketMQ's classes, and by their properties.

mod golden;
mod mistakes;
mod promises;
mod wrong;

use std::io::Read as _;

use flate2::read::GzDecoder;

/// Recorded answers of the classes of RocketMQ 5.3.3, a compact part of the public ones.
fn vectors() -> String {
    let mut text = String::new();
    let packed: &[u8] = include_bytes!("../../fixtures/strategy_vectors.jsonl.gz");
    GzDecoder::new(packed).read_to_string(&mut text).expect("the fixture is text");
    text
}
