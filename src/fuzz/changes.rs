//! What operators and applications change in a random cluster, and processes that hang rather than die: the second half
//! of its timeline.
//!
//! It is drawn from a stream of its own, so that the faults of a seed stay what they were. Who has one of those has none of
//! these: a process that is down cannot be restarted.

use super::Swarm;
use super::cluster::{Cluster, between, one};
use super::faults::{FIRST_S, Faults, REST_S};
use crate::kernel::Stream;

/// The `[[timeline]]` tables.
pub(super) fn text(swarm: &Swarm, cluster: &Cluster, troubled: &str, stream: &mut Stream) -> String {
    let mut faults = Faults { text: String::new(), stream };
    operators(swarm, cluster, &mut faults);
    applications(swarm, cluster, troubled, &mut faults);
    hung(swarm, cluster, troubled, &mut faults);
    faults.text
}

/// One of those that have no trouble yet.
fn untroubled<'n>(names: &[&'n str], troubled: &str, faults: &mut Faults<'_>) -> Option<&'n str> {
    let quoted = |name: &str| format!("{name:?}");
    let free = |name: &&str| !troubled.contains(&quoted(name)) && !faults.text.contains(&quoted(name));
    let free: Vec<&str> = names.iter().copied().filter(free).collect();
    (!free.is_empty()).then(|| *one(faults.stream, &free))
}

fn operators(swarm: &Swarm, cluster: &Cluster, faults: &mut Faults<'_>) {
    if swarm.resets {
        let group = one(faults.stream, &cluster.groups);
        let topic = one(faults.stream, &group.topics).clone();
        let (to, force) = (*one(faults.stream, &["earliest", "latest"]), faults.stream.chance(1, 2));
        let group = &group.name;
        faults.step(30, |at| {
            format!(
                "at = \"{at}s\"\naction = \"reset_offsets\"\ngroup = {group:?}\ntopic = {topic:?}\nto = {to:?}\n\
                 force = {force}"
            )
        });
    }
    if swarm.broker_permissions {
        let broker = one(faults.stream, &cluster.brokers).clone();
        let (perm, length) = (*one(faults.stream, &["r", "w", "none"]), faults.pick(&[5, 40, 70]));
        let set = format!("action = \"set_permission\"\nbrokers = [{broker:?}]\nperm = ");
        let at = faults.step(length, |at| format!("at = \"{at}s\"\n{set}{perm:?}"));
        faults.at(at + length, &format!("{set}\"rw\""));
        faults.at(REST_S, &format!("{set}\"rw\""));
    }
}

fn applications(swarm: &Swarm, cluster: &Cluster, troubled: &str, faults: &mut Faults<'_>) {
    if swarm.subscriptions {
        let group = one(faults.stream, &cluster.groups);
        let topic = one(faults.stream, &group.topics).clone();
        let members: Vec<&str> = group.consumers.iter().map(|(name, _)| name.as_str()).collect();
        let Some(consumer) = untroubled(&members, troubled, faults) else { return };
        let start_s = group.consumers.iter().find(|(name, _)| name == consumer).map_or(0, |(_, start_s)| *start_s);
        let step = |action: &str| format!("action = {action:?}\nconsumer = {consumer:?}\ntopic = {topic:?}");
        // Right after its start a consumer does not know yet where the topic is.
        let at = if faults.stream.chance(1, 2) { start_s + 1 } else { between(faults.stream, FIRST_S, REST_S - 60) };
        let back = at + faults.pick(&[1, 20, 60]);
        // One that shares another's process ends with it.
        if cluster.processes().contains(&consumer) {
            faults.at(at, &step("unsubscribe"));
            faults.at(back, &step("subscribe"));
        }
    }
    if let (true, Some(consumer)) = (swarm.clock_jumps, untroubled(&cluster.processes(), troubled, faults)) {
        let by = *one(faults.stream, &["-200s", "-30s", "30s", "200s"]);
        faults.step(30, |at| format!("at = \"{at}s\"\naction = \"clock\"\nconsumer = {consumer:?}\nby = {by:?}"));
    }
    if let (true, Some(consumer)) = (swarm.failed_starts, untroubled(&cluster.processes(), troubled, faults)) {
        let servers = &cluster.name_servers;
        let at =
            faults.step(80, |at| format!("at = \"{at}s\"\naction = \"cut\"\nfrom = [{consumer:?}]\nto = {servers:?}"));
        faults.at(at + 5, &format!("action = \"restart\"\nconsumer = {consumer:?}\ndown = \"5s\""));
        faults.at(at + 50, &format!("action = \"heal\"\nfrom = [{consumer:?}]\nto = {servers:?}"));
        faults.at(at + 60, &format!("action = \"restart\"\nconsumer = {consumer:?}\ndown = \"5s\""));
    }
}

fn hung(swarm: &Swarm, cluster: &Cluster, troubled: &str, faults: &mut Faults<'_>) {
    let everybody = |hosts: &[String]| format!("{hosts:?}");
    let cut = |faults: &mut Faults<'_>, one: &str, others: &str, length: u64| {
        let sides = format!("from = [{one:?}]\nto = {others}");
        let at = faults.step(length, |at| format!("at = \"{at}s\"\naction = \"cut\"\n{sides}"));
        faults.at(at + length, &format!("action = \"heal\"\n{sides}"));
    };
    if swarm.hung_brokers {
        let (broker, length) = (one(faults.stream, &cluster.brokers).clone(), faults.pick(&[10, 50, 150]));
        cut(faults, &broker, "[\"consumers\"]", length);
    }
    if swarm.hung_name_servers {
        let (server, length) = (one(faults.stream, &cluster.name_servers).clone(), faults.pick(&[10, 50, 150]));
        cut(faults, &server, "[\"consumers\"]", length);
    }
    if swarm.isolated_masters {
        let (broker, length) = (one(faults.stream, &cluster.brokers).clone(), faults.pick(&[10, 50, 150]));
        let mut others = cluster.name_servers.clone();
        others.extend(swarm.slaves.then(|| format!("{broker}-1")));
        cut(faults, &broker, &everybody(&others), length);
    }
    let brokers: Vec<&str> = cluster.brokers.iter().map(String::as_str).collect();
    if let (true, Some(broker)) = (swarm.new_addresses, untroubled(&brokers, troubled, faults)) {
        let down = faults.pick(&[3, 20, 60]);
        let kill = faults.stream.chance(1, 2);
        faults.step(70, |at| {
            format!(
                "at = \"{at}s\"\naction = \"restart\"\nbroker = {broker:?}\nkill = {kill}\ndown = \"{down}s\"\n\
                 new_address = true"
            )
        });
    }
}
