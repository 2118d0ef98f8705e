//! Who gives a message back that was popped and not acknowledged: a thread for each queue of the revive topic
//! (`PopReviveService`).
//!
//! ```text
//!   rest 1 s (longer where nothing was found)
//!   scan   reads on from the last checkpoint it was done with, all anew, every 100 ms:
//!          a checkpoint is noted, an ack marks its bit; ends 2 s after the first checkpoint's messages became visible,
//!          or after 4.1 s without anything new, or after 10 s
//!   then   each checkpoint that is 2 s over: what it has without a mark goes into the retry topic
//! ```
//! So a message comes 2.0 to 5.8 s after it became visible again. A thread that finds nothing to read is looked after only
//! when its scan ends, or when a record comes: its reads in between would find nothing.

use std::collections::BTreeMap;

use super::Broker;
use crate::kernel::{Instant, Span, Timer};
use crate::model::disk::{Checkpoint, CheckpointKey, Revival};
use crate::model::event::BrokerEvent;
use crate::model::observation::{CheckpointLoss, Observation};
use crate::model::outside::Outside;

/// `PopAckConstants.ackTimeInterval` and a second: so long after a message became visible acks are waited for.
const ACKS_AWAITED: Span = Span::from_secs(2);
/// Time goes on for a scan that reads nothing new, once it has been so long behind.
const BEHIND: Span = Span::from_secs(3);
/// A scan that reads nothing looks again after so long.
const AGAIN: Span = Span::from_millis(100);
/// It gives up after so many looks.
const MOST_LOOKS: u32 = 41;
/// How many records one read has at most.
const MOST_READ: usize = 32;
/// How long an idle thread scans, and rests.
const IDLE_SCAN: Span = Span::from_millis(4_100);

/// One thread.
#[derive(Debug, Default)]
pub(super) struct ReviveService {
    scan: Option<Scan>,
    /// How many intervals it rests the next time it finds nothing.
    slow: u32,
    timer: Option<Timer>,
}

/// A scan of a queue.
#[derive(Debug)]
struct Scan {
    began: Instant,
    /// The last look.
    looked: Instant,
    /// It has read nothing, and the event that comes ends it.
    idle: bool,
    next: u64,
    /// The latest time that a record was to be delivered at, by the broker's clock; nothing read: none.
    end_time: Option<Instant>,
    /// When the messages of the first checkpoint become visible.
    first: Option<Instant>,
    /// How many looks in a row have found nothing new.
    looks: u32,
    found: BTreeMap<CheckpointKey, Found>,
}

/// A checkpoint that a scan has read.
#[derive(Debug)]
struct Found {
    point: Checkpoint,
    offset: u64,
    acked: u64,
}

impl Scan {
    fn new(began: Instant, next: u64) -> Self {
        let found = BTreeMap::new();
        Self { began, looked: began, idle: false, next, end_time: None, first: None, looks: 0, found }
    }

    fn take(&mut self, offset: u64, deliver: Instant, what: &Revival) {
        match what {
            Revival::Checkpoint(point) => {
                self.first.get_or_insert(point.revive_time());
                self.found.insert(point.key, Found { point: point.clone(), offset, acked: 0 });
            }
            Revival::Ack(key, message) => {
                if let Some(found) = self.found.get_mut(key) {
                    found.acked |= found.point.bit_of(*message);
                }
            }
        }
        self.end_time = self.end_time.max(Some(deliver));
        self.next = offset + 1;
    }

    /// Whether acks of the first checkpoint have been awaited for long enough; with no checkpoint there is nothing to await.
    fn is_over(&self) -> bool {
        self.end_time.is_some_and(|end| self.first.is_none_or(|first| end.since(first) > ACKS_AWAITED))
    }
}

impl Broker {
    /// The service of a queue goes on after so long.
    fn revive_after(&mut self, out: &mut Outside<'_>, queue: u32, delay: Span) {
        let timer = out.after(delay, self.in_this_life(out, BrokerEvent::ReviveDue { queue }));
        let before = self.revive_service(queue).timer.replace(timer);
        if let Some(timer) = before {
            out.agenda.cancel(timer);
        }
    }

    fn revive_service(&mut self, queue: u32) -> &mut ReviveService {
        let (services, at) = (&mut self.pop.services, queue as usize);
        if services.len() <= at {
            services.resize_with(at + 1, ReviveService::default);
        }
        &mut services[at]
    }

    /// The process begins: the threads of queues that have something do too.
    pub(super) fn resume_revive(&mut self, out: &mut Outside<'_>) {
        let interval = self.pop_settings(out).revive_interval;
        for queue in out.logs[self.index.at()].revive.queues() {
            self.revive_service(queue).slow = 1;
            self.revive_after(out, queue, interval);
        }
    }

    /// A record has come into a queue. A thread that was never needed has been idle for long; one that reads nothing finds
    /// it at its next look.
    pub(super) fn revive_queue_grew(&mut self, out: &mut Outside<'_>, queue: u32) {
        if self.revive_service(queue).timer.is_none() {
            self.begin_idle(out, queue);
        }
        let now = out.now();
        let Some(scan) = self.revive_service(queue).scan.as_mut().filter(|scan| scan.idle) else { return };
        let looks = now.since(scan.looked).as_nanos().div_ceil(AGAIN.as_nanos()).max(1) as u32;
        if scan.looks + looks < MOST_LOOKS {
            scan.idle = false;
            scan.looks += looks;
            let next = scan.looked + AGAIN.saturating_mul(looks.into());
            self.revive_after(out, queue, next.since(now));
        }
    }

    /// Where in its round a thread is that has found nothing so far.
    fn begin_idle(&mut self, out: &mut Outside<'_>, queue: u32) {
        let (interval, slow) = {
            let settings = self.pop_settings(out);
            (settings.revive_interval, settings.revive_max_slow)
        };
        let rest = interval.saturating_mul(u64::from(slow) + 1);
        let into = Span::from_nanos(self.pop_stream(out).below((rest + IDLE_SCAN).as_nanos()));
        let next = self.offsets.revived(queue);
        let now = out.now();
        let service = self.revive_service(queue);
        service.slow = slow;
        let left = if into < rest {
            rest.saturating_sub(into)
        } else {
            // Its looks are as far apart as ever, whenever the first one was.
            let looks = (into.saturating_sub(rest).as_nanos() / AGAIN.as_nanos()) as u32;
            let ago = Span::from_nanos(into.saturating_sub(rest).as_nanos() % AGAIN.as_nanos());
            let looked = Instant::from_nanos(now.as_nanos().saturating_sub(ago.as_nanos()));
            service.scan = Some(Scan { looked, looks, idle: true, ..Scan::new(now, next) });
            (rest + IDLE_SCAN).saturating_sub(into)
        };
        self.revive_after(out, queue, left);
    }

    /// A thread rests no more, or looks again.
    pub(in crate::model::broker) fn revive_due(&mut self, out: &mut Outside<'_>, queue: u32) {
        self.revive_service(queue).timer = None;
        if !self.keeps_checkpoints(out) {
            self.revive_service(queue).scan = None;
            return;
        }
        let (now, from) = (out.now(), self.offsets.revived(queue));
        let service = self.revive_service(queue);
        match service.scan.take() {
            None => self.scan(out, queue, Scan::new(now, from)),
            Some(scan) if scan.idle || scan.looks >= MOST_LOOKS => self.end_scan(out, queue, scan),
            Some(scan) => self.scan(out, queue, scan),
        }
    }

    /// `consumeReviveMessage`, up to its next sleep.
    fn scan(&mut self, out: &mut Outside<'_>, queue: u32, mut scan: Scan) {
        let scan_time = self.pop_settings(out).revive_scan_time;
        let now = out.now();
        while self.has_more(out, queue, scan.next) {
            scan.looks = 0;
            if now.since(scan.began) > scan_time {
                return self.end_scan(out, queue, scan);
            }
            let (log, from) = (&out.logs[self.index.at()].revive, scan.next);
            for (offset, record) in log.read(queue, from, MOST_READ) {
                scan.take(offset, record.deliver, &record.what);
            }
        }
        let (clock, behind) = (out.broker_clock(self.index), self.timer_is_behind(out));
        if let Some(end) = scan.end_time.filter(|end| clock.since(*end) > BEHIND && !behind) {
            scan.end_time = Some(clock.max(end));
        }
        if scan.is_over() {
            return self.end_scan(out, queue, scan);
        }
        // With nothing read the looks in between are left out.
        scan.idle = scan.end_time.is_none();
        let looks = if scan.idle { MOST_LOOKS - scan.looks } else { 1 };
        if !scan.idle {
            scan.looks += 1;
        }
        scan.looked = now;
        self.revive_service(queue).scan = Some(scan);
        self.revive_after(out, queue, AGAIN.saturating_mul(looks.into()));
    }

    fn has_more(&self, out: &Outside<'_>, queue: u32, from: u64) -> bool {
        out.logs[self.index.at()].revive.read(queue, from, 1).next().is_some()
    }

    /// `mergeAndRevive`, and the rest behind it.
    fn end_scan(&mut self, out: &mut Outside<'_>, queue: u32, scan: Scan) {
        let (interval, most_slow) = {
            let settings = self.pop_settings(out);
            (settings.revive_interval, settings.revive_max_slow)
        };
        let mut found: Vec<Found> = scan.found.into_values().collect();
        found.sort_by_key(|found| found.offset);
        let nothing = found.is_empty();
        let end_time = scan.end_time.unwrap_or(Instant::ZERO);
        let mut done = None;
        for found in found {
            if end_time.since(found.point.revive_time()) <= ACKS_AWAITED {
                break;
            }
            done = Some(found.offset + 1);
            self.revive(out, &found);
        }
        if let Some(next) = done {
            self.offsets.put_revived(queue, next);
            let kept = self.offsets.revived_on_disk(queue);
            if !out.has_replicas(self.index) {
                out.logs[self.index.at()].revive.forget_below(queue, kept);
            }
        }
        let service = self.revive_service(queue);
        let rest = match nothing {
            true => {
                let slow = service.slow.max(1);
                service.slow = (slow + 1).min(most_slow.max(1));
                interval.saturating_mul(u64::from(slow) + 1)
            }
            false => {
                service.slow = 1;
                interval
            }
        };
        self.revive_after(out, queue, rest);
    }

    /// `reviveMsgFromCk`: the messages of a checkpoint that nobody acknowledged.
    fn revive(&mut self, out: &mut Outside<'_>, found: &Found) {
        let (group, queue) = (found.point.key.group, found.point.key.queue);
        let normal = Self::normal_topic(out, out.names.queue(queue).topic);
        if !out.configurations[self.index.at()].has_topic(normal) || self.find_group(out, group).is_none() {
            return;
        }
        let unacked = found.point.offsets.iter().filter(|offset| found.acked & found.point.bit_of(**offset) == 0);
        for &offset in unacked {
            let log = &out.logs[self.index.at()];
            let record = log.record(queue, offset, log.life()).filter(|_| offset >= log.min(queue));
            let Some((record, _)) = record else {
                let why = CheckpointLoss::MessageGone;
                out.see(Observation::CheckpointLost { group, queue, offset, why });
                continue;
            };
            let after = out.broker_clock(self.index).since(found.point.revive_time());
            let (to, to_offset) = self.put_to_retry(out, (group, queue, offset), record);
            let (origin, reconsume_times) = (record.origin, record.reconsume_times + 1);
            out.see(Observation::Revived { group, queue, offset, origin, to, to_offset, reconsume_times, after });
        }
    }
}
