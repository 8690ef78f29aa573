//! The assets that a page names.

use url::Url;

/// The first script or style sheet that the page at `url` names on its own host; one under `/assets/` before others.
///
/// Not an HTML parser: it looks for `<script … src=…>` and `<link … href=…>`, which is how the front end's build
/// writes them.
pub(super) fn first_asset(url: &Url, html: &str) -> Option<Url> {
    let assets: Vec<Url> = html
        .split('<')
        .filter_map(|tag| {
            let tag = tag.split('>').next()?;
            let (name, rest) = tag.split_once(|c: char| c.is_ascii_whitespace())?;
            let link = match name.to_ascii_lowercase().as_str() {
                "script" => attribute(rest, "src")?,
                "link" => attribute(rest, "href")?,
                _ => return None,
            };
            let link = url.join(link.trim()).ok()?;
            let own = link.host_str() == url.host_str()
                && link.port_or_known_default() == url.port_or_known_default();
            let is_code = [".js", ".mjs", ".css"].iter().any(|end| link.path().ends_with(end));
            (own && is_code && link.scheme() == url.scheme()).then_some(link)
        })
        .collect();
    assets.iter().find(|a| a.path().contains("/assets/")).or_else(|| assets.first()).cloned()
}

/// The value of one attribute of a tag, quoted or bare.
fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let mut rest = tag;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        if rest.is_empty() {
            return None;
        }
        let end = rest.find(|c: char| c.is_ascii_whitespace() || c == '=').unwrap_or(rest.len());
        let (key, after) = rest.split_at(end);
        let after = after.trim_start();
        let Some(value) = after.strip_prefix('=').map(str::trim_start) else {
            rest = after;
            continue;
        };
        let (value, after) = match value.chars().next() {
            Some(quote @ ('"' | '\'')) => {
                let inner = value.strip_prefix(quote)?;
                inner.split_once(quote).unwrap_or((inner, ""))
            }
            _ => value.split_once(|c: char| c.is_ascii_whitespace()).unwrap_or((value, "")),
        };
        if key.eq_ignore_ascii_case(name) {
            return Some(value);
        }
        rest = after;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn base() -> Url {
        Url::parse("http://nas.local:8080/").unwrap()
    }

    #[test]
    fn assets_are_found_in_what_builds_write() {
        for (html, path) in [
            (
                r#"<script type="module" crossorigin src="/assets/index-BqT1.js"></script>"#,
                Some("/assets/index-BqT1.js"),
            ),
            (r#"<link rel="stylesheet" href='/assets/a.css'>"#, Some("/assets/a.css")),
            (r#"<link rel=icon href=/favicon.svg><script async src=main.js ></script>"#, Some("/main.js")),
            (r#"<script src="/vendor.js"></script><SCRIPT SRC = "/assets/x.js?v=1">"#, Some("/assets/x.js")),
            (r#"<script src="https://cdn.example/react.js"></script>"#, None),
            (r#"<script src="http://nas.local:9090/x.js"></script>"#, None),
            ("<script>src=\"/x.js\"</script>", None),
            ("<script src", None),
            ("<p>no links</p>", None),
            ("", None),
        ] {
            let found = first_asset(&base(), html);
            assert_eq!(found.as_ref().map(Url::path), path, "{html}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_survived(html in r#"(<(script|link|a|é)? ?(src|href|=|"|'| |/|>|ώ|x\.js){0,8}){0,6}"#) {
            let _ = first_asset(&base(), &html);
        }
    }
}
