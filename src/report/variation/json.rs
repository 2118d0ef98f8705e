//! The grid as JSON.

use serde_json::{Map, Value, json};

use super::{Point, Variation};
use crate::report::comparison::json_beside;
use crate::report::summary::json::{key, value};
use crate::report::wording::printable;
use crate::sweep::Knee;

/// The whole grid, indented, with a newline at its end.
///
/// # Panics
/// Never: keys are strings and numbers are finite.
#[must_use]
pub fn summary(variation: &Variation<'_>) -> String {
    let axes: Vec<Value> =
        variation.axes.iter().map(|axis| json!({"path": axis.path, "values": axis.values})).collect();
    let points: Vec<Value> = variation.points.iter().map(|point| of_point(variation, point)).collect();
    let root = json!({
        "verdict": "varied",
        "title": variation.title,
        "file": variation.file,
        "seeds": variation.seeds.to_string(),
        "command": variation.command,
        "axes": axes,
        "points": points,
        "knees": knees(variation),
    });
    let mut text = serde_json::to_string_pretty(&root).expect("keys are strings and numbers are finite");
    text.push('\n');
    printable(&text).into_owned()
}

fn of_point(variation: &Variation<'_>, point: &Point) -> Value {
    let mut figures = Map::new();
    for figure in variation.figures() {
        let Some(quantiles) = variation.quantiles(figure, point) else { continue };
        let mut own = json!({
            "p10": value(quantiles.at(100)), "p50": value(quantiles.at(500)), "p90": value(quantiles.at(900)),
            "p99": value(quantiles.at(990)), "max": value(quantiles.at(1_000)), "mean": value(quantiles.mean()),
        });
        let paired = variation.paired(figure, &variation.points[0], point);
        if let Some(paired) = paired.filter(|_| point.at.iter().any(|at| *at > 0)) {
            own["beside_the_first"] = json_beside(&paired);
        }
        figures.insert(key(figure, quantiles.at(0)), own);
    }
    let at: Vec<&String> = variation.axes.iter().zip(&point.at).map(|(axis, at)| &axis.values[*at]).collect();
    json!({"values": at, "set": point.overrides, "figures": figures})
}

/// Of each figure the value of its knee, else null with the reason; nothing where there are two axes.
fn knees(variation: &Variation<'_>) -> Value {
    let of_one = |figure: &str| {
        let at = match variation.knee(figure)? {
            Knee::At { position, .. } => Some(&variation.axes[0].values[position]),
            _ => None,
        };
        Some((figure.to_owned(), json!({"at": at, "said": variation.knee_in_words(figure)})))
    };
    Value::Object(variation.figures().into_iter().filter_map(of_one).collect())
}
