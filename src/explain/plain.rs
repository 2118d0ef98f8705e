//! What an event is, where nothing was seen that tells more of it.

use super::around::Around;
use super::record::Record;
use super::tell::Said;
use crate::kernel::Occurrence;
use crate::model::event::{
    BrokerEvent, ConsumerEvent, Event, GoTask, GrpcTask, InstanceEvent, NameServerEvent, NetworkEvent, PodEvent,
    ProducerEvent, ProxyEvent, ScheduledTask, TimelineEvent,
};
use crate::model::observation::{Detail, Observation};

/// What is said of a rebalance thread that wakes: whether it goes to work.
pub(super) fn woken(event: &Occurrence<Event>, around: &Around<'_>, record: &Record<'_>) -> Option<Said> {
    let Event::Instance { consumer, what: InstanceEvent::RebalanceWoken, .. } = event.event else { return None };
    let began =
        record.during(event).any(|seen| matches!(seen.what, Observation::Detail(Detail::RebalanceBegan { .. })));
    let minimum = around.client().timers.rebalance_min_interval;
    match began {
        true => Said::new(2, around.names.consumer(consumer), "begins to rebalance"),
        false => Said::new(
            4,
            around.names.consumer(consumer),
            format!("wakes to rebalance less than {} after its last rebalance, or its start", minimum.human()),
        ),
    }
}

/// What an event is, where nothing that matters was seen.
pub(super) fn plain(event: &Occurrence<Event>, around: &Around<'_>) -> Said {
    let names = around.names;
    let (rank, actor, text) = match &event.event {
        Event::Timeline(TimelineEvent::StepDue { step }) => {
            (5, "the story", format!("step `{}`", around.plan.timeline[*step as usize].label))
        }
        Event::Timeline(TimelineEvent::OperatorActed { .. }) => (4, "operator", "the command acts".to_owned()),
        Event::ControllerTicked => (1, "controller", "looks for silent brokers".to_owned()),
        Event::Network(what) => {
            let text = match what {
                NetworkEvent::Arrived { .. } => "a message arrives",
                NetworkEvent::ConnectTimedOut { .. } => "nobody answers a connect",
                NetworkEvent::IdleChecked { .. } => "a connection is found idle, and is closed",
                NetworkEvent::CallTimedOut { .. } => "a call is not answered in time",
                NetworkEvent::CallFailed { .. } => "a call loses its connection",
            };
            (u8::from(!matches!(what, NetworkEvent::Arrived { .. })) * 3, "network", text.to_owned())
        }
        Event::Instance { consumer, what, .. } => {
            let (rank, text) = of_instance_event(*what);
            (rank, names.consumer(*consumer), text.to_owned())
        }
        Event::Consumer { consumer, what, .. } => {
            let (rank, text) = of_consumer_event(*what);
            (rank, names.consumer(*consumer), text.to_owned())
        }
        Event::Pod { consumer, what, .. } => {
            let text = match what {
                PodEvent::PodReady => "its pod is ready",
                PodEvent::PodSignalled => "its pod gets SIGTERM",
                PodEvent::GraceOver => "its pod's grace period is over",
                PodEvent::ContainerRestarted => "Kubernetes starts its container again",
                PodEvent::PodEvicted => "Kubernetes replaces its pod",
            };
            (4, names.consumer(*consumer), text.to_owned())
        }
        Event::Broker { broker, what, .. } => {
            let name: &'static str = what.into();
            let text = match what {
                BrokerEvent::BrokerBooted => "has booted".to_owned(),
                BrokerEvent::ChannelClosed { .. } => "sees a connection closed".to_owned(),
                BrokerEvent::DelayedMessageDue { .. } => "a delayed message is due".to_owned(),
                _ => name.replace('_', " "),
            };
            (1, names.broker(*broker), text)
        }
        Event::NameServer { name_server, what, .. } => {
            let text = match what {
                NameServerEvent::NameServerBooted => "has booted",
                NameServerEvent::NameServerScanned => "looks for silent brokers",
            };
            (2, names.name_server(*name_server), text.to_owned())
        }
        Event::Producer { producer, what } => {
            let text = match what {
                ProducerEvent::MessageDue => "sends a message",
                ProducerEvent::ProducerRoutePolled => "polls its routes",
            };
            (1, names.producer(*producer), text.to_owned())
        }
        Event::Database(_) => (2, "database", "answers".to_owned()),
        Event::Proxy { proxy, what, .. } => (2, names.proxy(*proxy), of_proxy_event(*what).to_owned()),
    };
    Said { rank, actor: actor.to_owned(), text }
}

fn of_proxy_event(what: ProxyEvent) -> &'static str {
    match what {
        ProxyEvent::ProxyBooted => "has booted",
        ProxyEvent::HandlesScanned => "looks which receipt handles are to be renewed",
        ProxyEvent::ClientsScanned => "looks for silent clients",
    }
}

fn of_instance_event(what: InstanceEvent) -> (u8, &'static str) {
    match what {
        InstanceEvent::RebalanceWoken => (2, "its rebalance thread wakes"),
        InstanceEvent::ChannelActive { .. } => (1, "its connection stands"),
        InstanceEvent::ScheduledTaskDue { task: ScheduledTask::RoutePoll }
        | InstanceEvent::GoTaskDue { task: GoTask::RoutePoll } => (2, "polls its routes"),
        InstanceEvent::ScheduledTaskDue { task: ScheduledTask::Heartbeat }
        | InstanceEvent::GoTaskDue { task: GoTask::Heartbeat } => (2, "sends its heartbeat"),
        InstanceEvent::ScheduledTaskDue { task: ScheduledTask::Persist }
        | InstanceEvent::GoTaskDue { task: GoTask::Persist } => (2, "commits its offsets"),
        InstanceEvent::GoTaskDue { task: GoTask::Rebalance } => (2, "rebalances, as every 20 s"),
        InstanceEvent::GrpcTaskDue { task } => match task {
            GrpcTask::Start => (2, "builds its consumer"),
            GrpcTask::Heartbeat => (2, "sends its heartbeat"),
            GrpcTask::SyncSettings | GrpcTask::RenewSession { .. } => (2, "sends its settings"),
            GrpcTask::PollRoutes => (2, "polls its routes"),
            GrpcTask::ScanAssignments => (2, "asks for its assignments"),
            GrpcTask::Receive { .. } | GrpcTask::ReceiveAgain { .. } => (2, "receives"),
            GrpcTask::ListenerReturned { .. } => (2, "a listener returns, and its thread is free"),
            GrpcTask::ConsumeAgain { .. } => (3, "tries a message again"),
            GrpcTask::Repeat { .. } => (3, "says again what becomes of a message"),
            GrpcTask::Close => (3, "goes on with close()"),
        },
    }
}

fn of_consumer_event(what: ConsumerEvent) -> (u8, &'static str) {
    match what {
        ConsumerEvent::ProcessBooted => (4, "its process has booted"),
        ConsumerEvent::InstanceCreated => (2, "has made its client instance"),
        ConsumerEvent::InstanceStarted => (2, "the threads of its client instance run"),
        ConsumerEvent::StartGoesOn => (2, "the rest of `start()` begins"),
        ConsumerEvent::ShutdownCalled => (5, "calls shutdown()"),
        ConsumerEvent::TerminationAwaited { .. } => (3, "has waited for its listeners"),
        ConsumerEvent::PullsStopped { .. } => (2, "its pulls have stopped"),
        ConsumerEvent::InstanceStopped => (3, "its client instance has stopped"),
        ConsumerEvent::PullDue { .. } => (2, "pulls"),
        ConsumerEvent::PopDue { .. } => (2, "pops"),
        ConsumerEvent::ListenerReturned { .. } | ConsumerEvent::PopListenerReturned { .. } => {
            (2, "a listener returns, and its thread is free")
        }
        ConsumerEvent::ResubmitDue { .. } => (3, "tries a message again that could not be sent back"),
        ConsumerEvent::CleanDue => (2, "looks for messages that a listener has held for too long"),
        ConsumerEvent::OffsetRepaired { .. } => (3, "repairs an illegal offset"),
        ConsumerEvent::ResetSlept => (2, "goes on with a reset of its offsets"),
        ConsumerEvent::PollTimedOut { .. } => (2, "its poll() has waited long enough"),
        ConsumerEvent::OrderlyTaskDue { .. } => (2, "a timer of orderly consumption is due"),
    }
}
