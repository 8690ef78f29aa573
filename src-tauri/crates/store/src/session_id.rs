//! Which session ids are allowed. They come from outside and become parts of file names.

use crate::StoreError;

/// The id, if it is 1 to 64 ASCII letters, digits, `.`, `-`, `_`, begins with a letter or digit and does not end with a
/// dot (which Windows drops).
///
/// # Errors
/// [`StoreError::SessionId`].
pub fn check_session_id(id: &str) -> Result<&str, StoreError> {
    let good = (1..=64).contains(&id.len())
        && id.starts_with(|c: char| c.is_ascii_alphanumeric())
        && !id.ends_with('.')
        && id.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'));
    if good { Ok(id) } else { Err(StoreError::SessionId(id.chars().take(80).collect())) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_safe_as_parts_of_file_names() {
        for id in ["a", "2026-01-10-1630-v1.15.1", "A_b.c-9", &"x".repeat(64)] {
            assert_eq!(check_session_id(id).ok(), Some(id));
        }
        let long = "x".repeat(65);
        for id in [
            "",
            ".",
            "..",
            "../x",
            "a/b",
            "a\\b",
            "a b",
            "a:b",
            "βάρδια",
            "-a",
            "_a",
            ".a",
            "a.",
            "a\0",
            "a\n",
            "%41",
            &long,
        ] {
            assert!(matches!(check_session_id(id), Err(StoreError::SessionId(_))), "{id:?}");
        }
    }
}
