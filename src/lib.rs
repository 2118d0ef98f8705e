//! rebalance-sim: a deterministic discrete-event simulator of Apache RocketMQ consumer-group rebalancing.
pub mod check;
pub mod cli;
pub mod kernel;
pub mod model;
pub mod offset;
pub mod report;
pub mod run;
pub mod scenario;
pub mod strategy;
pub mod sweep;
