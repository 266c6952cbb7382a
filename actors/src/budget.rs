//! The memory budget of a node for blocks: parsing, and the default from the machine's memory.
//!
//! Units are powers of 1024, as in Docker's `--memory`, systemd and the JVM. So 4G, 4GB and 4GiB are all 4 x 2^30 bytes,
//! which `ps`, `free` and `top` also call 4 GiB.

use crate::machine;
use nums_lshs::readable_bytes;
use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;
use thiserror::Error;

/// The default share of the machine's memory for the nodes of a process, in percent. The rest is for the work space of
/// kernels, for results that the program holds, and for other programs.
const PERCENT: f64 = 80.0;

/// The memory budget of a node for blocks.
///
/// ```
/// use nums_actors::Budget;
///
/// assert_eq!("256M".parse(), Ok(Budget::Bytes(256 << 20)));
/// assert_eq!("1.5GiB".parse(), Ok(Budget::Bytes(3 << 29)));
/// assert_eq!("4096".parse(), Ok(Budget::Bytes(4096)));
/// assert_eq!("80%".parse(), Ok(Budget::Percent(80.0)));
/// assert_eq!("80%".parse(), Ok(Budget::default()));
/// let refused = "much".parse::<Budget>().unwrap_err();
/// assert_eq!(refused.to_string(), "expected bytes such as 256M, 4GiB or 268435456, or a part of the machine's memory such as 80%, got \"much\"");
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Budget {
    /// A number of bytes for each node.
    Bytes(u64),
    /// A part of the memory of the machine or, if it is smaller, of the process's control group. The nodes of one process
    /// share it.
    Percent(f64),
}

/// A text that is not an amount of memory.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum BudgetError {
    /// The text is neither a number of bytes nor a percentage.
    #[error(
        "expected bytes such as 256M, 4GiB or 268435456, or a part of the machine's memory such as 80%, got {text:?}"
    )]
    Unreadable {
        /// The text.
        text: String,
    },
    /// The text is not a number of bytes, and a percentage is not allowed.
    #[error("expected bytes such as 64K, 2MiB or 65536, got {text:?}")]
    NotBytes {
        /// The text.
        text: String,
    },
    /// The amount is 0 or more than all memory.
    #[error("expected more than 0, and at most 100% of the machine's memory, got {text:?}")]
    OutOfRange {
        /// The text.
        text: String,
    },
}

impl Budget {
    /// The bytes of each node if `nodes` nodes share this process.
    ///
    /// For a percentage, this reads a few small files of the system.
    ///
    /// ```
    /// use nums_actors::Budget;
    ///
    /// assert_eq!(Budget::Bytes(1 << 20).bytes(4), 1 << 20);
    /// let (whole, quarter) = (Budget::Percent(40.0).bytes(1), Budget::Percent(40.0).bytes(4));
    /// assert!(quarter.abs_diff(whole / 4) <= 1);
    /// ```
    pub fn bytes(self, nodes: usize) -> u64 {
        match self {
            Budget::Bytes(bytes) => bytes,
            Budget::Percent(percent) => {
                let share = machine::memory_bytes() as f64 * percent / 100.0;
                ((share / nodes.max(1) as f64) as u64).max(1)
            }
        }
    }
}

impl Default for Budget {
    /// 80 % of the machine's memory.
    fn default() -> Budget {
        Budget::Percent(PERCENT)
    }
}

impl fmt::Display for Budget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Budget::Bytes(bytes) => f.write_str(&readable_bytes(*bytes)),
            Budget::Percent(percent) => write!(f, "{percent}%"),
        }
    }
}

impl From<u64> for Budget {
    fn from(bytes: u64) -> Budget {
        Budget::Bytes(bytes)
    }
}

impl TryFrom<&str> for Budget {
    type Error = BudgetError;

    fn try_from(text: &str) -> Result<Budget, BudgetError> {
        text.parse()
    }
}

impl From<Infallible> for BudgetError {
    fn from(never: Infallible) -> BudgetError {
        match never {}
    }
}

impl FromStr for Budget {
    type Err = BudgetError;

    fn from_str(text: &str) -> Result<Budget, BudgetError> {
        let unreadable = || BudgetError::Unreadable { text: text.to_owned() };
        let Some(percent) = text.trim().strip_suffix('%') else {
            return parse_bytes(text).map(Budget::Bytes).map_err(|error| match error {
                BudgetError::NotBytes { .. } => unreadable(),
                other => other,
            });
        };
        let percent: f64 = percent.trim_end().parse().map_err(|_| unreadable())?;
        match percent > 0.0 && percent <= 100.0 {
            true => Ok(Budget::Percent(percent)),
            false => Err(BudgetError::OutOfRange { text: text.to_owned() }),
        }
    }
}

/// Parses a positive number of bytes such as 64K, 2MiB or 65536. Units are powers of 1024.
///
/// # Errors
/// If the text is not a number of bytes, or is 0.
///
/// ```
/// use nums_actors::parse_bytes;
///
/// assert_eq!(parse_bytes("64K"), Ok(65536));
/// assert_eq!(parse_bytes("64 kb"), Ok(65536));
/// assert_eq!(parse_bytes("64KiB"), Ok(65536));
/// assert!(parse_bytes("80%").is_err());
/// ```
pub fn parse_bytes(text: &str) -> Result<u64, BudgetError> {
    let text = text.trim();
    match parse_size::Config::new().with_binary().parse_size(text) {
        Ok(0) => Err(BudgetError::OutOfRange { text: text.to_owned() }),
        Ok(bytes) => Ok(bytes),
        Err(_) => Err(BudgetError::NotBytes { text: text.to_owned() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_those_of_docker_and_of_ps() {
        let bytes = |text: &str| match text.parse() {
            Ok(Budget::Bytes(bytes)) => bytes,
            other => panic!("{text}: {other:?}"),
        };
        for text in [
            "256M",
            "256m",
            "256MB",
            "256mb",
            "256MiB",
            "256 M",
            " 256M ",
            "268435456",
            "268435456b",
        ] {
            assert_eq!(bytes(text), 256 << 20, "{text}");
        }
        assert_eq!(
            (bytes("1k"), bytes("4GiB"), bytes("2T"), bytes("0.5G")),
            (1 << 10, 4 << 30, 2 << 40, 1 << 29)
        );
    }

    #[test]
    fn what_is_no_budget_is_refused_with_what_was_written() {
        for text in ["", "M", "4X", "-1", "1,5G", "%", "x%", "NaN%", "99999999999999999999"] {
            let refused = text.parse::<Budget>().unwrap_err();
            assert!(refused.to_string().contains(&format!("{text:?}")), "{refused}");
        }
        for text in ["0", "0M", "0%", "-5%", "101%", "inf%"] {
            let refused = text.parse::<Budget>();
            assert_eq!(refused, Err(BudgetError::OutOfRange { text: text.to_owned() }));
        }
        assert!(matches!(parse_bytes("80%"), Err(BudgetError::NotBytes { .. })));
    }

    #[test]
    fn a_budget_is_told_as_it_was_understood() {
        assert_eq!("256MB".parse::<Budget>().unwrap().to_string(), "256.0 MiB");
        assert_eq!(Budget::default().to_string(), "80%");
    }

    #[test]
    fn nodes_of_one_process_share_what_the_machine_has() {
        let all = machine::memory_bytes();
        let each = Budget::Percent(50.0).bytes(4);
        assert!(each * 4 <= all / 2 && each * 4 + 4 > all / 2 - 4, "{each} of {all}");
    }
}
