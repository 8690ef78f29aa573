//! `cargo xtask bench`

use std::{fs, path::Path};

use crate::{
    needs::Group,
    place::Place,
    setup,
    shell::{Call, Failed, part},
    ui,
};

/// Between these the README has what was measured.
const BEGIN: &str = "| --- | --- | --- | --- | --- | --- | --- |\n";
const END: &str = "\nFigures of one machine";

/// Builds the programs and their benchmarks in release and runs them. With `--readme` the README gets the figures.
pub(crate) fn bench(place: &Place, arguments: &[String]) -> Result<u8, Failed> {
    let to_readme = arguments.iter().any(|a| a == "--readme");
    let arguments: Vec<&String> = arguments.iter().filter(|a| *a != "--readme").collect();
    setup::require(&[Group::Build])?;
    let window = if cfg!(target_os = "linux") {
        setup::require(&[Group::Ui, Group::Window, Group::WindowTests]).map_err(|e| e.to_string())
    } else {
        Err("it is driven by WebKit's driver, which runs on Linux only.".to_owned())
    };
    // The same features for all that is built, so that nothing is built twice.
    let mut all = vec!["--locked"];
    let mut programs = vec!["--bin", "watchkeeper", "--bin", "sms-demo"];
    let mut benches = vec!["watch"];
    if window.is_ok() {
        ui::build(place)?;
        all.extend(["--workspace", "--features", "watchkeeper-tests/window"]);
        programs.extend(["--bin", "sms-watchkeeper"]);
        benches.push("window");
    }
    part("Build");
    let to_build = benches.iter().flat_map(|b| ["--bench", *b]);
    Call::cargo("build").args(&all).arg("--release").args(programs).args(to_build).run()?;
    let out = place.out("bench");
    for bench in &benches {
        part(&format!("Measure the {bench}"));
        Call::cargo("bench")
            .args(&all)
            .args(["--bench", bench, "--"])
            .args(&arguments)
            .env("WATCHKEEPER_PROGRAM", place.program("release", "watchkeeper"))
            .env("WATCHKEEPER_SMS_DEMO", place.program("release", "sms-demo"))
            .env("WATCHKEEPER_APP", place.program("release", "sms-watchkeeper"))
            .env("WATCHKEEPER_OUT", &out)
            .run()?;
    }
    if to_readme {
        fill(&place.root.join("README.md"), &out, &benches)?;
    }
    if let Err(reason) = window {
        println!("SKIPPED: THE WINDOW: {reason}");
    }
    Ok(0)
}

/// Puts the rows that the benchmarks left into the README's table.
fn fill(readme: &Path, out: &Path, benches: &[&str]) -> Result<(), Failed> {
    let read = |path: &Path| {
        fs::read_to_string(path).map_err(|e| Failed::new(format!("{} cannot be read: {e}.", path.display())))
    };
    let mut rows = String::new();
    for bench in benches {
        rows.push_str(&read(&out.join(format!("{bench}.md")))?);
    }
    let filled = filled(&read(readme)?, &rows)
        .ok_or_else(|| Failed::new(format!("{} has no table for the figures.", readme.display())))?;
    fs::write(readme, filled)
        .map_err(|e| Failed::new(format!("{} cannot be written: {e}.", readme.display())))
}

fn filled(text: &str, rows: &str) -> Option<String> {
    let from = text.find(BEGIN)? + BEGIN.len();
    let to = from + text.get(from..)?.find(END)?;
    Some(format!("{}{rows}{}", text.get(..from)?, text.get(to..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rows_take_the_place_of_the_old_ones() {
        let table = |rows: &str| format!("a\n{BEGIN}{rows}{END} at a time\n");
        for (text, expected) in [
            (table("| old |\n"), Some(table("| new |\n"))),
            (table(""), Some(table("| new |\n"))),
            (BEGIN.to_owned(), None),
            (String::new(), None),
        ] {
            assert_eq!(filled(&text, "| new |\n"), expected, "{text}");
        }
        let readme = include_str!("../../README.md");
        assert!(filled(readme, "").is_some());
    }
}
