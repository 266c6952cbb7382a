//! Whether a text at the prompt is complete, or goes on in the next line.

use ruff_python_ast::token::{Token, TokenKind};
use ruff_python_parser::{
    InterpolatedStringErrorType, LexicalErrorType, Mode, ParseError, ParseErrorType, ParseOptions,
    parse_unchecked,
};
use ruff_text_size::{Ranged, TextRange};

/// Whether what was typed so far goes on in the next line: a bracket or a triple-quoted string is
/// open, the line ends with a backslash, or a statement with a body waits for the empty line that
/// ends it.
pub(crate) fn continues(text: &str) -> bool {
    let parsed = parse_unchecked(text, ParseOptions::from(Mode::Module));
    if text.trim_end_matches([' ', '\t']).ends_with('\\') {
        return true;
    }
    if parsed.errors().iter().any(|error| is_cut_string(error, text)) {
        return false;
    }
    let body_ends =
        text.ends_with('\n') || text.rsplit('\n').next().is_some_and(|last| last.trim().is_empty());
    last_open(parsed.tokens()).is_some()
        || begins_body(parsed.tokens()) && !body_ends
        || parsed.errors().iter().any(|error| is_open_string(error, text))
}

/// Whether the first statement is one that has a body.
fn begins_body(tokens: &[Token]) -> bool {
    let first = tokens.iter().map(|token| token.kind()).find(|kind| {
        !matches!(kind, TokenKind::Newline | TokenKind::NonLogicalNewline | TokenKind::Comment)
    });
    matches!(
        first,
        Some(
            TokenKind::If
                | TokenKind::For
                | TokenKind::While
                | TokenKind::Def
                | TokenKind::Try
                | TokenKind::With
                | TokenKind::Class
                | TokenKind::Async
                | TokenKind::At
        )
    )
}

/// The innermost bracket that is still open at the end of a text.
pub(crate) fn open_bracket(text: &str) -> Option<TextRange> {
    last_open(parse_unchecked(text, ParseOptions::from(Mode::Module)).tokens())
}

fn last_open(tokens: &[Token]) -> Option<TextRange> {
    let mut open = Vec::new();
    for token in tokens {
        match token.kind() {
            TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace => open.push(token.range()),
            TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace => drop(open.pop()),
            _ => {}
        }
    }
    open.pop()
}

/// Whether a string in single quotes has no end on its line: no further line can give it one.
fn is_cut_string(error: &ParseError, text: &str) -> bool {
    match &error.error {
        ParseErrorType::Lexical(LexicalErrorType::UnclosedStringError) => {
            !is_open_string(error, text)
        }
        ParseErrorType::Lexical(LexicalErrorType::FStringError(kind)) => {
            *kind == InterpolatedStringErrorType::UnterminatedString
        }
        _ => false,
    }
}

/// An open string in single quotes is an error; only a triple-quoted one goes on.
fn is_open_string(error: &ParseError, text: &str) -> bool {
    match &error.error {
        ParseErrorType::Lexical(LexicalErrorType::UnclosedStringError) => {
            let string = &text[error.location.start().to_usize()..];
            let quotes = string.trim_start_matches(|letter: char| letter.is_ascii_alphabetic());
            quotes.starts_with("\"\"\"") || quotes.starts_with("'''")
        }
        ParseErrorType::Lexical(LexicalErrorType::FStringError(kind)) => {
            *kind == InterpolatedStringErrorType::UnterminatedTripleQuotedString
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{continues, open_bracket};

    #[test]
    fn open_brackets_and_strings_go_on() {
        for text in
            ["f(", "x = [1,\n2", "{", "'''a", "r\"\"\"a", "x[(1)", "1 + \\", "'a\\", "f'''a\n'"]
        {
            assert!(continues(text), "{text:?}");
        }
        for text in [
            "f()",
            "x = )",
            "'''a'''",
            "'a",
            "",
            "x = [1,\n2]",
            "'('",
            "# (",
            "1 +",
            "f('a",
            "[f'a",
        ] {
            assert!(!continues(text), "{text:?}");
        }
    }

    #[test]
    fn a_body_goes_on_until_an_empty_line() {
        for text in ["for i in x:", "if a: b", "def f():\n    return 1", "try:\n  a\nexcept B:"] {
            assert!(continues(text), "{text:?}");
            assert!(!continues(&format!("{text}\n")), "{text:?} and an empty line");
        }
        assert!(!continues("format = 1"));
    }

    #[test]
    fn the_innermost_open_bracket_is_named() {
        let text = "x = (1, [2, (3)\n";
        assert_eq!(open_bracket(text).map(|range| usize::from(range.start())), Some(8));
        assert_eq!(open_bracket("(1)"), None);
    }
}
