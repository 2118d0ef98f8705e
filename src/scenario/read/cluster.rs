//! Name servers, brokers and topics.

use super::hosts::{Hosts, one_of};
use crate::kernel::Distribution;
use crate::model::Addresses;
use crate::model::plan::{
    BrokerIndex, BrokerPlan, NameServerPlan, NameServerSettings, ProxyPlan, ProxySettings, TopicOnBroker, TopicPlan,
};
use crate::scenario::settings::{BROKER, NAME_SERVER, PROXY, Released, Tables, read_server};
use crate::scenario::text::{Fault, Fields, Node, Value, list};

/// `[[name_servers]]`, by default one `namesrv`.
pub(super) fn read_name_servers(root: &Fields<'_>, hosts: &mut Hosts) -> Result<Vec<NameServerPlan>, Fault> {
    let found = servers(root, ("name_servers", "a name server"), "name_server", NAME_SERVER, hosts)?;
    let found = match found {
        Some(found) => found,
        None => {
            let node = Node { value: Value::List(Vec::new()), place: root.place };
            let name = |number| if number == 1 { "namesrv".to_owned() } else { format!("namesrv-{number}") };
            let settings: NameServerSettings = defaults(root, "name_server", NAME_SERVER)?;
            vec![(hosts.generate(&node, 1, name)?, settings, Distribution::ZERO, None)]
        }
    };
    Ok(found.into_iter().map(|(name, settings, ..)| NameServerPlan { name, settings }).collect())
}

/// `[[proxies]]`, by default none, and `[proxy]`, which is then of those in the brokers' processes.
pub(super) fn read_proxies(root: &Fields<'_>, hosts: &mut Hosts) -> Result<(Vec<ProxyPlan>, ProxySettings), Fault> {
    match servers(root, ("proxies", "a proxy"), "proxy", PROXY, hosts)? {
        Some(found) => {
            let proxies = found.into_iter().map(|(name, settings, ..)| ProxyPlan { name, settings }).collect();
            Ok((proxies, ProxySettings::default()))
        }
        None => Ok((Vec::new(), defaults(root, "proxy", PROXY)?)),
    }
}

/// `brokers` or `[[brokers]]` with `[broker]` defaults; by default one `broker-a`.
pub(super) fn read_brokers(root: &Fields<'_>, hosts: &mut Hosts) -> Result<Vec<BrokerPlan>, Fault> {
    let found = servers(root, ("brokers", "a broker"), "broker", BROKER, hosts)?;
    let node = || root.require("brokers", "[\"broker-a\"]");
    let found = match found {
        Some(found) => found,
        None => return node().map(|_| Vec::new()),
    };
    let master =
        |(name, settings, start, machine)| BrokerPlan { name, slave_of: None, broker_id: 0, machine, start, settings };
    let mut brokers: Vec<BrokerPlan> = found.into_iter().map(master).collect();
    add_slaves(root, hosts, &mut brokers)?;
    Ok(brokers)
}

/// `slaves` of `[broker]` or of one of `[[brokers]]`: so many brokers with the settings of their master, or a table for each
/// with what it has otherwise; they stand behind all masters.
fn add_slaves(root: &Fields<'_>, hosts: &mut Hosts, brokers: &mut Vec<BrokerPlan>) -> Result<(), Fault> {
    let own = |node: &Node, key: &str| {
        let Value::Table(entries) = &node.value else { return None };
        entries.iter().find(|entry| entry.key == key).map(|entry| entry.node.clone())
    };
    let default = root.get("broker").and_then(|node| own(node, "slaves"));
    let Some(node) = root.get("brokers") else { return Ok(()) };
    for (master, item) in (0..).zip(list(node, "a list of names, or [[..]] tables with `name`")?) {
        let of: BrokerPlan = brokers[master].clone();
        let slave = |id: u32| BrokerPlan {
            slave_of: Some(BrokerIndex::of(master)),
            broker_id: id,
            machine: None,
            name: String::new(),
            ..of.clone()
        };
        let name = |number| format!("{}-{number}", of.name);
        let Some(node) = own(item, "slaves").or_else(|| default.clone()) else { continue };
        if let Value::List(tables) = &node.value {
            if tables.len() >= Addresses::MOST {
                let problem = format!("{} has {} slaves", of.name, tables.len());
                return Err(Fault::new(node.place, problem, format!("allowed are up to {}", Addresses::MOST - 1)));
            }
            for (id, table) in (1..).zip(tables) {
                let read = read_slave(table, hosts, (id, &name), slave(id))?;
                brokers.push(read);
            }
            continue;
        }
        for id in 1..=node.count(0, Addresses::MOST as u32 - 1)? {
            let name = hosts.generate(&node, id, name)?;
            brokers.push(BrokerPlan { name, ..slave(id) });
        }
    }
    Ok(())
}

/// One slave with its own settings over those of its master.
fn read_slave(
    table: &Node,
    hosts: &mut Hosts,
    (id, generated): (u32, &dyn Fn(u32) -> String),
    mut slave: BrokerPlan,
) -> Result<BrokerPlan, Fault> {
    let fields = Fields::read(table, "a slave")?;
    slave.name = match fields.get("name") {
        Some(node) => hosts.declare(node)?,
        None => hosts.generate(table, id, generated)?,
    };
    read_server(BROKER, &fields, &mut slave.settings)?;
    if let Some(node) = fields.get("start") {
        slave.start = node.distribution()?;
    }
    if let Some(node) = fields.get("machine") {
        slave.machine = Some(node.name("the name of a machine, such as \"node-1\"")?.to_owned());
    }
    fields.finish()?;
    Ok(slave)
}

/// A server by name, with its settings, its start and its machine.
type Server<T> = (String, T, Distribution, Option<String>);

/// The settings that all servers of a kind begin with.
fn defaults<T: Default + Released>(root: &Fields<'_>, key: &'static str, settings: Tables<T>) -> Result<T, Fault> {
    let mut defaults = T::default();
    if let Some(node) = root.get(key) {
        if matches!(node.value, Value::List(_)) {
            let problem = format!("`{key}` is a table of settings for all, and this is a list");
            let meant = if key == "proxy" { "proxies".to_owned() } else { format!("{key}s") };
            return Err(Fault::new(node.place, problem, format!("did you mean `{meant}`?")));
        }
        let fields = Fields::read(node, format!("[{key}]"))?;
        read_server(settings, &fields, &mut defaults)?;
        if key == "broker" {
            let _ = fields.get("slaves");
        }
        fields.finish()?;
    }
    Ok(defaults)
}

/// A list of names or of tables with settings, over defaults in a table of its own. A broker may `start` later than the
/// run.
fn servers<T: Default + Clone + Released>(
    root: &Fields<'_>,
    (key, what): (&'static str, &'static str),
    defaults_key: &'static str,
    settings: Tables<T>,
    hosts: &mut Hosts,
) -> Result<Option<Vec<Server<T>>>, Fault> {
    let defaults: T = defaults(root, defaults_key, settings)?;
    let Some(node) = root.get(key) else {
        return Ok(None);
    };
    let items = list(node, "a list of names, or [[..]] tables with `name`")?;
    if items.is_empty() || items.len() > 1_000 {
        return Err(Fault::new(node.place, format!("`{key}` has {} elements", items.len()), "allowed is 1 to 1000"));
    }
    let mut found = Vec::new();
    for item in items {
        let mut own = defaults.clone();
        let (mut start, mut machine) = (Distribution::ZERO, None);
        let name = if matches!(item.value, Value::Text(_)) {
            hosts.declare(item)?
        } else {
            let fields = Fields::read(item, what)?;
            let name = hosts.declare(fields.require("name", "\"...\"")?)?;
            read_server(settings, &fields, &mut own)?;
            if key == "brokers" {
                let _ = fields.get("slaves");
                if let Some(node) = fields.get("start") {
                    start = node.distribution()?;
                }
                if let Some(node) = fields.get("machine") {
                    machine = Some(node.name("the name of a machine, such as \"node-1\"")?.to_owned());
                }
            }
            fields.finish()?;
            name
        };
        found.push((name, own, start, machine));
    }
    Ok(Some(found))
}

/// Read and write queue counts, `None` where not named. `queues` sets both.
pub(super) fn queue_counts(fields: &Fields<'_>) -> Result<(Option<u32>, Option<u32>), Fault> {
    const MOST: u32 = 16_384;
    fields.exclusive("queues", "readQueueNums")?;
    fields.exclusive("queues", "writeQueueNums")?;
    let count = |key| fields.get(key).map(|node| node.count(0, MOST)).transpose();
    let both = fields.get("queues").map(|node| node.count(1, MOST)).transpose()?;
    Ok((count("readQueueNums")?.or(both), count("writeQueueNums")?.or(both)))
}

/// The brokers of a list of names; `None` where the key is missing.
pub(super) fn broker_list(
    fields: &Fields<'_>,
    brokers: &[BrokerPlan],
) -> Result<Option<Vec<(BrokerIndex, Node)>>, Fault> {
    let Some(node) = fields.get("brokers") else {
        return Ok(None);
    };
    let names: Vec<&str> = brokers[..masters(brokers)].iter().map(|b| b.name.as_str()).collect();
    let items = list(node, "a list of brokers")?;
    if items.is_empty() {
        return Err(Fault::new(node.place, "this list is empty", format!("allowed are {}", names.join(", "))));
    }
    let mut found: Vec<(BrokerIndex, Node)> = Vec::new();
    for item in items {
        let name = match &item.value {
            Value::Table(entries) => entries.iter().find(|e| e.key == "name").map_or(item, |e| &e.node),
            _ => item,
        };
        let index = BrokerIndex::of(one_of(name, "broker", &names)?);
        if found.iter().any(|(seen, _)| *seen == index) {
            return Err(Fault::new(name.place, "this broker is named twice", "name it once"));
        }
        found.push((index, item.clone()));
    }
    Ok(Some(found))
}

/// How many brokers are masters; they stand first.
pub(super) fn masters(brokers: &[BrokerPlan]) -> usize {
    brokers.iter().take_while(|broker| broker.slave_of.is_none()).count()
}

/// `[[topics]]`.
pub(super) fn read_topics(root: &Fields<'_>, brokers: &[BrokerPlan]) -> Result<Vec<TopicPlan>, Fault> {
    let node = root.require("topics", "[{ name = \"orders\" }]")?;
    let mut topics: Vec<TopicPlan> = Vec::new();
    for item in list(node, "[[topics]] tables")? {
        let fields = Fields::read(item, "a topic")?;
        let name_node = fields.require("name", "\"orders\"")?;
        let name = name_node.name("the name of a topic")?.to_owned();
        if name.starts_with('%') || topics.iter().any(|topic| topic.name == name) {
            return Err(Fault::new(
                name_node.place,
                format!("the topic `{name}` is reserved or named twice"),
                "give each topic a name of its own",
            ));
        }
        let (read, write) = queue_counts(&fields)?;
        let (read, write) = (read.unwrap_or(4), write.unwrap_or(4));
        let mut queues = Vec::new();
        match broker_list(&fields, brokers)? {
            None => queues.extend((0..masters(brokers)).map(|b| TopicOnBroker {
                broker: BrokerIndex::of(b),
                read_queue_nums: read,
                write_queue_nums: write,
            })),
            Some(named) => {
                for (broker, item) in named {
                    let (mut own_read, mut own_write) = (read, write);
                    if matches!(item.value, Value::Table(_)) {
                        let on_broker = Fields::read(&item, "a topic on a broker")?;
                        let _ = on_broker.get("name");
                        let (r, w) = queue_counts(&on_broker)?;
                        (own_read, own_write) = (r.unwrap_or(read), w.unwrap_or(write));
                        on_broker.finish()?;
                    }
                    queues.push(TopicOnBroker { broker, read_queue_nums: own_read, write_queue_nums: own_write });
                }
            }
        }
        let exists = fields.get("exists").map_or(Ok(true), Node::flag)?;
        fields.finish()?;
        topics.push(TopicPlan { name, exists, queues });
    }
    if topics.is_empty() || topics.len() > 10_000 {
        return Err(Fault::new(node.place, format!("there are {} topics", topics.len()), "allowed is 1 to 10000"));
    }
    Ok(topics)
}
