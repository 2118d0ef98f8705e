//! What a proxy asks for one of its clients: what a remoting client asks for itself, and where both share a process the
//! membership (`LocalMessageService`, `ConsumerManager.registerConsumer`).

use super::Broker;
use crate::model::ids::ConnectionId;
use crate::model::network::{CallId, ConsumerData, OfProxy, Request, Response};
use crate::model::observation::ClientIndex;
use crate::model::outside::Outside;

impl Broker {
    /// A proxy asks.
    pub(in crate::model::broker) fn request_of_proxy(
        &mut self,
        out: &mut Outside<'_>,
        connection: ConnectionId,
        call: Option<CallId>,
        what: OfProxy,
    ) {
        let answer = match what {
            OfProxy::Pop { consumer, mut pop } => {
                pop.born = out.broker_clock(self.index);
                return self.pop_for(out, (connection, call), Some(consumer), pop);
            }
            OfProxy::Ack { consumer, group, handle, astray } => {
                self.acknowledge_popped(out, Some(consumer), group, (&handle, astray))
            }
            OfProxy::ChangeInvisible { consumer, group, handle, invisible, .. } => {
                self.change_invisible(out, Some(consumer), group, (&handle, invisible))
            }
            OfProxy::Register { channel, client, data, updates } => {
                self.register_grpc_client(out, channel, client, (&data, updates));
                Response::Done
            }
            OfProxy::Unregister { channel, group } => {
                self.unregister_grpc_client(out, channel, group);
                Response::Done
            }
        };
        out.respond(connection, call, answer);
    }

    /// The proxy in this process calls a processor of its broker: no thread of a pool has to be free.
    pub(in crate::model) fn asked_in_process(
        &mut self,
        out: &mut Outside<'_>,
        connection: ConnectionId,
        call: CallId,
        request: Request,
    ) {
        self.broker_request(out, connection, Some(call), request);
    }

    /// `registerConsumer` with `isNotifyConsumerIdsChangedEnable = false`: nobody is told. A heartbeat leaves the
    /// subscriptions of the group as they are.
    fn register_grpc_client(
        &mut self,
        out: &mut Outside<'_>,
        channel: ConnectionId,
        client: ClientIndex,
        (data, updates): (&ConsumerData, bool),
    ) {
        self.register_member(out, channel, client, (data, !updates), false);
    }
}
