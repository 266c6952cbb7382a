//! The header of a `.npy` file: what its elements are, their order, and the shape.
//!
//! Behind the magic string, the version and the length stands the text of a Python dict with three entries.

use std::io::Read;

const MAGIC: &[u8] = b"\x93NUMPY";
/// The data begins at a multiple of this, so that it can be mapped into memory.
const ALIGNMENT: usize = 64;

/// What the header says.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Header {
    /// NumPy's description of the elements: the text of a string, or the source of anything else.
    pub(super) descr: String,
    /// Whether the first axis varies fastest.
    pub(super) fortran_order: bool,
    pub(super) shape: Vec<usize>,
}

impl Header {
    /// Reads a header, and leaves the reader where the elements begin.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(super) fn read(mut reader: impl Read) -> Result<Header, String> {
        let mut start = [0; MAGIC.len() + 2];
        reader.read_exact(&mut start).map_err(|_| "it has no header".to_owned())?;
        let (magic, version) = start.split_at(MAGIC.len());
        if magic != MAGIC {
            return Err("it does not begin with \\x93NUMPY".to_owned());
        }
        let len_bytes = match version[0] {
            1 => 2,
            2 | 3 => 4,
            major => return Err(format!("expected version 1, 2 or 3, got {major}")),
        };
        let cut = |_| "its header is cut off or too long".to_owned();
        let mut len = [0; 4];
        reader.read_exact(&mut len[..len_bytes]).map_err(cut)?;
        let mut text = String::new();
        let len = u64::from(u32::from_le_bytes(len));
        reader.take(len).read_to_string(&mut text).map_err(cut)?;
        if (text.len() as u64) < len {
            return Err(cut(std::io::ErrorKind::UnexpectedEof.into()));
        }
        Header::parse(&text).ok_or_else(|| format!("its header is {:?}", text.trim_end()))
    }

    fn parse(text: &str) -> Option<Header> {
        let entries = text.trim().strip_prefix('{')?.strip_suffix('}')?;
        let (mut descr, mut fortran_order, mut shape) = (None, None, None);
        let mut rest = entries.trim();
        while !rest.is_empty() {
            let (entry, after) = split_first(rest)?;
            let (key, value) = entry.split_once(':')?;
            let value = value.trim();
            match unquoted(key.trim())? {
                "descr" => descr = Some(unquoted(value).unwrap_or(value).to_owned()),
                "fortran_order" => {
                    fortran_order = Some(match value {
                        "True" => true,
                        "False" => false,
                        _ => return None,
                    });
                }
                "shape" => shape = Some(tuple(value)?),
                _ => return None,
            }
            rest = after.trim_start();
        }
        Some(Header { descr: descr?, fortran_order: fortran_order?, shape: shape? })
    }

    /// The bytes of the header of an array in C order, as NumPy writes them.
    pub(super) fn to_bytes(descr: &str, shape: &[usize]) -> Vec<u8> {
        let lengths: Vec<String> = shape.iter().map(usize::to_string).collect();
        let comma = if shape.len() == 1 { "," } else { "" };
        let shape = format!("({}{comma})", lengths.join(", "));
        let dict = format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}");
        // Version 1 has two bytes for the length; an array has too few axes for more.
        let before = MAGIC.len() + 4;
        let whole = (before + dict.len() + 1).next_multiple_of(ALIGNMENT);
        let len = (whole - before) as u16;
        let mut bytes = [MAGIC, &[1, 0], &len.to_le_bytes(), dict.as_bytes()].concat();
        bytes.resize(whole - 1, b' ');
        bytes.push(b'\n');
        bytes
    }
}

/// The text before the first comma that stands outside of brackets and strings, and what stands behind it.
fn split_first(text: &str) -> Option<(&str, &str)> {
    let (mut depth, mut quote) = (0_usize, None);
    for (at, char) in text.char_indices() {
        match (quote, char) {
            (Some(open), _) if char == open => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(char),
            (None, '(' | '[' | '{') => depth += 1,
            (None, ')' | ']' | '}') => depth = depth.checked_sub(1)?,
            (None, ',') if depth == 0 => return Some((&text[..at], &text[at + 1..])),
            _ => {}
        }
    }
    (depth == 0 && quote.is_none()).then_some((text, ""))
}

/// The text of a string.
fn unquoted(text: &str) -> Option<&str> {
    let quoted = |quote| text.strip_prefix(quote)?.strip_suffix(quote);
    quoted('\'').or_else(|| quoted('"'))
}

/// The lengths of a shape.
fn tuple(text: &str) -> Option<Vec<usize>> {
    let inside = text.strip_prefix('(')?.strip_suffix(')')?.trim();
    let inside = inside.strip_suffix(',').unwrap_or(inside);
    if inside.is_empty() {
        return Some(Vec::new());
    }
    // Python 2 wrote an L behind long integers.
    inside.split(',').map(|len| len.trim().trim_end_matches('L').parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_read_as_they_are_written() {
        for shape in [&[][..], &[3], &[2, 3, 4]] {
            let bytes = Header::to_bytes("<f8", shape);
            assert_eq!(bytes.len() % ALIGNMENT, 0);
            let header = Header { descr: "<f8".into(), fortran_order: false, shape: shape.into() };
            assert_eq!(Header::read(&bytes[..]), Ok(header));
            assert!(Header::read(&bytes[..bytes.len() - 1]).is_err());
        }
    }

    #[test]
    fn entries_come_in_any_order_and_form() {
        let text = " {\"shape\": ( 5 , 7L), 'descr': [('a', '<f8'), ('b', '<i4')], 'fortran_order':True}\n";
        let descr = "[('a', '<f8'), ('b', '<i4')]".to_owned();
        let header = Header { descr, fortran_order: true, shape: vec![5, 7] };
        assert_eq!(Header::parse(text), Some(header));
        for wrong in [
            "",
            "{}",
            "{'descr': '<f8', 'fortran_order': False}",
            "{'descr': '<f8', 'fortran_order': 0, 'shape': ()}",
            "{'descr': '<f8', 'fortran_order': False, 'shape': (-1,)}",
            "{'descr': '<f8', 'fortran_order': False, 'shape': (1,}",
            "{'descr': '<f8', 'fortran_order': False, 'shape': 1}",
            "{'descr': '<f8', 'fortran_order': False, 'shape': (1,), 'more': 2}",
        ] {
            assert_eq!(Header::parse(wrong), None, "{wrong}");
        }
    }
}
