//! Models against scikit-learn, on one node and on four, with blocks that do not divide the rows.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use nums::metrics::{accuracy, log_loss, roc_auc};
use nums::models::{LinearRegression, LogisticRegression, Predictor, Reason, Solver};
use nums::preprocessing::StandardScaler;
use nums::{DistArray, Error, Index, KernelError, Session};
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
    assert_eq!(refused.to_string(), "StandardScaler: an array of shape (3,) is no matrix");
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
            let p = model.predict_proba(&x).unwrap();
            let scores = [
                (model.score(&x, &y).wait().unwrap(), "accuracy", 0.0),
                (accuracy(&y, &model.predict(&x).unwrap()).wait().unwrap(), "accuracy", 0.0),
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
            assert!(distance < 1e-9 && report.iterations <= 3, "{distance:e}\n{report}");
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
    assert_eq!(fit(&x, &vector(&[1.0])), "LogisticRegression: shapes (3, 1) and (1,) do not fit");
    let told = "labels must be 0 and 1, with some of both: ";
    let labels = vector(&[0.0, 2.0, f64::NAN]);
    assert_eq!(fit(&x, &labels), format!("{told}1 are 0, 0 are 1, 2 are neither"));
    assert_eq!(fit(&x, &vector(&[1.0; 3])), format!("{told}0 are 0, 3 are 1, 0 are neither"));
    for wrong in [f64::NAN, f64::INFINITY] {
        let told =
            "the objective of a linear model is not finite: the data holds NaN or infinities";
        assert_eq!(fit(&matrix(&[0.0, wrong, 2.0]), &y), told);
    }
    let c = LogisticRegression::new().c(-1.0).fit(&x, &y).wait().unwrap_err();
    assert_eq!(c.to_string(), "C of -1: it must be positive");
    // Two equal columns and no penalty: the normal equations have no unique solution.
    let twice = x.dot(&session.ones(&[1, 2]).unwrap());
    let singular = LinearRegression::new().fit(&twice, &y).wait().unwrap_err();
    let told = matches!(singular.kernel(), Some(KernelError::NotPositiveDefinite { .. }));
    assert!(told, "{singular}");
    // And the session goes on.
    assert!(LinearRegression::new().ridge(1.0).fit(&twice, &y).wait().is_ok());
}

#[test]
fn a_newton_step_reads_each_block_of_x_once_and_moves_little() {
    for nodes in [2, 4] {
        let session = Session::builder().nodes(nodes).places(64).block_bytes_min(4096);
        let session = session.embedded().unwrap();
        let (x, y) = scaled(&session);
        session.eval(&[&x, &y]).wait().unwrap();
        let model = LogisticRegression::new();
        let text = model.explain_step(&x, &y).unwrap();
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
            "test_share of 1: it must be a share that leaves rows in both parts"
        );
    }
    assert!(tests[0] == tests[1] && tests[1] == tests[2]);
    assert!(!tests[0].is_sorted());
}
