//! `[[timeline]]`: each entry becomes one step or several.

use std::collections::BTreeSet;

use super::actions::ACTIONS;
use super::application_steps::{rollout, subscription_steps};
use super::hosts::{all_hosts, host_list, on_machine, one_of};
use super::operator_steps::{
    clock_steps, create_topic, delete_group, delete_topic, forget_heads, reset_offsets, set_group, set_mode,
    set_permission, set_queues,
};
use super::restart::{restart, rolling_restart};
use crate::kernel::{Instant, Span};
use crate::model::plan::{Action, Direction, Host, Plan, Step, When};
use crate::scenario::text::{Fault, Fields, Node, Place, Value, list};
use crate::wording::said_otherwise;

/// A step and the place that asked for it.
pub(super) struct Placed {
    /// What the model is told.
    pub step: Step,
    /// Where the file says so.
    pub place: Place,
    /// It is one of all of a set, and passed over where its host is not in a state for it.
    pub passes_over: bool,
}

/// What a step is about, while it is read.
pub(super) struct Entry<'a, 'p> {
    /// Its table.
    pub fields: Fields<'a>,
    /// The plan without its timeline.
    pub plan: &'p Plan,
    /// The steps of the entries before.
    pub before: &'p [Placed],
    /// When it happens.
    pub when: When,
    /// `mark`, if there is one.
    pub mark: Option<String>,
}

/// Reads one `[[timeline]]` table, which comes behind these steps.
pub(super) fn read_entry(item: &Node, plan: &Plan, before: &[Placed]) -> Result<Vec<Placed>, Fault> {
    let entry_number = before.len();
    let fields = Fields::read(item, "a step")?;
    let when = read_when(&fields, plan.duration)?;
    let mark = fields.get("mark").map(read_mark).transpose()?;
    let action = fields.require("action", "\"kill\"")?;
    let word = read_action(action)?;
    let entry = Entry { fields, plan, before, when, mark };
    let steps = match word {
        "restart" => restart(&entry)?,
        "rolling_restart" => rolling_restart(&entry)?,
        "start" | "stop" | "kill" | "power_off" | "pause" | "promote" | "suspend" | "resume" => {
            process_steps(&entry, word, action)?
        }
        "set_queues" => vec![entry.step(set_queues(&entry)?, "set_queues")],
        "set_permission" => vec![entry.step(set_permission(&entry)?, "set_permission")],
        "create_topic" => vec![entry.step(create_topic(&entry)?, "create_topic")],
        "set_group" => vec![entry.step(set_group(&entry)?, "set_group")],
        "delete_group" => vec![entry.step(delete_group(&entry)?, "delete_group")],
        "delete_topic" => vec![entry.step(delete_topic(&entry)?, "delete_topic")],
        "reset_offsets" => vec![entry.step(reset_offsets(&entry)?, "reset_offsets")],
        "set_mode" => vec![entry.step(set_mode(&entry)?, "set_mode")],
        "subscribe" | "unsubscribe" => subscription_steps(&entry, word, action)?,
        "delete_expired" | "page_out" => vec![entry.step(forget_heads(&entry, word)?, word)],
        "clock" => clock_steps(&entry)?,
        "rollout" => vec![entry.step(rollout(&entry)?, "rollout")],
        "mark" => vec![entry.step(Action::Mark, "mark")],
        network => vec![entry.step(network_action(&entry, network)?, network)],
    };
    let passes_over = !word.contains("restart") && ["machine", "group"].iter().any(|key| entry.fields.has(key));
    let placed = |step| Placed { step: Step { entry: entry_number, ..step }, place: item.place, passes_over };
    entry.fields.finish()?;
    Ok(steps.into_iter().map(placed).collect())
}

/// The word of an action. One that there is not may be what the action is in the world: `crash`, `partition`, `node_down`.
fn read_action(node: &Node) -> Result<&'static str, Fault> {
    let words: Vec<&'static str> = ACTIONS.iter().map(|action| action.word).collect();
    one_of(node, "action", &words).map(|at| words[at]).map_err(|fault| {
        let asked = node.text("").unwrap_or_default().to_lowercase();
        if said_otherwise(&asked, words.iter().copied()).is_some() {
            return fault;
        }
        let parts: Vec<&str> = asked.split(|c: char| !c.is_alphanumeric()).filter(|part| part.len() > 2).collect();
        let says = |text: &str| {
            let text = text.to_lowercase();
            let mut known = text.split(|c: char| !c.is_alphanumeric());
            known.any(|word| parts.contains(&word))
        };
        let in_the_world = ACTIONS.iter().find(|action| says(action.in_the_world));
        let misspelled = fault.allowed.starts_with("did you mean");
        // What it is in the world, word for word, says more than letters that are near: `silence` is no `sever`.
        match in_the_world.or(ACTIONS.iter().find(|action| !misspelled && says(action.does))) {
            Some(near) => {
                let allowed = format!("did you mean `{}`? `rebalance-sim list actions` has all", near.word);
                Fault { allowed, ..fault }
            }
            None => fault,
        }
    })
}

impl Entry<'_, '_> {
    /// A step at the entry's time, named by its mark or these words.
    pub fn step(&self, action: Action, words: &str) -> Step {
        let label = self.mark.clone().unwrap_or_else(|| words.to_owned());
        Step { when: self.when, action, label, entry: self.before.len() }
    }

    /// What `release` makes of a consumer; `None` where the step has none.
    pub fn release_of(&self, target: Host) -> Result<Option<usize>, Fault> {
        let Some(node) = self.fields.get("release") else { return Ok(None) };
        let Host::Consumer(consumer) = target else {
            return Err(Fault::new(node.place, "only consumers have releases", "leave it out"));
        };
        let name = &self.plan.consumers[consumer.at()].name;
        let known = &self.plan.groups[self.plan.consumers[consumer.at()].group.at()].releases;
        if known.is_empty() {
            let problem = format!("the group of {name} has no releases");
            return Err(Fault::new(node.place, problem, "write a [[groups.releases]] table with a name"));
        }
        let words: Vec<&str> = known.iter().map(String::as_str).collect();
        let chosen = one_of(node, "release", &words)?;
        let own = self.plan.releases.iter().enumerate().filter(|(_, release)| release.name == *name);
        Ok(own.map(|(index, _)| index).nth(chosen))
    }
}

/// A time, or two between which the seed draws.
pub(super) fn moment_or_window(node: &Node) -> Result<When, Fault> {
    match node.value {
        Value::List(_) => window(node, Node::moment),
        _ => Ok(When::At(node.moment()?)),
    }
}

fn window(node: &Node, moment: impl Fn(&Node) -> Result<Instant, Fault>) -> Result<When, Fault> {
    const FORM: &str = "two times such as [\"30s\", \"60s\"]";
    let [from, until] = list(node, FORM)? else { return Err(node.not(FORM)) };
    let (from, until) = (moment(from)?, moment(until)?);
    if from > until {
        let problem = format!("the window from {from} to {until} is reversed");
        return Err(Fault::new(node.place, problem, "write the earlier time first"));
    }
    Ok(When::Between(from, until))
}

fn read_when(fields: &Fields<'_>, duration: Span) -> Result<When, Fault> {
    fields.exclusive("at", "between")?;
    let within = |node: &Node| {
        let moment = node.moment()?;
        if moment.as_nanos() > duration.as_nanos() {
            return Err(Fault::new(
                node.place,
                format!("{moment} is after the end"),
                format!("the scenario lasts {duration}"),
            ));
        }
        Ok(moment)
    };
    if let Some(node) = fields.get("between") {
        return window(node, within);
    }
    match fields.get("at") {
        Some(node) => Ok(When::At(within(node)?)),
        None => {
            Err(Fault::new(fields.place, "this step has no time", "write at = \"30s\" or between = [\"30s\", \"60s\"]"))
        }
    }
}

fn read_mark(node: &Node) -> Result<String, Fault> {
    let text = node.name("a label such as \"kill-c2\"")?;
    if ["settled", "measure"].contains(&text) || text.parse::<Span>().is_ok() {
        return Err(Fault::new(
            node.place,
            format!("`{text}` means something else in `measure`"),
            "choose another label",
        ));
    }
    Ok(text.to_owned())
}

/// Start, stop and their kin, one step a target.
fn process_steps(entry: &Entry<'_, '_>, word: &str, action: &Node) -> Result<Vec<Step>, Fault> {
    let client_id = match (word, entry.fields.get("clientId")) {
        ("start", Some(node)) => Some(node.client_id()?.to_owned()),
        ("start", None) => None,
        (_, Some(node)) => {
            return Err(Fault::new(node.place, "`clientId` has no effect here", "it belongs to start and restart"));
        }
        (_, None) => None,
    };
    let targets = entry.targets()?;
    if let (true, Some(node)) = (targets.len() > 1, entry.fields.get("clientId")) {
        return Err(Fault::new(node.place, "one client id for several consumers", "write a step for each"));
    }
    for key in ["release", "new_address", "takes"] {
        if let (true, Some(node)) = (word != "start", entry.fields.get(key)) {
            return Err(Fault::new(
                node.place,
                format!("`{key}` has no effect here"),
                "it belongs to a start or a restart",
            ));
        }
    }
    let (many, together) = (targets.len() > 1, entry.together()?);
    let mut steps: Vec<Step> = Vec::new();
    let mut ended = BTreeSet::new();
    for target in targets {
        // What ends a process ends all that runs in it.
        let fresh = ended.insert(entry.process_of(target));
        if matches!(word, "kill" | "power_off" | "pause") && !fresh {
            continue;
        }
        let next = entry.next(target, client_id.clone())?;
        let doing = process_action(word, target, next).ok_or_else(|| {
            let (kind, allowed) = match target {
                Host::Broker(_) => ("a broker", "start, stop, kill, power_off and restart"),
                Host::NameServer(_) => ("a name server", "start, kill and restart"),
                Host::Proxy(_) => ("a proxy", "start, kill and power_off"),
                _ => ("this host", "start, stop, kill, power_off, pause, resume and restart"),
            };
            Fault::new(action.place, format!("`{word}` is not for {kind}"), format!("it knows {allowed}"))
        })?;
        let name = host_name(entry.plan, target);
        let mut step = entry.step(doing, &format!("{word} {name}"));
        step.when = entry.when_of(together, steps.is_empty());
        if many && entry.mark.is_some() && !steps.is_empty() {
            step.label = format!("{word} {name}");
        }
        steps.push(step);
    }
    Ok(steps)
}

/// The name of a host.
pub(super) fn host_name(plan: &Plan, host: Host) -> &str {
    match host {
        Host::NameServer(index) => &plan.name_servers[index.at()].name,
        Host::Broker(index) => &plan.brokers[index.at()].name,
        Host::Producer(index) => &plan.producers[index.at()].name,
        Host::Consumer(index) => &plan.consumers[index.at()].name,
        Host::Proxy(index) => &plan.proxies[index.at()].name,
    }
}

/// What a process is from its next start on.
#[derive(Default, Clone)]
pub(super) struct Next {
    /// Another client id.
    pub client_id: Option<String>,
    /// Another release, as a position in [`Plan::releases`].
    pub release: Option<usize>,
    /// Another address.
    pub new_address: bool,
    /// What its `start()` takes.
    pub takes: Option<Span>,
}

impl Entry<'_, '_> {
    /// What the entry says of the next process on a host.
    pub fn next(&self, target: Host, client_id: Option<String>) -> Result<Next, Fault> {
        let takes = self.fields.get("takes").map(|node| node.span(None)).transpose()?;
        let mut next = Next { client_id, release: self.release_of(target)?, new_address: false, takes };
        let Some(node) = self.fields.get("new_address") else { return Ok(next) };
        next.new_address = node.flag()?;
        match target {
            Host::Proxy(_) if next.new_address => {
                return Err(Fault::new(node.place, "a proxy keeps its address", "leave it out"));
            }
            Host::NameServer(_) if next.new_address => {
                let allowed = "clients and brokers know name servers by a list that does not change; leave it out";
                return Err(Fault::new(node.place, "a name server keeps its address", allowed));
            }
            Host::Consumer(consumer) if next.new_address && next.client_id.is_none() => {
                let consumers = &self.plan.consumers;
                let number = consumers.len() + self.before.len() + usize::from(consumer) + 2;
                next.client_id = Some(consumers[consumer.at()].id_at(number));
            }
            _ => {}
        }
        Ok(next)
    }
}

/// The action of a word on a host; `None` where the host cannot do it.
pub(super) fn process_action(word: &str, host: Host, next: Next) -> Option<Action> {
    let Next { client_id, release, new_address, takes } = next;
    Some(match (word, host) {
        ("start", Host::Consumer(consumer)) => {
            Action::StartConsumer { consumer, client_id, release, new_address, takes }
        }
        ("stop", Host::Consumer(consumer)) => Action::StopConsumer(consumer),
        ("kill", Host::Consumer(consumer)) => Action::KillConsumer(consumer),
        ("power_off", Host::Consumer(consumer)) => Action::PowerOffConsumer(consumer),
        ("pause", Host::Consumer(consumer)) => Action::PauseConsumer(consumer),
        ("suspend", Host::Consumer(consumer)) => Action::Suspend(consumer),
        ("resume", Host::Consumer(consumer)) => Action::ResumeConsumer(consumer),
        ("start", Host::Broker(broker)) if client_id.is_none() && takes.is_none() => {
            Action::StartBroker { broker, new_address }
        }
        ("stop", Host::Broker(broker)) => Action::StopBroker(broker),
        ("kill", Host::Broker(broker)) => Action::KillBroker(broker),
        ("power_off", Host::Broker(broker)) => Action::PowerOffBroker(broker),
        ("start", Host::NameServer(server)) if client_id.is_none() && takes.is_none() => {
            Action::StartNameServer(server)
        }
        ("promote", Host::Broker(broker)) => Action::Promote(broker),
        ("kill", Host::NameServer(server)) => Action::KillNameServer(server),
        ("start", Host::Proxy(proxy)) if client_id.is_none() && takes.is_none() => Action::StartProxy(proxy),
        ("kill", Host::Proxy(proxy)) => Action::KillProxy(proxy),
        ("power_off", Host::Proxy(proxy)) => Action::PowerOffProxy(proxy),
        _ => return None,
    })
}

fn network_action(entry: &Entry<'_, '_>, word: &str) -> Result<Action, Fault> {
    let (fields, plan) = (&entry.fields, entry.plan);
    fields.exclusive("from", "machine")?;
    let from = match fields.get("machine") {
        Some(node) => on_machine(node, node.text("the name of a machine")?, plan)?,
        None => host_list(fields.require("from", "[\"c1\"]")?, plan)?,
    };
    let to = match fields.get("to") {
        Some(node) => host_list(node, plan)?,
        None => {
            let own: BTreeSet<Host> = from.iter().copied().collect();
            all_hosts(plan).into_iter().map(|(host, _)| host).filter(|host| !own.contains(host)).collect()
        }
    };
    let other: BTreeSet<Host> = to.iter().copied().collect();
    if let Some(host) = from.iter().find(|host| other.contains(host)) {
        let place = fields.get("to").map_or(fields.place, |node| node.place);
        return Err(Fault::new(
            place,
            format!("`{}` is on both sides", host_name(plan, *host)),
            "a host belongs to `from` or to `to`",
        ));
    }
    let direction = match fields.get("direction") {
        None => Direction::Both,
        Some(node) if matches!(word, "heal" | "release" | "sever") => {
            return Err(Fault::new(
                node.place,
                format!("`direction` has no effect on {word}"),
                "it works in both directions",
            ));
        }
        Some(node) => match one_of(node, "direction", &["both", "forward"])? {
            0 => Direction::Both,
            _ => Direction::Forward,
        },
    };
    Ok(match word {
        "cut" => Action::Cut { from, to, direction },
        "heal" => Action::Heal { from, to },
        "delay" => Action::Delay { from, to, direction, extra: fields.require("extra", "\"100ms\"")?.distribution()? },
        "loss" => Action::Loss {
            from,
            to,
            direction,
            per_million: fields.require("share", "0.01")?.share()?,
            retransmission: fields.get("retransmission").map_or(Ok(Span::from_millis(200)), Node::positive_span)?,
        },
        "sever" => {
            let reset = fields.get("reset").map_or(Ok(false), Node::flag)?;
            Action::Sever { from, to, reset }
        }
        "hold" => Action::Hold { from, to, direction },
        _ => Action::Release { from, to },
    })
}

/// The earliest and the latest moment of a step, in a list where [`When::After`] points backwards.
pub(super) fn bounds(steps: &[Placed], at: usize) -> (Instant, Instant) {
    match steps[at].step.when {
        When::At(moment) => (moment, moment),
        When::Between(from, until) => (from, until),
        When::After { step, delay } => {
            let (from, until) = bounds(steps, step);
            (from + delay, until + delay)
        }
    }
}
