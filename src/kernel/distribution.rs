//! Distributions of spans. Logarithms and roots come from `libm`, so that every machine draws the same, and each
//! draw is rounded to whole nanoseconds at once.

use super::random::Stream;
use super::time::Span;

/// A span drawn by chance.
#[derive(Debug, Clone, PartialEq)]
pub enum Distribution {
    /// Always the same.
    Constant(Span),
    /// Every nanosecond from the first to the second, both included, equally likely.
    Uniform(Span, Span),
    /// Exponential with this mean.
    Exponential(Span),
    /// Log-normal: half the draws are below `median`; `sigma` is the standard deviation of the logarithm.
    LogNormal {
        /// Half of the draws are below.
        median: Span,
        /// Standard deviation of the natural logarithm, without unit.
        sigma: f64,
    },
    /// Quantiles at equal steps from 0 to 1, sorted; draws interpolate between neighbours.
    Empirical(Vec<Span>),
}

/// Why a distribution cannot be drawn from.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum DistributionError {
    /// The lower bound of a uniform distribution is above the upper.
    #[error("uniform from {0} to {1} is empty; the first bound must not be above the second")]
    EmptyRange(Span, Span),
    /// Sigma is negative or not a number.
    #[error("sigma {0} of a log-normal distribution must be a number from 0 to 5")]
    Sigma(f64),
    /// The table of an empirical distribution is empty or not sorted.
    #[error("an empirical distribution needs at least one value, in ascending order")]
    Table,
}

impl Distribution {
    /// No time at all, always.
    pub const ZERO: Self = Self::Constant(Span::ZERO);

    /// Checks the parameters; every constructor from user input calls it.
    pub fn validated(self) -> Result<Self, DistributionError> {
        match &self {
            Self::Uniform(from, to) if from > to => Err(DistributionError::EmptyRange(*from, *to)),
            Self::LogNormal { sigma, .. } if !(0.0..=5.0).contains(sigma) => Err(DistributionError::Sigma(*sigma)),
            Self::Empirical(table) if table.is_empty() || !table.is_sorted() => Err(DistributionError::Table),
            _ => Ok(self),
        }
    }

    /// One draw. Takes a fixed number of draws from the stream for each kind.
    pub fn draw(&self, stream: &mut Stream) -> Span {
        match self {
            Self::Constant(span) => *span,
            Self::Uniform(from, to) => {
                let width = to.as_nanos() - from.as_nanos();
                let offset = match width.checked_add(1) {
                    Some(bound) => stream.below(bound),
                    None => stream.bits(),
                };
                Span::from_nanos(from.as_nanos() + offset)
            }
            Self::Exponential(mean) => scaled(*mean, -libm::log(1.0 - stream.unit())),
            Self::LogNormal { median, sigma } => {
                let radius = libm::sqrt(-2.0 * libm::log(1.0 - stream.unit()));
                let normal = radius * libm::cos(2.0 * std::f64::consts::PI * stream.unit());
                scaled(*median, libm::exp(sigma * normal))
            }
            Self::Empirical(table) => {
                let steps = (table.len() - 1) as u64;
                if steps == 0 {
                    return table[0];
                }
                let point = stream.below(steps << 32);
                let low = table[(point >> 32) as usize].as_nanos();
                let high = table[(point >> 32) as usize + 1].as_nanos();
                let part = u128::from(high - low) * u128::from(point & 0xffff_ffff);
                Span::from_nanos(low + (part >> 32) as u64)
            }
        }
    }

    /// The longest span it can give, or `None` where there is no bound.
    #[must_use]
    pub fn upper_bound(&self) -> Option<Span> {
        match self {
            Self::Constant(span) | Self::Uniform(_, span) => Some(*span),
            Self::Empirical(table) => table.last().copied(),
            Self::Exponential(_) | Self::LogNormal { .. } => None,
        }
    }
}

/// `span` times `factor`, rounded to the nearest nanosecond; draws past the clock's end stay at a year.
fn scaled(span: Span, factor: f64) -> Span {
    const YEAR_NANOS: f64 = 31_536_000e9;
    Span::from_nanos(libm::round((span.as_nanos() as f64 * factor).min(YEAR_NANOS)) as u64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Streams;

    /// Mean and median of 20,000 draws, in microseconds.
    fn moments(distribution: &Distribution) -> (u64, u64) {
        let mut stream = Streams::new(1).stream("test", 0);
        let mut draws: Vec<u64> = (0..20_000).map(|_| distribution.draw(&mut stream).as_nanos() / 1_000).collect();
        draws.sort_unstable();
        (draws.iter().sum::<u64>() / 20_000, draws[10_000])
    }

    #[test]
    fn draws_have_the_moments_they_promise() {
        let ms = Span::from_millis;
        let near = |value: u64, expected: u64| value.abs_diff(expected) * 50 <= expected;
        let table = [
            (Distribution::Constant(ms(3)), 3_000, 3_000),
            (Distribution::Uniform(ms(10), ms(30)), 20_000, 20_000),
            (Distribution::Exponential(ms(100)), 100_000, 69_315),
            (Distribution::LogNormal { median: ms(50), sigma: 0.5 }, 56_657, 50_000),
            (Distribution::Empirical(vec![ms(0), ms(10), ms(100)]), 30_000, 10_000),
        ];
        for (distribution, mean, median) in table {
            let (got_mean, got_median) = moments(&distribution);
            assert!(near(got_mean, mean) && near(got_median, median), "{distribution:?}: {got_mean} {got_median}");
        }
    }

    #[test]
    fn nonsense_is_refused() {
        let ms = Span::from_millis;
        for distribution in [
            Distribution::Uniform(ms(2), ms(1)),
            Distribution::LogNormal { median: ms(1), sigma: f64::NAN },
            Distribution::Empirical(vec![]),
            Distribution::Empirical(vec![ms(2), ms(1)]),
        ] {
            assert!(distribution.clone().validated().is_err(), "{distribution:?}");
        }
    }
}
