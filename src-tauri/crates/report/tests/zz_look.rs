mod support;
#[test]
fn look() {
    let dir = std::path::Path::new("/tmp/reports");
    for (name, watch) in [
        ("healthy", support::healthy()),
        ("slow", support::slow_database()),
        ("crash", support::crash()),
        ("crash_open", support::crash_open()),
        ("interrupted", support::interrupted()),
        ("hostile", support::hostile(support::HOSTILE)),
    ] {
        let report = watch.report();
        std::fs::write(dir.join(name).with_extension("md"), watchkeeper_report::markdown(&report)).unwrap();
        std::fs::write(dir.join(name).with_extension("json"), watchkeeper_report::json(&report).unwrap())
            .unwrap();
    }
}
