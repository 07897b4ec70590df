//! What was measured, to be compared with what was asked for.

/// Measured values in ascending order.
pub(super) struct Sample(Vec<f64>);

impl FromIterator<f64> for Sample {
    fn from_iter<I: IntoIterator<Item = f64>>(values: I) -> Self {
        let mut values = Vec::from_iter(values);
        values.sort_by(f64::total_cmp);
        Sample(values)
    }
}

impl Sample {
    /// The greatest difference between the sample's distribution and `cdf`: the statistic of Kolmogorov and Smirnov.
    pub(super) fn distance(&self, cdf: impl Fn(f64) -> f64) -> f64 {
        let count = self.0.len() as f64;
        let at = |(index, value): (usize, &f64)| {
            let expected = cdf(*value);
            let (below, up_to) = (index as f64 / count, (index + 1) as f64 / count);
            (expected - below).abs().max((up_to - expected).abs())
        };
        self.0.iter().enumerate().map(at).fold(0.0, f64::max)
    }

    /// What the distance of a sample from its own distribution exceeds once in 20,000 times.
    pub(super) fn bound(&self) -> f64 {
        2.3 / (self.0.len() as f64).sqrt()
    }

    pub(super) fn mean(&self) -> f64 {
        self.0.iter().sum::<f64>() / self.0.len() as f64
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}
