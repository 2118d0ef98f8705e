//! The static answer: who gets which queue, how even it is, and what a change of the members moves.
//!
//! ```text
//!   Queues + Members + Views + strategy = Question --allocate--> Allocation --explain--> Faults
//!   Question + Change --plan--> Plan: Allocation before, Allocation after, Movement
//! ```
//!
//! No time passes here and nothing is sent: every member asks the strategy once, from its own seat and with its own
//! view, as `RebalanceImpl.rebalanceByTopic` does. All is a pure function of the question. Queues and ids are sorted
//! as the client sorts them, whatever order they come in; `mqadmin allocateMQ` does not sort, and so may name other
//! owners than the cluster has.

mod balance;
mod change;
mod explain;
mod id_pattern;
mod members;
mod movement;
mod owners;
mod plan;
mod question;
mod queues;
mod reason;
mod view;

pub use balance::Balance;
pub use change::{Change, ChangeError};
pub use explain::{Fault, explain};
pub use id_pattern::{IdPattern, PatternError};
pub use members::{Members, MembersError};
pub use movement::{Move, Movement};
pub use owners::{Allocation, State};
pub use plan::{Changed, Plan, PlanError, plan};
pub use question::{Question, QuestionError};
pub use queues::{Queues, QueuesError, Topic};
pub use reason::Reason;
pub use view::{View, Views};

#[cfg(test)]
mod tests;
