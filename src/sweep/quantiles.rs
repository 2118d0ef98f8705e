//! Quantiles by nearest rank, in whole numbers: what comes out is always a value that some seed gave.

use crate::check::Figure;
use crate::model::plan::PlantedMistake;

use super::SeedResult;

/// Which end of a figure is the bad one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Worse {
    /// More is worse, as for duplicates.
    Higher,
    /// Less is worse, as for an index of fairness.
    Lower,
}

/// Which end of the figure of this name is the bad one.
#[must_use]
pub fn worse(figure: &str) -> Worse {
    const LOWER: [&str; 4] = ["jain", "delivered", "consumed", "settled"];
    let figure = figure.rsplit(": ").next().unwrap_or(figure);
    let figure = figure.split('@').next().unwrap_or(figure);
    if LOWER.iter().any(|word| figure.split('.').any(|part| part.starts_with(word))) {
        Worse::Lower
    } else {
        Worse::Higher
    }
}

/// One figure over all seeds, from the good end to the bad one. Never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quantiles {
    /// Values with their seeds, best first; equal values by seed, descending, so that the worst is the least seed.
    sorted: Vec<(Figure, u64)>,
    planted: Option<PlantedMistake>,
}

impl Quantiles {
    /// Sorts the values of (seed, value); `None` where there are none.
    #[must_use]
    pub fn new(values: impl IntoIterator<Item = (u64, Figure)>, worse: Worse) -> Option<Self> {
        let mut sorted: Vec<_> = values.into_iter().map(|(seed, figure)| (figure, seed)).collect();
        sorted.sort_unstable_by(|a, b| {
            let by_value = if worse == Worse::Higher { a.0.cmp(&b.0) } else { b.0.cmp(&a.0) };
            by_value.then(b.1.cmp(&a.1))
        });
        if sorted.is_empty() { None } else { Some(Self { sorted, planted: None }) }
    }

    /// A figure over the results that have it, from the good end to the bad one.
    #[must_use]
    pub fn of(figure: &str, results: &[SeedResult]) -> Option<Self> {
        let values = results.iter().filter_map(|result| Some((result.seed, result.figure(None, figure)?)));
        Self::new(values, worse(figure))
    }

    /// These with a mistake planted, if it is one of theirs.
    #[must_use]
    pub fn with_planted(self, planted: Option<PlantedMistake>) -> Self {
        Self { planted, ..self }
    }

    /// The value that `thousandths` of all seeds do not go beyond: 500 is typical, 990 one of a hundred.
    #[must_use]
    pub fn at(&self, thousandths: u16) -> Figure {
        let count = self.sorted.len() as u64;
        let rank = (count * u64::from(thousandths)).div_ceil(1_000).clamp(1, count);
        let low = u64::from(self.planted == Some(PlantedMistake::QuantileRankLow));
        self.sorted[(rank - low).max(1) as usize - 1].0
    }

    /// Whether so many seeds tell this quantile and the highest value apart: p99 takes a hundred, p90 ten.
    #[must_use]
    pub fn tells(seeds: usize, thousandths: u16) -> bool {
        seeds as u64 * (1_000 - u64::from(thousandths.min(1_000))) >= 1_000
    }

    /// The worst value, and the least seed that gave it.
    #[must_use]
    pub fn worst(&self) -> (Figure, u64) {
        self.sorted[self.sorted.len() - 1]
    }

    /// The mean, rounded down.
    #[must_use]
    pub fn mean(&self) -> Figure {
        let sum: u128 = self.sorted.iter().map(|(figure, _)| u128::from(figure.number())).sum();
        let mean = u64::try_from(sum / self.sorted.len() as u128).expect("a mean is not above the largest value");
        self.sorted[0].0.with_number(mean)
    }

    /// The values, best first.
    pub fn values(&self) -> impl ExactSizeIterator<Item = Figure> {
        self.sorted.iter().map(|(figure, _)| *figure)
    }

    /// How many seeds have the figure.
    #[must_use]
    pub fn count(&self) -> usize {
        self.sorted.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(values: &[u64], worse: Worse) -> Quantiles {
        let pairs = values.iter().enumerate().map(|(seed, &value)| (seed as u64, Figure::Count(value)));
        Quantiles::new(pairs, worse).expect("not empty")
    }

    #[test]
    fn quantiles_are_nearest_ranks() {
        let hundred: Vec<u64> = (1..=100).rev().collect();
        let table: [(&[u64], u16, u64); 9] = [
            (&[7], 0, 7),
            (&[7], 1_000, 7),
            (&[3, 1, 2], 500, 2),
            (&[4, 3, 2, 1], 500, 2),
            (&[4, 3, 2, 1], 501, 3),
            (&hundred, 990, 99),
            (&hundred, 991, 100),
            (&hundred, 0, 1),
            (&hundred, 1_000, 100),
        ];
        for (values, thousandths, expected) in table {
            assert_eq!(
                counts(values, Worse::Higher).at(thousandths),
                Figure::Count(expected),
                "{values:?} {thousandths}"
            );
        }
    }

    #[test]
    fn a_quantile_that_few_seeds_cannot_tell_from_their_maximum_is_known() {
        for seeds in 1..=120 {
            let values: Vec<u64> = (1..=seeds).collect();
            for thousandths in [500, 900, 990, 999] {
                let value = counts(&values, Worse::Higher).at(thousandths);
                let told = Quantiles::tells(values.len(), thousandths);
                assert_eq!(told, value < Figure::Count(seeds), "p{thousandths} of {seeds} seeds is {value:?}");
            }
        }
    }

    #[test]
    fn the_worst_is_the_least_seed_of_the_bad_end() {
        assert_eq!(counts(&[5, 9, 9, 1, 1], Worse::Higher).worst(), (Figure::Count(9), 1));
        assert_eq!(counts(&[5, 9, 9, 1, 1], Worse::Lower).worst(), (Figure::Count(1), 3));
        assert_eq!(counts(&[5, 9, 9, 1, 1], Worse::Lower).at(1), Figure::Count(9));
        assert_eq!(counts(&[1, 2, 2], Worse::Higher).mean(), Figure::Count(1));
        assert_eq!(Quantiles::new([], Worse::Higher), None);
    }
}
