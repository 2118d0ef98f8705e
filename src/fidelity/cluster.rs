//! The cluster of a recording in the words of a scenario: the machines, brokers, topics and what was sent.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::arrivals::{Piece, pieces};
use super::machine::{own_lines, says_otherwise, under_load};
use super::property;
use super::story::{ORIGIN, moment, one_line, quoted};
use super::tags::Tagged;
use crate::trace::{Event, Header, Run, Trace, What, queue_parts};

/// The first recorder boots its brokers one after the other, waits 12 s, creates the topics (JVMs boot), waits 3 s,
/// starts its monitor and producer, waits 8 s, and begins the story: the last broker is up so many ms before time 0.
const LAST_BROKER_MS: (i64, i64) = (-27_500, -23_000);
/// A broker boots in so many ms, and the one before it was up so much earlier.
const BROKER_BOOT_MS: i64 = 4_200;
/// The second recorder boots them side by side, and begins the story 20 s after the last is up, or 11 s after the topics
/// are made: their JVM boots in so many ms, and brokers are up so far apart.
const SIDE_BY_SIDE_MS: (i64, i64) = (-24_000, -20_200);
/// RocketMQ's version of brokers that a scenario need not name.
const NEWEST: &str = "5.3.3";

/// All but consumers and timeline.
pub(super) fn cluster(trace: &Trace, environment: &str) -> String {
    let header = &trace.header;
    let length = moment((header.seconds * 1000.0) as i64);
    let mut text = format!(
        "# The story of the recording {}; time 0 of the recording is {ORIGIN} here.\ntitle = {}\nduration = \"{length}\"\n\n[environment]\n",
        one_line(&trace.name),
        quoted(&header.name),
    );
    let own = |line: &&str| says_otherwise(line.split('=').next().unwrap_or_default().trim(), header);
    let told = |line: &&str| !line.is_empty() && !line.starts_with('#') && !own(line);
    for line in environment.lines().filter(told) {
        // The recording says when these are over.
        let said = ["process_boot", "client_shutdown_hook", "broker_boot"].iter().any(|key| line.starts_with(key));
        let command = line.starts_with("operator_command") && says_when_modes_are_set(header);
        if !said && !command {
            writeln!(text, "{}", under_load(line, header)).expect("a text takes all");
        }
    }
    text.push_str(&own_lines(header));
    text.push_str("process_boot = \"0s\"\nclient_shutdown_hook = \"0s\"\nbroker_boot = \"0s\"\n");
    servers(header, &mut text);
    for topic in &header.topics {
        writeln!(text, "\n[[topics]]\nname = {}\nqueues = {}", quoted(topic), header.queues_per_broker)
            .expect("a text takes all");
    }
    text
}

/// Whether the operator only sets modes: the recording says when the brokers have answered, and not when the tool began.
fn says_when_modes_are_set(header: &Header) -> bool {
    let does = |action: &str| header.steps.iter().any(|step| step.action == action);
    does("mode") && !does("queues")
}

fn servers(header: &Header, text: &mut String) {
    let mut line = |words: std::fmt::Arguments<'_>| writeln!(text, "{words}").expect("a text takes all");
    let version = Some(header.server_version()).filter(|version| *version != NEWEST);
    let role = header.broker_role.as_ref().filter(|_| !header.slaves.is_empty());
    // The recorder switches the timer wheel off unless a story needs it; RocketMQ has it on, and so has a scenario.
    let told = || header.broker_conf.iter().filter(|(key, _)| *key != "timerWheelEnable");
    if told().next().is_some() || version.is_some() || role.is_some() {
        line(format_args!("\n[broker]"));
    }
    if let Some(version) = version {
        line(format_args!("version = {}", quoted(version)));
    }
    if let Some(role) = role {
        line(format_args!("brokerRole = {}", quoted(role)));
    }
    for (key, value) in told() {
        line(format_args!("{} = {}", property::key(key), property::value(value)));
    }
    let both = header.client_version.is_some() || header.go_client.is_some();
    for (after, broker) in (0..).zip(header.brokers.iter().rev()).collect::<Vec<(i64, _)>>().iter().rev() {
        let (last, apart) = if both { (SIDE_BY_SIDE_MS, 0) } else { (LAST_BROKER_MS, after * BROKER_BOOT_MS) };
        let (from, until) = (moment(last.0 - apart), moment(last.1 - apart));
        line(format_args!(
            "\n[[brokers]]\nname = {}\nstart = {{ uniform = [\"{from}\", \"{until}\"] }}",
            quoted(broker)
        ));
        if let Some(slaves) = header.slaves.get(*broker).filter(|slaves| **slaves > 0) {
            line(format_args!("slaves = {slaves}"));
        }
    }
}

/// One producer a topic, and a tag: what was stored, at the time at which it was.
pub(super) fn producers(trace: &Trace, text: &mut String) -> Result<(), String> {
    let mut runs: BTreeMap<&str, Vec<(&Event, &Run)>> = BTreeMap::new();
    for event in &trace.events {
        if let What::Sent(run) = &event.what {
            runs.entry(queue_parts(&run.queue)?.0).or_default().push((event, run));
        }
    }
    for (topic, runs) in runs {
        let pieces = pieces(&runs);
        if trace.header.tags.is_empty() {
            producer(topic, None, &pieces, text)?;
            continue;
        }
        let tagged = Tagged::of(trace, topic);
        for (number, tag) in trace.header.tags.iter().enumerate() {
            let of_tag: Vec<Piece<'_>> = pieces.iter().filter_map(|piece| tagged.part(piece, number)).collect();
            producer(topic, Some(tag), &of_tag, text)?;
        }
    }
    Ok(())
}

fn producer(topic: &str, tag: Option<&str>, pieces: &[Piece<'_>], text: &mut String) -> Result<(), String> {
    let tags = tag.map_or(String::new(), |tag| format!("tags = [{}]\n", quoted(tag)));
    writeln!(text, "\n[[producers]]\ntopic = {}\n{tags}arrivals = \"recorded\"\nruns = [", quoted(topic))
        .expect("a text takes all");
    for piece in pieces {
        let (_, broker, queue_id) = queue_parts(piece.queue)?;
        let (from, until) = (moment(piece.from_ms), moment(piece.until_ms));
        writeln!(text, "    [{}, {queue_id}, \"{from}\", \"{until}\", {}],", quoted(broker), piece.messages)
            .expect("a text takes all");
    }
    text.push_str("]\n");
    Ok(())
}
