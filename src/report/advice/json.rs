//! The advice as JSON.

use serde_json::{Map, Value, json};

use super::{Advice, Fallen, Tried, Why, is_zero};
use crate::report::comparison::json_beside;
use crate::report::summary::json::{key, value};
use crate::report::wording::printable;
use crate::scenario::levers::Trial;
use crate::sweep::Quantiles;

/// The whole advice, indented, with a newline at its end.
///
/// # Panics
/// Never: keys are strings and numbers are finite.
#[must_use]
pub fn summary(advice: &Advice<'_>) -> String {
    let verdict = match advice.helped {
        _ if is_zero(advice.figure, advice.base) => "nothing_to_better",
        [] => "nothing_helps",
        _ => "advised",
    };
    let base = Quantiles::of(advice.figure, advice.base);
    let root = json!({
        "verdict": verdict,
        "title": advice.title,
        "file": advice.file,
        "set": advice.set,
        "less": advice.figure,
        "seeds": advice.seeds.to_string(),
        "values_to_try": advice.tried,
        "runs": advice.runs,
        "command": advice.command,
        "as_it_is": base.as_ref().map(quantiles),
        "helps": advice.helped.iter().map(|tried| of_one(advice, tried)).collect::<Vec<_>>(),
        "does_not_help": advice.fallen.iter().map(fell).collect::<Vec<_>>(),
    });
    let mut text = serde_json::to_string_pretty(&root).expect("keys are strings and numbers are finite");
    text.push('\n');
    printable(&text).into_owned()
}

fn quantiles(quantiles: &Quantiles) -> Value {
    json!({
        "p50": value(quantiles.at(500)), "p90": value(quantiles.at(900)), "worst": value(quantiles.worst().0),
        "mean": value(quantiles.mean()),
    })
}

fn of_trial(trial: &Trial) -> Value {
    json!({
        "setting": trial.setting, "from": trial.from, "to": trial.to, "set": trial.set,
        "needs": trial.needs.words(), "risk": trial.risk,
    })
}

fn of_one(advice: &Advice<'_>, tried: &Tried) -> Value {
    let moved = |better| {
        let figures = advice.moved(tried, better).into_iter();
        let row = |moved: super::Moved<'_>| (key(moved.figure, moved.paired.mean().amount), json_beside(&moved.paired));
        Value::Object(figures.map(row).collect::<Map<_, _>>())
    };
    json!({
        "values": tried.trials.iter().map(of_trial).collect::<Vec<_>>(),
        "effect": advice.paired(tried).as_ref().map(json_beside),
        "then": Quantiles::of(advice.figure, &tried.results).as_ref().map(quantiles),
        "worse": moved(false),
        "better": moved(true),
        "compare": advice.again(tried),
    })
}

fn fell(fallen: &Fallen) -> Value {
    let (why, detail) = match &fallen.why {
        Why::Same => ("same", None),
        Why::Unsound(detail) => ("not_alone", Some(detail.clone())),
        Why::Warned(detail) => ("check_warns", Some(detail.clone())),
        Why::Beyond(detail) => ("beyond", Some(detail.clone())),
        Why::NotBetter(seeds) => ("not_better", Some(format!("{seeds} seeds"))),
        Why::Behind(seeds) => ("others_better", Some(format!("{seeds} seeds"))),
        Why::Small => ("less_than_a_twentieth", None),
        Why::NotTold => ("not_told_apart", None),
        Why::NoBetterThan(detail) => ("no_better_than_alone", Some(detail.clone())),
    };
    let values: Vec<Value> =
        fallen.trials.iter().map(|trial| json!({"setting": trial.setting, "to": trial.to})).collect();
    json!({"values": values, "why": why, "detail": detail})
}
