//! What an operator has in hand, read into facts: outputs of `mqadmin`, files of brokers and clients, logs, configuration,
//! manifests.
//!
//! ```text
//!   texts --sections--> pieces, each of one kind --readers--> facts, each with its input and line --+--> import: a cluster
//!                                                        +--> notes: what was not understood        +--> doctor: findings
//! ```
//! A text may hold several outputs one after the other, as a terminal does; each piece is recognised by its content alone,
//! and by the command that stands before it where one does. Nothing is read on a guess: a line that no reader understands
//! becomes a note, never data. Each fact says where it stands, so that everything made of it can say so too.

mod browser;
mod call;
pub mod clock;
pub mod cluster;
#[cfg(test)]
mod damaged;
mod deployed;
mod disk;
pub mod evidence;
pub mod fact;
pub mod logs;
mod names;
pub mod reader;
pub mod scenario;
pub mod section;
mod split;
pub mod tables;

pub use evidence::{Evidence, Note, read};
pub use fact::{Fact, Sighted};
pub use reader::{READERS, Reader, Reading};
pub use section::{Input, Place, Section};
