//! Applications with Spring: `rocketmq.*` of rocketmq-spring, and bindings of spring-cloud-stream-rocketmq, as properties or
//! as YAML.

use super::super::reader::{Reader, Reading};
use super::super::section::{Place, Section};
use super::manifest::{Manifest, YamlReader};
use super::spring_keys::{Said, say};
use super::yaml::{Node, Yaml};
use crate::scenario::properties::properties;

/// `application.properties`.
pub(in crate::import) static SPRING_PROPERTIES: SpringProperties = SpringProperties;

/// `application.yml`.
pub(in crate::import) static SPRING_YAML: YamlReader = YamlReader {
    name: "an application's Spring configuration",
    marks: &["rocketmq:", "rocketmq.", "spring.cloud.stream."],
    is: |root| root.get("kind").is_none() && flat(root).iter().any(|said| is_ours(&said.key)),
    read: |manifest, reading| {
        let mut said = flat(manifest.root);
        for one in &mut said {
            one.place = Manifest::place_of_line(manifest, one.place.line);
        }
        say(&said, reading);
    },
};

/// Reads `application.properties`.
pub(in crate::import) struct SpringProperties;

impl Reader for SpringProperties {
    fn name(&self) -> &'static str {
        "an application's Spring configuration (properties)"
    }

    fn recognises(&self, section: &Section<'_>) -> bool {
        // Most texts have no such line: they are not taken apart.
        let begins = |line: &str| ["rocketmq.", "spring."].iter().any(|mark| line.trim_start().starts_with(mark));
        section.lines.iter().any(|(_, line)| begins(line) && line.contains(['=', ':']))
            && properties(&section.text()).iter().any(|property| is_ours(&property.key))
    }

    fn read(&self, section: &Section<'_>, reading: &mut Reading) {
        let said = properties(&section.text()).into_iter().map(|property| Said {
            place: section.place(section.lines.get(property.line - 1).map_or(1, |(number, _)| *number)),
            key: property.key,
            value: property.value.trim().to_owned(),
        });
        say(&said.collect::<Vec<_>>(), reading);
    }
}

/// Whether a key is of one of the two.
fn is_ours(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    let ours =
        ["name-server", "nameserver", "consumer.", "producer.", "push-consumer.", "pull-consumer.", "simple-consumer."];
    let own = key.strip_prefix("rocketmq.");
    own.is_some_and(|own| ours.iter().any(|start| own.starts_with(start)))
        || key.starts_with("spring.cloud.stream.rocketmq.")
}

/// All scalars with their dotted names; lists are told apart by their commas.
fn flat(root: &Yaml) -> Vec<Said> {
    fn below(value: &Yaml, name: String, into: &mut Vec<Said>) {
        match &value.node {
            Node::Map(fields) => {
                for (key, value) in fields {
                    let Some(part) = key.text() else { continue };
                    below(value, if name.is_empty() { part.to_owned() } else { format!("{name}.{part}") }, into);
                }
            }
            Node::List(elements) => {
                let texts: Vec<&str> = elements.iter().filter_map(Yaml::text).collect();
                if let (Some(first), true) = (elements.first(), texts.len() == elements.len()) {
                    into.push(said(first.line, name, &texts.join(",")));
                }
            }
            Node::Scalar { .. } => into.extend(value.text().map(|text| said(value.line, name, text))),
        }
    }
    fn said(line: usize, key: String, value: &str) -> Said {
        Said { place: Place { input: 0, line }, key, value: value.to_owned() }
    }
    let mut found = Vec::new();
    below(root, String::new(), &mut found);
    found
}
