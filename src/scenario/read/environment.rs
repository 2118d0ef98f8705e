//! `environment`: latencies and service times, named or written out.

use std::path::Path;

use crate::kernel::Distribution;
use crate::model::plan::Environment;
use crate::scenario::environments::{EnvironmentName, built_in};
use crate::scenario::text::{Fault, Fields, Node, Sources, Value};

/// Finds the text of a named environment.
pub(super) type Include<'a> = &'a dyn Fn(&str) -> Result<String, String>;

/// Reads `environment = "NAME"` or an `[environment]` table, which may start from a `base`; answers its name too.
pub(super) fn read_environment(
    node: Option<&Node>,
    include: Include<'_>,
    sources: &mut Sources,
) -> Result<(EnvironmentName, Environment), Fault> {
    let mut environment = Environment::default();
    let name = match node {
        None => EnvironmentName::default(),
        Some(node) if matches!(node.value, Value::Text(_)) => named(node, include, sources, &mut environment)?,
        Some(node) => {
            let fields = Fields::of(node, "the environment")?;
            let own = "a table of its own";
            let name = match fields.get("base") {
                None => EnvironmentName { name: own.to_owned(), file: None },
                Some(base) => {
                    let base = named(base, include, sources, &mut environment)?;
                    EnvironmentName { name: format!("{own} over {}", base.name), file: base.file }
                }
            };
            read_fields(fields, &mut environment)?;
            name
        }
    };
    Ok((name, environment))
}

/// Reads an environment file of its own over what is there.
fn named(
    node: &Node,
    include: Include<'_>,
    sources: &mut Sources,
    environment: &mut Environment,
) -> Result<EnvironmentName, Fault> {
    let name = node.name("the name of an environment, such as \"lan\"")?;
    let text =
        include(name).map_err(|reason| Fault::new(node.place, format!("there is no environment `{name}`"), reason))?;
    let source = sources.add(&format!("environments/{name}.toml"), &text);
    let root = Node::parse(&text, source)?;
    read_fields(Fields::of(&root, format!("environment `{name}`"))?, environment)?;
    // A file that says the same as what is built in is not worth a word.
    let own_file = built_in(name) != Some(text.as_str());
    Ok(EnvironmentName { name: name.to_owned(), file: own_file.then(|| beside(sources.file(), name)) })
}

/// The file of an environment of one's own, as it lies beside the scenario.
fn beside(scenario: &str, name: &str) -> String {
    let folder = Path::new(scenario).parent().filter(|folder| !folder.as_os_str().is_empty());
    format!("{}/environments/{name}.toml", folder.unwrap_or(Path::new(".")).display())
}

fn read_fields(fields: Fields<'_>, environment: &mut Environment) -> Result<(), Fault> {
    let e = environment;
    let targets: [(&'static str, &mut Distribution); 27] = [
        ("client_broker_latency", &mut e.client_broker_latency),
        ("client_name_server_latency", &mut e.client_name_server_latency),
        ("broker_name_server_latency", &mut e.broker_name_server_latency),
        ("service_time", &mut e.service_time),
        ("client_start", &mut e.client_start),
        ("client_instance_start", &mut e.client_instance_start),
        ("cold_call", &mut e.cold_call),
        ("process_boot", &mut e.process_boot),
        ("broker_boot", &mut e.broker_boot),
        ("broker_timers", &mut e.broker_timers),
        ("name_server_boot", &mut e.name_server_boot),
        ("client_shutdown_hook", &mut e.client_shutdown_hook),
        ("connection_close", &mut e.connection_close),
        ("dispatch_delay", &mut e.dispatch_delay),
        ("operator_command", &mut e.operator_command),
        ("process_kill", &mut e.process_kill),
        ("client_shutdown_work", &mut e.client_shutdown_work),
        ("client_event_drain", &mut e.client_event_drain),
        ("client_event_stop", &mut e.client_event_stop),
        ("hold_delay", &mut e.hold_delay),
        ("log_flush", &mut e.log_flush),
        ("channel_event", &mut e.channel_event),
        ("expiry_scan", &mut e.expiry_scan),
        ("local_offsets_write", &mut e.local_offsets_write),
        ("offsets_write", &mut e.offsets_write),
        ("replication_lag", &mut e.replication_lag),
        ("controller_election", &mut e.controller_election),
    ];
    for (key, target) in targets {
        if let Some(node) = fields.get(key) {
            *target = node.distribution()?;
        }
    }
    if let Some(node) = fields.get("control_service_time") {
        e.control_service_time = Some(node.distribution()?);
    }
    if let Some(node) = fields.get("crowded_start") {
        e.crowded_start = Some(node.distribution()?);
    }
    if let Some(node) = fields.get("first_registration") {
        e.first_registration_per_million = node.share()?;
    }
    if let Some(node) = fields.get("pool_before_pull") {
        e.pool_before_pull_per_million = node.share()?;
    }
    if let Some(node) = fields.get("lost_wakeups") {
        e.lost_wakeups_per_million = node.share()?;
    }
    if let Some(node) = fields.get("broker_processors") {
        e.broker_processors = Some(node.count(1, 1_024)?);
    }
    for (key, target) in [("list_entry_time", &mut e.list_entry_time), ("notification_time", &mut e.notification_time)]
    {
        if let Some(node) = fields.get(key) {
            *target = node.span(None)?;
        }
    }
    if let Some(node) = fields.get("cold_calls") {
        e.cold_calls = node.count(0, 1_000)?;
    }
    fields.finish()
}
