//! `brokerConf`: a `broker.conf` as it lies on a broker's machine, laid below the settings of the scenario. What the model
//! has is honoured, and of every line is said what became of it. Several files make several brokers: each is of the broker
//! that it names, and that of a slave is its master's.

use std::collections::BTreeMap;

use super::broker_conf_file::{Conf, read_file};
use super::environment::Include;
use crate::scenario::text::{Entry, Fault, Node, Sources, Value};
use crate::scenario::{ConfFate, ConfLine};

/// A file that many brokers name is read once, and said once what becomes of its lines.
type Files = BTreeMap<String, Conf>;

/// Replaces each `brokerConf` of `[broker]`, `[[brokers]]` and their slaves by what the file says, where the table does
/// not say it itself.
pub(super) fn lay_broker_conf(
    root: &mut Node,
    include: Include<'_>,
    sources: &mut Sources,
) -> Result<Vec<ConfLine>, Fault> {
    let mut files = Files::new();
    let Value::Table(entries) = &mut root.value else { return Ok(Vec::new()) };
    for entry in entries.iter_mut().filter(|entry| ["broker", "brokers"].contains(&entry.key.as_str())) {
        match &mut entry.node.value {
            Value::Table(_) => {
                if let Some(file) = lay_conf(&mut entry.node, &mut files, include, sources)? {
                    lay_slave(&mut entry.node, &files[&file]);
                }
            }
            Value::List(brokers) => {
                let mut named = Vec::new();
                for broker in brokers.iter_mut() {
                    named.push(lay_conf(broker, &mut files, include, sources)?);
                }
                name_brokers(brokers, &named, &mut files);
            }
            _ => {}
        }
    }
    Ok(files.into_values().flat_map(|conf| conf.lines).collect())
}

/// Lays the file of one table below what it says, and the files of its slaves below theirs. Gives the name of its file.
fn lay_conf(
    table: &mut Node,
    files: &mut Files,
    include: Include<'_>,
    sources: &mut Sources,
) -> Result<Option<String>, Fault> {
    let Value::Table(own) = &mut table.value else { return Ok(None) };
    if let Some(slaves) = own.iter_mut().find(|entry| entry.key == "slaves")
        && let Value::List(tables) = &mut slaves.node.value
    {
        for table in tables {
            lay_conf(table, files, include, sources)?;
        }
    }
    let Some(at) = own.iter().position(|entry| entry.key == "brokerConf") else { return Ok(None) };
    let named = own.remove(at).node;
    let name = named.name("the name of a file beside the scenario, such as \"broker.conf\"")?;
    if !files.contains_key(name) {
        let unreadable = |why| Fault::new(named.place, format!("`{name}` cannot be read"), why);
        let text = include(&format!("./{name}")).map_err(unreadable)?;
        let source = sources.add(name, &text);
        files.insert(name.to_owned(), read_file(name, &text, source)?);
    }
    for entry in &files[name].entries {
        if !own.iter().any(|known| known.key == entry.key) {
            own.push(entry.clone());
        }
    }
    Ok(Some(name.to_owned()))
}

/// A broker whose file is a slave's gets one.
fn lay_slave(table: &mut Node, conf: &Conf) {
    let Value::Table(own) = &mut table.value else { return };
    if let Some(slave) = &conf.slave
        && !own.iter().any(|entry| entry.key == "slaves")
    {
        own.push(slave.clone());
    }
}

/// Gives brokers without a name that of their file, and makes those whose file is a slave's slaves of the broker that it
/// names, where another is that one.
fn name_brokers(brokers: &mut Vec<Node>, files_of: &[Option<String>], files: &mut Files) {
    let names: Vec<Option<String>> = brokers
        .iter()
        .zip(files_of)
        .map(|(broker, file)| name_of(broker, file.as_ref().map(|file| &files[file])))
        .collect();
    let mut slaves: Vec<(usize, usize)> = Vec::new();
    for (at, file) in files_of.iter().enumerate() {
        let Some(conf) = file.as_ref().and_then(|file| files.get_mut(file)) else { continue };
        let Some(name) = conf.name.clone().filter(|_| own(&brokers[at], "name").is_none()) else {
            lay_slave(&mut brokers[at], conf);
            continue;
        };
        let same = |other: &usize| *other != at && names[*other].as_deref() == name.node.text("").ok();
        let master = match (&conf.slave, conf.is_controlled) {
            (Some(_), _) => (0..brokers.len()).find(same),
            // Of several files with one name a controller makes the first to come the master.
            (None, true) => (0..at).find(same),
            (None, false) => None,
        };
        if let Some(master) = master {
            slaves.push((at, master));
            conf.is_of(ConfFate::OfItsMaster);
            continue;
        }
        if conf.slave.is_none() {
            conf.is_of(ConfFate::Names);
        }
        lay_slave(&mut brokers[at], conf);
        if let Value::Table(own) = &mut brokers[at].value {
            own.insert(0, name);
        }
    }
    for (slave, master) in &slaves {
        let table = brokers[*slave].clone();
        add_slave(&mut brokers[*master], table);
    }
    let mut at = 0..;
    brokers.retain(|_| at.next().is_none_or(|at| !slaves.iter().any(|(slave, _)| *slave == at)));
}

/// The name of a broker: its own, or that of its file where this is a master's.
fn name_of(broker: &Node, conf: Option<&Conf>) -> Option<String> {
    let of_file = || Some(&conf.filter(|conf| conf.slave.is_none())?.name.as_ref()?.node);
    let node = if let Value::Text(_) = broker.value { Some(broker) } else { own(broker, "name").or_else(of_file) };
    node?.text("").ok().map(str::to_owned)
}

/// What a table says itself under a key.
fn own<'a>(table: &'a Node, key: &str) -> Option<&'a Node> {
    let Value::Table(entries) = &table.value else { return None };
    entries.iter().find(|entry| entry.key == key).map(|entry| &entry.node)
}

/// Adds a table to the slaves of a broker; a number of them is so many tables that say nothing.
fn add_slave(master: &mut Node, slave: Node) {
    let place = slave.place;
    let entry = |key: &str, value| Entry { key: key.to_owned(), key_place: place, node: Node { value, place } };
    if let Value::Text(name) = &master.value {
        master.value =
            Value::Table(vec![Entry { key_place: master.place, ..entry("name", Value::Text(name.clone())) }]);
    }
    let Value::Table(entries) = &mut master.value else { return };
    if !entries.iter().any(|entry| entry.key == "slaves") {
        entries.push(entry("slaves", Value::List(Vec::new())));
    }
    let slaves = entries.iter_mut().find(|entry| entry.key == "slaves").expect("it was just put there");
    if let Value::Integer(count) = slaves.node.value {
        // What is no small number is refused where slaves are read.
        let Some(count) = usize::try_from(count).ok().filter(|count| *count < 16) else { return };
        slaves.node.value = Value::List(vec![Node { value: Value::Table(Vec::new()), place }; count]);
    }
    if let Value::List(tables) = &mut slaves.node.value {
        tables.push(slave);
    }
}
