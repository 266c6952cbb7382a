//! Logistic regression on four nodes in this process: read, standardise, fit, judge, and see what the plan cost.
//!
//! `cargo run --release --example quickstart`, with `--save FOLDER` to keep the arrays and coefficients as `.npy`.

use clap::Parser;
use nums::models::LogisticRegression;
use nums::preprocessing::StandardScaler;
use nums::{Error, Policy, Session};
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
    // Blocks of a few rows, so that even this small table is spread over all nodes.
    let session = Session::builder().nodes(4).block_bytes_min(4096).embedded()?;

    // Thirty measurements of 569 tumours, and whether each is benign.
    let names: Vec<String> = (0..30).map(|column| column.to_string()).collect();
    let features: Vec<&str> = names.iter().map(String::as_str).collect();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/data/breast_cancer.csv");
    let table = session.read_csv(path).skip_lines(1).header(false).read().wait()?;
    let (x, y) = (table.columns(&features)?, table.column("30")?);
    let ([rows, columns], nodes) = ([x.shape()[0], x.shape()[1]], session.nodes());
    println!("{rows} tumours, {columns} measurements of each, on {nodes} nodes in this process\n");

    let x = StandardScaler::new().fit(&x).wait()?.transform(&x)?;
    let begun = Instant::now();
    let regression = LogisticRegression::new().tolerance(1e-10);
    let model = regression.fit(&x, &y).wait()?;
    let seconds = begun.elapsed().as_secs_f64();
    println!("Logistic regression by Newton's method, {seconds:.3} s");
    print!("{}", model.convergence);
    println!("Accuracy on the training data: {:.4}", model.score(&x, &y).wait()?);

    println!("\nBytes that one step moves between nodes, by placement policy:");
    for policy in [Policy::Lshs, Policy::DataLocal, Policy::RoundRobin] {
        session.set_policy(policy).wait()?;
        let plan = regression.explain_step(&x, &y).wait()?;
        // The first line of a plan is its summary.
        let summary = plan.lines().next().unwrap_or_default();
        println!(
            "  {:<12} {}",
            policy.as_str(),
            summary.split("moved=").last().unwrap_or_default()
        );
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
