//! `broker.conf` and `namesrv.conf`, as files and inside of manifests.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use super::super::disk::cut;
use super::super::fact::{BrokerRef, Fact};
use super::super::reader::{Reader, Reading};
use super::super::section::{Place, Section};
use super::jvm::name_servers;
use crate::scenario::properties::{KnownProperty, Property, broker_property, name_server_property, properties};

/// Whose configuration a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Server {
    Broker,
    NameServer,
}

/// Reads the configuration of a server.
pub(in crate::import) struct ConfReader {
    name: &'static str,
    server: Server,
}

/// A broker's.
pub(in crate::import) static BROKER_CONF: ConfReader =
    ConfReader { name: "a broker's configuration (broker.conf)", server: Server::Broker };
/// A name server's.
pub(in crate::import) static NAME_SERVER_CONF: ConfReader =
    ConfReader { name: "a name server's configuration (namesrv.conf)", server: Server::NameServer };

impl Reader for ConfReader {
    fn name(&self) -> &'static str {
        self.name
    }

    fn recognises(&self, section: &Section<'_>) -> bool {
        whose(section.name, &section.text()) == Some(self.server)
    }

    fn read(&self, section: &Section<'_>, reading: &mut Reading) {
        let place = |line: usize| section.place(section.lines.get(line - 1).map_or(1, |(number, _)| *number));
        let text = section.text();
        read_conf(self.server, &text, &place, reading);
        // What ties the files that lie in a broker's folder to its name.
        if let (Server::Broker, Some(name)) = (self.server, last(&properties(&text), "brokerName")) {
            let (key, value) = (name.key.clone(), name.value.trim().to_owned());
            reading.fact(place(name.line), Fact::BrokerSetting { broker: BrokerRef::OfThisFolder, key, value });
        }
    }
}

/// Whose a text is: one in which all lines are settings, and at least one is a server's.
pub(super) fn whose(name: &str, text: &str) -> Option<Server> {
    // What `mqadmin` prints of several brokers has their addresses above.
    if text.lines().any(|line| line.starts_with("====")) || !text.contains(['=', ':']) {
        return None;
    }
    let all = properties(text);
    let is_name = |key: &str| {
        let key = key.strip_prefix("-D").unwrap_or(key);
        key.starts_with(|c: char| c.is_ascii_alphabetic())
            && key.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c))
    };
    let keys: BTreeSet<&str> = all.iter().map(|property| &*property.key).collect();
    if keys.is_empty() || !keys.iter().all(|key| is_name(key)) {
        return None;
    }
    let count = |known: fn(&str) -> Option<KnownProperty>| {
        keys.iter().filter(|key| matches!(known(key), Some(KnownProperty::Of(_)))).count()
    };
    let (brokers, servers) = (count(broker_property), count(name_server_property));
    // A line that is a server's by chance makes no configuration of what is another program's.
    let marks = ["brokerName", "brokerClusterName", "brokerRole", "flushDiskType"];
    let is_marked = marks.iter().any(|mark| keys.contains(mark));
    if !is_marked && brokers.max(servers) * 2 < keys.len() {
        return None;
    }
    let named = name.rsplit(['/', '\\']).next().unwrap_or(name);
    // Both have the settings of Netty's server.
    match brokers.cmp(&servers) {
        _ if brokers + servers == 0 => None,
        Ordering::Equal if named.contains("namesrv") => Some(Server::NameServer),
        Ordering::Equal | Ordering::Greater => Some(Server::Broker),
        Ordering::Less => Some(Server::NameServer),
    }
}

/// Reads the settings; `place` gives where a line stands, from 1.
pub(super) fn read_conf(server: Server, text: &str, place: &dyn Fn(usize) -> Place, reading: &mut Reading) {
    let all = properties(text);
    let (broker, slave) = broker_of(&all);
    if let (Server::Broker, BrokerRef::Name(name), Some(at)) = (server, &broker, last(&all, "brokerName")) {
        let fact = Fact::Broker {
            cluster: last(&all, "brokerClusterName").map(|cluster| cluster.value.trim().to_owned()),
            name: name.clone(),
            id: slave.or_else(|| last(&all, "brokerRole").map(|_| 0)),
            address: address(&all),
            version: None,
            activated: None,
        };
        reading.fact(place(at.line), fact);
    }
    let lines: BTreeMap<&str, usize> = all.iter().map(|property| (&*property.key, property.line)).collect();
    for property in &all {
        let (at, key, value) = (place(property.line), property.key.clone(), property.value.clone());
        if let Some(later) = lines.get(&*property.key).filter(|later| **later != property.line) {
            let again = place(*later).line;
            reading.note(at, format!("`{}` stands again on line {again}, and Java keeps the last", cut(&key)));
        }
        if key == "namesrvAddr" && server == Server::Broker {
            name_servers(&value, at, reading);
        }
        let fact = match (server, slave) {
            (Server::NameServer, _) => Fact::NameServerSetting { key, value },
            (Server::Broker, Some(id)) => {
                let BrokerRef::Name(name) = broker.clone() else { continue };
                Fact::SlaveSetting { broker: name, id, key, value }
            }
            (Server::Broker, None) => Fact::BrokerSetting { broker: broker.clone(), key, value },
        };
        reading.fact(at, fact);
    }
}

/// The line that counts for a key.
fn last<'a>(all: &'a [Property], key: &str) -> Option<&'a Property> {
    all.iter().rev().find(|property| property.key == key)
}

/// Whom the settings are of: the broker by its name where they say it, and the id of a slave.
fn broker_of(all: &[Property]) -> (BrokerRef, Option<u64>) {
    let last = |key: &str| last(all, key).map(|property| property.value.trim());
    let Some(name) = last("brokerName").filter(|name| !name.is_empty() && !name.contains('$')) else {
        return (BrokerRef::OfThisFolder, None);
    };
    // A master's id is 0 whatever its file says (`BrokerStartup`).
    let slave = last("brokerRole").filter(|role| role.eq_ignore_ascii_case("SLAVE"));
    let id = slave.and_then(|_| last("brokerId")).and_then(|id| id.parse().ok()).filter(|id| *id > 0);
    (BrokerRef::Name(name.to_owned()), id)
}

/// `brokerIP1:listenPort`, where both are said.
fn address(all: &[Property]) -> Option<String> {
    let last = |key: &str| last(all, key).map(|property| property.value.trim());
    Some(format!("{}:{}", last("brokerIP1")?, last("listenPort")?.parse::<u16>().ok()?))
}
