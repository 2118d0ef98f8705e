//! The discrete-event kernel. It knows time, order and chance, and nothing of RocketMQ.
//!
//! ```text
//!   Agenda<E>  --pop-->  (Instant, sequence, cause, E)  --fold-->  Fingerprint
//!      ^                                   |
//!      +---------- schedule / cancel ------+        Streams (seed, purpose, id) -> draws
//! ```

mod agenda;
mod calendar;
mod distribution;
mod fingerprint;
mod lanes;
mod priority_queue;
mod random;
mod reserved;
mod time;
mod time_text;

pub use agenda::{Agenda, Occurrence, Timer};
pub use distribution::{Distribution, DistributionError};
pub use fingerprint::Fingerprint;
pub use random::{Stream, Streams};
pub use reserved::Reserved;
pub use time::{Instant, Span};
pub use time_text::TimeError;
