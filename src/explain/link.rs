//! One link back: what an event waited for, and the event that it goes back to.
//!
//! An event goes back to the one that scheduled it. Of a timer that says only when it ticked before: there the link goes back
//! to the change that this tick found and the one before could not ([`super::changes`]).

use super::around::Around;
use super::record::Record;
use super::wait::Wait;
use crate::kernel::{Instant, Occurrence};
use crate::model::event::{
    BrokerEvent, BrokerTask, ConsumerEvent, Event, GoTask, GrpcTask, InstanceEvent, NameServerEvent, NetworkEvent,
    OrderlyTask, ProxyEvent, ScheduledTask,
};
use crate::model::observation::{MemberLoss, Observation, Observed};
use crate::model::plan::{BrokerIndex, ConsumerIndex, NameServerIndex};

/// An event of the chain, or a moment that is none but counts: the end of a time-out that a later scan finds.
#[derive(Debug)]
pub(super) struct Node<'r> {
    pub at: Instant,
    pub event: Option<&'r Occurrence<Event>>,
    /// Who and what, of a moment.
    pub said: Option<(String, String)>,
    /// Its link, where that is known already.
    pub then: Option<Box<Link<'r>>>,
}

impl<'r> Node<'r> {
    pub fn event(event: &'r Occurrence<Event>) -> Self {
        Self { at: event.at, event: Some(event), said: None, then: None }
    }

    /// A moment that goes back by a link.
    pub fn moment(at: Instant, who: &str, what: String, then: Link<'r>) -> Self {
        Self { at, event: None, said: Some((who.to_owned(), what)), then: Some(Box::new(then)) }
    }

    /// Its place in the order.
    pub fn place(&self) -> (Instant, u64) {
        (self.at, self.event.map_or(0, |event| event.sequence))
    }
}

/// A step back.
#[derive(Debug)]
pub(super) struct Link<'r> {
    pub wait: Wait,
    /// Where it leads; `None`: to what lies before the record, or to nothing.
    pub to: Option<Node<'r>>,
    /// Why an earlier tick of the timer had not mended it, as the one whose timer it is saw it.
    pub note: String,
}

impl<'r> Link<'r> {
    pub fn new(wait: Wait, to: Option<Node<'r>>) -> Self {
        Self { wait, to, note: String::new() }
    }

    pub fn unknown() -> Self {
        Self::new(Wait::Unknown, None)
    }
}

/// The way back.
#[derive(Debug, Clone, Copy)]
pub(super) struct Chain<'a, 'r> {
    pub around: Around<'a>,
    pub record: &'r Record<'r>,
}

impl<'r> Chain<'_, 'r> {
    /// The link of an event.
    pub fn before(&self, event: &'r Occurrence<Event>) -> Link<'r> {
        match event.event {
            Event::Timeline(crate::model::event::TimelineEvent::StepDue { .. }) => Link::new(Wait::Story, None),
            Event::Timeline(_) => self.scheduled(event, Wait::Operator),
            Event::ControllerTicked => self.tick(event, Wait::Controller, None),
            Event::Network(what) => self.network(event, what),
            Event::Instance { consumer, what, .. } => self.instance(event, consumer, what),
            Event::Consumer { consumer, what, .. } => self.of_consumer(event, consumer, what),
            Event::Pod { .. } => self.scheduled(event, Wait::Kubernetes),
            Event::Broker { broker, what, .. } => self.of_broker(event, broker, what),
            Event::NameServer { name_server, what, .. } => match what {
                NameServerEvent::NameServerBooted => self.scheduled(event, Wait::NameServerStart),
                NameServerEvent::NameServerScanned => self.broker_expired(event, name_server),
            },
            Event::Producer { .. } => self.scheduled(event, Wait::Producer),
            Event::Database(_) => self.scheduled(event, Wait::Database),
            Event::Proxy { what, .. } => match what {
                ProxyEvent::ProxyBooted => self.scheduled(event, Wait::ProxyStart),
                ProxyEvent::HandlesScanned | ProxyEvent::ClientsScanned => self.tick(event, Wait::ProxyTimer, None),
            },
        }
    }

    /// Back to the event that scheduled this one.
    pub fn scheduled(&self, event: &'r Occurrence<Event>, wait: Wait) -> Link<'r> {
        let parent = self.record.event(event.cause);
        // What a full record has dropped lay in the stretch, perhaps.
        let dropped = parent.is_none() && event.cause > 0 && self.record.begins() > self.around.finding.from;
        if dropped { Link::unknown() } else { Link::new(wait, parent.map(Node::event)) }
    }

    /// Of a timer back to what it found, or to its tick before; beyond that one nobody knows why it did not mend it.
    pub fn tick(&self, event: &'r Occurrence<Event>, wait: Wait, found: Option<&'r Observed>) -> Link<'r> {
        if let Some(found) = found {
            return Link::new(wait, Some(self.node_of(found)));
        }
        let mut link = self.scheduled(event, wait);
        if let Some(parent) = &mut link.to
            && parent.event.is_some_and(|parent| parent.event == event.event)
        {
            parent.then = Some(Box::new(Link::unknown()));
        }
        link
    }

    /// The event during which something was seen.
    pub fn node_of(&self, seen: &'r Observed) -> Node<'r> {
        let event = self.record.event(seen.sequence);
        event.map_or_else(
            || Node { at: seen.at, event: None, said: None, then: Some(Box::new(Link::unknown())) },
            Node::event,
        )
    }

    /// When the event that scheduled this one happened; a record that does not hold it says the beginning.
    pub fn since(&self, event: &Occurrence<Event>) -> Instant {
        self.record.event(event.cause).map_or(Instant::ZERO, |parent| parent.at)
    }

    fn network(&self, event: &'r Occurrence<Event>, what: NetworkEvent) -> Link<'r> {
        match what {
            NetworkEvent::Arrived { .. } => {
                let healed = |seen: &Observed| matches!(seen.what, Observation::ConsumerCutOff { cut_off: false, .. });
                let parent = self.record.event(event.cause);
                let after_a_cut = parent.is_some_and(|parent| self.record.during(parent).any(healed));
                self.scheduled(event, if after_a_cut { Wait::Retransmission } else { Wait::Network })
            }
            NetworkEvent::CallFailed { .. } => self.call_failed(event),
            NetworkEvent::ConnectTimedOut { .. } => self.scheduled(event, Wait::ConnectTimeout),
            NetworkEvent::CallTimedOut { .. } => self.scheduled(event, Wait::CallTimeout),
            NetworkEvent::IdleChecked { at_server, .. } => self.idle(event, at_server),
        }
    }

    /// Of a connection that is found idle back to its last byte.
    fn idle(&self, event: &'r Occurrence<Event>, at_server: bool) -> Link<'r> {
        let broker = self.record.during(event).find_map(|seen| match seen.what {
            Observation::BrokerUnregistered { broker, .. } => Some(self.around.names.broker(broker)),
            _ => None,
        });
        let wait = match (at_server, broker) {
            (true, Some(_)) => Wait::NameServerIdle,
            (true, None) => Wait::ServerIdle,
            (false, _) => Wait::ClientIdle,
        };
        let idle = wait.value(&self.around).expect("a length of time");
        let last = event.at - idle.min(event.at.since(Instant::ZERO));
        let group = self.around.group();
        let mut after = self.record.forward_from(event.at).take_while(|seen| seen.at <= self.around.finding.until);
        let whose = after.find_map(|seen| match seen.what {
            Observation::MemberRemoved { group: g, client, loss: MemberLoss::Idle, .. } if g == group => Some(client),
            _ => None,
        });
        let whose = whose.map(|client| self.around.client_name(client, self.record));
        let whose = broker.map(str::to_owned).or(whose);
        let of = whose.map_or_else(String::new, |who| format!(" of {who}"));
        let said = ("network".to_owned(), format!("the last byte goes over the connection{of}"));
        let byte = match self.record.event_at(last) {
            Some(event) => Node { said: Some(said), ..Node::event(event) },
            None => Node::moment(last, &said.0, said.1, Link::unknown()),
        };
        Link::new(wait, Some(byte))
    }

    fn instance(&self, event: &'r Occurrence<Event>, consumer: ConsumerIndex, what: InstanceEvent) -> Link<'r> {
        let window = (self.since(event), event.at);
        let or_mended = |found: Option<&'r Observed>| found.or_else(|| self.mended(event, consumer));
        match what {
            InstanceEvent::RebalanceWoken => self.woken(event, consumer),
            InstanceEvent::ChannelActive { .. } => self.scheduled(event, Wait::Network),
            InstanceEvent::ScheduledTaskDue { task: ScheduledTask::RoutePoll }
            | InstanceEvent::GoTaskDue { task: GoTask::RoutePoll } => {
                // With its slave there the queues stay the same: only who serves them is another one.
                let (topic, own) = (self.around.topic(), self.around.queue_broker());
                let told = |what: &Observation| match what {
                    Observation::RouteToldChanged { topic: t, .. } => *t == topic,
                    Observation::BrokerUnregistered { broker, .. } => *broker == own,
                    _ => false,
                };
                self.tick(event, Wait::RoutePoll, or_mended(self.record.last(window, told)))
            }
            InstanceEvent::ScheduledTaskDue { task: ScheduledTask::Heartbeat }
            | InstanceEvent::GoTaskDue { task: GoTask::Heartbeat } => {
                let up = |what: &Observation| matches!(what, Observation::BrokerUp { .. });
                self.tick(event, Wait::Heartbeat, or_mended(self.record.last(window, up)))
            }
            InstanceEvent::ScheduledTaskDue { task: ScheduledTask::Persist }
            | InstanceEvent::GoTaskDue { task: GoTask::Persist } => self.tick(event, Wait::Persist, or_mended(None)),
            InstanceEvent::GrpcTaskDue { task } => self.scheduled(event, of_grpc(task)),
            InstanceEvent::GoTaskDue { task: GoTask::Rebalance } => self.timer(event, consumer, Wait::RebalanceTicker),
        }
    }

    fn of_consumer(&self, event: &'r Occurrence<Event>, consumer: ConsumerIndex, what: ConsumerEvent) -> Link<'r> {
        let wait = match what {
            ConsumerEvent::PullDue { .. } => return self.pull_due(event, consumer),
            ConsumerEvent::OrderlyTaskDue { task, .. } => match task {
                OrderlyTask::LockAll | OrderlyTask::SecondLockAll => return self.lock_due(event, Wait::LockTimer),
                OrderlyTask::TryLock => return self.lock_due(event, Wait::LockRetry),
                OrderlyTask::Resubmit => Wait::OrderlyPause,
                OrderlyTask::ConsumeLockTimedOut => Wait::ConsumeLock,
                OrderlyTask::UnlockDelayed => Wait::UnlockDelay,
                OrderlyTask::RebalanceLater => Wait::RebalanceLater,
            },
            ConsumerEvent::ProcessBooted
            | ConsumerEvent::InstanceCreated
            | ConsumerEvent::InstanceStarted
            | ConsumerEvent::StartGoesOn => Wait::StartUp,
            ConsumerEvent::TerminationAwaited { .. } => Wait::AwaitTermination,
            ConsumerEvent::ShutdownCalled | ConsumerEvent::PullsStopped { .. } | ConsumerEvent::InstanceStopped => {
                Wait::Shutdown
            }
            ConsumerEvent::PopDue { .. } => Wait::Pop,
            ConsumerEvent::ListenerReturned { .. } | ConsumerEvent::PopListenerReturned { .. } => Wait::Listener,
            ConsumerEvent::ResubmitDue { .. } => Wait::SendBackRetry,
            ConsumerEvent::CleanDue => Wait::ConsumeTimeout,
            ConsumerEvent::OffsetRepaired { .. } => Wait::OffsetRepair,
            ConsumerEvent::ResetSlept => Wait::Reset,
            ConsumerEvent::PollTimedOut { .. } => Wait::PollTimeout,
        };
        self.scheduled(event, wait)
    }

    fn of_broker(&self, event: &'r Occurrence<Event>, broker: BrokerIndex, what: BrokerEvent) -> Link<'r> {
        let wait = match what {
            BrokerEvent::BrokerTaskDue { task } => return self.broker_task(event, broker, task),
            BrokerEvent::BrokerBooted | BrokerEvent::PreOnlineDue => Wait::BrokerStart,
            BrokerEvent::RequestServed { .. } | BrokerEvent::ChannelClosed { .. } | BrokerEvent::PullHeld { .. } => {
                Wait::BrokerThreads
            }
            BrokerEvent::MemberExpired { .. } => Wait::ExpiryScan,
            BrokerEvent::Dispatched
            | BrokerEvent::LogFlushed
            | BrokerEvent::StoreTimedOut { .. }
            | BrokerEvent::OffsetsWritten => Wait::Log,
            BrokerEvent::LogReplicated => Wait::Replication,
            BrokerEvent::MasterElected => Wait::Controller,
            BrokerEvent::DelayedMessageDue { .. } => Wait::RetryDelay,
            BrokerEvent::PopPollingOver { .. } => Wait::PopPolling,
            BrokerEvent::TimerSecond { .. }
            | BrokerEvent::ReviveDue { .. }
            | BrokerEvent::CheckpointBuffered { .. } => Wait::Revive,
            BrokerEvent::PopOrderFree { .. } => Wait::PopOrder,
            BrokerEvent::PopRecordsDue | BrokerEvent::PopCacheLooked => Wait::PopRecords,
        };
        self.scheduled(event, wait)
    }

    fn broker_task(&self, event: &'r Occurrence<Event>, broker: BrokerIndex, task: BrokerTask) -> Link<'r> {
        let (window, group) = ((self.since(event), event.at), self.around.group());
        match task {
            BrokerTask::Housekeeping => self.member_expired(event, broker),
            BrokerTask::Notify => {
                let changed = |what: &Observation| match what {
                    Observation::MemberAdded { broker: b, group: g, .. }
                    | Observation::MemberRemoved { broker: b, group: g, .. } => (*b, *g) == (broker, group),
                    _ => false,
                };
                self.tick(event, Wait::BufferedNotification, self.record.last(window, changed))
            }
            BrokerTask::FirstRegistration | BrokerTask::Register | BrokerTask::Heartbeat => {
                let opened = |what: &Observation| match what {
                    Observation::QueuesOpened { broker: b, .. } | Observation::BrokerUp { broker: b } => *b == broker,
                    _ => false,
                };
                self.tick(event, Wait::Registration, self.record.last(window, opened))
            }
            BrokerTask::CheckHolds => self.tick(event, Wait::HoldTick, None),
            BrokerTask::SyncSlave => self.tick(event, Wait::Replication, None),
            BrokerTask::FlushOffsets
            | BrokerTask::FlushDelayOffsets
            | BrokerTask::LoadBalanceRoutes
            | BrokerTask::PersistOrderInfo => self.tick(event, Wait::BrokerTimer, None),
        }
    }

    /// Of the scan for silent members back to the last that was heard of the one that it removes.
    fn member_expired(&self, event: &'r Occurrence<Event>, broker: BrokerIndex) -> Link<'r> {
        let group = self.around.group();
        let mut after = self.record.forward_from(event.at).take_while(|seen| seen.at <= self.around.finding.until);
        let removed = after.find_map(|seen| match seen.what {
            Observation::MemberRemoved { broker: b, group: g, client, loss, .. } if (b, g) == (broker, group) => {
                matches!(loss, MemberLoss::Expired | MemberLoss::ExpiredAndTold).then_some(client)
            }
            _ => None,
        });
        let Some(client) = removed else { return self.tick(event, Wait::ExpiryScan, None) };
        let heard = |what: &Observation| {
            matches!(what, Observation::HeartbeatTaken { broker: b, group: g, client: c }
                if (*b, *g, *c) == (broker, group, client))
        };
        let Some(heard) = self.record.last((Instant::ZERO, event.at), heard) else {
            return Link::new(Wait::Unknown, None);
        };
        let who = self.around.client_name(client, self.record);
        let broker = self.around.names.broker(broker);
        self.time_out((event, heard), (Wait::ChannelExpiry, Wait::ExpiryScan), broker, &who)
    }

    /// Of a name server's scan back to the last that it heard of the broker that it removes.
    fn broker_expired(&self, event: &'r Occurrence<Event>, name_server: NameServerIndex) -> Link<'r> {
        let removed = self.record.during(event).find_map(|seen| match seen.what {
            Observation::BrokerUnregistered { broker, .. } => Some(broker),
            _ => None,
        });
        let Some(broker) = removed else { return self.tick(event, Wait::BrokerScan, None) };
        let heard = |what: &Observation| {
            matches!(what, Observation::BrokerRegistered { name_server: n, broker: b }
                if (*n, *b) == (name_server, broker))
        };
        let Some(heard) = self.record.last((Instant::ZERO, event.at), heard) else {
            return Link::new(Wait::Unknown, None);
        };
        let (server, broker) = (self.around.names.name_server(name_server), self.around.names.broker(broker));
        self.time_out((event, heard), (Wait::BrokerExpiry, Wait::BrokerScan), server, broker)
    }

    /// A scan finds that somebody has not been heard for too long: it came some time after that time was over.
    fn time_out(
        &self,
        (scan, heard): (&'r Occurrence<Event>, &'r Observed),
        (limit, timer): (Wait, Wait),
        who: &str,
        whom: &str,
    ) -> Link<'r> {
        let length = limit.value(&self.around).expect("a length of time");
        let over = (heard.at + length).min(scan.at);
        let said = format!("has not heard {whom} for {}; its scan comes later", over.since(heard.at).human());
        let then = Link::new(limit, Some(self.node_of(heard)));
        Link::new(timer, Some(Node::moment(over, who, said, then)))
    }

    /// Back to what was found, else to the event that scheduled this one: a pull that is tried again and again says why.
    pub fn follow(&self, event: &'r Occurrence<Event>, wait: Wait, found: Option<&'r Observed>) -> Link<'r> {
        match found {
            Some(found) => Link::new(wait, Some(self.node_of(found))),
            None => self.scheduled(event, wait),
        }
    }
}

/// What a timer of a client that speaks gRPC is.
const fn of_grpc(task: GrpcTask) -> Wait {
    match task {
        GrpcTask::Start => Wait::StartUp,
        GrpcTask::Heartbeat | GrpcTask::SyncSettings | GrpcTask::RenewSession { .. } => Wait::GrpcTimer,
        GrpcTask::PollRoutes => Wait::GrpcRoutes,
        GrpcTask::ScanAssignments => Wait::Assignments,
        GrpcTask::Receive { .. } | GrpcTask::ReceiveAgain { .. } => Wait::Receive,
        GrpcTask::ListenerReturned { .. } | GrpcTask::ConsumeAgain { .. } => Wait::Listener,
        GrpcTask::Repeat { .. } => Wait::Repeat,
        GrpcTask::Close => Wait::Shutdown,
    }
}
