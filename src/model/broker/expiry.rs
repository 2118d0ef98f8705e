//! The scan for silent members (`ConsumerManager.scanNotActiveChannel`, `ProducerManager.scanNotActiveChannel`): who
//! expires is removed, and the others are not told.
//!
//! The channel is closed by the scan of producers, which comes first, and its entry among consumers goes a moment later. An
//! event thread that is quick finds it there still, and tells the others after all (E6 and its race). The heartbeats of a Go
//! client name no producer: its channel is closed by the scan of consumers, and the entry goes in the next line
//! (`RemotingHelper.closeChannel`, `itChannel.remove`). There the event thread was first at one broker of four
//! (`go_shared_client.1`, `.2`): queues had no owner for 110 s, or for 100.

use super::Broker;
use super::membership::GroupMembers;
use crate::kernel::Span;
use crate::model::event::{BrokerEvent, ChannelEnd};
use crate::model::ids::ConnectionId;
use crate::model::notice::Notice;
use crate::model::observation::MemberLoss;
use crate::model::outside::Outside;
use crate::model::plan::{GroupIndex, PlantedMistake};

impl Broker {
    /// The expiry scan: closes silent channels, first as producers', a moment later as consumers'.
    pub(super) fn scan_not_active_channels(&mut self, out: &mut Outside<'_>) {
        if out.planted(PlantedMistake::ExpiryNeverRuns) {
            return;
        }
        let (now, expiry) = (out.broker_clock(self.index), self.settings(out).channel_expired_timeout);
        let mut silent: Vec<ConnectionId> = Vec::new();
        for members in self.groups.values() {
            silent.extend(members.silent(now, expiry));
        }
        let mut gap = Span::ZERO;
        for connection in silent {
            // A client of the proxy in this process has no channel of its own.
            let client = out.connections[connection].client;
            if !out.speaks_grpc(client) && out.close_server_end(connection, ChannelEnd::Expired) {
                self.channel_ended(out, connection, ChannelEnd::Expired);
            }
            gap += out.environment().expiry_scan.draw(&mut out.environment_stream);
            out.after(gap, self.in_this_life(out, BrokerEvent::MemberExpired { connection }));
        }
    }

    /// The consumer scan removes an entry, if it is still there, and tells nobody.
    pub(super) fn member_expired(&mut self, out: &mut Outside<'_>, connection: ConnectionId) {
        let groups: Vec<GroupIndex> = self.groups.keys().copied().collect();
        if out.speaks_go(out.connections[connection].client) {
            return self.go_member_expired(out, connection);
        }
        if out.speaks_grpc(out.connections[connection].client) {
            return self.grpc_member_expired(out, connection);
        }
        for group in groups {
            let removed = self.remove_member(out, group, connection, MemberLoss::Expired);
            if removed && out.planted(PlantedMistake::ExpirySendsChange) {
                self.notify(out, group);
            }
        }
    }

    /// A client of the proxy in this process is silent: its entry goes, and the proxy hears of it. Its connection stays.
    fn grpc_member_expired(&mut self, out: &mut Outside<'_>, channel: ConnectionId) {
        let (now, expiry) = (out.broker_clock(self.index), self.settings(out).channel_expired_timeout);
        let silent = |(group, members): (&GroupIndex, &GroupMembers)| {
            members.silent(now, expiry).any(|silent| silent == channel).then_some(*group)
        };
        let groups: Vec<GroupIndex> = self.groups.iter().filter_map(silent).collect();
        for group in groups {
            if self.remove_member(out, group, channel, MemberLoss::Expired) {
                out.tell(Notice::GrpcMemberExpired { broker: self.index, channel });
            }
        }
    }

    /// The consumer scan has closed the channel, and removes the entries that are silent, if they are still there; it tells
    /// nobody. Other groups of that process lose their member by the event thread, and are told.
    fn go_member_expired(&mut self, out: &mut Outside<'_>, connection: ConnectionId) {
        let (now, expiry) = (out.broker_clock(self.index), self.settings(out).channel_expired_timeout);
        let silent = |(group, members): (&GroupIndex, &GroupMembers)| {
            members.silent(now, expiry).any(|silent| silent == connection).then_some(*group)
        };
        let groups: Vec<GroupIndex> = self.groups.iter().filter_map(silent).collect();
        for group in groups {
            self.remove_member(out, group, connection, MemberLoss::Expired);
        }
    }
}
