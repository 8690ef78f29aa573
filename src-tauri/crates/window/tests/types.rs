//! The types of TypeScript in `ui/src/generated` are those of Rust.
#![allow(clippy::unwrap_used, reason = "a test whose set-up fails has failed")]

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use ts_rs::{Config, TS};
use watchkeeper_core::session::Command;
use watchkeeper_window::contract as c;

fn export(folder: &Path) {
    let config = Config::new().with_large_int("number").with_out_dir(folder);
    macro_rules! all {
        ($($name:ty),* $(,)?) => { $( <$name>::export_all(&config).unwrap(); )* };
    }
    all!(
        c::ShownView,
        Command,
        c::RequestError,
        c::Home,
        c::ScenarioCard,
        c::Pulse,
        c::Told,
        c::Go,
        c::Series,
        c::SeriesRequest,
        c::LastLooked,
        c::EvidenceView,
        c::Block,
        c::ReportFormat,
        c::Pick,
        c::SetUp,
        c::Examination,
        c::KeptCertificates,
        c::SshSecret,
        c::ConfigPage,
        c::PlanPage,
        c::PlanSaved,
    );
}

fn files(folder: &Path) -> BTreeMap<String, String> {
    fs::read_dir(folder)
        .map(|all| {
            all.map(|f| f.unwrap().path())
                .filter(|p| p.is_file())
                .map(|p| {
                    let name = p.file_name().unwrap().to_string_lossy().into_owned();
                    (name, fs::read_to_string(&p).unwrap().replace("\r\n", "\n"))
                })
                .collect()
        })
        .unwrap_or_default()
}

#[test]
fn typescript_has_the_types_of_rust() {
    let generated = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../ui/src/generated");
    let fresh = tempfile::tempdir().unwrap();
    export(fresh.path());
    let fresh = files(fresh.path());
    assert!(fresh.len() > 50, "only {} types", fresh.len());
    if std::env::var_os("UPDATE_TYPES").is_some() {
        let _ = fs::remove_dir_all(&generated);
        fs::create_dir_all(&generated).unwrap();
        for (name, text) in &fresh {
            fs::write(generated.join(name), text).unwrap();
        }
    }
    let there = files(&generated);
    let differing: Vec<&String> =
        fresh.keys().chain(there.keys()).filter(|name| fresh.get(*name) != there.get(*name)).collect();
    assert!(
        differing.is_empty(),
        "{differing:?} differ from the types in Rust: run this test once with UPDATE_TYPES=1, and look at the diff"
    );
}
