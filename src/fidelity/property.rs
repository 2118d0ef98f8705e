//! Properties and setters of a recording in the words of a scenario.

use serde_json::Value;

use super::story::quoted;

/// The name of a setting: a property is called as it is, a setter loses its capital.
pub(super) fn key(name: &str) -> String {
    let mut letters = name.chars();
    let small = match letters.next() {
        // `rocketmq.client.rebalance.waitInterval` is a system property, `PopInvisibleTime` a setter.
        Some(first) => first.to_lowercase().chain(letters).collect::<String>(),
        None => String::new(),
    };
    let bare = small.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-') && !small.is_empty();
    if bare { small } else { quoted(&small) }
}

/// A value: the recorder hands on texts, and numbers and truth values among them are meant as such.
pub(super) fn value(value: &Value) -> String {
    let text = match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let plain = text == "true" || text == "false" || text.parse::<i64>().is_ok();
    if plain { text } else { quoted(&text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_values_are_those_of_scenarios() {
        for (name, expected) in [
            ("PopInvisibleTime", "popInvisibleTime"),
            ("slaveReadEnable", "slaveReadEnable"),
            ("rocketmq.client.rebalance.waitInterval", "\"rocketmq.client.rebalance.waitInterval\""),
            ("", "\"\""),
        ] {
            assert_eq!(key(name), expected);
        }
        for (told, expected) in [
            (Value::from(50), "50"),
            (Value::from("50"), "50"),
            (Value::from("true"), "true"),
            (Value::from(true), "true"),
            (Value::from("5 s"), "\"5 s\""),
        ] {
            assert_eq!(value(&told), expected);
        }
    }
}
