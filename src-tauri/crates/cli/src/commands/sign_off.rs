//! `sign-off`

use chrono::Utc;
use watchkeeper_core::{
    checklist::ItemOutcome,
    session::{Command, Input, decide},
    verdict::Decision,
    view::View,
};
use watchkeeper_engine::{CommandError, moment_of};

use crate::{
    args::SignOffArgs,
    error::CliError,
    exit::Exit,
    status,
    surroundings::{Surroundings, ask, say, say_json},
};
use watchkeeper_desk::{choose, folding, people, report::proven};

pub(super) async fn sign_off(args: SignOffArgs, here: &Surroundings) -> Result<Exit, CliError> {
    let store = here.store().await?;
    let session = choose::session(&store, args.session.as_deref()).await?;
    proven(&store, &session.id).await?;
    let mut folded = folding::fold(&store, &session.id).await?.session;
    let watched = store.writer_of(&session.id)?;
    folded.attended &= watched;
    let now = moment_of(&folded, Utc::now());
    let view = View::of(&folded, now);
    let decision = if args.approve { Decision::Approved } else { Decision::Rejected };
    if !here.json {
        here.tell(status::head(&view, watched, here.paint))?;
        here.tell(status::criteria(&view.verdict, here.paint))?;
    }
    let owed = view.checks.iter().flat_map(|c| &c.lines).filter(|l| l.outcome == ItemOutcome::Owed).count();
    if owed > 0 && !here.json {
        let lines = crate::words::counted(owed, "line waits", "lines wait");
        here.tell(format!("{lines} for a person: after the sign-off nothing can be ticked any more."))?;
    }
    if let Some(done) = &view.sign_off {
        return Err(CliError::usage(
            format!(
                "session `{}` was signed off by {} already: {}",
                session.id,
                done.by,
                done.decision.label()
            ),
            "begin a new session to watch again",
        ));
    }
    let command =
        Command::SignOff { by: args.by.clone(), decision, remark: args.remark.clone(), early: args.early };
    // Nobody is asked for a decision that would then be refused.
    if let Err(refusal) = decide(&folded, &Input::Command(command.clone()), now) {
        return Err(early_first(CommandError::from(refusal).into(), &args));
    }
    if here.interactive && !args.yes {
        let word = decision.label();
        let question = format!(
            "\nThis closes the session for good. Write `{word}` as the decision of {}? [y/N]",
            args.by
        );
        let answer = ask(&question)?.unwrap_or_default();
        if !matches!(answer.to_lowercase().as_str(), "y" | "yes") {
            say("Nothing was written.")?;
            return Ok(Exit::Inconclusive);
        }
    }
    people::carry_out(&store, &session.id, &command).await.map_err(|e| early_first(e.into(), &args))?;
    if here.json {
        say_json(&serde_json::json!({
            "session": session.id, "by": args.by, "decision": decision, "finding": view.verdict.finding,
        }))?;
    } else {
        say(format!("\nSession {} is {} by {} and closed.", session.id, decision.label(), args.by))?;
        say(format!("Its report: watchkeeper report {}{}", session.id, here.data_option()))?;
    }
    Ok(Exit::Pass)
}

/// The words of the command line for what the refusal asks for.
fn early_first(mut error: CliError, args: &SignOffArgs) -> CliError {
    if error.exit == Exit::Usage && error.help.is_none() {
        error.help = match (args.early, args.remark.is_empty()) {
            (false, _) if error.what.contains("`early`") => {
                Some("to decide before the end, add --early and --remark \"why\"".into())
            }
            (_, true) if error.what.contains("name") => Some("say who decides with --by NAME".into()),
            (_, true) => Some("give the reason with --remark \"why\"".into()),
            _ => None,
        };
    }
    error
}
