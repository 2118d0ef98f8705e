//! The language as a JSON schema, made of the tables that the parser and `list` use: keys and settings with what they mean,
//! words, kinds and bounds of values. What depends on two values at once stays the parser's.

mod forms;

use serde_json::{Map, Value, json};

use self::forms::{of_key, of_setting, shared};
use super::keys::{NEEDED, TABLES, keys_of, known_keys};
use super::read::ACTIONS;
use super::settings::known_settings;

/// Tables that stand in the file under a name of their own and are in no list for people: one of all servers of a kind.
const OF_ALL: [&str; 2] = ["[name_server]", "[proxy]"];

/// The whole schema of a scenario.
#[must_use]
pub fn schema() -> Value {
    let names = TABLES.iter().map(|table| table.name).chain(OF_ALL);
    let mut definitions: Map<String, Value> =
        names.filter(|name| *name != "the scenario").map(|name| (slug(name), table(name))).collect();
    definitions.extend(shared());
    let mut root = Map::new();
    root.insert("$schema".to_owned(), json!("http://json-schema.org/draft-07/schema#"));
    root.insert("title".to_owned(), json!("A scenario of rebalance-sim"));
    let Value::Object(scenario) = table("the scenario") else { unreachable!("a table is an object") };
    root.extend(scenario);
    root.insert("definitions".to_owned(), Value::Object(definitions));
    Value::Object(root)
}

/// How a table is called in the schema.
fn slug(table: &str) -> String {
    table.chars().filter(|c| c.is_alphanumeric() || " _".contains(*c)).map(|c| if c == ' ' { '_' } else { c }).collect()
}

/// A reference to a table.
fn reference(table: &str) -> Value {
    json!({"$ref": format!("#/definitions/{}", slug(table))})
}

/// The object that a table is.
fn table(name: &str) -> Value {
    let beside = || known_keys().filter(|key| key.tables.contains(&name)).map(|key| key.name);
    let mut keys = keys_of(name).unwrap_or_else(|| beside().collect());
    // What a consumer has and a release cannot change is known to the parser, which says why it is refused.
    let of_others = |key: &str| known_keys().any(|own| own.name == key) && !beside().any(|own| own == key);
    keys.retain(|key| name != "a release" || !of_others(key));
    let properties: Map<String, Value> = keys.iter().map(|key| ((*key).to_owned(), property(name, key))).collect();
    let mut object = Map::new();
    object.insert("type".to_owned(), json!("object"));
    object.insert("properties".to_owned(), Value::Object(properties));
    object.insert("additionalProperties".to_owned(), json!(false));
    let required = required(name);
    if !required.is_empty() {
        object.insert("required".to_owned(), json!(required));
    }
    match name {
        "a broker" => {
            object.insert("anyOf".to_owned(), json!([{"required": ["name"]}, {"required": ["brokerConf"]}]));
        }
        "a step" => {
            object.insert("anyOf".to_owned(), json!([{"required": ["at"]}, {"required": ["between"]}]));
            object.insert("allOf".to_owned(), ACTIONS.iter().map(of_action).collect());
        }
        "a distribution" => {
            object.insert("minProperties".to_owned(), json!(1));
            object.insert("maxProperties".to_owned(), json!(1));
        }
        _ => {}
    }
    Value::Object(object)
}

/// What is said and allowed of a key in a table.
fn property(table: &str, name: &str) -> Value {
    let key = known_keys().find(|key| key.name == name && key.tables.contains(&table));
    let (mut value, does, form, default) = match key {
        Some(key) => (of_key(table, key), key.does, key.form.to_owned(), key.default),
        None => {
            let stands = |place: &str| {
                table.trim_matches(['[', ']']).replace('_', " ").ends_with(place.trim_matches(['[', ']']))
            };
            let named =
                || known_settings().into_iter().filter(|known| known.name == name || known.others.contains(&name));
            // A setting of brokers is told to one of them, to all, or to a slave.
            let place = |known: &super::KnownSetting| known.place.split(", ").any(stands);
            let known = named().find(place).or_else(|| named().next());
            let known = known.unwrap_or_else(|| panic!("`{name}` of {table} is in no table"));
            let number = if known.unit.is_empty() { String::new() } else { format!(", or a number of {}", known.unit) };
            (of_setting(&known), known.does, format!("{}{number}", known.allowed), known.default)
        }
    };
    let default = if default == NEEDED { "Must be there".to_owned() } else { format!("Default: {default}") };
    let description = format!("{does} Written: {form}. {default}.");
    let object = value.as_object_mut().expect("a schema is an object");
    object.insert("description".to_owned(), json!(description));
    value
}

/// The keys without which a table is refused. A rate is one of two ways to say what is sent.
fn required(table: &str) -> Vec<&'static str> {
    let needed = |key: &&super::KnownKey| match (table, key.name) {
        ("a step", name) => name == "action",
        ("a producer", "rate") => false,
        // A broker may have its name from its `brokerConf`.
        ("a name server", "name") => true,
        _ => key.default == NEEDED,
    };
    known_keys().filter(|key| key.tables.contains(&table)).filter(needed).map(|key| key.name).collect()
}

/// What a step of an action may be told.
fn of_action(action: &super::KnownAction) -> Value {
    let keys: Vec<&str> = ["at", "between", "action", "mark"].iter().chain(action.keys).copied().collect();
    json!({
        "if": {"properties": {"action": {"const": action.word}}, "required": ["action"]},
        "then": {"propertyNames": {"enum": keys}},
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reference_leads_somewhere() {
        fn references(value: &Value, found: &mut Vec<String>) {
            match value {
                Value::Object(object) => {
                    found.extend(object.get("$ref").and_then(Value::as_str).map(str::to_owned));
                    object.values().for_each(|value| references(value, found));
                }
                Value::Array(items) => items.iter().for_each(|value| references(value, found)),
                _ => {}
            }
        }
        let (schema, mut found) = (schema(), Vec::new());
        references(&schema, &mut found);
        assert!(found.len() > 50, "{found:?}");
        for reference in found {
            assert!(schema.pointer(reference.trim_start_matches('#')).is_some(), "{reference}");
        }
    }

    #[test]
    fn every_value_has_a_shape() {
        let settings = known_settings();
        let shapeless = known_keys()
            .flat_map(|key| key.tables.iter().map(move |table| (key.form.to_owned(), of_key(table, key))))
            .chain(settings.iter().map(|known| (known.allowed.clone(), of_setting(known))))
            .filter(|(_, shape)| shape.as_object().is_some_and(Map::is_empty));
        let shapeless: Vec<String> = shapeless.map(|(form, _)| form).collect();
        assert!(shapeless.is_empty(), "src/scenario/schema/forms.rs does not know: {shapeless:#?}");
    }
}
