//! Set-up and the commands of the README: `cargo xtask help` lists them.
//!
//! Each command prints what it runs, so that any step can be repeated by hand.

mod bench;
mod help;
mod image;
mod needs;
mod place;
mod run;
mod screenshots;
mod setup;
mod shell;
mod test;
mod ui;
mod windows;

use std::{env, process::ExitCode};

use place::Place;
use shell::Failed;

fn main() -> ExitCode {
    let mut arguments = env::args().skip(1);
    let command = arguments.next();
    let rest: Vec<String> = arguments.collect();
    match ordered(command.as_deref(), &rest) {
        Ok(code) => ExitCode::from(code),
        Err(failed) => {
            eprintln!("\nxtask: {failed}");
            ExitCode::from(failed.code)
        }
    }
}

/// Carries out one command; gives its exit code.
fn ordered(command: Option<&str>, rest: &[String]) -> Result<u8, Failed> {
    let Some(command) = command else {
        println!("{}", help::ALL);
        return Ok(0);
    };
    if matches!(command, "help" | "--help" | "-h") {
        println!("{}", rest.first().map_or(Some(help::ALL), |about| help::of(about)).unwrap_or(help::ALL));
        return Ok(0);
    }
    let Some(text) = help::of(command) else {
        return Err(Failed::usage(format!("there is no command `{command}`.\n\n{}", help::ALL)));
    };
    // What stands behind `run` is for the program itself, its `--help` too; `help run` explains ours.
    if command != "run" && rest.iter().any(|a| matches!(a.as_str(), "--help" | "-h")) {
        println!("{text}");
        return Ok(0);
    }
    let place = Place::find()?;
    match command {
        "run" => run::run(&place, rest),
        "test" => test::test(&place, rest),
        "bench" => bench::bench(&place, rest),
        "screenshots" => screenshots::screenshots(&place, rest),
        "windows" => windows::windows(&place, rest),
        "setup" => setup::setup(rest),
        _ => image::image(&place, rest),
    }
}
