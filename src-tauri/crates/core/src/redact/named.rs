//! Values whose name says that they are secret: `password=…`, `"access_token": "…"`, `X-API-Key: …`, `--token …`.

use super::{REDACTED, pattern::Pattern};

/// See [`super::is_secret_name`].
pub(super) fn is_secret_name(name: &str) -> bool {
    let name = name.trim_matches(['-', '.', '_']);
    let innocent = ["PWD", "OLDPWD"].contains(&name)
        || ["Error", "Exception", "Warning", ".py"].iter().any(|end| name.ends_with(end));
    if innocent {
        return false;
    }
    let lower = name.to_ascii_lowercase().replace(['-', '.', ' '], "_");
    if WORDS.iter().any(|word| lower.contains(word)) {
        return true;
    }
    let looks_like_env = !name.bytes().any(|b| b.is_ascii_lowercase());
    let mut before = "";
    for part in lower.split('_') {
        let secret = match part {
            "pass" | "pwd" | "sessionid" | "apikey" | "authorization" => true,
            "key" | "keys" => looks_like_env || BEFORE_KEY.contains(&before),
            "id" => before == "session",
            _ => false,
        };
        if secret {
            return true;
        }
        before = part;
    }
    false
}

/// `--password value`.
pub(super) fn flags(text: &str) -> Option<String> {
    FLAG.replace(text, |found| {
        let (flag, name, value) = (found.get(1)?.as_str(), found.get(2)?.as_str(), found.get(3)?.as_str());
        (is_secret_name(name) && value != REDACTED).then(|| format!("{flag}{REDACTED}"))
    })
}

/// `name=value`, `name: value`, `"name": "value"` and the like.
pub(super) fn values(text: &str) -> Option<String> {
    let mut out = String::new();
    let (mut copied, mut from) = (0, 0);
    while let Some(found) = NAME.captures_at(text, from) {
        let (Some(whole), Some(name), Some(sign)) = (found.get(0), found.get(1), found.get(2)) else { break };
        from = whole.end();
        if !is_secret_name(name.as_str()) {
            continue;
        }
        let rest = text.get(whole.end()..).unwrap_or_default();
        let line = rest.split(['\n', '\r']).next().unwrap_or_default();
        let before = text.get(..whole.start()).unwrap_or_default();
        let reach = reach_of(name.as_str(), sign.as_str(), before);
        let Some((start, end)) = value_in(line, reach) else { continue };
        // « Tests pass: 41 of 41 » tells of no password.
        let value = line.get(start..end).unwrap_or_default();
        if name.as_str().eq_ignore_ascii_case("pass")
            && sign.as_str() == ":"
            && value.bytes().all(|b| b.is_ascii_digit())
        {
            continue;
        }
        out.push_str(text.get(copied..whole.end() + start).unwrap_or_default());
        out.push_str(REDACTED);
        copied = whole.end() + end;
        from = copied;
    }
    if copied == 0 {
        return None;
    }
    out.push_str(text.get(copied..).unwrap_or_default());
    Some(out)
}

/// How far an unquoted value goes.
#[derive(Clone, Copy, PartialEq)]
enum Reach {
    /// To the next blank.
    Word,
    /// `Bearer abc`: two words where the first is a scheme.
    Scheme,
    /// To the end of the line.
    Line,
}

fn reach_of(name: &str, sign: &str, before: &str) -> Reach {
    let lower = name.to_ascii_lowercase();
    if lower == "cookie" || lower == "set-cookie" {
        return Reach::Line;
    }
    if lower.ends_with("authorization") {
        return Reach::Scheme;
    }
    let line_start = before.rsplit(['\n', '\r']).next().unwrap_or_default().trim_start();
    let env = sign == "=" && !name.bytes().any(|b| b.is_ascii_lowercase());
    if env && ["", "export ", "- "].contains(&line_start) { Reach::Line } else { Reach::Word }
}

/// Where in `line` the secret itself lies; nothing where there is none.
fn value_in(line: &str, reach: Reach) -> Option<(usize, usize)> {
    let unprefixed = line.trim_start_matches(['b', 'B', 'u', 'U', 'r', 'R', 'f', 'F']);
    let quoted = if unprefixed.starts_with(['"', '\'', '`', '\\']) && line.len() - unprefixed.len() <= 2 {
        unprefixed
    } else {
        line
    };
    let skipped = line.len() - quoted.len();
    let bare = quoted.trim_start_matches('\\');
    let slashes = quoted.len() - bare.len();
    let (start, end) = match bare.chars().next()? {
        quote @ ('"' | '\'' | '`') => {
            let start = slashes + quote.len_utf8();
            let inner = quoted.get(start..)?;
            (skipped + start, skipped + start + quoted_length(inner, quote, slashes))
        }
        '{' => return None,
        '[' if !line.starts_with(REDACTED) => (0, line.find(']').map_or(line.len(), |at| at + 1)),
        _ => match reach {
            Reach::Line => (0, line.trim_end().len()),
            Reach::Word => (0, word_length(line)),
            Reach::Scheme => (0, scheme_length(line)),
        },
    };
    let value = line.get(start..end)?;
    let innocent = value.is_empty()
        || value == REDACTED
        || INNOCENT.iter().any(|word| value.eq_ignore_ascii_case(word))
        || value == "[]";
    (!innocent).then_some((start, end))
}

/// The length of a quoted value up to its closing quote, which has as many backslashes as the opening one had.
fn quoted_length(inner: &str, quote: char, slashes: usize) -> usize {
    let mut run = 0;
    for (at, c) in inner.char_indices() {
        if c == quote && run <= slashes && (slashes > 0 || run == 0) {
            return at - run;
        }
        if c == '\\' {
            run += 1;
            // Unescaped quotes outside: a backslash hides what follows it, another backslash too.
            if slashes == 0 && run == 2 {
                run = 0;
            }
        } else {
            run = 0;
        }
    }
    inner.len()
}

fn word_length(line: &str) -> usize {
    let end =
        line.char_indices().find(|(at, c)| ends_word(*c, line.get(at + c.len_utf8()..).unwrap_or_default()));
    let word = line.get(..end.map_or(line.len(), |(at, _)| at)).unwrap_or_default();
    if let Some(after) = word.strip_prefix(REDACTED)
        && after.trim_start_matches(CLOSERS).is_empty()
    {
        return REDACTED.len();
    }
    word.trim_end_matches(CLOSERS).len()
}

/// Whether an unquoted value ends at `c`, with `after` behind it.
fn ends_word(c: char, after: &str) -> bool {
    match c {
        c if c.is_whitespace() => true,
        // A quote that closes what the whole stands in; not one inside the value.
        '"' | '\'' | '`' => after.chars().next().is_none_or(|n| n.is_whitespace() || ",;:)}]".contains(n)),
        '&' | ',' | ';' => {
            let name = after.trim_start_matches(|n: char| n.is_ascii_alphanumeric() || "_-.\"".contains(n));
            name.len() < after.len() && name.starts_with(['=', ':'])
        }
        _ => false,
    }
}

fn scheme_length(line: &str) -> usize {
    let (scheme, after) = line.split_once([' ', '\t']).unwrap_or((line, ""));
    if scheme.eq_ignore_ascii_case("digest") {
        return line.trim_end().len();
    }
    if !SCHEMES.iter().any(|s| scheme.eq_ignore_ascii_case(s)) {
        return word_length(line);
    }
    let value = after.trim_start();
    line.len() - value.len() + word_length(value)
}

/// Closing marks that are not taken for a part of an unquoted value.
const CLOSERS: [char; 8] = [',', ';', ')', '}', ']', '>', '"', '\''];
const SCHEMES: [&str; 7] = ["bearer", "basic", "token", "negotiate", "apikey", "ntlm", "jwt"];
/// Values that tell something and hide nothing.
const INNOCENT: [&str; 9] = ["null", "none", "true", "false", "undefined", "str", "int", "bool", "=="];
const WORDS: [&str; 14] = [
    "password",
    "passwd",
    "passphrase",
    "passcode",
    "secret",
    "token",
    "credential",
    "cookie",
    "apikey",
    "privatekey",
    "accesskey",
    "signingkey",
    "encryptionkey",
    "sessionkey",
];
/// What makes a key a secret one; a primary key or a cache key is none.
const BEFORE_KEY: [&str; 12] = [
    "api",
    "private",
    "access",
    "encryption",
    "signing",
    "auth",
    "jwt",
    "master",
    "ssh",
    "session",
    "license",
    "fernet",
];

static NAME: Pattern = Pattern::new(r#"([A-Za-z0-9_.\-]+)\\*["'`]?[ \t]*(=>|:=|=|:)[ \t]*"#);
static FLAG: Pattern = Pattern::new(r#"(--([A-Za-z0-9_\-]+)[ \t]+)([^ \t\r\n"'\-][^ \t\r\n"']*)"#);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_patterns_compile() {
        for p in [&NAME, &FLAG] {
            assert!(p.compile_error().is_none(), "{:?}", p.compile_error());
        }
    }

    #[test]
    fn names_that_hide_a_secret_are_known() {
        for name in [
            "password",
            "POSTGRES_PASSWORD",
            "db_pass",
            "Pwd",
            "SECRET_KEY",
            "JWT_SIGNING_KEY",
            "apiKey",
            "X-API-Key",
            "api.key",
            "access_token",
            "refreshToken",
            "KEY",
            "TLS_KEY",
            "session_id",
            "client-secret",
            "Cookie",
            "GITHUB_TOKEN",
            "Authorization",
        ] {
            assert!(is_secret_name(name), "{name}");
        }
        for name in [
            "key",
            "primary_key",
            "PWD",
            "OLDPWD",
            "KEYBOARD_LAYOUT",
            "monkey",
            "user",
            "InvalidTokenError",
            "author",
            "token.py",
            "id",
            "passed",
            "",
            "bypass_count",
        ] {
            assert!(!is_secret_name(name), "{name}");
        }
    }
}
