//! `report`

use std::path::{Path, PathBuf};

use serde_json::json;
use watchkeeper_report::{Format, Report, ReportError};

use super::sessions::chosen;
use crate::{
    args::{ReportArgs, ReportForm},
    error::CliError,
    exit::Exit,
    surroundings::{Surroundings, say, say_json},
};
use watchkeeper_desk::{
    new_file,
    report::{of_session, proven},
};

pub(super) async fn report(args: &ReportArgs, here: &Surroundings) -> Result<Exit, CliError> {
    let (store, session) = chosen(here, args.session.as_deref()).await?;
    let formats: Vec<Format> = Format::ALL.into_iter().filter(|f| args.format.contains(&form(*f))).collect();
    proven(&store, &session.id).await?;
    let report = of_session(&store, &session.id).await?;
    if args.out == Path::new("-") {
        return match formats.as_slice() {
            [format] => {
                let text = rendered(&report, *format)?;
                say(text.strip_suffix('\n').unwrap_or(&text))?;
                Ok(Exit::Pass)
            }
            _ => Err(CliError::usage(
                "only one form can go to standard output",
                "name it: --format md or --format json",
            )),
        };
    }
    let paths = write(report, &formats, &args.out, args.force)?;
    if here.json {
        say_json(&json!({ "session": session.id, "files": paths }))?;
    } else {
        for path in &paths {
            say(path.display())?;
        }
    }
    Ok(Exit::Pass)
}

const fn form(format: Format) -> ReportForm {
    match format {
        Format::Markdown => ReportForm::Md,
        Format::Json => ReportForm::Json,
    }
}

/// Writes the report into `folder`, with Markdown also that of each critical incident; gives the files' paths.
///
/// # Errors
/// When a file cannot be written.
pub(super) fn write(
    report: Report,
    formats: &[Format],
    folder: &Path,
    force: bool,
) -> Result<Vec<PathBuf>, CliError> {
    let stem = if force {
        report.stem.clone()
    } else {
        new_file::free_stem(folder, &report.stem, |stem| report.names(stem, formats))
    };
    let files = report.called(stem).files(formats).map_err(|e| unwritable(&e))?;
    Ok(new_file::write_all(folder, &files)?)
}

fn rendered(report: &Report, format: Format) -> Result<String, CliError> {
    format.render(report).map_err(|e| unwritable(&e))
}

fn unwritable(error: &ReportError) -> CliError {
    CliError::could_not_run(error.to_string(), "try again")
}
