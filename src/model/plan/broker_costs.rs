//! What requests cost a broker: as a scenario sets it, or as it was measured.
//!
//! Measured once, with 5.3.3, on a busy machine of two processors (sixty consumers that join and leave; CPU time by thread,
//! fitted over bins of 2 and 4 s). What a pool's thread spends is sure to some 15 %; of Netty's share only the sum is, as all
//! requests come together there: a notification may be 6 to 36 us, an entry of a list 2 to 4 us. The table has the middle.

use crate::kernel::Span;

/// Where the costs of requests come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum BrokerCosts {
    /// Every request takes a `service_time`, a list its entries, a notification its time; Netty takes none.
    #[default]
    AsSet,
    /// As measured: what a pool's thread works on a request, and what Netty's event loop of its connection does.
    Measured,
}

/// A row of what was measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    /// In the thread of the pool, or of the thread that noticed a change.
    pub thread: Span,
    /// In the event loop of the connection (`NettyServerNIOSelector`): reading, the codec, writing.
    pub event_loop: Span,
    /// In the event loop, for each entry of a member list.
    pub entry: Span,
}

impl Cost {
    const fn new(thread_us: u64, event_loop_us: u64) -> Self {
        Self { thread: Span::from_micros(thread_us), event_loop: Span::from_micros(event_loop_us), entry: Span::ZERO }
    }

    /// `HEART_BEAT`: 155 to 160 us, and 90 to 125.
    pub const HEARTBEAT: Self = Self::new(157, 107);
    /// `UNREGISTER_CLIENT`: 370 to 420 us; Netty's share was not told apart, and is a heartbeat's.
    pub const UNREGISTER: Self = Self::new(395, 107);
    /// `GET_CONSUMER_LIST_BY_GROUP`: 84 to 86 us, and 130 to 215 with 2 to 3 us for each entry.
    pub const CONSUMER_LIST: Self = Self { entry: Span::from_nanos(2_500), ..Self::new(85, 172) };
    /// `QUERY_CONSUMER_OFFSET`: 142 to 150 us, and 290 to 440.
    pub const QUERY_OFFSET: Self = Self::new(146, 365);
    /// `NOTIFY_CONSUMER_IDS_CHANGED`, one: 3 us in the thread that noticed the change, and 29 to 33.
    pub const NOTIFICATION: Self = Self::new(3, 31);
}
