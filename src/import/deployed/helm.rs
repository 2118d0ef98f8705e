//! Values of Helm: a chart may name them as it likes, so only what nearly all charts have in common is read.

use super::super::fact::Fact;
use super::super::reader::Reading;
use super::conf::{Server, read_conf, whose};
use super::manifest::{Manifest, YamlReader};
use super::pod::{pre_stop_ms, variable};
use super::yaml::{Node, Yaml};

/// What nearly all charts call the number of pods.
const REPLICAS: [&str; 4] = ["replicaCount", "replicas", "brokerReplicas", "masterReplicas"];

/// A file of values.
pub(in crate::import) static HELM: YamlReader = YamlReader {
    name: "values of Helm",
    marks: &["replicaCount:", "replicas:", "brokerReplicas:", "masterReplicas:", "size:"],
    is: |root| root.get("kind").is_none() && root.get("services").is_none() && has_replicas(root),
    read: |manifest, reading| values(manifest, &mut Vec::new(), manifest.root, reading),
};

fn has_replicas(values: &Yaml) -> bool {
    let own = REPLICAS.iter().any(|name| values.get(name).is_some_and(|value| value.count().is_some()));
    own || masters(values).is_some() || values.fields().iter().any(|(_, value)| has_replicas(value))
}

/// How many masters there are, of charts that tell them and each one's slaves apart: `size: {master: 2, replica: 1}`.
fn masters(values: &Yaml) -> Option<&Yaml> {
    values.at(&["size", "master"]).filter(|value| value.count().is_some())
}

/// The values at a path, and those below them.
fn values<'a>(manifest: &Manifest<'_>, path: &mut Vec<&'a str>, values: &'a Yaml, reading: &mut Reading) {
    let replicas = REPLICAS.iter().find_map(|name| values.get(name).filter(|value| value.count().is_some()));
    let name = if path.is_empty() { "values".to_owned() } else { path.join(".") };
    if let Some(replicas) = replicas {
        workload(manifest, &name, values, replicas, reading);
    } else if let Some(masters) = masters(values) {
        workload(manifest, &name, values, masters, reading);
        let slaves = values.at(&["size", "replica"]).filter(|slaves| slaves.count().is_some_and(|count| count > 0));
        if let Some(slaves) = slaves {
            workload(manifest, &format!("{name}.size.replica"), values, slaves, reading);
        }
    }
    for (key, value) in values.fields() {
        let Some(part) = key.text() else { continue };
        match &value.node {
            Node::Map(fields) if part == "env" || part == "extraEnv" => {
                for (key, value) in fields {
                    let (Some(variable_name), Some(text)) = (key.text(), value.text()) else { continue };
                    variable(manifest, &name, key, (variable_name, text), reading);
                }
            }
            Node::Map(fields)
                if part.to_ascii_lowercase().contains("conf") && fields.iter().all(|(_, it)| it.text().is_some()) =>
            {
                // A map of settings is what the chart writes as lines.
                let line = |(key, value): &(Yaml, Yaml)| Some(format!("{}={}\n", key.text()?, value.text()?));
                let text: String = fields.iter().filter_map(line).collect();
                let place = |nth: usize| manifest.place(fields.get(nth - 1).map_or(key, |(key, _)| key));
                match whose(&name, &text) {
                    Some(server) if fields.iter().all(|pair| line(pair).is_some_and(|it| it.lines().count() == 1)) => {
                        read_conf(server, &text, &place, reading);
                    }
                    _ => {}
                }
            }
            Node::Map(_) => {
                path.push(part);
                self::values(manifest, path, value, reading);
                path.pop();
            }
            Node::List(elements) if part == "env" || part == "extraEnv" => {
                for entry in elements {
                    let text = |field| entry.get(field).and_then(Yaml::text);
                    let (Some(variable_name), Some(text)) = (text("name"), text("value")) else { continue };
                    variable(manifest, &name, entry, (variable_name, text), reading);
                }
            }
            Node::Scalar { text, .. } if text.contains('=') => {
                let server: Option<Server> = whose(part, text);
                if let Some(server) = server.filter(|_| text.lines().count() > 1) {
                    read_conf(server, text, &|nth| manifest.place_of_line(value.line_of(nth - 1)), reading);
                } else {
                    super::jvm::system_properties(text, Some(&name), manifest.place(value), reading);
                }
            }
            _ => {}
        }
    }
}

fn workload(manifest: &Manifest<'_>, name: &str, values: &Yaml, replicas: &Yaml, reading: &mut Reading) {
    let text = |path: &[&str]| values.at(path).and_then(Yaml::text).map(str::to_owned);
    let strategy = ["strategy", "updateStrategy"].iter().find_map(|name| values.get(name));
    let rolling = |field| strategy?.at(&["rollingUpdate", field]).and_then(Yaml::text).map(str::to_owned);
    let image = match (text(&["image"]), text(&["image", "repository"]), text(&["image", "tag"])) {
        (Some(image), ..) => Some(image),
        (_, Some(repository), Some(tag)) => Some(format!("{repository}:{tag}")),
        (_, repository, _) => repository,
    };
    let grace = values.get("terminationGracePeriodSeconds").and_then(Yaml::count);
    let kind = strategy.and_then(|it| it.get("type").or(Some(it))).and_then(Yaml::text).map(str::to_owned);
    let fact = Fact::Workload {
        name: name.to_owned(),
        kind: "values of Helm".to_owned(),
        replicas: replicas.count(),
        termination_grace_ms: grace.map(|seconds| u64::from(seconds) * 1_000),
        strategy: kind,
        max_surge: rolling("maxSurge"),
        max_unavailable: rolling("maxUnavailable"),
        pre_stop_ms: pre_stop_ms(values),
        ready_after_ms: None,
        image,
    };
    reading.fact(manifest.place(replicas), fact);
}
