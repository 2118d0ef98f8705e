//! Any value, for fields that nobody knows and for conversions (`DefaultJSONParser.parse`, `TypeUtils.castToLong`).

use super::error::ParseError;
use super::scanner::Scanner;
use super::write::quoted;

/// What stood there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) enum Value {
    /// `null`, `undefined`, `NaN`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, as written, without a type suffix.
    Number(String),
    /// A text.
    Text(String),
    /// An object or array, as compact text.
    Composite(String),
}

impl Value {
    /// The value of a text field (`TypeUtils.castToString`, `StringCodec`).
    pub(super) fn into_text(self) -> Option<String> {
        match self {
            Self::Null => None,
            Self::Bool(value) => Some(value.to_string()),
            Self::Number(text) | Self::Text(text) | Self::Composite(text) => Some(text),
        }
    }
}

impl Scanner {
    /// Any value.
    pub(in super::super) fn value(&mut self) -> Result<Value, ParseError> {
        self.skip_to_token()?;
        let start = self.position();
        match self.peek() {
            Some('"' | '\'') => self.quoted().map(Value::Text),
            Some('{') => self.deeper(Self::object).map(Value::Composite),
            Some('[') => self.deeper(Self::array).map(Value::Composite),
            Some('0'..='9' | '-' | '+') => self.number().map(Value::Number),
            Some(c) if c.is_ascii_alphabetic() => {
                let word = self.take_while(|c| c.is_ascii_alphanumeric() || c == '_');
                match word.as_str() {
                    "true" => Ok(Value::Bool(true)),
                    "false" => Ok(Value::Bool(false)),
                    "null" | "undefined" | "NaN" => Ok(Value::Null),
                    "Set" | "TreeSet" => {
                        self.skip_to_token()?;
                        self.deeper(Self::array).map(Value::Composite)
                    }
                    _ if word.starts_with('N') && word.eq_ignore_ascii_case("null") => Ok(Value::Null),
                    _ => Err(self.expected_at(start, "a value")),
                }
            }
            _ => Err(self.expected("a value")),
        }
    }

    /// Takes `null`; stays where it is at anything else.
    pub(in super::super) fn accept_null(&mut self) -> bool {
        let start = self.position();
        let is_null = matches!(self.peek(), Some('n' | 'N')) && self.value() == Ok(Value::Null);
        if !is_null {
            self.go_back(start);
        }
        is_null
    }

    fn number(&mut self) -> Result<String, ParseError> {
        let start = self.position();
        let mut text = String::new();
        if self.accept('-') {
            text.push('-');
        } else {
            self.accept('+');
        }
        let whole = self.take_while(|c| c.is_ascii_digit());
        if whole.is_empty() {
            return Err(self.expected_at(start, "a number"));
        }
        text.push_str(&whole);
        if self.accept('.') {
            text.push('.');
            text.push_str(&self.take_while(|c| c.is_ascii_digit()));
        }
        if self.accept('e') || self.accept('E') {
            text.push('E');
            text.push_str(&self.take_while(|c| c.is_ascii_digit() || c == '-' || c == '+'));
        }
        if matches!(self.peek(), Some('L' | 'S' | 'B' | 'F' | 'D')) {
            self.next();
        }
        Ok(text)
    }

    fn object(&mut self) -> Result<String, ParseError> {
        self.require('{', "\"{\"")?;
        let mut fields: Vec<String> = Vec::new();
        loop {
            self.skip_space()?;
            if self.accept(',') {
                continue;
            }
            if self.accept('}') {
                return Ok(format!("{{{}}}", fields.join(",")));
            }
            let name = match self.peek() {
                Some('0'..='9' | '-' | '{' | '[') => {
                    let name = self.value_text()?;
                    self.skip_space()?;
                    self.require(':', "\":\" after the key")?;
                    name
                }
                _ => quoted(&self.field_name()?),
            };
            fields.push(format!("{name}:{}", self.value_text()?));
            self.skip_to_token()?;
            if !matches!(self.peek(), Some(',' | '}')) {
                return Err(self.expected("\",\" or \"}\""));
            }
        }
    }

    /// Commas between the elements may be missing, as the real parser does not ask for them.
    fn array(&mut self) -> Result<String, ParseError> {
        self.require('[', "\"[\"")?;
        let mut elements: Vec<String> = Vec::new();
        loop {
            self.skip_to_token()?;
            if self.accept(',') {
                continue;
            }
            if self.accept(']') {
                return Ok(format!("[{}]", elements.join(",")));
            }
            elements.push(self.value_text()?);
        }
    }

    fn value_text(&mut self) -> Result<String, ParseError> {
        Ok(match self.value()? {
            Value::Null => "null".to_owned(),
            Value::Text(text) => quoted(&text),
            Value::Bool(value) => value.to_string(),
            Value::Number(text) | Value::Composite(text) => text,
        })
    }
}

/// A number as Java's `long`: a fraction is cut off; `true` is 1. `None` where Java throws; null is the caller's.
pub(in super::super) fn long_of(value: &Value) -> Option<i64> {
    match value {
        Value::Bool(value) => Some(i64::from(*value)),
        Value::Number(text) => long_of_number(text),
        Value::Text(text) => integer_of_text(text),
        Value::Null | Value::Composite(_) => None,
    }
}

/// A text as Java's `long`; commas in it are passed over.
pub(in super::super) fn integer_of_text(text: &str) -> Option<i64> {
    text.replace(',', "").parse().ok()
}

fn long_of_number(text: &str) -> Option<i64> {
    if !text.contains(['.', 'E']) {
        return text.parse().ok();
    }
    let (mantissa, exponent) = text.split_once('E').unwrap_or((text, "0"));
    let exponent: i32 = exponent.parse().ok()?;
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits: i128 = format!("{whole}{fraction}").parse().ok()?;
    let shift = exponent - i32::try_from(fraction.len()).ok()?;
    let power = 10i128.checked_pow(shift.unsigned_abs());
    let number = if shift >= 0 { digits.checked_mul(power?)? } else { power.map_or(0, |power| digits / power) };
    i64::try_from(number).ok()
}
