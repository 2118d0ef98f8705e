//! The event log: one row for each event and each observation, in texts.

use super::outcome::EventRow;
use crate::kernel::Occurrence;
use crate::model::Names;
use crate::model::event::Event;
use crate::model::ids::{BrokerIndex, ConsumerIndex, QueueIndex, TopicIndex};
use crate::model::observation::{Observation, Observed};

/// An event of the agenda as a row.
pub(super) fn event_row(occurrence: &Occurrence<Event>, names: &Names) -> EventRow {
    let (actor, what) = match &occurrence.event {
        Event::Timeline(what) => ("story".to_owned(), format!("{what:?}")),
        Event::ControllerTicked => ("controller".to_owned(), String::new()),
        Event::Network(what) => ("network".to_owned(), format!("{what:?}")),
        Event::Instance { consumer, what, .. } => (names.consumer(*consumer).to_owned(), format!("{what:?}")),
        Event::Consumer { consumer, what, .. } => (names.consumer(*consumer).to_owned(), format!("{what:?}")),
        Event::Pod { consumer, what, .. } => (names.consumer(*consumer).to_owned(), format!("{what:?}")),
        Event::Broker { broker, what, .. } => (names.broker(*broker).to_owned(), format!("{what:?}")),
        Event::NameServer { name_server, what, .. } => {
            (names.name_server(*name_server).to_owned(), format!("{what:?}"))
        }
        Event::Database(what) => ("database".to_owned(), format!("{what:?}")),
        Event::Producer { producer, what } => (names.producer(*producer).to_owned(), format!("{what:?}")),
    };
    EventRow {
        at: occurrence.at,
        sequence: occurrence.sequence,
        cause: occurrence.cause,
        event: occurrence.event.name(),
        actor,
        subject: String::new(),
        detail: fields(&what),
    }
}

/// An observation as a row; bulk observations of single messages are left to `deliveries.csv`.
pub(super) fn observation_row(observed: &Observed, names: &Names) -> Option<EventRow> {
    let (event, actor, subject) = describe(&observed.what, names)?;
    let detail = fields(&format!("{:?}", observed.what));
    Some(EventRow {
        at: observed.at,
        sequence: observed.sequence,
        cause: observed.cause,
        event,
        actor,
        subject,
        detail,
    })
}

/// What stands between the braces of a value's debug text.
fn fields(debug: &str) -> String {
    debug.split_once('{').map_or_else(String::new, |(_, rest)| rest.trim_end_matches('}').trim().to_owned())
}

/// Name, actor and subject of an observation.
fn describe(what: &Observation, names: &Names) -> Option<(&'static str, String, String)> {
    let consumer = |index: &ConsumerIndex| names.consumer(*index).to_owned();
    let broker = |index: &BrokerIndex| names.broker(*index).to_owned();
    let queue = |index: &QueueIndex| names.message_queue(*index).to_string();
    let topic = |index: &TopicIndex| names.topic(*index).name.to_string();
    let none = String::new;
    Some(match what {
        Observation::StepTaken { .. } => ("step_taken", "story".to_owned(), none()),
        Observation::StepMissed { .. } => ("step_missed", "story".to_owned(), none()),
        Observation::ConsumerStarting { consumer: c, client } => {
            ("consumer_starting", consumer(c), names.client(*client).to_string())
        }
        Observation::SubscriptionChanged { consumer: c, topic: t, subscribed, .. } => {
            (if *subscribed { "subscribed" } else { "unsubscribed" }, consumer(c), topic(t))
        }
        Observation::QueuesOpened { broker: b, topic: t, .. } => ("queues_opened", broker(b), topic(t)),
        Observation::HeadDeleted { queue: q, .. } => ("head_deleted", broker(&names.queue(*q).broker), queue(q)),
        Observation::StoredApart { queue: q, .. } => ("stored_apart", broker(&names.queue(*q).broker), queue(q)),
        Observation::TailLost { queue: q, .. } => ("tail_lost", broker(&names.queue(*q).broker), queue(q)),
        Observation::MessageLost { queue: q, .. } => ("message_lost", broker(&names.queue(*q).broker), queue(q)),
        Observation::RetryLost { group, origin: (q, _) } => ("retry_lost", names.group(*group).to_owned(), queue(q)),
        Observation::GroupUnknown { broker: b, client, .. } => {
            ("group_unknown", broker(b), names.client(*client).to_string())
        }
        Observation::SubscriptionKept { broker: b, client, .. } => {
            ("subscription_kept", broker(b), names.client(*client).to_string())
        }
        Observation::CommitArrived { broker: b, queue: q, .. } => ("lower_commit_arrived", broker(b), queue(q)),
        Observation::OffsetSent { consumer: c, queue: q } => ("offset_sent", consumer(c), queue(q)),
        Observation::HeartbeatTaken { broker: b, client, .. } => {
            ("heartbeat_taken", broker(b), names.client(*client).to_string())
        }
        Observation::BrokerRegistered { name_server: n, broker: b } => {
            ("broker_registered", names.name_server(*n).to_owned(), broker(b))
        }
        Observation::ClockJumped { host } => ("clock_jumped", format!("{host:?}"), none()),
        Observation::Served { broker: b, .. } => ("request_served", broker(b), none()),
        Observation::Rejected { broker: b, .. } => ("request_rejected", broker(b), none()),
        Observation::NotificationsSent { broker: b, .. } => ("notifications_sent", broker(b), none()),
        Observation::ConsumerStarted { consumer: c } => ("consumer_started", consumer(c), none()),
        Observation::StartFailed { consumer: c, .. } => ("start_failed", consumer(c), none()),
        Observation::ConsumerStopping { consumer: c } => ("consumer_stopping", consumer(c), none()),
        Observation::ConsumerEnded { consumer: c, .. } => ("consumer_ended", consumer(c), none()),
        Observation::ConsumerPaused { consumer: c } => ("consumer_paused", consumer(c), none()),
        Observation::ConsumerResumed { consumer: c } => ("consumer_resumed", consumer(c), none()),
        Observation::ConsumerCutOff { consumer: c, broker: b, cut_off } => {
            (if *cut_off { "consumer_cut_off" } else { "consumer_connected" }, consumer(c), broker(b))
        }
        Observation::BrokerDown { broker: b, .. } => ("broker_down", broker(b), none()),
        Observation::BrokerUp { broker: b } => ("broker_up", broker(b), none()),
        Observation::NameServerDown { name_server } => {
            ("name_server_down", names.name_server(*name_server).to_owned(), none())
        }
        Observation::NameServerUp { name_server } => {
            ("name_server_up", names.name_server(*name_server).to_owned(), none())
        }
        Observation::QueueCreated { queue: q } => ("queue_created", broker(&names.queue(*q).broker), queue(q)),
        Observation::BrokerUnregistered { name_server, broker: b } => {
            ("broker_unregistered", names.name_server(*name_server).to_owned(), broker(b))
        }
        Observation::RouteChanged { consumer: c, topic: t, .. } => ("route_changed", consumer(c), topic(t)),
        Observation::RoutePollFailed { consumer: c, name_server: n } => {
            ("route_poll_failed", consumer(c), names.name_server(*n).to_owned())
        }
        Observation::RouteToldChanged { name_server: n, topic: t, .. } => {
            ("route_told_changed", names.name_server(*n).to_owned(), topic(t))
        }
        Observation::MemberAdded { broker: b, client, .. } => {
            ("member_added", broker(b), names.client(*client).to_string())
        }
        Observation::MemberRemoved { broker: b, client, .. } => {
            ("member_removed", broker(b), names.client(*client).to_string())
        }
        Observation::Notified { consumer: c, broker: b } => ("notified", consumer(c), broker(b)),
        Observation::TopicRebalanced { consumer: c, topic: t, .. } => ("topic_rebalanced", consumer(c), topic(t)),
        Observation::RegisteredWithoutSubscriptions { broker: b, client, .. } => {
            ("registered_without_subscriptions", broker(b), names.client(*client).to_string())
        }
        Observation::SlaveSynchronised { broker: b, .. } => ("slave_synchronised", broker(b), none()),
        Observation::ChannelEventDropped { broker: b } => ("channel_event_dropped", broker(b), none()),
        Observation::WakeupLost { consumer: c } => ("wakeup_lost", consumer(c), none()),
        Observation::RebalanceEnded { consumer: c, .. } => ("rebalance_ended", consumer(c), none()),
        Observation::QueueTaken { consumer: c, queue: q, .. } => ("queue_taken", consumer(c), queue(q)),
        Observation::QueueReleased { consumer: c, queue: q, .. } => ("queue_released", consumer(c), queue(q)),
        Observation::SubscriptionVersionRaised { consumer: c, topic: t } => {
            ("subscription_version_raised", consumer(c), topic(t))
        }
        Observation::HeartbeatSkipped { consumer: c } => ("heartbeat_skipped", consumer(c), none()),
        Observation::PullTroubled { consumer: c, queue: q, .. } => ("pull_troubled", consumer(c), queue(q)),
        Observation::HeldTooLate { consumer: c, queue: q, .. } => ("held_too_late", consumer(c), queue(q)),
        Observation::PullRecovered { consumer: c, queue: q } => ("pull_recovered", consumer(c), queue(q)),
        Observation::OffsetIllegal { consumer: c, queue: q, .. } => ("offset_illegal", consumer(c), queue(q)),
        Observation::SendRefused { producer, queue: q, .. } => {
            ("send_refused", names.producer(*producer).to_owned(), queue(q))
        }
        Observation::CommandRefused { broker: b, .. } => ("command_refused", broker(b), none()),
        Observation::ResetIgnored { consumer: c } => ("reset_ignored", consumer(c), none()),
        Observation::SendFailed { sent, .. } => ("send_failed", names.producer(sent.producer).to_owned(), none()),
        Observation::SendInDoubt { sent, .. } => ("send_in_doubt", names.producer(sent.producer).to_owned(), none()),
        Observation::AttemptFailed { sent, .. } => ("attempt_failed", names.producer(sent.producer).to_owned(), none()),
        Observation::SentBack { consumer: c, queue: q, .. } => ("sent_back", consumer(c), queue(q)),
        Observation::DeadLetterAtOnce { consumer: c, queue: q } => ("dead_letter_at_once", consumer(c), queue(q)),
        Observation::ThresholdSet { consumer: c, .. } => ("threshold_set", consumer(c), none()),
        Observation::Committed { by, queue: q, .. } => ("committed", by.as_ref().map_or_else(none, consumer), queue(q)),
        Observation::OffsetsFlushed { broker: b } => ("offsets_flushed", broker(b), none()),
        Observation::StartedAt { consumer: c, queue: q, .. } => ("started_at", consumer(c), queue(q)),
        Observation::LockGranted { queue: q, client, .. } => {
            ("lock_granted", names.client(*client).to_string(), queue(q))
        }
        Observation::LockRefused { queue: q, client, .. } => {
            ("lock_refused", names.client(*client).to_string(), queue(q))
        }
        Observation::LockReleased { queue: q, client, .. } => {
            ("lock_released", names.client(*client).to_string(), queue(q))
        }
        Observation::LockForgotten { broker: b, queue: q, .. } => ("lock_forgotten", broker(b), queue(q)),
        Observation::LockLost { consumer: c, queue: q } => ("lock_lost", consumer(c), queue(q)),
        Observation::LockExpired { consumer: c, queue: q } => ("lock_expired", consumer(c), queue(q)),
        Observation::UnlockDelayed { consumer: c, queue: q } => ("unlock_delayed", consumer(c), queue(q)),
        Observation::UnlockForced { consumer: c, queue: q } => ("unlock_forced", consumer(c), queue(q)),
        Observation::Detail(_)
        | Observation::Pulled { .. }
        | Observation::Viewed { .. }
        | Observation::Stored { .. }
        | Observation::KeyStored { .. }
        | Observation::TagStored { .. }
        | Observation::Filtered { .. }
        | Observation::Readable { .. }
        | Observation::Delivered { .. }
        | Observation::Consumed { .. }
        | Observation::ProgressMoved { .. } => return None,
    })
}
