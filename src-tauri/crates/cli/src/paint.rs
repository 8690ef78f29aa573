//! Colours in plain output. They only ever stress what a word says as well.

use std::fmt::Display;

/// Colours, or none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Paint {
    on: bool,
}

impl Paint {
    /// Without colours.
    #[cfg(test)]
    pub(crate) const PLAIN: Self = Self { on: false };

    /// With colours, if `wanted` and if the terminal understands them.
    pub(crate) fn new(wanted: bool) -> Self {
        #[cfg(windows)]
        let wanted = wanted && crossterm::ansi_support::supports_ansi();
        Self { on: wanted }
    }

    pub(crate) const fn is_on(self) -> bool {
        self.on
    }
    pub(crate) fn bold(self, text: impl Display) -> String {
        self.wrap("1", text)
    }
    pub(crate) fn dim(self, text: impl Display) -> String {
        self.wrap("2", text)
    }
    pub(crate) fn red(self, text: impl Display) -> String {
        self.wrap("31", text)
    }
    pub(crate) fn green(self, text: impl Display) -> String {
        self.wrap("32", text)
    }
    pub(crate) fn yellow(self, text: impl Display) -> String {
        self.wrap("33", text)
    }

    fn wrap(self, code: &str, text: impl Display) -> String {
        if self.on { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_string() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_colours_the_text_is_as_it_was() {
        assert_eq!(Paint::PLAIN.red("failed"), "failed");
        assert_eq!(Paint { on: true }.bold(7), "\u{1b}[1m7\u{1b}[0m");
    }
}
