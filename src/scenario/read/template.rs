//! What a group says of its consumers, and a consumer or a release may say otherwise.

use super::hosts::one_of;
use super::identity::{Identity, read_identity};
use super::listener::read_listener;
use super::strategy::{AskedStrategy, Surroundings, default_strategy, read_strategy};
use super::tags::read_sub_expression;
use super::timeline::moment_or_window;
use crate::kernel::Distribution;
use crate::model::plan::{
    ClientSettings, ConsumerPlan, ConsumerSettings, GroupIndex, Host, Listener, MessageModel, TagSet, TopicIndex,
    TopicPlan, When,
};
use crate::scenario::settings::{
    CLIENT, CONSUMER, check_consumer, check_go, check_grpc, check_lite_pull, check_pop, read_client_version,
    read_consume_from_where, read_consumer_class, read_go_version, read_grpc_version, read_message_model,
    read_settings,
};
use crate::scenario::text::{DISTRIBUTIONS, Fault, Fields, Node, Place, Value, list};

use super::group::{Member, Members};
use crate::model::ip_address;

/// What a group gives to its consumers, and a consumer may change.
#[derive(Clone)]
pub(super) struct Template {
    pub topics: Vec<TopicIndex>,
    pub tags: TagSet,
    pub client: ClientSettings,
    pub consumer: ConsumerSettings,
    pub listener: Listener,
    pub start: Option<When>,
    pub machine: Option<String>,
    pub identity: Identity,
    /// The strategy by its name, which means another one in another language.
    pub strategy: Option<AskedStrategy>,
}

impl Template {
    /// RocketMQ's defaults, for all topics.
    pub fn new(topics: usize) -> Self {
        Self {
            topics: TopicIndex::first(topics).collect(),
            tags: TagSet::ALL,
            client: ClientSettings::default(),
            consumer: ConsumerSettings::with_strategy(default_strategy()),
            listener: Listener {
                work: Distribution::ZERO,
                work_by_topic: Vec::new(),
                failures_per_million: 0,
                panics_per_million: 0,
                delay_level_when_next_consume: 0,
                orderly: None,
                own: None,
            },
            start: None,
            machine: None,
            identity: Identity::default(),
            strategy: None,
        }
    }
}

/// What is known while the tables of these topics' consumers are read.
fn around_topics<'a>(around: &Surroundings<'a>, subscribed: &'a [TopicIndex]) -> Surroundings<'a> {
    Surroundings { subscribed, ..*around }
}

/// Everything that stands in a group as a default and in a consumer as its own.
pub(super) fn read_template(
    fields: &Fields<'_>,
    around: Surroundings<'_>,
    template: &mut Template,
) -> Result<(), Fault> {
    if let Some(node) = fields.get("topics") {
        template.topics = subscribed(node, around.topics)?;
    }
    if let Some(node) = fields.get("subExpression") {
        template.tags = read_sub_expression(node, around.tags)?;
    }
    let was_go = template.client.go.is_some();
    if read_grpc_version(fields, &mut template.client)? {
        template.client.go = None;
    } else if !read_go_version(fields, &mut template.client, &mut template.consumer)? {
        read_client_version(fields, &mut template.client)?;
    }
    let (is_go, own) =
        (template.client.go.is_some(), read_strategy(fields, &around_topics(&around, &template.topics))?);
    let is_new = own.is_some() || is_go != was_go;
    template.strategy = own.or(template.strategy.take());
    if is_go != was_go && template.strategy.is_none() {
        let known = &*template.consumer.allocate_message_queue_strategy;
        template.strategy = Some(AskedStrategy::again(known, fields.place)?);
    }
    if let Some(asked) = template.strategy.as_ref().filter(|_| is_new) {
        let around = around_topics(&around, &template.topics);
        template.consumer.allocate_message_queue_strategy = asked.build(is_go, &around)?;
    }
    read_settings(CLIENT, fields, &mut template.client)?;
    read_consumer_class(fields, &mut template.consumer)?;
    read_settings(CONSUMER, fields, &mut template.consumer)?;
    read_consume_from_where(fields, &mut template.consumer)?;
    read_message_model(fields, &mut template.consumer)?;
    check_consumer(fields, &template.consumer)?;
    if let Some(node) = fields.get("work") {
        read_work(node, around.topics, &mut template.listener)?;
    }
    if let Some(node) = fields.get("failures") {
        template.listener.failures_per_million = node.share()?;
    }
    if let Some(node) = fields.get("panics") {
        template.listener.panics_per_million = node.share()?;
    }
    read_listener(fields, around.plugins, &mut template.listener)?;
    let fails = template.listener.fails() || template.listener.own.is_some();
    let listener = (template.listener.orderly.is_some(), fails);
    check_lite_pull(fields, &template.consumer, listener)?;
    check_pop(fields, &template.consumer)?;
    check_grpc(fields, (&template.client, &template.consumer), &template.listener)?;
    read_endpoints(fields, around.hosts, &mut template.client)?;
    check_go(fields, (&template.client, &template.consumer), &template.listener)?;
    read_identity(fields, &mut template.identity)?;
    if let Some(node) = fields.get("machine") {
        template.machine = Some(node.name("the name of a machine, such as \"node-1\"")?.to_owned());
    }
    if let Some(node) = fields.get("start") {
        template.start = Some(moment_or_window(node)?);
    }
    Ok(())
}

/// `endpoints`: brokers, or where there are proxies of their own these.
fn read_endpoints(fields: &Fields<'_>, known: &[(Host, &str)], client: &mut ClientSettings) -> Result<(), Fault> {
    let (Some(node), Some(grpc)) = (fields.get("endpoints"), &mut client.grpc) else { return Ok(()) };
    let names: Vec<&str> = known.iter().map(|(_, name)| *name).collect();
    let items = list(node, "a list of brokers, or of proxies")?;
    let found = items.iter().map(|item| one_of(item, "endpoint", &names).map(|at| known[at].0));
    grpc.endpoints = found.collect::<Result<_, _>>()?;
    if grpc.endpoints.is_empty() {
        return Err(Fault::new(node.place, "this list is empty", format!("known are {}", names.join(", "))));
    }
    Ok(())
}

/// `work`: a distribution, or a table with one for each of some topics. Of the others the group's goes on to count.
fn read_work(node: &Node, topics: &[TopicPlan], listener: &mut Listener) -> Result<(), Fault> {
    let names: Vec<&str> = topics.iter().map(|topic| topic.name.as_str()).collect();
    let Value::Table(entries) = &node.value else {
        (listener.work, listener.work_by_topic) = (node.distribution()?, Vec::new());
        return Ok(());
    };
    let by_topic = entries.iter().any(|entry| names.contains(&entry.key.as_str()));
    if !by_topic || matches!(entries.as_slice(), [only] if DISTRIBUTIONS.contains(&only.key.as_str())) {
        (listener.work, listener.work_by_topic) = (node.distribution()?, Vec::new());
        return Ok(());
    }
    for entry in entries {
        let key = Node { value: Value::Text(entry.key.clone()), place: entry.key_place };
        let topic = TopicIndex::of(one_of(&key, "topic", &names)?);
        let work = entry.node.distribution()?;
        listener.work_by_topic.retain(|(known, _)| *known != topic);
        listener.work_by_topic.push((topic, work));
    }
    Ok(())
}

fn subscribed(node: &Node, topics: &[TopicPlan]) -> Result<Vec<TopicIndex>, Fault> {
    let names: Vec<&str> = topics.iter().map(|topic| topic.name.as_str()).collect();
    let mut found = Vec::new();
    for item in list(node, "a list of topics")? {
        let topic = TopicIndex::of(one_of(item, "topic", &names)?);
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

/// A consumer with the address of its machine, or with that of the instance that it shares.
pub(super) fn member(
    (place, name, client_id): (Place, String, Option<String>),
    group: GroupIndex,
    template: Template,
    members: &Members,
) -> Result<Member, Fault> {
    let Template { topics, tags, client, consumer, listener, start, machine, identity, strategy: _ } = template;
    let own = client_id.is_some() || machine.is_some();
    let owner = identity.owner((place, group, own), members)?;
    let machine = match owner {
        Some((_, owner)) => owner.machine.clone(),
        None => machine.unwrap_or_else(|| name.clone()),
    };
    let address = ip_address(members.number_of_machine(&machine));
    // The id of a Go client ends with its pid, whatever it does.
    let by_pid = if client.go.is_some() { MessageModel::Clustering } else { consumer.message_model };
    // Another process has another id, unless something else than its address and number makes it.
    let fixed_name = client_id.is_some() || identity.is_fixed(by_pid);
    let own_address = client_id.is_none() && !identity.has_ip();
    let client_id = match owner {
        Some((_, owner)) => owner.client_id.clone(),
        None => client_id.unwrap_or_else(|| identity.client_id(&address, &name, by_pid, consumer.lite_pull.is_some())),
    };
    let instance_of = owner.map(|(index, _)| index);
    let address = match owner {
        Some((_, owner)) => owner.address.clone(),
        None => own_address.then_some(address),
    };
    let plan = ConsumerPlan {
        name,
        client_id,
        address,
        fixed_name,
        machine,
        instance_of,
        group,
        topics,
        tags,
        client,
        consumer,
        listener,
    };
    Ok(Member { plan, start, instance: identity.instance })
}
