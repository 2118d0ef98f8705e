//! Deliveries counted a second time, in another way than the check of deliveries does.

use std::collections::BTreeSet;

use super::{Broken, Law, Scene};
use crate::check::keyed::Keyed;
use crate::check::{Figure, Findings, Key};
use crate::kernel::Instant;
use crate::model::ids::AudienceIndex;
use crate::model::observation::{Kinds, Observation, Observed, QueueIndex, kinds};

/// `delivered` and `duplicates` of a run that is measured from its beginning are what its deliveries add up to.
#[derive(Debug, Default)]
pub(super) struct Accounts {
    /// By audience and queue, whether each offset was handed out.
    given: Keyed<Vec<bool>>,
    /// Messages that a broker has lost: others have their offsets.
    gone: BTreeSet<(QueueIndex, u64, AudienceIndex, u32)>,
    delivered: u64,
    duplicates: u64,
    /// Messages come again as others: a duplicate is told by its first copy, which is not looked at here.
    pops: bool,
    last: Instant,
}

impl Law for Accounts {
    fn reads(&self) -> Kinds {
        kinds![Delivered, Popped, TailLost]
    }

    fn observe(&mut self, seen: &Observed, scene: Scene<'_>, _: &mut Broken) {
        match seen.what {
            Observation::Delivered { consumer, queue, offset, lost, .. } => {
                let audience = scene.names.audience_of(consumer);
                let first = match lost {
                    Some(loss) => self.gone.insert((queue, offset, audience, loss)),
                    None => {
                        let (given, place) = (self.given.of(Key { audience, queue }), offset as usize);
                        given.resize(given.len().max(place + 1), false);
                        !std::mem::replace(&mut given[place], true)
                    }
                };
                self.delivered += 1;
                self.duplicates += u64::from(!first);
                self.last = seen.at;
            }
            Observation::Popped { .. } => self.pops = true,
            Observation::TailLost { queue, from, loss, .. } => {
                for (Key { audience, .. }, given) in self.given.iter_mut().filter(|(key, _)| key.queue == queue) {
                    let behind = given.drain(given.len().min(from as usize)..);
                    let offsets = (from..).zip(behind).filter(|(_, given)| *given).map(|(offset, _)| offset);
                    self.gone.extend(offsets.map(|offset| (queue, offset, audience, loss)));
                }
            }
            _ => {}
        }
    }

    fn finish(&mut self, findings: &Findings, broken: &mut Broken) {
        let Some(whole) = findings.windows.first().filter(|window| window.from == Instant::ZERO) else { return };
        for (name, counted) in [("delivered", self.delivered), ("duplicates", self.duplicates)] {
            if let Some(figure) = whole.figures.get(name)
                && *figure != Figure::Count(counted)
                && !(self.pops && name == "duplicates")
                && whole.until >= self.last
            {
                broken.say(self.last, "deliveries_add_up", format!("{name} is {figure:?}, and {counted} were counted"));
            }
        }
    }
}
