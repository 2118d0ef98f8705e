//! docker-compose: services.

use super::super::fact::Fact;
use super::super::reader::Reading;
use super::jvm::system_properties;
use super::manifest::{Manifest, YamlReader};
use super::pod::{span_ms, variable};
use super::yaml::Yaml;

/// A file of docker-compose.
pub(in crate::import) static COMPOSE: YamlReader = YamlReader {
    name: "a docker-compose file",
    marks: &["services:"],
    is: |root| {
        let is_service = |service: &Yaml| {
            ["image", "build", "command", "environment", "extends"].iter().any(|field| service.get(field).is_some())
        };
        root.get("services").is_some_and(|all| all.fields().iter().any(|(_, service)| is_service(service)))
    },
    read: services,
};

fn services(manifest: &Manifest<'_>, reading: &mut Reading) {
    for (key, service) in manifest.root.get("services").map_or(&[][..], Yaml::fields) {
        let Some(name) = key.text() else {
            reading.note(manifest.place(key), "this service has no name");
            continue;
        };
        let text = |path: &[&str]| service.at(path).and_then(Yaml::text);
        let replicas = service.at(&["deploy", "replicas"]).or_else(|| service.get("scale"));
        let fact = Fact::Workload {
            name: name.to_owned(),
            kind: "service".to_owned(),
            replicas: replicas.and_then(Yaml::count),
            termination_grace_ms: text(&["stop_grace_period"]).and_then(span_ms),
            strategy: None,
            max_surge: None,
            max_unavailable: None,
            pre_stop_ms: None,
            // Only a service that another waits for is asked for its health: nothing says when it is ready.
            ready_after_ms: None,
            image: text(&["image"]).map(str::to_owned),
        };
        reading.fact(manifest.place(key), fact);
        environment(manifest, name, service, reading);
    }
}

/// `environment` as a map or a list, and options in `command`.
fn environment(manifest: &Manifest<'_>, name: &str, service: &Yaml, reading: &mut Reading) {
    if let Some(all) = service.get("environment") {
        for (key, value) in all.all_fields() {
            let (Some(variable_name), Some(text)) = (key.text(), value.text()) else { continue };
            variable(manifest, name, key, (variable_name, text), reading);
        }
        for entry in all.elements() {
            let Some((key, value)) = entry.text().and_then(|text| text.split_once('=')) else { continue };
            variable(manifest, name, entry, (key, value), reading);
        }
    }
    if let Some(command) = service.get("command") {
        for word in command.elements().iter().chain(command.text().map(|_| command)) {
            system_properties(word.text().unwrap_or_default(), Some(name), manifest.place(word), reading);
        }
    }
}
