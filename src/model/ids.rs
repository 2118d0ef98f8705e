//! Dense numbers as types: what is numbered is said by the type, and one number is never taken for another.
//!
//! Each counts from 0 and is the position in a list: of the [`Plan`](super::plan::Plan), of the
//! [`Names`](super::Names), or of what the run has made so far.

use std::fmt;

use serde::Serialize;

/// Makes a dense number: a type around an integer, which is made of a position and stands for it.
macro_rules! dense {
    ($($(#[$help:meta])* $name:ident($number:ty);)*) => {
        $(
            $(#[$help])*
            #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize)]
            pub struct $name(pub $number);

            impl $name {
                /// The first.
                pub const MIN: Self = Self(0);
                /// Behind all that there can be.
                pub const MAX: Self = Self(<$number>::MAX);

                /// The number of a position.
                ///
                /// # Panics
                /// Where there are more than the number can count.
                #[must_use]
                pub fn of(position: usize) -> Self {
                    Self(<$number>::try_from(position).expect(concat!("too many for a ", stringify!($name))))
                }

                /// The position.
                #[must_use]
                pub const fn at(self) -> usize {
                    self.0 as usize
                }

                /// The one behind it.
                ///
                /// # Panics
                /// Behind [`Self::MAX`].
                #[must_use]
                pub fn next(self) -> Self {
                    Self(self.0.checked_add(1).expect(concat!("too many for a ", stringify!($name))))
                }

                /// The first so many, in order.
                pub fn first(count: usize) -> impl DoubleEndedIterator<Item = Self> + ExactSizeIterator + Clone {
                    (0..count).map(Self::of)
                }

                /// A list's entries, each with its number.
                pub fn number<I: IntoIterator>(entries: I) -> impl Iterator<Item = (Self, I::Item)> {
                    entries.into_iter().enumerate().map(|(position, entry)| (Self::of(position), entry))
                }
            }

            impl From<$name> for u64 {
                fn from(number: $name) -> Self {
                    number.0.into()
                }
            }

            impl From<$name> for usize {
                fn from(number: $name) -> Self {
                    number.at()
                }
            }

            impl fmt::Debug for $name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    self.0.fmt(f)
                }
            }

            impl fmt::Display for $name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    self.0.fmt(f)
                }
            }
        )*
    };
}

dense! {
    /// Position in [`Plan::name_servers`](super::plan::Plan::name_servers).
    NameServerIndex(u16);
    /// Position in [`Plan::brokers`](super::plan::Plan::brokers).
    BrokerIndex(u16);
    /// Position in [`Plan::topics`](super::plan::Plan::topics); the model adds `%RETRY%` and `%DLQ%` topics behind them.
    TopicIndex(u16);
    /// Position in [`Plan::producers`](super::plan::Plan::producers).
    ProducerIndex(u16);
    /// A proxy: position in [`Plan::proxies`](super::plan::Plan::proxies), or where there are none the broker whose process
    /// has it.
    ProxyIndex(u16);
    /// Position in [`Plan::groups`](super::plan::Plan::groups).
    GroupIndex(u16);
    /// Who has each message once: a group, or in `BROADCASTING` one member alone ([`Names`](super::Names)).
    AudienceIndex(u16);
    /// Position in [`Plan::consumers`](super::plan::Plan::consumers).
    ConsumerIndex(u16);
    /// Number of a queue, in the order in which queues became known ([`Names`](super::Names)).
    QueueIndex(u32);
    /// Number of a client id, in the order in which ids became known ([`Names`](super::Names)).
    ClientIndex(u32);
    /// Position of a host among all hosts: name servers, brokers, producers, consumers, proxies.
    HostId(u16);
    /// A list of queues that clients may have of a topic, in the order in which lists became known
    /// ([`Views`](super::views::Views)).
    ViewId(u32);
    /// A sorted list of members, in the order in which lists became known ([`Views`](super::views::Views)).
    MemberViewId(u32);
    /// A connection, never used twice in a run.
    ConnectionId(u32);
    /// Place of a message under way ([`Flights`](super::network::Flights)); places are used again.
    FlightId(u32);
    /// Which of the addresses that a host has had one after the other.
    AddressNumber(u32);
}
