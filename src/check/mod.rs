//! Checks: they read the stream of observations while a run goes on, and say what they found. They change nothing.

mod findings;
mod measure;

pub use findings::*;
pub use measure::{Mark, Measure};

use crate::model::{Names, observation::Observed};

/// One check (or metric). It reads every observation and answers at the end.
pub trait Check {
    /// Its name, as `anomalies.csv` shows it.
    fn name(&self) -> &'static str;
    /// Sees one observation; they come in the order in which they happened.
    fn observe(&mut self, seen: &Observed, names: &Names);
    /// The run is over: adds its rows to the findings.
    fn finish(self: Box<Self>, end: crate::kernel::Instant, names: &Names, findings: &mut Findings);
}
