//! Every decoder of bytes from elsewhere, on its corpus, on noise, and on honest messages with some bytes changed.
//!
//! `tests/fuzz` fuzzes the same targets with an eye on what they have not yet run through; CONTRIBUTING.md says how. An
//! input that fails belongs into the corpus. `PROPTEST_CASES=1000000 cargo test --workspace --test decoders` takes some minutes.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use nums_net::fuzz::Target;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn targets() -> Vec<Target> {
    nums_net::fuzz::targets().into_iter().chain(nums_actors::fuzz::targets()).collect()
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fuzz")
}

/// What a folder holds, without what the names end in.
fn names(folder: &Path) -> BTreeSet<String> {
    let name = |path: PathBuf| path.file_stem().unwrap().to_str().unwrap().to_owned();
    std::fs::read_dir(folder).unwrap().map(|entry| name(entry.unwrap().path())).collect()
}

/// The bytes written over an honest message: three of them say where and what, or where it ends.
fn changed(honest: &[u8], noise: &[u8]) -> Vec<u8> {
    let mut changed = honest.to_vec();
    for change in noise.chunks_exact(3) {
        let at = usize::from(u16::from_le_bytes([change[0], change[1]]));
        match at % (honest.len() + 1) {
            0 => changed.truncate(usize::from(change[2])),
            at => changed.get_mut(at - 1).into_iter().for_each(|byte| *byte = change[2]),
        }
    }
    changed
}

#[test]
fn a_corpus_is_taken_or_refused_and_holds_what_is_honest() {
    for target in targets() {
        let corpus = folder().join("corpus").join(target.name);
        let mut missing = target.honest.clone();
        for file in std::fs::read_dir(&corpus).unwrap() {
            let path = file.unwrap().path();
            // Shown when the target fails.
            println!("{}", path.display());
            let bytes = std::fs::read(path).unwrap();
            target.run(&bytes);
            missing.retain(|honest| *honest != bytes);
        }
        if std::env::var_os("UPDATE_EXPECT").is_some() {
            for (number, honest) in target.honest.iter().enumerate() {
                if missing.contains(honest) {
                    std::fs::write(corpus.join(format!("honest-{number}")), honest).unwrap();
                }
            }
            missing.clear();
        }
        assert!(
            missing.is_empty(),
            "{}: {} honest messages are not in the corpus; UPDATE_EXPECT=1 writes them",
            target.name,
            missing.len()
        );
    }
}

#[test]
fn noise_and_changed_messages_are_taken_or_refused() {
    for target in targets() {
        println!("{}", target.name);
        let noise = proptest::collection::vec(any::<u8>(), 0..600);
        let run = TestRunner::default().run(&noise, |noise| {
            target.run(&noise);
            target.honest.iter().for_each(|honest| target.run(&changed(honest, &noise)));
            Ok(())
        });
        run.unwrap();
    }
}

#[test]
fn every_decoder_has_a_corpus_and_is_fuzzed() {
    let decoders: BTreeSet<_> = targets().iter().map(|target| target.name.to_owned()).collect();
    assert_eq!(names(&folder().join("corpus")), decoders);
    assert_eq!(names(&folder().join("targets")), decoders);
    let manifest = std::fs::read_to_string(folder().join("Cargo.toml")).unwrap();
    for name in decoders {
        assert!(manifest.contains(&format!("path = \"targets/{name}.rs\"")), "{name}");
    }
}
