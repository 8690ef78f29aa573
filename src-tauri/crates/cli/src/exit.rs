//! The exit codes, which scripts rely on.

use std::process::ExitCode;

use watchkeeper_core::{checklist::ItemOutcome, verdict::Finding};

/// How the program ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// 0: it passed, or what was asked for was done.
    Pass,
    /// 1: it failed.
    Fail,
    /// 2: not proven either way, or not at its end yet.
    Inconclusive,
    /// 3: the command line or the configuration is wrong.
    Usage,
    /// 4: it could not run: the journal, a lock, a file, the network.
    CouldNotRun,
}

impl Exit {
    pub(crate) const fn code(self) -> u8 {
        match self {
            Self::Pass => 0,
            Self::Fail => 1,
            Self::Inconclusive => 2,
            Self::Usage => 3,
            Self::CouldNotRun => 4,
        }
    }

    /// Of a checklist: one failed line fails it, else one without evidence leaves it open. What waits for a person says
    /// nothing.
    pub(crate) fn of_items(outcomes: impl IntoIterator<Item = ItemOutcome>) -> Self {
        let mut exit = Self::Pass;
        for outcome in outcomes {
            match outcome {
                ItemOutcome::Failed => return Self::Fail,
                ItemOutcome::Unknown => exit = Self::Inconclusive,
                ItemOutcome::Passed | ItemOutcome::Owed => {}
            }
        }
        exit
    }
}

impl From<Finding> for Exit {
    fn from(finding: Finding) -> Self {
        match finding {
            Finding::Pass => Self::Pass,
            Finding::Fail => Self::Fail,
            Finding::Inconclusive => Self::Inconclusive,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

#[cfg(test)]
mod tests {
    use ItemOutcome::{Failed, Owed, Passed, Unknown};

    use super::*;

    const TABLE: &str = concat!(
        "  0  passed, or done\n",
        "  1  failed\n",
        "  2  not proven either way, or stopped before its end\n",
        "  3  the command line or the configuration is wrong\n",
        "  4  could not run (journal, lock, file)",
    );

    #[test]
    fn the_codes_are_those_of_the_help() {
        let help = crate::args::AFTER_LONG_HELP;
        assert!(help.contains(TABLE), "{help}");
        let all = [Exit::Pass, Exit::Fail, Exit::Inconclusive, Exit::Usage, Exit::CouldNotRun];
        for (line, exit) in TABLE.lines().zip(all) {
            assert!(line.starts_with(&format!("  {}  ", exit.code())), "{line}");
        }
        assert_eq!(TABLE.lines().count(), all.len());
    }

    #[test]
    fn one_failed_line_fails_a_checklist() {
        for (outcomes, exit) in [
            (&[][..], Exit::Pass),
            (&[Passed, Owed], Exit::Pass),
            (&[Passed, Unknown], Exit::Inconclusive),
            (&[Unknown, Failed, Passed], Exit::Fail),
        ] {
            assert_eq!(Exit::of_items(outcomes.iter().copied()), exit, "{outcomes:?}");
        }
    }
}
