//! The queues that were typed, listed in a file or told by a scenario.

use super::super::Failure;
use super::QueueArguments;
use super::input::text;
use super::story::Story;
use crate::cli::terminal;
use crate::mqadmin;
use crate::strategy::MessageQueue;

/// The most queues that are made by counting.
const MOST_QUEUES: u64 = 2_000_000;

/// All queues, in any order.
pub(super) fn queues(typed: &QueueArguments, story: Option<&Story>) -> Result<Vec<MessageQueue>, Failure> {
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
    let list = mqadmin::queues(&text(file)?, topic);
    let list = list.map_err(|error| Failure::bad_input(format!("`{file}`, {error}")))?;
    if list.of_topic_status {
        terminal::note(&format!(
            "`{file}` is the output of topicStatus, which lists a topic's write queues (up to 5.1) or the larger of its \
             write and read queues (from 5.3.2), while its read queues are allocated; where the two numbers differ, give \
             --topic NAME=QUEUES"
        ));
    }
    let mut queues = list.queues;
    queues.retain(|queue| topics.is_empty() || topics.iter().any(|(topic, _)| **topic == *queue.topic));
    match queues.is_empty() {
        true => Err(Failure::bad_input(format!("`{file}` names no queues of the topics asked for"))),
        false => Ok(queues),
    }
}
