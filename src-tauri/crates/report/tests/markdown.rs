//! The Markdown report: the document's sections in its order, honest about what is not there yet, and harmless.

mod support;

use watchkeeper_report::markdown;

#[test]
fn write_them_all_to_look_at() {
    let dir = std::path::Path::new("/tmp/reports");
    std::fs::create_dir_all(dir).unwrap();
    for (name, watch) in [
        ("healthy", support::healthy()),
        ("slow", support::slow_database()),
        ("crash", support::crash()),
        ("crash_open", support::crash_open()),
        ("interrupted", support::interrupted()),
        ("hostile", support::hostile()),
    ] {
        let report = watch.report();
        std::fs::write(dir.join(name).with_extension("md"), markdown(&report)).unwrap();
        let json = watchkeeper_report::json(&report).unwrap();
        std::fs::write(dir.join(name).with_extension("json"), &json).unwrap();
        println!("{name}: {:?}", watchkeeper_report::verify(json.as_bytes()));
        println!("{name}: {:?}", watchkeeper_report::verify(markdown(&report).as_bytes()));
    }
}
