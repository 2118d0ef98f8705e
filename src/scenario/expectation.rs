//! What a scenario expects of its figures.

use crate::check::Figure;

/// Over which seeds a bound holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// In every seed.
    Every,
    /// In at least one seed.
    Some,
    /// The quantile over all seeds, in thousandths: 990 is p99, 500 the median, 0 the least, 1000 the most.
    Quantile(u16),
    /// The mean over all seeds.
    Mean,
}

/// How the figure is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    Greater,
    /// `>=`
    AtLeast,
}

/// One bound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expectation {
    /// As the file says it.
    pub text: String,
    /// The line of the file that says it, from 1 on; `None`: it comes from elsewhere, as from `--set`.
    pub line: Option<usize>,
    /// Label of the window it is about; `None`: the measured one.
    pub window: Option<String>,
    /// The figure's name, such as `stalled.max`, or `anomaly.KIND` / `cause.CAUSE` / `trap.E3` for how often one was seen.
    pub figure: String,
    /// Over which seeds.
    pub scope: Scope,
    /// How it is compared.
    pub comparison: Comparison,
    /// With what.
    pub value: Figure,
}
