//! `brokerConf`: a `broker.conf` as it lies on a broker's machine, laid below the settings of the scenario. What the model
//! has is honoured, and of every line is said what became of it.

use std::collections::BTreeMap;

use super::environment::Include;
use crate::scenario::properties::{Property, properties};
use crate::scenario::settings::{BROKER, Kind, not_modelled};
use crate::scenario::text::{Entry, Fault, Node, Place, Sources, Value};
use crate::scenario::{ConfFate, ConfLine};

/// Settings of a broker that say where things are and not what happens.
const WITHOUT_EFFECT: [&str; 22] = [
    "brokerClusterName",
    "brokerName",
    "namesrvAddr",
    "namesrvDomain",
    "fetchNamesrvAddrByAddressServer",
    "listenPort",
    "haListenPort",
    "brokerIP1",
    "brokerIP2",
    "bindAddress",
    "rocketmqHome",
    "storePathRootDir",
    "storePathCommitLog",
    "storePathConsumeQueue",
    "storePathIndex",
    "storeCheckpoint",
    "abortFile",
    "maxMessageSize",
    "traceTopicEnable",
    "enablePropertyFilter",
    "maxIndexNum",
    "maxHashSlotNum",
];

/// What a file says, and what becomes of each line.
#[derive(Clone, Default)]
struct Conf {
    entries: Vec<Entry>,
    lines: Vec<ConfLine>,
}

/// Replaces each `brokerConf` of `[broker]`, `[[brokers]]` and their slaves by what the file says, where the table does
/// not say it itself.
pub(super) fn lay_broker_conf(
    root: &mut Node,
    include: Include<'_>,
    sources: &mut Sources,
) -> Result<Vec<ConfLine>, Fault> {
    // A file that many brokers name is read once, and said once what becomes of its lines.
    let mut files: BTreeMap<String, Conf> = BTreeMap::new();
    let Value::Table(entries) = &mut root.value else { return Ok(Vec::new()) };
    for entry in entries.iter_mut().filter(|entry| ["broker", "brokers"].contains(&entry.key.as_str())) {
        let tables: &mut [Node] = match &mut entry.node.value {
            Value::Table(_) => std::slice::from_mut(&mut entry.node),
            Value::List(tables) => tables,
            _ => continue,
        };
        for table in tables {
            lay_conf(table, &mut files, include, sources)?;
        }
    }
    Ok(files.into_values().flat_map(|conf| conf.lines).collect())
}

/// Lays the file of one table below what it says, and the files of its slaves below theirs.
fn lay_conf(
    table: &mut Node,
    files: &mut BTreeMap<String, Conf>,
    include: Include<'_>,
    sources: &mut Sources,
) -> Result<(), Fault> {
    let Value::Table(own) = &mut table.value else { return Ok(()) };
    if let Some(slaves) = own.iter_mut().find(|entry| entry.key == "slaves")
        && let Value::List(tables) = &mut slaves.node.value
    {
        for table in tables {
            lay_conf(table, files, include, sources)?;
        }
    }
    let Some(at) = own.iter().position(|entry| entry.key == "brokerConf") else { return Ok(()) };
    let named = own.remove(at).node;
    let name = named.name("the name of a file beside the scenario, such as \"broker.conf\"")?;
    if !files.contains_key(name) {
        files.insert(name.to_owned(), read_conf(name, &named, include, sources)?);
    }
    for entry in &files[name].entries {
        if !own.iter().any(|known| known.key == entry.key) {
            own.push(entry.clone());
        }
    }
    Ok(())
}

/// The settings of a file as entries of a table, and what becomes of each line.
fn read_conf(name: &str, named: &Node, include: Include<'_>, sources: &mut Sources) -> Result<Conf, Fault> {
    let unreadable = |why| Fault::new(named.place, format!("`{name}` cannot be read"), why);
    let text = include(&format!("./{name}")).map_err(unreadable)?;
    let source = sources.add(name, &text);
    let properties = properties(&text);
    check_names(&properties, source)?;
    let last: BTreeMap<&str, usize> = properties.iter().map(|property| (&*property.key, property.line)).collect();
    let of_a_slave = check_role(&properties, source)?;
    let mut conf = Conf::default();
    for property in &properties {
        let Property { line, key, value, places } = property;
        let [key_place, place] = places.clone().map(|place| Place { source, start: place.start, end: place.end });
        let (fate, value) = match last[key.as_str()] {
            later if later != *line => (ConfFate::Overridden(later), None),
            _ if of_a_slave && ["brokerRole", "brokerId"].contains(&key.as_str()) => (ConfFate::OfASlave, None),
            _ => honoured(key, value).unwrap_or_else(|| (fate_of(key), None)),
        };
        if let Some(value) = value {
            let node = Node { value, place };
            conf.entries.push(Entry { key: key.clone(), key_place, node });
        }
        if fate == ConfFate::OfASlave && key == "brokerRole" {
            let node = Node { value: Value::Integer(1), place };
            conf.entries.push(Entry { key: "slaves".to_owned(), key_place, node });
        }
        conf.lines.push(ConfLine { file: name.to_owned(), line: *line, key: key.clone(), fate });
    }
    Ok(conf)
}

/// Refuses a text that is no broker.conf, such as JSON or a log: its lines do not begin with names.
fn check_names(properties: &[Property], source: u32) -> Result<(), Fault> {
    let is_name = |key: &str| {
        key.starts_with(|c: char| c.is_ascii_alphabetic())
            && key.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c))
    };
    let Some(wrong) = properties.iter().find(|property| !is_name(&property.key)) else { return Ok(()) };
    let [place, _] = wrong.places.clone();
    let place = Place { source, start: place.start, end: place.end };
    Err(Fault::new(place, "this line is no setting", "write key=value, with the name of a setting of RocketMQ"))
}

/// Whether the file is a slave's. RocketMQ starts none whose `brokerId` is not above zero (`BrokerStartup`).
fn check_role(properties: &[Property], source: u32) -> Result<bool, Fault> {
    let last = |key| properties.iter().rev().find(|property| property.key == key);
    let Some(role) = last("brokerRole").filter(|role| role.value.trim() == "SLAVE") else { return Ok(false) };
    match last("brokerId").and_then(|id| id.value.parse::<i64>().ok()) {
        Some(1..) => Ok(true),
        _ => {
            let [_, place] = role.places.clone();
            let place = Place { source, start: place.start, end: place.end };
            Err(Fault::new(place, "a SLAVE without a brokerId above 0 does not start", "write such as brokerId=1"))
        }
    }
}

/// A value as RocketMQ reads it for a setting that the model has; `None` where the model has no such setting.
fn honoured(key: &str, value: &str) -> Option<(ConfFate, Option<Value>)> {
    let setting = BROKER.iter().copied().flatten().find(|setting| setting.names.contains(&key))?;
    Some(match (&setting.kind, value.parse::<i64>()) {
        // `Boolean.parseBoolean`; only texts are trimmed.
        (Kind::Flag(_), _) if value.eq_ignore_ascii_case("true") => (ConfFate::Honoured, Some(Value::Boolean(true))),
        (Kind::Flag(_), _) if value.eq_ignore_ascii_case("false") => (ConfFate::Honoured, Some(Value::Boolean(false))),
        (Kind::Flag(_), _) => (ConfFate::HonouredAsFalse, Some(Value::Boolean(false))),
        (Kind::Span { .. } | Kind::Count { .. } | Kind::Optional { .. }, Ok(number)) => {
            (ConfFate::Honoured, Some(Value::Integer(number)))
        }
        // `30s`, `30000L`, a space behind it: `Long.parseLong` throws, and the setter is not called.
        (Kind::Span { .. } | Kind::Count { .. } | Kind::Optional { .. }, Err(_)) => (ConfFate::Unreadable, None),
        _ => (ConfFate::Honoured, Some(Value::Text(value.trim().to_owned()))),
    })
}

fn fate_of(key: &str) -> ConfFate {
    if BROKER.iter().copied().flatten().any(|setting| setting.names.contains(&key)) {
        ConfFate::Honoured
    } else if key == "brokerId" {
        // A master's is 0 whatever the file says (`BrokerStartup`).
        ConfFate::WithoutEffect
    } else if WITHOUT_EFFECT.contains(&key) {
        ConfFate::WithoutEffect
    } else {
        ConfFate::NotModelled(not_modelled(key))
    }
}
