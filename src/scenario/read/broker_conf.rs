//! `brokerConf`: a `broker.conf` as it lies on a broker's machine, laid below the settings of the scenario. What the model
//! has is honoured, and of every line is said what became of it.

use std::collections::BTreeMap;

use super::environment::Include;
use crate::scenario::settings::{BROKER, not_modelled};
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

/// The files that were read, by name: each is read once, and said once what becomes of its lines.
#[derive(Default)]
struct Files {
    honoured: BTreeMap<String, Vec<Entry>>,
    lines: Vec<ConfLine>,
}

/// Replaces each `brokerConf` of `[broker]`, `[[brokers]]` and their replicas by what the file says, where the table does
/// not say it itself.
pub(super) fn lay_broker_conf(
    root: &mut Node,
    include: Include<'_>,
    sources: &mut Sources,
) -> Result<Vec<ConfLine>, Fault> {
    let mut files = Files::default();
    let Value::Table(entries) = &mut root.value else { return Ok(files.lines) };
    for entry in entries.iter_mut().filter(|entry| ["broker", "brokers"].contains(&entry.key.as_str())) {
        let tables: &mut [Node] = match &mut entry.node.value {
            Value::Table(_) => std::slice::from_mut(&mut entry.node),
            Value::List(items) => items,
            _ => continue,
        };
        for table in tables {
            files.lay(table, include, sources)?;
        }
    }
    Ok(files.lines)
}

impl Files {
    fn lay(&mut self, table: &mut Node, include: Include<'_>, sources: &mut Sources) -> Result<(), Fault> {
        let Value::Table(own) = &mut table.value else { return Ok(()) };
        if let Some(replicas) = own.iter_mut().find(|entry| entry.key == "replicas")
            && let Value::List(tables) = &mut replicas.node.value
        {
            for table in tables {
                self.lay(table, include, sources)?;
            }
        }
        let Some(at) = own.iter().position(|entry| entry.key == "brokerConf") else { return Ok(()) };
        let named = own.remove(at).node;
        let name = named.text("").unwrap_or_default().to_owned();
        if !self.honoured.contains_key(&name) {
            let mut honoured = Vec::new();
            for (entry, line) in read_conf(&named, include, sources)? {
                if line.fate == ConfFate::Honoured {
                    honoured.push(entry);
                }
                self.lines.push(line);
            }
            self.honoured.insert(name.clone(), honoured);
        }
        for entry in &self.honoured[&name] {
            if !own.iter().any(|known| known.key == entry.key) {
                own.push(entry.clone());
            }
        }
        Ok(())
    }
}

/// The lines of a file as entries of a table, and what becomes of each.
fn read_conf(named: &Node, include: Include<'_>, sources: &mut Sources) -> Result<Vec<(Entry, ConfLine)>, Fault> {
    let name = named.name("the name of a file beside the scenario, such as \"broker.conf\"")?;
    if !name.ends_with(".conf") {
        return Err(Fault::new(named.place, format!("`{name}` is no broker.conf"), "its name ends in .conf"));
    }
    let text = include(name).map_err(|why| Fault::new(named.place, format!("`{name}` cannot be read"), why))?;
    let source = sources.add(name, &text);
    let (mut found, mut start) = (Vec::new(), 0);
    for (number, line) in (1..).zip(text.split_inclusive('\n')) {
        let place = |text: &str| {
            let start = start + (text.as_ptr() as usize - line.as_ptr() as usize);
            Place { source, start, end: start + text.len() }
        };
        let written = line.trim();
        if !written.is_empty() && !written.starts_with(['#', '!']) {
            let Some((key, value)) = written.split_once(['=', ':']) else {
                return Err(Fault::new(place(written), "this line is no setting", "write key=value"));
            };
            let (key, value) = (key.trim(), value.trim());
            let node = Node { value: value_of(value), place: place(value) };
            let entry = Entry { key: key.to_owned(), key_place: place(key), node };
            let line = ConfLine { file: name.to_owned(), line: number, key: key.to_owned(), fate: fate_of(key) };
            found.push((entry, line));
        }
        start += line.len();
    }
    Ok(found)
}

/// A value without its TOML quotes.
fn value_of(text: &str) -> Value {
    match (text, text.parse::<i64>()) {
        ("true", _) => Value::Boolean(true),
        ("false", _) => Value::Boolean(false),
        (_, Ok(number)) => Value::Integer(number),
        _ => Value::Text(text.to_owned()),
    }
}

fn fate_of(key: &str) -> ConfFate {
    if BROKER.iter().any(|setting| setting.names.contains(&key)) {
        ConfFate::Honoured
    } else if WITHOUT_EFFECT.contains(&key) {
        ConfFate::WithoutEffect
    } else {
        ConfFate::NotModelled(not_modelled(key))
    }
}
