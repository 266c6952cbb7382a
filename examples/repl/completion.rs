//! Completion at the prompt: names, attributes, keyword arguments and commands.

use crate::{attribute, builtins, commands, value::Value};
use std::collections::BTreeMap;

/// Words of the language that may begin or join an expression.
const KEYWORDS: &[&str] = &[
    "False", "None", "True", "and", "assert", "break", "continue", "def", "del", "elif", "else",
    "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal",
    "not", "or", "pass", "raise", "return", "try", "while",
];

/// What the word that ends at the end of `line` may become: where it begins, and what it can be.
pub(crate) fn complete(line: &str, names: &BTreeMap<String, Value>) -> (usize, Vec<String>) {
    let start = line
        .rfind(|letter: char| !letter.is_alphanumeric() && letter != '_')
        .map_or(0, |at| at + line[at..].chars().next().map_or(1, char::len_utf8));
    let (before, word) = line.split_at(start);
    let mut found: Vec<String> = Vec::new();
    if let Some(command) = line.strip_prefix('%').filter(|_| !before.contains(' ')) {
        found.extend(commands::NAMES.iter().map(|name| name.to_string()));
        found.retain(|name| name.starts_with(command));
        return (1, found);
    }
    if let Some(owner) = before.strip_suffix('.') {
        let owner_start = owner
            .rfind(|letter: char| !letter.is_alphanumeric() && letter != '_' && letter != '.')
            .map_or(0, |at| at + owner[at..].chars().next().map_or(1, char::len_utf8));
        if let Some(owner) = resolve(&owner[owner_start..], names) {
            found.extend(attribute::names(&owner).into_iter().map(str::to_owned));
        }
    } else {
        if let Some(function) = called(before).and_then(|name| resolve(name, names)) {
            found.extend(keyword_arguments(&function));
        }
        found.extend(names.keys().cloned());
        found.extend(
            builtins::names().into_iter().chain(KEYWORDS.iter().copied()).map(str::to_owned),
        );
    }
    found.retain(|name| name.starts_with(word) && (!name.starts_with('_') || !word.is_empty()));
    found.sort();
    found.dedup();
    (start, found)
}

/// The value of a name with attributes; nothing is computed for it.
fn resolve(path: &str, names: &BTreeMap<String, Value>) -> Option<Value> {
    let mut parts = path.split('.');
    let first = parts.next()?;
    let mut value = names.get(first).cloned().or_else(|| builtins::find(first))?;
    for part in parts {
        value = attribute::attribute(&value, part).ok()?;
    }
    Some(value)
}

/// The function whose argument list is open at the end of a text.
fn called(text: &str) -> Option<&str> {
    let mut depth = 0;
    for (at, letter) in text.char_indices().rev() {
        match letter {
            ')' | ']' | '}' => depth += 1,
            '(' if depth == 0 => {
                let before = text[..at].trim_end();
                let start = before
                    .rfind(|letter: char| {
                        !letter.is_alphanumeric() && letter != '_' && letter != '.'
                    })
                    .map_or(0, |at| at + before[at..].chars().next().map_or(1, char::len_utf8));
                return Some(&before[start..]).filter(|name| !name.is_empty());
            }
            '(' | '[' | '{' => depth -= 1,
            _ => {}
        }
        if depth < 0 {
            return None;
        }
    }
    None
}

fn keyword_arguments(function: &Value) -> Vec<String> {
    match function {
        Value::Function(function) | Value::Method(_, function) => {
            function.signature().keyword_names().map(|name| format!("{name}=")).collect()
        }
        Value::Closure(closure) => {
            closure.parameter_names().into_iter().map(|name| format!("{name}=")).collect()
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::complete;
    use crate::{modules, value::Value};
    use std::collections::BTreeMap;

    #[test]
    fn names_attributes_arguments_and_commands_are_completed() {
        let mut names = BTreeMap::new();
        names.insert(
            "np".to_owned(),
            Value::Module(modules::find("numpy").expect("numpy is there")),
        );
        names.insert("points".to_owned(), Value::str("abc"));
        for (line, start, expected) in [
            ("poi", 0, "points"),
            ("x = poi", 4, "points"),
            ("np.linsp", 3, "linspace"),
            ("np.sum(points, ax", 15, "axis="),
            ("f(np.linalg.LinA", 12, "LinAlgError"),
            ("points.uppe", 7, "upper"),
            ("%expl", 1, "explain"),
            ("print(isin", 6, "isinstance"),
        ] {
            let (found_start, found) = complete(line, &names);
            assert_eq!(found_start, start, "{line}");
            assert!(found.iter().any(|name| name == expected), "{line}: {found:?}");
        }
        assert!(complete("np.zzz", &names).1.is_empty());
        assert!(complete("unknown.", &names).1.is_empty());
    }
}
