//! Prometheus' text format 0.0.4: a line is a sample. The crates that there are for it write it, or want the whole page to be
//! without a fault; here a line that is cut must cost only itself.

/// One line of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sample<'a> {
    /// The metric.
    pub name: &'a str,
    /// Its labels, without escapes.
    pub labels: Vec<(&'a str, String)>,
    /// The value as it is written.
    pub value: &'a str,
}

impl Sample<'_> {
    /// A label that is not empty.
    pub(super) fn label(&self, name: &str) -> Option<String> {
        self.labels
            .iter()
            .find(|(own, _)| *own == name)
            .map(|(_, value)| value.clone())
            .filter(|value| !value.is_empty())
    }

    /// The value where it is a whole number that a `double` holds exactly: `1878633.0`, `1.878633E6`.
    pub(super) fn whole(&self) -> Option<i64> {
        const EXACT: i64 = 1 << 53;
        let (mantissa, exponent) = self.value.split_once(['e', 'E']).unwrap_or((self.value, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let exponent: u32 = exponent.parse().ok().filter(|exponent| *exponent <= 18)?;
        let fraction = fraction.trim_end_matches('0');
        let length = u32::try_from(fraction.len()).ok().filter(|length| *length <= exponent)?;
        let digits: i64 = format!("{whole}{fraction}").parse().ok()?;
        digits.checked_mul(10i64.checked_pow(exponent - length)?).filter(|number| number.abs() <= EXACT)
    }
}

/// A line; `None` where it is no sample.
pub(super) fn sample(line: &str) -> Option<Sample<'_>> {
    let end = line.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == ':'))?;
    let (name, rest) = line.split_at(end);
    if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let (labels, rest) = match rest.trim_start().strip_prefix('{') {
        Some(inner) => labels(inner)?,
        None => (Vec::new(), rest),
    };
    let mut words = rest.split_whitespace();
    let value = words.next().filter(|value| value.parse::<f64>().is_ok())?;
    let timestamp = words.next().is_none_or(|time| time.parse::<i64>().is_ok());
    (timestamp && words.next().is_none()).then_some(Sample { name, labels, value })
}

type Labels<'a> = Vec<(&'a str, String)>;

/// Labels to the brace that ends them; the last may have a comma behind it.
fn labels(mut rest: &str) -> Option<(Labels<'_>, &str)> {
    let mut found = Vec::new();
    loop {
        rest = rest.trim_start_matches([' ', '\t', ',']);
        if let Some(behind) = rest.strip_prefix('}') {
            return Some((found, behind));
        }
        let (name, behind) = rest.split_once('=')?;
        let inner = behind.trim_start().strip_prefix('"')?;
        let (mut value, mut escaped, mut end) = (String::new(), false, None);
        for (at, c) in inner.char_indices() {
            match c {
                'n' if escaped => value.push('\n'),
                c if escaped => value.push(c),
                '\\' => {}
                '"' => {
                    end = Some(at);
                    break;
                }
                c => value.push(c),
            }
            escaped = !escaped && c == '\\';
        }
        found.push((name.trim(), value));
        rest = &inner[end? + 1..];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_as_prometheus_writes_them() {
        let line = "m{a=\"x\\\"y\\\\\",b=\"}\",} 1.878633E6 1600000000000";
        let read = sample(line).unwrap();
        assert_eq!((read.label("a").unwrap().as_str(), read.label("b").unwrap().as_str()), ("x\"y\\", "}"));
        assert_eq!(read.whole(), Some(1_878_633));
        for (value, whole) in [("0.0", Some(0)), ("1.5", None), ("NaN", None), ("-3", Some(-3)), ("1e30", None)] {
            assert_eq!(sample(&format!("m {value}")).unwrap().whole(), whole, "{value}");
        }
        for broken in ["m{a=\"x} 1", "m{a=\"x\"}", "m{a=\"x\"} one", "9 1", "", "m 1 2 3", "m{a} 1"] {
            assert_eq!(sample(broken), None, "{broken}");
        }
    }
}
