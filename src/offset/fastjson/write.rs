//! Writing `offsets.json` (`OffsetSerializeWrapper.toJson`).

use std::fmt::Write;

use super::offset_file::OffsetFileContent;

/// The text that a local store writes: TABs, no line end at the end, queues in the order of Java's map.
#[must_use]
pub fn write_offset_file(content: &OffsetFileContent) -> String {
    write(content, true)
}

/// The same in one line, as in the body of a request (`toJson(false)`).
#[must_use]
pub fn write_offset_file_compact(content: &OffsetFileContent) -> String {
    write(content, false)
}

fn write(content: &OffsetFileContent, pretty: bool) -> String {
    let line = |tabs: usize| if pretty { format!("\n{}", "\t".repeat(tabs)) } else { String::new() };
    let mut entries: Vec<String> = Vec::with_capacity(content.len());
    for (queue, offset) in content.iter() {
        // A field that is null is left out.
        let mut fields = Vec::with_capacity(3);
        fields.extend(queue.broker_name.as_deref().map(|name| format!("\"brokerName\":{}", quoted(name))));
        fields.push(format!("\"queueId\":{}", queue.queue_id));
        fields.extend(queue.topic.as_deref().map(|topic| format!("\"topic\":{}", quoted(topic))));
        entries.push(format!("{{{}{}{}}}:{offset}", line(3), fields.join(&format!(",{}", line(3))), line(2)));
    }
    let last = if entries.is_empty() { String::new() } else { line(1) };
    format!("{{{}\"offsetTable\":{{{}{last}}}{}}}", line(1), entries.join(","), line(0))
}

/// A text in double quotes as fastjson escapes it (`SerializeWriter.writeStringWithDoubleQuote`).
pub(in super::super) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\u{c}' => out.push_str("\\f"),
            '\r' => out.push_str("\\r"),
            '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' => {
                write!(out, "\\u{:04X}", u32::from(c)).expect("writing to a text cannot fail");
            }
            _ => out.push(c),
        }
    }
    out.push('"');
    out
}
