//! `--over`: values of one path, as a list or as a range: `persistConsumerOffsetInterval=1s,5s,20s`,
//! `groups.0.count=4..=64*2`, `groups.0.pullBatchSize=8..=64+8`.

use crate::kernel::Span;

/// The most values of one axis.
const MOST: usize = 100;

const FORM: &str = "write PATH=VALUE,VALUE,... or PATH=FROM..=TO*FACTOR or PATH=FROM..=TO+STEP, as in \
                    `groups.0.count=4..=64*2`";

/// What is varied, and which values it takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Axis {
    /// The path, as it was typed.
    pub path: String,
    /// Its values in the order that was given, as `--set` takes them.
    pub values: Vec<String>,
    /// The same as numbers that can be laid along a line, where they ascend and are of one kind.
    pub numbers: Option<Vec<u64>>,
}

/// A value that can be counted on from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Quantity {
    Count(u64),
    Span(Span),
    Rate(u64),
}

impl Quantity {
    fn read(text: &str) -> Option<Self> {
        let whole = |text: &str| text.parse::<u64>().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()));
        if let Some(rate) = text.strip_suffix("/s") {
            return whole(rate.trim()).map(Self::Rate);
        }
        whole(text).map(Self::Count).or_else(|| text.parse().ok().map(Self::Span))
    }

    fn number(self) -> u64 {
        match self {
            Self::Count(number) | Self::Rate(number) => number,
            Self::Span(span) => span.as_nanos(),
        }
    }

    fn with(self, number: u64) -> Self {
        match self {
            Self::Count(_) => Self::Count(number),
            Self::Rate(_) => Self::Rate(number),
            Self::Span(_) => Self::Span(Span::from_nanos(number)),
        }
    }

    fn is_like(self, other: Self) -> bool {
        std::mem::discriminant(&self) == std::mem::discriminant(&other)
    }

    fn text(self) -> String {
        match self {
            Self::Count(number) => number.to_string(),
            Self::Rate(number) => format!("{number}/s"),
            Self::Span(span) => span.to_string(),
        }
    }
}

impl Axis {
    /// Reads an axis.
    ///
    /// # Errors
    /// One sentence that says what is wrong with it, and what is allowed.
    pub fn parse(text: &str) -> Result<Self, String> {
        let refused = |why: &str| format!("--over {text}: {why}; {FORM}");
        let (path, given) = text.split_once('=').ok_or_else(|| refused("there is no `=`"))?;
        let (path, given) = (path.trim(), given.trim());
        if path.is_empty() || path.split('.').any(|part| part.trim().is_empty()) {
            return Err(refused("there is no path"));
        }
        let values = match given.split_once("..=") {
            Some((from, rest)) => range(from.trim(), rest.trim()).map_err(|why| refused(&why))?,
            None => listed(given),
        };
        if values.iter().any(String::is_empty) {
            return Err(refused("a value is empty"));
        }
        if let Some(twice) = values.iter().enumerate().find(|(at, value)| values[..*at].contains(value)) {
            return Err(refused(&format!("`{}` is there twice", twice.1)));
        }
        if !(2..=MOST).contains(&values.len()) {
            return Err(refused(&format!("it has {} values, and allowed are 2 to {MOST}", values.len())));
        }
        let numbers = numbers(&values);
        Ok(Self { path: path.to_owned(), values, numbers })
    }

    /// The last word of the path: what people call it.
    #[must_use]
    pub fn name(&self) -> &str {
        self.path.rsplit('.').next().unwrap_or(&self.path)
    }
}

/// The numbers of values that are all of one kind and ascend.
fn numbers(values: &[String]) -> Option<Vec<u64>> {
    let read: Vec<Quantity> = values.iter().map(|value| Quantity::read(value)).collect::<Option<_>>()?;
    let numbers: Vec<u64> = read.iter().map(|quantity| quantity.number()).collect();
    let alike = read.iter().all(|quantity| quantity.is_like(read[0]));
    (alike && numbers.windows(2).all(|pair| pair[0] < pair[1])).then_some(numbers)
}

/// Values between commas that stand in no bracket and no quotes.
fn listed(text: &str) -> Vec<String> {
    let (mut values, mut depth, mut quoted) = (vec![String::new()], 0_i32, false);
    for letter in text.chars() {
        match letter {
            '"' => quoted = !quoted,
            '[' | '{' if !quoted => depth += 1,
            ']' | '}' if !quoted => depth -= 1,
            ',' if !quoted && depth == 0 => {
                values.push(String::new());
                continue;
            }
            _ => {}
        }
        if let Some(value) = values.last_mut() {
            value.push(letter);
        }
    }
    values.iter().map(|value| value.trim().to_owned()).collect()
}

/// `FROM..=TO*FACTOR` and `FROM..=TO+STEP`.
fn range(from: &str, rest: &str) -> Result<Vec<String>, String> {
    let at = rest.rfind(['*', '+']).ok_or("a range says how it goes on")?;
    let (until, step) = (rest[..at].trim(), rest[at + 1..].trim());
    let quantity = |text: &str| Quantity::read(text).ok_or_else(|| format!("`{text}` cannot be counted on from"));
    let (first, last) = (quantity(from)?, quantity(until)?);
    if !first.is_like(last) || first.number() >= last.number() {
        return Err(format!("`{from}` is not below `{until}`, in one unit"));
    }
    let next: Box<dyn Fn(u64) -> Option<u64>> = if rest[at..].starts_with('*') {
        let factor = step.parse::<u64>().ok().filter(|factor| *factor >= 2);
        let factor = factor.ok_or_else(|| format!("the factor `{step}` is no whole number from 2 on"))?;
        if first.number() == 0 {
            return Err("zero times anything is zero".to_owned());
        }
        Box::new(move |number| number.checked_mul(factor))
    } else {
        let step = quantity(step)?;
        let bare = matches!((first, step), (Quantity::Rate(_), Quantity::Count(_)));
        if !(step.is_like(first) || bare) || step.number() == 0 {
            return Err(format!("the step `{}` is none in the unit of `{from}`", step.text()));
        }
        Box::new(move |number| number.checked_add(step.number()))
    };
    let within = |number: &u64| Some(*number).and_then(&next).filter(|number| *number <= last.number());
    Ok(std::iter::successors(Some(first.number()), within)
        .take(MOST + 1)
        .map(|number| first.with(number).text())
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_and_ranges_are_read() {
        type Read<'a> = (&'a str, &'a [&'a str], Option<&'a [u64]>);
        let table: [Read<'_>; 8] = [
            ("a.b=1s,5s, 20s", &["1s", "5s", "20s"], Some(&[1_000_000_000, 5_000_000_000, 20_000_000_000])),
            ("a=4..=64*2", &["4", "8", "16", "32", "64"], Some(&[4, 8, 16, 32, 64])),
            ("a=4..=63*2", &["4", "8", "16", "32"], Some(&[4, 8, 16, 32])),
            (
                "a=500ms..=2s+500ms",
                &["500ms", "1s", "1.5s", "2s"],
                Some(&[500_000_000, 1_000_000_000, 1_500_000_000, 2_000_000_000]),
            ),
            ("a=100/s..=300/s+100", &["100/s", "200/s", "300/s"], Some(&[100, 200, 300])),
            ("a=AVG,AVG_BY_CIRCLE", &["AVG", "AVG_BY_CIRCLE"], None),
            ("a=20,5", &["20", "5"], None),
            ("w={ uniform = [\"1ms\", \"5ms\"] }, \"3ms\"", &["{ uniform = [\"1ms\", \"5ms\"] }", "\"3ms\""], None),
        ];
        for (text, values, numbers) in table {
            let axis = Axis::parse(text).unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(axis.values, values, "{text}");
            assert_eq!(axis.numbers.as_deref(), numbers, "{text}");
        }
        let long = Axis::parse("a=30s..=2m+30s").expect("it is one");
        assert!(long.numbers.is_some(), "what a range writes is read again: {:?}", long.values);
        assert_eq!(Axis::parse("groups.0.count=1,2").expect("it is one").name(), "count");
    }

    #[test]
    fn what_is_no_axis_is_refused_in_a_sentence() {
        let table = [
            ("a", "there is no `=`"),
            ("=1,2", "there is no path"),
            ("a=1", "it has 1 values"),
            ("a=1,,2", "a value is empty"),
            ("a=1,2,1", "`1` is there twice"),
            ("a=4..=64", "a range says how it goes on"),
            ("a=64..=4*2", "`64` is not below `4`"),
            ("a=1s..=4*2", "`1s` is not below `4`"),
            ("a=4..=64*1", "the factor `1`"),
            ("a=0..=64*2", "zero times"),
            ("a=1..=5+1s", "the step `1s`"),
            ("a=1..=9+0", "the step `0`"),
            ("a=x..=9+1", "`x` cannot be counted on from"),
            ("a=1..=1000+1", "allowed are 2 to 100"),
        ];
        for (text, why) in table {
            let error = Axis::parse(text).expect_err(text);
            assert!(error.starts_with("--over ") && error.contains(why), "{text}: {error}");
        }
    }
}
