//! Cases of the hash ring: hashes, keys of virtual nodes, whole rings.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::{Checked, Outcome, Subject, compare, read};
use crate::strategy::ClientId;
use crate::strategy::hash_ring::too_large;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HashCase {
    key: String,
    hash: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct VirtualNodeCase {
    cid: String,
    replica_index: u32,
    vnode_key: String,
    hash: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RingCase {
    cid_all: Vec<String>,
    virtual_nodes: u32,
    ring: Vec<(u32, String, String)>,
    existing_replicas: BTreeMap<String, u32>,
    routes: Vec<(String, u32, Option<String>)>,
}

pub(super) fn check_hash(subject: &Subject, case: &Value) -> Checked {
    let HashCase { key, hash } = read(case)?;
    Ok(compare("hash", &hash, &(subject.hash)(&key)))
}

pub(super) fn check_virtual_node(subject: &Subject, case: &Value) -> Checked {
    let VirtualNodeCase { cid, replica_index, vnode_key, hash } = read(case)?;
    let key = (subject.virtual_node_key)(&cid, replica_index);
    Ok(match compare("key", &vnode_key, &key) {
        Outcome::Agrees => compare("hash", &hash, &(subject.hash)(&key)),
        differs => differs,
    })
}

pub(super) fn check_ring(subject: &Subject, case: &Value) -> Checked {
    let expected: RingCase = read(case)?;
    if let Some(why) = too_large(expected.cid_all.len(), expected.virtual_nodes) {
        return Err(why);
    }
    let cids: Vec<ClientId> = expected.cid_all.iter().map(|cid| cid.as_str().into()).collect();
    let ring = (subject.ring)(&cids, expected.virtual_nodes);
    let cid = |member: usize| cids[member].to_string();
    let nodes: Vec<(u32, String, String)> = ring
        .nodes()
        .map(|(hash, node)| {
            (hash, (subject.virtual_node_key)(&cids[node.member], node.replica_index), cid(node.member))
        })
        .collect();
    // Of an id that stands twice the first position counts, which is the one that the ring knows.
    let replicas = cids.iter().enumerate().rev().map(|(member, cid)| (cid.to_string(), ring.existing_replicas(member)));
    let routes = expected.routes.iter().map(|(key, _, _)| {
        let hash = (subject.hash)(key);
        (key.clone(), hash, ring.route(hash).map(cid))
    });
    let comparisons = [
        compare("ring", &expected.ring, &nodes),
        compare("existing replicas", &expected.existing_replicas, &replicas.collect()),
        compare("routes", &expected.routes, &routes.collect()),
    ];
    Ok(comparisons.into_iter().find(|outcome| *outcome != Outcome::Agrees).unwrap_or(Outcome::Agrees))
}
