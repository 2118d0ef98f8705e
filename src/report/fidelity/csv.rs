//! `measures.csv`: every real and every predicted value, a row a seed.

use super::owners_text;
use crate::fidelity::ComparedTrace;
use crate::report::harmless;
use crate::sweep::Seeds;

/// The file.
///
/// # Panics
/// Never: rows go to memory.
#[must_use]
pub fn measures(traces: &[ComparedTrace], seeds: Seeds) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut row = |fields: [&str; 7]| {
        writer.write_record(fields.map(harmless).map(|cell| cell.into_owned())).expect("memory takes all")
    };
    row(["trace", "phase", "measure", "key", "real", "seed", "value"]);
    for trace in traces {
        for (number, phase) in trace.phases.iter().enumerate() {
            let number = number.to_string();
            for value in &phase.values {
                let (measure, key) = &value.key;
                for (seed, predicted) in (seeds.first()..).zip(&value.predicted) {
                    let (real, seed, predicted) = (value.real.to_string(), seed.to_string(), predicted.to_string());
                    row([&trace.trace, &number, measure.name(), key, &real, &seed, &predicted]);
                }
            }
            let real = owners_text(&phase.owners);
            for (seed, owners) in (seeds.first()..).zip(&phase.predicted_owners) {
                row([&trace.trace, &number, "owners", "", &real, &seed.to_string(), &owners_text(owners)]);
            }
        }
        for value in &trace.whole {
            let (measure, key) = &value.key;
            for (seed, predicted) in (seeds.first()..).zip(&value.predicted) {
                let (real, seed, predicted) = (value.real.to_string(), seed.to_string(), predicted.to_string());
                row([&trace.trace, "", measure.name(), key, &real, &seed, &predicted]);
            }
        }
    }
    writer.into_inner().expect("memory takes all")
}
