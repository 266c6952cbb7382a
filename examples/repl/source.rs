//! A piece of Python text with the name it goes by, and the places in it.

use ruff_text_size::TextRange;

/// What is being run: a file, a pipe, or what was typed at the prompt.
pub(crate) struct Source {
    /// How a traceback names it.
    pub(crate) name: String,
    pub(crate) text: String,
}

/// One line of a source, and the part of it that is meant.
#[derive(Debug, PartialEq)]
pub(crate) struct Place<'a> {
    /// Counted from one.
    pub(crate) line: usize,
    /// The line without the spaces around it.
    pub(crate) text: &'a str,
    /// Characters of `text` before the part.
    pub(crate) column: usize,
    /// Characters of the part on this line, at least one.
    pub(crate) width: usize,
}

impl Source {
    /// The line on which `range` starts; a range of several lines is cut at the end of the first.
    pub(crate) fn place(&self, range: TextRange) -> Place<'_> {
        let start = self.text.floor_char_boundary(range.start().to_usize());
        let end = self.text.floor_char_boundary(range.end().to_usize());
        let line_start = self.text[..start].rfind('\n').map_or(0, |newline| newline + 1);
        let line_end =
            self.text[start..].find('\n').map_or(self.text.len(), |length| start + length);
        let line_text = &self.text[line_start..line_end];
        let text = line_text.trim_start();
        let text_start = line_start + line_text.len() - text.len();
        let text = text.trim_end();
        let column = self.text[text_start.min(start)..start].chars().count();
        let width = self.text[start..end.clamp(start, line_end)].trim_end().chars().count();
        let line = 1 + self.text[..line_start].matches('\n').count();
        Place { line, text, column, width: width.max(1) }
    }
}

#[cfg(test)]
mod tests {
    use super::{Place, Source};
    use ruff_text_size::TextRange;

    fn place(text: &str, part: &str) -> (usize, String, usize, usize) {
        let source = Source { name: "test".to_owned(), text: text.to_owned() };
        let start = text.find(part).expect("the part is in the text");
        let range = TextRange::new(
            u32::try_from(start).expect("short").into(),
            u32::try_from(start + part.len()).expect("short").into(),
        );
        let Place { line, text, column, width } = source.place(range);
        (line, text.to_owned(), column, width)
    }

    #[test]
    fn columns_count_characters_without_the_indent() {
        assert_eq!(place("a\n  b = é + cd\n", "cd"), (2, "b = é + cd".to_owned(), 8, 2));
    }

    #[test]
    fn a_part_of_several_lines_ends_with_its_first() {
        assert_eq!(place("f(a,\n  b)\n", "(a,\n  b)"), (1, "f(a,".to_owned(), 1, 3));
    }

    #[test]
    fn the_end_of_the_text_is_a_place() {
        let source = Source { name: "test".to_owned(), text: "x =".to_owned() };
        let place = source.place(TextRange::empty(3.into()));
        assert_eq!(place, Place { line: 1, text: "x =", column: 3, width: 1 });
    }
}
