//! The checks of single texts: each answers the text as it is kept, or what would be right.
//!
//! A message quotes the text only where nobody would write a secret.

use std::net::Ipv6Addr;

use url::Url;

use super::DockerAddress;
use crate::toml_tree::shown;

/// One line for people. What is not seen in it is refused for every text.
pub(super) fn line(text: &str) -> Result<String, String> {
    let text = text.trim();
    if text.is_empty() || text.chars().any(char::is_control) || text.chars().count() > 120 {
        return Err("write one line of 1 to 120 characters".into());
    }
    Ok(text.into())
}

/// A path of a file or folder; whether it is there is seen when it is opened.
pub(super) fn path(text: &str) -> Result<String, String> {
    if text.trim().is_empty() || text.chars().any(char::is_control) {
        return Err("write a path, such as \"certs\"; one with \\ in single quotes".into());
    }
    Ok(text.into())
}

/// A path on the NAS.
pub(super) fn absolute(text: &str) -> Result<String, String> {
    if text.len() < 2 || !text.starts_with('/') || text.chars().any(char::is_control) {
        return Err("write the whole path on the NAS, such as \
                    \"/share/CACHEDEV1_DATA/.qpkg/container-station/bin/docker\""
            .into());
    }
    Ok(text.into())
}

/// The address of a web site.
pub(super) fn url(text: &str) -> Result<String, String> {
    const RIGHT: &str = "write the address as a browser has it, such as \"http://nas.local:8080\"";
    let url = Url::parse(text.trim()).map_err(|_| RIGHT.to_string())?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err("leave out user and password: the test account has a place of its own".into());
    }
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none_or(str::is_empty) {
        return Err(format!("{RIGHT}; it begins with http:// or https://"));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("leave out everything from ? or # on".into());
    }
    Ok(url.as_str().trim_end_matches('/').into())
}

/// A container's name as Docker allows it.
pub(super) fn container(text: &str) -> Result<String, String> {
    let mut chars = text.chars();
    let first = chars.next().is_some_and(|c| c.is_ascii_alphanumeric());
    let rest = chars.clone().count() > 0 && chars.all(|c| c.is_ascii_alphanumeric() || "_.-".contains(c));
    if first && rest {
        return Ok(text.into());
    }
    Err(format!(
        "{} is no container name: write it as `docker ps` shows it, two or more letters, digits, _ . -, such as \
         \"sms-app\"",
        shown(text)
    ))
}

/// An image by its name or its digest, as `docker images` shows it.
pub(super) fn image(text: &str) -> Result<String, String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_.-/:@".contains(c);
    if text.starts_with(|c: char| c.is_ascii_alphanumeric()) && text.len() <= 255 && text.chars().all(plain) {
        return Ok(text.into());
    }
    Err(format!(
        "{} is no image: write its name and tag as `docker images` shows them, such as \"sms-fullstack:1.14.3\"",
        shown(text)
    ))
}

/// The Docker Engine's address.
pub(super) fn docker(text: &str) -> Result<String, String> {
    text.parse::<DockerAddress>().map(|address| address.to_string())
}

/// `host:port`.
pub(super) fn reference(text: &str) -> Result<String, String> {
    host_and_port(text)
        .map(|_| text.into())
        .map_err(|_| "write host and port, such as \"192.168.1.1:53\"".to_string())
}

/// A version, kept without a leading `v`.
pub(super) fn version(text: &str) -> Result<String, String> {
    let plain = text.strip_prefix(['v', 'V']).unwrap_or(text);
    let core = plain.split(['-', '+']).next().unwrap_or_default();
    let numbers: Vec<&str> = core.split('.').collect();
    let good = (2..=4).contains(&numbers.len())
        && numbers.iter().all(|n| (1..=9).contains(&n.len()) && n.chars().all(|c| c.is_ascii_digit()))
        && plain.len() <= 64
        && plain.chars().all(|c| c.is_ascii_alphanumeric() || ".-+".contains(c))
        && !plain.ends_with(['-', '+', '.']);
    if good {
        return Ok(plain.into());
    }
    Err(format!("{} is no version: write it as the release has it, such as \"1.15.1\"", shown(text)))
}

/// `owner/name` on GitHub.
pub(super) fn repository(text: &str) -> Result<String, String> {
    let part = |p: &str| !p.is_empty() && p.chars().all(|c| c.is_ascii_alphanumeric() || "_.-".contains(c));
    match text.split_once('/') {
        Some((owner, name)) if part(owner) && part(name) => Ok(text.into()),
        _ => {
            Err("write owner and name as GitHub has them, such as \"bs1gr/AUT_MIEEK_SMS\", without https://"
                .into())
        }
    }
}

/// An e-mail address.
pub(super) fn email(text: &str) -> Result<String, String> {
    match text.split_once('@') {
        Some((user, host))
            if !user.is_empty()
                && !host.is_empty()
                && !host.contains('@')
                && !text.chars().any(|c| c.is_whitespace() || c.is_control()) =>
        {
            Ok(text.into())
        }
        _ => Err("write an e-mail address, such as \"watch@example.org\"".into()),
    }
}

/// The name of an environment variable. Capitals only, so that a password in its place is most probably refused.
pub(super) fn variable(text: &str) -> Result<String, String> {
    let good = text.starts_with(|c: char| c.is_ascii_uppercase() || c == '_')
        && text.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
    if good {
        return Ok(text.into());
    }
    Err("write the name of an environment variable in capitals, digits and _, such as \"WATCHKEEPER_PASSWORD\", and \
         never the password itself"
        .into())
}

/// `host:port`, an IPv6 address in brackets, as host (without brackets) and port.
pub(super) fn host_and_port(text: &str) -> Result<(String, u16), ()> {
    let (host, port) = text.rsplit_once(':').ok_or(())?;
    let digits = port.chars().all(|c| c.is_ascii_digit());
    let port = port.parse::<u16>().ok().filter(|p| digits && *p > 0).ok_or(())?;
    if let Some(address) = host.strip_prefix('[').and_then(|h| h.strip_suffix(']')) {
        return address.parse::<Ipv6Addr>().map(|_| (address.into(), port)).map_err(|_| ());
    }
    let good = !host.is_empty() && host.chars().all(|c| c.is_alphanumeric() || "-._".contains(c));
    if good { Ok((host.into(), port)) } else { Err(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each check with what it takes, as it is kept, and what it refuses.
    #[test]
    fn texts_are_taken_and_refused() {
        type Check = fn(&str) -> Result<String, String>;
        type Taken<'t> = &'t [(&'t str, &'t str)];
        let cases: [(Check, Taken<'_>, &[&str]); 10] = [
            (line, &[(" QNAP Κύπρος ", "QNAP Κύπρος")], &["", "  ", "a\nb"]),
            (absolute, &[("/a b/docker", "/a b/docker")], &["", "/", "docker", "~/docker", "/a\nb"]),
            (path, &[("C:\\certs", "C:\\certs"), ("certs", "certs")], &["", " ", "a\0b"]),
            (
                url,
                &[
                    ("http://nas.local:8080/", "http://nas.local:8080"),
                    ("HTTPS://Nas.local/sms/", "https://nas.local/sms"),
                    ("http://[::1]:8080", "http://[::1]:8080"),
                ],
                &[
                    "",
                    "nas.local:8080",
                    "ftp://nas.local",
                    "http://",
                    "http://u:p@nas.local",
                    "http://u@nas",
                    "http://n/?a",
                    "http://n/#a",
                ],
            ),
            (
                container,
                &[("sms-app", "sms-app"), ("a.b_c-9", "a.b_c-9")],
                &["", "a", "/sms-app", "sms app", "-sms", "ώρα"],
            ),
            (
                version,
                &[("v1.15.1", "1.15.1"), ("1.15", "1.15"), ("2.0.0-rc.1+b5", "2.0.0-rc.1+b5")],
                &["", "v", "1", "latest", "1..2", "1.2.x", "1.2-", "1.15.1 ", "1.2.3.4.5", "1.2-ρ"],
            ),
            (
                repository,
                &[("bs1gr/AUT_MIEEK_SMS", "bs1gr/AUT_MIEEK_SMS")],
                &["", "sms", "a/b/c", "/a", "https://github.com/a/b"],
            ),
            (email, &[("watch@example.org", "watch@example.org")], &["", "watch", "@", "a@b@c", "a b@c"]),
            (
                variable,
                &[("WATCHKEEPER_PASSWORD", "WATCHKEEPER_PASSWORD"), ("_X9", "_X9")],
                &["", "9X", "hunter2", "A-B", "A B"],
            ),
            (
                reference,
                &[("192.168.1.1:53", "192.168.1.1:53"), ("[::1]:53", "[::1]:53")],
                &["", "192.168.1.1", "a:b", "a:+5", "::1:53", "http://a:1"],
            ),
        ];
        for (check, taken, refused) in cases {
            for (text, kept) in taken {
                assert_eq!(check(text).as_deref(), Ok(*kept), "{text}");
            }
            for text in refused {
                assert!(check(text).is_err(), "{text:?} is taken");
            }
        }
    }
}
