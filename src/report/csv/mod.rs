//! The CSV files: one file of code each, all columns named in its header, units last.

mod anomalies;
mod balance;
mod commits;
mod deliveries;
mod events;
mod lag;
mod latency;
mod load;
mod members;
mod ownership;
mod phases;
mod seeds;
mod sheet;
mod stalls;

pub use anomalies::Anomalies;
pub use balance::Balance;
pub use commits::Commits;
pub use deliveries::Deliveries;
pub use events::EventSheet;
pub use lag::Lag;
pub use latency::Latency;
pub use load::Load;
pub use members::Members;
pub use ownership::Ownership;
pub use phases::Phases;
pub use seeds::SeedTable;
pub(crate) use sheet::harmless;
pub(super) use sheet::sheet;
pub use stalls::Stalls;
