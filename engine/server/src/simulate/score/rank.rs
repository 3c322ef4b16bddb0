//! How well a score tells two kinds apart, whatever threshold is chosen.

use serde::Serialize;

use super::share::Z_95;

/// The area under the ROC curve, with its 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Area {
    /// The share of pairs of one attack and one good attempt in which the attack has the higher score,
    /// equal scores counted half: 1 is perfect, 0.5 is chance.
    pub value: f64,
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

/// The area for these scores of attacks and of good attempts; `None` where there are none of either.
///
/// The interval is that of DeLong, DeLong and Clarke-Pearson (1988), taken on the logit scale so that it
/// stays below 1. Where no pair is the wrong way round that interval is a point, and the rule of three
/// stands in: among n cases that all went well, up to 3/n may be bad.
pub fn area(attacks: &[i64], good: &[i64]) -> Option<Area> {
    if attacks.is_empty() || good.is_empty() {
        return None;
    }
    let (mut attacks, mut good) = (attacks.to_vec(), good.to_vec());
    attacks.sort_unstable();
    good.sort_unstable();
    let above: Vec<f64> = attacks.iter().map(|score| beaten(&good, *score)).collect();
    let below: Vec<f64> = good.iter().map(|score| 1.0 - beaten(&attacks, *score)).collect();
    let value = mean(&above);
    let variance = spread(&above) / count(&above) + spread(&below) / count(&below);
    let slope = value * (1.0 - value);
    if slope <= 0.0 || variance <= 0.0 {
        let doubt = 3.0 / count(&above).min(count(&below)).max(3.0);
        return Some(Area { value, low: (value - doubt).max(0.0), high: (value + doubt).min(1.0) });
    }
    let (middle, reach) = ((value / (1.0 - value)).ln(), Z_95 * variance.sqrt() / slope);
    let back = |logit: f64| 1.0 / (1.0 + (-logit).exp());
    Some(Area { value, low: back(middle - reach), high: back(middle + reach) })
}

/// The share of `sorted` that lies below `score`, equal ones counted half.
fn beaten(sorted: &[i64], score: i64) -> f64 {
    let less = sorted.partition_point(|other| *other < score);
    let up_to = sorted.partition_point(|other| *other <= score);
    (less + up_to) as f64 / (2 * sorted.len()) as f64
}

fn count(values: &[f64]) -> f64 {
    values.len() as f64
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / count(values)
}

/// The variance of a sample; none of a single value.
fn spread(values: &[f64]) -> f64 {
    let mean = mean(values);
    let sum: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    sum / (count(values) - 1.0).max(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulate::chance::Chance;

    /// Every pair looked at.
    fn plain(attacks: &[i64], good: &[i64]) -> f64 {
        let pairs = attacks.iter().flat_map(|attack| good.iter().map(move |good| (attack, good)));
        let points = pairs.map(|(attack, good)| match attack.cmp(good) {
            std::cmp::Ordering::Less => 0.0,
            std::cmp::Ordering::Equal => 0.5,
            std::cmp::Ordering::Greater => 1.0,
        });
        points.sum::<f64>() / (attacks.len() * good.len()) as f64
    }

    #[test]
    fn agrees_with_looking_at_every_pair() {
        let mut chance = Chance::stream(1, "rank", 0);
        for _ in 0..200 {
            let (many, few) = (1 + chance.below(60), 1 + chance.below(20));
            let good: Vec<i64> = (0..many).map(|_| chance.between(0, 30)).collect();
            let attacks: Vec<i64> = (0..few).map(|_| chance.between(5, 40)).collect();
            let area = area(&attacks, &good).unwrap();
            assert!((area.value - plain(&attacks, &good)).abs() < 1e-12);
            assert!((0.0..=area.value).contains(&area.low) && area.value <= area.high);
            assert!(area.high <= 1.0, "{area:?}");
        }
    }

    /// The example of Hanley and McNeil (1982): ratings of 58 normal and 51 abnormal images, area 0.893,
    /// standard error about 0.03.
    #[test]
    fn a_known_example_comes_out() {
        let ratings = |counts: [usize; 5]| {
            let each = counts.into_iter().zip(1..);
            each.flat_map(|(count, rating)| std::iter::repeat_n(rating, count))
                .collect::<Vec<i64>>()
        };
        let (normal, abnormal) = (ratings([33, 6, 6, 11, 2]), ratings([3, 2, 2, 11, 33]));
        let area = area(&abnormal, &normal).unwrap();
        assert!((area.value - 0.893).abs() < 5e-4, "{area:?}");
        assert!((0.80..0.85).contains(&area.low) && (0.93..0.96).contains(&area.high), "{area:?}");
    }

    #[test]
    fn a_perfect_score_leaves_doubt_and_nothing_has_none() {
        let area_of = |attacks: &[i64]| area(attacks, &[0; 100]).unwrap();
        let perfect = area_of(&[9; 30]);
        assert_eq!((perfect.value, perfect.high), (1.0, 1.0));
        assert!((perfect.low - 0.9).abs() < 1e-9);
        assert!(area(&[], &[1]).is_none() && area(&[1], &[]).is_none());
    }
}
