//! The commands.

mod acting;
mod check;
mod config;
mod demo;
mod doctor;
mod people;
mod plan;
mod report;
mod sessions;
mod sign_off;
mod verify;
mod watch;

use crate::{
    args::{Command, ConfigCommand},
    error::CliError,
    exit::Exit,
    surroundings::{Surroundings, say},
};

/// Does what was asked for.
///
/// # Errors
/// What failed, and what to do.
pub(crate) async fn run(command: Command, here: &Surroundings) -> Result<Exit, CliError> {
    match command {
        Command::Watch(args) => watch::watch(&args, here).await,
        Command::Check(args) => check::check(&args, here).await,
        Command::Demo(args) => demo::demo(&args, here).await,
        Command::Sessions => sessions::list(here).await,
        Command::Status(args) => sessions::status(&args, here).await,
        Command::Note(args) => people::note(args, here).await,
        Command::Ack(args) => people::ack(args, here).await,
        Command::Act(args) => people::act(args, here).await,
        Command::Confirm(args) => people::confirm(args, here).await,
        Command::Dismiss(args) => people::dismiss(args, here).await,
        Command::Close(args) => people::close(args, here).await,
        Command::Tick(args) => people::tick(args, here).await,
        Command::Announce(args) => people::announce(args, here).await,
        Command::Restart(args) => acting::restart(args, here).await,
        Command::RollBack(args) => acting::roll_back(args, here).await,
        Command::Undo(args) => acting::undo(args, here).await,
        Command::Finish(args) => acting::finish(args, here).await,
        Command::TakeOver(args) => acting::take_over(args, here).await,
        Command::SignOff(args) => sign_off::sign_off(args, here).await,
        Command::Report(args) => report::report(&args, here).await,
        Command::Verify(args) => verify::verify(&args, here).await,
        Command::Doctor(args) => doctor::doctor(&args, here).await,
        Command::Config(ConfigCommand::Init(args)) => config::init(&args, here),
        Command::Config(ConfigCommand::Check(args)) => config::check(&args.path, here),
        Command::Config(ConfigCommand::Show(args)) => config::show(&args.path, here),
        Command::Plan(args) => plan::plan(&args, here),
        Command::Schema => schema(),
    }
}

fn schema() -> Result<Exit, CliError> {
    let schema = watchkeeper_report::schema();
    say(serde_json::to_string_pretty(&schema).map_err(|e| {
        CliError::could_not_run(format!("the schema has no JSON form: {e}"), "tell the developers")
    })?)?;
    Ok(Exit::Pass)
}
