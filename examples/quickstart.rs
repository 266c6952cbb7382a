//! Logistic regression on four nodes in this process: read, standardise, fit, judge, and see what the plan cost.
//!
//! `cargo run --release --example quickstart`, with `--save FOLDER` to keep the arrays and coefficients as `.npy`.

use clap::Parser;
use nums::models::LogisticRegression;
use nums::preprocessing::StandardScaler;
use nums::{Error, Session};
use std::path::PathBuf;
use std::time::Instant;

#[derive(Parser)]
struct Options {
    /// Keeps X, y and the coefficients as .npy files in this folder.
    #[arg(long)]
    save: Option<PathBuf>,
}

fn main() -> Result<(), Error> {
    let options = Options::parse();
    let session = Session::embedded(4)?;

    // Thirty measurements of 569 tumours, and whether each is benign.
    let names: Vec<String> = (0..30).map(|column| column.to_string()).collect();
    let features: Vec<&str> = names.iter().map(String::as_str).collect();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/data/breast_cancer.csv");
    let table = session.read_csv(path).skip_lines(1).header(false).read().wait()?;
    let (x, y) = (table.columns(&features)?, table.column("30")?);
    println!("{} rows of {} features on {} nodes", x.shape()[0], x.shape()[1], session.nodes());

    let x = StandardScaler::new().fit(&x).wait()?.transform(&x)?;
    let begun = Instant::now();
    let regression = LogisticRegression::new().tolerance(1e-10);
    let model = regression.fit(&x, &y).wait()?;
    let seconds = begun.elapsed().as_secs_f64();
    print!("\n{}", model.convergence);
    println!("accuracy on the training data: {:.4}", model.score(&x, &y).wait()?);

    println!("\none step of Newton's method, as each policy places it:");
    for policy in ["lshs", "round-robin", "data-local"] {
        session.set_policy(policy)?;
        let plan = regression.explain_step(&x, &y)?;
        println!("{}", plan.lines().next().unwrap_or_default());
    }

    if let Some(folder) = options.save {
        x.write_npy(folder.join("x.npy")).wait()?;
        y.write_npy(folder.join("y.npy")).wait()?;
        let mut numbers = model.predictor.coefficients.to_vec();
        numbers.extend([model.predictor.intercept, seconds]);
        let numbers = session.from_ndarray(&ndarray::Array1::from_vec(numbers))?;
        numbers.write_npy(folder.join("fit.npy")).wait()?;
    }
    Ok(())
}
