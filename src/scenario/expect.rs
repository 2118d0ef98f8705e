//! `expect`: lines such as `stalled.max.p99 <= 3s` become [`Expectation`]s.

use super::text::{Fault, Node, Value, by_nearness, list};
use super::{Comparison, Expectation, Scope};
use crate::check::{AnomalyKind, Cause, Figure, Trap};
use crate::kernel::Span;
use crate::model::plan::Plan;

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
pub(super) fn read_expectations(node: Option<&Node>, plan: &Plan) -> Result<Vec<Expectation>, Fault> {
    let items = node.map_or(Ok(&[][..]), |node| list(node, "a list of strings such as [\"lost == 0\"]"))?;
    items.iter().map(|item| read_expectation(item, plan)).collect()
}

fn read_expectation(item: &Node, plan: &Plan) -> Result<Expectation, Fault> {
    let Value::Text(text) = &item.value else {
        return Err(item.not("a string such as \"lost == 0\""));
    };
    let refuse = |problem: String, allowed: &str| Fault::new(item.place, problem, allowed);
    let (mut rest, mut scope, mut window) = (text.trim(), None, None);
    while let Some((prefix, bound)) = rest.split_once(':') {
        match prefix.trim() {
            "some" if scope.is_none() => scope = Some(Scope::Some),
            "every" if scope.is_none() => scope = Some(Scope::Every),
            other => match other.strip_prefix("phase ") {
                Some(label) if window.is_none() => {
                    let label = label.trim();
                    if !plan.timeline.iter().any(|step| step.label == label) {
                        let labels: Vec<&str> = plan.timeline.iter().map(|step| step.label.as_str()).take(20).collect();
                        return Err(refuse(
                            format!("no step is marked `{label}`"),
                            &format!("known are {}", labels.join(", ")),
                        ));
                    }
                    window = Some(label.to_owned());
                }
                _ => {
                    return Err(refuse(
                        format!("`{other}:` is no scope"),
                        "known are `some:`, `every:` and `phase LABEL:`, each once",
                    ));
                }
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
    let digits = figure.rsplit_once(".p").map_or("", |(_, digits)| digits);
    if digits.starts_with(|c: char| c.is_ascii_digit()) {
        return Err(refuse(
            format!("`p{digits}` is no quantile"),
            "allowed is p0 to p100, with one decimal place, as in p99.9",
        ));
    }
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    if figure.is_empty() || !figure.chars().all(plain) {
        return Err(refuse(format!("`{name}` is no figure"), FORM));
    }
    if !is_known(figure) {
        return Err(refuse(
            format!("there is no figure `{figure}`"),
            &format!("known are {}, and anomaly.KIND, cause.CAUSE, trap.E3", known().join(", ")),
        ));
    }
    if let Some((problem, allowed)) = unknown_word(figure) {
        return Err(refuse(problem, &allowed));
    }
    let scope = match (scope, quantile) {
        (Some(_), Some(_)) => {
            return Err(refuse(
                format!("`{text}` has two scopes"),
                "a quantile is over all seeds already; leave `some:` or `every:` out",
            ));
        }
        (scope, quantile) => quantile.or(scope).unwrap_or(Scope::Every),
    };
    let value = read_value(value).ok_or_else(|| {
        refuse(format!("`{value}` is no value"), "write a count, a duration such as 3s, or a share such as 1%")
    })?;
    Ok(Expectation { text: text.clone(), window, figure: figure.to_owned(), scope, comparison, value })
}

/// Names of all figures.
fn known() -> Vec<&'static str> {
    crate::check::KNOWN_FIGURES.iter().map(|(name, _)| *name).collect()
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
    if let ("trap", [first, .., last]) = (prefix, known.as_slice()) {
        return Some((problem, format!("known are {first} to {last}")));
    }
    by_nearness(word, &mut known);
    known.truncate(4);
    Some((problem, format!("the nearest are {}", known.join(", "))))
}

/// `stalled.max.p99` is the figure `stalled.max` and its 99th percentile; `p99.9`, `mean` and `median` work too.
fn split_quantile(name: &str) -> (&str, Option<Scope>) {
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
fn read_value(text: &str) -> Option<Figure> {
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
