//! Receipt handles that a proxy keeps for PushConsumers (`DefaultReceiptHandleManager`), and renews before they run out, if
//! anybody has started that: nobody does in 5.1.4 to 5.3.3 (trap PE2).
//!
//! ```text
//!   received: 60 s --scan each 5 s, at most 10 s left--> CHANGE to 1, 3, 5, 10, 30, 60 min from now, by how often it was
//!   acknowledged, changed, its client gone, 3 failures, 3 h: no more
//! ```
//! A handle is found by the message that it is of, whichever handle of it a client names.

use super::upstream::Task;
use super::{Asker, Proxy, Site};
use crate::kernel::{Instant, Span};
use crate::model::event::ProxyEvent;
use crate::model::ids::QueueIndex;
use crate::model::network::{CallError, OfProxy, PopHandle, PoppedMessage, Response};
use crate::model::observation::Observation;
use crate::model::outside::Outside;
use crate::model::plan::{ConsumerIndex, GroupIndex, ProxySettings};

/// Whose message, and where it lies (`ReceiptHandleGroup.HandleKey`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct HandleKey {
    pub consumer: ConsumerIndex,
    pub queue: QueueIndex,
    pub offset: u64,
}

impl HandleKey {
    pub fn of(consumer: ConsumerIndex, handle: &PopHandle) -> Self {
        Self { consumer, queue: handle.queue, offset: handle.offset }
    }
}

/// What a client asked of a message while its handle was being renewed.
#[derive(Debug)]
pub(super) enum After {
    /// It is acknowledged.
    Ack(Asker),
    /// It is to be invisible for so long.
    Change(Asker, Span),
    /// It is a dead letter.
    DeadLetter(Asker, u32),
}

/// `MessageReceiptHandle`.
#[derive(Debug)]
pub(super) struct Handle {
    /// The newest.
    pub handle: PopHandle,
    pub group: GroupIndex,
    reconsume_times: u32,
    /// When it was received, by the proxy's clock.
    received: Instant,
    renewed: u32,
    failed: u32,
    renewing: bool,
    after: Vec<After>,
}

impl Handle {
    pub fn new(message: &PoppedMessage, group: GroupIndex, received: Instant) -> Self {
        let PoppedMessage { handle, reconsume_times, .. } = *message;
        let (renewed, failed, renewing, after) = (0, 0, false, Vec::new());
        Self { handle, group, reconsume_times, received, renewed, failed, renewing, after }
    }
}

impl Proxy {
    /// `addReceiptHandle`.
    pub(super) fn note_handle(&mut self, out: &mut Outside<'_>, key: HandleKey, handle: Handle) {
        self.memory.handles.insert(key, handle);
        let settings = self.settings(out);
        if !settings.renewal_not_started && !std::mem::replace(&mut self.memory.scans_handles, true) {
            let period = settings.renew_schedule_period;
            let over = out.now().since(self.memory.began).as_nanos() % period.as_nanos();
            let scanned = ProxyEvent::HandlesScanned.of(self.index, self.life);
            out.after(Span::from_nanos(period.as_nanos() - over), scanned);
        }
    }

    /// `scheduleRenewTask`: it goes on while there is anything to renew.
    pub(super) fn scan_handles(&mut self, out: &mut Outside<'_>) {
        let (now, settings) = (self.clock(out), *self.settings(out));
        let due = |(key, handle): (&HandleKey, &Handle)| {
            let left = handle.handle.revive_time().since(now.min(handle.handle.revive_time()));
            (!handle.renewing && left <= settings.renew_ahead_time).then_some(*key)
        };
        let due: Vec<HandleKey> = self.memory.handles.iter().filter_map(due).collect();
        due.into_iter().for_each(|key| self.renew(out, key, (now, &settings)));
        self.memory.scans_handles = !self.memory.handles.is_empty();
        if self.memory.scans_handles {
            out.after(settings.renew_schedule_period, ProxyEvent::HandlesScanned.of(self.index, self.life));
        }
    }

    /// `startRenewMessage`.
    fn renew(&mut self, out: &mut Outside<'_>, key: HandleKey, (now, settings): (Instant, &ProxySettings)) {
        let held = self.memory.handles.get_mut(&key).expect("it is due");
        let expired = held.handle.revive_time() <= now;
        if held.failed >= settings.max_renew_retry_times || expired {
            return drop(self.memory.handles.remove(&key));
        }
        let over = now.since(held.received) >= settings.renew_max_time;
        let invisible = match over {
            true => ProxySettings::retry_delay(held.reconsume_times + 2),
            false => ProxySettings::renewal(held.renewed),
        };
        held.renewing = !over;
        let (handle, group, consumer) = (held.handle, held.group, key.consumer);
        let task = if over { Task::Nobody } else { Task::Renew { key } };
        if over {
            self.memory.handles.remove(&key);
        }
        match self.broker_of(out, &handle) {
            Some(broker) => {
                let astray = self.is_astray(&key, &handle);
                let what = OfProxy::ChangeInvisible { consumer, group, handle, invisible, astray };
                self.ask(out, broker, what, task);
            }
            None => drop(self.memory.handles.remove(&key)),
        }
    }

    /// The broker has renewed it, or not; what its client asked meanwhile is done now.
    pub(super) fn renew_answered(
        &mut self,
        out: &mut Outside<'_>,
        key: HandleKey,
        answer: &Result<Response, CallError>,
    ) {
        let local = matches!(self.site, Site::Local(_));
        let Some(held) = self.memory.handles.get_mut(&key) else { return };
        held.renewing = false;
        let after = std::mem::take(&mut held.after);
        let mut astray = None;
        let mut keeps = true;
        match answer {
            Ok(Response::InvisibleChanged { pop_time, invisible }) => {
                let new = given_back(local, held.handle, (*pop_time, *invisible));
                astray = (new.start_offset != new.offset && !new.is_fifo() && local).then_some(new.pop_time);
                (held.handle, held.failed) = (new, 0);
                held.renewed += 1;
            }
            Ok(_) => keeps = false,
            Err(_) => held.failed += 1,
        }
        let (handle, group) = (held.handle, held.group);
        if let Some(pop_time) = astray {
            self.memory.astray.insert((key, pop_time));
        }
        if !keeps {
            self.memory.handles.remove(&key);
        }
        for after in after {
            match after {
                After::Ack(asker) => self.acknowledge(out, asker, group, handle),
                After::Change(asker, invisible) => self.change_invisible(out, asker, (group, handle), invisible),
                After::DeadLetter(asker, life) => {
                    self.forward_to_dead_letter_queue(out, asker, (group, handle), life);
                }
            }
        }
    }

    /// `removeReceiptHandle`: the newest handle of a message, which is kept no more; `Err`: it is being renewed, and what is
    /// asked of it waits for that.
    pub(super) fn take_handle(&mut self, key: &HandleKey, named: PopHandle, after: After) -> Result<PopHandle, ()> {
        match self.memory.handles.get_mut(key) {
            None => Ok(named),
            Some(held) if held.renewing => {
                held.after.push(after);
                Err(())
            }
            Some(_) => Ok(self.memory.handles.remove(key).map_or(named, |held| held.handle)),
        }
    }

    /// `clearGroup`: a client is gone, and all that it had is visible again after a second.
    pub(super) fn clear_handles(&mut self, out: &mut Outside<'_>, consumer: ConsumerIndex) {
        let invisible = self.settings(out).invisible_time_when_clear;
        let now = self.clock(out);
        let all: Vec<HandleKey> = self.memory.handles.keys().filter(|key| key.consumer == consumer).copied().collect();
        let mut cleared = 0;
        for key in all {
            let held = self.memory.handles.remove(&key).expect("it is there");
            let (handle, group) = (held.handle, held.group);
            if handle.revive_time() <= now {
                continue;
            }
            let Some(broker) = self.broker_of(out, &handle) else { continue };
            let astray = self.is_astray(&key, &handle);
            cleared += 1;
            let what = OfProxy::ChangeInvisible { consumer, group, handle, invisible, astray };
            self.ask(out, broker, what, Task::Nobody);
        }
        if cleared > 0 {
            out.see(Observation::HandlesCleared { proxy: self.index, consumer, count: cleared });
        }
    }

    /// Whether a handle names no checkpoint.
    pub(super) fn is_astray(&self, key: &HandleKey, handle: &PopHandle) -> bool {
        self.memory.astray.contains(&(*key, handle.pop_time))
    }
}

/// The handle that a proxy makes of a broker's answer. In a broker's process it begins where the old one did, while the
/// checkpoint begins at the message: of all but the first of a pop nothing more is said that counts
/// (`LocalMessageService.changeInvisibleTime`).
pub(super) fn given_back(local: bool, old: PopHandle, (pop_time, invisible): (Instant, Span)) -> PopHandle {
    match local && !old.is_fifo() {
        true => PopHandle { pop_time, invisible, ..old },
        false => old.changed(pop_time, invisible),
    }
}
