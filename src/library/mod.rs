//! What other programs use, above all tests in continuous integration: scenarios by path or by hand, many seeds, typed
//! figures, and strategies, offset stores, listeners and observers of one's own.
//!
//! ```text
//!   Scenario::from_file, Cluster --> Scenario --Sweep--> Outcomes --Figure<U>--> a number, a length, a share
//!                                       ^          ^
//!                     Plugins (strategy, store,    Observer (sees Seen: names, no numbers)
//!                              listener)
//! ```
//! Like the command line it touches files, in `files.rs` alone; it prints nothing. All of it is re-exported at the root
//! of the crate, and that is what keeps its promise from version to version. The other rooms are as the program needs
//! them.

mod bounded;
mod cluster;
mod figure;
mod figures;
mod files;
mod group;
mod lasted;
mod observer;
mod outcomes;
#[cfg(feature = "proptest")]
pub mod properties;
#[cfg(feature = "proptest")]
pub mod proptest;
mod scenario;
mod seen;
mod sweep;
mod text;
mod timeline;

#[cfg(feature = "cli")]
pub(crate) use bounded::{Sort, bounded, text};
#[cfg(feature = "cli")]
pub(crate) use files::{include, unreadable};

pub use cluster::Cluster;
pub use figure::{Counts, Figure, FigureError, FigureUnit, Shares, Spans};
pub use group::Group;
pub use lasted::{Lasted, millis, secs};
pub use observer::{Complaint, Observer};
pub use outcomes::{Outcomes, RunError};
pub use scenario::{Error, Scenario};
pub use seen::{OtherSeen, Seen};
pub use sweep::Sweep;
pub use text::Setting;
pub use timeline::At;
