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
//!
//! # Examples
//!
//! Two of three pods share a client id:
//!
//! ```console
//! $ rebalance-sim allocate --topic orders --brokers broker-a,broker-b --queues 8 \
//!     --consumers 172.17.0.1@170,172.17.0.1@170,172.17.0.1@173 # exit 1
//! AVG: 16 queues of 1 topic on 2 brokers, 3 members
//! 5 queues without an owner, 6 with two or more
//!
//!   why                                                              queues  which
//!   no owner: 2 members have the client id 172.17.0.1@170                 5  orders/broker-a/6..7 orders/broker-b/0..2
//!   two owners or more: 2 members have the client id 172.17.0.1@170       6  orders/broker-a/0..5
//!
//!   balance  queues  most  fewest  max-min  idle members  unowned  double-owned
//!   total        16     6       5        1             0        5             6
//!
//!   member          queues
//!   172.17.0.1@170       6
//!   172.17.0.1@170       6
//!   172.17.0.1@173       5
//!
//!   queue                 owner
//!   orders/broker-a/0..5  172.17.0.1@170, 172.17.0.1@170
//!   orders/broker-a/6..7  nobody
//!   orders/broker-b/0..2  nobody
//!   orders/broker-b/3..7  172.17.0.1@173
//! ```
//!
//! What moves when a fifth member joins, by strategy, against the fewest queues that have to so that every topic is even:
//!
//! ```console
//! $ rebalance-sim allocate --topic orders --topic payments=5 --brokers broker-a,broker-b --queues 8 \
//!     --count 4 --add 1 --compare AVG,AVG_BY_CIRCLE,CONSISTENT_HASH,STICKY
//! 4 strategies: 26 queues of 2 topics on 2 brokers, 4 members
//! then 5 members: comes 10.0.0.5@1
//!
//!   strategy         queues  most  fewest  max-min  idle members  unowned  double-owned  moved  least possible
//!   AVG                  26     6       5        1             0        0             0     13               5
//!   AVG_BY_CIRCLE        26     6       5        1             0        0             0     18               5
//!   CONSISTENT_HASH      26    10       1        9             0        0             0      5               5
//!   STICKY               26     6       5        1             0        0             0      5               5
//! ```
//!
//! `mqadmin allocateMQ -t orders -i 10.0.0.2@1,10.0.0.10@1,10.0.0.1@1` hands AVG the queues as a `HashSet` iterates them and
//! the ids as typed. On two brokers with four queues each it gives broker-a/2 and broker-a/3 to 10.0.0.2@1, broker-b/1 to
//! 10.0.0.10@1 and broker-b/2 to 10.0.0.1@1; in the cluster they belong to others:
//!
//! ```console
//! $ rebalance-sim allocate --topic orders --brokers broker-a,broker-b --queues 4 \
//!     --consumers 10.0.0.2@1,10.0.0.10@1,10.0.0.1@1
//! AVG: 8 queues of 1 topic on 2 brokers, 3 members
//! every queue has exactly one owner
//!
//!   balance  queues  most  fewest  max-min  idle members  unowned  double-owned
//!   total         8     3       2        1             0        0             0
//!
//!   member       queues
//!   10.0.0.10@1       3
//!   10.0.0.1@1        3
//!   10.0.0.2@1        2
//!
//!   queue                 owner
//!   orders/broker-a/0..2  10.0.0.10@1
//!   orders/broker-a/3     10.0.0.1@1
//!   orders/broker-b/0..1  10.0.0.1@1
//!   orders/broker-b/2..3  10.0.0.2@1
//! ```

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
