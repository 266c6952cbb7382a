//! The table as a page of the documentation.

use crate::table::{Entry, table};

/// The modules and classes of the table, each with the heading of its part of the page.
const PARTS: &[(&str, &str)] = &[
    ("numpy", "`import numpy as np`: `np.`"),
    ("numpy.linalg", "`np.linalg.`"),
    ("numpy.random", "`np.random.`"),
    ("ndarray", "Methods of arrays and scalars"),
    ("Generator", "Methods of `np.random.Generator`"),
    ("nums", "`import nums`: `nums.`"),
    ("LinearRegression", "Methods of `nums.LinearRegression`"),
    ("LogisticRegression", "Methods of `nums.LogisticRegression`"),
    ("StandardScaler", "Methods of `nums.StandardScaler`"),
];

/// All functions and methods with their signatures and what they do, as Markdown: the end of the page
/// `for_numpy_users`, which a test holds against the table.
pub fn page() -> String {
    let mut text = String::from(
        "# Every function under its NumPy name\n\n\
         What the prompt takes, and what the crate `nums-numpy` offers to other languages. `help(np.sum)` at the prompt \
         shows a whole paragraph and an example.\n",
    );
    for (module, heading) in PARTS {
        text += &format!("\n## {heading}\n\n| function | what it does |\n|---|---|\n");
        for entry in table().iter().filter(|entry| entry.module == *module) {
            text += &row(entry);
        }
    }
    text
}

fn row(entry: &Entry) -> String {
    let paragraph = entry.help.paragraph;
    let sentence = paragraph.split_once(". ").map_or(paragraph, |(first, _)| first);
    format!(
        "| `{}` | {} |\n",
        entry.function.signature().text(),
        plain(sentence.trim_end_matches('.'))
    )
}

/// A text in which Markdown finds no link, tag or column.
fn plain(text: &str) -> String {
    let parts = text.split('`').enumerate().map(|(at, part)| match at % 2 {
        0 => part.replace('[', "\\[").replace('<', "&lt;").replace('*', "\\*").replace('_', "\\_"),
        _ => format!("`{part}`"),
    });
    parts.collect::<String>().replace('|', "\\|")
}
