//! Python's format specifications: `{x:>10.3f}`.
//!
//! Source: the format specification mini-language of the Python library reference.

use nums_numpy::format::{Width, float_repr};
use thiserror::Error;

/// A specification that was read: `[[fill]align][sign][#][0][width][,][.precision][type]`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Specification {
    fill: char,
    align: Option<char>,
    sign: Option<char>,
    alternate: bool,
    zero: bool,
    width: usize,
    grouping: Option<char>,
    precision: Option<usize>,
    /// The letter at the end.
    pub(crate) form: Option<char>,
}

/// Why a value cannot be written as asked: Python's words.
#[derive(Debug, PartialEq, Eq, Error)]
pub(crate) enum SpecificationError {
    /// The text is no specification.
    #[error("Invalid format specifier '{text}' for object of type '{kind}'")]
    Invalid {
        /// The specification.
        text: String,
        /// The class of the value.
        kind: &'static str,
    },
    /// The form does not fit the value.
    #[error("Unknown format code '{form}' for object of type '{kind}'")]
    Form {
        /// The letter.
        form: char,
        /// The class of the value.
        kind: &'static str,
    },
    /// Whole numbers have no digits after the point.
    #[error("Precision not allowed in integer format specifier")]
    Precision,
}

/// The widest field and the most digits.
const FIELD_MAX: usize = 1 << 16;

impl Specification {
    /// Reads a specification for a value of a class.
    pub(crate) fn read(
        text: &str,
        kind: &'static str,
    ) -> Result<Specification, SpecificationError> {
        let invalid = || SpecificationError::Invalid { text: text.to_owned(), kind };
        let letters: Vec<char> = text.chars().collect();
        let is_align =
            |at: usize| letters.get(at).filter(|letter| "<>=^".contains(**letter)).copied();
        let (mut at, mut fill, mut align) = (0, ' ', None);
        if let Some(found) = is_align(1) {
            (at, fill, align) = (2, letters[0], Some(found));
        } else if let Some(found) = is_align(0) {
            (at, align) = (1, Some(found));
        }
        let take = |at: &mut usize, among: &str| {
            let found = letters.get(*at).copied().filter(|letter| among.contains(*letter));
            *at += usize::from(found.is_some());
            found
        };
        let number = |at: &mut usize| -> Option<usize> {
            let digits: String =
                letters[*at..].iter().take_while(|letter| letter.is_ascii_digit()).collect();
            *at += digits.len();
            digits.parse().ok().filter(|number| *number <= FIELD_MAX)
        };
        let sign = take(&mut at, "+- ");
        let alternate = take(&mut at, "#").is_some();
        let zero = take(&mut at, "0").is_some();
        let has_width = letters.get(at).is_some_and(char::is_ascii_digit);
        let width = if has_width { number(&mut at).ok_or_else(invalid)? } else { 0 };
        let grouping = take(&mut at, ",_");
        let precision = match take(&mut at, ".") {
            Some(_) => Some(number(&mut at).ok_or_else(invalid)?),
            None => None,
        };
        let form = letters.get(at).copied();
        at += usize::from(form.is_some());
        if at != letters.len() {
            return Err(invalid());
        }
        Ok(Specification { fill, align, sign, alternate, zero, width, grouping, precision, form })
    }

    /// A text in the field.
    pub(crate) fn text(&self, text: &str) -> Result<String, SpecificationError> {
        if let Some(form) = self.form.filter(|form| *form != 's') {
            return Err(SpecificationError::Form { form, kind: "str" });
        }
        let cut: String = match self.precision {
            Some(precision) => text.chars().take(precision).collect(),
            None => text.to_owned(),
        };
        Ok(self.pad("", &cut, '<'))
    }

    /// A whole number, given by its sign and decimal digits, in the field; its other forms come as
    /// digits of their base.
    pub(crate) fn whole(&self, negative: bool, digits: &str) -> Result<String, SpecificationError> {
        if self.precision.is_some() {
            return Err(SpecificationError::Precision);
        }
        let prefix = match self.form {
            Some('x') if self.alternate => "0x",
            Some('X') if self.alternate => "0X",
            Some('o') if self.alternate => "0o",
            Some('b') if self.alternate => "0b",
            _ => "",
        };
        let group = if matches!(self.form, None | Some('d')) { 3 } else { 4 };
        let sign = self.sign_text(negative).to_owned() + prefix;
        Ok(self.number(&sign, digits, "", group))
    }

    /// A float in the field.
    pub(crate) fn float(
        &self,
        value: f64,
        kind: &'static str,
    ) -> Result<String, SpecificationError> {
        let (sign, magnitude) =
            (self.sign_text(value.is_sign_negative() && !value.is_nan()), value.abs());
        let precision = self.precision.unwrap_or(6);
        let percent = self.form == Some('%');
        let text = if !magnitude.is_finite() {
            let text = if magnitude.is_nan() { "nan" } else { "inf" };
            text.to_owned() + if percent { "%" } else { "" }
        } else {
            match self.form {
                Some('f' | 'F') => format!("{magnitude:.precision$}"),
                Some('e' | 'E') => scientific(magnitude, precision),
                Some('%') => format!("{:.precision$}%", magnitude * 100.0),
                Some('g' | 'G' | 'n') => general(magnitude, precision.max(1), self.alternate),
                None => match self.precision {
                    // Without a form there is a digit after the point, and exponents begin earlier.
                    Some(precision) => {
                        let text = general(magnitude, precision.max(1), false);
                        let whole = !text.contains(['.', 'e']);
                        if whole && text.len() < precision.max(1) + usize::from(precision == 0) {
                            text + ".0"
                        } else if whole {
                            scientific_trimmed(magnitude, precision.max(1) - 1)
                        } else {
                            text
                        }
                    }
                    None => float_repr(magnitude, Width::Double),
                },
                Some(form) => return Err(SpecificationError::Form { form, kind }),
            }
        };
        let text = match self.form {
            Some('E' | 'G' | 'F') => text.to_uppercase(),
            _ => text,
        };
        let whole_len = text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len());
        let (whole, rest) = text.split_at(whole_len);
        Ok(self.number(sign, whole, rest, 3))
    }

    fn sign_text(&self, negative: bool) -> &'static str {
        match self.sign {
            _ if negative => "-",
            Some('+') => "+",
            Some(' ') => " ",
            _ => "",
        }
    }

    /// A number of a sign, digits before the point, and what follows.
    fn number(&self, sign: &str, whole: &str, rest: &str, group: usize) -> String {
        let zeros = self.zero && self.align.is_none();
        let Some(separator) = self.grouping else {
            let padded = match zeros || self.align == Some('=') {
                true => {
                    let fill = if zeros { '0' } else { self.fill };
                    let len = sign.len() + whole.len() + rest.len();
                    let more: String =
                        std::iter::repeat_n(fill, self.width.saturating_sub(len)).collect();
                    return format!("{sign}{more}{whole}{rest}");
                }
                false => format!("{whole}{rest}"),
            };
            return self.pad(sign, &padded, '>');
        };
        let mut digits = whole.to_owned();
        if zeros {
            // Zeros are grouped with the digits until the field is full.
            while sign.len() + grouped(&digits, separator, group).len() + rest.len() < self.width {
                digits.insert(0, '0');
            }
        }
        self.pad(sign, &(grouped(&digits, separator, group) + rest), '>')
    }

    fn pad(&self, sign: &str, text: &str, usual: char) -> String {
        let missing = self.width.saturating_sub(sign.len() + text.chars().count());
        let fill = if self.zero && self.align.is_none() { '0' } else { self.fill };
        let filled = |count: usize| std::iter::repeat_n(fill, count).collect::<String>();
        match self.align.unwrap_or(usual) {
            '<' => format!("{sign}{text}{}", filled(missing)),
            '^' => format!("{}{sign}{text}{}", filled(missing / 2), filled(missing - missing / 2)),
            '=' => format!("{sign}{}{text}", filled(missing)),
            _ => format!("{}{sign}{text}", filled(missing)),
        }
    }
}

fn grouped(digits: &str, separator: char, group: usize) -> String {
    let mut result = String::new();
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(group) {
            result.push(separator);
        }
        result.push(digit);
    }
    result
}

/// `1.500000e+00`.
fn scientific(value: f64, precision: usize) -> String {
    let text = format!("{value:.precision$e}");
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{digits}e{sign}{:02}", exponent.unsigned_abs())
}

fn scientific_trimmed(value: f64, precision: usize) -> String {
    let text = scientific(value, precision);
    match text.split_once('e') {
        Some((digits, exponent)) => format!("{}e{exponent}", trimmed(digits)),
        None => text,
    }
}

/// So many digits in all, with an exponent where the number is large or small.
fn general(value: f64, precision: usize, keep_zeros: bool) -> String {
    let last = precision - 1;
    let rounded = format!("{value:.last$e}");
    let exponent: i32 =
        rounded.split_once('e').and_then(|(_, exponent)| exponent.parse().ok()).unwrap_or(0);
    if exponent < -4 || exponent >= precision as i32 {
        return if keep_zeros { scientific(value, last) } else { scientific_trimmed(value, last) };
    }
    let decimals = (last as i32 - exponent).max(0) as usize;
    let text = format!("{value:.decimals$}");
    if keep_zeros { text } else { trimmed(&text).to_owned() }
}

/// Without the zeros at the end of a fraction.
fn trimmed(text: &str) -> &str {
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { text }
}

#[cfg(test)]
mod tests {
    use super::Specification;

    #[test]
    fn floats_are_written_as_python_writes_them() {
        // What CPython 3.11 prints for `format(value, text)`.
        for (value, text, expected) in [
            (2.34567, ".2f", "2.35"),
            (-2.34567, "10.3f", "    -2.346"),
            (2.34567, "<10.3f", "2.346     "),
            (2.34567, "^+10.2f", "  +2.35   "),
            (2.34567, "*^10.2f", "***2.35***"),
            (1234567.891, ",.2f", "1,234,567.89"),
            (1234567.891, "015,.1f", "0,001,234,567.9"),
            (0.000012345, ".3e", "1.234e-05"),
            (0.000012345, "g", "1.2345e-05"),
            (1234567.0, "g", "1.23457e+06"),
            (123456.0, "g", "123456"),
            (0.5, "%", "50.000000%"),
            (0.1234, ".1%", "12.3%"),
            (2.0, "", "2.0"),
            (2.0, ".3", "2.0"),
            (1234.5, ".3", "1.23e+03"),
            (123.0, ".3", "1.23e+02"),
            (12.0, ".3", "12.0"),
            (-2.5, "08.2f", "-0002.50"),
            (f64::NAN, ".2f", "nan"),
            (f64::NEG_INFINITY, "8.2f", "    -inf"),
            (1e22, ".1f", "10000000000000000000000.0"),
            (0.0, ".2e", "0.00e+00"),
        ] {
            let found =
                Specification::read(text, "float").and_then(|one| one.float(value, "float"));
            assert_eq!(found.as_deref(), Ok(expected), "{value} {text}");
        }
    }

    #[test]
    fn whole_numbers_and_texts_are_written_as_python_writes_them() {
        for (negative, digits, text, expected) in [
            (false, "42", "5d", "   42"),
            (true, "42", "05d", "-0042"),
            (false, "1234567", ",", "1,234,567"),
            (false, "ff", "#x", "0xff"),
            (false, "101", "08b", "00000101"),
            (false, "7", "+", "+7"),
            (false, "7", "<4", "7   "),
        ] {
            let found =
                Specification::read(text, "int").and_then(|one| one.whole(negative, digits));
            assert_eq!(found.as_deref(), Ok(expected), "{digits} {text}");
        }
        for (value, text, expected) in [
            ("ab", "5", "ab   "),
            ("ab", ">5s", "   ab"),
            ("abcdef", ".3", "abc"),
            ("é", "-^3", "-é-"),
        ] {
            let found = Specification::read(text, "str").and_then(|one| one.text(value));
            assert_eq!(found.as_deref(), Ok(expected), "{value} {text}");
        }
        assert!(Specification::read("5.2q!", "int").is_err());
    }
}
