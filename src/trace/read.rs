//! Reads a trace and refuses a broken one, with its line and what is wrong.

use super::event::What;
use super::{Event, Header, Trace};

/// The longest time that a file may name, as in scenarios.
const YEAR_MS: u64 = 365 * 86_400_000;

/// Why a text is no trace.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}, line {line}: {what}")]
pub struct TraceError {
    /// The file.
    pub file: String,
    /// Number of the line, from 1.
    pub line: usize,
    /// What is wrong, in one sentence.
    pub what: String,
}

/// Reads the lines of a trace; `name` is the file's name without `.jsonl` or `.jsonl.gz`.
///
/// # Errors
/// A line is not what the format says, times go back, or a step of the story never takes place.
pub fn read(file: &str, name: &str, text: &str) -> Result<Trace, TraceError> {
    let wrong = |line: usize, what: String| TraceError { file: file.to_owned(), line, what };
    let mut lines = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
    let Some((number, first)) = lines.next() else {
        return Err(wrong(1, "the file is empty; a trace begins with its header".to_owned()));
    };
    too_long(first).map_err(|what| wrong(number, what))?;
    let header: Header = serde_json::from_str(first)
        .map_err(|error| wrong(number, format!("this is no header of a trace: {}", reason(&error))))?;
    check_header(&header).map_err(|what| wrong(number, what))?;
    let (mut events, mut last) = (Vec::new(), i64::MIN);
    for (number, line) in lines {
        too_long(line).map_err(|what| wrong(number, what))?;
        let event: Event = serde_json::from_str(line)
            .map_err(|error| wrong(number, format!("this is no event: {}", reason(&error))))?;
        check_event(&event, &header).map_err(|what| wrong(number, what))?;
        if event.t < last {
            return Err(wrong(
                number,
                format!("time goes back from {last} to {} ms; events must be in order", event.t),
            ));
        }
        last = event.t;
        events.push(event);
    }
    let trace = Trace { name: name.to_owned(), header, events };
    super::phases(&trace).map_err(|what| wrong(1, what))?;
    Ok(trace)
}

/// What is made of a line takes many times its bytes.
fn too_long(line: &str) -> Result<(), String> {
    const MOST_BYTES: usize = 4 << 20;
    if line.len() <= MOST_BYTES {
        Ok(())
    } else {
        Err(format!("the line has {} bytes; allowed are {MOST_BYTES}", line.len()))
    }
}

/// What serde says, without its position inside the line.
fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.rsplit_once(" at line ").map_or(text.clone(), |(sentence, _)| sentence.to_owned())
}

fn check_header(header: &Header) -> Result<(), String> {
    if header.trace != 1 {
        return Err(format!("the format's version is {}; only 1 can be read", header.trace));
    }
    if !(header.seconds > 0.0 && header.seconds <= 86_400.0) {
        return Err(format!("`seconds` is {}; allowed is more than 0, up to 86400", header.seconds));
    }
    if !(header.send_rate_per_s >= 0.0 && header.send_rate_per_s <= 1e6) {
        return Err(format!("`send_rate_per_s` is {}; allowed is 0 to 1000000", header.send_rate_per_s));
    }
    if header.brokers.is_empty() || header.topics.is_empty() || header.steps.is_empty() {
        return Err("`brokers`, `topics` and `steps` must not be empty".to_owned());
    }
    let works = header.steps.iter().map(|step| ("work_ms", step.overrides.work_ms));
    let awaits = header.steps.iter().map(|step| ("await", step.overrides.await_termination_ms));
    let own = [("work_ms", Some(header.work_ms)), ("await_termination_ms", Some(header.await_termination_ms))];
    for (key, value) in own.into_iter().chain(works).chain(awaits) {
        if let Some(value) = value.filter(|value| *value > YEAR_MS) {
            return Err(format!("`{key}` is {value}; allowed are up to {YEAR_MS} milliseconds (365 days)"));
        }
    }
    match header.steps.iter().find(|step| !(step.at_s >= 0.0 && step.at_s <= header.seconds)) {
        Some(step) => Err(format!("the step `{}` at {} s lies outside the recording", step.action, step.at_s)),
        None => Ok(()),
    }
}

/// A moment of the recording: not a day before its story, and not beyond its end. What was written down a little late
/// still counts.
fn check_moment(at_ms: i64, header: &Header) -> Result<(), String> {
    const DAY_MS: i64 = 86_400_000;
    const LATE_MS: i64 = 1_000;
    if (-DAY_MS..=(header.seconds * 1000.0).ceil() as i64 + LATE_MS).contains(&at_ms) {
        return Ok(());
    }
    Err(format!("{at_ms} ms lies outside the recording, which lasts {} s", header.seconds))
}

/// The largest offset, and the most messages of one line, that a recording can have.
const MOST_OFFSET: i64 = 1 << 53;
const MOST_MESSAGES: i64 = 10_000_000;

fn check_event(event: &Event, header: &Header) -> Result<(), String> {
    check_moment(event.t, header)?;
    match &event.what {
        What::Sent(run) | What::Took(run) | What::Done(run) | What::Ack(run) => {
            if run.to < run.from || run.from < 0 {
                return Err(format!("the run goes from offset {} to {}", run.from, run.to));
            }
            if run.to > MOST_OFFSET || run.to - run.from >= MOST_MESSAGES {
                return Err(format!(
                    "the run goes from offset {} to {}; allowed are offsets up to {MOST_OFFSET}, and {MOST_MESSAGES} in a run",
                    run.from, run.to
                ));
            }
            check_moment(run.until, header)?;
            if run.until < event.t {
                return Err(format!("the run ends at {} ms, before it begins at {} ms", run.until, event.t));
            }
            if run.who.is_none() && !matches!(event.what, What::Sent(_)) {
                return Err("missing field `who`".to_owned());
            }
            queue_parts(&run.queue).map(|_| ())
        }
        What::Own { queues, .. } => queues.iter().try_for_each(|queue| queue_parts(queue).map(|_| ())),
        What::PopOwn { queues, .. } => queues.iter().try_for_each(|queue| popped_parts(queue).map(|_| ())),
        What::Invisible { queue, offset, .. } | What::Fail { queue, offset, .. } => {
            if !(0..=MOST_OFFSET).contains(offset) {
                return Err(format!("the message has offset {offset}; allowed is 0 to {MOST_OFFSET}"));
            }
            queue_parts(queue).map(|_| ())
        }
        What::Sendback { broker, .. } => known(broker, header),
        What::Members { broker, clients, error } => {
            if clients.is_some() == error.is_some() {
                return Err("a member list needs either `clients` or `error`".to_owned());
            }
            known(broker, header)
        }
        What::Committed { broker, offsets, .. } => {
            if let Some(offset) = offsets.iter().flatten().find(|offset| !(-1..=MOST_OFFSET).contains(*offset)) {
                return Err(format!("the offset {offset} was committed; allowed is -1 to {MOST_OFFSET}"));
            }
            known(broker, header)
        }
        What::Unsent { until, n, .. } if *n > MOST_MESSAGES as u64 => {
            Err(format!("{n} sends failed until {until} ms; allowed are up to {MOST_MESSAGES} in a line"))
        }
        What::Unsent { until, .. } => check_moment(*until, header),
        _ => Ok(()),
    }
}

fn known(broker: &str, header: &Header) -> Result<(), String> {
    let instances = header.instances();
    if instances.iter().any(|known| known == broker) {
        return Ok(());
    }
    Err(format!("there is no broker `{broker}`; the header names {}", instances.join(", ")))
}

/// Topic and broker of what a POP member has: a queue, or with the id -1 all queues of that broker.
fn popped_parts(queue: &str) -> Result<(), String> {
    let whole = queue.strip_suffix("/-1").map(|place| format!("{place}/0"));
    queue_parts(whole.as_deref().unwrap_or(queue)).map(|_| ()).map_err(|_| {
        format!("`{queue}` is no queue; a queue is written topic/broker/queueId, all of a broker topic/broker/-1")
    })
}

/// Topic, broker and queue id of `topic/broker/queueId`.
///
/// # Errors
/// It is not of this form.
pub fn queue_parts(queue: &str) -> Result<(&str, &str, u32), String> {
    let mut parts = queue.split('/');
    match (parts.next(), parts.next(), parts.next().and_then(|id| id.parse().ok()), parts.next()) {
        (Some(topic), Some(broker), Some(id), None) if !topic.is_empty() && !broker.is_empty() => {
            Ok((topic, broker, id))
        }
        _ => Err(format!("`{queue}` is no queue; a queue is written topic/broker/queueId")),
    }
}
