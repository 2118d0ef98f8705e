//! Recorded answers of the real store: `write` and `read` cases, one JSON object a line.

use serde_json::Value;

use super::fastjson::{
    JSON_EXCEPTION, OffsetFile, OffsetFileContent, read_offset_file, write_offset_file, write_offset_file_compact,
};
use super::queue_key::QueueKey;

/// Compares one case with what this crate does.
///
/// # Errors
/// One sentence that names the first difference, or what is wrong with the case itself.
pub fn check_case(case: &Value) -> Result<(), String> {
    match text(case, "kind")? {
        "write" => check_write(case),
        "read" => check_read(case),
        other => Err(format!("kind is {other:?}, but only \"write\" and \"read\" are known")),
    }
}

/// Whether a case has the fields of its kind.
///
/// # Errors
/// One sentence that says what is wrong with the case.
pub fn check_fields(case: &Value) -> Result<(), String> {
    if text(case, "kind")? == "write" {
        entries(case, "put").and(entries(case, "iteration_order"))?;
        return text(case, "pretty").and(text(case, "compact")).map(drop);
    }
    // fastjson goes no deeper either (`DefaultJSONParser.parseArray`): who recorded another answer asked another parser.
    if let Err(error) = read_offset_file(text(case, "text")?)
        && error.is_too_deep()
        && case["class"] != JSON_EXCEPTION
    {
        return Err(format!("text: {error}"));
    }
    match text(case, "result")? {
        "entries" => entries(case, "entries").map(drop),
        "exception" => text(case, "class").map(drop),
        "null_wrapper" | "null_table" => Ok(()),
        other => Err(format!("result is {other:?}, but must be entries, null_wrapper, null_table or exception")),
    }
}

fn check_write(case: &Value) -> Result<(), String> {
    let mut content = OffsetFileContent::default();
    for (queue, offset) in entries(case, "put")? {
        content.put(queue, offset);
    }
    compare("iteration order", &entries(case, "iteration_order")?, &listed(&content))?;
    compare("pretty text", &text(case, "pretty")?, &write_offset_file(&content).as_str())?;
    compare("compact text", &text(case, "compact")?, &write_offset_file_compact(&content).as_str())
}

fn check_read(case: &Value) -> Result<(), String> {
    let read = read_offset_file(text(case, "text")?);
    let result = match &read {
        Ok(OffsetFile::Entries(_)) => "entries",
        Ok(OffsetFile::NullWrapper) => "null_wrapper",
        Ok(OffsetFile::NullTable) => "null_table",
        Err(_) => "exception",
    };
    let why = read.as_ref().err().map(|error| format!(" ({error})")).unwrap_or_default();
    compare("result", &text(case, "result")?, &result).map_err(|difference| difference + &why)?;
    match read {
        Ok(OffsetFile::Entries(content)) => compare("entries", &entries(case, "entries")?, &listed(&content)),
        Ok(OffsetFile::NullWrapper | OffsetFile::NullTable) => Ok(()),
        Err(_) => compare("class", &text(case, "class")?, &JSON_EXCEPTION),
    }
}

fn listed(content: &OffsetFileContent) -> Vec<(QueueKey, i64)> {
    content.iter().map(|(queue, &offset)| (queue.clone(), offset)).collect()
}

fn compare<T: PartialEq + std::fmt::Debug>(what: &str, expected: &T, actual: &T) -> Result<(), String> {
    if expected == actual { Ok(()) } else { Err(format!("{what}: expected {expected:?}, got {actual:?}")) }
}

fn text<'a>(case: &'a Value, field: &str) -> Result<&'a str, String> {
    case[field].as_str().ok_or_else(|| format!("{field} is {}, but must be a text", case[field]))
}

/// `[[topic, brokerName, queueId, offset], ...]`.
fn entries(case: &Value, field: &str) -> Result<Vec<(QueueKey, i64)>, String> {
    let list = case[field].as_array().ok_or_else(|| format!("{field} is {}, but must be a list", case[field]))?;
    list.iter()
        .map(|entry| {
            let queue = QueueKey {
                topic: entry[0].as_str().map(Into::into),
                broker_name: entry[1].as_str().map(Into::into),
                queue_id: entry[2].as_i64().and_then(|id| i32::try_from(id).ok()).ok_or(entry)?,
            };
            Ok((queue, entry[3].as_i64().ok_or(entry)?))
        })
        .collect::<Result<_, &Value>>()
        .map_err(|entry| format!("{field} holds {entry}, but [topic, brokerName, queueId, offset] is needed"))
}
