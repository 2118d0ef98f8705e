//! Changes of members that a broker gathers with `realTimeNotifyConsumerChange = false`, and tells later (trap E36).

use std::collections::BTreeMap;

use super::{Anomaly, AnomalyKind, Cause, Check, Findings, Severity, Stage};
use crate::kernel::{Instant, Span};
use crate::model::Names;
use crate::model::observation::{Kinds, MemberLoss, Observation, Observed, kinds};
use crate::model::plan::{BrokerIndex, Plan};

/// What is told so soon after a change is told at once.
const AT_ONCE: Span = Span::from_secs(1);

/// The check.
#[derive(Debug)]
pub(super) struct Buffered {
    /// Brokers that gather changes.
    gathers: Vec<bool>,
    /// The first change that a broker has not told.
    waits: BTreeMap<BrokerIndex, Instant>,
    anomalies: Vec<Anomaly>,
}

impl Buffered {
    /// Nothing has happened yet.
    pub fn new(plan: &Plan) -> Self {
        let gathers = plan.brokers.iter().map(|broker| broker.settings.gathers_notifications()).collect();
        Self { gathers, waits: BTreeMap::new(), anomalies: Vec::new() }
    }
}

impl Check for Buffered {
    fn name(&self) -> &'static str {
        "buffered"
    }

    fn reads(&self) -> Kinds {
        kinds![MemberAdded, MemberRemoved, NotificationsSent, BrokerDown]
    }

    fn observe(&mut self, seen: &Observed, _: &Stage, names: &Names) {
        match seen.what {
            Observation::MemberRemoved { loss: MemberLoss::Expired, .. } => {}
            Observation::MemberAdded { broker, .. } | Observation::MemberRemoved { broker, .. }
                if self.gathers[broker.at()] =>
            {
                self.waits.entry(broker).or_insert(seen.at);
            }
            Observation::BrokerDown { broker, .. } => drop(self.waits.remove(&broker)),
            Observation::NotificationsSent { broker, count } => {
                let Some(from) = self.waits.remove(&broker).filter(|from| seen.at.since(*from) > AT_ONCE) else {
                    return;
                };
                let (of, late) = (names.broker(broker), seen.at.since(from));
                let detail = format!("{of} told {count} members of a change {late} after it");
                let what = (AnomalyKind::NotifiedLate, Cause::BufferedNotifications);
                let row = Anomaly::new("buffered", what, (from, seen.at), detail);
                self.anomalies.push(Anomaly { severity: Severity::Note, count: u64::from(count), ..row });
            }
            _ => {}
        }
    }

    fn finish(&mut self, _: &Stage, _: &Names, findings: &mut Findings) {
        findings.anomalies.append(&mut self.anomalies);
    }
}
