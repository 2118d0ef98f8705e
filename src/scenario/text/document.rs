//! The tree of a TOML text, in the order it was written.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Fault, Place};

/// A value and where it stands.
#[derive(Debug, Clone)]
pub(in crate::scenario) struct Node {
    /// What it is.
    pub value: Value,
    /// Where it stands.
    pub place: Place,
}

/// What TOML can say.
#[derive(Debug, Clone)]
pub(in crate::scenario) enum Value {
    /// `"text"`
    Text(String),
    /// `42`
    Integer(i64),
    /// `0.5`
    Float(f64),
    /// `true`
    Boolean(bool),
    /// `[..]` or `[[..]]`
    List(Vec<Node>),
    /// `{..}` or `[..]`
    Table(Vec<Entry>),
}

/// A key and its value.
#[derive(Debug, Clone)]
pub(in crate::scenario) struct Entry {
    /// The key, unquoted.
    pub key: String,
    /// Where the key stands.
    pub key_place: Place,
    /// Its value.
    pub node: Node,
}

impl Node {
    /// Reads a whole TOML text.
    pub fn parse(text: &str, source: u32) -> Result<Self, Fault> {
        let table = DeTable::parse(text).map_err(|error| syntax(&error, source, 0))?;
        let place = Place { source, start: 0, end: 0 };
        Ok(Self { value: Value::Table(entries(table.get_ref(), source, 0)?), place })
    }

    /// Reads one TOML value that begins at byte `offset` of its source.
    pub fn parse_value(text: &str, source: u32, offset: usize) -> Result<Self, Fault> {
        let value = DeValue::parse(text).map_err(|error| syntax(&error, source, offset))?;
        node(&value, source, offset)
    }

    /// The kind of value, for "is X, not Y".
    pub fn kind(&self) -> &'static str {
        match self.value {
            Value::Text(_) => "a string",
            Value::Integer(_) => "an integer",
            Value::Float(_) => "a decimal number",
            Value::Boolean(_) => "a boolean",
            Value::List(_) => "a list",
            Value::Table(_) => "a table",
        }
    }
}

fn syntax(error: &toml::de::Error, source: u32, offset: usize) -> Fault {
    let span = error.span().unwrap_or(0..0);
    let place = Place { source, start: offset + span.start, end: offset + span.end };
    Fault::new(place, format!("this is not TOML: {}", error.message().replace('\n', ", ")), "")
}

fn entries(table: &DeTable<'_>, source: u32, offset: usize) -> Result<Vec<Entry>, Fault> {
    let mut entries = Vec::new();
    for (key, value) in table {
        let span = key.span();
        let key_place = Place { source, start: offset + span.start, end: offset + span.end };
        entries.push(Entry { key: key.get_ref().to_string(), key_place, node: node(value, source, offset)? });
    }
    // The parser sorts by name; people expect errors in the order of their lines.
    entries.sort_by_key(|entry| entry.key_place.start);
    Ok(entries)
}

fn node(spanned: &Spanned<DeValue<'_>>, source: u32, offset: usize) -> Result<Node, Fault> {
    let span = spanned.span();
    let place = Place { source, start: offset + span.start, end: offset + span.end };
    let value = match spanned.get_ref() {
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Integer(number) => {
            let digits = number.as_str().replace('_', "");
            Value::Integer(i64::from_str_radix(&digits, number.radix()).map_err(|_| {
                Fault::new(place, format!("`{number}` is too large"), "integers go up to 9223372036854775807")
            })?)
        }
        DeValue::Float(number) => match number.as_str().replace('_', "").parse::<f64>() {
            Ok(float) if float.is_finite() => Value::Float(float),
            _ => {
                return Err(Fault::new(
                    place,
                    format!("`{}` is not a finite number", number.as_str()),
                    "write a number such as 0.5",
                ));
            }
        },
        DeValue::Boolean(flag) => Value::Boolean(*flag),
        // `00:05:00` is a time of the day to TOML, and without quotes the same as with them.
        DeValue::Datetime(time) if time.date.is_none() && time.offset.is_none() => Value::Text(time.to_string()),
        DeValue::Datetime(_) => {
            return Err(Fault::new(
                place,
                "a scenario has no dates",
                "times are durations since its start, such as \"30s\"",
            ));
        }
        DeValue::Array(items) => {
            Value::List(items.iter().map(|item| node(item, source, offset)).collect::<Result<_, _>>()?)
        }
        DeValue::Table(table) => Value::Table(entries(table, source, offset)?),
    };
    Ok(Node { value, place })
}
