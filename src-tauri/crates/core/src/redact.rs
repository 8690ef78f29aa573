//! Secrets are taken out where text enters.
//!
//! Better one word too many than one secret: where a name says that a secret follows, the value goes, whatever it is.

use std::borrow::Cow;

use crate::log::clean;
use pattern::Needles;
pub use structured::{redact_env, redact_json};

mod named;
pub(crate) mod pattern;
mod structured;
mod text_rules;

/// What stands in a secret's place.
pub const REDACTED: &str = "[redacted]";

/// `text` with what looks like a secret replaced by [`REDACTED`]: passwords in URLs, bearer tokens, JWTs, private keys
/// in PEM, cookies, password hashes, and the values of names such as `password`, `"api_key"` or `SECRET_KEY`.
///
/// Applying it twice changes nothing more. Give it a text of several lines whole: a private key is known by its first
/// line.
pub fn redact(text: &str) -> Cow<'_, str> {
    if !is_suspect(text) && !text_rules::is_key_material(text) {
        return Cow::Borrowed(text);
    }
    let mut clean = Cow::Borrowed(text);
    // A replacement may bring a name beside a value that was not beside it before, so look again until nothing changes.
    for _ in 0..MOST_PASSES {
        let mut changed = false;
        for rule in RULES {
            if let Some(next) = rule(&clean) {
                clean = Cow::Owned(next);
                changed = true;
            }
        }
        if !changed {
            break;
        }
    }
    clean
}

/// A text from outside, fit to be kept and shown: without escape sequences, control characters, invisible ones and
/// marks that turn the direction of writing, at most `most` characters of it, and redacted. Line breaks stay.
pub fn from_outside(text: &str, most: usize) -> String {
    // Much more than is kept need not be looked through; what begins within it is known by its name all the same.
    let cut = match text.char_indices().nth(most.saturating_mul(4)) {
        // Without the word that it cut through, which might be the half of a secret.
        Some((at, _)) => {
            let whole = text.get(..at).unwrap_or(text);
            whole.rfind(char::is_whitespace).and_then(|blank| whole.get(..blank)).unwrap_or(whole)
        }
        None => text,
    };
    let plain = visible(cut);
    let clean = redact(&plain);
    if clean.chars().nth(most).is_none() {
        return clean.into_owned();
    }
    let mut short: String = clean.chars().take(most).collect();
    short.push('…');
    short
}

/// `text` without what a terminal would swallow or obey; a name and its value that a colour code stood between stand
/// beside each other then. Line breaks and tabs stay.
pub fn visible(text: &str) -> Cow<'_, str> {
    let lines: Vec<Cow<'_, str>> = text.split('\n').map(clean).collect();
    if lines.iter().all(|line| matches!(line, Cow::Borrowed(_))) && !text.contains('\u{feff}') {
        return Cow::Borrowed(text);
    }
    Cow::Owned(lines.join("\n"))
}

/// Whether the value under `name` is taken for a secret: an environment variable, a key of a JSON object, a header.
pub fn is_secret_name(name: &str) -> bool {
    named::is_secret_name(name)
}

/// A rule gives the changed text, or nothing where it changes nothing.
type Rule = fn(&str) -> Option<String>;

const RULES: [Rule; 6] = [
    text_rules::private_keys,
    text_rules::url_passwords,
    named::flags,
    named::values,
    text_rules::shapes,
    text_rules::key_material,
];

const MOST_PASSES: usize = 8;

/// Every text with a secret that a rule knows has one of these words in it, but for keys read line by line; most log
/// lines have none and cost one look.
fn is_suspect(text: &str) -> bool {
    static WORDS: Needles = Needles::new(&[
        "pass",
        "pwd",
        "secret",
        "token",
        "key",
        "credential",
        "authorization",
        "cookie",
        "bearer",
        "session",
        "identified",
        "eyj",
        "$2",
        "$5$",
        "$6$",
        "$y$",
        "$argon",
        "$pbkdf",
        "$scrypt",
        "$bcrypt",
        "ghp_",
        "gho_",
        "ghu_",
        "ghs_",
        "ghr_",
        "_pat_",
        "akia",
        "basic",
        "glpat-",
        "xox",
        "sk_live_",
        "npm_",
        "curl",
        "κωδικ",
        "Κωδικ",
        "ΚΩΔΙΚ",
        "συνθηματικ",
        "Συνθηματικ",
    ]);
    static URL: Needles = Needles::new(&["://"]);
    WORDS.are_in(text) || (text.contains('@') && URL.are_in(text))
}

#[cfg(test)]
mod tests;
