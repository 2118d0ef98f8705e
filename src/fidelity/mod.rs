//! How far the simulator is from a real cluster.
//!
//! ```text
//!   Trace --story--> scenario text --scenario::parse--> Scenario --play(seed)--> Trace --trace::measure--> Measures
//!     +------------------------------------------------------------trace::measure--> Measures
//!                                     real and simulated Measures --compare--> ComparedTrace --Totals::of--> Totals
//! ```
//!
//! A prediction takes from a recording only what was done to the cluster: its header, the times at which the story
//! acted, and the messages that were sent. Everything else comes from the model and from one environment for all.
//!
//! # From a recording to a figure
//!
//! ```sh
//! rebalance-sim validate tests/fixtures/recordings/join.1.jsonl.gz --print-scenario > join.toml    # the story
//! rebalance-sim check join.toml
//! rebalance-sim validate tests/fixtures/recordings/join.1.jsonl.gz --print-trace 17 > join.17.jsonl # a prediction
//! ```

mod arrivals;
mod calibrate;
mod cluster;
mod compare;
mod counted;
mod families;
mod family;
mod late;
mod machine;
mod member;
mod play;
mod predict;
mod property;
mod range;
mod recorder;
pub mod score;
mod story;
mod tags;
mod totals;
mod typical;

pub use calibrate::calibrate;
pub use compare::{Compared, ComparedPhase, ComparedTrace, Key, Measure, compare, values};
pub use families::{FamilyTotals, Unplayed, by_family, by_load};
pub use family::Family;
pub use machine::{Load, Machine};
pub use play::play;
pub use predict::{PredictError, predict_stories};
pub use range::Range;
pub use story::{Story, StoryError};
pub use totals::Totals;
pub use typical::{Typical, typical};
