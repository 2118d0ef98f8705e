//! `summary.json` of a validation.

use serde_json::{Value, json};

use super::owners_text;
use crate::fidelity::{Compared, ComparedPhase, ComparedTrace, Totals, Typical};
use crate::sweep::Seeds;

/// Totals, and every phase with its values.
#[must_use]
pub fn summary(traces: &[ComparedTrace], typical: &[Typical], totals: &Totals, seeds: Seeds) -> String {
    let rounded = |number: f64| (number * 1000.0).round() / 1000.0;
    let by_measure: Vec<Value> = totals
        .by_measure
        .iter()
        .map(|(measure, mine, theirs)| {
            json!({ "measure": measure.name(), "crps": rounded(*mine), "other_recordings": rounded(*theirs) })
        })
        .collect();
    let value = |value: &Compared| {
        let [least, low, median, high, most] = value.quantiles;
        json!({
            "measure": value.key.0.name(), "key": value.key.1, "real": value.real,
            "p0.5": least, "p5": low, "p50": median, "p95": high, "p99.5": most,
            "below": value.rank.0, "equal": value.rank.1, "in_band": value.in_band,
            "crps": rounded(value.crps), "other_recordings": value.yardstick.map(rounded),
        })
    };
    let phase = |phase: &ComparedPhase| {
        json!({
            "phase": phase.phase, "from_ms": phase.from_ms, "until_ms": phase.until_ms,
            "owners": owners_text(&phase.owners), "owners_hit": phase.owners_hit,
            "values": phase.values.iter().map(value).collect::<Vec<_>>(),
        })
    };
    let of_trace = |(trace, typical): (&ComparedTrace, &Typical)| {
        json!({
            "trace": trace.trace, "story": trace.story, "typical_seed": typical.seed,
            "phases": trace.phases.iter().map(phase).collect::<Vec<_>>(),
        })
    };
    let whole = json!({
        "seeds": seeds.to_string(),
        "recordings": traces.len(),
        "coverage_percent": rounded(totals.coverage()),
        "values": totals.values, "in_band": totals.in_band,
        "owner_maps_percent": rounded(totals.owner_maps()),
        "phases": totals.phases, "owner_maps": totals.owners_hit,
        "yardstick_ratio": totals.yardstick_ratio.map(rounded),
        "yardstick_ratio_interval": totals.ratio_interval.map(|(low, high)| [rounded(low), rounded(high)]),
        "by_measure": by_measure,
        "traces": traces.iter().zip(typical).map(of_trace).collect::<Vec<_>>(),
    });
    let mut text = serde_json::to_string_pretty(&whole).expect("plain values are JSON");
    text.push('\n');
    text
}
