//! Manifests of Kubernetes: workloads, and maps of configuration that hold a server's file.

use super::super::fact::Fact;
use super::super::reader::Reading;
use super::conf::{read_conf, whose};
use super::jvm::name_servers;
use super::manifest::{Manifest, YamlReader};
use super::pod::{container, pre_stop_ms, ready_after_ms};
use super::yaml::Yaml;

/// Manifests, of which one text may hold many.
pub(in crate::import) static KUBERNETES: YamlReader = YamlReader {
    name: "manifests of Kubernetes",
    marks: &["kind:", "\"kind\":"],
    is: |root| root.get("kind").and_then(Yaml::text).is_some() && root.get("apiVersion").is_some(),
    read: |manifest, reading| object(manifest, manifest.root, reading),
};

/// Kinds that run pods.
const WORKLOADS: [&str; 4] = ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"];
/// Kinds of the RocketMQ operator, whose `size` is how many there are of them.
const OPERATORS: [&str; 3] = ["Broker", "NameService", "Controller"];

fn object(manifest: &Manifest<'_>, object: &Yaml, reading: &mut Reading) {
    let text = |path: &[&str]| object.at(path).and_then(Yaml::text);
    match text(&["kind"]) {
        Some("List") => {
            for item in object.get("items").map_or(&[][..], Yaml::elements) {
                self::object(manifest, item, reading);
            }
        }
        Some("ConfigMap") => config_map(manifest, object, reading),
        Some(kind) if WORKLOADS.contains(&kind) => workload(manifest, object, kind, reading),
        Some(kind) if OPERATORS.contains(&kind) && text(&["apiVersion"]).is_some_and(|it| it.contains("rocketmq")) => {
            operated(manifest, object, kind, reading);
        }
        _ => {}
    }
}

fn workload(manifest: &Manifest<'_>, object: &Yaml, kind: &str, reading: &mut Reading) {
    let Some(name) = object.at(&["metadata", "name"]).and_then(Yaml::text) else {
        reading.note(manifest.place(object), format!("this {kind} has no metadata.name"));
        return;
    };
    let Some(spec) = object.get("spec") else { return };
    let nothing = Yaml { line: object.line, node: super::yaml::Node::Map(Vec::new()) };
    let pod = spec.at(&["template", "spec"]).unwrap_or(&nothing);
    let strategy = spec.get("strategy").or_else(|| spec.get("updateStrategy"));
    let rolling = |field| strategy?.at(&["rollingUpdate", field]).and_then(Yaml::text).map(str::to_owned);
    let grace = pod.get("terminationGracePeriodSeconds").and_then(Yaml::count);
    let image = pod.get("containers").and_then(|all| all.elements().first()?.get("image")?.text());
    let fact = Fact::Workload {
        name: name.to_owned(),
        kind: kind.to_owned(),
        replicas: spec.get("replicas").and_then(Yaml::count),
        termination_grace_ms: grace.map(|seconds| u64::from(seconds) * 1_000),
        strategy: strategy.and_then(|it| it.get("type")).and_then(Yaml::text).map(str::to_owned),
        max_surge: rolling("maxSurge"),
        max_unavailable: rolling("maxUnavailable"),
        pre_stop_ms: pre_stop_ms(pod),
        ready_after_ms: ready_after_ms(pod),
        image: image.map(str::to_owned),
    };
    reading.fact(manifest.place(object.at(&["metadata", "name"]).unwrap_or(object)), fact);
    for one in pod.get("containers").map_or(&[][..], Yaml::elements) {
        container(manifest, name, one, reading);
    }
}

/// A map whose files may be of brokers and name servers.
fn config_map(manifest: &Manifest<'_>, object: &Yaml, reading: &mut Reading) {
    for (name, file) in object.get("data").map_or(&[][..], Yaml::fields) {
        let (Some(name), Some(text)) = (name.text(), file.text()) else { continue };
        if let Some(server) = whose(name, text) {
            read_conf(server, text, &|line| manifest.place_of_line(file.line_of(line - 1)), reading);
        }
    }
}

/// An object of the RocketMQ operator.
fn operated(manifest: &Manifest<'_>, object: &Yaml, kind: &str, reading: &mut Reading) {
    let Some(name) = object.at(&["metadata", "name"]).and_then(Yaml::text) else { return };
    let text = |field| object.at(&["spec", field]).and_then(Yaml::text).map(str::to_owned);
    let fact = Fact::Workload {
        name: name.to_owned(),
        kind: kind.to_owned(),
        replicas: object.at(&["spec", "size"]).and_then(Yaml::count),
        termination_grace_ms: None,
        strategy: None,
        max_surge: None,
        max_unavailable: None,
        pre_stop_ms: None,
        ready_after_ms: None,
        image: text("brokerImage").or_else(|| text("nameServiceImage")).or_else(|| text("controllerImage")),
    };
    reading.fact(manifest.place(object.at(&["metadata", "name"]).unwrap_or(object)), fact);
    if let (Some(servers), Some(at)) = (text("nameServers"), object.at(&["spec", "nameServers"])) {
        name_servers(&servers, manifest.place(at), reading);
    }
    // Its environment stands where a container has it.
    if let Some(spec) = object.get("spec") {
        container(manifest, name, spec, reading);
    }
}
