//! The encodings of text in files.

use std::fmt;

/// The text encoding of a file.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let folder = tempfile::tempdir()?;
/// let path = folder.path().join("table.csv");
/// std::fs::write(&path, b"stra\xdfe,x\n\xe4,1\n\xf6,2\n")?;
/// let session = nums::Session::embedded(2)?;
/// let reader = session.read_csv(&path).encoding(nums::Encoding::Latin1).one_hot(&["straße"]);
/// assert_eq!(reader.read().wait()?.names(), ["straße_ä", "straße_ö", "x"]);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Encoding {
    /// UTF-8, which includes ASCII.
    #[default]
    Utf8,
    /// ISO 8859-1: each byte is the Unicode character with that number.
    Latin1,
}

/// Bytes that are not valid UTF-8. The message is Python's.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let folder = tempfile::tempdir()?;
/// # let session = nums::Session::embedded(1)?;
/// let path = folder.path().join("table.csv");
/// std::fs::write(&path, b"kind,x\nM\xfcnchen,1\n")?;
/// let refused = session.read_csv(&path).one_hot(&["kind"]).read().wait().unwrap_err();
/// assert!(refused.to_string().contains("can't decode byte 0xfc in position 1"), "{refused}");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidUtf8 {
    /// Where in the text they begin.
    pub position: usize,
    /// What is there.
    pub bytes: Vec<u8>,
    /// Why it is no character.
    pub reason: &'static str,
}

impl Encoding {
    /// Whether some bytes are text.
    pub(super) fn check(self, bytes: &[u8]) -> Result<(), InvalidUtf8> {
        match self {
            Encoding::Latin1 => Ok(()),
            Encoding::Utf8 => match std::str::from_utf8(bytes) {
                Ok(_) => Ok(()),
                Err(error) => Err(InvalidUtf8::new(bytes, error)),
            },
        }
    }

    /// The text of some bytes; what is none is marked.
    pub(super) fn text(self, bytes: &[u8]) -> String {
        match self {
            Encoding::Latin1 => bytes.iter().map(|&byte| char::from(byte)).collect(),
            Encoding::Utf8 => String::from_utf8_lossy(bytes).into_owned(),
        }
    }

    /// The bytes of a text, or `None` when it has characters that the encoding lacks.
    pub(super) fn bytes(self, text: &str) -> Option<Vec<u8>> {
        match self {
            Encoding::Latin1 => text.chars().map(|symbol| u8::try_from(symbol).ok()).collect(),
            Encoding::Utf8 => Some(text.as_bytes().to_vec()),
        }
    }
}

impl InvalidUtf8 {
    fn new(bytes: &[u8], error: std::str::Utf8Error) -> InvalidUtf8 {
        let rest = &bytes[error.valid_up_to()..];
        let (len, reason) = match error.error_len() {
            None => (rest.len(), "unexpected end of data"),
            // 0xc0, 0xc1 and what lies above 0xf4 begin no character, and neither does what may go on with one.
            Some(len) if !matches!(rest[0], 0xc2..=0xf4) => (len, "invalid start byte"),
            Some(len) => (len, "invalid continuation byte"),
        };
        InvalidUtf8 { position: error.valid_up_to(), bytes: rest[..len].to_vec(), reason }
    }
}

impl fmt::Display for InvalidUtf8 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let InvalidUtf8 { position, bytes, reason } = self;
        write!(f, "'utf-8' codec can't decode ")?;
        match bytes[..] {
            [byte] => write!(f, "byte {byte:#04x} in position {position}: {reason}"),
            _ => {
                let last = position + bytes.len() - 1;
                write!(f, "bytes in position {position}-{last}: {reason}")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_utf8_is_told_as_python_tells_it() {
        // From Python 3.11: bytes.decode().
        let told = |bytes: &[u8]| Encoding::Utf8.check(bytes).unwrap_err().to_string();
        let codec = "'utf-8' codec can't decode";
        assert_eq!(
            told(b"\xe4"),
            format!("{codec} byte 0xe4 in position 0: unexpected end of data")
        );
        assert_eq!(
            told(b"a\xe4\xb8"),
            format!("{codec} bytes in position 1-2: unexpected end of data")
        );
        assert_eq!(
            told(b"\xe4a"),
            format!("{codec} byte 0xe4 in position 0: invalid continuation byte")
        );
        assert_eq!(
            told(b"\xe4\xb8a"),
            format!("{codec} bytes in position 0-1: invalid continuation byte")
        );
        for byte in [0x80, 0xc1, 0xff] {
            let text = [b'x', byte, b'y'];
            assert_eq!(
                told(&text),
                format!("{codec} byte {byte:#04x} in position 1: invalid start byte")
            );
        }
        assert_eq!(Encoding::Utf8.check("ä€😀".as_bytes()), Ok(()));
    }

    #[test]
    fn latin_1_is_the_first_256_characters() {
        let bytes: Vec<u8> = (0..=255).collect();
        let text = Encoding::Latin1.text(&bytes);
        assert_eq!((text.chars().count(), text.chars().last()), (256, Some('ÿ')));
        assert_eq!(Encoding::Latin1.bytes(&text), Some(bytes));
        assert_eq!(Encoding::Latin1.bytes("€"), None);
    }
}
