//! The Python package under CPython, where there is one with NumPy 2: the scripts of the prompt print the same, and
//! tests/python_package/check.py holds the protocols.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Scripts that print what the package has otherwise, and why.
const OTHERWISE: [&str; 1] = [
    // `type(scalar)`: a scalar that is still to come has a class of its own.
    "integers",
];

/// A Python from 3.11 on that has NumPy 2: `NUMS_PYTHON`, or `python3`.
fn python() -> Option<String> {
    let python = std::env::var("NUMS_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let check = "import numpy, sys; sys.exit(not numpy.__version__.startswith('2.') or sys.version_info < (3, 11))";
    let found = Command::new(&python).args(["-c", check]).output().ok()?;
    if !found.status.success() {
        println!("SKIPPED: no python3 from 3.11 on with NumPy 2; NUMS_PYTHON names one");
        eprintln!(
            "SKIPPED: the tests of the Python package need a python3 from 3.11 on with NumPy 2"
        );
        return None;
    }
    Some(python)
}

/// A folder with the package as this build makes it.
fn package() -> tempfile::TempDir {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let own = std::env::current_exe().unwrap();
    let profile = own.ancestors().nth(2).unwrap();
    let mut build = Command::new(env!("CARGO"));
    // With the features of dependencies that the tests have, so that nothing else is built again.
    build.args(["build", "--quiet", "--workspace", "--lib", "--tests", "--target-dir"]);
    build.arg(profile.parent().unwrap());
    if profile.ends_with("release") {
        build.arg("--release");
    }
    assert!(build.current_dir(root).status().unwrap().success());
    let folder = tempfile::tempdir().unwrap();
    copy(&root.join("array/python/nums"), &folder.path().join("nums"));
    let name = format!("{}_nums{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX);
    std::fs::copy(profile.join(name), folder.path().join("nums/_nums.abi3.so")).unwrap();
    folder
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

fn run(python: &str, package: &Path, script: &Path) -> Output {
    let mut command = Command::new(python);
    command.args(["-B", "-W", "ignore"]).arg(script);
    command.env("PYTHONPATH", package).env("NUMS_NODES", "2").env("NUMS_MEMORY", "1GiB");
    command.current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap()
}

#[test]
fn the_package_is_what_its_users_expect() {
    let Some(python) = python() else { return };
    let package = package();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");

    let output = run(&python, package.path(), &root.join("python_package/check.py"));
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    assert!(String::from_utf8_lossy(&output.stdout).ends_with(" checks\n"));

    let files = std::fs::read_dir(root.join("scripts")).unwrap().map(|entry| entry.unwrap().path());
    let mut scripts: Vec<PathBuf> =
        files.filter(|path| path.extension().is_some_and(|extension| extension == "py")).collect();
    scripts.sort();
    let mut compared = 0;
    for script in scripts {
        let name = script.file_stem().unwrap().to_str().unwrap();
        let Ok(expected) = std::fs::read_to_string(script.with_extension("expected")) else {
            continue;
        };
        if OTHERWISE.contains(&name) {
            continue;
        }
        let text = std::fs::read_to_string(&script).unwrap();
        let text = text.replace("import numpy as np\n", "import nums.numpy as np\n");
        let own = package.path().join(format!("{name}.py"));
        std::fs::write(&own, text).unwrap();
        let output = run(&python, package.path(), &own);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert_eq!(String::from_utf8_lossy(&output.stdout), expected, "{name}: {errors}");
        compared += 1;
    }
    assert!(compared > 30, "{compared}");
}
