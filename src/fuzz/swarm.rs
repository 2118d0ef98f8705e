//! Which kinds of trouble a random cluster has: each seed switches whole kinds off, so that rare ones meet alone.
//!
//! Testing with everything on at once hides what only a part of it shows (Groce and others, "Swarm Testing", 2012).

use crate::kernel::Stream;

/// Writes the struct, its drawing and its words from one list. They are drawn in its order: a new kind stands last, so that
/// the others stay what they were.
macro_rules! swarm {
    ($($(#[$what:meta])* $kind:ident,)*) => {
        /// One switch a kind, each on in half of the seeds.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub struct Swarm {
            $($(#[$what])* pub $kind: bool,)*
        }

        impl Swarm {
            /// The switches of one seed.
            pub(super) fn drawn(stream: &mut Stream) -> Self {
                Self { $($kind: stream.chance(1, 2),)* }
            }

            /// The kinds that are on.
            #[must_use]
            pub fn words(&self) -> Vec<&'static str> {
                let all = [$((stringify!($kind), self.$kind),)*];
                all.into_iter().filter_map(|(word, on)| on.then_some(word)).collect()
            }
        }
    };
}

swarm! {
    /// Groups with an orderly listener.
    orderly,
    /// `BROADCASTING` groups.
    broadcasting,
    /// Strategies other than AVG.
    strategies,
    /// Listeners that fail now and then.
    failures,
    /// Listeners that need up to a second a batch.
    slow_listeners,
    /// `notifyConsumerIdsChangedEnable` on, `realTimeNotifyConsumerChange` off.
    buffered_notifications,
    /// Several name servers.
    name_servers,
    /// Slow links with a tail.
    slow_links,
    /// Members that come late.
    late_starts,
    /// SIGKILL of consumers.
    consumer_kills,
    /// Graceful restarts of consumers.
    consumer_restarts,
    /// Machines of consumers that lose power.
    power_offs,
    /// Consumers that freeze for up to three minutes.
    freezes,
    /// SIGKILL of brokers.
    broker_kills,
    /// Graceful restarts of brokers.
    broker_restarts,
    /// Restarts of name servers.
    name_server_restarts,
    /// Cuts between hosts, both directions or one.
    cuts,
    /// Lossy links.
    losses,
    /// Added queues.
    added_queues,
    /// A broker that a name server hears nothing of for longer than it waits.
    name_server_cuts,
    /// A slave for every broker, which serves or does not.
    slaves,
    /// SIGKILL of slaves.
    slave_kills,
    /// A slave that becomes the master.
    promotions,
    /// Machines of brokers that lose power, and with it the end of the log.
    broker_power_offs,
    /// Messages with tags, of which a group takes some.
    tags,
    /// LitePull groups.
    lite_pull,
    /// Consumers of two groups in one process.
    shared_instances,
    /// Connections that a middlebox forgets, in silence or with a reset.
    severed,
    /// Topics that lose a permission for a while.
    permissions,
    /// Operators who reset the offsets of a group.
    resets,
    /// Consumers that unsubscribe a topic and subscribe it again, some before they know where it is.
    subscriptions,
    /// Wall clocks of consumers that jump.
    clock_jumps,
    /// Brokers that lose a permission for a while.
    broker_permissions,
    /// Brokers that hang: they run, and hear no consumer.
    hung_brokers,
    /// Name servers that hang.
    hung_name_servers,
    /// Brokers that come back with another address.
    new_addresses,
    /// Masters that neither slaves nor name servers hear.
    isolated_masters,
    /// Consumers that start while no name server answers.
    failed_starts,
    /// `CLUSTERING` groups whose offsets an application's own store keeps.
    offset_stores,
}
