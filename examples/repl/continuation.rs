//! Whether a text at the prompt is complete, or goes on in the next line.

use ruff_python_ast::token::{Token, TokenKind};
use ruff_python_parser::{
    InterpolatedStringErrorType, LexicalErrorType, Mode, ParseError, ParseErrorType, ParseOptions,
    parse_unchecked,
};
use ruff_text_size::{Ranged, TextRange};

/// Whether what was typed so far goes on in the next line: a bracket or a triple-quoted string is
/// open, or the line ends with a backslash.
pub(crate) fn continues(text: &str) -> bool {
    let parsed = parse_unchecked(text, ParseOptions::from(Mode::Module));
    last_open(parsed.tokens()).is_some()
        || text.trim_end_matches([' ', '\t']).ends_with('\\')
        || parsed.errors().iter().any(|error| is_open_string(error, text))
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
        for text in ["f(", "x = [1,\n2", "{", "'''a", "r\"\"\"a", "x[(1)", "1 + \\", "f'''a\n'"] {
            assert!(continues(text), "{text:?}");
        }
        for text in ["f()", "x = )", "'''a'''", "'a", "", "x = [1,\n2]", "'('", "# (", "1 +"] {
            assert!(!continues(text), "{text:?}");
        }
    }

    #[test]
    fn the_innermost_open_bracket_is_named() {
        let text = "x = (1, [2, (3)\n";
        assert_eq!(open_bracket(text).map(|range| usize::from(range.start())), Some(8));
        assert_eq!(open_bracket("(1)"), None);
    }
}
