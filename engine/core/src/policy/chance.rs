//! How likely it is that something happens so often by chance.

/// Terms that are added up at most. A tail has a few times as many that matter as the root of what is expected.
const TERMS_MAX: u32 = 10_000;

/// Below it logarithms of factorials are added up, above it Stirling's series is exact to twelve digits.
const FACTORS: u32 = 64;

/// The probability that what happens `expected` times in the mean, each time by itself, happens `count` times or more
/// (Poisson). Within a millionth as long as less than a hundred thousand are expected.
pub(crate) fn at_least(count: i64, expected: f64) -> f64 {
    let Some(count) = u32::try_from(count).ok().filter(|count| *count > 0) else {
        return if count > 0 { 0.0 } else { 1.0 };
    };
    if expected.is_nan() || expected <= 0.0 {
        return 0.0;
    }
    if expected.is_infinite() {
        return 1.0;
    }
    // The smaller tail loses no digits to the greater one.
    if f64::from(count) > expected {
        let ratio = |step: u32| expected / (f64::from(count) + f64::from(step));
        tail(count, expected, ratio, TERMS_MAX)
    } else {
        let last = count - 1;
        let ratio = |step: u32| (f64::from(last) - f64::from(step) + 1.0) / expected;
        1.0 - tail(last, expected, ratio, last.min(TERMS_MAX))
    }
}

/// The probability of `first` and of the terms after it, each of which is the one before times its ratio.
fn tail(first: u32, expected: f64, ratio: impl Fn(u32) -> f64, terms: u32) -> f64 {
    let n = f64::from(first);
    let mut term = (n * expected.ln() - expected - ln_factorial(first)).exp();
    let mut sum = term;
    for step in 1..=terms {
        term *= ratio(step);
        sum += term;
        if term <= sum * f64::EPSILON {
            break;
        }
    }
    sum.min(1.0)
}

fn ln_factorial(number: u32) -> f64 {
    if number < FACTORS {
        return (2..=number).map(|factor| f64::from(factor).ln()).sum();
    }
    let n = f64::from(number);
    let series = 1.0 / (12.0 * n) - 1.0 / (360.0 * n.powi(3));
    (n + 0.5) * n.ln() - n + 0.5 * std::f64::consts::TAU.ln() + series
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Every term by itself, from the other side.
    fn plainly(count: i64, expected: f64) -> f64 {
        let below = (0..count).map(|n| {
            let factors = (1..=n).map(|factor| (expected / factor as f64).ln());
            (factors.sum::<f64>() - expected).exp()
        });
        1.0 - below.sum::<f64>()
    }

    proptest! {
        #[test]
        fn agrees_with_the_plain_sum(count in 0..400_i64, expected in 0.001..300.0) {
            let [quick, plain] = [at_least(count, expected), plainly(count, expected)];
            prop_assert!((quick - plain).abs() < 1e-9, "{quick} {plain}");
        }

        #[test]
        fn is_a_probability_whatever_is_asked(count: i64, expected: f64) {
            prop_assert!((0.0..=1.0).contains(&at_least(count, expected)));
        }
    }

    #[test]
    fn is_what_the_tables_say() {
        let check = |count, expected, probability: f64| {
            let found = at_least(count, expected);
            assert!((found / probability - 1.0).abs() < 1e-5, "{count} of {expected}: {found}");
        };
        check(1, 1.0, 0.632_121);
        check(3, 1.0, 0.080_301_4);
        check(10, 2.0, 4.649_81e-5);
        check(8, 0.01, 2.458_21e-21);
        check(100, 100.0, 0.513_299);
        check(1_200, 1_000.0, 4.684_20e-10);
        check(100_000, 100_000.0, 0.500_420_5);
    }

    #[test]
    fn the_edges_are_certain() {
        let check = |count, expected, probability| {
            assert_eq!(at_least(count, expected), probability, "{count} of {expected}");
        };
        check(0, 0.0, 1.0);
        check(-1, 5.0, 1.0);
        check(1, 0.0, 0.0);
        check(1, -3.0, 0.0);
        check(1, f64::NAN, 0.0);
        check(i64::MAX, 1e9, 0.0);
        check(1, f64::INFINITY, 1.0);
    }
}
