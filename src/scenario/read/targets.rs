//! Whom a step is about, and whether all of them are hit at one moment.

use std::collections::{BTreeMap, BTreeSet};

use super::hosts::{all_hosts, on_machine, one_of};
use super::timeline::{Entry, Placed};
use crate::model::plan::{Action, ConsumerIndex, Host, Plan, When};
use crate::scenario::text::{Fault, Node, list};

/// Keys that name a target, and how each is written.
const KEYS: [&str; 8] = ["consumer", "consumers", "group", "machine", "broker", "brokers", "name_server", "proxy"];

impl Entry<'_, '_> {
    /// The hosts that `consumer`, `consumers`, `group`, `machine`, `broker`, `brokers`, `name_server` or `proxy` name.
    pub fn targets(&self) -> Result<Vec<Host>, Fault> {
        let mut found: Option<Vec<Host>> = None;
        for key in KEYS {
            let Some(node) = self.fields.get(key) else { continue };
            if found.is_some() {
                let problem = format!("the step has `{key}` beside another target");
                return Err(Fault::new(node.place, problem, "write two steps"));
            }
            found = Some(match key {
                "consumer" => vec![self.pick(node, "consumer", "consumers")?],
                "consumers" => self.picks(node, "consumer")?,
                "group" => {
                    let members = group_members(node, self.plan, self.before)?;
                    members.into_iter().map(Host::Consumer).collect()
                }
                "machine" => on_machine(node, node.text("the name of a machine")?, self.plan)?,
                "broker" => vec![self.pick(node, "broker", "brokers")?],
                "brokers" if node.text("").ok() == Some("all") => self.of_kind("broker").0,
                "brokers" => self.picks(node, "broker")?,
                "proxy" => vec![self.pick(node, "proxy", "one step for each")?],
                _ => vec![self.pick(node, "name server", "one step for each")?],
            });
        }
        found.filter(|found| !found.is_empty()).ok_or_else(|| {
            let allowed = "write consumer = \"..\", consumers = [..], group = \"..\", machine = \"..\", broker = \"..\", \
                           brokers = [..], name_server = \"..\" or proxy = \"..\"";
            Fault::new(self.fields.place, "this step has no target", allowed)
        })
    }

    /// One host of a kind by its name; `several` is the key that takes a list.
    fn pick(&self, node: &Node, kind: &str, several: &str) -> Result<Host, Fault> {
        if list(node, "").is_ok() {
            let allowed = match several.contains(' ') {
                true => format!("write {several}"),
                false => format!("write `{several} = [..]` for a list"),
            };
            return Err(Fault::new(node.place, format!("one {kind} is wanted, and this is a list"), allowed));
        }
        let (hosts, names) = self.of_kind(kind);
        one_of(node, kind, &names).map(|at| hosts[at])
    }

    /// The hosts of a kind, and their names.
    fn of_kind(&self, kind: &str) -> (Vec<Host>, Vec<&str>) {
        let of_kind = |host: &Host| match kind {
            "consumer" => matches!(host, Host::Consumer(_)),
            "broker" => matches!(host, Host::Broker(_)),
            "proxy" => matches!(host, Host::Proxy(_)),
            _ => matches!(host, Host::NameServer(_)),
        };
        all_hosts(self.plan).into_iter().filter(|(host, _)| of_kind(host)).unzip()
    }

    fn picks(&self, node: &Node, kind: &str) -> Result<Vec<Host>, Fault> {
        if node.text("").is_ok() {
            let allowed = format!("write `{kind} = ..` for one, or a list of names");
            return Err(Fault::new(node.place, format!("a list of {kind}s is wanted, and this is a name"), allowed));
        }
        let (hosts, names) = self.of_kind(kind);
        let known: BTreeMap<&str, Host> = names.iter().copied().zip(hosts).collect();
        let (mut found, mut seen) = (Vec::new(), BTreeSet::new());
        for item in list(node, &format!("a list of {kind}s"))? {
            let host = match known.get(item.text(&format!("the name of a {kind}"))?) {
                Some(host) => *host,
                // It is none of them: this says so.
                None => return Err(one_of(item, kind, &names).expect_err("the name is not known")),
            };
            if !seen.insert(host) {
                return Err(Fault::new(item.place, format!("this {kind} is named twice"), "name it once"));
            }
            found.push(host);
        }
        Ok(found)
    }

    /// Whether all targets are hit at one moment where the seed draws it: those of a machine are, others by
    /// `together = true`.
    pub fn together(&self) -> Result<bool, Fault> {
        let machine = self.fields.get("machine").is_some();
        self.fields.get("together").map_or(Ok(machine), Node::flag)
    }

    /// When the next target is hit, if the first is hit by the step at `first`.
    pub fn when_of(&self, together: bool, first: bool) -> When {
        match self.when {
            When::Between(..) if together && !first => {
                When::After { step: self.before.len(), delay: crate::kernel::Span::ZERO }
            }
            when => when,
        }
    }

    /// The process that a consumer runs in: what ends one of its consumers ends all.
    pub fn process_of(&self, host: Host) -> Host {
        match host {
            Host::Consumer(consumer) => {
                Host::Consumer(self.plan.consumers[consumer.at()].instance_of.unwrap_or(consumer))
            }
            host => host,
        }
    }
}

/// The consumers of the group a node names; of a deployment the pods that there may be after the steps before.
pub(super) fn group_members(node: &Node, plan: &Plan, before: &[Placed]) -> Result<Vec<ConsumerIndex>, Fault> {
    let names: Vec<&str> = plan.groups.iter().map(|group| group.name.as_str()).collect();
    let group = one_of(node, "group", &names)?;
    if let Some(at) = plan.deployments.iter().position(|pods| usize::from(pods.group) == group) {
        let rollout = |placed: &Placed| match placed.step.action {
            Action::Rollout { deployment, revision } if deployment == at => Some(revision),
            _ => None,
        };
        let last = before.iter().filter_map(rollout).max().unwrap_or(0);
        return Ok(plan.deployments[at].revisions[..=last].concat());
    }
    let members = plan.consumers.iter().enumerate().filter(|(_, consumer)| consumer.group.at() == group);
    Ok(members.map(|(index, _)| ConsumerIndex::of(index)).collect())
}
