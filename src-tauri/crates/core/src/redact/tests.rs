use proptest::prelude::*;
use serde_json::json;

use super::*;

#[test]
fn secrets_are_taken_out_and_the_rest_stays() {
    for (text, clean) in [
        // URLs
        ("postgresql://sms:hunter2@db:5432/sms", "postgresql://sms:[redacted]@db:5432/sms"),
        ("postgresql+psycopg://sms:p@ss/w:rd@db/sms", "postgresql+psycopg://sms:[redacted]@db/sms"),
        ("redis://:hunter2@cache, retry", "redis://:[redacted]@cache, retry"),
        ("clone https://ghp_x0123456789@github.com/a", "clone https://[redacted]@github.com/a"),
        ("at ssh://administrator@nas.local/var", "at ssh://administrator@nas.local/var"),
        ("at ssh://admin:hunter2@nas.local/var", "at ssh://admin:[redacted]@nas.local/var"),
        ("GET http://nas:8080/a?mail=x@y.gr", "GET http://nas:8080/a?mail=x@y.gr"),
        ("http://nas:80/?u=redis://a:b@c", "http://nas:80/?u=redis://a:[redacted]@c"),
        // headers
        ("Authorization: Bearer abc", "Authorization: [redacted]"),
        ("Authorization: Basic dXNlcjpwYXNz and more", "Authorization: [redacted] and more"),
        ("Authorization: Digest username=\"a\", response=\"b\"", "Authorization: [redacted]"),
        ("{'authorization': 'Bearer abc', 'host': 'nas'}", "{'authorization': '[redacted]', 'host': 'nas'}"),
        ("sent Bearer abcdef12345", "sent Bearer [redacted]"),
        ("Bearer authentication failed", "Bearer authentication failed"),
        ("Cookie: session=abc; csrf=def", "Cookie: [redacted]"),
        ("Set-Cookie: refresh=abc; Path=/; HttpOnly", "Set-Cookie: [redacted]"),
        ("X-API-Key: 12345", "X-API-Key: [redacted]"),
        // JWT
        ("got eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln.", "got [redacted]"),
        // JSON
        (
            r#"{"access_token":"abc","token_type":"bearer"}"#,
            r#"{"access_token":"[redacted]","token_type":"[redacted]"}"#,
        ),
        (r#"{"password": "a\"b", "user": "x"}"#, r#"{"password": "[redacted]", "user": "x"}"#),
        (r#"{\"password\": \"ab\", \"user\": \"x\"}"#, r#"{\"password\": \"[redacted]\", \"user\": \"x\"}"#),
        (r#"{"password":null,"token":"","secret":true}"#, r#"{"password":null,"token":"","secret":true}"#),
        (r#"{"tokens": ["a", "b"], "n": 1}"#, r#"{"tokens": [redacted], "n": 1}"#),
        (r#""password": "never closed"#, r#""password": "[redacted]"#),
        // key = value
        ("host=db user=sms password=hunter2 dbname=sms", "host=db user=sms password=[redacted] dbname=sms"),
        ("Server=db;Pwd=a!b;Database=sms", "Server=db;Pwd=[redacted];Database=sms"),
        ("GET /reset?token=abc&next=%2F HTTP/1.1", "GET /reset?token=[redacted]&next=%2F HTTP/1.1"),
        ("SECRET_KEY=two words here", "SECRET_KEY=[redacted]"),
        ("export DB_PASSWORD='a b' # x", "export DB_PASSWORD='[redacted]' # x"),
        ("POSTGRES_PASSWORD: hunter2", "POSTGRES_PASSWORD: [redacted]"),
        ("login(user='x', password=b'y z')", "login(user='x', password=b'[redacted]')"),
        ("(password=hunter2), then", "(password=[redacted]), then"),
        ("run --password hunter2 --verbose", "run --password [redacted] --verbose"),
        ("ALTER USER sms WITH PASSWORD 'it''s'", "ALTER USER sms WITH PASSWORD '[redacted]'"),
        ("('a@b.gr', '$2b$12$abcdefghijklmnopqrstuv')", "('a@b.gr', '[redacted]')"),
        // PEM
        (
            "key -----BEGIN RSA PRIVATE KEY-----\nMIIE\nabc\n-----END RSA PRIVATE KEY----- end",
            "key [redacted] end",
        ),
        ("-----BEGIN PRIVATE KEY-----\\nMIIE", "[redacted]"),
        ("MIIEpAIBAAKCAQEA7vYl3lq1w0sYb9r5w3Zs2Jq8m1n4t7x0c3v6b9n2m5k8j1h4", "[redacted]"),
        // what must stay
        ("token: None", "token: None"),
        ("def f(token: str) -> bool:", "def f(token: str) -> bool:"),
        ("Primary key: 42, cache key=students:1", "Primary key: 42, cache key=students:1"),
        ("jose.InvalidTokenError: Signature has expired", "jose.InvalidTokenError: Signature has expired"),
        ("KeyError: 'name'", "KeyError: 'name'"),
        ("Λάθος κωδικός", "Λάθος κωδικός"),
        ("password:", "password:"),
        (
            "sha256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "sha256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        ),
    ] {
        assert_eq!(redact(text), clean, "{text}");
        assert_eq!(redact(clean), clean, "again: {text}");
    }
}

#[test]
fn a_text_without_secrets_is_not_copied() {
    for text in ["", "INFO: all is well", "key not found", "http://nas:8080/health", "Καλημέρα"] {
        assert!(matches!(redact(text), Cow::Borrowed(_)), "{text}");
    }
}

#[test]
fn an_environment_loses_its_secrets() {
    let env = [
        "PATH=/bin",
        "SECRET_KEY=a b",
        "DATABASE_URL=postgresql://u:p@h/d",
        "API_KEY=",
        "NOTHING",
        "PWD=/app",
    ];
    assert_eq!(
        redact_env(&env.map(String::from)),
        [
            "PATH=/bin",
            "SECRET_KEY=[redacted]",
            "DATABASE_URL=postgresql://u:[redacted]@h/d",
            "API_KEY=",
            "NOTHING",
            "PWD=/app"
        ]
    );
}

#[test]
fn json_loses_its_secrets() {
    let mut inspect = json!({
        "Config": { "Env": ["A=1", "JWT_SECRET=x"], "Cmd": ["run", "--token", "x", "--port", "80"] },
        "auth": { "password": "x", "access_token": 12, "token": null, "keys": { "api_key": ["x", {"a": "x"}] } },
        "pairs": [{ "name": "DB_PASSWORD", "value": "x" }, { "name": "PORT", "value": "80" }],
        "note": "see redis://:x@cache",
        "n": 5
    });
    redact_json(&mut inspect);
    let expected = json!({
        "Config": { "Env": ["A=1", "JWT_SECRET=[redacted]"], "Cmd": ["run", "--token", "[redacted]", "--port", "80"] },
        "auth": {
            "password": "[redacted]", "access_token": "[redacted]", "token": null,
            "keys": { "api_key": ["[redacted]", {"a": "[redacted]"}] }
        },
        "pairs": [{ "name": "DB_PASSWORD", "value": "[redacted]" }, { "name": "PORT", "value": "80" }],
        "note": "see redis://:[redacted]@cache",
        "n": 5
    });
    assert_eq!(inspect, expected);
    redact_json(&mut inspect);
    assert_eq!(inspect, expected);
}

/// Ways in which a secret gets into a log; `§` stands for it.
const PLANTS: [&str; 26] = [
    "postgresql://sms:§@db:5432/sms",
    "redis://:§@cache:6379/0",
    "Authorization: Bearer §",
    "authorization: basic §",
    "'Authorization': 'Bearer §'",
    "Cookie: session=§; theme=dark",
    "Set-Cookie: id=§; Path=/",
    r#"{"password":"§"}"#,
    r#"{"access_token": "§", "x": 1}"#,
    r#"{\"secret\":\"§\"}"#,
    "{'api_key': '§'}",
    r#"{"tokens":["a","§"]}"#,
    "password=§",
    "password = §, user=x",
    "(token=§)",
    "GET /x?access_token=§&a=b HTTP/1.1",
    "SECRET_KEY=§",
    "POSTGRES_PASSWORD: §",
    "MY_KEY=§",
    "X-Api-Key: §",
    "--password §",
    "--client-secret=§",
    "ALTER ROLE x PASSWORD '§'",
    "-----BEGIN EC PRIVATE KEY-----\n§\n-----END EC PRIVATE KEY-----",
    "eyJhbGciOiJIUzI1NiJ9.§.§",
    "password=SecretStr('§')",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_planted_secret_is_left(
        before in "[A-Za-z0-9 ,.;!?()/_<>α-ωάήέ]{0,30}[ (]",
        plant in proptest::sample::select(&PLANTS[..]),
        secret in "q[A-Za-z0-9_]{6,30}z",
        after in "([ \n][ -~α-ωάήέ]{0,30})?",
    ) {
        let text = format!("{before}{}{after}", plant.replace('§', &secret));
        let clean = redact(&text);
        prop_assert!(!clean.contains(&secret), "{text} → {clean}");
        prop_assert_eq!(redact(&clean), clean.as_ref());
    }

    #[test]
    fn twice_is_once(parts in proptest::collection::vec(
        prop_oneof![
            proptest::sample::select(&PLANTS[..]).prop_map(String::from),
            proptest::sample::select(vec!["\"", "'", "\\", "[redacted]", "=", ": ", "://", "@", " ", "\n", "key", "token", "TOKEN",
                "cookie:", "bearer ", "--", "password", "[", "]", "{", ",", "&", ";", "b'", "none", "λ", "eyJ", ".", "$2b$"]).prop_map(String::from),
            "[ -~]{0,6}",
        ], 0..12)) {
        let text = parts.concat();
        let once = redact(&text).into_owned();
        let twice = redact(&once);
        prop_assert_eq!(twice, once.as_str(), "{}", text);
    }

    #[test]
    fn nothing_makes_it_panic(text in any::<String>(), dense in "[\"'\\\\=:@\\[\\]{}a-e .$&/\n-]{0,60}") {
        let _ = redact(&text);
        let _ = redact(&format!("password{dense}"));
        let _ = redact_env(&[text.clone(), format!("TOKEN{dense}")]);
        let _ = is_secret_name(&text);
    }
}

#[test]
fn what_comes_from_outside_is_visible_bounded_and_redacted() {
    for (text, most, expected) in [
        ("all well", 100, "all well"),
        ("\u{1b}[36mpassword\u{1b}[0m=\u{1b}[35mhunter2\u{1b}[0m", 100, "password=[redacted]"),
        ("pass\0word=hunter2", 100, "password=[redacted]"),
        ("\u{1b}]0;PWNED\u{7}\u{1b}[2Jhello\u{202e}", 100, "hello"),
        ("two\nlines\r", 100, "two\nlines"),
        ("ωραία μέρα", 5, "ωραία…"),
        ("", 5, ""),
    ] {
        assert_eq!(super::from_outside(text, most), expected, "{text:?}");
    }
    // However much of it there is, it costs no more than what is kept.
    let long = "token=a ".repeat(200_000);
    assert!(super::from_outside(&long, 1_000).chars().count() <= 1_001);
}

#[test]
fn secrets_of_more_kinds_are_known_by_their_shape() {
    for text in [
        "κωδικός: hunter2",
        "Κωδικός πρόσβασης: hunter2",
        "Συνθηματικό=hunter2",
        "(b'authorization', b'Basic aHVudGVyMjpodW50ZXIy-hunter2')",
        "(b'cookie', b'sid=hunter2')",
        "got Basic aHVudGVyMg== and hunter2hunter2hunter2hunter2".split(" and ").next().unwrap(),
        "curl -s -u admin:hunter2 http://nas",
        "glpat-hunter2hunter2hunter2",
        "xoxb-hunter2hunter2",
    ] {
        let clean = redact(text);
        assert!(clean.contains(REDACTED) && !clean.contains("hunter2"), "{text}: {clean}");
    }
    for text in
        ["Regression tests pass: 41 of 41", "basic authentication failed", "curl -s http://nas/health"]
    {
        assert_eq!(redact(text), text);
    }
}
