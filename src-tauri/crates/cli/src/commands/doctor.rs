//! `doctor`

use serde_json::json;
use watchkeeper_probes::{
    host_key::{HostKey, HostKeyFault},
    ladder::{Rung, RungOutcome},
};

use crate::{
    args::DoctorArgs,
    error::CliError,
    exit::Exit,
    surroundings::{Surroundings, ask, say, say_json},
};
use watchkeeper_desk::deployment;

pub(super) async fn doctor(args: &DoctorArgs, here: &Surroundings) -> Result<Exit, CliError> {
    let configured = deployment::read(&args.config.path)?.in_data(here.data());
    configured.plan_aside().await?;
    let settings = &configured.config.deployment;
    if !here.json {
        say(format!("{} at {}, Docker Engine at {}", settings.name, settings.url, settings.docker))?;
    }
    let mut way = configured.walk().await?;
    if let Some(HostKeyFault::Unknown(key)) = &way.host_key
        && is_trusted(key, args.trust_host_key.as_deref(), here)?
    {
        let file = configured.trust(key)?;
        if !here.json {
            here.tell(format!("The host key is trusted from now on: {}\n", file.display()))?;
        }
        way = configured.walk().await?;
    }
    let host_key = way.host_key.as_ref().map(key_as_json);
    let rungs = way.rungs;
    let mut well = rungs.iter().all(|r| !matches!(r.outcome, RungOutcome::Failed { .. }));
    let password = configured.password_missing().map(|e| CliError::from(e).line());
    well &= password.is_none();
    let exit = if well { Exit::Pass } else { Exit::Fail };
    if here.json {
        let list: Vec<_> = rungs.iter().map(as_json).collect();
        say_json(&json!({ "good": well, "rungs": list, "account": password, "version": way.version,
            "host_key": host_key }))?;
        return Ok(exit);
    }
    for rung in &rungs {
        print(here, rung)?;
    }
    let wanted = &configured.config.release.version;
    if let Some(running) = way.version.filter(|running| running != wanted) {
        let said = format!("it says that it is v{running}; v{wanted} is to be watched");
        here.tell(format!("{}  {:<20}  {said}", here.paint.yellow("▲ other  "), "Version"))?;
    }
    if let Some(missing) = password {
        here.tell(format!("{}  {:<20}  {missing}", here.paint.red("✗ bad    "), "Account"))?;
    }
    if well {
        say("\nAll is well. Stand the watch with: watchkeeper watch")?;
    } else {
        say("\nMend the first one first: what comes after it often comes from it.")?;
    }
    Ok(exit)
}

fn print(here: &Surroundings, rung: &Rung) -> Result<(), CliError> {
    let paint = here.paint;
    match &rung.outcome {
        RungOutcome::Ok(found) => {
            here.tell(format!("{}  {:<20}  {found}", paint.green("● good   "), rung.title))
        }
        RungOutcome::Failed { what, advice, .. } => {
            here.tell(format!("{}  {:<20}  {what}", paint.red("✗ bad    "), rung.title))?;
            here.tell(format!("{:33}→ {advice}", ""))
        }
        RungOutcome::Skipped(why) => here.tell(paint.dim(format!("○ skipped  {:<20}  {why}", rung.title))),
    }
}

fn as_json(rung: &Rung) -> serde_json::Value {
    let (outcome, text, advice, code) = match &rung.outcome {
        RungOutcome::Ok(found) => ("good", found, None, None),
        RungOutcome::Failed { what, advice, code, .. } => ("bad", what, Some(advice), Some(code)),
        RungOutcome::Skipped(why) => ("skipped", why, None, None),
    };
    json!({
        "place": rung.place, "title": rung.title, "outcome": outcome, "text": text, "advice": advice, "code": code,
        "took_ms": rung.took.as_millis(),
    })
}

/// Whether the person trusts the key of a host that was never seen before.
fn is_trusted(key: &HostKey, wanted: Option<&str>, here: &Surroundings) -> Result<bool, CliError> {
    match wanted {
        Some(wanted) if wanted == key.fingerprint => Ok(true),
        Some(wanted) => Err(CliError::usage(
            format!(
                "{} shows the host key {}, and not {wanted}; nothing was trusted",
                key.host, key.fingerprint
            ),
            "compare it with the NAS's own: either the fingerprint was mistyped, or something else answers in its place",
        )),
        None if here.interactive => {
            here.tell(format!(
                "The NAS is reached by SSH for the first time. {}, port {}, shows the host key\n  {} {}\nCompare it with \
                 the one that the NAS has, such as `ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub` shows it there.",
                key.host, key.port, key.algorithm, key.fingerprint
            ))?;
            let answer = ask("Is it the same? [y/N]")?.unwrap_or_default();
            Ok(matches!(answer.to_lowercase().as_str(), "y" | "yes"))
        }
        None => Ok(false),
    }
}

fn key_as_json(fault: &HostKeyFault) -> serde_json::Value {
    match fault {
        HostKeyFault::Unknown(key) => json!({
            "state": "unknown", "algorithm": key.algorithm, "fingerprint": key.fingerprint,
        }),
        HostKeyFault::Changed(key, known) => json!({
            "state": "changed", "algorithm": key.algorithm, "fingerprint": key.fingerprint,
            "known": known.fingerprint, "file": known.file, "line": known.line,
        }),
    }
}
