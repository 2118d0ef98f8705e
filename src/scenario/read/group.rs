//! `[[groups]]` and their consumers.

use super::hosts::{Hosts, one_of};
use super::listener::read_orderly;
use super::strategy::{Surroundings, default_strategy, read_strategy};
use crate::kernel::{Distribution, Instant};
use crate::model::plan::{
    ClientSettings, ConsumerPlan, ConsumerSettings, GroupIndex, GroupPlan, Listener, MessageModel, TopicIndex,
    TopicPlan,
};
use crate::scenario::settings::{
    CLIENT, CONSUMER, check_consumer, read_consume_from_where, read_message_model, read_settings,
};
use crate::scenario::text::{Fault, Fields, Node, list};

/// A consumer and when it starts, if the file says so.
pub(super) struct Member {
    /// What the model is told.
    pub plan: ConsumerPlan,
    /// Its `start`.
    pub start: Option<Instant>,
}

/// What a group gives to its consumers, and a consumer may change.
#[derive(Clone)]
struct Template {
    topics: Vec<TopicIndex>,
    client: ClientSettings,
    consumer: ConsumerSettings,
    listener: Listener,
    start: Option<Instant>,
    machine: Option<String>,
}

/// `[[groups]]`.
pub(super) fn read_groups(
    root: &Fields<'_>,
    around: Surroundings<'_>,
    hosts: &mut Hosts,
) -> Result<(Vec<GroupPlan>, Vec<Member>), Fault> {
    let node = root.require("groups", "[{ name = \"g\", topics = [\"orders\"], count = 2 }]")?;
    let items = list(node, "[[groups]] tables")?;
    if items.is_empty() || items.len() > 10_000 {
        return Err(Fault::new(node.place, format!("there are {} groups", items.len()), "allowed is 1 to 10000"));
    }
    let (mut groups, mut members): (Vec<GroupPlan>, Vec<Member>) = (Vec::new(), Vec::new());
    for item in items {
        let fields = Fields::of(item, "a group")?;
        let name_node = fields.require("name", "\"g\"")?;
        let name = name_node.name("the name of a group")?.to_owned();
        if groups.iter().any(|group| group.name == name) {
            return Err(Fault::new(
                name_node.place,
                format!("two groups are named `{name}`"),
                "give each group a name of its own",
            ));
        }
        let mut template = Template {
            topics: (0..around.topics.len() as TopicIndex).collect(),
            client: ClientSettings::default(),
            consumer: ConsumerSettings::with_strategy(default_strategy()),
            listener: Listener { work: Distribution::ZERO, failures_per_million: 0, orderly: None },
            start: None,
            machine: None,
        };
        read_template(&fields, around, &mut template)?;
        read_members(&fields, groups.len() as GroupIndex, &template, around, hosts, &mut members)?;
        fields.finish()?;
        groups.push(GroupPlan { name });
    }
    Ok((groups, members))
}

/// Everything that stands in a group as a default and in a consumer as its own.
fn read_template(fields: &Fields<'_>, around: Surroundings<'_>, template: &mut Template) -> Result<(), Fault> {
    if let Some(node) = fields.get("topics") {
        template.topics = subscribed(node, around.topics)?;
    }
    if let Some(strategy) = read_strategy(fields, &Surroundings { subscribed: &template.topics, ..around })? {
        template.consumer.allocate_message_queue_strategy = strategy;
    }
    read_settings(CLIENT, fields, &mut template.client)?;
    read_settings(CONSUMER, fields, &mut template.consumer)?;
    read_consume_from_where(fields, &mut template.consumer)?;
    read_message_model(fields, &mut template.consumer)?;
    check_consumer(fields, &template.consumer)?;
    if let Some(node) = fields.get("work") {
        template.listener.work = node.distribution()?;
    }
    if let Some(node) = fields.get("failures") {
        template.listener.failures_per_million = node.share()?;
    }
    read_orderly(fields, &mut template.listener)?;
    if template.listener.orderly.is_some() && template.consumer.message_model == MessageModel::Broadcasting {
        let place = fields.get("listener").or(fields.get("messageModel")).map_or(fields.place, |node| node.place);
        let allowed = "orderly listeners are modelled in CLUSTERING groups; write listener = \"concurrently\"";
        return Err(Fault::new(place, "an orderly listener in a BROADCASTING group is not modelled", allowed));
    }
    if let Some(node) = fields.get("machine") {
        template.machine = Some(node.name("the name of a machine, such as \"node-1\"")?.to_owned());
    }
    if let Some(node) = fields.get("start") {
        template.start = Some(node.moment()?);
    }
    Ok(())
}

fn subscribed(node: &Node, topics: &[TopicPlan]) -> Result<Vec<TopicIndex>, Fault> {
    let names: Vec<&str> = topics.iter().map(|topic| topic.name.as_str()).collect();
    let mut found = Vec::new();
    for item in list(node, "a list of topics")? {
        let topic = one_of(item, "topic", &names)? as TopicIndex;
        if found.contains(&topic) {
            return Err(Fault::new(item.place, "this topic is subscribed twice", "name it once"));
        }
        found.push(topic);
    }
    if found.is_empty() {
        return Err(Fault::new(
            node.place,
            "a group without topics consumes nothing",
            format!("known are {}", names.join(", ")),
        ));
    }
    Ok(found)
}

/// The named consumers of a group, then as many counted ones (`c1`, `c2`, ...) as make up `count`.
fn read_members(
    fields: &Fields<'_>,
    group: GroupIndex,
    template: &Template,
    around: Surroundings<'_>,
    hosts: &mut Hosts,
    members: &mut Vec<Member>,
) -> Result<(), Fault> {
    let named = fields.get("consumers").map_or(Ok(&[][..]), |node| list(node, "[[groups.consumers]] tables"))?;
    let first = members.len();
    for item in named {
        let own = Fields::of(item, "a consumer")?;
        let name = hosts.declare(own.require("name", "\"c1\"")?)?;
        let mut template = template.clone();
        read_template(&own, around, &mut template)?;
        let client_id = own.get("clientId").map(|node| node.name("a client id").map(str::to_owned)).transpose()?;
        own.finish()?;
        let made = member(name, client_id, group, template, members);
        members.push(made);
    }
    if let Some(node) = fields.get("count") {
        let count = node.count(1, 50_000)? as usize;
        let named = members.len() - first;
        if count < named {
            return Err(Fault::new(
                node.place,
                format!("count = {count} is below the {named} consumers named"),
                "count is how many there are in all",
            ));
        }
        let mut number = 0;
        for _ in named..count {
            // A name that was given by hand, in this group or another, is passed over.
            let name = std::iter::from_fn(|| {
                number += 1;
                Some(format!("c{number}"))
            });
            let name = name.into_iter().find(|name| !hosts.has(name)).expect("numbers do not end");
            let name = hosts.declare_name(node, name)?;
            let made = member(name, None, group, template.clone(), members);
            members.push(made);
        }
    }
    if members.len() == first || members.len() > 60_000 {
        let problem = format!("this group makes {} consumers in all", members.len());
        return Err(Fault::new(
            fields.place,
            problem,
            "write count = 2 or [[groups.consumers]] tables; allowed are up to 60000",
        ));
    }
    Ok(())
}

/// A consumer with the address of its machine. A `BROADCASTING` one keeps `instanceName` DEFAULT, so that all of them
/// on one machine have one client id (`DefaultMQPushConsumerImpl.start`).
fn member(
    name: String,
    client_id: Option<String>,
    group: GroupIndex,
    template: Template,
    members: &[Member],
) -> Member {
    let Template { topics, client, consumer, listener, start, machine } = template;
    let machine = machine.unwrap_or_else(|| name.clone());
    let first = members.iter().position(|member| member.plan.machine == machine);
    let number = first.unwrap_or(members.len()) + 1;
    let address = format!("10.{}.{}.{}", number / 62_500, number / 250 % 250, number % 250);
    let instance = if consumer.message_model == MessageModel::Broadcasting { "DEFAULT" } else { &name };
    let client_id = client_id.unwrap_or_else(|| format!("{address}@{instance}"));
    Member { plan: ConsumerPlan { name, client_id, machine, group, topics, client, consumer, listener }, start }
}
