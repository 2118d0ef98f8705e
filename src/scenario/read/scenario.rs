//! The whole file.

use crate::model::ids::ConsumerIndex;
use std::collections::{BTreeMap, BTreeSet};

use super::actions::ACTIONS;
use super::broker_conf::lay_broker_conf;
use super::cluster::{read_brokers, read_name_servers, read_proxies, read_topics};
use super::deployment::rollouts;
use super::environment::read_environment;
use super::group::{Groups, Member, read_groups};
use super::hosts::Hosts;
use super::load::read_producers;
use super::measure::read_measure;
use super::order::check_order;
use super::size::{check_queues, check_size};
use super::strategy::Surroundings;
use super::tags::read_tags;
use super::timeline::{Placed, bounds, read_entry};
use crate::kernel::Instant;
use crate::model::plan::{Action, BrokerIndex, Environment, Host, Plan, ProxyIndex, Step, When};
use crate::scenario::expect::read_expectations;
use crate::scenario::text::{Fault, Fields, Node, Override, Place, ScenarioError, Sources, Value, list};
use crate::scenario::{Origin, Plugins, Scenario};
use crate::strategy::Registry;

/// Reads a scenario from the text of its file. `include` finds the text of a named environment; its error says which
/// there are.
///
/// # Errors
/// The first thing that is not as it should be, with its place.
pub fn parse(
    file_name: &str,
    text: &str,
    overrides: &[Override],
    include: &dyn Fn(&str) -> Result<String, String>,
) -> Result<Scenario, ScenarioError> {
    parse_with(file_name, text, overrides, include, &Registry::default())
}

/// [`parse`], with other strategies to choose from than this crate's.
///
/// # Errors
/// As [`parse`].
pub fn parse_with(
    file_name: &str,
    text: &str,
    overrides: &[Override],
    include: &dyn Fn(&str) -> Result<String, String>,
    registry: &Registry,
) -> Result<Scenario, ScenarioError> {
    parse_with_plugins(file_name, text, overrides, include, &Plugins::of_strategies(registry.clone()))
}

/// [`parse`], with strategies, offset stores and listeners of somebody else's to choose from.
///
/// # Errors
/// As [`parse`].
pub fn parse_with_plugins(
    file_name: &str,
    text: &str,
    overrides: &[Override],
    include: &dyn Fn(&str) -> Result<String, String>,
    plugins: &Plugins,
) -> Result<Scenario, ScenarioError> {
    let mut sources = Sources::default();
    sources.add(file_name, text);
    read(text, overrides, include, plugins, &mut sources).map_err(|fault| sources.explain(fault))
}

fn read(
    text: &str,
    overrides: &[Override],
    include: &dyn Fn(&str) -> Result<String, String>,
    plugins: &Plugins,
    sources: &mut Sources,
) -> Result<Scenario, Fault> {
    let mut root = Node::parse(text, 0)?;
    if matches!(&root.value, Value::Table(entries) if entries.is_empty()) {
        let allowed = "it needs at least title, duration, brokers, topics and groups";
        return Err(Fault::new(Place::default(), "the scenario is empty", allowed));
    }
    for change in overrides {
        change.apply(&mut root, sources)?;
    }
    let broker_conf = lay_broker_conf(&mut root, include, sources)?;
    let fields = Fields::read(&root, "the scenario")?;
    let title = fields.require("title", "\"...\"")?.text("a title")?.to_owned();
    let question = fields.get("question").map_or(Ok(""), |node| node.text("a question"))?.to_owned();
    let origin = Origin::read(&fields)?;
    let duration = fields.require("duration", "\"120s\"")?.positive_span()?;
    let (environment_name, environment) = read_environment(fields.get("environment"), include, sources)?;
    let mut hosts = Hosts::of(&fields);
    let mut plan = read_cluster(&fields, duration, environment, &mut hosts)?;
    check_queues(&fields, &plan)?;
    let Groups { groups, members, releases, deployments, .. } = {
        plan.tags = read_tags(&fields)?;
        plan.producers = read_producers(&fields, &plan, &mut hosts)?;
        let (topics, brokers, tags) = (&plan.topics, &plan.brokers, &plan.tags);
        let endpoints = endpoints(&plan);
        let around = Surroundings { topics, brokers, tags, subscribed: &[], plugins, hosts: &endpoints };
        read_groups(&fields, around, &mut hosts, &rollouts(&fields))?
    };
    plan.groups = groups;
    (plan.releases, plan.deployments) = (releases, deployments);
    let members = members.into_all();
    let starts: Vec<Option<When>> = members.iter().map(|member| member.start).collect();
    plan.consumers = members.into_iter().map(|Member { plan, .. }| plan).collect();
    plan.timeline = read_timeline(&fields, &plan, &starts)?;
    check_size(&fields, &plan)?;
    let measure = read_measure(fields.get("measure"), &plan)?;
    let expect = read_expectations(fields.get("expect"), &plan, sources)?;
    fields.finish()?;
    let (environment, text) = (environment_name, text.to_owned());
    Ok(Scenario { title, question, origin, environment, plan, measure, expect, broker_conf, text })
}

fn read_cluster(
    fields: &Fields<'_>,
    duration: crate::kernel::Span,
    environment: Environment,
    hosts: &mut Hosts,
) -> Result<Plan, Fault> {
    let name_servers = read_name_servers(fields, hosts)?;
    let brokers = read_brokers(fields, hosts)?;
    let (proxies, local_proxy) = read_proxies(fields, hosts)?;
    let topics = read_topics(fields, &brokers)?;
    Ok(Plan {
        duration,
        environment,
        name_servers,
        brokers,
        proxies,
        local_proxy,
        topics,
        tags: Vec::new(),
        producers: Vec::new(),
        groups: Vec::new(),
        consumers: Vec::new(),
        timeline: Vec::new(),
        releases: Vec::new(),
        deployments: Vec::new(),
        planted: None,
    })
}

/// Whom a client that speaks gRPC may dial: proxies of their own, or where there are none the masters.
fn endpoints(plan: &Plan) -> Vec<(Host, &str)> {
    let masters = BrokerIndex::number(&plan.brokers).filter(|(_, broker)| broker.slave_of.is_none());
    match plan.proxies.is_empty() {
        true => masters.map(|(index, broker)| (Host::Broker(index), broker.name.as_str())).collect(),
        false => {
            ProxyIndex::number(&plan.proxies).map(|(index, proxy)| (Host::Proxy(index), proxy.name.as_str())).collect()
        }
    }
}

/// The steps of the file behind one start for each consumer that the file does not start later.
fn read_timeline(fields: &Fields<'_>, plan: &Plan, starts: &[Option<When>]) -> Result<Vec<Step>, Fault> {
    let items = fields.get("timeline").map_or(Ok(&[][..]), |node| list(node, "[[timeline]] tables"))?;
    // The starts come first in the list, so it must be known how many there are before the entries are read.
    let probe = read_entries(items, plan, Vec::new())?;
    let later: BTreeSet<ConsumerIndex> =
        plan.deployments.iter().flat_map(|plan| plan.revisions[1..].iter().flatten().copied()).collect();
    let started = started_in_timeline(&probe);
    let steps: Vec<Placed> = (0..plan.consumers.len())
        .filter(|&consumer| starts[consumer].is_some() || !started.contains(&ConsumerIndex::of(consumer)))
        .filter(|&consumer| !later.contains(&ConsumerIndex::of(consumer)))
        .map(|consumer| {
            let when = starts[consumer].unwrap_or(When::At(Instant::ZERO));
            let label = format!("start {}", plan.consumers[consumer].name);
            let action = Action::StartConsumer {
                consumer: ConsumerIndex(consumer as u16),
                client_id: None,
                release: None,
                new_address: false,
                takes: None,
            };
            let step = Step { when, action, label, entry: consumer };
            Placed { step, place: fields.place, passes_over: false }
        })
        .collect();
    let mut steps = read_entries(items, plan, steps)?;
    check_order(&steps, plan)?;
    name_apart(&mut steps)?;
    Ok(steps.into_iter().map(|placed| placed.step).collect())
}

fn read_entries(items: &[Node], plan: &Plan, mut steps: Vec<Placed>) -> Result<Vec<Placed>, Fault> {
    for item in items {
        let more = read_entry(item, plan, &steps)?;
        steps.extend(more);
    }
    Ok(steps)
}

/// The consumers to whom the first thing the timeline does is to start them.
fn started_in_timeline(steps: &[Placed]) -> BTreeSet<ConsumerIndex> {
    let about = |action: &Action| match action {
        Action::StartConsumer { consumer, .. } => Some((*consumer, true)),
        Action::StopConsumer(c)
        | Action::KillConsumer(c)
        | Action::PowerOffConsumer(c)
        | Action::PauseConsumer(c)
        | Action::ResumeConsumer(c) => Some((*c, false)),
        _ => None,
    };
    let mut firsts: BTreeMap<ConsumerIndex, (Instant, usize, bool)> = BTreeMap::new();
    for (at, placed) in steps.iter().enumerate() {
        let Some((who, start)) = about(&placed.step.action) else { continue };
        let this = (bounds(steps, at).0, at, start);
        let first = firsts.entry(who).or_insert(this);
        *first = this.min(*first);
    }
    firsts.into_iter().filter(|(_, (.., start))| *start).map(|(who, _)| who).collect()
}

/// Labels are unique: a mark used twice is refused, our own words get a number.
fn name_apart(steps: &mut [Placed]) -> Result<(), Fault> {
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    for placed in steps {
        let times = seen.entry(placed.step.label.clone()).or_insert(0);
        *times += 1;
        if *times > 1 {
            // A label with a space, or an action's own word, is no mark of the file.
            if !placed.step.label.contains(' ') && !ACTIONS.iter().any(|action| action.word == placed.step.label) {
                return Err(Fault::new(
                    placed.place,
                    format!("two steps are marked `{}`", placed.step.label),
                    "give each mark a name of its own",
                ));
            }
            placed.step.label = format!("{} ({times})", placed.step.label);
        }
    }
    Ok(())
}
