//! Whether a text at the prompt is complete, or goes on in the next line.

use ruff_python_ast::token::TokenKind;
use ruff_python_parser::{
    InterpolatedStringErrorType, LexicalErrorType, Mode, ParseError, ParseErrorType, ParseOptions,
    parse_unchecked,
};

/// Whether what was typed so far goes on in the next line: a bracket or a triple-quoted string is
/// open, or the line ends with a backslash.
pub(crate) fn continues(text: &str) -> bool {
    let parsed = parse_unchecked(text, ParseOptions::from(Mode::Module));
    let mut depth = 0_usize;
    for token in parsed.tokens().iter() {
        match token.kind() {
            TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace => depth += 1,
            TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace => {
                depth = depth.saturating_sub(1);
            }
            _ => {}
        }
    }
    depth > 0
        || text.trim_end_matches([' ', '\t']).ends_with('\\')
        || parsed.errors().iter().any(|error| is_open_string(error, text))
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
    use super::continues;

    #[test]
    fn open_brackets_and_strings_go_on() {
        for text in ["f(", "x = [1,\n2", "{", "'''a", "r\"\"\"a", "x[(1)", "1 + \\", "f'''a\n'"] {
            assert!(continues(text), "{text:?}");
        }
        for text in ["f()", "x = )", "'''a'''", "'a", "", "x = [1,\n2]", "'('", "# (", "1 +"] {
            assert!(!continues(text), "{text:?}");
        }
    }
}
