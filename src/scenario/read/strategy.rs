//! `allocateMessageQueueStrategy`: a name, or a table of a name and the settings of RocketMQ's class.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::model::plan::{BrokerPlan, Host, TopicIndex, TopicPlan};
use crate::scenario::Plugins;
use crate::scenario::text::{Fault, Fields, Node, Place, Value, list};
use crate::strategy::{AllocateMessageQueueStrategy, MessageQueue, RoomRule, StrategyParameters, go, registry};
use crate::wording::instead;

/// What a strategy may be told of the cluster.
#[derive(Clone, Copy)]
pub(super) struct Surroundings<'a> {
    /// All topics.
    pub topics: &'a [TopicPlan],
    /// All brokers.
    pub brokers: &'a [BrokerPlan],
    /// Tags that producers send.
    pub tags: &'a [String],
    /// The topics that the table's consumers subscribe; none before they are read.
    pub subscribed: &'a [TopicIndex],
    /// The strategies, offset stores and listeners that there are.
    pub plugins: &'a Plugins,
    /// Whom clients that speak gRPC may dial, by name.
    pub hosts: &'a [(Host, &'a str)],
}

/// A strategy as it is asked for: what it is depends on the client that asks it.
#[derive(Clone)]
pub(super) struct AskedStrategy {
    name: String,
    parameters: StrategyParameters,
    name_place: Place,
    place: Place,
}

impl AskedStrategy {
    /// The one that a group has, where only the language of its clients changes.
    ///
    /// # Errors
    /// It was told more than its number of virtual nodes: that has to be said again.
    pub fn again(strategy: &dyn AllocateMessageQueueStrategy, place: Place) -> Result<Self, Fault> {
        let name = strategy.name();
        if ["CONFIG", "MACHINE_ROOM"].contains(&name.as_str()) {
            let problem = format!("clients of another language deal by a {name} of their own");
            return Err(Fault::new(place, problem, "write allocateMessageQueueStrategy here too, with its settings"));
        }
        let virtual_node_cnt = i32::try_from(strategy.virtual_node_cnt()).unwrap_or(i32::MAX);
        let parameters = StrategyParameters { virtual_node_cnt, ..StrategyParameters::default() };
        Ok(Self { name, parameters, name_place: place, place })
    }

    /// The strategy of this name in a Java client, or in a Go client.
    pub fn build(
        &self,
        is_go: bool,
        around: &Surroundings<'_>,
    ) -> Result<Arc<dyn AllocateMessageQueueStrategy>, Fault> {
        let Self { name, parameters, name_place, place } = self;
        // What is none of RocketMQ's is somebody's own, in whichever language.
        let built = match is_go && go::has(name) {
            true => go::build(name, parameters),
            false => around.plugins.strategies.build(name, parameters),
        };
        match built {
            Ok(strategy) => Ok(strategy),
            Err(crate::strategy::StrategyError::Unknown { .. }) => {
                let known = instead(name, around.plugins.strategies.names());
                Err(Fault::new(*name_place, format!("`{name}` is no strategy"), known))
            }
            Err(error) => Err(Fault::new(*place, error.to_string(), "")),
        }
    }
}

/// The strategy a table names; `None` where it names none.
pub(super) fn read_strategy(fields: &Fields<'_>, around: &Surroundings<'_>) -> Result<Option<AskedStrategy>, Fault> {
    let Some(node) = fields.get("allocateMessageQueueStrategy") else {
        return Ok(None);
    };
    let mut parameters = StrategyParameters::default();
    let name_node = match &node.value {
        Value::Table(_) => {
            let own = Fields::of(node, "a strategy")?;
            let name = own.require("name", "\"AVG\"")?;
            read_parameters(&own, name.text(NAME)?, around, &mut parameters)?;
            own.finish()?;
            name
        }
        _ => node,
    };
    let name = name_node.text(NAME)?;
    refuse_memory(name_node, name)?;
    refuse_language(name_node, name)?;
    parameters.group_queues = group_queues(around);
    let (name, name_place, place) = (name.to_owned(), name_node.place, node.place);
    Ok(Some(AskedStrategy { name, parameters, name_place, place }))
}

const NAME: &str = "the name of a strategy, such as \"AVG\", or { name = \"CONSISTENT_HASH\", virtualNodeCnt = 20 }";

/// RocketMQ's default.
pub(super) fn default_strategy() -> Arc<dyn AllocateMessageQueueStrategy> {
    registry::strategy("AVG").expect("the default strategy is registered")
}

/// A strategy that must be told the assignment before: members of a running group have nowhere to keep it in common.
fn refuse_memory(node: &Node, name: &str) -> Result<(), Fault> {
    if name.split('-').any(|part| part == "STICKY") {
        return Err(Fault::new(
            node.place,
            "STICKY needs an assignment that all members remember alike, and nothing in a RocketMQ cluster keeps one",
            "it can be asked outside a run; in a scenario CONSISTENT_HASH moves few queues",
        ));
    }
    Ok(())
}

/// A strategy of the Go client by the name that it has beside Java's: in a scenario the client says the language.
fn refuse_language(node: &Node, name: &str) -> Result<(), Fault> {
    match name.strip_prefix("GO_") {
        Some(java) if go::has(java) => Err(Fault::new(
            node.place,
            format!("{name} is what {java} is in a Go client"),
            format!("write {java}, and clientVersion = \"go-master\""),
        )),
        _ => Ok(()),
    }
}

/// The settings that the named strategy reads; those of others are strangers to its table.
fn read_parameters(
    own: &Fields<'_>,
    name: &str,
    around: &Surroundings<'_>,
    parameters: &mut StrategyParameters,
) -> Result<(), Fault> {
    let has = |part: &str| name.split('-').any(|own| own == part);
    if (has("CONSISTENT_HASH") || has("BOUNDED_LOAD_HASH"))
        && let Some(node) = own.get("virtualNodeCnt")
    {
        parameters.virtual_node_cnt = node.whole(0, 100_000)? as i32;
    }
    if has("BOUNDED_LOAD_HASH")
        && let Some(node) = own.get("loadBoundPercent")
    {
        parameters.load_bound_percent = node.count(100, 100_000)?;
    }
    if has("MACHINE_ROOM") {
        if let Some(node) = own.get("consumeridcs") {
            let rooms = list(node, "a list of rooms, such as [\"room1\"]")?;
            let rooms = rooms.iter().map(|room| room.text("the name of a room").map(str::to_owned));
            parameters.consumer_idcs = Some(rooms.collect::<Result<BTreeSet<_>, _>>()?);
        }
        if let Some(node) = own.get("before2478") {
            parameters.before_2478 = node.flag()?;
        }
    }
    if name.starts_with("MACHINE_ROOM_NEARBY-")
        && let Some(node) = own.get("machineRoomResolver")
    {
        parameters.machine_room_resolver = read_resolver(node)?;
    }
    if has("CONFIG")
        && let Some(node) = own.get("messageQueueList")
    {
        let items = list(node, "a list of queues, such as [\"orders/broker-a/0\"]")?;
        parameters.message_queue_list =
            Some(items.iter().map(|item| read_queue(item, around)).collect::<Result<_, _>>()?);
    }
    Ok(())
}

/// `"prefix_before_first_dash"`, `"prefix_before_first_at"`, or a table of rooms by broker name, address or client id.
fn read_resolver(node: &Node) -> Result<RoomRule, Fault> {
    const RULES: &str =
        "\"prefix_before_first_dash\", \"prefix_before_first_at\" or a table such as { broker-a = \"room1\" }";
    match &node.value {
        Value::Table(entries) => {
            let mut rooms = BTreeMap::new();
            for entry in entries {
                rooms.insert(entry.key.clone(), entry.node.text("the name of a room")?.to_owned());
            }
            Ok(RoomRule::Listed(rooms))
        }
        _ => match node.text(RULES)? {
            "prefix_before_first_dash" => Ok(RoomRule::PrefixBeforeFirstDash),
            "prefix_before_first_at" => Ok(RoomRule::PrefixBeforeFirstAt),
            other => {
                Err(Fault::new(node.place, format!("`{other}` is no rule for rooms"), format!("allowed is {RULES}")))
            }
        },
    }
}

/// `topic/broker/queueId`, of a topic and a broker that exist.
fn read_queue(node: &Node, around: &Surroundings<'_>) -> Result<MessageQueue, Fault> {
    const FORM: &str = "a queue as topic/broker/queueId, such as \"orders/broker-a/0\"";
    let text = node.text(FORM)?;
    let wrong = |problem: String| Fault::new(node.place, problem, format!("write {FORM}"));
    let parts: Vec<&str> = text.split('/').collect();
    let [topic, broker, id] = parts[..] else { return Err(wrong(format!("`{text}` is no queue"))) };
    let queue_id = id.parse::<i32>().ok().filter(|id| *id >= 0);
    let queue_id = queue_id.ok_or_else(|| wrong(format!("`{id}` is no queue id")))?;
    if !around.topics.iter().any(|known| known.name == topic) {
        return Err(wrong(format!("there is no topic `{topic}`")));
    }
    if !around.brokers.iter().any(|known| known.name == broker) {
        return Err(wrong(format!("there is no broker `{broker}`")));
    }
    Ok(MessageQueue { topic: topic.into(), broker_name: broker.into(), queue_id })
}

/// The queues of all subscribed topics as the plan has them at the start: what `AVG_OVER_TOPICS` deals.
fn group_queues(around: &Surroundings<'_>) -> Vec<MessageQueue> {
    let mut queues = Vec::new();
    for &topic in around.subscribed {
        let planned = &around.topics[topic.at()];
        for on in &planned.queues {
            let broker_name = &around.brokers[on.broker.at()].name;
            queues.extend((0..on.read_queue_nums).map(|id| MessageQueue {
                topic: planned.name.as_str().into(),
                broker_name: broker_name.as_str().into(),
                queue_id: i32::try_from(id).expect("queue counts are bounded by the reader"),
            }));
        }
    }
    queues
}
