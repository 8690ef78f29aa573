//! `plan`

use watchkeeper_core::{plan::Plan, time::Span};

use crate::{
    args::PlanArgs,
    error::CliError,
    exit::Exit,
    surroundings::{Surroundings, say, say_json},
    words::counted,
};
use watchkeeper_desk::deployment;

pub(super) fn plan(args: &PlanArgs, here: &Surroundings) -> Result<Exit, CliError> {
    let plan = match &args.config {
        Some(path) => deployment::read(path)?.plan()?,
        None => Plan::standard(),
    };
    if args.toml {
        say(plan.to_toml().trim_end())?;
    } else if here.json {
        say_json(&plan)?;
    } else {
        say(text(&plan).trim_end())?;
    }
    Ok(Exit::Pass)
}

fn text(plan: &Plan) -> String {
    let mut out = format!(
        "{} with {}\n",
        plan.length,
        counted(plan.checkpoints().count(), "checkpoint", "checkpoints")
    );
    for phase in &plan.phases {
        out += &format!("\n{} — {}\n", phase.title, phase.focus);
        for check in &phase.checkpoints {
            out += &format!("  {:<9} {}\n", offset(check.due), check.title);
        }
        for item in &phase.items {
            out += &format!("            {:<24} {}\n", item.id(), item.text());
        }
    }
    out
}

/// `+4:00 h`
fn offset(due: Span) -> String {
    let minutes = due.as_millis() / 60_000;
    format!("+{}:{:02} h", minutes / 60, minutes % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schedule_is_told_in_its_order() {
        let text = text(&Plan::standard());
        for part in ["24 h with 11 checkpoints", "  +0:00 h   Hour 0\n", "  +20:00 h  Check 5\n", "git_tag"] {
            assert!(text.contains(part), "without {part:?}:\n{text}");
        }
    }
}
