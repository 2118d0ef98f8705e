//! Settings of the clients of apache/rocketmq-clients, which speak gRPC to a proxy (`PushConsumerBuilder`,
//! `SimpleConsumerBuilder`, `ClientConfiguration`).

use super::{Host, Plan};
use crate::kernel::Span;

/// A consumer speaks gRPC, with these settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrpcSettings {
    /// Which release it is, such as `grpc-java-5.0.7`.
    pub version: &'static str,
    /// It is a `SimpleConsumer`, whose application receives and acknowledges; `None`: a `PushConsumer`.
    pub simple: Option<SimpleConsumerSettings>,
    /// `maxCacheMessageCount`, 4096; 1024 before 5.2.1. It is divided by the assigned message queues.
    pub max_cache_message_count: u32,
    /// `maxCacheMessageSizeInBytes`, 64 MiB, divided likewise.
    pub max_cache_message_size_in_bytes: u32,
    /// `consumptionThreadCount`, 20: so many listeners run at a time.
    pub consumption_thread_count: u32,
    /// `requestTimeout`, 3 s.
    pub request_timeout: Span,
    /// `maxStartupAttempts`, 3; 1 before 5.2.0.
    pub max_startup_attempts: u32,
    /// `close()` waits for its receives and its listeners before it says goodbye, true; false before 5.0.8
    /// (`PushConsumerImpl.shutDown`).
    pub close_waits: bool,
    /// `endpoints`: brokers or proxies, in the order in which they are dialled; empty: all of them.
    pub endpoints: Vec<Host>,
    /// Something between client and proxies gives each request to another proxy: a load balancer of HTTP/2 requests.
    pub balances_requests: bool,
}

/// What the application of a `SimpleConsumer` does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SimpleConsumerSettings {
    /// `awaitDuration`: so long a receive() waits for a message.
    pub await_duration: Span,
    /// `invisibleDuration` of each receive().
    pub invisible_duration: Span,
    /// So many threads of the application receive, work and acknowledge, 1.
    pub receiving_threads: u32,
    /// `maxMessageNum` of each receive().
    pub max_message_num: u32,
    /// What it says of a message whose work failed: nobody sees it for so long (`changeInvisibleDuration`); `None`: nothing.
    pub change_invisible_duration: Option<Span>,
}

impl Plan {
    /// Whether any client speaks gRPC, and so asks a proxy.
    #[must_use]
    pub fn speaks_grpc(&self) -> bool {
        self.consumers.iter().chain(&self.releases).any(|member| member.client.grpc.is_some())
    }
}

impl Default for GrpcSettings {
    fn default() -> Self {
        Self {
            version: "grpc-java-5.2.1",
            simple: None,
            max_cache_message_count: 4_096,
            max_cache_message_size_in_bytes: 64 << 20,
            consumption_thread_count: 20,
            request_timeout: Span::from_secs(3),
            max_startup_attempts: 3,
            close_waits: true,
            endpoints: Vec::new(),
            balances_requests: false,
        }
    }
}

impl Default for SimpleConsumerSettings {
    fn default() -> Self {
        Self {
            await_duration: Span::from_secs(30),
            invisible_duration: Span::from_secs(15),
            receiving_threads: 1,
            max_message_num: 16,
            change_invisible_duration: None,
        }
    }
}
