//! `summary.json` of a validation.

use serde_json::{Value, json};

use super::{Validation, owners_text};
use crate::fidelity::{Compared, ComparedPhase, ComparedTrace, Typical, by_family};

/// Totals, and every phase with its values.
#[must_use]
pub fn summary(validation: &Validation<'_>) -> String {
    let Validation { compared: traces, typical, totals, seeds, .. } = *validation;
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
            "family": trace.family.to_string(), "load_average": trace.load_average,
            "busy_machine": trace.machine.busy, "start_as_recorded": trace.machine.gives_starts(),
            "phases": trace.phases.iter().map(phase).collect::<Vec<_>>(),
            "whole": trace.whole.iter().map(value).collect::<Vec<_>>(),
        })
    };
    let families: Vec<Value> = by_family(traces, validation.unplayed)
        .iter()
        .map(|of| {
            json!({
                "family": of.family.to_string(), "machine": of.machine.to_string(), "recordings": of.recordings, "not_played": of.unplayed,
                "values": of.totals.values, "in_band": of.totals.in_band,
                "coverage_percent": rounded(of.totals.coverage()),
                "phases": of.totals.phases, "owner_maps": of.totals.owners_hit,
                "yardstick_ratio": of.totals.yardstick_ratio.map(rounded),
                "whole_values": of.whole.1, "whole_in_band": of.whole.0,
                "load_average": of.load.map(|(least, most)| [least, most]),
            })
        })
        .collect();
    let not_played: Vec<Value> = (validation.unplayed.iter())
        .map(|one| json!({ "trace": one.trace, "family": one.family.to_string(), "why": one.why.to_string() }))
        .collect();
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
        "families": families,
        "not_played": not_played,
        "traces": traces.iter().zip(typical).map(of_trace).collect::<Vec<_>>(),
    });
    let mut text = serde_json::to_string_pretty(&whole).expect("plain values are JSON");
    text.push('\n');
    text
}
