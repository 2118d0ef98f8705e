//! Name servers and brokers.

use super::super::cluster::{Broker, RemarkKind};
use super::draft::{A_BROKER, Draft, count};
use super::lines::quoted;
use super::settings;

/// The most slaves that a broker has here.
const MOST_SLAVES: usize = 3;

pub(super) fn write(draft: &mut Draft<'_>) {
    name_servers(draft);
    if draft.brokers.is_empty() {
        draft.lines.header("[[brokers]]");
        let why = "assumed: no input names a broker";
        draft.lines.said(format!("name = {}", quoted(A_BROKER)), why);
        draft.missing("`mqadmin clusterList` would tell the brokers".to_owned());
        return;
    }
    let cluster = draft.cluster;
    for name in draft.brokers.clone() {
        broker(draft, name, &cluster.brokers[name]);
    }
}

fn name_servers(draft: &mut Draft<'_>) {
    let cluster = draft.cluster;
    let known = &cluster.name_servers;
    if !cluster.name_server_settings.is_empty() {
        draft.lines.header("[name_server]");
        settings::of_name_servers(draft, &cluster.name_server_settings);
    }
    const MOST: usize = 100;
    for (address, places) in known.iter().take(if known.len() > 1 { MOST } else { 0 }) {
        let comment = format!("{address}: {}", draft.at(places));
        let name = draft.free("namesrv-");
        draft.lines.header("[[name_servers]]");
        draft.lines.said(format!("name = {}", quoted(&name)), comment);
    }
}

fn broker(draft: &mut Draft<'_>, name: &str, broker: &Broker) {
    let master = broker.processes.get(&0);
    let address = master.and_then(|master| master.address.as_ref()).map(|address| format!("{}: ", address.value));
    let comment = format!("{}{}", address.unwrap_or_default(), draft.at(&broker.places));
    draft.lines.header("[[brokers]]");
    draft.lines.said(format!("name = {}", quoted(name)), comment);
    let slaves: Vec<_> = broker.processes.iter().filter(|(id, _)| **id != 0).collect();
    if !slaves.is_empty() {
        let places: Vec<_> = slaves.iter().flat_map(|(_, slave)| slave.places.iter().copied()).collect();
        let comment = draft.at(&places);
        draft.lines.setting(format!("slaves = {}", slaves.len().min(MOST_SLAVES)), comment);
        if slaves.len() > MOST_SLAVES {
            let sentence = format!("`{name}` has {}; {MOST_SLAVES} are played", count(slaves.len(), "slave"));
            draft.remark(RemarkKind::LeftOut, sentence);
        }
    }
    match (master, slaves.first()) {
        (Some(master), _) => settings::of_a_broker(draft, &master.settings),
        // Of a broker of which only a slave's file is known, the master has the same.
        (None, Some((_, slave))) => {
            let mut own = slave.settings.clone();
            own.remove("brokerRole");
            settings::of_a_broker(draft, &own);
        }
        (None, None) => {}
    }
}
