//! The kinds of findings: how bad each is, of which cause and trap, what to do, and the scenario that shows it.

use crate::check::{Cause, Trap};

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Severity {
    /// Messages wait, come twice, are lost or are passed over now.
    Error,
    /// It will go wrong, or goes wrong now and then.
    Warning,
    /// Worth knowing; a cluster with nothing but notes is healthy.
    Note,
}

impl Severity {
    /// Its word.
    #[must_use]
    pub fn word(self) -> &'static str {
        self.into()
    }
}

/// The enum of kinds, and what is known of each.
macro_rules! kinds {
    ($(
        #[doc = $means:literal]
        $kind:ident: $severity:ident, $cause:expr, $trap:expr, $scenario:expr, [$($advice:literal),*];
    )+) => {
        /// What is wrong.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, strum::IntoStaticStr)]
        #[strum(serialize_all = "snake_case")]
        pub enum FindingKind {
            $(#[doc = $means] $kind,)+
        }

        impl FindingKind {
            /// All of them, in the order of the list.
            pub const ALL: &'static [Self] = &[$(Self::$kind),+];

            /// What it says, one sentence.
            #[must_use]
            pub fn means(self) -> &'static str {
                match self { $(Self::$kind => $means,)+ }.trim_ascii_start()
            }

            /// How bad it is.
            #[must_use]
            pub fn severity(self) -> Severity {
                match self { $(Self::$kind => Severity::$severity,)+ }
            }

            /// Its cause among the checks' where it always is the same.
            #[must_use]
            pub fn cause(self) -> Option<Cause> {
                match self { $(Self::$kind => $cause,)+ }
            }

            /// Its trap where its cause has none.
            #[must_use]
            pub fn trap(self) -> Option<Trap> {
                match self { $(Self::$kind => $trap,)+ }
            }

            /// A shipped scenario in which it happens.
            #[must_use]
            pub fn scenario(self) -> Option<&'static str> {
                match self { $(Self::$kind => $scenario,)+ }
            }

            /// What to do, step by step; `GROUP` stands for the group.
            #[must_use]
            pub fn advice(self) -> &'static [&'static str] {
                match self { $(Self::$kind => &[$($advice),*],)+ }
            }
        }
    };
}

impl FindingKind {
    /// Its word.
    #[must_use]
    pub fn word(self) -> &'static str {
        self.into()
    }
}

kinds! {
    /// Two connections of a group have one client id: both take the same queues, and a share goes to nobody.
    DuplicateClientId: Error, Some(Cause::DuplicateClientId), None,
        Some("scenarios/ownership/two_of_three_pods_share_an_id.toml"),
        ["leave instanceName alone, or give each process its own (rocketmq.client.name)",
         "in containers on one address let the id end with more than a process number: clients from 4.9.1 on do"];
    /// Queues of a group have no client.
    QueueWithoutClient: Error, None, None, None,
        ["mqadmin consumerConnection -g GROUP", "mqadmin consumerStatus -g GROUP"];
    /// A member is listed and has none of the queues that are dealt to it.
    SilentMember: Error, Some(Cause::WaitingForExpiry), None, Some("scenarios/stalls/node_of_a_pod_goes_silent.toml"),
        ["look whether that process runs: jstack, full GC, its network; restart it, or let it end",
         "if it is dead, brokers drop it after 120 s (channelExpiredTimeout), and others take its queues up to 20 s later"];
    /// Messages wait and no member of the group is registered.
    GroupOffline: Error, Some(Cause::ConsumerNotOnline), None, None,
        ["start the group's consumers; if they run, look for `start OK` and heartbeats in rocketmq_client.log"];
    /// Brokers list different members of a group.
    ListsDiffer: Error, Some(Cause::PartialListAfterBrokerRestart), None,
        Some("scenarios/brokers/partial_list_after_a_restart.toml"),
        ["compare `mqadmin consumerConnection -g GROUP -b ADDRESS` of every broker until they agree",
         "restart the clients that a broker lacks if they do not come back within 30 s"];
    /// A queue belongs to a client that is not in the list of members.
    OwnerNotInList: Error, Some(Cause::BrokerDroppedALivingMember), None,
        Some("scenarios/brokers/healthy_member_not_in_the_list.toml"),
        ["mqadmin consumerConnection -g GROUP", "look at the network between that client and the brokers"];
    /// The owners of queues are not those that the strategy gives.
    OwnersNotAsDealt: Warning, None, None, None,
        ["ask once more after 20 s: a rebalance may have been under way",
         "mqadmin consumerStatus -g GROUP"];
    /// Members of a group subscribe different topics or tags.
    SubscriptionsDiffer: Error, Some(Cause::SubscriptionsDiffer), None,
        Some("scenarios/ownership/members_with_different_topics.toml"),
        ["one group, one subscription: give each application a group of its own"];
    /// Members of a group have different message models.
    MessageModelsDiffer: Error, Some(Cause::MixedMessageModels), None,
        Some("scenarios/ownership/broadcasting_member_in_a_clustering_group.toml"),
        ["give the BROADCASTING consumers a group of their own"];
    /// Members of a group deal by different strategies.
    StrategiesDiffer: Error, Some(Cause::StrategiesDiffer), None,
        Some("scenarios/ownership/two_strategies_in_one_group.toml"),
        ["give all members one allocateMessageQueueStrategy; change it by a new group, or stop all members first"];
    /// A group may not consume at a broker.
    GroupDisabled: Error, Some(Cause::ConsumeIsNotEnabled), None, None,
        ["mqadmin updateSubGroup -c CLUSTER -g GROUP -s true"];
    /// A group that broadcasts may not do so at a broker.
    BroadcastingNotEnabled: Error, Some(Cause::BroadcastingIsNotEnabled), None,
        Some("scenarios/stalls/broadcasting_not_enabled.toml"),
        ["mqadmin updateSubGroup -c CLUSTER -g GROUP -d true"];
    /// A broker takes what is sent back and throws it away.
    NoRetryQueue: Error, None, None, None,
        ["mqadmin updateSubGroup -c CLUSTER -g GROUP -q 1"];
    /// Producers write into queues that nobody reads.
    QueuesHidden: Error, Some(Cause::QueueIsHidden), None,
        Some("scenarios/ownership/fewer_read_queues_than_write_queues.toml"), [];
    /// A topic may not be read at a broker.
    TopicNotReadable: Error, Some(Cause::TopicPermission), None, None, [];
    /// A committed offset lies beyond the end of its queue.
    OffsetAheadOfMaximum: Error, Some(Cause::LostLogTail), None,
        Some("scenarios/loss/lost_end_of_the_log.toml"),
        ["find out whether the broker lost its store or the topic was made again",
         "mqadmin resetOffsetByTime -g GROUP -t TOPIC -s TIMESTAMP, with the time of the loss"];
    /// A committed offset lies before the first message that there is.
    OffsetBehindMinimum: Error, Some(Cause::DeletedByRetention), None,
        Some("scenarios/loss/retention_overtakes_a_consumer.toml"),
        ["raise fileReservedTime of the broker until the group has caught up; what is deleted does not come back"];
    /// A queue stands still while others of its group move.
    QueueStandsStill: Error, None, None, None,
        ["mqadmin consumerStatus -g GROUP -s, and jstack of its owner: one message may hold the queue"];
    /// An orderly queue is locked by a client that is gone.
    LockedByAnAbsentOwner: Error, Some(Cause::LockOfADeadMember), None,
        Some("scenarios/order/orderly_kill_9.toml"),
        ["wait until the lock is 60 s old; stop consumers by SIGTERM, so that they unlock"];
    /// A client finds itself in no list of members.
    NotInMemberList: Error, Some(Cause::NotInList), None,
        Some("scenarios/brokers/healthy_member_not_in_the_list.toml"),
        ["restart brokers one by one, and wait until `mqadmin consumerConnection -g GROUP` shows all members"];
    /// A strategy threw, and the member kept its old queues.
    StrategyThrew: Error, Some(Cause::StrategyThrows), None, Some("scenarios/ownership/strategy_throws.toml"),
        ["read the exception below that line in rocketmq_client.log"];
    /// Offsets were corrected by the broker's bounds.
    OffsetIllegal: Error, Some(Cause::OffsetIllegal), Some(Trap::E29), None,
        ["mqadmin topicStatus -t TOPIC, and compare with `mqadmin consumerProgress -g GROUP`"];
    /// Brokers have a topic and group in different request modes.
    RequestModesDiffer: Error, None, None, None,
        ["mqadmin setConsumeMode -c CLUSTER -t TOPIC -g GROUP -m PULL, or POP, for the whole cluster"];
    /// The lag grows.
    LagGrows: Warning, None, None, None,
        ["more members up to the number of queues, more consumeThreadMax, or less work for a message"];
    /// More members than queues: some have nothing to do.
    MoreMembersThanQueues: Warning, None, None, Some("scenarios/balance/more_members_than_queues.toml"),
        ["run fewer members, or raise readQueueNums and then writeQueueNums (mqadmin updateTopic -t TOPIC -r N -w N)"];
    /// One queue has most of the lag of its topic.
    HotQueue: Warning, None, None, Some("scenarios/stalls/slow_message_stops_its_queue.toml"),
        ["look whether its owner is slow or one key has most messages (mqadmin consumerStatus -g GROUP)"];
    /// Each topic is dealt from the first id on, and some members have much more than others.
    UnevenOverTopics: Warning, Some(Cause::DealtTopicByTopic), None,
        Some("scenarios/balance/avg_tilts_over_many_topics.toml"),
        ["give each topic as many queues as a multiple of the members, or each large topic a group of its own"];
    /// Ids that only a process number tells apart, of hosts that look alike.
    ClientIdsNearlyCollide: Warning, Some(Cause::DuplicateClientId), None,
        Some("scenarios/ownership/one_client_id_in_every_container.toml"),
        ["give containers a hostname or address of their own, or set instanceName for each process"];
    /// A broker lacks a group.
    GroupMissingAtABroker: Warning, Some(Cause::GroupDoesNotExist), None,
        Some("scenarios/ownership/group_missing_on_one_broker.toml"),
        ["mqadmin updateSubGroup -c CLUSTER -g GROUP"];
    /// Brokers have a group with different settings.
    GroupSettingsDiffer: Warning, None, None, None,
        ["mqadmin updateSubGroup -c CLUSTER -g GROUP with all options: those that are left out become defaults"];
    /// The retry topic has fewer queues than the group sends to.
    RetryQueuesHidden: Warning, Some(Cause::QueueIsHidden), None, Some("scenarios/loss/retry_queues_raised.toml"),
        ["mqadmin updateTopic -c CLUSTER -t %RETRY%GROUP -r N -w N, with the group's retryQueueNums"];
    /// What fails is never tried again.
    NoRetries: Warning, None, None, None,
        ["mqadmin updateSubGroup -c CLUSTER -g GROUP -r 16"];
    /// A topic may not be written at a broker.
    TopicNotWritable: Warning, Some(Cause::NoWritableQueue), None,
        Some("scenarios/loss/read_only_topic_still_takes_messages.toml"), [];
    /// A group has never committed an offset of a queue, and begins at its end.
    NewQueueFromLastOffset: Warning, Some(Cause::StartAtMaximum), None,
        Some("scenarios/loss/added_queues_skipped.toml"),
        ["set CONSUME_FROM_FIRST_OFFSET, or raise readQueueNums a minute before writeQueueNums"];
    /// A group has never committed an offset of a queue that has messages.
    NeverCommitted: Warning, Some(Cause::GroupHasNoOffset), None, None,
        ["mqadmin consumerProgress -g GROUP -s true: whose queue is it, and does its owner get messages"];
    /// A client rebalances again and again.
    RebalanceStorm: Warning, Some(Cause::NotBalanced), None, None,
        ["look for members that come and go: crashing pods, full GC, probes that kill"];
    /// The number of members goes up and down.
    MembersFlap: Warning, None, None, Some("scenarios/ownership/pod_crashes_again_and_again.toml"),
        ["look for members that come and go: crashing pods, full GC, probes that kill, connections that a firewall cuts"];
    /// A queue is given up and taken again and again.
    QueueComesAndGoes: Warning, None, None, None,
        ["mqadmin consumerStatus -g GROUP, and the client's log around these lines"];
    /// A member that was alive was removed by a broker.
    ChannelExpired: Warning, Some(Cause::ExpiryTellsNobody), None, Some("scenarios/stalls/expiry_tells_nobody.toml"),
        ["let processes close their connections (SIGTERM, shutdown()); look for long GC pauses and for cut networks"];
    /// A broker threw events of connections away.
    ChannelEventDropped: Warning, Some(Cause::ChannelEventDropped), None,
        Some("scenarios/stalls/mass_disconnect.toml"),
        ["restart applications in portions; more brokers or fewer clients"];
    /// A list of members could not be had.
    NoMemberList: Warning, Some(Cause::ListCallFailed), None, Some("scenarios/stalls/member_list_call_fails.toml"),
        ["take a broker that is gone out of the topic's route; look at timeouts of that broker"];
    /// Heartbeats fail.
    HeartbeatFailed: Warning, None, Some(Trap::E21), None,
        ["look at the network to that broker, and whether its address in the route is right (brokerIP1)"];
    /// A route could not be had.
    NoRoute: Warning, Some(Cause::NoRoute), None, Some("scenarios/brokers/topic_does_not_exist_yet.toml"),
        ["mqadmin topicRoute -t TOPIC", "create the topic before its consumers start"];
    /// Pulls are refused, as the broker's subscription is older.
    SubscriptionNotLatest: Warning, Some(Cause::SubscriptionNotLatest), None,
        Some("scenarios/stalls/pulls_refused_after_a_join.toml"),
        ["normal for seconds after a rebalance; if it goes on, members subscribe differently: one group, one subscription"];
    /// A broker saw the subscription of a group change to and fro.
    SubscriptionChanges: Warning, Some(Cause::SubscriptionsDiffer), None,
        Some("scenarios/ownership/members_with_different_topics.toml"),
        ["mqadmin consumerStatus -g GROUP: it says which members subscribe differently"];
    /// A broker does not know the subscription of a group.
    SubscriptionNotExist: Warning, Some(Cause::SubscriptionNotExist), None, None,
        ["one group, one subscription; after a broker's restart it mends itself within a heartbeat of 30 s"];
    /// A broker knows no member of a group.
    GroupNotRegistered: Warning, Some(Cause::GroupDoesNotExist), None,
        Some("scenarios/ownership/group_not_created.toml"),
        ["mqadmin updateSubGroup -c CLUSTER -g GROUP, where autoCreateSubscriptionGroup is false"];
    /// Pulls stood still for two minutes, and the queue was given up.
    PullExpired: Warning, Some(Cause::PullExpired), None, Some("scenarios/timers/pull_expiry_below_long_poll.toml"),
        ["look at the client's threads at that time (jstack): the pull service or the callback was stuck"];
    /// Messages were worked on for longer than consumeTimeout, and were sent back.
    ConsumeTimeout: Warning, None, None,
        Some("scenarios/timers/listener_above_consume_timeout.toml"),
        ["raise consumeTimeout (minutes), or hand long work to another thread"];
    /// An orderly queue waits for its lock.
    NotLocked: Warning, Some(Cause::WaitingForTheLock), None, Some("scenarios/order/lock_outlives_shutdown.toml"),
        ["normal for up to 60 s after a crash; if it goes on, look into the broker's lock.log for the holder"];
    /// Work was thrown away, as its queue had gone to another.
    DroppedWhileAtWork: Warning, Some(Cause::DroppedWhileAtWork), None,
        Some("scenarios/duplicates/finished_work_done_again.toml"),
        ["make listeners idempotent; fewer rebalances make it rarer"];
    /// A committed offset went back.
    OffsetWentBack: Warning, None, Some(Trap::E12), Some("scenarios/duplicates/zombie_commits.toml"),
        ["make listeners idempotent; look for two owners or a frozen process at that time"];
    /// Messages could not be sent back.
    SendBackFailed: Warning, Some(Cause::SendBackFailed), None, None,
        ["look at the exception below that line: the broker was away, or may not be written"];
    /// A client holds more than it may, and does not pull.
    FlowControl: Warning, Some(Cause::FlowControl), None, None,
        ["the listener is slower than what comes: more consumeThreadMax or members, or less work for a message"];
    /// One connection says two client ids.
    TwoIdsOfOneChannel: Warning, Some(Cause::DuplicateClientId), None, None,
        ["one process has two MQClientInstances of one group: give each consumer its instanceName"];
    /// A line of a configuration that RocketMQ passes over without a word.
    SettingIgnored: Warning, None, None, Some("scenarios/brokers/broker_conf.toml"), [];
    /// A key stands twice; Java takes the last.
    SettingTwice: Warning, None, None, Some("scenarios/brokers/broker_conf.toml"), [];
    /// Settings that contradict each other or that users regret.
    SettingDangerous: Warning, None, None, None, [];
    /// Messages that were popped are not put back in time.
    ReviveLag: Warning, None, None, None,
        ["look into pop.log of that broker: the revive thread is behind, and what was not acknowledged comes late"];
    /// The cluster is not as the scenario says.
    NotAsIntended: Warning, None, None, None,
        ["mend the cluster, or the scenario"];
    /// A topic has more queues to read than to write: right while it shrinks.
    QueuesDrained: Note, None, None, None,
        ["lower readQueueNums when the queues above writeQueueNums are empty"];
    /// A topic is not on every broker that others of its cluster are on.
    TopicMissingAtABroker: Note, None, None, None,
        ["mqadmin updateTopic -c CLUSTER -t TOPIC, if it is to be there"];
    /// Members run different versions or languages.
    VersionsDiffer: Note, None, None, None,
        ["update all members; a release that is under way ends it"];
    /// How long until all is caught up.
    CatchesUp: Note, None, None, None, [];
    /// Messages were popped or pulled and are not acknowledged.
    Inflight: Note, None, None, None,
        ["compare with popInvisibleTime and the listener's time"];
}
