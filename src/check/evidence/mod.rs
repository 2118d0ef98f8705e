//! Evidence: what happened to whom, kept until the run is over. A cause is said where the chain of events shows it.
//!
//! ```text
//!   Observed --> Lists   (whom each broker listed, and when it came up)
//!            --> Looks   (which list, route and strategy each rebalance acted on, and what woke it)
//!            --> History (who lived when, under which id)
//!            --> GoClients (what only they do)
//! ```

mod go_client;
mod history;
mod lists;
mod looks;

pub(super) use go_client::GoClients;
pub(super) use history::History;
pub(super) use lists::{Lists, Shortness};
pub(super) use looks::{Answer, Look, Looks, Waking};
