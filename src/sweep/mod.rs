//! Many runs of one scenario: seeds in, quantiles and a verdict out.
//!
//! ```text
//!   Seeds --over_seeds--> SeedResult, SeedResult, ...  --Quantiles-->  typically 1.6 s, 4.2 s in one of a hundred
//!                                    |
//!                                    +--judge(expect)-->  held, violated
//!                                    +--Paired (beside another variant's)-->  12 fewer duplicates (10 to 14)
//! ```
//! Runs share nothing, and everything here is ordered by seed: the number of threads changes no byte of a result.

mod halving;
mod knee;
mod limit;
mod paired;
mod pool;
mod quantiles;
mod seed_result;
mod seeds;
mod shard;
mod verdict;

pub use halving::{rounds, survivors};
pub use knee::{Knee, knee};
pub use limit::{Breach, breach};
pub use paired::{Change, Interval, LEAST_SEEDS, Paired};
pub use pool::{Finished, SweepError, over_seeds};
pub use quantiles::{Quantiles, Worse, worse};
pub use seed_result::SeedResult;
pub use seeds::{Seeds, SeedsError};
pub use shard::{Shard, ShardError};
pub use verdict::{Judgement, Standing, judge, judge_so_far};
