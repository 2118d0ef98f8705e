//! `expect`: lines such as `stalled.max.p99 <= 3s` become [`Expectation`]s.

use super::part::{Part, scopes};
use super::text::{Fault, Node, Sources, Value, list};
use super::{Comparison, Expectation, Scope};
use crate::check::{AnomalyKind, Cause, Figure, Trap, Unit, known_figure, known_figures};
use crate::kernel::Span;
use crate::model::plan::Plan;
use crate::wording::{by_nearness, instead};

const FORM: &str = "write FIGURE OPERATOR VALUE, as in `lost == 0`, `duplicates.p99 <= 200`, `some: unowned.max >= 1s` \
                    or `phase kill-c2: stalled.max <= 3s`";

/// Longest first, so that `<=` is not read as `<`.
const OPERATORS: [(&str, Comparison); 6] = [
    ("==", Comparison::Equal),
    ("!=", Comparison::NotEqual),
    ("<=", Comparison::AtMost),
    (">=", Comparison::AtLeast),
    ("<", Comparison::Less),
    (">", Comparison::Greater),
];

/// Reads the list of expectations; their phases are labels of the plan's timeline.
pub(super) fn read_expectations(
    node: Option<&Node>,
    plan: &Plan,
    sources: &Sources,
) -> Result<Vec<Expectation>, Fault> {
    let items = node.map_or(Ok(&[][..]), |node| list(node, "a list of strings such as [\"lost == 0\"]"))?;
    let placed = |item: &Node| Ok(Expectation { line: sources.line(item.place), ..read_expectation(item, plan)? });
    items.iter().map(placed).collect()
}

fn read_expectation(item: &Node, plan: &Plan) -> Result<Expectation, Fault> {
    let Value::Text(text) = &item.value else {
        return Err(item.not("a string such as \"lost == 0\""));
    };
    let refuse = |problem: String, allowed: &str| Fault::new(item.place, problem, allowed);
    let (mut rest, mut scope, mut window, mut part) = (text.trim(), None, None, None);
    // What stands behind an operator is a value, and `00:00:05` is one.
    let scope_of =
        |rest: &'_ str| rest.split_once(':').is_some_and(|(prefix, _)| !prefix.contains(['=', '!', '<', '>']));
    while let Some((prefix, bound)) = rest.split_once(':').filter(|_| scope_of(rest)) {
        match prefix.trim() {
            "some" if scope.is_none() => scope = Some(Scope::Some),
            "every" if scope.is_none() => scope = Some(Scope::Every),
            other => match other.strip_prefix("phase ") {
                Some(label) if window.is_none() => {
                    let label = label.trim();
                    if !plan.timeline.iter().any(|step| step.label == label) {
                        let labels = plan.timeline.iter().map(|step| step.label.as_str());
                        return Err(refuse(format!("no step is marked `{label}`"), &instead(label, labels)));
                    }
                    window = Some(label.to_owned());
                }
                _ => match Part::named(other, plan).filter(|_| part.is_none()) {
                    Some(named) => part = Some(named),
                    None => return Err(refuse(format!("`{other}:` is no scope"), &scopes(other, plan))),
                },
            },
        }
        rest = bound.trim();
    }
    let found = rest.find(['=', '!', '<', '>']).and_then(|at| {
        let operator = OPERATORS.iter().find(|(sign, _)| rest[at..].starts_with(sign))?;
        Some((rest[..at].trim(), operator.1, rest[at + operator.0.len()..].trim()))
    });
    let (name, comparison, value) = found.ok_or_else(|| refuse(format!("`{text}` is no expectation"), FORM))?;
    let (figure, quantile) = split_quantile(name);
    refuse_unknown(figure, name).map_err(|(problem, allowed)| refuse(problem, &allowed))?;
    let scope = match (scope, quantile) {
        (Some(_), Some(_)) => {
            return Err(refuse(
                format!("`{text}` has two scopes"),
                "a quantile is over all seeds already; leave `some:` or `every:` out",
            ));
        }
        (scope, quantile) => quantile.or(scope).unwrap_or(Scope::Every),
    };
    let given = value;
    let value = read_value(given).ok_or_else(|| {
        refuse(format!("`{given}` is no value"), "write a count, a duration such as 3s, or a share such as 1%")
    })?;
    let value = in_unit(figure, value, given).map_err(|problem| {
        let unit = unit_of(figure);
        refuse(problem, &format!("write {}", unit.form()))
    })?;
    let figure = match part {
        None => figure.to_owned(),
        Some(part) => part.figure(figure, plan).map_err(|(problem, allowed)| refuse(problem, &allowed))?,
    };
    Ok(Expectation { text: text.clone(), line: None, window, figure, scope, comparison, value })
}

/// A figure that does not exist, with what does; `name` is how the file has it.
pub(super) fn refuse_unknown(figure: &str, name: &str) -> Result<(), (String, String)> {
    let digits = figure.rsplit_once(".p").map_or("", |(_, digits)| digits);
    if !is_known(figure) && digits.starts_with(|c: char| c.is_ascii_digit()) {
        let allowed = "allowed is p0 to p100, with one decimal place, as in p99.9";
        return Err((format!("`p{digits}` is no quantile"), allowed.to_owned()));
    }
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    if figure.is_empty() || !figure.chars().all(plain) {
        return Err((format!("`{name}` is no figure"), FORM.to_owned()));
    }
    if !is_known(figure) {
        let mut near = known();
        by_nearness(figure, &mut near);
        let near = near[..4].join(", ");
        let allowed = format!(
            "the nearest are {near}; `rebalance-sim list figures` has all, and anomaly.KIND, cause.CAUSE and trap.E3 count"
        );
        return Err((format!("there is no figure `{figure}`"), allowed));
    }
    unknown_word(figure).map_or(Ok(()), Err)
}

/// Names of all figures.
fn known() -> Vec<&'static str> {
    known_figures().map(|figure| figure.name).collect()
}

/// What a figure counts; sightings of anomalies, causes and traps are counted.
fn unit_of(figure: &str) -> Unit {
    known_figure(figure).map_or(Unit::Count, |known| known.unit)
}

/// The value in the unit of its figure: a bound in another would hold for nothing, or say nothing.
///
/// # Errors
/// What is wrong with it, the beginning of a sentence; `given` is how the file has it.
pub(super) fn in_unit(figure: &str, value: Figure, given: &str) -> Result<Figure, String> {
    const WHOLE: u64 = 1_000_000;
    let unit = unit_of(figure);
    let value = match (unit, value) {
        // A bare zero is a zero in every unit, and a bare one is the whole of a share.
        (Unit::Seconds, Figure::Count(0)) => Figure::Span(Span::ZERO),
        (Unit::Share, Figure::Count(share @ (0 | 1))) => Figure::Millionths(share * WHOLE),
        _ => value,
    };
    match (unit, value) {
        (Unit::Share, Figure::Millionths(share)) if share > WHOLE => {
            Err(format!("`{figure}` is a share of 0 to 1, and `{given}` is above"))
        }
        (Unit::Seconds, Figure::Count(_)) => Err(format!("`{figure}` is a length of time, and `{given}` has no unit")),
        _ if unit.fits(value) => Ok(value),
        (_, value) => {
            let is = match value {
                Figure::Span(_) => "a length of time",
                Figure::Millionths(_) => "a share",
                Figure::Count(_) => "a count",
            };
            let counts = match unit {
                Unit::Messages => "counts messages",
                Unit::Queues => "counts queues",
                Unit::Count => "is a count",
                Unit::Seconds => "is a length of time",
                Unit::Share => "is a share of 0 to 1",
            };
            Err(format!("`{figure}` {counts}, and `{given}` is {is}"))
        }
    }
}

fn is_known(figure: &str) -> bool {
    ["anomaly.", "cause.", "trap."].iter().any(|prefix| figure.starts_with(prefix)) || known().contains(&figure)
}

/// `anomaly.KIND`, `cause.CAUSE` and `trap.E3` name words of the checks: what is wrong with one that none of them says, and
/// which are near.
fn unknown_word(figure: &str) -> Option<(String, String)> {
    let (prefix, word) = figure.split_once('.')?;
    let (what, mut known): (&str, Vec<&str>) = match prefix {
        "anomaly" => ("kind of anomaly", AnomalyKind::ALL.iter().map(|kind| kind.word()).collect()),
        "cause" => ("cause", Cause::ALL.iter().map(|cause| cause.word()).collect()),
        "trap" => ("trap", Trap::ALL.iter().map(|trap| trap.word()).collect()),
        _ => return None,
    };
    if known.contains(&word) {
        return None;
    }
    let problem = format!("there is no {what} `{word}`");
    if prefix == "trap" {
        let (of_pop, others): (Vec<&str>, Vec<&str>) = known.iter().partition(|word| word.starts_with('P'));
        let span = |words: &[&str]| format!("{} to {}", words.first().unwrap_or(&""), words.last().unwrap_or(&""));
        return Some((problem, format!("known are {}, and of POP {}", span(&others), of_pop.join(", "))));
    }
    by_nearness(word, &mut known);
    known.truncate(4);
    Some((problem, format!("the nearest are {}", known.join(", "))))
}

/// `stalled.max.p99` is the figure `stalled.max` and its 99th percentile; `p99.9`, `mean` and `median` work too.
pub(super) fn split_quantile(name: &str) -> (&str, Option<Scope>) {
    // A quantile over messages is a figure of its own.
    if known_figure(name).is_some() {
        return (name, None);
    }
    for (suffix, scope) in [(".mean", Scope::Mean), (".median", Scope::Quantile(500))] {
        if let Some(figure) = name.strip_suffix(suffix) {
            return (figure, Some(scope));
        }
    }
    let Some((figure, digits)) = name.rsplit_once(".p") else {
        return (name, None);
    };
    let (whole, tenth) = digits.split_once('.').unwrap_or((digits, "0"));
    let number = |text: &str| text.parse::<u16>().ok().filter(|_| text.bytes().all(|b| b.is_ascii_digit()));
    match (number(whole), number(tenth)) {
        (Some(whole), Some(tenth)) if tenth < 10 && whole <= 100 && whole * 10 + tenth <= 1_000 => {
            (figure, Some(Scope::Quantile(whole * 10 + tenth)))
        }
        _ => (name, None),
    }
}

/// `200`, `3s` or `"3s"`, `1%` or `0.98`.
pub(super) fn read_value(text: &str) -> Option<Figure> {
    let text = text.trim_matches(['"', '\'']);
    let plain = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let share = |text: &str, full: f64| {
        let share = text.parse::<f64>().ok().filter(|_| plain(text))?;
        Some(Figure::Millionths((share * full).round() as u64))
    };
    if let Some(percent) = text.strip_suffix('%') {
        return share(percent.trim(), 1e4);
    }
    if let Ok(count) = text.parse::<u64>() {
        return Some(Figure::Count(count));
    }
    text.parse::<Span>().ok().map(Figure::Span).or_else(|| share(text, 1e6))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What `in_unit` makes of a value as the file has it.
    fn read(figure: &str, given: &str) -> Result<Figure, String> {
        in_unit(figure, read_value(given).expect("a value"), given)
    }

    #[test]
    fn a_value_is_in_the_unit_of_its_figure_or_refused() {
        let span = |ms| Ok(Figure::Span(Span::from_millis(ms)));
        let (count, share) = (|count| Ok(Figure::Count(count)), |share| Ok(Figure::Millionths(share)));
        let refused = |problem: &str| Err(problem.to_owned());
        for (figure, given, value) in [
            ("unowned.max", "21s", span(21_000)),
            ("unowned.max", "0", span(0)),
            ("unowned.max", "21", refused("`unowned.max` is a length of time, and `21` has no unit")),
            ("unowned.max", "1%", refused("`unowned.max` is a length of time, and `1%` is a share")),
            ("unowned.max", "0.5", refused("`unowned.max` is a length of time, and `0.5` is a share")),
            ("lost", "0", count(0)),
            ("lost", "0s", refused("`lost` counts messages, and `0s` is a length of time")),
            ("duplicates", "2.5", refused("`duplicates` counts messages, and `2.5` is a share")),
            ("moved_queues", "3ms", refused("`moved_queues` counts queues, and `3ms` is a length of time")),
            ("cause.unknown", "1s", refused("`cause.unknown` is a count, and `1s` is a length of time")),
            ("latency.p99", "250ms", span(250)),
            ("balance.jain", "0.98", share(980_000)),
            ("balance.jain", "98%", share(980_000)),
            ("balance.jain", "1", share(1_000_000)),
            ("balance.jain", "0", share(0)),
            ("balance.jain", "98", refused("`balance.jain` is a share of 0 to 1, and `98` is a count")),
            ("balance.jain", "1.5", refused("`balance.jain` is a share of 0 to 1, and `1.5` is above")),
            ("balance.jain", "1s", refused("`balance.jain` is a share of 0 to 1, and `1s` is a length of time")),
        ] {
            assert_eq!(read(figure, given), value, "{figure} {given}");
        }
    }
}
