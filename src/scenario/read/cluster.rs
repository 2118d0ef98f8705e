//! Name servers, brokers and topics.

use super::hosts::{Hosts, one_of};
use crate::kernel::Distribution;
use crate::model::Addresses;
use crate::model::plan::{BrokerIndex, BrokerPlan, NameServerPlan, NameServerSettings, TopicOnBroker, TopicPlan};
use crate::scenario::settings::{BROKER, NAME_SERVER, Setting, read_settings};
use crate::scenario::text::{Fault, Fields, Node, Value, list};

/// `[[name_servers]]`, by default one `namesrv`.
pub(super) fn read_name_servers(root: &Fields<'_>, hosts: &mut Hosts) -> Result<Vec<NameServerPlan>, Fault> {
    let found = servers(root, ("name_servers", "a name server"), "name_server", NAME_SERVER, hosts)?;
    let found = match found {
        Some(found) => found,
        None => {
            hosts.reserve("namesrv");
            let settings: NameServerSettings = defaults(root, "name_server", NAME_SERVER)?;
            vec![("namesrv".to_owned(), settings, Distribution::ZERO)]
        }
    };
    Ok(found.into_iter().map(|(name, settings, _)| NameServerPlan { name, settings }).collect())
}

/// `brokers` or `[[brokers]]` with `[broker]` defaults; by default one `broker-a`.
pub(super) fn read_brokers(root: &Fields<'_>, hosts: &mut Hosts) -> Result<Vec<BrokerPlan>, Fault> {
    let found = servers(root, ("brokers", "a broker"), "broker", BROKER, hosts)?;
    let node = || root.require("brokers", "[\"broker-a\"]");
    let found = match found {
        Some(found) => found,
        None => return node().map(|_| Vec::new()),
    };
    let master = |(name, settings, start)| BrokerPlan { name, slave_of: None, broker_id: 0, start, settings };
    let mut brokers: Vec<BrokerPlan> = found.into_iter().map(master).collect();
    add_slaves(root, hosts, &mut brokers)?;
    Ok(brokers)
}

/// `slaves` of `[broker]` or of one of `[[brokers]]`: so many brokers with the settings of their master, or a table for each
/// with what is its own; they stand behind all masters.
fn add_slaves(root: &Fields<'_>, hosts: &mut Hosts, brokers: &mut Vec<BrokerPlan>) -> Result<(), Fault> {
    let default = root.get("broker").map_or(Ok(None), slaves_of)?;
    let Some(node) = root.get("brokers") else { return Ok(()) };
    for (master, item) in (0..).zip(list(node, "a list of names, or [[..]] tables with `name`")?) {
        let Some(slaves) = slaves_of(item)?.or_else(|| default.clone()) else { continue };
        for (id, (place, own)) in (1..).zip(slaves) {
            let of: BrokerPlan = brokers[master].clone();
            let name = hosts.declare_name(&place, format!("{}-{id}", of.name))?;
            let mut settings = of.settings.clone();
            if let Some(own) = own {
                let fields = Fields::of(&own, "a slave")?;
                read_settings(BROKER, &fields, &mut settings)?;
                fields.finish()?;
            }
            brokers.push(BrokerPlan { name, slave_of: Some(master as BrokerIndex), broker_id: id, settings, ..of });
        }
    }
    Ok(())
}

/// Where a slave stands, and the table of its own settings.
type Slave = (Node, Option<Node>);

/// The slaves that a broker's table names.
fn slaves_of(node: &Node) -> Result<Option<Vec<Slave>>, Fault> {
    const MOST: usize = Addresses::MOST - 1;
    let Value::Table(entries) = &node.value else { return Ok(None) };
    let Some(entry) = entries.iter().find(|entry| entry.key == "slaves") else { return Ok(None) };
    let node = &entry.node;
    let Value::List(items) = &node.value else {
        let count = node.count(0, MOST as u32)?;
        return Ok(Some((0..count).map(|_| (node.clone(), None)).collect()));
    };
    if items.len() > MOST {
        return Err(Fault::new(
            node.place,
            format!("there are {} slaves", items.len()),
            format!("allowed are up to {MOST}"),
        ));
    }
    Ok(Some(items.iter().map(|item| (item.clone(), Some(item.clone()))).collect()))
}

/// A server by name, with its settings and its start.
type Server<T> = (String, T, Distribution);

/// The settings that all servers of a kind begin with.
fn defaults<T: Default>(root: &Fields<'_>, key: &'static str, settings: &'static [Setting<T>]) -> Result<T, Fault> {
    let mut defaults = T::default();
    if let Some(node) = root.get(key) {
        let fields = Fields::of(node, format!("[{key}]"))?;
        read_settings(settings, &fields, &mut defaults)?;
        let _ = fields.get("slaves").filter(|_| key == "broker");
        fields.finish()?;
    }
    Ok(defaults)
}

/// A list of names or of tables with settings, over defaults in a table of its own. A broker may `start` later than the
/// run.
fn servers<T: Default + Clone>(
    root: &Fields<'_>,
    (key, what): (&'static str, &'static str),
    defaults_key: &'static str,
    settings: &'static [Setting<T>],
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
        let mut start = Distribution::ZERO;
        let name = if matches!(item.value, Value::Text(_)) {
            hosts.declare(item)?
        } else {
            let fields = Fields::of(item, what)?;
            let name = hosts.declare(fields.require("name", "\"...\"")?)?;
            read_settings(settings, &fields, &mut own)?;
            let _ = fields.get("slaves").filter(|_| key == "brokers");
            if let Some(node) = fields.get("start").filter(|_| key == "brokers") {
                start = node.distribution()?;
            }
            fields.finish()?;
            name
        };
        found.push((name, own, start));
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
        let index = one_of(name, "broker", &names)? as BrokerIndex;
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
        let fields = Fields::of(item, "a topic")?;
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
                broker: b as BrokerIndex,
                read_queue_nums: read,
                write_queue_nums: write,
            })),
            Some(named) => {
                for (broker, item) in named {
                    let (mut own_read, mut own_write) = (read, write);
                    if matches!(item.value, Value::Table(_)) {
                        let on_broker = Fields::of(&item, "a topic on a broker")?;
                        let _ = on_broker.get("name");
                        let (r, w) = queue_counts(&on_broker)?;
                        (own_read, own_write) = (r.unwrap_or(read), w.unwrap_or(write));
                        on_broker.finish()?;
                    }
                    queues.push(TopicOnBroker { broker, read_queue_nums: own_read, write_queue_nums: own_write });
                }
            }
        }
        fields.finish()?;
        topics.push(TopicPlan { name, queues });
    }
    if topics.is_empty() || topics.len() > 10_000 {
        return Err(Fault::new(node.place, format!("there are {} topics", topics.len()), "allowed is 1 to 10000"));
    }
    Ok(topics)
}
