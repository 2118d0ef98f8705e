//! From what was typed to the question.

use std::collections::BTreeMap;
use std::io::Read as _;

use super::super::Failure;
use super::story::{self, Story};
use super::{ChangeArguments, MemberArguments, QueueArguments, RoomPrefix, StrategyArguments, Typed, lists};
use crate::allocation::{Change, IdPattern, Members, Question, Queues};
use crate::strategy::{ClientId, MessageQueue, RoomRule, StrategyParameters};

/// How ids look unless told.
const DEFAULT_PATTERN: &str = "10.0.0.{n}@{pid}";

/// The most queues that are made by counting.
const MOST_QUEUES: u64 = 2_000_000;

/// What is asked.
pub(super) struct Input {
    /// With the first strategy.
    pub(super) question: Question,
    /// All strategies.
    pub(super) strategies: Vec<String>,
    pub(super) change: Option<Change>,
}

/// Ids in the order in which they were given, and what their order says about further ones.
struct Given {
    ids: Vec<ClientId>,
    /// The pattern that made them.
    pattern: Option<IdPattern>,
}

/// Reads files, scenario and stdin.
pub(super) fn read(arguments: &Typed) -> Result<Input, Failure> {
    check_stdin(arguments)?;
    let story = arguments.scenario.as_deref().map(|file| story::read(file, arguments.group.as_deref())).transpose()?;
    let queues = Queues::new(queues(&arguments.queues, story.as_ref())?).map_err(Failure::bad_input)?;
    let given = members(&arguments.members, story.as_ref())?;
    let members = Members::new(given.ids.clone()).map_err(Failure::bad_input)?;
    let strategies = strategies(&arguments.strategy, story.as_ref());
    let mut views = story.as_ref().map(|story| story.views.clone()).unwrap_or_default();
    views.retain(|id, _| members.has(id));
    if arguments.strategy.strategy.is_some() || !arguments.strategy.compare.is_empty() {
        views.values_mut().for_each(|view| view.strategy = None);
    }
    arguments.views.apply(&mut views, &members, &queues)?;
    let change = change(&arguments.change, &given, &members, arguments.members.id_pattern.as_deref())?;
    let group = story.map_or_else(|| "group".to_owned(), |story| story.group);
    let parameters = parameters(&arguments.strategy)?;
    let question = Question { group, queues, members, views, strategy: strategies[0].clone(), parameters };
    Ok(Input { question, strategies, change })
}

fn check_stdin(arguments: &Typed) -> Result<(), Failure> {
    let files = [&arguments.queues.queues_file, &arguments.members.consumers_file, &arguments.strategy.config_file];
    match files.iter().filter(|file| file.as_deref() == Some("-")).count() {
        0 | 1 => Ok(()),
        _ => Err(Failure::bad_input("stdin can be read once; give `-` to one option and a file to the other")),
    }
}

/// The text of a file, or of stdin.
fn text(file: &str) -> Result<String, Failure> {
    let read = if file == "-" {
        let mut text = String::new();
        std::io::stdin().lock().read_to_string(&mut text).map(|_| text)
    } else {
        std::fs::read_to_string(file)
    };
    read.map_err(|error| Failure::bad_input(format!("cannot read `{file}`: {error}")))
}

fn queues(typed: &QueueArguments, story: Option<&Story>) -> Result<Vec<MessageQueue>, Failure> {
    let topics = typed.topic.iter().map(|topic| topic_of(topic, typed)).collect::<Result<Vec<_>, Failure>>()?;
    for (number, (topic, _)) in topics.iter().enumerate() {
        if topics[..number].iter().any(|(other, _)| other == topic) {
            return Err(Failure::bad_input(format!("--topic {topic} is given twice; name each topic once")));
        }
    }
    if let Some(file) = &typed.queues_file {
        return listed(file, &topics);
    }
    match (topics.is_empty(), typed.brokers.is_empty(), story) {
        (true, true, Some(story)) if typed.queues.is_none() => Ok(story.queues.clone()),
        (true, ..) => {
            Err(Failure::bad_input("there are no queues: give --topic with --brokers, --queues-file, or --scenario"))
        }
        (_, true, _) => Err(Failure::bad_input("--topic needs --brokers, the names of the brokers that have it")),
        _ => counted(&topics, typed),
    }
}

/// A topic and its own number of queues on each broker.
fn topic_of<'a>(text: &'a str, typed: &QueueArguments) -> Result<(&'a str, Option<u32>), Failure> {
    let refuse = |why: &str| Err(Failure::bad_input(format!("--topic {text}: {why}")));
    let (name, queues) = text.split_once('=').map_or((text, None), |(name, queues)| (name, Some(queues)));
    if name.is_empty() || name.contains(|c: char| c.is_whitespace() || c == '/' || c == ',') {
        return refuse("a topic has a name without spaces, slashes and commas; repeat --topic for several");
    }
    match queues.map(str::parse) {
        None => Ok((name, typed.queues)),
        Some(_) if typed.queues_file.is_some() => refuse("the file says how many queues there are"),
        Some(Ok(queues @ 1..=1_000_000)) => Ok((name, Some(queues))),
        Some(_) => refuse("behind the = stands a number of queues from 1 to 1000000"),
    }
}

/// Every topic on every broker.
fn counted(topics: &[(&str, Option<u32>)], typed: &QueueArguments) -> Result<Vec<MessageQueue>, Failure> {
    let mut total = 0;
    for (number, broker) in typed.brokers.iter().enumerate() {
        if broker.is_empty() || typed.brokers[..number].contains(broker) {
            return Err(Failure::bad_input(format!("--brokers names `{broker}` twice or not at all; name each once")));
        }
    }
    for (topic, queues) in topics {
        let Some(queues) = queues else {
            let why = format!("topic {topic} has no number of queues: give --queues 8, or --topic {topic}=8");
            return Err(Failure::bad_input(why));
        };
        total += u64::from(*queues) * typed.brokers.len() as u64;
    }
    if total > MOST_QUEUES {
        return Err(Failure::bad_input(format!("these are {total} queues; allowed are up to {MOST_QUEUES}")));
    }
    let mut all = Vec::new();
    for (topic, queues) in topics {
        for broker in &typed.brokers {
            let first = MessageQueue::new(topic, broker, 0);
            all.extend((0..queues.unwrap_or(0)).map(|id| MessageQueue { queue_id: id as i32, ..first.clone() }));
        }
    }
    Ok(all)
}

/// The queues of a file, of the topics that were typed.
fn listed(file: &str, topics: &[(&str, Option<u32>)]) -> Result<Vec<MessageQueue>, Failure> {
    let topic = if let [(topic, _)] = topics { Some(*topic) } else { None };
    let mut queues =
        lists::queues(&text(file)?, topic).map_err(|error| Failure::bad_input(format!("`{file}`, {error}")))?;
    queues.retain(|queue| topics.is_empty() || topics.iter().any(|(topic, _)| **topic == *queue.topic));
    match queues.is_empty() {
        true => Err(Failure::bad_input(format!("`{file}` names no queues of the topics asked for"))),
        false => Ok(queues),
    }
}

fn members(typed: &MemberArguments, story: Option<&Story>) -> Result<Given, Failure> {
    if let Some(count) = typed.count {
        let pattern = IdPattern::parse(typed.id_pattern.as_deref().unwrap_or(DEFAULT_PATTERN));
        let pattern = pattern.map_err(Failure::bad_input)?;
        let ids = (1..=u64::from(count)).map(|number| pattern.id(number)).collect();
        return Ok(Given { ids, pattern: Some(pattern) });
    }
    let ids = match (&typed.consumers_file, story) {
        (Some(file), _) => {
            let ids = lists::ids(&text(file)?).map_err(|error| Failure::bad_input(format!("`{file}`, {error}")))?;
            if ids.is_empty() {
                return Err(Failure::bad_input(format!("`{file}` names no client ids")));
            }
            ids
        }
        (None, _) if !typed.consumers.is_empty() => typed.consumers.iter().map(|id| id.as_str().into()).collect(),
        (None, Some(story)) => story.ids.clone(),
        (None, None) => {
            let why = "there are no members: give --consumers, --count, --consumers-file, or --scenario";
            return Err(Failure::bad_input(why));
        }
    };
    Ok(Given { ids, pattern: None })
}

fn strategies(typed: &StrategyArguments, story: Option<&Story>) -> Vec<String> {
    match &typed.strategy {
        _ if !typed.compare.is_empty() => typed.compare.clone(),
        Some(strategy) => vec![strategy.clone()],
        None => vec![story.map_or_else(|| "AVG".to_owned(), |story| story.strategy.clone())],
    }
}

fn parameters(typed: &StrategyArguments) -> Result<StrategyParameters, Failure> {
    let config = |file: &String| {
        let read = lists::queues(&text(file)?, None);
        read.map_err(|error| Failure::bad_input(format!("`{file}`, {error}")))
    };
    Ok(StrategyParameters {
        virtual_node_cnt: typed.virtual_nodes,
        message_queue_list: typed.config_file.as_ref().map(config).transpose()?,
        consumer_idcs: typed.consumer_rooms.as_ref().map(|rooms| rooms.iter().cloned().collect()),
        before_2478: typed.before_2478,
        machine_room_resolver: room_rule(typed)?,
        load_bound_percent: typed.load_bound,
        ..StrategyParameters::default()
    })
}

fn room_rule(typed: &StrategyArguments) -> Result<RoomRule, Failure> {
    let listed = |typed: &String| match typed.split_once('=') {
        Some((name, room)) if !name.is_empty() && !room.is_empty() => Ok((name.to_owned(), room.to_owned())),
        _ => Err(Failure::bad_input(format!("--rooms {typed}: write the name of a broker or client, =, and its room"))),
    };
    Ok(match (typed.rooms.is_empty(), typed.room_rule) {
        (false, _) => RoomRule::Listed(typed.rooms.iter().map(listed).collect::<Result<BTreeMap<_, _>, _>>()?),
        (true, RoomPrefix::BeforeDash) => RoomRule::PrefixBeforeFirstDash,
        (true, RoomPrefix::BeforeAt) => RoomRule::PrefixBeforeFirstAt,
    })
}

/// Who comes and who goes; `None`: nothing was said of a change.
fn change(
    typed: &ChangeArguments,
    given: &Given,
    members: &Members,
    pattern: Option<&str>,
) -> Result<Option<Change>, Failure> {
    let further = |count: usize| -> Result<Vec<ClientId>, Failure> {
        if count == 0 {
            return Ok(Vec::new());
        }
        let (pattern, from) = match (&given.pattern, pattern) {
            (Some(made), _) => (made.clone(), given.ids.len() as u64 + 1),
            (None, Some(text)) => (IdPattern::parse(text).map_err(Failure::bad_input)?, given.ids.len() as u64 + 1),
            (None, None) => IdPattern::of(&given.ids).map_err(Failure::bad_input)?,
        };
        pattern.further(from, count, |id| members.has(id)).map_err(Failure::bad_input)
    };
    if let Some(replicas) = typed.replicas {
        let (replicas, now) = (replicas as usize, given.ids.len());
        let added = further(replicas.saturating_sub(now))?;
        return Ok(Some(Change { added, removed: given.ids.iter().skip(replicas).cloned().collect() }));
    }
    if typed.add.is_none() && typed.remove.is_empty() {
        return Ok(None);
    }
    let added = match typed.add.as_deref().map(|text| (text, text.parse::<usize>())) {
        None => Vec::new(),
        Some((_, Ok(count @ 1..=1_000_000))) => further(count)?,
        Some((text, Ok(_))) => {
            return Err(Failure::bad_input(format!("--add {text}: from 1 to 1000000 members can be added")));
        }
        Some((text, Err(_))) => text.split(',').map(Into::into).collect(),
    };
    let change = Change { added, removed: typed.remove.iter().map(|id| id.as_str().into()).collect() };
    // Said here already, before anything is written.
    change.after(members).map_err(Failure::bad_input)?;
    Ok(Some(change))
}
