//! Finding the starts of rows without parsing them.
//!
//! The rules are those of `csv-core`, which parses the rows afterwards: a quote opens only at the beginning of a field,
//! two quotes inside one stand for a quote, and lines without a byte are no rows. A stretch that begins after some
//! newline of a file may begin inside a quoted field; [`scan`] answers for both cases, and the stretch before decides.

use memchr::{memchr, memchr2, memchr3};

/// How a file separates and quotes its fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Dialect {
    pub(super) delimiter: u8,
    pub(super) quote: Option<u8>,
}

/// The rows that begin in a stretch of bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Scan {
    /// How many.
    pub(super) rows: usize,
    /// Where the first one begins.
    pub(super) first_row: Option<usize>,
    /// Where the last one begins.
    pub(super) last_row: Option<usize>,
    /// Whether the stretch ends inside a quoted field.
    pub(super) open: bool,
}

/// Finds the rows that begin in a stretch, which itself begins at a row or `inside` a quoted field.
pub(super) fn scan(bytes: &[u8], dialect: Dialect, inside: bool) -> Scan {
    let mut found = Scan::default();
    let mut at = 0;
    let mut row_is_open = inside;
    if inside {
        match dialect.quote.and_then(|quote| after_quoted(bytes, 0, quote)) {
            Some(after) => at = after,
            None => return Scan { open: true, ..found },
        }
    }
    while at < bytes.len() {
        if !row_is_open {
            if is_newline(bytes[at]) {
                at += 1;
                continue;
            }
            found.rows += 1;
            found.first_row.get_or_insert(at);
            found.last_row = Some(at);
        }
        row_is_open = false;
        match row_end(bytes, at, found.last_row, dialect) {
            Some(end) => at = end,
            None => return Scan { open: true, ..found },
        }
    }
    found
}

/// Behind the newline that ends a row, or the end of the bytes; `None` when a quote stays open.
pub(super) fn row_end(
    bytes: &[u8],
    mut at: usize,
    row_start: Option<usize>,
    dialect: Dialect,
) -> Option<usize> {
    let Some(quote) = dialect.quote else {
        return Some(
            memchr2(b'\n', b'\r', &bytes[at..]).map_or(bytes.len(), |found| at + found + 1),
        );
    };
    while let Some(found) = memchr3(b'\n', b'\r', quote, &bytes[at..]) {
        at += found;
        if bytes[at] != quote {
            return Some(at + 1);
        }
        let after_delimiter = at > 0 && bytes[at - 1] == dialect.delimiter;
        let begins_field = after_delimiter || row_start == Some(at);
        at = if begins_field { after_quoted(bytes, at + 1, quote)? } else { at + 1 };
    }
    Some(bytes.len())
}

/// Behind the quote that closes a quoted field whose text begins at `at`.
fn after_quoted(bytes: &[u8], mut at: usize, quote: u8) -> Option<usize> {
    while let Some(found) = memchr(quote, bytes.get(at..)?) {
        at += found + 1;
        if bytes.get(at) != Some(&quote) {
            return Some(at);
        }
        at += 1;
    }
    None
}

pub(super) fn is_newline(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIALECT: Dialect = Dialect { delimiter: b',', quote: Some(b'"') };

    /// The rows that `csv-core` finds.
    fn parsed_rows(text: &[u8]) -> usize {
        let mut reader = csv_core::Reader::new();
        let (mut at, mut rows) = (0, 0);
        let (mut fields, mut ends) = ([0; 256], [0; 64]);
        loop {
            let (result, read, _, _) = reader.read_record(&text[at..], &mut fields, &mut ends);
            at += read;
            match result {
                csv_core::ReadRecordResult::Record => rows += 1,
                csv_core::ReadRecordResult::End => return rows,
                _ => {}
            }
        }
    }

    #[test]
    fn rows_are_those_of_the_parser() {
        // All texts of seven bytes over the bytes that matter.
        let alphabet = *b"a,\"\n\r";
        for number in 0..alphabet.len().pow(7) {
            let byte = |place: u32| alphabet[number / alphabet.len().pow(place) % alphabet.len()];
            let text: Vec<u8> = (0..7).map(byte).collect();
            let found = scan(&text, DIALECT, false).rows;
            assert_eq!(found, parsed_rows(&text), "{:?}", String::from_utf8_lossy(&text));
        }
    }

    #[test]
    fn stretches_add_up_to_the_whole() {
        let text = b"a,\"b\nc\"\n\n\"d\"\"\n\",e\nf,g\"\nh,\"i\n\n\nj\"\nk,l";
        let whole = scan(text, DIALECT, false);
        assert_eq!((whole.rows, whole.open), (5, false));
        let after_newlines = (1..text.len()).filter(|&at| text[at - 1] == b'\n');
        for cut in after_newlines {
            let first = scan(&text[..cut], DIALECT, false);
            let second = scan(&text[cut..], DIALECT, first.open);
            assert_eq!(first.rows + second.rows, whole.rows, "cut at {cut}");
            assert!(!second.open);
            let last = second.last_row.map(|at| at + cut).or(first.last_row);
            assert_eq!(last, whole.last_row);
        }
    }

    #[test]
    fn an_open_quote_is_seen() {
        assert!(scan(b"a,\"b\n", DIALECT, false).open);
        assert!(!scan(b"a,b\"\n", DIALECT, false).open);
        let unquoted = Dialect { quote: None, ..DIALECT };
        assert_eq!(scan(b"a,\"b\nc\n", unquoted, false).rows, 2);
    }
}
