//! `config init`, `config check`, `config show`

use std::path::Path;

use serde_json::json;
use watchkeeper_core::config::{Config, Draft};

use super::watch::tell;
use crate::{
    args::InitArgs,
    error::CliError,
    exit::Exit,
    surroundings::{Surroundings, ask, quoted, say, say_json},
};
use watchkeeper_desk::{deployment, new_file};

/// A question for what a draft does not know yet.
struct Question {
    field: fn(&mut Draft) -> &mut Option<String>,
    text: &'static str,
    /// What is taken when nothing is said; empty where it is left for later.
    usual: &'static str,
}

const QUESTIONS: [Question; 7] = [
    Question { field: |d| &mut d.name, text: "The deployment's name, such as QNAP Cyprus", usual: "" },
    Question {
        field: |d| &mut d.url,
        text: "The address of the SMS, such as http://nas.local:8080",
        usual: "",
    },
    Question { field: |d| &mut d.container, text: "The container's name", usual: "sms-app" },
    Question {
        field: |d| &mut d.docker,
        text: "The Docker Engine, such as tcp://nas.local:2376, ssh://admin@nas.local or unix:///var/run/docker.sock",
        usual: "",
    },
    Question { field: |d| &mut d.version, text: "The version that was released, such as 1.15.1", usual: "" },
    Question { field: |d| &mut d.previous, text: "The version to roll back to, if there is one", usual: "" },
    Question { field: |d| &mut d.owner, text: "Who stands the watch", usual: "" },
];

pub(super) fn init(args: &InitArgs, here: &Surroundings) -> Result<Exit, CliError> {
    if args.out.exists() && !args.force {
        return Err(CliError::usage(
            format!("{} is there already and was left as it is", args.out.display()),
            "write to another file with --out, or overwrite it with --force",
        ));
    }
    let mut draft = args.draft();
    if here.interactive {
        ask_for_the_rest(&mut draft)?;
    }
    // What was given has to be right; what was left out is filled in by something that is, and says nothing.
    if let Err(e) = Config::parse(&Config::template(&filled_in(&draft))) {
        let faults: Vec<String> = e.faults.iter().map(ToString::to_string).collect();
        return Err(CliError::usage(
            format!("nothing was written: {}", faults.join("; ")),
            "correct what was given and try again",
        ));
    }
    let text = Config::template(&draft);
    new_file::write(&args.out, &text)?;
    let file = quoted(&args.out.display().to_string());
    let open = match Config::parse(&text) {
        Ok(_) => Vec::new(),
        Err(e) => e.faults,
    };
    if here.json {
        let faults: Vec<String> = open.iter().map(ToString::to_string).collect();
        say_json(&json!({ "file": args.out, "open": faults }))?;
        return Ok(Exit::Pass);
    }
    say(format!("{} is written.", args.out.display()))?;
    if !open.is_empty() {
        say("Fill in before it can be used:")?;
        for fault in &open {
            say(format!("  {fault}"))?;
        }
    }
    say(format!("Then see whether everything can be reached: watchkeeper doctor --config {file}"))?;
    Ok(Exit::Pass)
}

/// `draft` with something valid wherever it says nothing.
fn filled_in(draft: &Draft) -> Draft {
    let mut full = draft.clone();
    for (field, sample) in [
        (&mut full.name, "NAS"),
        (&mut full.url, "http://nas.local:8080"),
        (
            &mut full.docker,
            if draft.docker_certificates.is_some() { "tcp://nas.local:2376" } else { "unix:///sock" },
        ),
        (&mut full.version, if draft.previous.as_deref() == Some("1.0.0") { "1.0.1" } else { "1.0.0" }),
        (&mut full.owner, "owner"),
    ] {
        field.get_or_insert_with(|| sample.into());
    }
    let remote = full.docker.as_deref().is_some_and(|d| d.starts_with("tcp://"));
    if remote && full.docker_certificates.is_none() {
        full.docker_certificates = Some("certs".into());
    }
    full
}

fn ask_for_the_rest(draft: &mut Draft) -> Result<(), CliError> {
    say("What you leave empty stands in the file as <…>, to be filled in later.")?;
    for question in &QUESTIONS {
        let field = (question.field)(draft);
        if field.is_some() {
            continue;
        }
        let usual = if question.usual.is_empty() { String::new() } else { format!(" [{}]", question.usual) };
        let Some(answer) = ask(&format!("{}{usual}:", question.text))? else { return Ok(()) };
        *field = Some(answer)
            .filter(|a| !a.is_empty())
            .or_else(|| Some(question.usual.to_owned()).filter(|u| !u.is_empty()));
    }
    let remote = draft.docker.as_deref().is_some_and(|d| d.starts_with("tcp://"));
    if remote && draft.docker_certificates.is_none() {
        let question = "The folder with ca.pem, cert.pem and key.pem from the NAS:";
        draft.docker_certificates = ask(question)?.filter(|a| !a.is_empty());
    }
    Ok(())
}

pub(super) fn check(path: &Path, here: &Surroundings) -> Result<Exit, CliError> {
    let configured = deployment::read(path)?;
    let plan = configured.plan()?;
    if here.json {
        say_json(&json!({ "good": true, "file": path }))?;
        return Ok(Exit::Pass);
    }
    let config = &configured.config;
    say(format!("{} {}", here.paint.green("✓"), path.display()))?;
    say(format!(
        "v{} on {} ({}), {} with a look every {}, {}",
        config.release.version,
        config.deployment.name,
        config.deployment.environment,
        plan.length,
        config.watch.every,
        crate::words::counted(plan.checkpoints().count(), "checkpoint", "checkpoints"),
    ))?;
    if let Some(missing) = configured.password_missing() {
        tell(here, &format!("{} {}", here.paint.yellow("!"), CliError::from(missing).line()));
    }
    Ok(Exit::Pass)
}

pub(super) fn show(path: &Path, here: &Surroundings) -> Result<Exit, CliError> {
    let config = deployment::read(path)?.config;
    let rules = serde_json::to_value(&config.rules).map_err(|e| {
        CliError::could_not_run(format!("the rules have no JSON form: {e}"), "tell the developers")
    })?;
    let login = config.login.as_ref().map(|l| json!({ "email": l.email, "password_env": l.password_env }));
    let d = &config.deployment;
    let whole = json!({
        "deployment": {
            "name": d.name, "environment": d.environment, "url": d.url, "container": d.container,
            "front_end_container": d.front_end_container, "database_container": d.database_container,
            "docker": d.docker.to_string(), "docker_certificates": d.docker_certificates, "ca_file": d.ca_file,
            "docker_unprotected": d.docker_unprotected, "docker_path": d.docker_path, "ssh_key": d.ssh_key,
            "ssh_password_env": d.ssh_password_env, "ssh_passphrase_env": d.ssh_passphrase_env,
            "references": d.references,
        },
        "release": config.release,
        "login": login,
        "watch": {
            "owner": config.watch.owner, "every": config.watch.every, "jitter_percent": config.watch.jitter_percent,
            "timeout": config.watch.timeout, "plan": config.watch.plan,
        },
        "rules": rules,
        "retention": { "sessions": config.retention.sessions, "max_size_mb": config.retention.max_size_mb },
    });
    if here.json {
        say_json(&whole)?;
    } else {
        let mut out = String::new();
        lines(&whole, "", &mut out);
        say(out.trim_end())?;
    }
    Ok(Exit::Pass)
}

/// `deployment.name = "QNAP Cyprus"`, a line for each key. Lengths of time are in milliseconds in JSON, and in words here.
fn lines(value: &serde_json::Value, key: &str, out: &mut String) {
    use serde_json::Value as Json;
    match value {
        Json::Object(fields) => {
            for (name, field) in fields {
                let key = if key.is_empty() { name.clone() } else { format!("{key}.{name}") };
                lines(field, &key, out);
            }
        }
        Json::Null => out.push_str(&format!("{key}: none\n")),
        Json::Number(n) if is_span(key) => {
            let span = watchkeeper_core::time::Span::millis(n.as_u64().unwrap_or_default());
            out.push_str(&format!("{key}: {span}\n"));
        }
        Json::String(text) => out.push_str(&format!("{key}: {text}\n")),
        Json::Array(all) => {
            let all: Vec<&str> = all.iter().filter_map(Json::as_str).collect();
            let all = if all.is_empty() { "none".to_owned() } else { all.join(", ") };
            out.push_str(&format!("{key}: {all}\n"));
        }
        other => out.push_str(&format!("{key}: {other}\n")),
    }
}

fn is_span(key: &str) -> bool {
    const SPANS: [&str; 12] = [
        "every",
        "timeout",
        "late_after",
        "slow_query_window",
        "log_window",
        "restart_within",
        "roll_back_within",
        "close_after",
        "remind_every",
        "warn_before",
        "gap_after",
        "length",
    ];
    key.rsplit('.').next().is_some_and(|name| SPANS.contains(&name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_length_of_time_is_shown_as_one() {
        let rules = serde_json::to_value(watchkeeper_core::rules::Rules::default()).unwrap();
        let mut out = String::new();
        lines(&rules, "rules", &mut out);
        for part in
            ["rules.every: 30 s", "rules.escalation.restart_within: 5 min", "rules.notify.warn_before: "]
        {
            assert!(out.contains(part), "without {part:?}:\n{out}");
        }
        let bare = out
            .lines()
            .filter(|l| l.rsplit(' ').next().is_some_and(|n| n.len() > 4 && n.parse::<u64>().is_ok()));
        assert_eq!(bare.collect::<Vec<_>>(), Vec::<&str>::new());
    }
}
