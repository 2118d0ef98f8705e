//! The comparison as JSON: every figure of every variant beside the base.

use serde_json::{Map, Value, json};

use super::{Comparison, letter};
use crate::report::summary::json::value;
use crate::report::wording::printable;
use crate::sweep::{Change, Paired};

/// The whole comparison, indented, with a newline at its end.
#[must_use]
pub fn summary(comparison: &Comparison<'_>) -> String {
    let variants: Vec<Value> = (comparison.variants.iter().enumerate())
        .map(|(position, variant)| {
            json!({
                "letter": letter(position), "name": variant.name, "file": variant.file, "set": variant.overrides,
                "figures": figures(comparison, position),
            })
        })
        .collect();
    let root = json!({
        "verdict": if comparison.violated() { "violated" } else { "compared" },
        "title": comparison.title,
        "seeds": comparison.seeds.to_string(),
        "command": comparison.command,
        "limits": limits(comparison),
        "variants": variants,
    });
    let mut text = serde_json::to_string_pretty(&root).expect("keys are strings and numbers are finite");
    text.push('\n');
    printable(&text).into_owned()
}

fn figures(comparison: &Comparison<'_>, position: usize) -> Value {
    let variant = &comparison.variants[position];
    let mut all = Map::new();
    for figure in &comparison.figures_of_all() {
        let Some(quantiles) = variant.quantiles(figure) else { continue };
        let mut own = json!({
            "p50": value(quantiles.at(500)), "p90": value(quantiles.at(900)), "p99": value(quantiles.at(990)),
            "max": value(quantiles.at(1_000)), "mean": value(quantiles.mean()),
        });
        if let Some(paired) = (position > 0).then(|| comparison.paired(figure, variant)).flatten() {
            own["beside_the_base"] = beside(&paired);
        }
        all.insert(figure.to_owned(), own);
    }
    Value::Object(all)
}

pub(in crate::report) fn beside(paired: &Paired) -> Value {
    let (interval, (better, worse)) = (paired.interval(), paired.seeds());
    json!({
        "mean_difference": signed(paired.mean()), "low": signed(interval.low), "high": signed(interval.high),
        "told_apart": paired.is_told_apart(), "better_in": better, "worse_in": worse, "of": paired.count(),
        "unpaired_interval_times_as_wide": paired.narrowed_by().map(|hundredths| hundredths as f64 / 100.0),
    })
}

fn limits(comparison: &Comparison<'_>) -> Value {
    let of_one = |limit: &crate::scenario::Limit| {
        let breaks: Vec<String> = (comparison.others())
            .filter(|(_, other)| comparison.breaches(other).any(|(broken, _)| broken == limit))
            .map(|(letter, _)| letter)
            .collect();
        json!({"fail_if": limit.text, "broken_by": breaks})
    };
    comparison.limits.iter().map(of_one).collect()
}

/// A difference with its sign.
fn signed(change: Change) -> Value {
    match value(change.amount) {
        Value::Number(number) if !change.more => {
            let minus = |text: String| text.parse::<serde_json::Number>().ok();
            let zero = number.as_f64() == Some(0.0);
            if zero { Value::Number(number) } else { minus(format!("-{number}")).map_or(Value::Null, Value::Number) }
        }
        other => other,
    }
}
