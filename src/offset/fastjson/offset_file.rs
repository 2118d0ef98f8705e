//! Reading `offsets.json` (`RemotingSerializable.fromJson` into `OffsetSerializeWrapper`).

use super::error::ParseError;
use super::scanner::Scanner;
use super::value::{Value, long_of};
use crate::offset::{ConcurrentHashMap, QueueKey};

/// `OffsetSerializeWrapper.offsetTable`, in Java's order.
pub type OffsetFileContent = ConcurrentHashMap<QueueKey, i64>;

/// What the parser makes of a text that it accepts.
#[derive(Debug, Clone)]
pub enum OffsetFile {
    /// A table, maybe empty.
    Entries(OffsetFileContent),
    /// Java's null instead of an object: the store goes on as if there were no file.
    NullWrapper,
    /// An object whose table is null.
    NullTable,
}

const WRAPPER_CLASS: &str = "org.apache.rocketmq.client.consumer.store.OffsetSerializeWrapper";
const QUEUE_CLASS: &str = "org.apache.rocketmq.common.message.MessageQueue";

/// What may stand behind a field.
const AFTER_A_FIELD: &str = "\",\" or \"}\"";

/// Which token in place of a comma the real parser overlooks after a field; measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stray {
    /// Any, after a field that the class does not have.
    Any,
    /// All but a colon, after a text or number that the class has.
    ButColon,
    /// None, after the table.
    None,
}

/// Reads the text of an `offsets.json`, pretty or compact.
///
/// # Errors
/// Where fastjson throws its `JSONException`.
pub fn read_offset_file(text: &str) -> Result<OffsetFile, ParseError> {
    let mut scanner = Scanner::new(text);
    let mut file = OffsetFile::Entries(OffsetFileContent::default());
    let is_object = scanner.document(WRAPPER_CLASS, |scanner, name| {
        if name != "offsettable" {
            return scanner.value().map(|_| Stray::Any);
        }
        scanner.skip_to_token()?;
        file = match scanner.peek() {
            Some('{') => OffsetFile::Entries(scanner.offset_table()?),
            _ if scanner.accept_null() => OffsetFile::NullTable,
            _ => return Err(scanner.expected("an object of offsets")),
        };
        Ok(Stray::None)
    })?;
    Ok(if is_object { file } else { OffsetFile::NullWrapper })
}

/// The names of the fields of an object, in small letters without `_` and `-`; none where the text is no object.
#[must_use]
pub fn field_names(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    let field = |scanner: &mut Scanner, name: &str| {
        names.push(name.to_owned());
        scanner.value().map(|_| Stray::Any)
    };
    // What is broken further on is said by those who read it.
    let _ = Scanner::new(text).document(WRAPPER_CLASS, field);
    names
}

impl Scanner {
    /// A whole text that should be an object; false where the parser takes it for null.
    fn document(
        &mut self,
        class: &str,
        field: impl FnMut(&mut Self, &str) -> Result<Stray, ParseError>,
    ) -> Result<bool, ParseError> {
        if self.is_blank() {
            return Ok(false);
        }
        self.skip_to_token()?;
        let is_object = self.peek() == Some('{');
        if is_object {
            self.bean(class, field)?;
        } else {
            self.null("an object")?;
        }
        self.require_end()?;
        Ok(is_object)
    }

    /// What the parser takes for a null object: `null`, `[]`, `""`, `"null"`.
    fn null(&mut self, expected: &'static str) -> Result<(), ParseError> {
        let start = self.position();
        let is_null = match (self.peek(), self.value()) {
            (Some('n' | 'N'), Ok(Value::Null)) => true,
            (_, Ok(Value::Text(text))) => text.is_empty() || text == "null",
            (_, Ok(Value::Composite(text))) => text == "[]",
            _ => false,
        };
        if is_null { Ok(()) } else { Err(self.expected_at(start, expected)) }
    }

    /// The fields of an object. Names reach `field` in small letters without `_` and `-`, as fastjson matches them.
    fn bean(
        &mut self,
        class: &str,
        mut field: impl FnMut(&mut Self, &str) -> Result<Stray, ParseError>,
    ) -> Result<(), ParseError> {
        self.require('{', "\"{\"")?;
        let mut stray = None;
        loop {
            self.skip_space()?;
            if self.accept(',') {
                continue;
            }
            if self.accept('}') {
                return Ok(());
            }
            let start = self.position();
            let mut allowed = Stray::Any;
            let name = self.field_name();
            let name = name.map_err(|error| stray.map_or(error, |at| self.expected_at(at, AFTER_A_FIELD)))?;
            if name == "@type" {
                if self.value()? != Value::Text(class.to_owned()) {
                    return Err(self.expected_at(start, "no foreign class name"));
                }
            } else if name == "$ref" && class == QUEUE_CLASS {
                return Err(self.expected_at(start, "a queue instead of a reference"));
            } else {
                let matched = name.chars().filter(|c| !matches!(c, '_' | '-')).collect::<String>().to_ascii_lowercase();
                allowed = field(self, &matched)?;
            }
            stray = self.stray_token(allowed)?;
        }
    }

    /// After a field, the real parser swallows one token that stands for a comma, and goes on; unknown words it
    /// refuses. The answer is the place to show if no field follows.
    fn stray_token(&mut self, allowed: Stray) -> Result<Option<usize>, ParseError> {
        self.skip_to_token()?;
        let at = self.position();
        match self.peek() {
            Some(',' | '}') => return Ok(None),
            _ if allowed == Stray::None => return Err(self.expected_at(at, AFTER_A_FIELD)),
            Some(':') if allowed == Stray::ButColon => return Err(self.expected_at(at, AFTER_A_FIELD)),
            Some(':' | ';' | '.' | '{' | '[' | ']' | '(' | ')') => drop(self.next()),
            Some('-') => {
                self.next();
                self.take_while(|c| c.is_ascii_digit());
            }
            Some(_) => drop(self.value().map_err(|_| self.expected_at(at, AFTER_A_FIELD))?),
            None => return Err(self.expected_at(at, AFTER_A_FIELD)),
        }
        Ok(Some(at))
    }

    /// `MapDeserializer.parseMap`: queues as keys, one comma at most after each entry.
    fn offset_table(&mut self) -> Result<OffsetFileContent, ParseError> {
        self.require('{', "\"{\"")?;
        let mut content = OffsetFileContent::default();
        loop {
            self.skip_to_token()?;
            if self.accept('}') {
                return Ok(content);
            }
            let queue = self.queue()?;
            self.skip_to_token()?;
            self.require(':', "\":\" after the queue")?;
            let offset = self.offset()?;
            content.put(queue, offset);
            self.skip_to_token()?;
            self.accept(',');
        }
    }

    /// A key of the table: an object, or a text that holds one.
    fn queue(&mut self) -> Result<QueueKey, ParseError> {
        let start = self.position();
        let expected = "a queue, such as {\"brokerName\":\"b\",\"queueId\":0,\"topic\":\"T\"}, or \"}\"";
        match self.peek() {
            Some('{') => {
                let mut queue = QueueKey::default();
                self.bean(QUEUE_CLASS, |scanner, name| scanner.queue_field(name, &mut queue))?;
                Ok(queue)
            }
            Some('"' | '\'') => {
                let text = self.quoted()?;
                let mut inner = Self::new(&text);
                let mut queue = QueueKey::default();
                let read = inner.document(QUEUE_CLASS, |scanner, name| scanner.queue_field(name, &mut queue));
                if read == Ok(true) { Ok(queue) } else { Err(self.expected_at(start, expected)) }
            }
            _ => Err(self.expected(expected)),
        }
    }

    fn queue_field(&mut self, name: &str, queue: &mut QueueKey) -> Result<Stray, ParseError> {
        self.skip_to_token()?;
        let start = self.position();
        let value = self.value()?;
        match name {
            "topic" => queue.topic = value.into_text().map(Into::into),
            "brokername" => queue.broker_name = value.into_text().map(Into::into),
            "queueid" => {
                let number = match &value {
                    Value::Null => Some(0),
                    Value::Text(text) if text.is_empty() || text.eq_ignore_ascii_case("null") => Some(0),
                    Value::Text(text) => long_of(&Value::Text(without_zero_fraction(text).to_owned())),
                    other => long_of(other),
                };
                let number = number.and_then(|number| i32::try_from(number).ok());
                queue.queue_id = number.ok_or_else(|| self.expected_at(start, "a queue id, a 32-bit number"))?;
            }
            _ => return Ok(Stray::Any),
        }
        Ok(Stray::ButColon)
    }

    fn offset(&mut self) -> Result<i64, ParseError> {
        self.skip_to_token()?;
        let start = self.position();
        let offset = self.value().ok().and_then(|value| long_of(&value));
        offset.ok_or_else(|| self.expected_at(start, "an offset, a 64-bit number"))
    }
}

/// `TypeUtils.castToInt` passes over `.0` at the end of a text.
fn without_zero_fraction(text: &str) -> &str {
    match text.split_once('.') {
        Some((whole, zeros)) if zeros.bytes().all(|b| b == b'0') => whole,
        _ => text,
    }
}
