//! Configurations as files: what is taken, what is refused and where, and that no secret is ever quoted.

#![allow(clippy::unwrap_used, reason = "a test that cannot read its files has failed")]

mod fixtures;

use proptest::prelude::*;
use watchkeeper_core::{
    config::{Config, Draft, reference},
    matrix::Severity,
    rules::Rules,
    time::Span,
};

fn valid(name: &str) -> Config {
    let files = fixtures::files("configs/valid", 5);
    Config::parse(&files.iter().find(|f| f.name.ends_with(name)).unwrap().text).unwrap()
}

#[test]
fn valid_configurations_are_taken() {
    for file in fixtures::files("configs/valid", 5) {
        if let Err(e) = Config::parse(&file.text) {
            panic!("{}: {e}", file.name);
        }
    }
}

#[test]
fn the_least_configuration_has_the_defaults() {
    let config = valid("minimal.toml");
    assert_eq!(config.rules, Rules::default());
    assert_eq!(config.release.version, "1.15.1");
    assert_eq!((config.release.previous, config.login, config.watch.plan), (None, None, None));
    assert_eq!(config.deployment.container, "sms-app");
    assert_eq!(config.deployment.environment, "production");
    let d = &config.deployment;
    assert_eq!((d.docker_unprotected, &d.docker_path, &d.ssh_key), (false, &None, &None));
    assert_eq!(d.ssh_password_env, "WATCHKEEPER_SSH_PASSWORD");
    assert_eq!((config.watch.every, config.watch.timeout), (Span::secs(30), Span::secs(10)));
    assert_eq!((config.retention.sessions, config.retention.max_size_mb), (50, 2_048));
}

#[test]
fn an_engine_is_reached_by_ssh_or_with_consent_without_protection() {
    let by_ssh = valid("ssh.toml").deployment;
    assert_eq!(by_ssh.facts().docker, "ssh://admin@nas.local:2222");
    assert_eq!(by_ssh.ssh_key.as_deref(), Some("id_ed25519"));
    assert_eq!(
        (by_ssh.ssh_password_env.as_str(), by_ssh.ssh_passphrase_env.as_str()),
        ("NAS_PASSWORD", "WATCHKEEPER_SSH_PASSPHRASE")
    );
    assert!(valid("unprotected.toml").deployment.docker_unprotected);
}

#[test]
fn what_is_written_is_what_is_read() {
    let config = valid("full.toml");
    let mut rules = Rules { every: Span::mins(1), failures: 5, coverage_percent: 97.5, ..Rules::default() };
    rules.targets.api_p95_ms = 400.0;
    rules.matrix.memory_percent = 85.0;
    rules.matrix.slow_query_window = Span::mins(10);
    rules.escalation.restart_within = Span::mins(10);
    rules.escalation.roll_back_within = Span::mins(30);
    rules.notify.from_severity = Severity::Critical;
    assert_eq!(config.rules, rules);
    assert_eq!(config.watch.every, rules.every);
    assert_eq!(config.release.previous.as_deref(), Some("1.14.3"));
    assert_eq!(config.login.unwrap().password_env, "WATCHKEEPER_PASSWORD");
    assert_eq!(config.deployment.references, ["192.168.1.1:53", "router.local:80"]);
    let facts = config.deployment.facts();
    assert_eq!(
        (facts.url.as_str(), facts.docker.as_str()),
        ("https://nas.local:8443", "tcp://nas.local:2376")
    );
}

#[test]
fn senseless_configurations_are_refused_where_they_are_wrong() {
    for file in fixtures::files("configs/invalid", 48) {
        let Err(error) = Config::parse(&file.text) else { panic!("{} is taken", file.name) };
        let mut faults = error.faults.iter();
        for (line, part) in file.expectations() {
            let fault = faults.next().unwrap_or_else(|| panic!("{}: {part} is not told: {error}", file.name));
            assert_eq!(fault.line, line, "{}: {fault}", file.name);
            assert!(fault.to_string().contains(part), "{}: {fault}", file.name);
        }
        assert_eq!(faults.next(), None, "{}", file.name);
        assert!(!format!("{error} {error:?}").contains("hunter2"), "{}: {error}", file.name);
    }
}

#[test]
fn deep_and_long_texts_are_answered() {
    for n in [80, 1_000, 100_000] {
        for text in [
            format!("{}a = 1", "a.".repeat(n)),
            format!("[{}a]", "a.".repeat(n)),
            format!("a = {}", "[".repeat(n)),
            format!("a = {}1{}", "{a=".repeat(n), "}".repeat(n)),
            "[a]\n".repeat(n.min(1_000)),
            format!("[deployment]\nname = \"{}\"", "a".repeat(n)),
        ] {
            let error = Config::parse(&text).unwrap_err().to_string();
            assert!(error.len() < 4_000, "{} bytes", error.len());
        }
    }
}

const MARK: &str = "hunter2-Θάλασσα";

/// Whatever becomes of the text around it, a value that may be a password is never in an error or in what is kept.
fn quotes_no_secret(text: &str) -> Result<(), TestCaseError> {
    let answer = match Config::parse(text) {
        Ok(config) => format!("{config:?}"),
        Err(e) => format!("{e} {e:?}"),
    };
    prop_assert!(!answer.contains("hunter2"), "{}\n{}", answer, text);
    Ok(())
}

proptest! {
    #[test]
    fn any_text_is_answered(text in any::<String>()) {
        let _ = Config::parse(&text);
    }

    #[test]
    fn a_secret_is_never_quoted(
        key in "(password|Password|db-password|api_key|secret|token|\"the password\"|x\\.passphrase|password_env|ssh_password_env|url|docker)",
        section in "(login|deployment|watch|rules\\.matrix|strange|\\[strange\\])",
        form in 0_usize..7,
        noise in "[ -~]{0,6}",
    ) {
        let value = match form {
            0 => format!("\"{MARK}\""),
            1 => format!("'{MARK}'{noise}"),
            2 => format!("[\"{MARK}\"]"),
            3 => format!("{{ password = \"{MARK}\" }}"),
            4 => MARK.to_string(),
            5 => format!("\"ssh://user:{MARK}@nas.local\""),
            _ => format!("\"tcp://user:{MARK}@nas.local:2376\""),
        };
        quotes_no_secret(&format!("[{section}]\n{key} = {value}\n"))?;
        quotes_no_secret(&format!("{key} = {value}\n{noise}[{section}]"))?;
    }

    #[test]
    fn a_template_with_a_piece_replaced_is_answered_with_lines_that_exist(
        at in 0.0_f64..1.0,
        gone in 0_usize..40,
        new in "[\\x00-\\x7f«ώ🙂]{0,12}|\"|\\[x]|\n|= 99999999999999999999|= nan|= -1|= \\[\\[]]",
    ) {
        let text = Config::template(&Draft::default()).replace("\n#", "\n");
        let chars: Vec<char> = text.chars().collect();
        let from = (at * chars.len() as f64) as usize;
        let changed: String =
            chars[..from].iter().copied().chain(new.chars()).chain(chars.iter().copied().skip(from + gone)).collect();
        let lines = changed.matches('\n').count() + 1;
        for fault in Config::parse(&changed).err().into_iter().flat_map(|e| e.faults) {
            prop_assert!((1..=lines).contains(&fault.line), "{}", fault);
        }
    }
}

#[test]
fn the_reference_is_a_table() {
    let table = reference();
    let row = "| `watch.every` | time, 1s to 15m | `\"30s\"` | How often each source is asked between checkpoints. |";
    assert!(table.lines().any(|l| l == row), "{table}");
    assert!(table.lines().all(|l| l.starts_with('|') && l.ends_with('|')), "{table}");
}
