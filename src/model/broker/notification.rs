//! `NOTIFY_CONSUMER_IDS_CHANGED`: members are told that somebody came or went (`DefaultConsumerIdsChangeListener.handle`,
//! `Broker2Client.notifyConsumerIdsChanged`), at once, or at the next tick of a timer of fifteen seconds
//! (`realTimeNotifyConsumerChange = false`).
//!
//! ```text
//!   change --> a pass: one member after the other, on the thread that noticed
//!                 |  a newer change of the group, on another thread
//!                 +--> broken off after the member that it is at; the newer pass tells all (NotifyTaskControl)
//! ```

use super::{Broker, Running};
use crate::kernel::{Instant, Span};
use crate::model::ids::ConnectionId;
use crate::model::network::{PassPlace, Request};
use crate::model::observation::Observation;
use crate::model::outside::Outside;
use crate::model::plan::{BrokerCosts, Cost, GroupIndex, PlantedMistake};

/// First run and period of the timer (`DefaultConsumerIdsChangeListener`).
pub(super) const FIRST_BUFFERED_NOTIFICATION: Span = Span::from_secs(30);
pub(super) const BUFFERED_NOTIFICATION_PERIOD: Span = Span::from_secs(15);

/// The newest pass of a group that may be broken off (`NotifyTaskControl`).
#[derive(Debug, Clone, Copy)]
pub(super) struct Pass {
    number: u32,
    began: Instant,
    /// What each member takes.
    each: Span,
    members: u32,
    by: Running,
    /// Until when it keeps its thread busy.
    busy: Instant,
}

impl Pass {
    /// How many members it has come to, the one that it is at among them.
    fn sent(&self, now: Instant) -> u32 {
        let whole = now.since(self.began).as_nanos() / self.each.as_nanos();
        u32::try_from(whole + 1).unwrap_or(u32::MAX).min(self.members)
    }
}

impl Broker {
    /// `NOTIFY_CONSUMER_IDS_CHANGED` to every channel of the group, at once or at the next buffered tick; to nobody
    /// where the newest heartbeat of the group said `BROADCASTING`, unless an older broker tells them too.
    pub(super) fn notify(&mut self, out: &mut Outside<'_>, group: GroupIndex) {
        let settings = self.settings(out);
        let broadcasting = self.groups.get(&group).is_some_and(|members| members.is_broadcasting());
        if !settings.notify_consumer_ids_changed_enable
            || (broadcasting && !settings.rules.notify_broadcasting_groups)
            || out.planted(PlantedMistake::NotificationsLost)
        {
            return;
        }
        if settings.gathers_notifications() {
            self.unnotified.insert(group);
            return;
        }
        self.notify_one_by_one(out, group, settings.rules.notify_task_control);
    }

    /// The timer of the buffered mode, which breaks off nothing.
    pub(super) fn notify_buffered(&mut self, out: &mut Outside<'_>) {
        for group in std::mem::take(&mut self.unnotified) {
            self.notify_one_by_one(out, group, false);
        }
    }

    /// What it takes a thread to notify one member.
    fn notification_time(out: &Outside<'_>) -> Span {
        let environment = out.environment();
        match (environment.broker_processors, environment.broker_costs) {
            (None, _) => Span::ZERO,
            (Some(_), BrokerCosts::AsSet) => environment.notification_time,
            (Some(_), BrokerCosts::Measured) => Cost::NOTIFICATION.thread,
        }
    }

    /// Notifies members one after the other, on the thread that noticed the change; it does nothing else meanwhile.
    fn notify_one_by_one(&mut self, out: &mut Outside<'_>, group: GroupIndex, controlled: bool) {
        let (broker, each, by) = (self.index, Self::notification_time(out), self.pools.running);
        let controlled = controlled && each > Span::ZERO;
        let older = if controlled { self.break_off(out, group, by) } else { None };
        let Some(members) = self.groups.get(&group) else { return };
        let number = if controlled { out.passes.begin() } else { PassPlace::NONE.pass };
        // What a client of the proxy in this process is told, `GrpcClientChannel` keeps to itself.
        let hears = |connection: &ConnectionId| !out.speaks_grpc(out.connections[*connection].client);
        let connections: Vec<_> = members.connections().filter(hears).collect();
        out.push_to_all(&connections, each, |place| {
            let place = PassPlace { pass: number, place };
            Request::NotifyConsumerIdsChanged { broker, place }
        });
        let (now, count) = (out.now(), members.len() as u32);
        let spent = each.saturating_mul(count.into());
        let busy = self.thread_busy(by).map(|busy| {
            *busy = (*busy).max(now) + spent;
            *busy
        });
        if controlled {
            let busy = busy.unwrap_or(now);
            self.passes.insert(group, Pass { number, began: now, each, members: count, by, busy });
        }
        out.see(Observation::NotificationsSent { broker, count });
        if let Some(count) = older {
            out.see(Observation::NotificationsBrokenOff { broker, count });
        }
    }

    /// Until when a thread is busy; `None` where nobody in particular works.
    fn thread_busy(&mut self, by: Running) -> Option<&mut Instant> {
        match by {
            Running::Anybody => None,
            Running::EventThread => Some(&mut self.event_thread_busy),
            Running::Thread(pool, thread) => Some(&mut self.pools.free[pool][thread]),
        }
    }

    /// A newer change sets `interrupted` on the pass of an older one that another thread is at: it ends after the member that
    /// it is at, and its thread is free. Answers how many it leaves out.
    fn break_off(&mut self, out: &mut Outside<'_>, group: GroupIndex, by: Running) -> Option<u32> {
        let now = out.now();
        let pass = self.passes.remove(&group).filter(|pass| pass.by != by)?;
        let sent = pass.sent(now);
        let left_out = pass.members.checked_sub(sent).filter(|left_out| *left_out > 0)?;
        out.passes.break_off(pass.number, sent);
        // What has been given to the thread since keeps the time that it was told.
        if let Some(busy) = self.thread_busy(pass.by).filter(|busy| **busy == pass.busy) {
            *busy = pass.began + pass.each.saturating_mul(sent.into());
        }
        Some(left_out)
    }
}
