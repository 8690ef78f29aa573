//! Words that several rooms put beside their numbers.

/// `1 warning`, `2 warnings`, for words whose plural is an `s`.
pub fn counted(n: impl Into<u64>, word: &str) -> String {
    match n.into() {
        1 => format!("1 {word}"),
        n => format!("{n} {word}s"),
    }
}

/// [`counted`] of a length.
pub(crate) fn counted_len(n: usize, word: &str) -> String {
    counted(n as u64, word)
}

/// With a capital letter at its beginning.
pub(crate) fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|c| c.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #[test]
    fn one_is_singular() {
        for (n, text) in [(0_u32, "0 lines"), (1, "1 line"), (2, "2 lines")] {
            assert_eq!(super::counted(n, "line"), text);
        }
    }
}
