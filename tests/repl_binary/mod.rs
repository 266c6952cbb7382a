//! Where the REPL's binary is.
//!
//! `cargo test` builds the examples before it runs tests, but `cargo test --test repl` does not: then the binary may be
//! missing or older than its sources, and is built here.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;
use std::time::SystemTime;

/// A command that starts the REPL.
pub(crate) fn repl() -> Command {
    static BINARY: LazyLock<PathBuf> = LazyLock::new(binary);
    let mut command = Command::new(&*BINARY);
    command.current_dir(env!("CARGO_MANIFEST_DIR"));
    command
}

fn binary() -> PathBuf {
    // Test binaries are in target/PROFILE/deps, examples in target/PROFILE/examples.
    let own = std::env::current_exe().unwrap();
    let profile = own.ancestors().nth(2).unwrap();
    let binary = profile.join("examples").join(format!("repl{}", std::env::consts::EXE_SUFFIX));
    if !is_fresh(&binary) {
        let mut build = Command::new(env!("CARGO"));
        build.args(["build", "--quiet", "--package", "nums", "--example", "repl"]);
        build.arg("--target-dir").arg(profile.parent().unwrap());
        if profile.ends_with("release") {
            build.arg("--release");
        }
        assert!(build.current_dir(env!("CARGO_MANIFEST_DIR")).status().unwrap().success());
    }
    assert!(binary.exists(), "{} was not built", binary.display());
    binary
}

/// Whether the binary is newer than all its sources, which cargo lists in a file beside it.
fn is_fresh(binary: &Path) -> bool {
    let modified = |path: &Path| -> Option<SystemTime> { path.metadata().ok()?.modified().ok() };
    let Ok(listed) = std::fs::read_to_string(binary.with_extension("d")) else { return false };
    let Some((_, sources)) = listed.split_once(": ") else { return false };
    let built = modified(binary);
    built.is_some() && sources.split_whitespace().all(|source| modified(Path::new(source)) <= built)
}
