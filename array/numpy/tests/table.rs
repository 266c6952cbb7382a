//! The table of functions, its texts, and the pages that are made of it.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use nums_numpy::{Member, documented, module, modules, page, table};
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

#[test]
fn every_function_has_a_text_with_an_example() {
    for entry in table() {
        let name = format!("{}.{}", entry.module, entry.function.name);
        let supported = !entry.help.paragraph.starts_with("Not supported");
        assert!(entry.help.paragraph.ends_with('.'), "{name}: {:?}", entry.help.paragraph);
        assert!(entry.help.example.starts_with(">>> ") || !supported, "{name}");
        let first = entry.function.signature().text();
        assert!(first.starts_with(&format!("{}(", entry.function.name)), "{first}");
    }
    assert!(table().len() > 200, "{}", table().len());
}

#[test]
fn every_text_is_of_a_function_or_class() {
    for (name, _) in documented() {
        let (owner, last) = name.rsplit_once('.').unwrap();
        let listed = table().iter().any(|one| (one.module, one.function.name) == (owner, last));
        let class = module(owner).and_then(|owner| owner.member(last));
        assert!(listed || matches!(class, Some(Member::Class(_))), "{name}");
    }
}

#[test]
fn every_name_of_a_module_stands_for_something() {
    for module in modules() {
        for name in module.names() {
            assert!(module.member(name).is_some(), "{}.{name}", module.name);
        }
    }
}

/// `UPDATE_EXPECT=1` writes the page.
#[test]
fn the_page_for_numpy_users_is_the_table() {
    let path = root().join("array/for_numpy_users.md");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(&path, page()).unwrap();
    }
    let page = page();
    let written = std::fs::read_to_string(&path).unwrap();
    let differ = std::iter::zip(written.lines(), page.lines()).find(|(one, other)| one != other);
    assert_eq!(differ, None, "write the page with UPDATE_EXPECT=1");
    assert_eq!(written, page);
    for entry in table() {
        assert!(page.contains(&format!("| `{}` |", entry.function.signature().text())));
    }
}

/// What the page names as NumPy's in its columns is there, but for what Rust alone has.
#[test]
fn what_the_page_says_of_numpy_is_in_the_table() {
    let text = std::fs::read_to_string(root().join("array/for_numpy_users.rs")).unwrap();
    let mut names = 0;
    for row in text.lines().filter_map(|line| line.strip_prefix("//! | ")) {
        let column = row.split(" | ").next().unwrap();
        for part in column.split("np.").skip(1) {
            let letters = |letter: char| !letter.is_ascii_alphanumeric() && !"_.".contains(letter);
            let name = part.split(letters).next().unwrap();
            let full = format!("numpy.{name}");
            let (owner, last) = full.rsplit_once('.').unwrap();
            let there = module(owner).unwrap().member(last).is_some();
            let instead = nums_numpy::missing(owner, last).is_some();
            assert!(there || instead || name == "result_type", "{name}");
            names += 1;
        }
    }
    assert!(names > 50, "{names}");
}
