//! The allocation strategies: against recorded answers of RocketMQ's classes, and by their properties.

mod golden;
mod mistakes;
mod promises;
mod wrong;

use std::io::Read as _;

use flate2::read::GzDecoder;

/// Recorded answers of the classes of RocketMQ 5.3.3, a compact part of the public ones.
fn vectors() -> String {
    unpacked(include_bytes!("../../fixtures/strategy_vectors.jsonl.gz"))
}

/// Recorded answers of the Go client's strategies (rocketmq-client-go v2.1.3-0.20251226070945), a compact part.
fn go_vectors() -> String {
    unpacked(include_bytes!("../../fixtures/go_strategy_vectors.jsonl.gz"))
}

fn unpacked(packed: &[u8]) -> String {
    let mut text = String::new();
    GzDecoder::new(packed).read_to_string(&mut text).expect("the fixture is text");
    text
}
