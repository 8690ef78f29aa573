//! What a report's file is called.

use watchkeeper_core::view::View;

use crate::Format;

/// A file name for the report: `SMS-v1.15.1-2026-01-10-watch.md`. Safe on Windows, and told apart where the session is
/// no real watch.
pub fn suggested_name(view: &View, format: Format) -> String {
    format!("{}.{}", suggested_stem(view), format.extension())
}

/// The name of an incident's own report, beside the session's of the name `stem`.
pub fn incident_file_name(stem: &str, incident: u32) -> String {
    format!("{stem}-incident-{incident}.md")
}

/// The name without its ending.
pub(crate) fn suggested_stem(view: &View) -> String {
    let version: String = view
        .opening
        .release
        .version
        .chars()
        .take(40)
        .map(|c| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_') { c } else { '-' })
        .collect();
    let kind = if view.opening.simulated.is_some() {
        "-simulated"
    } else if crate::words::is_rehearsal(view) {
        "-rehearsal"
    } else {
        ""
    };
    format!("SMS-v{version}-{}-watch{kind}", view.started.format("%Y-%m-%d"))
}
