//! Secrets that are known by their shape.

use super::{REDACTED, pattern::Pattern};

/// Private keys in PEM, over several lines or with `\n` written out; one without an end goes to the end of the text.
pub(super) fn private_keys(text: &str) -> Option<String> {
    PRIVATE_KEY.replace(text, |_| Some(REDACTED.into()))
}

/// `scheme://user:password@host`, and `https://token@host`.
pub(super) fn url_passwords(text: &str) -> Option<String> {
    let mut out = String::new();
    let (mut copied, mut from) = (0, 0);
    while let Some(found) = URL_LOGIN.captures_at(text, from) {
        let (Some(scheme), Some(secret)) = (found.get(1), found.get(2).or_else(|| found.get(3))) else {
            break;
        };
        // `http://host:8080/a@b` is a port and a path. Another URL may begin inside the match.
        // What stands alone before a host of SSH is an account, and no token.
        let account = found.get(3).is_some() && scheme.as_str().eq_ignore_ascii_case("ssh://");
        let port_and_path = found.get(2).is_some() && is_port_and_path(secret.as_str());
        if account || port_and_path || secret.as_str() == REDACTED {
            from = scheme.end();
            continue;
        }
        out.push_str(text.get(copied..secret.start()).unwrap_or_default());
        out.push_str(REDACTED);
        copied = secret.end();
        from = copied;
    }
    if copied == 0 {
        return None;
    }
    out.push_str(text.get(copied..).unwrap_or_default());
    Some(out)
}

/// Bearer tokens, JWTs, password hashes, SQL passwords and tokens of well-known services.
pub(super) fn shapes(text: &str) -> Option<String> {
    let mut changed: Option<String> = None;
    for (pattern, keep) in SHAPES {
        let next = pattern.replace(changed.as_deref().unwrap_or(text), |found| {
            let whole = found.get(0)?.as_str();
            let kept = found.get(1).map_or("", |m| m.as_str());
            let secret = whole.strip_prefix(kept)?;
            match keep {
                Keep::Always => {}
                // « bearer authentication failed » is prose.
                Keep::UnlessWord
                    if secret.len() < 20 && !secret.bytes().any(|b| b.is_ascii_digit() || b == b'=') =>
                {
                    return None;
                }
                Keep::UnlessWord => {}
            }
            (secret != REDACTED).then(|| format!("{kept}{REDACTED}"))
        });
        changed = next.or(changed);
    }
    changed
}

/// A text that is one line of base64 and nothing else: the middle of a private key, read line by line.
pub(super) fn key_material(text: &str) -> Option<String> {
    is_key_material(text).then(|| REDACTED.into())
}

/// See [`key_material`]. A plain hexadecimal digest is none.
pub(super) fn is_key_material(text: &str) -> bool {
    let line = text.trim();
    (60..=80).contains(&line.len())
        && line.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'='))
        && line.bytes().any(|b| b.is_ascii_lowercase())
        && line.bytes().any(|b| b.is_ascii_uppercase())
        && line.bytes().any(|b| b.is_ascii_digit() || matches!(b, b'+' | b'/'))
}

fn is_port_and_path(text: &str) -> bool {
    let after = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = text.len() - after.len();
    (1..=5).contains(&digits) && after.starts_with(['/', '?', '#'])
}

/// Which matches are secrets.
#[derive(Clone, Copy)]
enum Keep {
    Always,
    UnlessWord,
}

/// The first group stays, what follows it goes.
static SHAPES: &[(&Pattern, Keep)] = &[
    (&BEARER, Keep::UnlessWord),
    (&JWT, Keep::Always),
    (&HASH, Keep::Always),
    (&SQL_PASSWORD, Keep::Always),
    (&SERVICE_TOKEN, Keep::Always),
    (&BASIC, Keep::UnlessWord),
    (&HEADER_PAIR, Keep::Always),
    (&GREEK, Keep::Always),
    (&CURL_USER, Keep::Always),
];

static PRIVATE_KEY: Pattern = Pattern::new(
    r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY[A-Z ]{0,10}-----(?s:.)*?(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY[A-Z ]{0,10}-----|\z)",
);
static URL_LOGIN: Pattern = Pattern::new(
    r#"((?i-u:[a-z][a-z0-9+.\-]*)://)(?:[^ \t\r\n/@:"'<>]*:([^ \t\r\n"'<>]+)@|([^ \t\r\n/@:"'<>\[\]]{8,}|\[redacted\])@)"#,
);
static BEARER: Pattern = Pattern::new(r"((?i-u:(?-u:\b)bearer)[ \t]+)[A-Za-z0-9._~+/=\-]{8,}");
static JWT: Pattern = Pattern::new(r"eyJ[A-Za-z0-9_\-]{4,}(?:\.[A-Za-z0-9_\-]*)+");
static HASH: Pattern = Pattern::new(
    r#"\$(?:2[abxy]?|argon2(?:id|i|d)|pbkdf2(?:-sha[0-9]+)?|scrypt|bcrypt-sha256|y|5|6)\$[^ \t\r\n"',)]+"#,
);
static SQL_PASSWORD: Pattern =
    Pattern::new(r"((?i-u:(?-u:\b)(?:password|identified[ \t]+by)[ \t]+e?)')(?:[^'\r\n]|'')+");
static SERVICE_TOKEN: Pattern = Pattern::new(
    r"(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}|AKIA[0-9A-Z]{16}|glpat-[A-Za-z0-9_\-]{16,}|xox[abeoprs]-[A-Za-z0-9\-]{10,}|sk_live_[A-Za-z0-9]{10,}|npm_[A-Za-z0-9]{30,})",
);
static BASIC: Pattern = Pattern::new(r"((?i-u:(?-u:\b)basic)[ \t]+)[A-Za-z0-9+/]{8,}={0,2}");
/// `(b'authorization', b'…')`: headers as ASGI servers print them.
static HEADER_PAIR: Pattern = Pattern::new(
    r#"((?i-u:b?['"](?:authorization|proxy-authorization|cookie|set-cookie|x-api-key|x-auth-token)['"],[ \t]*b?)['"])[^'"\r\n]+"#,
);
static GREEK: Pattern = Pattern::new(
    r#"((?:[κΚ]ωδικ(?:ός|ό|ού)|ΚΩΔΙΚΟΣ|[σΣ]υνθηματικό)(?:[ \t]+[^ \t\r\n:=]{1,30}){0,2}[ \t]*[:=][ \t]*['"]?)[^ \t\r\n'",;]+"#,
);
static CURL_USER: Pattern =
    Pattern::new(r"((?-u:\b)curl(?-u:\b)[^\r\n]*?[ \t](?:-u|--user)[ \t]+[^ \t\r\n:]+:)[^ \t\r\n]+");

#[cfg(test)]
mod tests {
    #[test]
    fn the_patterns_compile() {
        for p in
            [&super::PRIVATE_KEY, &super::URL_LOGIN].into_iter().chain(super::SHAPES.iter().map(|(p, _)| *p))
        {
            assert!(p.compile_error().is_none(), "{:?}", p.compile_error());
        }
    }
}
