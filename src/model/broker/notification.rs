//! `NOTIFY_CONSUMER_IDS_CHANGED`: members are told that somebody came or went (`DefaultConsumerIdsChangeListener.handle`,
//! `Broker2Client.notifyConsumerIdsChanged`), at once, or at the next tick of a timer of fifteen seconds
//! (`realTimeNotifyConsumerChange = false`).

use super::{Broker, Running};
use crate::kernel::Span;
use crate::model::network::Request;
use crate::model::observation::Observation;
use crate::model::outside::Outside;
use crate::model::plan::{GroupIndex, PlantedMistake};

/// First run and period of the timer (`DefaultConsumerIdsChangeListener`).
pub(super) const FIRST_BUFFERED_NOTIFICATION: Span = Span::from_secs(30);
pub(super) const BUFFERED_NOTIFICATION_PERIOD: Span = Span::from_secs(15);

impl Broker {
    /// `NOTIFY_CONSUMER_IDS_CHANGED` to every channel of the group, at once or at the next buffered tick; to nobody
    /// where the newest heartbeat of the group said `BROADCASTING`.
    pub(super) fn notify(&mut self, out: &mut Outside<'_>, group: GroupIndex) {
        let settings = self.settings(out);
        let broadcasting = self.groups.get(&group).is_some_and(|members| members.is_broadcasting());
        if !settings.notify_consumer_ids_changed_enable
            || broadcasting
            || out.planted(PlantedMistake::NotificationsLost)
        {
            return;
        }
        if !settings.real_time_notify_consumer_change {
            self.unnotified.insert(group);
            return;
        }
        self.notify_one_by_one(out, group);
    }

    /// The timer of the buffered mode.
    pub(super) fn notify_buffered(&mut self, out: &mut Outside<'_>) {
        for group in std::mem::take(&mut self.unnotified) {
            self.notify_one_by_one(out, group);
        }
    }

    /// Notifies members one after the other, on the thread that noticed the change; it does nothing else meanwhile.
    fn notify_one_by_one(&mut self, out: &mut Outside<'_>, group: GroupIndex) {
        let (broker, Some(members)) = (self.index, self.groups.get(&group)) else { return };
        let each = match out.environment().broker_processors {
            Some(_) => out.environment().notification_time,
            None => Span::ZERO,
        };
        let mut spent = Span::ZERO;
        for connection in members.connections() {
            spent += each;
            out.push_after(connection, Request::NotifyConsumerIdsChanged { broker }, spent);
        }
        let (now, count) = (out.now(), members.len() as u32);
        match self.pools.running {
            Running::Anybody => {}
            Running::EventThread => self.event_thread_busy = self.event_thread_busy.max(now) + spent,
            Running::Thread(pool, thread) => {
                let free = &mut self.pools.free[pool][thread];
                *free = (*free).max(now) + spent;
            }
        }
        out.see(Observation::NotificationsSent { broker, count });
    }
}
