//! A group: who is in it, what it subscribes, how far it is.

use super::rows::{Configured, Heard, List, Logged, Member, Mode, Owned, Row, Setting, Snapshot, Subscribed};
use crate::import::fact::{Fact, QueueName};
use crate::import::section::Place;
use std::collections::{BTreeMap, BTreeSet};

/// What is known of a group.
#[derive(Debug, Default)]
pub struct Group<'a> {
    /// Lists of its members, in the order of the inputs.
    pub lists: Vec<List<'a>>,
    /// What heartbeats said.
    pub heard: Vec<Heard<'a>>,
    /// What is subscribed.
    pub subscribed: Vec<Subscribed<'a>>,
    /// Where `consumerStatus` says that its members subscribe different things.
    pub subscriptions_differ: Vec<Place>,
    /// How far it was, in the order of the inputs.
    pub snapshots: Vec<Snapshot<'a>>,
    /// Queues that members have.
    pub owned: Vec<Owned<'a>>,
    /// What brokers have of it.
    pub configured: Vec<Configured<'a>>,
    /// Request modes.
    pub modes: Vec<Mode<'a>>,
    /// Settings of its clients, with the client where one is named.
    pub settings: Vec<(Option<&'a str>, Setting<'a>)>,
    /// Offsets of files: topic, broker where it is known, queue, offset.
    pub committed: Vec<(Place, &'a str, Option<&'a str>, u32, i64)>,
    /// Lines of logs.
    pub logged: Vec<Logged<'a>>,
}

impl<'a> Group<'a> {
    pub(super) fn add(&mut self, piece: usize, at_ms: Option<i64>, place: Place, fact: &'a Fact) {
        match fact {
            Fact::Member { client_id, address, language, version, .. } => {
                let (address, language, version) = (address.as_deref(), language.as_deref(), version.as_deref());
                if self.lists.last().is_none_or(|list| list.piece != piece) {
                    self.lists.push(List { piece, at_ms, members: Vec::new() });
                }
                let list = self.lists.last_mut().expect("just pushed");
                list.members.push(Member { place, client_id, address, language, version });
            }
            Fact::Progress { queue, broker_offset, consumer_offset, client_ip, inflight, .. } => {
                if self.snapshots.last().is_none_or(|snapshot| snapshot.piece != piece) {
                    self.snapshots.push(Snapshot { piece, at_ms, rows: Vec::new() });
                }
                let (broker_offset, consumer_offset) = (*broker_offset, *consumer_offset);
                let (client_ip, inflight) = (client_ip.as_deref(), *inflight);
                let row = Row { place, queue, broker_offset, consumer_offset, client_ip, inflight };
                self.snapshots.last_mut().expect("just pushed").rows.push(row);
            }
            Fact::GroupIs { members, message_model, consume_from_where, diff_total, .. } => self.heard.push(Heard {
                place,
                members: *members,
                message_model: message_model.as_deref(),
                consume_from_where: consume_from_where.as_deref(),
                diff_total: *diff_total,
            }),
            Fact::Subscription { client_id, topic, expression, .. } => {
                self.subscribed.push(Subscribed { place, piece, client_id: client_id.as_deref(), topic, expression });
            }
            Fact::SubscriptionsDiffer { .. } => self.subscriptions_differ.push(place),
            // A queue that was dropped is given up already.
            Fact::Owner { client_id, queue, locked, dropped, .. } if *dropped != Some(true) => {
                self.owned.push(Owned { place, client_id, queue, locked: *locked });
            }
            Fact::ClientSetting { client_id, key, value, .. } => {
                self.settings.push((client_id.as_deref(), Setting { place, broker: None, key, value }));
            }
            Fact::GroupAt {
                broker,
                consume_enable,
                consume_broadcast_enable,
                retry_queue_nums,
                retry_max_times,
                ..
            } => self.configured.push(Configured {
                place,
                broker,
                consume_enable: *consume_enable,
                consume_broadcast_enable: *consume_broadcast_enable,
                retry_queue_nums: *retry_queue_nums,
                retry_max_times: *retry_max_times,
            }),
            Fact::RequestMode { broker, topic, mode, .. } => self.modes.push(Mode { place, broker, topic, mode }),
            Fact::Committed { topic, queue_broker, queue, offset, .. } => {
                self.committed.push((place, topic, queue_broker.as_deref(), *queue, *offset));
            }
            _ => {}
        }
    }

    /// The members by the last list that says where they come from, else all ids that are named; one row a connection.
    #[must_use]
    pub fn members(&self) -> Vec<Member<'a>> {
        let of_connections = |list: &&List<'_>| list.members.iter().any(|member| member.address.is_some());
        if let Some(list) = self.lists.iter().rev().find(of_connections) {
            let mut seen = BTreeSet::new();
            let rows = list.members.iter().copied();
            return rows.filter(|member| seen.insert((member.client_id, member.address))).collect();
        }
        let mut by_id = BTreeMap::new();
        for member in self.lists.iter().flat_map(|list| &list.members) {
            by_id.entry(member.client_id).or_insert(*member);
        }
        by_id.into_values().collect()
    }

    /// The rows of progress that tell of the most queues, and of such the last: outputs of one broker or topic tell of fewer.
    #[must_use]
    pub fn rows(&self) -> &[Row<'a>] {
        self.snapshots.iter().max_by_key(|snapshot| snapshot.rows.len()).map_or(&[], |snapshot| &snapshot.rows)
    }

    /// Whether the group broadcasts: then nothing is dealt.
    #[must_use]
    pub fn broadcasts(&self) -> bool {
        self.heard.iter().any(|heard| heard.message_model == Some("BROADCASTING"))
    }

    /// Whether its members consume in order: they say so (`PROP_CONSUMEORDERLY`).
    #[must_use]
    pub fn is_orderly(&self) -> bool {
        let says = |setting: &Setting<'_>| setting.key.eq_ignore_ascii_case("PROP_CONSUMEORDERLY");
        self.settings.iter().any(|(_, setting)| says(setting) && setting.value.trim() == "true")
            || self.owned.iter().any(|owned| owned.locked == Some(true))
    }

    /// Whether a broker deals for it, and several members may have a queue.
    #[must_use]
    pub fn pops(&self) -> bool {
        self.modes.iter().any(|mode| mode.mode == "POP")
    }

    /// The hosts of queues by the last rows of progress; empty where they do not tell of clients.
    #[must_use]
    pub fn hosts(&self) -> BTreeMap<&'a QueueName, (Place, Option<&'a str>)> {
        let rows = self.snapshots.iter().rev().map(|snapshot| &snapshot.rows);
        let told = rows.into_iter().find(|rows| rows.iter().any(|row| row.client_ip.is_some()));
        told.into_iter().flatten().map(|row| (row.queue, (row.place, row.client_ip))).collect()
    }
}
