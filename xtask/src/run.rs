//! `cargo xtask run`

use std::fs;

use crate::{
    needs::Group,
    place::Place,
    setup,
    shell::{Call, Failed, part},
};

/// Builds `watchkeeper` in release and runs it; gives its exit code.
pub(crate) fn run(place: &Place, arguments: &[String]) -> Result<u8, Failed> {
    setup::require(&[Group::Build])?;
    part("Build");
    Call::cargo("build").args(["--locked", "--release", "--package", "watchkeeper"]).run()?;
    let out = place.out("demo");
    let call = Call::new(place.program("release", "watchkeeper"));
    let demo = arguments.is_empty();
    let call = if demo {
        part("A simulated day at 720-fold speed: it takes about two minutes");
        call.args(["demo", "--speed", "720", "--out"]).arg(&out)
    } else {
        call.args(arguments)
    };
    let code = call.code()?;
    if demo {
        let mut left: Vec<_> = fs::read_dir(&out)
            .map(|entries| entries.flatten().map(|e| e.path()).filter(|p| p.is_file()).collect())
            .unwrap_or_default();
        left.sort();
        match left.as_slice() {
            [] => println!("\nNo report was left in {}.", out.display()),
            files => {
                println!("\nThe report:");
                files.iter().for_each(|f| println!("  {}", f.display()));
            }
        }
    }
    // A signal has no exit code: it could not run to its end.
    Ok(u8::try_from(code).unwrap_or(4))
}
