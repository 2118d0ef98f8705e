//! The steps of a story that is built by hand.

use super::cluster::Cluster;
use super::text::{Setting, Table};
use crate::kernel::Span;

/// A moment of a [`Cluster`]'s story; what is said of it is a step, and gives the cluster back.
///
/// ```
/// use rebalance_sim::{Cluster, Group, secs};
/// let cluster = Cluster::new().broker("a").topic("orders", 8).group(Group::new("g").members(3))
///     .at(secs(30)).mark("stop").stop("c1")
///     .between(secs(40), secs(50)).mark("kill").kill("c2")
///     .at(secs(60)).with("queues", 16).with("topic", "orders").action("set_queues");
/// assert!(cluster.to_toml().contains("mark = \"kill\""));
/// # Ok::<(), rebalance_sim::Error>(())
/// ```
#[derive(Debug, Clone)]
#[must_use = "a moment is no step until an action is said"]
pub struct At {
    cluster: Cluster,
    table: Table,
    ends: Span,
}

macro_rules! actions {
    ($($(#[$doc:meta])* $name:ident($key:ident);)*) => {
        $($(#[$doc])*
        #[must_use]
        pub fn $name(self, $key: &str) -> Cluster {
            self.with(stringify!($key), $key).action(stringify!($name))
        })*
    };
}

impl At {
    pub(super) fn new(cluster: Cluster, (key, value): (&str, Setting), ends: Span) -> Self {
        let mut table = Table::default();
        table.set(key, value);
        Self { cluster, table, ends }
    }

    /// The name of the step: a phase of the run has figures of its own from here on.
    pub fn mark(self, mark: &str) -> Self {
        self.with("mark", mark)
    }

    /// Any key of a step, with its value.
    pub fn with(mut self, key: &str, value: impl Into<Setting>) -> Self {
        self.table.set(key, value);
        self
    }

    /// Any action of `rebalance-sim list actions`.
    #[must_use]
    pub fn action(mut self, action: &str) -> Cluster {
        self.table.set("action", action);
        self.cluster.step(self.table, self.ends)
    }

    actions! {
        /// A consumer's process starts.
        start(consumer);
        /// A consumer's process shuts down in order.
        stop(consumer);
        /// A consumer's process is killed by SIGKILL.
        kill(consumer);
        /// A consumer's machine loses power.
        power_off(consumer);
        /// A consumer's process stops by SIGSTOP.
        pause(consumer);
        /// A consumer's process goes on by SIGCONT.
        resume(consumer);
    }

    /// A broker is killed by SIGKILL.
    #[must_use]
    pub fn kill_broker(self, broker: &str) -> Cluster {
        self.with("broker", broker).action("kill")
    }

    /// A broker shuts down in order.
    #[must_use]
    pub fn stop_broker(self, broker: &str) -> Cluster {
        self.with("broker", broker).action("stop")
    }

    /// A broker starts.
    #[must_use]
    pub fn start_broker(self, broker: &str) -> Cluster {
        self.with("broker", broker).action("start")
    }
}
