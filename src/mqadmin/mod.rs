//! What `mqadmin` prints and RocketMQ writes, read as lists: queues, client ids.
//!
//! ```text
//!   text --kind--> a table that is wanted --queues, members--> queues, ids
//!             +--> something else: refused by its name
//! ```
//! Nothing is read on a guess: a line that is not understood is an error with its number, and an output of another
//! command is named. What a JVM or a logger says before the table is passed over.

mod kind;
mod lines;
mod members;
mod queues;
#[cfg(test)]
mod tests;

pub use kind::{Kind, kind};
pub use lines::ListError;
pub use members::{MemberList, members};
pub use queues::{QueueList, queues};
