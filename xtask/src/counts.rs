//! How many tests passed and failed, read from what test programs print.

use std::fmt;
use std::ops::AddAssign;

/// Written as the closing line of a test run: `N passed, N failed`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
}

impl Counts {
    pub(crate) const NONE: Self = Self { passed: 0, failed: 0 };
    /// What a failing step without tests of its own counts for.
    pub(crate) const ONE_FAILURE: Self = Self { passed: 0, failed: 1 };

    /// Reads `test result: ok. 3 passed; 0 failed; 0 ignored; …`.
    pub(crate) fn of_cargo_line(line: &str) -> Option<Self> {
        let (_, figures) = line.strip_prefix("test result: ")?.split_once(". ")?;
        let mut parts = figures.split("; ");
        Some(Self { passed: number(parts.next()?, " passed")?, failed: number(parts.next()?, " failed")? })
    }

    /// Reads a closing line.
    pub(crate) fn of_closing_line(line: &str) -> Option<Self> {
        let (passed, failed) = line.trim().split_once(", ")?;
        Some(Self { passed: number(passed, " passed")?, failed: number(failed, " failed")? })
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, more: Self) {
        self.passed += more.passed;
        self.failed += more.failed;
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} passed, {} failed", self.passed, self.failed)
    }
}

fn number(text: &str, unit: &str) -> Option<u64> {
    text.strip_suffix(unit)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::Counts;

    #[test]
    fn the_result_line_of_cargo_is_read() {
        let line = "test result: FAILED. 12 passed; 3 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s";
        assert_eq!(Counts::of_cargo_line(line), Some(Counts { passed: 12, failed: 3 }));
        assert_eq!(Counts::of_cargo_line("test result::reads_a_line ... ok"), None);
    }

    #[test]
    fn the_closing_line_reads_what_it_wrote() {
        let counts = Counts { passed: 40, failed: 2 };
        assert_eq!(Counts::of_closing_line(&counts.to_string()), Some(counts));
        assert_eq!(Counts::of_closing_line("40 passed, 2 failed, more"), None);
    }

    #[test]
    fn a_run_is_the_sum_of_its_parts() {
        let mut all = Counts::NONE;
        all += Counts { passed: 1, failed: 0 };
        all += Counts::ONE_FAILURE;
        assert_eq!(all.to_string(), "1 passed, 1 failed");
    }
}
