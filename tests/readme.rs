//! What the README shows is what its program prints. That the program compiles and runs is a doc test.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use nums::{Error, Session};

const README: &str = include_str!("../README.md");

/// The fenced blocks of a language.
fn blocks(language: &str) -> Vec<&'static str> {
    let opened = README.split("\n```").skip(1).step_by(2);
    opened.filter_map(|block| block.strip_prefix(language)?.strip_prefix('\n')).collect()
}

/// The program without its `main`, printing to a string.
fn program() -> Result<String, Error> {
    let session = Session::builder().nodes(2).workers(1).places(2).embedded()?;
    let x = session.arange(0.0, 1048576.0, 1.0)?.reshape(&[1024, 1024])? / 1e6;
    let deferred = session.defer();
    let y = x.dot(&x.t()) + &x;
    let plan = y.explain().wait()?;
    drop(deferred);
    let sum = y.sum().fetch::<f64>().wait()?[[]];
    Ok(format!("{plan}sum = {sum}"))
}

#[test]
fn the_plan_in_the_readme_is_that_of_its_program() {
    let source = blocks("rust")[0];
    let statements: Vec<&str> =
        source.lines().map(str::trim).filter(|line| line.starts_with("let ")).collect();
    assert!(statements.len() >= 3, "{source}");
    for statement in statements {
        assert!(include_str!("readme.rs").contains(statement), "{statement:?} is not run here");
    }
    let shown = blocks("text").into_iter().find(|text| text.starts_with("plan policy")).unwrap();
    assert_eq!(shown, program().unwrap());
}
