//! Stalls counted a second time: from the later of two moments (the last hand-out of a queue, and when the message came of
//! which it waits) to the next hand-out. Of queues whose messages are filtered, passed over or lost nothing is said here.

use super::{Broken, Law, Scene};
use crate::check::keyed::Keyed;
use crate::check::{Figure, Findings, Key};
use crate::kernel::{Instant, Span};
use crate::model::TopicKind;
use crate::model::ids::AudienceIndex;
use crate::model::observation::{Kinds, Observation, Observed, QueueIndex, kinds};

/// A queue as one group waits for it.
#[derive(Debug, Default)]
struct Wait {
    /// Ends of what could be read, and since when.
    readable: Vec<(Instant, u64)>,
    /// One past the highest message that was handed out.
    reached: u64,
    last: Option<Instant>,
    stalls: Vec<(Instant, Instant)>,
    is_spoilt: bool,
}

impl Wait {
    /// When the next message came.
    fn next_came(&self) -> Option<Instant> {
        let at = self.readable.partition_point(|(_, end)| *end <= self.reached);
        self.readable.get(at).map(|(at, _)| *at)
    }
}

/// `stalled.count` and `stalled.max` are what hand-outs and arrivals add up to.
#[derive(Debug)]
pub(super) struct Waits {
    threshold: Span,
    waits: Keyed<Wait>,
    last: Instant,
}

impl Waits {
    /// Nothing has happened yet. `threshold`: what lasts no longer is no stall.
    pub fn new(threshold: Span) -> Self {
        Self { threshold, waits: Keyed::default(), last: Instant::ZERO }
    }

    fn spoil(&mut self, queue: QueueIndex) {
        self.waits.of_queue_mut(queue).for_each(|wait| wait.is_spoilt = true);
    }
}

impl Law for Waits {
    fn reads(&self) -> Kinds {
        kinds![Delivered, Filtered, Readable, StartedAt, TagStored, TailLost]
    }

    fn observe(&mut self, seen: &Observed, scene: Scene<'_>, _: &mut Broken) {
        self.last = seen.at;
        match seen.what {
            Observation::Readable { queue, end } => {
                let topic = scene.names.queue(queue).topic;
                let shared = |audience: &&AudienceIndex| !scene.names.is_one_member(**audience);
                if scene.names.topic(topic).kind == TopicKind::Normal {
                    for &audience in scene.stage.subscribers(topic).iter().filter(shared) {
                        self.waits.of(Key { audience, queue }).readable.push((seen.at, end));
                    }
                }
            }
            Observation::Delivered { consumer, queue, offset, lost, .. } => {
                let threshold = self.threshold;
                let Some(wait) = self.waits.get_mut(Key::of(consumer, queue, scene.names)) else { return };
                if let Some(came) = wait.next_came().filter(|came| *came <= seen.at) {
                    let from = wait.last.map_or(came, |last| last.max(came));
                    if seen.at.since(from) > threshold {
                        wait.stalls.push((from, seen.at));
                    }
                }
                wait.last = Some(seen.at);
                wait.reached = wait.reached.max(offset + 1);
                wait.is_spoilt |= lost.is_some();
            }
            Observation::StartedAt { consumer, queue, offset, .. } => {
                if let Some(wait) = self.waits.get_mut(Key::of(consumer, queue, scene.names))
                    && offset > wait.reached
                {
                    wait.is_spoilt = true;
                }
            }
            Observation::Filtered { queue, .. }
            | Observation::TagStored { queue, .. }
            | Observation::TailLost { queue, .. } => self.spoil(queue),
            _ => {}
        }
    }

    fn finish(&mut self, findings: &Findings, broken: &mut Broken) {
        let Some(whole) = findings.windows.first().filter(|window| window.from == Instant::ZERO) else { return };
        // Where only the laws are looked at, nobody has told of anything.
        if !whole.figures.contains_key("stalled.count") {
            return;
        }
        for (key, wait) in self.waits.iter().filter(|(_, wait)| !wait.is_spoilt) {
            let own = findings.stalls.iter().filter(|row| row.key() == key);
            let told: Vec<(Instant, Instant)> =
                own.map(|row| (row.from, row.until)).filter(|(_, until)| *until < whole.until).collect();
            let counted: Vec<(Instant, Instant)> =
                wait.stalls.iter().copied().filter(|(_, until)| *until < whole.until).collect();
            if told != counted {
                let Key { audience, queue } = key;
                let what =
                    format!("queue {queue} of group {audience} is told to stall {told:?}, and stalled {counted:?}");
                broken.say(self.last, "stalls_add_up", what);
            }
        }
        let rows =
            findings.stalls.iter().map(|row| whole.overlap(row.from, row.until)).filter(|span| *span > Span::ZERO);
        let (count, longest) = rows.fold((0, Span::ZERO), |(count, longest), span| (count + 1, span.max(longest)));
        let figures = [("stalled.count", Figure::Count(count)), ("stalled.max", Figure::Span(longest))];
        for (name, counted) in figures {
            if whole.figures.get(name) != Some(&counted) {
                let what = format!("{name} is {:?}, and the rows say {counted:?}", whole.figures.get(name));
                broken.say(self.last, "stalls_add_up", what);
            }
        }
    }
}
