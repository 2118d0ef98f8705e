//! The summary as JSON: what `--format json` prints and `summary.json` holds.

use std::collections::BTreeMap;

use serde_json::{Map, Number, Value, json};

use super::headline::verdict;
use super::quantiles::{by_part, groups, phases, quantiles_by_figure, topics, total};
use crate::check::{Figure, Figures, Window};
use crate::fidelity::Range;
use crate::report::wording::printable;
use crate::report::{Body, Report};
use crate::run::Outcome;
use crate::sweep::{Finished, Quantiles, SeedResult, Seeds, Standing};

/// The whole summary, indented, with a newline at its end.
#[must_use]
pub fn summary(report: &Report<'_>) -> String {
    let mut text = serde_json::to_string_pretty(&whole(report)).expect("keys are strings and numbers are finite");
    text.push('\n');
    // What JSON does not escape of its own accord, and a terminal would act on.
    printable(&text).into_owned()
}

/// The whole summary.
pub(in crate::report) fn whole(report: &Report<'_>) -> Value {
    let mut root = Map::new();
    let scenario = report.story.scenario;
    root.insert("verdict".to_owned(), json!(verdict(report).word().to_lowercase().replace(' ', "_")));
    root.insert("title".to_owned(), json!(scenario.title));
    root.insert("question".to_owned(), json!(scenario.question));
    root.insert("file".to_owned(), json!(report.story.file));
    root.insert("environment".to_owned(), json!(scenario.environment.name));
    root.insert("environment_file".to_owned(), json!(scenario.environment.file));
    root.insert("set".to_owned(), json!(report.story.overrides));
    root.insert("expectations".to_owned(), expectations(report));
    root.insert("extrapolated".to_owned(), json!(Range::public().left_by(&scenario.plan)));
    match &report.body {
        Body::One { outcome, result } => one(&mut root, report, outcome, result),
        Body::Many { seeds, finished } => many(&mut root, report, *seeds, finished),
    }
    Value::Object(root)
}

fn expectations(report: &Report<'_>) -> Value {
    let one = |judgement: &crate::sweep::Judgement| {
        let standing = match judgement.standing {
            Standing::Held => "held",
            Standing::Violated => "violated",
            Standing::NeedsSeeds => "needs_seeds",
        };
        json!({"expect": judgement.text, "standing": standing, "observed": judgement.observed.map(value), "seed": judgement.seed})
    };
    report.judgements.iter().map(one).collect()
}

fn one(root: &mut Map<String, Value>, report: &Report<'_>, outcome: &Outcome, result: &SeedResult) {
    root.insert("seed".to_owned(), json!(outcome.seed));
    root.insert("fingerprint".to_owned(), json!(outcome.fingerprint.to_string()));
    root.insert("events".to_owned(), json!(outcome.events));
    root.insert("peak_pending".to_owned(), json!(outcome.peak_pending));
    root.insert("end_ms".to_owned(), ms(outcome.end.as_nanos()));
    root.insert("windows".to_owned(), result.windows.iter().map(window).collect());
    let stalls = result.stall_causes.iter().map(|(cause, span)| (cause.word().to_owned(), ms(span.as_nanos())));
    root.insert("outside_the_measured_window".to_owned(), outside(result));
    root.insert("stalled_ms_by_cause".to_owned(), Value::Object(stalls.collect()));
    let duplicates = result.duplicate_causes.iter().map(|(cause, count)| (cause.word().to_owned(), json!(count)));
    root.insert("duplicates_by_cause".to_owned(), Value::Object(duplicates.collect()));
    root.insert("sightings".to_owned(), json!(result.sightings));
    let step = |(at, label): &(crate::kernel::Instant, String)| json!({"at_ms": ms(at.as_nanos()), "label": label});
    root.insert("steps".to_owned(), outcome.steps.iter().map(step).collect());
    root.insert("replay".to_owned(), json!(report.story.replay(outcome.seed)));
}

fn many(root: &mut Map<String, Value>, report: &Report<'_>, seeds: Seeds, finished: &Finished<SeedResult>) {
    root.insert("seeds".to_owned(), json!(seeds.to_string()));
    root.insert("runs".to_owned(), json!(finished.results.len()));
    root.insert("complete".to_owned(), json!(finished.complete));
    root.insert("events".to_owned(), json!(finished.results.iter().map(|result| result.events).sum::<u64>()));
    let figures = quantiles_by_figure(&finished.results);
    let rows =
        figures.iter().map(|(name, quantiles)| (key(name, quantiles.worst().0), quantile_row(report, quantiles)));
    root.insert("figures".to_owned(), Value::Object(rows.collect()));
    let stalls =
        total(&finished.results, |r| r.stall_causes.iter().map(|(cause, span)| (cause.word(), span.as_nanos())));
    let stalls =
        stalls.into_iter().map(|(cause, sum, seeds)| (cause.to_owned(), json!({"total_ms": ms(sum), "seeds": seeds})));
    let row = |(name, quantiles): (&str, &Quantiles)| (key(name, quantiles.worst().0), quantile_row(report, quantiles));
    let rows = |figures: &BTreeMap<&str, Quantiles>| figures.iter().map(|(name, of)| row((name, of))).collect();
    let parts = [
        ("figures_by_group", by_part(&finished.results, groups)),
        ("figures_by_topic", by_part(&finished.results, topics)),
    ];
    for (word, parts) in parts {
        let parts = parts.into_iter();
        let parts = parts.map(|(part, figures)| (part.to_owned(), Value::Object(rows(&figures))));
        root.insert(word.to_owned(), Value::Object(parts.collect()));
    }
    let phases = by_part(&finished.results, phases).into_iter();
    let phases = phases.map(|(label, figures)| json!({"label": label, "figures": Value::Object(rows(&figures))}));
    root.insert("figures_by_phase".to_owned(), phases.collect());
    let sum = |of: fn(&SeedResult) -> u64| finished.results.iter().map(of).sum::<u64>();
    let left_out = json!({"lost": sum(|result| result.outside.lost), "skipped": sum(|result| result.outside.skipped)});
    root.insert("outside_the_measured_window".to_owned(), left_out);
    root.insert("stalls_by_cause".to_owned(), Value::Object(stalls.collect()));
    let duplicates =
        total(&finished.results, |r| r.duplicate_causes.iter().map(|(cause, count)| (cause.word(), *count)));
    let duplicates =
        duplicates.into_iter().map(|(cause, sum, seeds)| (cause.to_owned(), json!({"total": sum, "seeds": seeds})));
    root.insert("duplicates_by_cause".to_owned(), Value::Object(duplicates.collect()));
    let mut sightings: BTreeMap<&str, u64> = BTreeMap::new();
    for name in finished.results.iter().flat_map(|result| result.sightings.keys()) {
        *sightings.entry(name).or_insert(0) += 1;
    }
    root.insert("seeds_by_sighting".to_owned(), json!(sightings));
}

fn quantile_row(report: &Report<'_>, quantiles: &Quantiles) -> Value {
    let (worst, seed) = quantiles.worst();
    json!({
        "seeds": quantiles.count(),
        "best": value(quantiles.at(0)),
        "p50": value(quantiles.at(500)),
        "p90": value(quantiles.at(900)),
        "p99": value(quantiles.at(990)),
        "worst": value(worst),
        "mean": value(quantiles.mean()),
        "worst_seed": seed,
        "replay": report.story.replay(seed),
    })
}

fn window(window: &Window) -> Value {
    json!({
        "label": window.label,
        "from_ms": ms(window.from.as_nanos()),
        "until_ms": ms(window.until.as_nanos()),
        "figures": figures(&window.figures),
        "groups": window.groups.iter().map(|(group, of)| (group.clone(), figures(of))).collect::<Map<_, _>>(),
        "topics": window.topics.iter().map(|(topic, of)| (topic.clone(), figures(of))).collect::<Map<_, _>>(),
    })
}

/// What the measured window leaves out.
fn outside(result: &SeedResult) -> Value {
    json!({"lost": result.outside.lost, "skipped": result.outside.skipped})
}

fn figures(figures: &Figures) -> Value {
    Value::Object(figures.iter().map(|(name, figure)| (key(name, *figure), value(*figure))).collect())
}

/// The name of a figure with its unit last, as in the header of `seeds.csv`.
pub(crate) fn key(name: &str, figure: Figure) -> String {
    match figure {
        Figure::Count(_) => name.to_owned(),
        Figure::Span(_) => format!("{name}_ms"),
        Figure::Millionths(_) => format!("{name}_millionths"),
    }
}

pub(crate) fn value(figure: Figure) -> Value {
    match figure {
        Figure::Count(value) | Figure::Millionths(value) => json!(value),
        Figure::Span(span) => ms(span.as_nanos()),
    }
}

/// Milliseconds as a JSON number, whole where they are whole.
fn ms(nanos: u64) -> Value {
    let micros = nanos / 1_000;
    if micros.is_multiple_of(1_000) {
        return json!(micros / 1_000);
    }
    // A quotient of two whole numbers below 2^53 prints with the three decimals it was made of.
    Number::from_f64(micros as f64 / 1_000.0).map_or(Value::Null, Value::Number)
}
