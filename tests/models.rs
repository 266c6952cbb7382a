//! Models against scikit-learn, on one node and on four, with blocks that do not divide the rows.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use nums::metrics::{accuracy, log_loss, r2, roc_auc};
use nums::models::{
    FitWarning, LinearModel, LinearRegression, LogisticRegression, Predictor, Reason, Solver,
};
use nums::preprocessing::StandardScaler;
use nums::{DType, DistArray, Error, Index, Session};
use serde_json::Value;

fn golden() -> Value {
    serde_json::from_str(include_str!("golden/linear_models.json")).unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
}

/// One node and four, the default blocks and blocks of a few rows.
fn sessions() -> Vec<Session> {
    let one = Session::builder().nodes(1).places(64);
    let four = Session::builder().nodes(4).places(64);
    let tiny = four.clone().block_bytes_min(4096);
    [one, four, tiny].map(|builder| builder.embedded().unwrap()).into()
}

/// The features and the classes of the breast cancer data.
fn data(session: &Session) -> (DistArray, DistArray) {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/data/breast_cancer.csv");
    let table = session.read_csv(path).skip_lines(1).header(false).read().wait().unwrap();
    assert_eq!(table.values().shape(), [569, 31]);
    (columns(table.values(), 0, 30), table.column("30").unwrap())
}

fn columns(x: &DistArray, start: isize, stop: isize) -> DistArray {
    let taken = Index::Slice { start: Some(start), stop: Some(stop), step: 1 };
    x.index(&[Index::Ellipsis, taken]).unwrap()
}

fn scaled(session: &Session) -> (DistArray, DistArray) {
    let (x, y) = data(session);
    let scaler = StandardScaler::new().fit(&x).wait().unwrap();
    (scaler.transform(&x).unwrap(), y)
}

/// The largest difference from the golden numbers, relative to the largest of them.
fn distance(predictor: &Predictor, golden: &Value) -> f64 {
    let mut wanted = numbers(&golden["coefficients"]);
    wanted.push(golden["intercept"].as_f64().unwrap());
    let found = predictor.coefficients.iter().chain([&predictor.intercept]);
    let largest = wanted.iter().fold(0.0, |most: f64, number| most.max(number.abs()));
    let differences = found.zip(&wanted).map(|(found, wanted)| (found - wanted).abs());
    differences.fold(0.0, f64::max) / largest
}

#[test]
fn the_scaler_is_scikit_learns() {
    let golden = golden();
    for session in sessions() {
        let scaler = StandardScaler::new().fit(&data(&session).0).wait().unwrap();
        for (found, wanted) in [(&scaler.mean, &golden["mean"]), (&scaler.scale, &golden["scale"])]
        {
            for (found, wanted) in found.iter().zip(numbers(wanted)) {
                assert!((found - wanted).abs() <= 1e-13 * wanted.abs(), "{found} {wanted}");
            }
        }
    }
}

#[test]
fn constant_columns_are_only_shifted() {
    let session = Session::embedded(2).unwrap();
    // A tenth is not exact, so the variance of the column is not quite 0.
    let x = session.full(&[1000, 2], 0.1).unwrap();
    let scaler = StandardScaler::new().fit(&x).wait().unwrap();
    assert_eq!(scaler.scale.to_vec(), [1.0, 1.0]);
    let vector = session.ones(&[3]).unwrap();
    let refused = StandardScaler::new().fit(&vector).wait().unwrap_err();
    assert_eq!(refused.to_string(), "StandardScaler: expected a matrix, got shape (3,)");
    let none = session.zeros(&[0, 3]).unwrap();
    let refused = StandardScaler::new().fit(&none).wait().unwrap_err();
    assert_eq!(refused, Error::NoRows { op: "StandardScaler" });
}

#[test]
fn logistic_regression_is_scikit_learns() {
    let golden = golden();
    let mut bits: Vec<Vec<u64>> = Vec::new();
    for session in sessions() {
        let (x, y) = scaled(&session);
        // All fits at the same time.
        let fits: Vec<_> = golden["logistic"]
            .as_array()
            .unwrap()
            .iter()
            .map(|golden| {
                let model = LogisticRegression::new().c(golden["C"].as_f64().unwrap());
                let model = model.intercept(golden["fit_intercept"].as_bool().unwrap());
                (golden, model.tolerance(1e-12).fit(&x, &y))
            })
            .collect();
        for (golden, fit) in fits {
            let model = fit.wait().unwrap();
            let report = &model.convergence;
            assert!(report.converged(), "{report}");
            assert_eq!(report.objectives.len(), report.iterations + 1);
            assert!(
                report.objectives.is_sorted_by(|left, right| *right <= left + 1e-15),
                "{report}"
            );
            assert!(report.gradient <= 1e-12 && report.iterations <= 12, "{report}");
            let distance = distance(&model.predictor, golden);
            assert!(distance < 1e-9, "C = {}: {distance:e}\n{report}", golden["C"]);
            let p = model.predict_proba(&x).wait().unwrap();
            let classes = model.predict(&x).wait().unwrap();
            let scores = [
                (model.score(&x, &y).wait().unwrap(), "accuracy", 0.0),
                (accuracy(&y, &classes).wait().unwrap(), "accuracy", 0.0),
                (log_loss(&y, &p).wait().unwrap(), "log_loss", 1e-12),
                (roc_auc(&y, &p).wait().unwrap(), "roc_auc", 1e-15),
            ];
            for (found, name, bound) in scores {
                let wanted = golden[name].as_f64().unwrap();
                assert!((found - wanted).abs() <= bound, "{name}: {found} {wanted}");
            }
            bits.push(model.predictor.coefficients.iter().map(|number| number.to_bits()).collect());
        }
    }
    // One node and four with the same blocks: the same bits.
    let fits = bits.len() / 3;
    assert_eq!(bits[..fits], bits[fits..2 * fits]);
}

#[test]
fn the_limited_memory_method_finds_the_same_minimum() {
    let golden = golden();
    let session = Session::embedded(2).unwrap();
    let (x, y) = scaled(&session);
    let wanted = &golden["logistic"][2];
    let model = LogisticRegression::new().solver(Solver::Lbfgs).tolerance(1e-9);
    let fitted = model.iterations_max(500).fit(&x, &y).wait().unwrap();
    assert!(fitted.convergence.converged(), "{}", fitted.convergence);
    let distance = distance(&fitted.predictor, wanted);
    assert!(distance < 1e-6, "{distance:e}\n{}", fitted.convergence);

    let short = model.iterations_max(3).fit(&x, &y).wait().unwrap().convergence;
    assert_eq!((short.reason, short.iterations), (Reason::IterationsMax, 3));
    assert!(short.gradient > 1e-9);
}

#[test]
fn a_fit_ends_where_rounding_hides_the_rest() {
    let session = Session::embedded(2).unwrap();
    let (x, y) = scaled(&session);
    let report = LogisticRegression::new().tolerance(0.0).fit(&x, &y).wait().unwrap().convergence;
    assert_eq!(report.reason, Reason::NoDecrease, "{report}");
    // One pass before the first step, one a step, and the one that found nothing better.
    assert_eq!(report.passes, report.iterations + 2, "{report}");
    assert!(report.gradient < 1e-13 && report.iterations < 20, "{report}");
}

#[test]
fn linear_regression_is_scikit_learns() {
    let golden = golden();
    for session in sessions() {
        let (x, _) = data(&session);
        let (z, _) = scaled(&session);
        let (a, b) = (columns(&z, 1, 30), x.index(&[Index::Ellipsis, Index::At(0)]).unwrap());
        for wanted in golden["linear"].as_array().unwrap() {
            let model = LinearRegression::new().ridge(wanted["alpha"].as_f64().unwrap());
            let fitted = model.fit(&a, &b).wait().unwrap();
            let (report, distance) = (&fitted.convergence, distance(&fitted.predictor, wanted));
            assert!(distance < 1e-12 && report.converged(), "{distance:e}\n{report}");
            assert!(report.passes == 2 && report.warnings.is_empty(), "{report}");
            assert!(report.gradient < 1e-12 && report.objectives[1] < report.objectives[0]);
            let (found, wanted) = (fitted.score(&a, &b).wait().unwrap(), wanted["score"].as_f64());
            assert!((found - wanted.unwrap()).abs() < 1e-12);
        }
    }
}

#[test]
fn wrong_data_is_refused_with_its_numbers() {
    let session = Session::embedded(2).unwrap();
    let vector = |numbers: &[f64]| session.from_ndarray(&ndarray::arr1(numbers)).unwrap();
    let matrix = |numbers: &[f64]| vector(numbers).reshape(&[-1, 1]).unwrap();
    let fit = |x: &DistArray, y: &DistArray| {
        LogisticRegression::new().fit(x, y).wait().unwrap_err().to_string()
    };
    let (x, y) = (matrix(&[0.0, 1.0, 2.0]), vector(&[0.0, 1.0, 1.0]));
    assert_eq!(fit(&x, &vector(&[1.0])), "LogisticRegression: shapes (3, 1) and (1,) do not match");
    let told = "labels must be 0 and 1, with at least one of each: got ";
    let labels = vector(&[0.0, 2.0, -1.0]);
    assert_eq!(fit(&x, &labels), format!("{told}1 zeros, 0 ones, 2 other values"));
    assert_eq!(fit(&x, &vector(&[1.0; 3])), format!("{told}0 zeros, 3 ones, 0 other values"));
    // What is not finite is told with the input that holds it, by every solver.
    let nan = "input X contains NaN";
    let infinity = "input X contains infinity, or a value too large for float64";
    for (wrong, told) in [(f64::NAN, nan), (f64::INFINITY, infinity), (f64::NEG_INFINITY, infinity)]
    {
        let wrong_x = matrix(&[0.0, wrong, 2.0]);
        let wrong_y = vector(&[0.0, wrong, 2.0]);
        for solver in [Solver::Newton, Solver::Lbfgs] {
            let logistic = LogisticRegression::new().solver(solver).fit(&wrong_x, &y).wait();
            assert_eq!(logistic.unwrap_err().to_string(), told);
            let linear = LinearRegression::new().solver(solver);
            assert_eq!(linear.fit(&wrong_x, &y).wait().unwrap_err().to_string(), told);
            let told = told.replace('X', "y");
            assert_eq!(linear.fit(&x, &wrong_y).wait().unwrap_err().to_string(), told);
        }
    }
    // Numbers that are finite and too large are not taken for infinities.
    let large = matrix(&[-1.7e308, 1.7e308, 1.7e308]);
    for solver in [Solver::Newton, Solver::Lbfgs] {
        let refused = LogisticRegression::new().solver(solver).fit(&large, &y).wait();
        assert!(matches!(refused, Err(Error::Overflow { .. })), "{refused:?}");
    }
    let parameter = |error: Error| matches!(error, Error::Parameter { .. });
    for wrong in [-1.0, f64::NAN, f64::INFINITY, -0.5] {
        let ridge = LinearRegression::new().ridge(wrong).fit(&x, &y).wait().unwrap_err();
        assert_eq!(
            ridge.to_string(),
            format!("ridge must be finite and not negative, got {wrong}")
        );
        assert!(parameter(
            LinearRegression::new().tolerance(wrong).fit(&x, &y).wait().unwrap_err()
        ));
        assert!(parameter(
            LogisticRegression::new().tolerance(wrong).fit(&x, &y).wait().unwrap_err()
        ));
    }
    let c = LogisticRegression::new().c(-1.0).fit(&x, &y).wait().unwrap_err();
    assert_eq!(c.to_string(), "C must be positive, got -1");
    assert!(parameter(session.random(7).normal(0.0, -1.0, &[2]).unwrap_err()));
    // And the session goes on.
    assert!(LinearRegression::new().ridge(1.0).fit(&x, &y).wait().is_ok());
}

#[test]
fn models_take_as_many_columns_as_they_were_fitted_to_and_numbers_only() {
    let session = Session::embedded(2).unwrap();
    let x = session.arange(0.0, 20.0, 1.0).unwrap().reshape(&[10, 2]).unwrap();
    let y = session.arange(0.0, 10.0, 1.0).unwrap();
    let classes = y.greater(4.5).astype(DType::Float64).unwrap();
    let scaler = StandardScaler::new().fit(&x).wait().unwrap();
    // A penalty leaves no coefficient at 0, and one of 0 would not hide what it is multiplied by.
    let linear = LinearRegression::new().ridge(1.0).fit(&x, &y).wait().unwrap();
    let logistic = LogisticRegression::new().fit(&x, &classes).wait().unwrap();
    for columns in [1, 3] {
        let other = session.ones(&[4, columns]).unwrap();
        let refused = |model| Error::Features { model, found: columns, expected: 2 };
        assert_eq!(scaler.transform(&other).unwrap_err(), refused("StandardScaler"));
        assert_eq!(scaler.inverse_transform(&other).unwrap_err(), refused("StandardScaler"));
        assert_eq!(linear.predict(&other).wait().unwrap_err(), refused("LinearRegression"));
        assert_eq!(logistic.predict(&other).wait().unwrap_err(), refused("LogisticRegression"));
        assert_eq!(
            logistic.predict_proba(&other).wait().unwrap_err(),
            refused("LogisticRegression")
        );
    }
    let vector = session.ones(&[2]).unwrap();
    assert!(matches!(scaler.transform(&vector), Err(Error::NotMatrix { .. })));
    assert!(matches!(linear.predict(&vector).wait(), Err(Error::NotMatrix { .. })));
    let nan = Error::ContainsNan { input: "X" };
    let infinity = Error::ContainsInfinity { input: "X", dtype: DType::Float64 };
    for (wrong, told) in [(f64::NAN, nan), (f64::NEG_INFINITY, infinity)] {
        let rows = ndarray::arr2(&[[1.0, 2.0], [3.0, wrong]]);
        let rows = session.from_ndarray(&rows).unwrap();
        let two = session.from_ndarray(&ndarray::arr1(&[0.0, 1.0])).unwrap();
        assert_eq!(linear.predict(&rows).wait().unwrap_err(), told);
        assert_eq!(linear.score(&rows, &two).wait().unwrap_err(), told);
        assert_eq!(logistic.predict(&rows).wait().unwrap_err(), told);
        assert_eq!(logistic.predict_proba(&rows).wait().unwrap_err(), told);
        assert_eq!(logistic.score(&rows, &two).wait().unwrap_err(), told);
        // A coefficient of 0 hides nothing.
        let coefficients = ndarray::arr1(&[0.0, 0.0]);
        let zero =
            LinearModel { predictor: Predictor { coefficients, intercept: 1.0 }, ..linear.clone() };
        assert_eq!(zero.predict(&rows).wait().unwrap_err(), told);
    }
    // What is too large for a sum is no infinity of the data.
    let predictor = Predictor { coefficients: ndarray::arr1(&[1.0, 1.0]), intercept: 0.0 };
    let large = LinearModel { predictor, ..linear };
    let far = large.predict(&session.full(&[1, 2], 1.7e308).unwrap()).wait().unwrap();
    assert_eq!(far.fetch::<f64>().wait().unwrap()[[0]], f64::INFINITY);
}

#[test]
fn the_scaler_passes_nan_by_and_refuses_infinities() {
    // scikit-learn 1.9.1: StandardScaler().fit(X), its mean_, var_, scale_ and transform(X).
    for session in sessions() {
        let nan = f64::NAN;
        let rows = ndarray::arr2(&[[1.0, nan, 1.0], [3.0, nan, nan], [5.0, nan, 3.0]]);
        let x = session.from_ndarray(&rows).unwrap();
        let fitted = StandardScaler::new().fit(&x).wait().unwrap();
        let same = |found: &[f64], wanted: &[f64]| {
            let pairs = found.iter().zip(wanted);
            let alike = |(a, b): (&f64, &f64)| a == b || a.is_nan() && b.is_nan();
            assert!(
                pairs.clone().all(alike) && found.len() == wanted.len(),
                "{found:?} {wanted:?}"
            );
        };
        same(&fitted.mean.to_vec(), &[3.0, nan, 2.0]);
        same(&fitted.variance.to_vec(), &[8.0 / 3.0, nan, 1.0]);
        same(&fitted.scale.to_vec(), &[f64::sqrt(8.0 / 3.0), nan, 1.0]);
        let scaled = fitted.transform(&x).unwrap().fetch::<f64>().wait().unwrap();
        let third = 2.0 / f64::sqrt(8.0 / 3.0);
        let wanted = [-third, nan, -1.0, 0.0, nan, nan, third, nan, 1.0];
        same(&scaled.iter().copied().collect::<Vec<_>>(), &wanted);

        for wrong in [f64::INFINITY, f64::NEG_INFINITY] {
            let x = session.from_ndarray(&ndarray::arr2(&[[nan, wrong], [2.0, 1.0]])).unwrap();
            let refused = StandardScaler::new().fit(&x).wait().unwrap_err();
            assert_eq!(refused, Error::ContainsInfinity { input: "X", dtype: DType::Float64 });
        }
        let large = session.from_ndarray(&ndarray::arr2(&[[1e200], [-1e200]])).unwrap();
        let refused = StandardScaler::new().fit(&large).wait().unwrap_err();
        assert!(matches!(refused, Error::Overflow { .. }), "{refused:?}");

        // Float32 stays; integers and booleans become float64.
        let small = session.from_ndarray(&ndarray::arr2(&[[1.0_f32], [2.0]])).unwrap();
        let fitted = StandardScaler::new().fit(&small).wait().unwrap();
        let scaled = fitted.transform(&small).unwrap();
        assert_eq!(
            scaled.fetch::<f32>().wait().unwrap(),
            ndarray::arr2(&[[-1.0], [1.0]]).into_dyn()
        );
        assert_eq!(fitted.inverse_transform(&scaled).unwrap().dtype(), DType::Float32);
        let truth = session.from_ndarray(&ndarray::arr2(&[[true], [false]])).unwrap();
        let fitted = StandardScaler::new().fit(&truth).wait().unwrap();
        let scaled = fitted.transform(&truth).unwrap().fetch::<f64>().wait().unwrap();
        assert_eq!(scaled, ndarray::arr2(&[[1.0], [-1.0]]).into_dyn());
    }
}

#[test]
fn r2_of_constant_values_is_scikit_learns() {
    // sklearn.metrics.r2_score of scikit-learn 1.9.1.
    let session = Session::embedded(2).unwrap();
    let vector = |numbers: &[f64]| session.from_ndarray(&ndarray::arr1(numbers)).unwrap();
    let score = |values: &[f64], predictions: &[f64]| {
        r2(&vector(values), &vector(predictions)).wait().unwrap()
    };
    assert_eq!(score(&[3.0; 4], &[3.0; 4]), 1.0);
    assert_eq!(score(&[3.0; 4], &[3.0, 3.0, 3.0, 3.5]), 0.0);
    assert_eq!(score(&[1.0, 2.0, 3.0], &[1.0, 2.0, 4.0]), 0.5);
    assert!(score(&[1.0], &[1.0]).is_nan());
    // A tenth is not exact, and neither is its mean.
    let tenth = session.full(&[1000], 0.1).unwrap();
    assert_eq!(r2(&tenth, &tenth).wait().unwrap(), 1.0);
    assert_eq!(r2(&tenth, &(&tenth + 1.0)).wait().unwrap(), 0.0);
    let nan = r2(&vector(&[1.0, f64::NAN]), &vector(&[1.0, 2.0])).wait().unwrap_err();
    assert_eq!(nan, Error::ContainsNan { input: "y" });

    let x = session.arange(0.0, 4.0, 1.0).unwrap().reshape(&[4, 1]).unwrap();
    let threes = session.full(&[4], 3.0).unwrap();
    let model = LinearRegression::new().fit(&x, &threes).wait().unwrap();
    assert_eq!((model.predictor.coefficients[0], model.predictor.intercept), (0.0, 3.0));
    assert_eq!(model.score(&x, &threes).wait().unwrap(), 1.0);
    assert_eq!(model.score(&x, &session.full(&[4], 2.0).unwrap()).wait().unwrap(), 0.0);
    let tenth = session.full(&[4], 0.1).unwrap();
    let model = LinearRegression::new().fit(&x, &tenth).wait().unwrap();
    assert_eq!(model.score(&x, &tenth).wait().unwrap(), 1.0);
}

/// A thousand rows whose last column is the one before plus 2, as golden/linear_models.py makes them.
fn dependent(session: &Session, seed: u64) -> (DistArray, DistArray) {
    let column = |factor: u64, modulus: u64| {
        let number = move |row: u64| ((row * factor + seed) % modulus) as f64 / modulus as f64;
        (0..1000).map(number).collect::<Vec<f64>>()
    };
    let [a, b, c] = [7, 31, 53].map(|factor| column(factor, 101));
    let x = (0..1000).flat_map(|row| [a[row], b[row], c[row], c[row] + 2.0]);
    let x = ndarray::Array2::from_shape_vec((1000, 4), x.collect()).unwrap();
    let y = ndarray::Array1::from_vec(column(17, 97));
    (session.from_ndarray(&x).unwrap(), session.from_ndarray(&y).unwrap())
}

#[test]
fn dependent_columns_get_the_shortest_coefficients_and_are_named() {
    let golden = golden();
    let mut bits: Vec<Vec<u64>> = Vec::new();
    for session in sessions() {
        for (seed, wanted) in golden["dependent"].as_array().unwrap().iter().enumerate() {
            let (x, y) = dependent(&session, seed as u64);
            let model = LinearRegression::new().fit(&x, &y).wait().unwrap();
            let distance = distance(&model.predictor, wanted);
            assert!(distance < 1e-12, "seed {seed}: {distance:e}");
            let (dependent, constant) = (vec![2, 3], vec![]);
            let warning = FitWarning::Dependent { rank: 3, columns: 4, dependent, constant };
            assert_eq!(model.convergence.warnings, [warning]);
            bits.push(model.predictor.coefficients.iter().map(|number| number.to_bits()).collect());
        }
    }
    assert_eq!(bits[..40], bits[40..80], "one node and four");
    let session = Session::embedded(2).unwrap();
    let (x, y) = dependent(&session, 0);
    let model = LinearRegression::new().fit(&x, &y).wait().unwrap();
    let told = model.convergence.to_string();
    let wanted = "X has rank 3 in 4 columns: columns 2, 3 are linear combinations of each other; the \
                  fit returns the coefficients of least norm";
    assert!(told.contains(wanted), "{told}");
    // A column of ones beside an intercept, and more columns than rows.
    let ones =
        nums::hstack(&[&columns(&x, 0, 2), &session.full(&[1000, 1], 0.1).unwrap()]).unwrap();
    let model = LinearRegression::new().fit(&ones, &y).wait().unwrap();
    assert_eq!(model.predictor.coefficients[2], 0.0);
    let (dependent, constant) = (vec![], vec![2]);
    let warning = FitWarning::Dependent { rank: 2, columns: 3, dependent, constant };
    assert_eq!(model.convergence.warnings, [warning]);
    // numpy.linalg.lstsq of the differences from the means.
    let x = session.from_ndarray(&ndarray::arr2(&[[1.0, 2.0, 0.0], [3.0, 3.0, 2.0]])).unwrap();
    let y = session.from_ndarray(&ndarray::arr1(&[1.0, 4.0])).unwrap();
    let model = LinearRegression::new().fit(&x, &y).wait().unwrap();
    let wanted = [2.0 / 3.0, 1.0 / 3.0, 2.0 / 3.0];
    for (found, wanted) in model.predictor.coefficients.iter().zip(wanted) {
        assert!((found - wanted).abs() < 1e-14, "{found} {wanted}");
    }
    assert!((model.predictor.intercept + 1.0 / 3.0).abs() < 1e-14);
}

#[test]
fn a_polynomial_of_degree_10_keeps_its_digits() {
    let golden = golden();
    let session = Session::embedded(2).unwrap();
    let point = |at: usize| at as f64 / 64.0;
    let x =
        ndarray::Array2::from_shape_fn((65, 10), |(row, power)| point(row).powi(power as i32 + 1));
    let y = ndarray::Array1::from_shape_fn(65, |row| {
        (1000.0 * (6.0 * point(row)).sin()).trunc() / 1024.0
    });
    let (x, y) = (session.from_ndarray(&x).unwrap(), session.from_ndarray(&y).unwrap());
    let model = LinearRegression::new().fit(&x, &y).wait().unwrap();
    let wanted = numbers(&golden["polynomial"]);
    let largest = wanted.iter().fold(0.0, |most: f64, number| most.max(number.abs()));
    for (found, wanted) in model.predictor.coefficients.iter().zip(&wanted[1..]) {
        // The condition of the centred columns is some 1e8.
        assert!((found - wanted).abs() < 1e-7 * largest, "{found} {wanted}");
    }
    assert!(model.convergence.warnings.is_empty(), "{}", model.convergence);
}

/// The measurements of wines, and whether they are of the first kind.
fn wine(session: &Session) -> (DistArray, DistArray) {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/wine.csv");
    let table = session.read_csv(path).header(false).read().wait().unwrap();
    assert_eq!(table.values().shape(), [178, 14]);
    (columns(table.values(), 0, 13), table.column("13").unwrap())
}

#[test]
fn columns_of_all_sizes_converge_by_both_solvers() {
    let golden = golden();
    let session = Session::embedded(2).unwrap();
    let (x, y) = wine(&session);
    for solver in [Solver::Newton, Solver::Lbfgs] {
        let model = LogisticRegression::new().solver(solver).tolerance(1e-8).iterations_max(1000);
        let fitted = model.fit(&x, &y).wait().unwrap();
        let (report, distance) =
            (&fitted.convergence, distance(&fitted.predictor, &golden["wine"]));
        assert!(report.converged() && report.warnings.is_empty(), "{solver:?} {report}");
        assert!(distance < 1e-5, "{solver:?} {distance:e}\n{report}");
        // Nearly every step is good at once.
        assert!(report.passes <= report.iterations * 5 / 4 + 10, "{report}");
    }
    // Other units of the columns change no step, where no penalty depends on them.
    let (x, y) = scaled(&session);
    let units = ndarray::Array1::from_shape_fn(30, |at| 2.0_f64.powi(40 * (at as i32 % 5 - 2)));
    let model = LogisticRegression::new().solver(Solver::Lbfgs).c(f64::INFINITY).iterations_max(40);
    let model = model.tolerance(0.0);
    let plain = model.fit(&x, &y).wait().unwrap();
    let other = x.try_mul(session.from_ndarray(&units).unwrap()).unwrap();
    let other = model.fit(&other, &y).wait().unwrap();
    assert!(plain.convergence.iterations > 10, "{}", plain.convergence);
    assert_eq!(plain.convergence.iterations, other.convergence.iterations);
    for ((found, unit), wanted) in
        other.predictor.coefficients.iter().zip(&units).zip(&plain.predictor.coefficients)
    {
        assert!((found * unit - wanted).abs() <= 1e-9 * wanted.abs(), "{found} {unit} {wanted}");
    }
}

#[test]
fn numbers_of_any_size_are_learnt_from_and_what_does_not_converge_warns() {
    let session = Session::embedded(2).unwrap();
    let x = session.arange(-10.0, 10.0, 1.0).unwrap().reshape(&[20, 1]).unwrap();
    // Two labels are swapped, so that there is a best coefficient without a penalty.
    let labels = (0..20).map(|row| f64::from(u8::from(row > 10) ^ u8::from(row == 8 || row == 12)));
    let y = session.from_ndarray(&ndarray::Array1::from_iter(labels)).unwrap();
    // Without an intercept, whose part of the gradient has another size.
    let model = LogisticRegression::new().solver(Solver::Lbfgs).c(f64::INFINITY).intercept(false);
    let fit = |size: f64, tolerance: f64| {
        let fitted = model.tolerance(tolerance).fit(&(&x * size), &y).wait().unwrap();
        (fitted.predictor.coefficients[0] * size, fitted.convergence)
    };
    let (wanted, _) = fit(1.0, 1e-8);
    for size in [1e-100, 1e-24, 1e24, 1e100] {
        let (found, report) = fit(size, 1e-8 * size);
        assert!((found / wanted - 1.0).abs() < 1e-6, "{size:e}: {found} {wanted}\n{report}");
        assert!(report.converged() && report.warnings.is_empty(), "{size:e} {report}");
    }
    // Where the gradient is as large as the data, its rounding alone is above the tolerance.
    let (found, report) = fit(1e24, 1e-4);
    assert!((found / wanted - 1.0).abs() < 1e-6, "{found} {wanted}\n{report}");
    assert!(matches!(report.warnings[..], [FitWarning::NotConverged { .. }]), "{report}");
    let hurried = model.iterations_max(1).tolerance(1e-9).fit(&x, &y).wait().unwrap().convergence;
    let [FitWarning::NotConverged { solver, reason, iterations, gradient, tolerance }] =
        hurried.warnings[..]
    else {
        panic!("{hurried}")
    };
    assert_eq!((solver, reason, iterations), ("lbfgs", Reason::IterationsMax, 1));
    assert_eq!((gradient, tolerance), (hurried.gradient, 1e-9));
    assert!(hurried.to_string().contains("lbfgs failed to converge after 1 iteration(s)"));
}

#[test]
fn newton_gives_a_singular_hessian_over_to_lbfgs_and_says_so() {
    let session = Session::embedded(2).unwrap();
    let (x, y) = scaled(&session);
    let one = columns(&x, 0, 1);
    let twice = nums::hstack(&[&one, &one]).unwrap();
    let model = LogisticRegression::new().c(f64::INFINITY).tolerance(1e-8);
    let (single, double) = (model.fit(&one, &y), model.fit(&twice, &y));
    let (single, double) = (single.wait().unwrap(), double.wait().unwrap());
    assert_eq!(double.convergence.warnings, [FitWarning::SingularHessian]);
    let [left, right] = [0, 1].map(|at| double.predictor.coefficients[at]);
    assert!((left - right).abs() < 1e-9 * left.abs());
    let wanted = single.predictor.coefficients[0];
    assert!((left + right - wanted).abs() < 1e-5 * wanted.abs(), "{left} {right} {wanted}");
}

#[test]
fn blocks_may_be_smaller_than_the_coefficients() {
    let wide = Session::embedded(2).unwrap();
    let small = Session::builder().nodes(2).block_bytes_min(64).block_bytes_max(64);
    let small = small.embedded().unwrap();
    let model = LogisticRegression::new().tolerance(1e-9);
    let fits = [&wide, &small].map(|session| {
        let (x, y) = wine(session);
        let x = StandardScaler::new().fit(&x).wait().unwrap().transform(&x).unwrap();
        let fitted = model.fit(&x, &y).wait().unwrap();
        let linear = LinearRegression::new().fit(&x, &y).wait().unwrap();
        assert!(fitted.convergence.converged() && linear.convergence.warnings.is_empty());
        let mut all = fitted.predictor.coefficients.to_vec();
        all.extend(linear.predictor.coefficients);
        all
    });
    for (left, right) in fits[0].iter().zip(&fits[1]) {
        assert!((left - right).abs() < 1e-9, "{left} {right}");
    }
}

#[test]
fn a_newton_step_reads_each_block_of_x_once_and_moves_little() {
    for nodes in [2, 4] {
        let session = Session::builder().nodes(nodes).places(64).block_bytes_min(4096);
        let session = session.embedded().unwrap();
        let (x, y) = scaled(&session);
        session.eval(&[&x, &y]).wait().unwrap();
        let model = LogisticRegression::new();
        let text = model.explain_step(&x, &y).wait().unwrap();
        let partials: Vec<_> = text.lines().filter(|line| line.contains("glm-partial")).collect();
        let blocks = x.grid().blocks();
        assert!(blocks > 16 && partials.len() == blocks, "{blocks} blocks\n{text}");
        // Each partial names its block of X first, and no other task reads one.
        let reads: Vec<_> = partials
            .iter()
            .map(|line| line.split("reads ").nth(1).unwrap().split('@').next().unwrap())
            .collect();
        let mut different = reads.clone();
        different.sort();
        different.dedup();
        assert_eq!(different.len(), blocks, "{text}");
        for read in different {
            let readers = text.lines().filter(|line| {
                line.split("reads ").nth(1).is_some_and(|list| {
                    list.split(", ").any(|own| own.split('@').next() == Some(read))
                })
            });
            assert_eq!(readers.count(), 1, "{read} in\n{text}");
        }

        // What a fit of one step really moved: its last plan is the step.
        let before = session.plans().wait().unwrap().len();
        model.iterations_max(1).fit(&x, &y).wait().unwrap();
        let plans = session.plans().wait().unwrap();
        let (d, k) = (31, nodes as u64);
        let bound = (k - 1) * (d * d + 2 * d + 4) * 8;
        let step = plans[before..].iter().rev().find(|plan| {
            plan.nodes.iter().map(|(_, _, measured)| measured.tasks).sum::<u64>()
                >= 2 * blocks as u64
        });
        let moved: u64 = step.unwrap().nodes.iter().map(|(_, _, measured)| measured.bytes_in).sum();
        assert!(
            moved > 0 && moved <= bound,
            "{nodes} nodes moved {moved} bytes, the bound is {bound}"
        );
    }
}

#[test]
fn a_split_takes_every_row_once_and_is_the_same_on_any_nodes() {
    let mut tests = Vec::new();
    for session in sessions() {
        let x = session.arange(0.0, 2001.0, 1.0).unwrap().reshape(&[667, 3]).unwrap();
        let y = session.arange(0.0, 667.0, 1.0).unwrap();
        let split = nums::preprocessing::train_test_split(&x, &y, 0.3, 5).unwrap();
        let fetch = |array: &DistArray| -> Vec<f64> {
            array.fetch::<f64>().wait().unwrap().iter().copied().collect()
        };
        let (train, test) = (fetch(&split.y_train), fetch(&split.y_test));
        assert_eq!((train.len(), test.len()), (466, 201));
        for (rows, labels) in [(&split.x_train, &train), (&split.x_test, &test)] {
            let wanted: Vec<f64> =
                labels.iter().flat_map(|y| [3.0 * y, 3.0 * y + 1.0, 3.0 * y + 2.0]).collect();
            assert_eq!(fetch(rows), wanted);
        }
        let mut all = [train, test.clone()].concat();
        all.sort_by(f64::total_cmp);
        assert!(all.iter().copied().eq((0..667).map(f64::from)));
        tests.push(test);
        let refused = nums::preprocessing::train_test_split(&x, &y, 1.0, 5).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "test_share must be a share that leaves rows in both parts, got 1"
        );
    }
    assert!(tests[0] == tests[1] && tests[1] == tests[2]);
    assert!(!tests[0].is_sorted());
}

#[test]
fn linear_regression_learns_from_numbers_of_any_size() {
    let session = Session::embedded(2).unwrap();
    let random = session.random(3);
    let x = random.uniform(0.0, 1.0, &[60, 3]).unwrap();
    let weights = [1.0, -2.0, 3.0];
    let y = x.dot(&session.from_ndarray(&ndarray::arr1(&weights)).unwrap());
    for (of_x, of_y) in [(1.0, 1e154), (1.0, 1e-200), (1e160, 1.0), (1e200, 1e-100), (1e-200, 1.0)]
    {
        let fitted = LinearRegression::new().fit(&(&x * of_x), &(&y * of_y)).wait().unwrap();
        for (found, wanted) in fitted.predictor.coefficients.iter().zip(weights) {
            let found = found * of_x / of_y;
            assert!(
                (found / wanted - 1.0).abs() < 1e-12,
                "{of_x:e}, {of_y:e}: {found} for {wanted}"
            );
        }
        assert!(
            (fitted.predictor.intercept / of_y).abs() < 1e-12,
            "{}",
            fitted.predictor.intercept
        );
        assert!(fitted.convergence.warnings.is_empty(), "{}", fitted.convergence);
    }
}
