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
    let mut out = String::with_capacity(64 + 96 * content.len());
    let line = |out: &mut String, tabs: usize| {
        if pretty {
            out.push('\n');
            out.extend(std::iter::repeat_n('\t', tabs));
        }
    };
    out.push('{');
    line(&mut out, 1);
    out.push_str("\"offsetTable\":{");
    for (number, (queue, offset)) in content.iter().enumerate() {
        out.push_str(if number > 0 { ",{" } else { "{" });
        line(&mut out, 3);
        // A field that is null is left out.
        if let Some(name) = &queue.broker_name {
            out.push_str("\"brokerName\":");
            quote(&mut out, name);
            out.push(',');
            line(&mut out, 3);
        }
        write!(out, "\"queueId\":{}", queue.queue_id).expect("writing to a text cannot fail");
        if let Some(topic) = &queue.topic {
            out.push(',');
            line(&mut out, 3);
            out.push_str("\"topic\":");
            quote(&mut out, topic);
        }
        line(&mut out, 2);
        write!(out, "}}:{offset}").expect("writing to a text cannot fail");
    }
    if !content.is_empty() {
        line(&mut out, 1);
    }
    out.push('}');
    line(&mut out, 0);
    out.push('}');
    out
}

/// A text in double quotes as fastjson escapes it (`SerializeWriter.writeStringWithDoubleQuote`).
pub(in super::super) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    quote(&mut out, text);
    out
}

fn quote(out: &mut String, text: &str) {
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
}
