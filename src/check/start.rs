//! Start: consumers whose `start()` threw. What else a run says of them is idle: they were wanted, and are not there.

use super::part::Part;
use super::{Anomaly, AnomalyKind, Cause, Check, Figure, Findings, Severity, Stage};
use crate::kernel::Instant;
use crate::model::Names;
use crate::model::observation::{Kinds, Observation, Observed, StartFailure, kinds};
use crate::model::plan::ConsumerIndex;

/// The check.
#[derive(Debug, Default)]
pub(super) struct Start {
    failed: Vec<(Instant, ConsumerIndex, StartFailure)>,
    /// When its process was last started again, by consumer.
    started: Vec<(Instant, ConsumerIndex)>,
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

impl Check for Start {
    fn name(&self) -> &'static str {
        "start"
    }

    fn reads(&self) -> Kinds {
        kinds![StartFailed, ConsumerStarting]
    }

    fn observe(&mut self, seen: &Observed, _: &Stage, _: &Names) {
        match seen.what {
            Observation::StartFailed { consumer, why } => self.failed.push((seen.at, consumer, why)),
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
        for &(at, consumer, why) in &self.failed {
            let (cause, because) = reason(why, names);
            let again = self.started.iter().find(|(started, other)| *other == consumer && *started > at);
            let then = match again {
                Some((started, _)) => format!("it was started again after {}", started.since(at)),
                None => "it never ran again".to_owned(),
            };
            let until = again.map_or(end, |(started, _)| *started);
            let detail = format!("start() of {} threw: {because}; {then}", names.consumer(consumer));
            let row = Anomaly::new("start", (AnomalyKind::StartFailed, cause), (at, until), detail);
            let (audience, consumer) = (Some(names.audience_of_group(names.group_of(consumer))), Some(consumer));
            findings.anomalies.push(Anomaly { severity: Severity::Failure, audience, consumer, ..row });
        }
    }
}
