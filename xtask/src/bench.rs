//! `cargo xtask bench`

use crate::{
    needs::Group,
    place::Place,
    setup,
    shell::{Call, Failed, part},
};

/// Builds the watch and its benchmark in release and runs the benchmark.
pub(crate) fn bench(place: &Place, arguments: &[String]) -> Result<u8, Failed> {
    setup::require(&[Group::Build])?;
    part("Build");
    Call::cargo("build").args(["--locked", "--release", "--package", "watchkeeper"]).run()?;
    Call::cargo("build")
        .args(["--locked", "--release", "--package", "watchkeeper-demo", "--bin", "sms-demo"])
        .run()?;
    part("Measure");
    Call::cargo("bench")
        .args(["--locked", "--package", "watchkeeper-tests", "--bench", "watch", "--"])
        .args(arguments)
        .env("WATCHKEEPER_PROGRAM", place.program("release", "watchkeeper"))
        .env("WATCHKEEPER_SMS_DEMO", place.program("release", "sms-demo"))
        .env("WATCHKEEPER_OUT", place.out("bench"))
        .run()?;
    Ok(0)
}
