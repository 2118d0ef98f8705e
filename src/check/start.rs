//! Start: consumers whose `start()` threw. What else a run says of them is idle: they were wanted, and are not there.

use super::part::Part;
use super::{Anomaly, AnomalyKind, Cause, Check, Figure, Findings, Severity, Stage};
use crate::kernel::Instant;
use crate::model::Names;
use crate::model::observation::{End, Kinds, Observation, Observed, StartFailure, kinds};
use crate::model::plan::ConsumerIndex;

/// The check.
#[derive(Debug, Default)]
pub(super) struct Start {
    failed: Vec<(Instant, ConsumerIndex, StartFailure)>,
    /// Of each failure what became of the process.
    processes: Vec<Process>,
    /// When its process was last started again, by consumer.
    started: Vec<(Instant, ConsumerIndex)>,
}

/// What became of a process whose consumer did not start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Process {
    /// It goes on with the threads that run already, and has no queue yet (`DefaultMQPushConsumerImpl.start` before 5.3.2).
    HalfStarted,
    /// They gave it its first queue.
    Took(Instant),
    /// It ended with it.
    Ended,
}

/// The cause, and why in a few words.
fn reason(why: StartFailure, names: &Names) -> (Cause, String) {
    match why {
        StartFailure::OffsetsFileBroken => {
            (Cause::OffsetsFileBroken, "neither its offsets.json nor the .bak beside it can be read".to_owned())
        }
        StartFailure::NameServerUnreachable(name_server) => {
            (Cause::NameServerUnreachable, format!("it could not reach {} for a route", names.name_server(name_server)))
        }
        StartFailure::NameServerTimedOut(name_server) => {
            (Cause::NameServerTimedOut, format!("{} did not answer in time", names.name_server(name_server)))
        }
        StartFailure::TopicWithoutRoute(topic) => {
            let topic = &names.topic(topic).name;
            (Cause::TopicWithoutRoute, format!("no name server has a route of {topic}, and Go's Start fails without"))
        }
    }
}

impl Start {
    /// What becomes of the process of a consumer whose last start failed and left it half-started.
    fn becomes(&mut self, consumer: ConsumerIndex, process: Process) {
        let last = self.failed.iter().rposition(|(_, who, _)| *who == consumer);
        let restarted = |at: Instant| self.started.iter().any(|(started, who)| *who == consumer && *started > at);
        if let Some(last) = last.filter(|&last| !restarted(self.failed[last].0)) {
            let known = &mut self.processes[last];
            *known = if *known == Process::HalfStarted { process } else { *known };
        }
    }
}

impl Check for Start {
    fn name(&self) -> &'static str {
        "start"
    }

    fn reads(&self) -> Kinds {
        kinds![StartFailed, ConsumerStarting, ConsumerEnded, QueueTaken, PopQueueTaken]
    }

    fn observe(&mut self, seen: &Observed, _: &Stage, _: &Names) {
        match seen.what {
            Observation::StartFailed { consumer, why } => {
                self.failed.push((seen.at, consumer, why));
                self.processes.push(Process::HalfStarted);
            }
            Observation::ConsumerEnded { consumer, end: End::StartFailed } => self.becomes(consumer, Process::Ended),
            Observation::QueueTaken { consumer, .. } | Observation::PopQueueTaken { consumer, .. } => {
                self.becomes(consumer, Process::Took(seen.at));
            }
            Observation::ConsumerStarting { consumer, .. } => self.started.push((seen.at, consumer)),
            _ => {}
        }
    }

    fn finish(&mut self, _: &Stage, names: &Names, findings: &mut Findings) {
        for window in &mut findings.windows {
            let inside = self.failed.iter().filter(|(at, ..)| window.contains(*at)).count();
            window.set("start_failed", Figure::Count(inside as u64));
            for part in Part::all(names) {
                let Part::Group(group) = part else { continue };
                let own =
                    self.failed.iter().filter(|(at, who, _)| window.contains(*at) && names.group_of(*who) == group);
                let own = Figure::Count(own.count() as u64);
                window.set_of(Some((part, names)), "start_failed", own);
            }
        }
        let end = findings.windows.iter().map(|window| window.until).max().unwrap_or(Instant::ZERO);
        for (&(at, consumer, why), &process) in self.failed.iter().zip(&self.processes) {
            let (cause, because) = reason(why, names);
            let again = self.started.iter().find(|(started, other)| *other == consumer && *started > at);
            let (then, until) = match (process, again) {
                (Process::Took(took), _) => {
                    let halfway = "its process went on half-started, and its timers gave it a queue after";
                    (format!("{halfway} {}", took.since(at)), took)
                }
                (_, Some((started, _))) => (format!("it was started again after {}", started.since(at)), *started),
                (Process::HalfStarted, None) => ("its process went on half-started, and got no queue".to_owned(), end),
                (Process::Ended, None) => ("it never ran again".to_owned(), end),
            };
            let detail = format!("start() of {} threw: {because}; {then}", names.consumer(consumer));
            let row = Anomaly::new("start", (AnomalyKind::StartFailed, cause), (at, until), detail);
            let (audience, consumer) = (Some(names.audience_of_group(names.group_of(consumer))), Some(consumer));
            findings.anomalies.push(Anomaly { severity: Severity::Failure, audience, consumer, ..row });
        }
    }
}
