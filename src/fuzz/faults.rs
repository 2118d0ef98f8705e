//! The faults of a seed: the timeline of a scenario file. Whatever is broken is whole again when the rest begins.

use std::fmt::Write;

use super::Swarm;
use super::cluster::{Cluster, between, one};
use crate::kernel::Stream;

/// From when on there is trouble.
pub(super) const FIRST_S: u64 = 130;
/// When the last of it is over, in seconds: what is left until the end is more than the 200 s that the longest chain
/// of timers takes (an expiry of 120 s, its scan, a rebalance, a lock).
pub(super) const REST_S: u64 = 330;

/// Those that can have trouble, by name; of consumers that share a process one.
struct Hosts<'n> {
    consumers: Vec<&'n str>,
    brokers: Vec<&'n str>,
    servers: Vec<&'n str>,
}

/// The `[[timeline]]` tables. Kinds are drawn in the order in which they were thought of: in another the seeds would have
/// other faults.
pub(super) fn text(swarm: &Swarm, cluster: &Cluster, stream: &mut Stream) -> String {
    let mut faults = Faults { text: String::new(), stream };
    let hosts = Hosts {
        consumers: cluster.processes(),
        brokers: cluster.brokers.iter().map(String::as_str).collect(),
        servers: cluster.name_servers.iter().map(String::as_str).collect(),
    };
    processes(swarm, &hosts, &mut faults);
    links(swarm, &hosts, &mut faults);
    added_queues(swarm, cluster, &mut faults);
    connections(swarm, &hosts, &mut faults);
    permissions(swarm, cluster, &mut faults);
    faults.text
}

/// Processes and machines that stop, and come back.
fn processes(swarm: &Swarm, hosts: &Hosts<'_>, faults: &mut Faults<'_>) {
    // A host has one trouble at a time: each kind has hosts of its own.
    let (mut free_consumers, mut free_brokers) = (hosts.consumers.clone(), hosts.brokers.clone());
    for (on, kind) in [
        (swarm.consumer_kills, "kill"),
        (swarm.consumer_restarts, "restart"),
        (swarm.power_offs, "power_off"),
        (swarm.freezes, "pause"),
    ] {
        if let (true, Some(consumer)) = (on, faults.take(&mut free_consumers)) {
            faults.consumer(kind, consumer);
        }
    }
    for (on, kill) in [(swarm.broker_kills, true), (swarm.broker_restarts, false)] {
        if let (true, Some(broker)) = (on, faults.take(&mut free_brokers)) {
            let down = faults.pick(&[3, 20, 60]);
            faults.step(70, |at| {
                format!("at = \"{at}s\"\naction = \"restart\"\nbroker = {broker:?}\nkill = {kill}\ndown = \"{down}s\"")
            });
        }
    }
    if let (true, Some(broker)) = (swarm.broker_power_offs, faults.take(&mut free_brokers)) {
        let at = faults.step(70, |at| format!("at = \"{at}s\"\naction = \"power_off\"\nbroker = {broker:?}"));
        let back = at + faults.pick(&[3, 20, 60]);
        faults.at(back, &format!("action = \"start\"\nbroker = {broker:?}"));
    }
    if let (true, true, Some(broker)) = (swarm.slaves, swarm.promotions, faults.take(&mut free_brokers)) {
        faults.step(20, |at| format!("at = \"{at}s\"\naction = \"promote\"\nbroker = \"{broker}-1\""));
    } else if let (true, true, Some(broker)) = (swarm.slaves, swarm.slave_kills, hosts.brokers.first()) {
        faults.step(30, |at| {
            format!("at = \"{at}s\"\naction = \"restart\"\nbroker = \"{broker}-1\"\nkill = true\ndown = \"20s\"")
        });
    }
    if swarm.name_server_restarts {
        let server = *one(faults.stream, &hosts.servers);
        faults.step(60, |at| format!("at = \"{at}s\"\naction = \"restart\"\nname_server = {server:?}\ndown = \"40s\""));
    }
}

/// Links between consumers and brokers.
fn links(swarm: &Swarm, hosts: &Hosts<'_>, faults: &mut Faults<'_>) {
    if swarm.cuts {
        let (consumer, broker) = (*one(faults.stream, &hosts.consumers), *one(faults.stream, &hosts.brokers));
        let direction = *one(faults.stream, &["both", "forward"]);
        let length = faults.pick(&[2, 15, 40, 100]);
        faults.stretch(length, "heal", |at| {
            (format!("at = \"{at}s\"\naction = \"cut\"\ndirection = {direction:?}"), consumer, broker)
        });
    }
    if swarm.losses {
        let (consumer, broker) = (*one(faults.stream, &hosts.consumers), *one(faults.stream, &hosts.brokers));
        faults.stretch(60, "heal", |at| (format!("at = \"{at}s\"\naction = \"loss\"\nshare = 0.05"), consumer, broker));
    }
}

fn added_queues(swarm: &Swarm, cluster: &Cluster, faults: &mut Faults<'_>) {
    if swarm.added_queues {
        let (topic, queues) = one(faults.stream, &cluster.topics);
        let queues = queues + between(faults.stream, 1, 4);
        faults.step(0, |at| format!("at = \"{at}s\"\naction = \"set_queues\"\ntopic = {topic:?}\nqueues = {queues}"));
    }
}

/// What brokers and their name servers, or their clients, do not hear of each other.
fn connections(swarm: &Swarm, hosts: &Hosts<'_>, faults: &mut Faults<'_>) {
    if swarm.name_server_cuts {
        let (broker, server) = (*one(faults.stream, &hosts.brokers), *one(faults.stream, &hosts.servers));
        faults.stretch(150, "heal", |at| (format!("at = \"{at}s\"\naction = \"cut\""), broker, server));
    }
    if swarm.severed {
        let consumers_side = faults.stream.chance(2, 3);
        let from =
            *if consumers_side { one(faults.stream, &hosts.consumers) } else { one(faults.stream, &hosts.servers) };
        let (to, reset) = (*one(faults.stream, &hosts.brokers), faults.stream.chance(1, 2));
        faults.step(0, |at| {
            format!("at = \"{at}s\"\naction = \"sever\"\nfrom = [{from:?}]\nto = [{to:?}]\nreset = {reset}")
        });
    }
}

fn permissions(swarm: &Swarm, cluster: &Cluster, faults: &mut Faults<'_>) {
    if swarm.permissions {
        let (topic, _) = one(faults.stream, &cluster.topics);
        let (perm, length) = (*one(faults.stream, &["r", "w", "none"]), faults.pick(&[5, 40, 70]));
        let set = format!("action = \"set_permission\"\ntopic = {topic:?}\nperm = ");
        let at = faults.step(length, |at| format!("at = \"{at}s\"\n{set}{perm:?}"));
        faults.at(at + length, &format!("{set}\"rw\""));
        // A broker that was away then has not heard of it, and the operator says it again.
        faults.at(REST_S, &format!("{set}\"rw\""));
    }
}

/// A timeline while it is written.
pub(super) struct Faults<'a> {
    pub text: String,
    pub stream: &'a mut Stream,
}

impl Faults<'_> {
    /// A step at a time that leaves it `lasting_s` to be over.
    pub fn step(&mut self, lasting_s: u64, step: impl Fn(u64) -> String) -> u64 {
        let at = between(self.stream, FIRST_S, REST_S - lasting_s);
        write!(self.text, "\n[[timeline]]\n{}\n", step(at)).expect("a text takes all");
        at
    }

    /// A step at a time that follows from another's.
    pub fn at(&mut self, at: u64, step: &str) {
        write!(self.text, "\n[[timeline]]\nat = \"{at}s\"\n{step}\n").expect("a text takes all");
    }

    /// A step between two hosts, and the one that undoes it.
    pub fn stretch<'n>(&mut self, length_s: u64, undo: &str, step: impl Fn(u64) -> (String, &'n str, &'n str)) {
        let sides = |(text, from, to): (String, &str, &str)| format!("{text}\nfrom = [{from:?}]\nto = [{to:?}]");
        let at = self.step(length_s, |at| sides(step(at)));
        let (_, from, to) = step(at);
        let end = at + length_s;
        let text = sides((format!("at = \"{end}s\"\naction = {undo:?}"), from, to));
        write!(self.text, "\n[[timeline]]\n{text}\n").expect("a text takes all");
    }

    fn consumer(&mut self, kind: &str, consumer: &str) {
        match kind {
            "restart" => {
                let kill = self.stream.chance(1, 2);
                self.step(60, |at| {
                    format!("at = \"{at}s\"\naction = \"restart\"\nconsumer = {consumer:?}\nkill = {kill}")
                });
            }
            "pause" => {
                let length = self.pick(&[5, 45, 170]);
                let at = self.step(length, |at| format!("at = \"{at}s\"\naction = \"pause\"\nconsumer = {consumer:?}"));
                let end = at + length;
                write!(self.text, "\n[[timeline]]\nat = \"{end}s\"\naction = \"resume\"\nconsumer = {consumer:?}\n")
                    .expect("a text takes all");
            }
            kind => {
                self.step(0, |at| format!("at = \"{at}s\"\naction = {kind:?}\nconsumer = {consumer:?}"));
            }
        }
    }

    pub fn take<'n>(&mut self, free: &mut Vec<&'n str>) -> Option<&'n str> {
        (!free.is_empty()).then(|| free.remove(self.stream.below(free.len() as u64) as usize))
    }

    pub fn pick(&mut self, of: &[u64]) -> u64 {
        *one(self.stream, of)
    }
}
