//! Losses and crashes counted a second time, in a simpler way than the check of deliveries does: of the queues of which
//! nothing was taken back, reset, deleted or lost with a machine, and that is most of them.

use super::{Broken, Law, Scene};
use crate::check::keyed::Keyed;
use crate::check::{Anomaly, AnomalyKind, Cause, Figure, Findings, Key};
use crate::kernel::Instant;
use crate::model::ids::AudienceIndex;
use crate::model::observation::{End, Kinds, Observation, Observed, QueueIndex, StartRule, kinds};

/// Offsets, one by one: a bit each is cheaper than a search for each message.
#[derive(Debug, Default)]
struct Offsets(Vec<bool>);

impl Offsets {
    fn insert(&mut self, offset: u64) {
        let place = offset as usize;
        if self.0.len() <= place {
            self.0.resize(place + 1, false);
        }
        self.0[place] = true;
    }

    fn contains(&self, offset: u64) -> bool {
        self.0.get(offset as usize).is_some_and(|is_in| *is_in)
    }

    /// One past the highest: nothing is ever taken out.
    fn end(&self) -> u64 {
        self.0.len() as u64
    }
}

/// What a group got of a queue.
#[derive(Debug, Default)]
struct Sheet {
    given: Offsets,
    left_out: Offsets,
    /// What a start rule or a repair passed over.
    passed: Vec<(u64, u64)>,
    /// What was there before the group.
    baseline: u64,
    readable: u64,
    committed: u64,
    /// How many messages the deaths of members can have given to others a second time.
    in_flight: u64,
    /// Something took offsets back or gave them to other messages: it is not counted here.
    is_spoilt: bool,
}

impl Sheet {
    /// Committed, and never given to anybody.
    fn lost(&self) -> u64 {
        let passed = |offset: u64| self.passed.iter().any(|(from, until)| (*from..*until).contains(&offset));
        let unseen =
            |offset: &u64| !self.given.contains(*offset) && !self.left_out.contains(*offset) && !passed(*offset);
        (self.baseline..self.readable.min(self.committed)).filter(unseen).count() as u64
    }
}

/// `lost` is what nobody was given of what was committed; and a death gives no more messages out again than lie between the
/// committed offset and the highest that was given.
#[derive(Debug, Default)]
pub(super) struct Recount {
    sheets: Keyed<Sheet>,
    last: Instant,
}

impl Recount {
    /// Whatever is known of a queue, in whatever group.
    fn spoil(&mut self, scene: Scene<'_>, which: impl Fn(QueueIndex) -> bool) {
        for queue in QueueIndex::first(scene.names.queue_count()).filter(|queue| which(*queue)) {
            for &audience in scene.stage.subscribers(scene.names.queue(queue).topic) {
                self.sheets.of(Key { audience, queue }).is_spoilt = true;
            }
        }
    }

    fn died(&mut self, audience: AudienceIndex) {
        for (_, sheet) in self.sheets.iter_mut().filter(|(key, _)| key.audience == audience) {
            sheet.in_flight += sheet.given.end().saturating_sub(sheet.committed);
        }
    }
}

impl Law for Recount {
    fn reads(&self) -> Kinds {
        kinds![
            BrokerDown,
            Committed,
            ConsumerEnded,
            Delivered,
            Filtered,
            HeadDeleted,
            OffsetIllegal,
            Popped,
            Readable,
            RetryLost,
            StartedAt,
            TailLost
        ]
    }

    fn observe(&mut self, seen: &Observed, scene: Scene<'_>, _: &mut Broken) {
        self.last = seen.at;
        match seen.what {
            Observation::Readable { queue, end } => {
                for &audience in scene.stage.subscribers(scene.names.queue(queue).topic) {
                    let started = scene.stage.audience_started(audience).is_some();
                    let sheet = self.sheets.of(Key { audience, queue });
                    sheet.readable = end;
                    sheet.baseline = if started { sheet.baseline } else { end };
                }
            }
            Observation::Delivered { consumer, queue, offset, lost: None, .. } => {
                self.sheets.of(Key::of(consumer, queue, scene.names)).given.insert(offset);
            }
            // What is popped is committed before anybody has it.
            Observation::Popped { consumer, origin: (queue, _), .. } => {
                self.sheets.of(Key::of(consumer, queue, scene.names)).is_spoilt = true;
            }
            Observation::Filtered { consumer, queue, offset, .. } => {
                self.sheets.of(Key::of(consumer, queue, scene.names)).left_out.insert(offset);
            }
            // The file of a `BROADCASTING` member may be another's too.
            Observation::StartedAt { consumer, queue, offset, rule }
                if matches!(rule, StartRule::Maximum | StartRule::Timestamp)
                    || scene.names.is_one_member(scene.names.audience_of(consumer)) =>
            {
                self.sheets.of(Key::of(consumer, queue, scene.names)).passed.push((0, offset));
            }
            Observation::OffsetIllegal { consumer, queue, asked, corrected } => {
                let sheet = self.sheets.of(Key::of(consumer, queue, scene.names));
                sheet.passed.push((asked, corrected));
                sheet.is_spoilt |= corrected < asked;
            }
            Observation::Committed { audience, queue, offset, by, .. } => {
                let sheet = self.sheets.of(Key { audience, queue });
                sheet.is_spoilt |= by.is_none() || offset < sheet.committed;
                sheet.committed = offset;
            }
            Observation::ConsumerEnded { consumer, end: End::Killed | End::PoweredOff | End::StartFailed } => {
                self.died(scene.names.audience_of(consumer));
            }
            Observation::TailLost { queue, .. } | Observation::HeadDeleted { queue, .. } => {
                self.spoil(scene, |other| other == queue);
            }
            Observation::RetryLost { origin: (queue, _), .. } => self.spoil(scene, |other| other == queue),
            Observation::BrokerDown { broker, .. } => {
                self.spoil(scene, |queue| scene.names.queue(queue).broker == broker);
            }
            _ => {}
        }
    }

    fn finish(&mut self, findings: &Findings, broken: &mut Broken) {
        let Some(whole) = findings.windows.first().filter(|window| window.from == Instant::ZERO) else { return };
        let sum = |wanted: &dyn Fn(&&Anomaly) -> bool| -> u64 {
            findings.anomalies.iter().filter(wanted).map(|row| row.count).sum()
        };
        let rows = sum(&|row| row.kind == AnomalyKind::Lost);
        // Where only the laws are looked at, nobody has told of anything.
        let Some(figure) = whole.figures.get("lost") else { return };
        if *figure != Figure::Count(rows) {
            let what = format!("lost is {figure:?}, and {rows} are told of");
            broken.say(self.last, "losses_add_up", what);
        }
        for (Key { audience, queue }, sheet) in self.sheets.iter().filter(|(_, sheet)| !sheet.is_spoilt) {
            let of = |row: &&Anomaly, kind, cause| {
                (row.audience, row.queue, row.kind, row.cause) == (Some(audience), Some(queue), kind, cause)
            };
            let (told, lost) = (sum(&|row| of(row, AnomalyKind::Lost, Cause::CommittedUnseen)), sheet.lost());
            if told != lost {
                let what =
                    format!("{told} messages of queue {queue} are lost to group {audience}, and {lost} were counted");
                broken.say(self.last, "losses_add_up", what);
            }
            let again = sum(&|row| of(row, AnomalyKind::Duplicates, Cause::CrashLag));
            if again > sheet.in_flight {
                let most = sheet.in_flight;
                let what =
                    format!("{again} messages of queue {queue} came twice for deaths that left {most} uncommitted");
                broken.say(self.last, "deaths_repeat_what_was_not_committed", what);
            }
        }
    }
}
