//! The line through samples.

use crate::soak::Sample;

/// How much a value grows in ten minutes: the slope of the line of least squares.
pub(super) fn per_ten_minutes(samples: &[Sample], value: fn(&Sample) -> f64) -> f64 {
    let count = samples.len().max(1) as f64;
    let mean = |of: &dyn Fn(&Sample) -> f64| samples.iter().map(of).sum::<f64>() / count;
    let (middle, level) = (mean(&|sample| sample.seconds), mean(&value));
    let spread: f64 = samples.iter().map(|sample| (sample.seconds - middle).powi(2)).sum();
    let together: f64 = samples.iter().map(|sample| (sample.seconds - middle) * (value(sample) - level)).sum();
    if spread > 0.0 { together / spread * 600.0 } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_found() {
        let at = |seconds: f64| Sample { seconds, resident: 5.0 + seconds / 60.0, descriptors: 9.0 };
        let samples: Vec<Sample> = (0..100).map(|n| at(f64::from(n) * 5.0)).collect();
        assert!((per_ten_minutes(&samples, |sample| sample.resident) - 10.0).abs() < 1e-9);
        assert!(per_ten_minutes(&samples, |sample| sample.descriptors).abs() < 1e-9);
        assert!(per_ten_minutes(&[], |sample| sample.resident).abs() < 1e-9);
    }
}
