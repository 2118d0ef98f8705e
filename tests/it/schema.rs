//! The schema of scenarios: fresh, kept by every shipped scenario, and broken by what it can tell to be wrong.
//!
//! `UPDATE_DOCUMENTS=1 cargo test --test it schema` writes `scenarios/schema.json` anew.

use regex_lite::Regex;
use serde_json::{Map, Value};

use super::cli::rebalance_sim;
use super::scenario_files::shipped;

const COPY: &str = "scenarios/schema.json";

/// The keywords of JSON Schema (draft 7) that the schema uses; any other is a mistake of this test.
struct Validator {
    schema: Value,
}

impl Validator {
    fn ours() -> Self {
        let (code, text, stderr) = rebalance_sim(&["schema"]);
        assert_eq!((code, stderr.as_str()), (0, ""));
        Self { schema: serde_json::from_str(&text).expect("it is JSON") }
    }

    /// Where a value breaks the schema first; `None`: nowhere.
    fn fault(&self, text: &str) -> Option<String> {
        let value: Value = toml::from_str(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        self.check(&self.schema, &value, "").err()
    }

    fn check(&self, schema: &Value, value: &Value, at: &str) -> Result<(), String> {
        let Some(schema) = schema.as_object() else { return Ok(()) };
        schema.iter().try_for_each(|(keyword, told)| self.keyword((keyword, told), schema, value, at))
    }

    fn keyword(
        &self,
        (keyword, told): (&str, &Value),
        schema: &Map<String, Value>,
        value: &Value,
        at: &str,
    ) -> Result<(), String> {
        let holds = |holds: bool| if holds { Ok(()) } else { Err(format!("{at}: {value} breaks {keyword}")) };
        let all = || told.as_array().expect("a list of schemas").iter();
        let (number, bound) = (value.as_f64(), told.as_f64());
        let length = value.as_array().map(|items| items.len() as f64);
        let members = value.as_object().map(|members| members.len() as f64);
        match keyword {
            "$ref" => {
                let path = told.as_str().expect("a path").trim_start_matches('#');
                self.check(self.schema.pointer(path).expect("it leads somewhere"), value, at)
            }
            "type" => holds(match told.as_str().expect("one type") {
                "object" => value.is_object(),
                "array" => value.is_array(),
                "string" => value.is_string(),
                "boolean" => value.is_boolean(),
                "integer" => value.is_i64() || value.is_u64(),
                "number" => value.is_number(),
                other => panic!("no type {other}"),
            }),
            "enum" => holds(told.as_array().expect("a list").contains(value)),
            "const" => holds(told == value),
            "pattern" => {
                let pattern = Regex::new(told.as_str().expect("a pattern")).expect("well formed");
                holds(value.as_str().is_none_or(|text| pattern.is_match(text)))
            }
            "minimum" => holds(number.is_none_or(|number| Some(number) >= bound)),
            "exclusiveMinimum" => holds(number.is_none_or(|number| Some(number) > bound)),
            "maximum" => holds(number.is_none_or(|number| Some(number) <= bound)),
            "minItems" => holds(length.is_none_or(|length| Some(length) >= bound)),
            "maxItems" => holds(length.is_none_or(|length| Some(length) <= bound)),
            "minProperties" => holds(members.is_none_or(|members| Some(members) >= bound)),
            "maxProperties" => holds(members.is_none_or(|members| Some(members) <= bound)),
            "allOf" => all().try_for_each(|schema| self.check(schema, value, at)),
            "anyOf" => holds(all().any(|schema| self.check(schema, value, at).is_ok())),
            "if" if self.check(told, value, at).is_ok() => self.check(&schema["then"], value, at),
            "required" => holds(all().all(|key| value.get(key.as_str().expect("a key")).is_some())),
            "properties" | "additionalProperties" | "propertyNames" | "items" => {
                self.parts((keyword, told), schema, value, at)
            }
            "$schema" | "title" | "description" | "definitions" | "examples" | "if" | "then" => Ok(()),
            other => panic!("the validator of this test does not know {other}"),
        }
    }

    fn parts(
        &self,
        (keyword, told): (&str, &Value),
        schema: &Map<String, Value>,
        value: &Value,
        at: &str,
    ) -> Result<(), String> {
        if let ("items", Value::Array(items)) = (keyword, value) {
            return items
                .iter()
                .enumerate()
                .try_for_each(|(index, item)| self.check(told, item, &format!("{at}/{index}")));
        }
        let Some(members) = value.as_object() else { return Ok(()) };
        let known = |key: &str| schema.get("properties").is_some_and(|known| known.get(key).is_some());
        members.iter().try_for_each(|(key, member)| {
            let at = format!("{at}/{key}");
            match keyword {
                "properties" => told.get(key).map_or(Ok(()), |schema| self.check(schema, member, &at)),
                "additionalProperties" if !known(key) => match told {
                    Value::Bool(false) => Err(format!("{at} is no key")),
                    schema => self.check(schema, member, &at),
                },
                "propertyNames" => self.check(told, &Value::String(key.clone()), &at),
                _ => Ok(()),
            }
        })
    }
}

#[test]
fn the_copy_is_fresh() {
    let (_, schema, _) = rebalance_sim(&["schema"]);
    if std::env::var_os("UPDATE_DOCUMENTS").is_some() {
        std::fs::write(COPY, &schema).expect("the copy can be written");
    }
    let copy = std::fs::read_to_string(COPY).expect("the copy is there");
    assert!(copy == schema, "UPDATE_DOCUMENTS=1 writes {COPY} anew");
}

#[test]
fn every_shipped_scenario_keeps_it() {
    let schema = Validator::ours();
    let broken = shipped().into_iter().filter_map(|file| {
        let text = std::fs::read_to_string(&file).expect("it can be read");
        schema.fault(&text).map(|fault| format!("{}: {fault}", file.display()))
    });
    let broken: Vec<String> = broken.collect();
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn what_is_wrong_by_itself_breaks_it() {
    const STORY: &str = "title = \"t\"\nduration = \"2m\"\nbrokers = [\"b\"]\ntopics = [{ name = \"t\" }]\ngroups = [{ name = \"g\", count = 2 }]\n";
    let schema = Validator::ours();
    assert_eq!(schema.fault(STORY), None);
    let instead = |from: &str, to: &str| STORY.replace(from, to);
    let broken = [
        instead("duration", "duratoin"),
        instead("\"2m\"", "\"2 parsecs\""),
        instead("\"2m\"", "\"02:00\""),
        instead("\"2m\"", "120"),
        instead("title = \"t\"\n", ""),
        instead("topics", "topic"),
        instead("[{ name = \"t\" }]", "[{ name = \"t\", queues = 0.5 }]"),
        instead("[{ name = \"t\" }]", "[{ queues = 4 }]"),
        instead("count = 2", "count = \"two\""),
        instead("count = 2", "count = 2, pull_batch_size = 3"),
        instead("count = 2", "count = 2, pullBatchSize = true"),
        instead("count = 2", "count = 2, allocateMessageQueueStrategy = \"AVERAGE\""),
        instead("count = 2", "count = 2, messageModel = \"BROADCAST\""),
        instead("count = 2", "count = 2, work = \"5 minutes\""),
        instead("count = 2", "count = 2, failures = 1.5"),
        instead("count = 2", "count = 2, offsetStore = \"Memory\""),
        format!("{STORY}timeline = [{{ at = \"5s\", action = \"deploy\", group = \"g\" }}]"),
        format!("{STORY}timeline = [{{ action = \"kill\", consumer = \"c1\" }}]"),
        format!("{STORY}timeline = [{{ at = \"5s\", action = \"kill\", interval = \"5s\" }}]"),
        format!("{STORY}producers = [{{ topic = \"t\", rate = \"5 per second\" }}]"),
        format!("{STORY}expect = [\"stalled.mx <= 5s\"]"),
        format!("{STORY}expect = [\"lost is 0\"]"),
        format!("{STORY}trap = \"E99\""),
        format!("{STORY}broker = {{ channelExpireTimeout = \"5s\" }}"),
        format!("{STORY}environment = {{ bsae = \"lan\" }}"),
    ];
    for text in &broken {
        assert!(schema.fault(text).is_some(), "the schema lets this pass:\n{text}");
        let file = tempfile::NamedTempFile::with_suffix(".toml").expect("a temporary file");
        std::fs::write(file.path(), text).expect("it can be written");
        let (code, ..) = rebalance_sim(&["check", file.path().to_str().expect("UTF-8")]);
        assert_eq!(code, 2, "what the schema refuses the parser refuses:\n{text}");
    }
}
