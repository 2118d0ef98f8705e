//! What of a recording belongs to the machine that it was made on, and not to RocketMQ.
//!
//! On the machine of the first recordings a process had a core when it wanted one, and how long `start()` takes is one
//! environment for all of its clients, which were push consumers of 5.3. Later recordings are not like that: some are of a
//! machine that had more to do than the recorded processes need (their `load_average`), some of consumers that share one
//! JVM, where the first pays for the classes of all, some of Go clients, which load none, and of those of a quiet machine
//! each family has its own: 4.9 starts within 0.45 s, 5.5 takes 0.7. Of all of these, `start()` takes in a prediction what it
//! took in the recording, as boots do in all of them; what the cluster does meanwhile and afterwards is predicted.

use std::fmt;

use crate::trace::{Header, Language, StoryStep, Trace, What};

/// What takes a processor, and takes longer where several wait for one; what starts take is known. Stops are not among it: a
/// warm JVM leaves within 17 to 54 ms in half of the 58 of `cost_churn`, `pods_rolling_40`, `mixed_upgrade`, `pop_slow`,
/// `slave_overwrite` and `tags_mismatch`, at loads of 8 to 23, as it does on a machine with nothing else to do.
const WORK: [&str; 5] = [
    "service_time",
    "control_service_time",
    "client_broker_latency",
    "client_name_server_latency",
    "broker_name_server_latency",
];
/// Processors of the recorded machine.
const PROCESSORS: f64 = 2.0;

/// An environment's line as it is on the machine of a recording: where more want to run than there are processors, work
/// takes as many times longer. The load average is all that a recording says of that.
pub(super) fn under_load(line: &str, header: &Header) -> String {
    let key = line.split('=').next().unwrap_or_default().trim();
    let loads: Vec<f64> = header.load_average.iter().flatten().copied().collect();
    let load = loads.iter().sum::<f64>() / loads.len().max(1) as f64;
    if !header.is_busy() || !WORK.contains(&key) {
        return line.to_owned();
    }
    let percent = ((load / PROCESSORS).clamp(1.0, 100.0) * 100.0).round() as u64;
    // Every second part of the line stands in quotes, and is a number with its unit.
    let longer = |part: &str| {
        let digits = part.chars().take_while(char::is_ascii_digit).count();
        let number: Option<u64> = part[..digits].parse().ok();
        number.map_or(part.to_owned(), |number| match &part[digits..] {
            "us" => format!("{}us", number * percent / 100),
            "ms" => format!("{}us", number * 1_000 * percent / 100),
            unit => format!("{number}{unit}"),
        })
    };
    let parts = line.split('"').enumerate();
    let parts: Vec<String> = parts.map(|(at, part)| if at % 2 == 1 { longer(part) } else { part.to_owned() }).collect();
    parts.join("\"")
}

/// What an environment says otherwise on the machine of recordings with Go clients, of which the first do not tell their
/// load: it was 10 to 25. A broker that boots again there answers its first requests 1.1 to 4.9 s after it accepts connections
/// (`slave_overwrite` 1.1, `slave_master_kill` 2.5, `go_broker_bounce` 4.2, `go_broker_restart` 4.9), and is in routes then:
/// of the two of which that is known both were. Quiet ones have the lines too, and lie in the band with them.
const WITH_GO: [(&str, &str); 3] = [
    ("broker_timers", "{ empirical = [\"1s\", \"1100ms\", \"2500ms\", \"4200ms\", \"4900ms\"] }"),
    ("first_registration", "0.75"),
    ("broker_answers", "\"when_started\""),
];

/// Whether the machine of a recording has a line of its own for this key of an environment.
pub(super) fn says_otherwise(key: &str, header: &Header) -> bool {
    Machine::of(header).go && WITH_GO.iter().any(|(own, _)| *own == key)
}

/// The lines of the machine of a recording that stand for none of an environment.
pub(super) fn own_lines(header: &Header) -> String {
    let lines = WITH_GO.iter().filter(|_| Machine::of(header).go);
    lines.map(|(key, value)| format!("{key} = {value}\n")).collect()
}

/// What a recording says of how much its machine had to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Load {
    /// No more than the recorded processes need.
    Quiet,
    /// Nothing.
    Untold,
    /// More: a load average above 3.
    Busy,
}

impl Load {
    /// Of a recording.
    #[must_use]
    pub fn of(header: &Header) -> Self {
        match header.load_average {
            None => Self::Untold,
            Some(_) if header.is_busy() => Self::Busy,
            Some(_) => Self::Quiet,
        }
    }
}

impl fmt::Display for Load {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Quiet => "quiet",
            Self::Untold => "not told",
            Self::Busy => "busy",
        })
    }
}

/// The machine of one recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Machine {
    /// Its load average was above 3.
    pub busy: bool,
    /// Consumers share JVMs.
    pub pods: bool,
    /// Some consumer is a Go client.
    pub go: bool,
    /// Its recorder is the second, which names the clients' version.
    pub later: bool,
}

impl Machine {
    /// That of a recording.
    #[must_use]
    pub fn of(header: &Header) -> Self {
        let go = header.steps.iter().any(|step| step.action == "start" && header.language(step) == Language::Go);
        Self { busy: header.is_busy(), pods: !header.pods.is_empty(), go, later: header.client_version.is_some() }
    }

    /// Whether starts take what they took.
    #[must_use]
    pub fn gives_starts(self) -> bool {
        self.busy || self.pods || self.go || self.later
    }
}

/// Of a Java client's `start()` its requests to servers, which are played, are so many percent: cold code is slow where the
/// rest is slow. Its first connection to a broker is seen when it returns (97 to 108 % of it, 27 starts in the logs of
/// `pop_*`, `v55_*`, `tags_*`, `lite_*`, `slave_*`, `mixed_*` and `java_backlog_join`), and it is registered 0.15 s later.
const REQUESTS_PERCENT: i64 = 9;
/// And at least so much, in ms: what they are on a machine with nothing else to do.
const REQUESTS_MS: i64 = 90;

/// What a `start()` that took so many milliseconds takes without its requests.
pub(super) fn without_requests(ms: i64, language: Language) -> i64 {
    match language {
        Language::Java => (ms - (ms * REQUESTS_PERCENT / 100).max(REQUESTS_MS)).max(1),
        Language::Go => ms.max(1),
    }
}

/// How long the `start()` that begins at `from_ms` took, in ms; `None`: it never returned.
pub(super) fn start_took(trace: &Trace, step: &StoryStep, from_ms: i64) -> Option<i64> {
    let mut later = trace.events.iter().skip_while(|event| event.t < from_ms);
    // A restart is another start: the search ends where it, or the end of the process, is seen.
    let mut begun = false;
    later.find_map(|event| match &event.what {
        What::Started { who, .. } if *who == step.target => Some(Some(event.t - from_ms)),
        What::Starting { who, .. } if *who == step.target && std::mem::replace(&mut begun, true) => Some(None),
        What::Step { action, target } if action == "kill" && *target == step.target => Some(None),
        _ => None,
    })?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_takes_longer_where_it_waits_for_a_processor() {
        let header = |loads: &str| -> Header {
            let text = format!(
                "{{\"trace\":1,\"name\":\"s\",\"rocketmq\":\"5.3.3\",\"seconds\":1,\"topics\":[],\"brokers\":[],\
                 \"queues_per_broker\":1,\"allocate_strategy\":\"AVG\",\"message_model\":\"clustering\",\
                 \"listener\":\"concurrent\",\"work_ms\":0,\"consume_threads\":1,\"await_termination_ms\":0,\
                 \"send_rate_per_s\":1,\"consume_from\":\"first\",\"steps\":[]{loads}}}"
            );
            serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
        };
        let busy = header(",\"load_average\":[11,10]");
        for (line, expected) in [
            (
                "service_time = { empirical = [\"40us\", \"2ms\"] }",
                "service_time = { empirical = [\"210us\", \"10500us\"] }",
            ),
            (
                "control_service_time = { log_normal = { median = \"100us\", sigma = 1.3 } }",
                "control_service_time = { log_normal = { median = \"525us\", sigma = 1.3 } }",
            ),
            (
                "broker_timers = { uniform = [\"0ms\", \"1200ms\"] }",
                "broker_timers = { uniform = [\"0ms\", \"1200ms\"] }",
            ),
            (
                "client_shutdown_work = { uniform = [\"5ms\", \"40ms\"] }",
                "client_shutdown_work = { uniform = [\"5ms\", \"40ms\"] }",
            ),
        ] {
            assert_eq!(under_load(line, &busy), expected);
            for idle in [",\"load_average\":[2,3]", ""] {
                assert_eq!(under_load(line, &header(idle)), line);
            }
        }
    }
}
