//! Scores of a prediction: fair CRPS, quantiles, ranks.
//!
//! Floats appear here because they measure; they decide nothing in a run.

/// The fair continuous ranked probability score of a sample for what really happened, in the unit of the values:
/// `mean |xi - y| - sum over i,j |xi - xj| / (2 m (m - 1))`. A single value scores its distance; 0 is perfect.
/// `sample` must be sorted and not be empty.
#[must_use]
pub fn fair_crps(sample: &[i64], real: i64) -> f64 {
    let count = sample.len() as f64;
    let distance: f64 = sample.iter().map(|value| value.abs_diff(real) as f64).sum::<f64>() / count;
    if sample.len() < 2 {
        return distance;
    }
    // In sorted order every value is the upper one in as many pairs as stand before it.
    let pairs: f64 = (0i64..)
        .zip(sample)
        .map(|(before, &value)| {
            let after = sample.len() as i64 - 1 - before;
            value as f64 * (before - after) as f64
        })
        .sum();
    distance - pairs / (count * (count - 1.0))
}

/// The quantile of a sorted sample at `thousandths` (995: 99.5 %), by linear interpolation, rounded to whole units.
#[must_use]
pub fn quantile(sample: &[i64], thousandths: u32) -> i64 {
    let position = (sample.len() - 1) as u64 * u64::from(thousandths);
    let (low, part) = ((position / 1_000) as usize, (position % 1_000) as i64);
    let high = (low + 1).min(sample.len() - 1);
    sample[low] + (sample[high] - sample[low]) * part / 1_000
}

/// How many values of a sorted sample lie below, and how many are equal.
#[must_use]
pub fn rank(sample: &[i64], real: i64) -> (usize, usize) {
    let below = sample.partition_point(|value| *value < real);
    (below, sample.partition_point(|value| *value <= real) - below)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The definition, pair by pair.
    fn by_definition(sample: &[i64], real: i64) -> f64 {
        let m = sample.len() as f64;
        let distance = sample.iter().map(|x| (x - real).abs() as f64).sum::<f64>() / m;
        let pairs: f64 = sample.iter().flat_map(|a| sample.iter().map(move |b| (a - b).abs() as f64)).sum();
        distance - pairs / (2.0 * m * (m - 1.0))
    }

    #[test]
    fn crps_is_what_its_definition_says() {
        for sample in [vec![1, 5], vec![0, 0, 7, 9], vec![-3, 4, 4, 4, 100], (0..50).map(|n| n * n).collect()] {
            for real in [-10, 0, 4, 33, 5_000] {
                let (fast, slow) = (fair_crps(&sample, real), by_definition(&sample, real));
                assert!((fast - slow).abs() < 1e-9, "{sample:?} {real}: {fast} {slow}");
            }
        }
        assert!((fair_crps(&[7], 3) - 4.0).abs() < 1e-12);
    }

    #[test]
    fn quantiles_and_ranks() {
        let sample: Vec<i64> = (0..=200).collect();
        assert_eq!([5, 50, 500, 950, 995].map(|t| quantile(&sample, t)), [1, 10, 100, 190, 199]);
        assert_eq!(quantile(&[10, 20], 250), 12);
        assert_eq!(rank(&[1, 2, 2, 9], 2), (1, 2));
        assert_eq!(rank(&[1, 2, 2, 9], 10), (4, 0));
    }
}
