//! Metrics of predictions.

use crate::finite::{float64, refuse_not_finite};
use crate::{DistArray, Error, Pending};
use nums_lshs::DType;

/// The share of predictions (*n*) that equal their labels (*n*). Two numbers per block move.
///
/// ```
/// # fn main() -> Result<(), nums::Error> {
/// let session = nums::Session::embedded(2)?;
/// let labels = session.from_ndarray(&ndarray::arr1(&[0.0, 1.0, 1.0, 0.0]))?;
/// let predictions = session.from_ndarray(&ndarray::arr1(&[0.0, 1.0, 0.0, 0.0]))?;
/// assert_eq!(nums::metrics::accuracy(&labels, &predictions).wait()?, 0.75);
/// # Ok(())
/// # }
/// ```
///
/// The `Pending` gives [`Error::ShapeMismatch`] and [`Error::NoRows`].
pub fn accuracy(labels: &DistArray, predictions: &DistArray) -> Pending<f64> {
    let (labels, predictions) = (labels.clone(), predictions.clone());
    Pending::begin(&labels.session_inner().clone(), async move {
        check("accuracy", &labels, &predictions)?;
        let equal = labels.try_equal(&predictions)?.astype(DType::Float64)?;
        Ok(equal.sum().fetch::<f64>().await?[[]] / labels.size() as f64)
    })
}

/// The coefficient of determination R²: the share of the variance of values (*n*) that their predictions (*n*) explain. As
/// in scikit-learn, for constant values it is 1 if all predictions are exact and 0 otherwise, and for a single value it is
/// NaN.
///
/// The `Pending` gives [`Error::ShapeMismatch`], [`Error::NoRows`], [`Error::ContainsNan`] and
/// [`Error::ContainsInfinity`].
///
/// ```
/// # fn main() -> Result<(), nums::Error> {
/// let session = nums::Session::embedded(2)?;
/// let values = session.from_ndarray(&ndarray::arr1(&[3.0, -0.5, 2.0, 7.0]))?;
/// let predictions = session.from_ndarray(&ndarray::arr1(&[2.5, 0.0, 2.0, 8.0]))?;
/// assert!((nums::metrics::r2(&values, &predictions).wait()? - 0.948_608_137_045_0).abs() < 1e-12);
/// # Ok(())
/// # }
/// ```
pub fn r2(values: &DistArray, predictions: &DistArray) -> Pending<f64> {
    let (values, predictions) = (values.clone(), predictions.clone());
    Pending::begin(&values.session_inner().clone(), async move {
        check("r2", &values, &predictions)?;
        let rows = values.size() as f64;
        let values = float64("r2", &values)?;
        let predictions = float64("r2", &predictions)?;
        let left = (&values - &predictions).square().sum().fetch::<f64>();
        let mean = values.sum().fetch::<f64>().await?[[]] / rows;
        // The mean of constant values is only then exactly their value when its own rounding is taken away.
        let mean = mean + (&values - mean).sum().fetch::<f64>().await?[[]] / rows;
        let (left, all) = (left.await?[[]], (&values - mean).square().sum().fetch::<f64>());
        let all = all.await?[[]];
        if !left.is_finite() || !all.is_finite() {
            refuse_not_finite(&[("y", &values), ("predictions", &predictions)]).await?;
        }
        Ok(match (all, left) {
            _ if rows < 2.0 => f64::NAN,
            (0.0, 0.0) => 1.0,
            (0.0, _) => 0.0,
            _ => 1.0 - left / all,
        })
    })
}

/// The mean negative log-likelihood of labels 0 and 1 (*n*), given the probabilities of label 1 (*n*). As in scikit-learn,
/// probabilities are clipped to the machine epsilon away from 0 and 1.
///
/// The `Pending` gives [`Error::ShapeMismatch`] and [`Error::NoRows`], [`Error::Parameter`] with the lowest or highest
/// probability outside [0, 1], [`Error::ContainsNan`] for a probability that is NaN, and [`Error::Labels`] if the labels
/// are not 0 and 1, or all the same.
///
/// ```
/// # fn main() -> Result<(), nums::Error> {
/// let session = nums::Session::embedded(2)?;
/// let labels = session.from_ndarray(&ndarray::arr1(&[0.0, 1.0]))?;
/// let halves = session.full(&[2], 0.5)?;
/// let loss = nums::metrics::log_loss(&labels, &halves).wait()?;
/// assert!((loss - f64::ln(2.0)).abs() < 1e-15);
/// # Ok(())
/// # }
/// ```
pub fn log_loss(labels: &DistArray, probabilities: &DistArray) -> Pending<f64> {
    let (labels, probabilities) = (labels.clone(), probabilities.clone());
    Pending::begin(&labels.session_inner().clone(), async move {
        check("log_loss", &labels, &probabilities)?;
        let labels = float64("log_loss", &labels)?;
        let [zeros, ones] = [0.0, 1.0].map(|class| labels.equal(class).sum().fetch::<i64>());
        let bounds = float64("log_loss", &probabilities)?;
        let bounds = (bounds.try_min()?.fetch::<f64>(), bounds.try_max()?.fetch::<f64>());
        let p = probabilities.maximum(f64::EPSILON).minimum(1.0 - f64::EPSILON);
        let likelihood = &labels * &p.log() + (1.0 - &labels) * (-&p).log1p();
        let sum = likelihood.sum().fetch::<f64>();
        let (lowest, highest) = (bounds.0.await?[[]], bounds.1.await?[[]]);
        let [zeros, ones] = [zeros.await?[[]] as usize, ones.await?[[]] as usize];
        let others = labels.size() - zeros - ones;
        if zeros == 0 || ones == 0 || others > 0 {
            return Err(Error::Labels { zeros, ones, others });
        }
        if lowest.is_nan() {
            return Err(Error::ContainsNan { input: "probabilities" });
        }
        if let Some(outside) = [lowest, highest].into_iter().find(|p| !(0.0..=1.0).contains(p)) {
            let (name, want) = ("probabilities", "numbers from 0 to 1");
            return Err(Error::Parameter { name, value: outside.to_string(), want });
        }
        Ok(-sum.await?[[]] / labels.size() as f64)
    })
}

/// The exact area under the receiver operating characteristic: the probability that a row of class 1 has a higher score
/// (*n*) than a row of class 0, where equal scores count one half.
///
/// The ranks need the order of all rows, so the client reads all labels and scores, 16 bytes per row, and sorts them.
///
/// The `Pending` gives [`Error::ShapeMismatch`], [`Error::ContainsNan`] for a score that is NaN, and [`Error::Labels`] if
/// the labels are not 0 and 1, or all the same.
///
/// ```
/// # fn main() -> Result<(), nums::Error> {
/// let session = nums::Session::embedded(2)?;
/// let labels = session.from_ndarray(&ndarray::arr1(&[0.0, 0.0, 1.0, 1.0]))?;
/// let scores = session.from_ndarray(&ndarray::arr1(&[0.1, 0.4, 0.35, 0.8]))?;
/// assert_eq!(nums::metrics::roc_auc(&labels, &scores).wait()?, 0.75);
/// # Ok(())
/// # }
/// ```
pub fn roc_auc(labels: &DistArray, scores: &DistArray) -> Pending<f64> {
    let (labels, scores) = (labels.clone(), scores.clone());
    let session = labels.session_inner().clone();
    let runtime = session.runtime().clone();
    Pending::begin(&session, async move {
        check("roc_auc", &labels, &scores)?;
        let labels = float64("roc_auc", &labels)?.fetch::<f64>();
        let scores = float64("roc_auc", &scores)?.fetch::<f64>();
        let (labels, scores) = (labels.await?, scores.await?);
        let rows: Vec<(f64, f64)> = scores.iter().copied().zip(labels.iter().copied()).collect();
        let area = runtime.spawn_blocking(move || area_under_curve(rows)).await;
        area.map_err(|panic| Error::Internal { reason: panic.to_string() })?
    })
}

/// The area for pairs of score and label, from ranks: Mann and Whitney's U over the number of pairs.
fn area_under_curve(mut rows: Vec<(f64, f64)>) -> Result<f64, Error> {
    if rows.iter().any(|(score, _)| score.is_nan()) {
        return Err(Error::ContainsNan { input: "scores" });
    }
    let count = |class: f64| rows.iter().filter(|(_, label)| *label == class).count();
    let (zeros, ones) = (count(0.0), count(1.0));
    if zeros == 0 || ones == 0 || zeros + ones < rows.len() {
        return Err(Error::Labels { zeros, ones, others: rows.len() - zeros - ones });
    }
    rows.sort_unstable_by(|left, right| left.0.total_cmp(&right.0));
    // Twice the wins, so that ties stay whole numbers.
    let (mut wins, mut zeros_below) = (0_u128, 0_u128);
    for tied in rows.chunk_by(|left, right| left.0 == right.0) {
        let own_ones = tied.iter().filter(|(_, label)| *label == 1.0).count() as u128;
        let own_zeros = tied.len() as u128 - own_ones;
        wins += own_ones * (2 * zeros_below + own_zeros);
        zeros_below += own_zeros;
    }
    Ok(wins as f64 / (2 * zeros as u128 * ones as u128) as f64)
}

/// Labels and predictions must be beside each other, and there must be some.
fn check(op: &'static str, labels: &DistArray, predictions: &DistArray) -> Result<(), Error> {
    labels.check_session(op, predictions)?;
    let (left, right) = (labels.spec().shape(), predictions.spec().shape());
    if left.len() != 1 || left != right {
        return Err(Error::ShapeMismatch { op, left, right });
    }
    if labels.size() == 0 { Err(Error::NoRows { op }) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ties_count_a_half_and_order_does_not_matter() {
        // Against all pairs, with few different scores and so many ties.
        let rows: Vec<(f64, f64)> = (0..200_u32)
            .map(|row| (f64::from(row * row * 7 % 11) - 5.0, f64::from(row * 13 % 7 % 2)))
            .collect();
        let mut wins = 0.0;
        let ones = rows.iter().filter(|(_, label)| *label == 1.0);
        for (one, _) in ones.clone() {
            for (zero, _) in rows.iter().filter(|(_, label)| *label == 0.0) {
                wins += if one > zero {
                    1.0
                } else if one == zero {
                    0.5
                } else {
                    0.0
                };
            }
        }
        let (ones, all) = (ones.count(), rows.len());
        let expected = wins / (ones * (all - ones)) as f64;
        assert_eq!(area_under_curve(rows.clone()), Ok(expected));
        assert_eq!(area_under_curve(rows.into_iter().rev().collect()), Ok(expected));
        assert_eq!(area_under_curve(vec![(-0.0, 0.0), (0.0, 1.0)]), Ok(0.5));
    }

    #[test]
    fn one_class_has_no_area() {
        let only = Error::Labels { zeros: 0, ones: 2, others: 0 };
        assert_eq!(area_under_curve(vec![(1.0, 1.0), (2.0, 1.0)]), Err(only));
        let nan = area_under_curve(vec![(f64::NAN, 1.0), (2.0, 0.0)]);
        assert_eq!(nan, Err(Error::ContainsNan { input: "scores" }));
    }
}
