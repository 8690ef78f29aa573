//! The README's table of configuration keys is the one that the program makes; `UPDATE_README=1` writes it anew.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

use std::path::Path;

use watchkeeper_core::config;

#[test]
fn every_key_is_in_the_readme() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md");
    let text = std::fs::read_to_string(&path).unwrap().replace("\r\n", "\n");
    let (begin, end) = ("<!-- configuration:begin -->\n", "<!-- configuration:end -->");
    let (head, rest) = text.split_once(begin).expect("the README has a place for the table");
    let (_, tail) = rest.split_once(end).expect("the place for the table has an end");
    let good = format!("{head}{begin}{}\n{end}{tail}", config::reference().trim_end());
    if std::env::var_os("UPDATE_README").is_some() {
        std::fs::write(&path, good).unwrap();
        return;
    }
    assert!(text == good, "the README's table is old: run this test with UPDATE_README=1");
}
