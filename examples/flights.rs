//! Which flights arrive more than 15 minutes late? Logistic regression on what is known when a flight has departed.
//!
//! `cargo run --release --example flights -- flights.csv.gz`; examples/data/README.md says where the file comes from.

use clap::Parser;
use nums::metrics::{accuracy, log_loss, roc_auc};
use nums::models::LogisticRegression;
use nums::preprocessing::{StandardScaler, train_test_split};
use nums::{DType, Error, Session};
use std::path::PathBuf;
use std::time::Instant;

#[derive(Parser)]
struct Options {
    /// The flights of nycflights13 as CSV, plain or gzipped.
    path: PathBuf,
    /// Nodes in this process.
    #[arg(long, default_value_t = 4)]
    nodes: usize,
    /// Keeps the training data and the coefficients as .npy files in this folder.
    #[arg(long)]
    save: Option<PathBuf>,
}

/// What is known before departure, and the delay of the departure. Carrier and origin are text.
const FEATURES: [&str; 9] = [
    "month",
    "day",
    "hour",
    "minute",
    "sched_arr_time",
    "dep_delay",
    "distance",
    "carrier",
    "origin",
];

/// Prints how long a stage took and what it gave, and returns its seconds.
fn told(stage: &str, begun: Instant, text: &str) -> f64 {
    let seconds = begun.elapsed().as_secs_f64();
    println!("{stage:<12} {seconds:>7.3} s   {text}");
    seconds
}

fn main() -> Result<(), Error> {
    let options = Options::parse();
    let session = Session::embedded(options.nodes)?;

    let begun = Instant::now();
    let columns = [&FEATURES[..], &["arr_delay"]].concat();
    let reader = session.read_csv(&options.path).columns(&columns).one_hot(&["carrier", "origin"]);
    let table = reader.drop_missing(&["arr_delay"]).read().wait()?;
    let x = table.columns(&FEATURES)?;
    let y = table.column("arr_delay")?.greater(15.0).astype(DType::Float64)?;
    session.eval(&[&x, &y]).wait()?;
    let [rows, columns] = [x.shape()[0], x.shape()[1]];
    told("read", begun, &format!("{rows} flights that arrived, {columns} columns"));

    let begun = Instant::now();
    let split = train_test_split(&x, &y, 0.25, 13)?;
    session.eval(&[&split.x_train, &split.x_test, &split.y_train, &split.y_test]).wait()?;
    let tests = split.y_test.size();
    told("split", begun, &format!("{} training rows, {tests} test rows", rows - tests));

    let begun = Instant::now();
    let scaler = StandardScaler::new().fit(&split.x_train).wait()?;
    let (x_train, x_test) = (scaler.transform(&split.x_train)?, scaler.transform(&split.x_test)?);
    session.eval(&[&x_train, &x_test]).wait()?;
    told("standardize", begun, "each column to mean 0 and deviation 1");

    let begun = Instant::now();
    let regression = LogisticRegression::new().tolerance(1e-10);
    let model = regression.fit(&x_train, &split.y_train).wait()?;
    let iterations = model.convergence.iterations;
    let seconds = told("fit", begun, &format!("{iterations} iterations of Newton's method"));

    let begun = Instant::now();
    let probabilities = model.predict_proba(&x_test).wait()?;
    let classes = model.predict(&x_test).wait()?;
    let accuracy = accuracy(&split.y_test, &classes);
    let log_loss = log_loss(&split.y_test, &probabilities);
    let roc_auc = roc_auc(&split.y_test, &probabilities);
    let scores = [accuracy.wait()?, log_loss.wait()?, roc_auc.wait()?];
    told("evaluate", begun, "the test rows");

    print!("\n{}", model.convergence);
    let [accuracy, log_loss, roc_auc] = scores;
    println!("\nTest set: accuracy {accuracy:.4}, log-loss {log_loss:.4}, ROC-AUC {roc_auc:.4}");
    let late = y.mean().fetch::<f64>().wait()?[[]];
    println!(
        "({:.4} of all flights were on time: the accuracy of always predicting that)",
        1.0 - late
    );

    if let Some(folder) = options.save {
        x_train.write_npy(folder.join("x.npy")).wait()?;
        split.y_train.write_npy(folder.join("y.npy")).wait()?;
        let mut numbers = model.predictor.coefficients.to_vec();
        numbers.extend([model.predictor.intercept, seconds]);
        let numbers = session.from_ndarray(&ndarray::Array1::from_vec(numbers))?;
        numbers.write_npy(folder.join("fit.npy")).wait()?;
    }
    Ok(())
}
