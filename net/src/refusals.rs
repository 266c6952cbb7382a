//! How much is written about those who are turned away: strangers do not fill disks.

use std::time::{Duration, Instant};

/// Lines that may be written at once.
const LINES_MAX: u32 = 32;
/// After so long there may be one more.
const LINE_EVERY: Duration = Duration::from_secs(1);

/// The lines that may be written: a few for those who come at once, and then one a second.
#[derive(Debug)]
pub(crate) struct RefusalLines {
    left: u32,
    /// When the last one was given back.
    since: Instant,
    /// Refusals without a line since the last one that had one.
    unwritten: u64,
}

/// A line that may be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    /// Refusals before it that had none, if there were any.
    pub(crate) unwritten: Option<u64>,
}

impl RefusalLines {
    pub(crate) fn new(now: Instant) -> RefusalLines {
        RefusalLines { left: LINES_MAX, since: now, unwritten: 0 }
    }

    /// A line for a refusal, if there is one.
    pub(crate) fn take(&mut self, now: Instant) -> Option<Line> {
        let given = now.saturating_duration_since(self.since).as_secs() / LINE_EVERY.as_secs();
        let given = u32::try_from(given).unwrap_or(LINES_MAX).min(LINES_MAX);
        if given > 0 {
            (self.left, self.since) = ((self.left + given).min(LINES_MAX), now);
        }
        if self.left == 0 {
            self.unwritten += 1;
            return None;
        }
        self.left -= 1;
        let unwritten = std::mem::take(&mut self.unwritten);
        Some(Line { unwritten: (unwritten > 0).then_some(unwritten) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_gets_a_few_lines_and_then_one_a_second_that_counts_the_others() {
        let start = Instant::now();
        let mut lines = RefusalLines::new(start);
        let written = (0..1000).filter(|_| lines.take(start).is_some()).count();
        assert_eq!(written, LINES_MAX as usize);
        let later = start + LINE_EVERY;
        let unwritten = Some(1000 - u64::from(LINES_MAX));
        assert_eq!(lines.take(later), Some(Line { unwritten }));
        assert_eq!(lines.take(later), None);
        let much_later = start + 3600 * LINE_EVERY;
        assert_eq!(lines.take(much_later), Some(Line { unwritten: Some(1) }));
        let written = (0..1000).filter(|_| lines.take(much_later).is_some()).count();
        assert_eq!(written, LINES_MAX as usize - 1);
    }
}
