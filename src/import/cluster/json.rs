//! The picture for programs.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json as object};

use super::super::evidence::Evidence;
use super::super::section::Place;
use super::{Broker, Cluster, Group, Known, Member, Topic, Workload};

/// The whole picture. A value that was read stands as `{"value": .., "at": ["file:line", ..]}`.
#[must_use]
pub fn json(cluster: &Cluster, evidence: &Evidence) -> Value {
    let with = Writing { evidence };
    object!({
        "inputs": evidence.inputs,
        "nameServers": with.map(&cluster.name_servers, |places| with.at(places)),
        "nameServerSettings": with.all(&cluster.name_server_settings),
        "brokers": with.map(&cluster.brokers, |broker| with.broker(broker)),
        "topics": with.map(&cluster.topics, |topic| with.topic(topic)),
        "groups": with.map(&cluster.groups, |group| with.group(group)),
        "workloads": with.map(&cluster.workloads, |workload| with.workload(workload)),
        "remarks": cluster.remarks.iter().map(|remark| object!({
            "kind": remark.kind.word(),
            "sentence": remark.sentence,
        })).collect::<Vec<_>>(),
    })
}

struct Writing<'a> {
    evidence: &'a Evidence,
}

impl Writing<'_> {
    fn at(&self, places: &[Place]) -> Value {
        places.iter().map(|place| self.evidence.at(*place)).collect()
    }

    fn map<T>(&self, map: &BTreeMap<String, T>, value: impl Fn(&T) -> Value) -> Value {
        Value::Object(map.iter().map(|(key, own)| (key.clone(), value(own))).collect())
    }

    fn known<T: Clone + Into<Value>>(&self, known: &Known<T>) -> Value {
        object!({ "value": known.value.clone().into(), "at": self.at(&known.places) })
    }

    fn maybe<T: Clone + Into<Value>>(&self, known: Option<&Known<T>>) -> Value {
        known.map_or(Value::Null, |known| self.known(known))
    }

    fn all(&self, map: &BTreeMap<String, Known<String>>) -> Value {
        self.map(map, |known| self.known(known))
    }

    fn broker(&self, broker: &Broker) -> Value {
        let process = |(id, process): (&u64, &super::Process)| {
            object!({
                "brokerId": id,
                "address": self.maybe(process.address.as_ref()),
                "version": self.maybe(process.version.as_ref()),
                "settings": self.all(&process.settings),
            })
        };
        object!({
            "at": self.at(&broker.places),
            "cluster": self.maybe(broker.cluster.as_ref()),
            "processes": broker.processes.iter().map(process).collect::<Vec<_>>(),
        })
    }

    fn topic(&self, topic: &Topic) -> Value {
        let on = |on: &super::OnBroker| {
            object!({
                "readQueueNums": self.maybe(on.read.as_ref()),
                "atLeast": on.at_least,
                "writeQueueNums": self.maybe(on.write.as_ref()),
                "perm": self.maybe(on.perm.as_ref()),
            })
        };
        let rate = topic.rate.as_ref().map(|rate| object!({ "value": rate.text(), "at": self.at(&rate.places) }));
        object!({ "at": self.at(&topic.places), "on": self.map(&topic.on, on), "rate": rate })
    }

    fn group(&self, group: &Group) -> Value {
        let on = |on: &super::GroupOn| {
            object!({
                "at": self.at(&on.places),
                "consumeEnable": on.consume_enable,
                "consumeBroadcastEnable": on.consume_broadcast_enable,
                "retryQueueNums": on.retry_queue_nums,
                "retryMaxTimes": on.retry_max_times,
            })
        };
        let name = |queue: &super::super::fact::QueueName| format!("{}/{}/{}", queue.topic, queue.broker, queue.id);
        let offsets: Map<String, Value> = group
            .offsets
            .iter()
            .map(|(queue, offset)| {
                let value = object!({
                    "brokerOffset": offset.broker_offset,
                    "consumerOffset": offset.consumer_offset,
                    "clientIP": offset.client_ip,
                    "at": self.at(&[offset.place]),
                });
                (name(queue), value)
            })
            .collect();
        let owners: Map<String, Value> = group
            .owners
            .iter()
            .map(|(queue, owners)| (name(queue), owners.iter().map(|owner| self.known(owner)).collect()))
            .collect();
        object!({
            "at": self.at(&group.places),
            "consumeType": self.maybe(group.consume_type.as_ref()),
            "messageModel": self.maybe(group.message_model.as_ref()),
            "consumeFromWhere": self.maybe(group.consume_from_where.as_ref()),
            "consumeTps": self.maybe(group.consume_tps.as_ref()),
            "count": self.maybe(group.count.as_ref()),
            "members": group.members.iter().map(|member| self.member(member)).collect::<Vec<_>>(),
            "subscriptions": self.all(&group.subscriptions),
            "settings": self.all(&group.settings),
            "requestModes": self.all(&group.request_modes),
            "on": self.map(&group.on, on),
            "offsets": offsets,
            "owners": owners,
        })
    }

    fn member(&self, member: &Member) -> Value {
        object!({
            "clientId": member.client_id,
            "at": self.at(&member.places),
            "address": member.address,
            "language": self.maybe(member.language.as_ref()),
            "version": self.maybe(member.version.as_ref()),
            "subscriptions": self.all(&member.subscriptions),
            "settings": self.all(&member.settings),
        })
    }

    fn workload(&self, workload: &Workload) -> Value {
        object!({
            "at": self.at(&[workload.place]),
            "kind": workload.kind,
            "replicas": workload.replicas,
            "maxSurge": workload.max_surge,
            "maxUnavailable": workload.max_unavailable,
            "terminationGraceMs": workload.termination_grace_ms,
            "preStopMs": workload.pre_stop_ms,
            "readyAfterMs": workload.ready_after_ms,
        })
    }
}
