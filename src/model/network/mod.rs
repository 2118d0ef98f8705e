//! Hosts, links and connections: what carries messages, how long it takes, and what each end learns of the other.
//!
//! ```text
//!   call() -> [connection opens] -> Flight -> link (latency, faults) -> Arrived -> other end
//! ```
//! A connection has two ends that open and close on their own: an end learns of the other's death only by a message
//! (FIN, RST) that reaches it, by its idle handler, or by a call that times out.

mod call;
mod connection;
mod flight;
mod grpc;
mod link;
mod message;
mod pop;

pub use call::{Attempt, Call, CallError, CallId, Calls, OrderlyWait, Waiter};
pub use connection::{Connection, Connections, Handshake, Silent, SilentMessage};
pub use flight::{Flight, Flights, Payload};
pub use grpc::{Endpoint, GrpcAssigned, GrpcRequest, GrpcResponse, GrpcSettingsAnswer, GrpcWait, OfProxy, Receive};
pub use link::{Link, LinkFaults, Links};
pub use message::{
    ConsumerData, HeartbeatV2, PassPlace, PullRequest, Pulled, Request, Response, Route, RouteEntry, SubscriptionData,
};
pub use pop::{
    Assigned, AssignedQueue, InitMode, POP_ORDER_REVIVE_QUEUE, PopHandle, PopRequest, Popped, PoppedMessage,
    QueryAssignment, RequestMode, RetryFlag,
};
