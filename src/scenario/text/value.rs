//! One value of a scenario, turned into what it means.

use super::{Fault, Node, Value};
use crate::kernel::{Distribution, Instant, Span};
use crate::scenario::text::Fields;

/// The longest span a scenario may name; far below the end of the clock, so that no sum of a run reaches it.
pub(in crate::scenario) const YEAR: Span = Span::from_secs(365 * 24 * 3_600);

/// Words that name a kind of distribution.
pub(in crate::scenario) const DISTRIBUTIONS: [&str; 4] = ["uniform", "exponential", "log_normal", "empirical"];

impl Node {
    /// "`x` is a string, not ...".
    pub fn not(&self, expected: &str) -> Fault {
        Fault::new(self.place, format!("this is {}", self.kind()), format!("write {expected}"))
    }

    /// A string.
    pub fn text(&self, expected: &str) -> Result<&str, Fault> {
        match &self.value {
            Value::Text(text) => Ok(text),
            _ => Err(self.not(expected)),
        }
    }

    /// A name: a string that is not empty and has neither space nor a list's punctuation in it.
    pub fn name(&self, expected: &str) -> Result<&str, Fault> {
        let text = self.text(expected)?;
        if text.is_empty() || text.chars().any(|c| c.is_whitespace() || c.is_control() || ",:\"".contains(c)) {
            let allowed = "a name is not empty and has no space, comma, colon or quote in it";
            return Err(Fault::new(self.place, format!("`{text}` is not a name"), allowed));
        }
        Ok(text)
    }

    /// A client id: as a name, but with colons where it has some, as those of clients that put the name server's address
    /// into their instance name.
    pub fn client_id(&self) -> Result<&str, Fault> {
        let text = self.text("a client id")?;
        if text.is_empty() || text.chars().any(|c| c.is_whitespace() || c.is_control() || ",\"".contains(c)) {
            let allowed = "a client id is not empty and has no space, comma or quote in it";
            return Err(Fault::new(self.place, format!("`{text}` is not a client id"), allowed));
        }
        Ok(text)
    }

    /// `true` or `false`.
    pub fn flag(&self) -> Result<bool, Fault> {
        match self.value {
            Value::Boolean(flag) => Ok(flag),
            _ => Err(self.not("true or false")),
        }
    }

    /// A whole number within bounds.
    pub fn whole(&self, least: i64, most: i64) -> Result<i64, Fault> {
        match self.value {
            Value::Integer(number) if (least..=most).contains(&number) => Ok(number),
            Value::Integer(number) => Err(Fault::new(
                self.place,
                format!("{number} is out of range"),
                format!("allowed is {least} to {most}"),
            )),
            _ => Err(self.not(&format!("a whole number from {least} to {most}"))),
        }
    }

    /// A whole number within bounds that are not negative.
    pub fn count(&self, least: u32, most: u32) -> Result<u32, Fault> {
        self.whole(i64::from(least), i64::from(most)).map(|number| u32::try_from(number).expect("the bounds are u32"))
    }

    /// A share from 0 to 1, in millionths.
    pub fn share(&self) -> Result<u32, Fault> {
        let share = match self.value {
            Value::Float(share) => share,
            Value::Integer(share) => share as f64,
            _ => return Err(self.not("a share from 0 to 1, such as 0.01")),
        };
        if !(0.0..=1.0).contains(&share) {
            return Err(Fault::new(
                self.place,
                format!("{share} is not a share"),
                "allowed is 0 to 1, such as 0.01 for one in a hundred",
            ));
        }
        Ok((share * 1e6).round() as u32)
    }

    /// A duration with its unit, or a bare integer where the setting has a unit of its own.
    pub fn span(&self, unit: Option<Span>) -> Result<Span, Fault> {
        let too_long =
            |text: String| Fault::new(self.place, format!("`{text}` is too long"), "allowed is up to 365 days");
        let span = match (&self.value, unit) {
            (Value::Text(text), _) => {
                text.parse::<Span>().map_err(|error| Fault::new(self.place, error.to_string(), ""))?
            }
            (Value::Integer(number), Some(unit)) => {
                let number = u64::try_from(*number).map_err(|_| {
                    Fault::new(self.place, format!("{number} is negative"), format!("write a number of {unit}"))
                })?;
                unit.checked_mul(number).ok_or_else(|| too_long(number.to_string()))?
            }
            (_, Some(unit)) => return Err(self.not(&format!("a duration such as \"5s\", or a whole number of {unit}"))),
            (_, None) => return Err(self.not("a duration with a unit, such as \"5s\" or \"500ms\"")),
        };
        if span > YEAR { Err(too_long(span.to_string())) } else { Ok(span) }
    }

    /// A duration that is not zero.
    pub fn positive_span(&self) -> Result<Span, Fault> {
        match self.span(None)? {
            Span::ZERO => {
                Err(Fault::new(self.place, "this lasts no time", "write a duration above zero, such as \"5s\""))
            }
            span => Ok(span),
        }
    }

    /// A moment: a duration since the start of the run.
    pub fn moment(&self) -> Result<Instant, Fault> {
        self.span(None).map(|span| Instant::from_nanos(span.as_nanos()))
    }

    /// A distribution in any of its forms.
    pub fn distribution(&self) -> Result<Distribution, Fault> {
        const FORMS: &str = "a duration such as \"3ms\", { uniform = [\"1ms\", \"5ms\"] }, { exponential = \"10ms\" }, \
                             { log_normal = { median = \"10ms\", sigma = 0.5 } } or { empirical = [\"1ms\", \"2ms\", \"9ms\"] }";
        let drawn = match &self.value {
            Value::Text(_) => Distribution::Constant(self.span(None)?),
            Value::Table(entries) if entries.len() == 1 => {
                let fields = Fields::of(self, "a distribution")?;
                let drawn = if let Some(node) = fields.get("uniform") {
                    match list(node, "two durations such as [\"1ms\", \"5ms\"]")? {
                        [from, to] => Distribution::Uniform(from.span(None)?, to.span(None)?),
                        _ => return Err(node.not("two durations such as [\"1ms\", \"5ms\"]")),
                    }
                } else if let Some(node) = fields.get("exponential") {
                    Distribution::Exponential(node.span(None)?)
                } else if let Some(node) = fields.get("log_normal") {
                    log_normal(node)?
                } else if let Some(node) = fields.get("empirical") {
                    let table = list(node, "durations in ascending order")?;
                    Distribution::Empirical(table.iter().map(|item| item.span(None)).collect::<Result<_, _>>()?)
                } else {
                    Distribution::ZERO
                };
                fields.finish()?;
                drawn
            }
            _ => return Err(self.not(FORMS)),
        };
        drawn.validated().map_err(|error| Fault::new(self.place, error.to_string(), ""))
    }

    /// Time between two messages: `"100/s"`, or a number of messages a second.
    pub fn rate(&self) -> Result<Span, Fault> {
        const FORM: &str = "a rate such as \"100/s\", \"5/m\" or a number of messages a second";
        let (number, unit) = match &self.value {
            Value::Integer(number) => (*number as f64, Span::from_secs(1)),
            Value::Float(number) => (*number, Span::from_secs(1)),
            Value::Text(text) => {
                let parts = text.split_once('/').and_then(|(number, unit)| {
                    let plain = number.trim().chars().all(|c| c.is_ascii_digit() || c == '.');
                    let number = number.trim().parse::<f64>().ok().filter(|_| plain)?;
                    // A rate is for one unit: `5/m30s` is none, though `1m30s` is a duration.
                    let unit = Some(unit.trim()).filter(|unit| unit.chars().all(|c| c.is_ascii_alphabetic()))?;
                    Some((number, format!("1{unit}").parse::<Span>().ok()?))
                });
                parts
                    .ok_or_else(|| Fault::new(self.place, format!("`{text}` is not a rate"), format!("write {FORM}")))?
            }
            _ => return Err(self.not(FORM)),
        };
        let interval = (unit.as_nanos() as f64 / number).round();
        if !(1_000.0..=YEAR.as_nanos() as f64).contains(&interval) {
            return Err(Fault::new(
                self.place,
                "this rate is out of range",
                "allowed is one message a year to 1000000/s",
            ));
        }
        Ok(Span::from_nanos(interval as u64))
    }
}

fn log_normal(node: &Node) -> Result<Distribution, Fault> {
    let fields = Fields::of(node, "log_normal")?;
    let median = fields.require("median", "\"10ms\"")?.span(None)?;
    let sigma = fields.require("sigma", "0.5")?;
    let sigma = match sigma.value {
        Value::Float(sigma) => sigma,
        Value::Integer(sigma) => sigma as f64,
        _ => return Err(sigma.not("a number from 0 to 5")),
    };
    fields.finish()?;
    Ok(Distribution::LogNormal { median, sigma })
}

/// The elements of a list.
pub(in crate::scenario) fn list<'a>(node: &'a Node, expected: &str) -> Result<&'a [Node], Fault> {
    match &node.value {
        Value::List(items) => Ok(items),
        _ => Err(node.not(expected)),
    }
}
