//! Names of machines: each is unique, and unknown ones are refused with the nearest known.

use crate::model::ids::{BrokerIndex, ConsumerIndex, NameServerIndex, ProducerIndex, ProxyIndex};
use std::collections::BTreeSet;

use crate::model::plan::{Host, Plan};
use crate::scenario::text::{Fault, Fields, Node, Value, list};
use crate::wording::instead;

/// Names given so far.
#[derive(Debug)]
pub(super) struct Hosts {
    names: BTreeSet<String>,
    /// Names that the file gives to something, read already or not: names of our own making give way to them.
    given: BTreeSet<String>,
    /// The number of the next consumer that is only counted (`c1`, `c2`, ...).
    pub next_counted: u32,
}

/// Words that `from` and `to` understand beside names.
const SETS: [&str; 6] = ["brokers", "name_servers", "producers", "consumers", "proxies", "all"];

impl Hosts {
    /// Takes the name a node gives to a new host.
    pub fn declare(&mut self, node: &Node) -> Result<String, Fault> {
        let name = node.name("a name")?;
        self.declare_name(node, name.to_owned())
    }

    /// No names yet; `root` is the whole scenario, and says which will be given.
    pub fn of(root: &Fields<'_>) -> Self {
        let mut given = BTreeSet::new();
        let mut note = |item: &Node| {
            let name = match &item.value {
                Value::Table(entries) => entries.iter().find(|entry| entry.key == "name").map(|entry| &entry.node),
                _ => Some(item),
            };
            given.extend(name.and_then(|name| name.text("").ok()).map(str::to_owned));
        };
        for key in ["name_servers", "brokers", "proxies", "producers"] {
            for item in elements(root.get(key)) {
                note(item);
                inner(item, "slaves").iter().for_each(&mut note);
            }
        }
        for group in elements(root.get("groups")) {
            inner(group, "consumers").iter().for_each(&mut note);
        }
        Self { names: BTreeSet::new(), given, next_counted: 1 }
    }

    /// Makes a name from the first number at or after `number` that makes one which nobody has or is given.
    pub fn generate(&mut self, node: &Node, number: u32, name: impl Fn(u32) -> String) -> Result<String, Fault> {
        let free = (number..).map(name).find(|name| !self.names.contains(name) && !self.given.contains(name));
        self.declare_name(node, free.expect("numbers do not end"))
    }

    /// Takes a name made by ourselves for what the node describes.
    fn declare_name(&mut self, node: &Node, name: String) -> Result<String, Fault> {
        if SETS.contains(&name.as_str()) {
            return Err(Fault::new(node.place, format!("`{name}` is a word of this language"), "choose another name"));
        }
        if !self.names.insert(name.clone()) {
            return Err(Fault::new(
                node.place,
                format!("two hosts are named `{name}`"),
                "every broker, name server, proxy, producer and consumer needs a name of its own",
            ));
        }
        Ok(name)
    }
}

/// The elements of a list in a table; none where there is no such list.
fn inner<'a>(table: &'a Node, key: &str) -> &'a [Node] {
    let Value::Table(entries) = &table.value else { return &[] };
    elements(entries.iter().find(|entry| entry.key == key).map(|entry| &entry.node))
}

/// The elements of a list; none of what is none.
fn elements(node: Option<&Node>) -> &[Node] {
    match node.map(|node| &node.value) {
        Some(Value::List(items)) => items,
        _ => &[],
    }
}

/// The position of the name a node gives.
pub(super) fn one_of(node: &Node, what: &str, names: &[&str]) -> Result<usize, Fault> {
    let text = node.text(&format!("the name of a {what}"))?;
    if let Some(at) = names.iter().position(|name| *name == text) {
        return Ok(at);
    }
    Err(unknown(node, what, text, names))
}

/// There is nothing of this name: the nearest name, or the known ones with the nearest first.
fn unknown(node: &Node, what: &str, text: &str, names: &[&str]) -> Fault {
    let allowed = instead(text, names.iter().copied());
    Fault::new(node.place, format!("there is no {what} `{text}`"), allowed)
}

/// The hosts that a name or a list of names, `brokers`, `group:g` and their kin means.
pub(super) fn host_list(node: &Node, plan: &Plan) -> Result<Vec<Host>, Fault> {
    let single = std::slice::from_ref(node);
    let items = if node.text("").is_ok() { single } else { list(node, "a host, or a list of hosts")? };
    let (mut hosts, mut seen) = (Vec::new(), BTreeSet::new());
    for item in items {
        hosts.extend(host_set(item, plan)?.into_iter().filter(|host| seen.insert(*host)));
    }
    if hosts.is_empty() {
        return Err(Fault::new(node.place, "this names no host", "name at least one"));
    }
    Ok(hosts)
}

/// Every host of the plan with its name.
pub(super) fn all_hosts(plan: &Plan) -> Vec<(Host, &str)> {
    let mut all: Vec<(Host, &str)> = Vec::new();
    all.extend(
        plan.name_servers
            .iter()
            .enumerate()
            .map(|(i, h)| (Host::NameServer(NameServerIndex(i as u16)), h.name.as_str())),
    );
    all.extend(plan.brokers.iter().enumerate().map(|(i, h)| (Host::Broker(BrokerIndex(i as u16)), h.name.as_str())));
    all.extend(
        plan.producers.iter().enumerate().map(|(i, h)| (Host::Producer(ProducerIndex(i as u16)), h.name.as_str())),
    );
    all.extend(
        plan.consumers.iter().enumerate().map(|(i, h)| (Host::Consumer(ConsumerIndex(i as u16)), h.name.as_str())),
    );
    all.extend(ProxyIndex::number(&plan.proxies).map(|(index, h)| (Host::Proxy(index), h.name.as_str())));
    all
}

/// What runs on a machine: its brokers, then its consumers.
pub(super) fn on_machine(node: &Node, machine: &str, plan: &Plan) -> Result<Vec<Host>, Fault> {
    let brokers = plan.brokers.iter().enumerate().filter(|(_, broker)| broker.machine.as_deref() == Some(machine));
    let consumers = plan.consumers.iter().enumerate().filter(|(_, consumer)| consumer.machine == machine);
    let mut found: Vec<Host> = brokers.map(|(index, _)| Host::Broker(BrokerIndex(index as u16))).collect();
    found.extend(consumers.map(|(index, _)| Host::Consumer(ConsumerIndex(index as u16))));
    if found.is_empty() {
        let named = plan.brokers.iter().filter_map(|broker| broker.machine.as_deref());
        let mut known: Vec<&str> = named.chain(plan.consumers.iter().map(|c| c.machine.as_str())).collect();
        known.sort_unstable();
        known.dedup();
        return Err(unknown(node, "machine", machine, &known));
    }
    Ok(found)
}

fn host_set(item: &Node, plan: &Plan) -> Result<Vec<Host>, Fault> {
    let text =
        item.text("the name of a host, or `brokers`, `name_servers`, `producers`, `consumers`, `proxies`, `group:NAME`, `machine:NAME` or `all`")?;
    let all = all_hosts(plan);
    let of_kind = |wanted: fn(&Host) -> bool| all.iter().map(|(host, _)| *host).filter(wanted).collect::<Vec<_>>();
    Ok(match text {
        "all" => of_kind(|_| true),
        "brokers" => of_kind(|host| matches!(host, Host::Broker(_))),
        "name_servers" => of_kind(|host| matches!(host, Host::NameServer(_))),
        "producers" => of_kind(|host| matches!(host, Host::Producer(_))),
        "consumers" => of_kind(|host| matches!(host, Host::Consumer(_))),
        "proxies" => of_kind(|host| matches!(host, Host::Proxy(_))),
        _ if text.starts_with("machine:") => on_machine(item, &text["machine:".len()..], plan)?,
        _ => match text.strip_prefix("group:") {
            Some(group) => {
                let at = plan.groups.iter().position(|g| g.name == group);
                let at = at.ok_or_else(|| {
                    let known = plan.groups.iter().map(|g| g.name.as_str());
                    Fault::new(item.place, format!("there is no group `{group}`"), instead(group, known))
                })?;
                let members = plan.consumers.iter().enumerate().filter(|(_, c)| c.group.at() == at);
                members.map(|(index, _)| Host::Consumer(ConsumerIndex(index as u16))).collect()
            }
            None => {
                let names: Vec<&str> = all.iter().map(|(_, name)| *name).collect();
                vec![all[one_of(item, "host", &names)?].0]
            }
        },
    })
}
