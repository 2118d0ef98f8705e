//! What a user of this crate writes in tests of their own. This is a crate of its own, with no default features of that
//! one: everything here goes through its root and through what is plugged in.
#![cfg(test)]

mod built;
mod listener;
mod observer;
mod properties;
mod store;
mod store_properties;
mod strategy;
mod sweep;

use rebalance_sim::{Cluster, Group, millis, secs};

/// Three members on four queues, one of which is killed.
fn killed(group: Group) -> Cluster {
    let members = group.members(3).work(millis(5));
    Cluster::new()
        .broker("a")
        .topic("orders", 4)
        .producer_until("orders", "20/s", secs(110))
        .measured_from("kill")
        .group(members)
        .at(secs(42))
        .mark("kill")
        .kill("c2")
}
