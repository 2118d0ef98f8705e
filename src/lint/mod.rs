//! Lints: what RocketMQ accepts without a word, and its users regret.
//!
//! A scenario that is read is possible; a lint says that it is a mistake, why, and what to write instead. Each has a
//! code that does not change, and a shipped scenario in which what it warns of happens (`tests/it/lints.rs`).
//!
//! ```text
//!   Plan --> LINTS (a finder each) --> Warning { code, what, advice } --> `check`, and `run` for people
//! ```
//!
//! A further lint is one line in [`LINTS`] and one finder.

mod clients;
mod go_clients;
mod members;
mod queues;
mod steps;
mod strategies;
mod timers;
mod work;

use crate::model::plan::Plan;
pub(crate) use go_clients::DEAL_OTHERWISE;

/// A kind of mistake.
pub struct Lint {
    /// Its name on the command line; never changed once published.
    pub code: &'static str,
    /// Why it is a mistake, with the section of RocketMQ's behaviour it rests on.
    pub why: &'static str,
    /// What to do instead.
    pub advice: &'static str,
    /// Finds it: one sentence about each place, with the names of the scenario.
    find: fn(&Plan) -> Vec<String>,
}

/// A mistake that a scenario has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// [`Lint::code`].
    pub code: &'static str,
    /// Where and what, in one sentence.
    pub what: String,
    /// [`Lint::advice`].
    pub advice: &'static str,
}

/// All lints, in the order in which they speak.
pub static LINTS: &[Lint] = &[
    Lint {
        code: "duplicate-client-id",
        why: "a broker lists an id once for each connection; both processes take the first share, nobody the second",
        advice: "leave instanceName alone, or give each process its own; in containers set a hostname or an address",
        find: members::duplicate_client_id,
    },
    Lint {
        code: "shared-offset-file",
        why: "a broadcasting consumer is called ip@DEFAULT, and so is its file of offsets",
        advice: "set instanceName for each process, and keep it over restarts",
        find: members::shared_offset_file,
    },
    Lint {
        code: "different-topics",
        why: "queues are dealt to all members of a group, also to those that do not subscribe the topic",
        advice: "one group, one subscription: give each application a group of its own",
        find: members::different_topics,
    },
    Lint {
        code: "different-tags",
        why: "the broker filters for the whole group by the newest heartbeat's tags, and each client once more by its own: \
              what one of them leaves out is gone",
        advice: "one group, one subExpression: give each application a group of its own",
        find: members::different_tags,
    },
    Lint {
        code: "different-strategies",
        why: "members do not agree on a strategy; two of them give some queues two owners and some none",
        advice: "use one allocateMessageQueueStrategy; change it by a new group, or stop all members first",
        find: members::different_strategies,
    },
    Lint {
        code: "release-changes-topics",
        why: "until the last old member is gone it is dealt queues of topics it does not subscribe, and old and new \
              heartbeats overwrite the group's topics at the brokers",
        advice: "consume a new topic with a new group; or stop all members before the first new one starts",
        find: members::release_changes_topics,
    },
    Lint {
        code: "release-changes-strategy",
        why: "old and new members deal by different rules until the last old one is gone",
        advice: "change the strategy with a new group, or stop all members before the first new one starts",
        find: members::release_changes_strategy,
    },
    Lint {
        code: "release-changes-tags",
        why: "until the last old member is gone the broker filters by the newest heartbeat's tags and each member by its own: \
              messages that only the other side takes are committed and gone",
        advice: "take new tags with a new group; or stop all members before the first new one starts",
        find: members::release_changes_tags,
    },
    Lint {
        code: "different-message-models",
        why: "the last heartbeat decides for the whole group whether its members are told of changes",
        advice: "give the BROADCASTING consumers a group of their own",
        find: members::different_message_models,
    },
    Lint {
        code: "offsets-in-own-files",
        why: "a queue that changes its owner does not take its offset along: the new one goes on where its own file last was, \
              or by consumeFromWhere, and messages come twice or are passed over",
        advice: "leave a CLUSTERING group with RemoteBrokerOffsetStore; LocalFileOffsetStore is for BROADCASTING",
        find: members::offsets_in_own_files,
    },
    Lint {
        code: "more-members-than-queues",
        why: "a queue has one owner, so that members beyond the number of queues get nothing",
        advice: "add queues (readQueueNums and writeQueueNums) or run fewer members",
        find: queues::more_members_than_queues,
    },
    Lint {
        code: "unreadable-queues",
        why: "consumers see readQueueNums queues, producers write into writeQueueNums",
        advice: "raise readQueueNums first and writeQueueNums after; lower them the other way round",
        find: queues::unreadable_queues,
    },
    Lint {
        code: "group-not-on-every-broker",
        why: "a broker without the group answers its heartbeats with SUCCESS and registers nothing: no member list comes from \
              there, and its pulls are refused",
        advice: "create the group on every broker of its topics (mqadmin updateSubGroup -c), or leave \
                 autoCreateSubscriptionGroup on",
        find: queues::group_not_on_every_broker,
    },
    Lint {
        code: "broadcasting-not-enabled",
        why: "a group with consumeBroadcastEnable = false gets nothing when it broadcasts, without an error at start(); mqadmin \
              updateSubGroup sets it so unless told otherwise",
        advice: "set consumeBroadcastEnable = true of the group (mqadmin updateSubGroup -d true)",
        find: queues::broadcasting_not_enabled,
    },
    Lint {
        code: "retry-queues-added",
        why: "what is sent back is spread over retryQueueNums queues, but %RETRY% keeps the queues it was made with: the \
              copies in the others reach nobody",
        advice: "give %RETRY% the queues first (mqadmin updateTopic), and raise retryQueueNums after",
        find: queues::retry_queues_added,
    },
    Lint {
        code: "retry-without-owner",
        why: "CONFIG gives what its list holds for every topic; %RETRY% is none of it, and the group never balances",
        advice: "list the %RETRY% queues as well, or use another strategy",
        find: strategies::retry_without_owner,
    },
    Lint {
        code: "broker-outside-rooms",
        why: "MACHINE_ROOM passes over brokers that are not named room@name, without a word",
        advice: "name the brokers room@name, or use MACHINE_ROOM_NEARBY with a resolver",
        find: strategies::broker_outside_rooms,
    },
    Lint {
        code: "queue-given-to-nobody",
        why: "CONFIG answers only what it lists, MACHINE_ROOM only rooms of consumeridcs, CONSISTENT_HASH without virtual \
              nodes nothing: what is in no member's answer is read by nobody, without an error",
        advice: "list every queue for some member, name every room, or use AVG",
        find: strategies::queue_given_to_nobody,
    },
    Lint {
        code: "threshold-for-topic",
        why: "pullThresholdForTopic is divided by all queues of the consumer, %RETRY% included, and overwrites \
              pullThresholdForQueue",
        advice: "set pullThresholdForQueue",
        find: queues::threshold_for_topic,
    },
    Lint {
        code: "orderly-members-of-two-rules",
        why: "an orderly client before 5.2.0 that gives a queue up keeps its lock for 20 s more, and a listener that does not \
              return is never forced; members of 4.9 ask for a lock again only every 20 s",
        advice: "stop all old members before the first new one starts, or upgrade while the topic is idle",
        find: clients::orderly_members_of_two_rules,
    },
    Lint {
        code: "orderly-broadcasting-asks-for-locks",
        why: "an orderly client before 5.3.2 asks for locks in BROADCASTING too: one member has a queue's, and the others get \
              nothing of it until it lapses after 60 s",
        advice: "update the client to 5.3.2 or later, or broadcast to a concurrent listener",
        find: clients::orderly_broadcasting_asks_for_locks,
    },
    Lint {
        code: "client-lock-lapses",
        why: "a lock is renewed every lockInterval; past a shorter lockMaxLiveTime the client asks for it again before it \
              goes on, queue by queue (the Go client waits for the renewal instead)",
        advice: "keep the client's lockMaxLiveTime above lockInterval (30 s and 20 s)",
        find: timers::client_lock_lapses,
    },
    Lint {
        code: "broker-lock-lapses",
        why: "a lock that the broker forgets before it is renewed can be taken by another member: order breaks",
        advice: "keep the broker's lockMaxLiveTime above the clients' (60 s and 30 s)",
        find: timers::broker_lock_lapses,
    },
    Lint {
        code: "heartbeat-above-expiry",
        why: "a broker that hears nothing for channelExpiredTimeout takes a living member out of its list",
        advice: "keep heartbeatBrokerInterval at a third of channelExpiredTimeout or less (30 s and 120 s)",
        find: timers::heartbeat_above_expiry,
    },
    Lint {
        code: "pull-expiry-below-long-poll",
        why: "a held pull looks like a dead one: every rebalance drops the queue and takes it again",
        advice: "keep pullMaxIdleTime above brokerSuspendMaxTime (120 s and 15 s)",
        find: timers::pull_expiry_below_long_poll,
    },
    Lint {
        code: "long-poll-above-pull-timeout",
        why: "the client gives a held pull up before the broker answers it",
        advice: "keep consumerTimeoutWhenSuspend above brokerSuspendMaxTime (30 s and 15 s)",
        find: timers::long_poll_above_pull_timeout,
    },
    Lint {
        code: "members-not-told",
        why: "without a notification at once, members learn of a change at their next rebalance or the buffered tick",
        advice: "leave notifyConsumerIdsChangedEnable and realTimeNotifyConsumerChange on, unless the group is so large \
                 that notifications storm",
        find: timers::members_not_told,
    },
    Lint {
        code: "interrupted-at-shutdown",
        why: "shutdown() interrupts listeners that outlast awaitTerminationMillisWhenShutdown, and their work is done \
              again",
        advice: "set awaitTerminationMillisWhenShutdown above the longest listener; the process may need twice as long",
        find: work::interrupted_at_shutdown,
    },
    Lint {
        code: "grace-below-await",
        why: "shutdown() may await its listeners twice; what is not over when the grace period is, dies by SIGKILL",
        advice: "set terminationGracePeriodSeconds above preStop and twice awaitTerminationMillisWhenShutdown",
        find: work::grace_below_await,
    },
    Lint {
        code: "sigterm-unheard",
        why: "without a shutdown() at SIGTERM a pod dies as by kill -9: offsets of up to 5 s and all it works on come again",
        advice: "call consumer.shutdown() in a shutdown hook, and start Java with exec so that it gets the signal",
        find: work::sigterm_unheard,
    },
    Lint {
        code: "thread-max-never-reached",
        why: "the pool's queue has no bound, and a Java pool grows past its minimum only when its queue is full",
        advice: "set consumeThreadMin to the number of threads that you want, and consumeThreadMax to the same",
        find: work::thread_max_never_reached,
    },
    Lint {
        code: "listener-above-consume-timeout",
        why: "a message that a listener holds for longer than consumeTimeout is sent back, and comes again while it is \
              still worked on",
        advice: "raise consumeTimeout (minutes), or hand long work to another thread",
        find: work::listener_above_consume_timeout,
    },
    Lint {
        code: "pod-of-an-earlier-revision",
        why: "a rollout ends the pods that there were; a step that comes after it finds them only as long as it goes on",
        advice: "name a pod of the last rollout (g-2-1 and so on), or the whole group",
        find: steps::pod_of_an_earlier_revision,
    },
    Lint {
        code: "listener-above-uptime",
        why: "a listener that works longer than its process lives never ends, and its messages come again each time",
        advice: "await the listener at shutdown, or cut the work into shorter parts",
        find: work::listener_above_uptime,
    },
    Lint {
        code: "clamped",
        why: "RocketMQ takes the nearest value that it allows, without a word: registerNameServerPeriod is 10 s to 60 s, \
              suspendCurrentQueueTimeMillis 10 ms to 30 s",
        advice: "write a value that it allows, so that the configuration says what happens",
        find: timers::clamped,
    },
    Lint {
        code: "strategy-across-languages",
        why: "CONSISTENT_HASH of the Go client is another hash, and its MACHINE_ROOM_NEARBY is AVG: beside Java members some \
              queues have two owners and some none",
        advice: "deal a group of both languages by AVG or AVG_BY_CIRCLE, which are the same in both",
        find: go_clients::strategy_across_languages,
    },
    Lint {
        code: "go-hides-filter-changes",
        why: "a Go member says the version of its subscription in nanoseconds: the broker takes no filter of a Java member \
              for newer, until the group has been empty",
        advice: "take new tags with a new group, or stop all members before the first new one starts",
        find: go_clients::go_hides_filter_changes,
    },
    Lint {
        code: "go-ids-collide",
        why: "a Go client is called ip@pid, and nothing else tells two of them apart: in containers with one bridge address, \
              where every process is number 1, all are one client to the brokers",
        advice: "give each process an instance name of its own with WithInstance",
        find: go_clients::go_ids_collide,
    },
    Lint {
        code: "pause-of-zero",
        why: "what fails is tried again at once, as often as the network lets it; where nothing takes time the run has no \
              end",
        advice: "leave the pause as it is by default",
        find: timers::pause_of_zero,
    },
];

/// What is a mistake in this plan, in the order of [`LINTS`].
#[must_use]
pub fn warnings(plan: &Plan) -> Vec<Warning> {
    let found = LINTS.iter().flat_map(|lint| {
        let warning = |what| Warning { code: lint.code, what, advice: lint.advice };
        (lint.find)(plan).into_iter().map(warning)
    });
    found.collect()
}

/// Names, cut short where there are many.
fn named(names: &[&str]) -> String {
    const SHOWN: usize = 3;
    match names {
        [] => "nobody".to_owned(),
        [one] => (*one).to_owned(),
        [first @ .., last] if names.len() <= SHOWN => format!("{} and {last}", first.join(", ")),
        _ => format!("{} and {} more", names[..SHOWN].join(", "), names.len() - SHOWN),
    }
}
