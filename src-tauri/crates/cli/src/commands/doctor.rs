//! `doctor`

use serde_json::json;
use watchkeeper_probes::ladder::{Rung, RungOutcome};

use crate::{
    args::DoctorArgs,
    error::CliError,
    exit::Exit,
    surroundings::{Surroundings, say, say_json},
};
use watchkeeper_desk::deployment;

pub(super) async fn doctor(args: &DoctorArgs, here: &Surroundings) -> Result<Exit, CliError> {
    let configured = deployment::read(&args.config.path)?;
    configured.plan_aside().await?;
    let settings = &configured.config.deployment;
    if !here.json {
        say(format!("{} at {}, Docker Engine at {}", settings.name, settings.url, settings.docker))?;
    }
    let way = configured.walk().await?;
    let rungs = way.rungs;
    let mut well = rungs.iter().all(|r| !matches!(r.outcome, RungOutcome::Failed { .. }));
    let password = configured.password_missing().map(|e| CliError::from(e).line());
    well &= password.is_none();
    let exit = if well { Exit::Pass } else { Exit::Fail };
    if here.json {
        let list: Vec<_> = rungs.iter().map(as_json).collect();
        say_json(&json!({ "good": well, "rungs": list, "account": password, "version": way.version }))?;
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
    let (outcome, text, advice) = match &rung.outcome {
        RungOutcome::Ok(found) => ("good", found, None),
        RungOutcome::Failed { what, advice, .. } => ("bad", what, Some(advice)),
        RungOutcome::Skipped(why) => ("skipped", why, None),
    };
    json!({
        "place": rung.place, "title": rung.title, "outcome": outcome, "text": text, "advice": advice,
        "took_ms": rung.took.as_millis(),
    })
}
