//! The log of the process itself. A reader that is gone is no reason to end.

use std::io::Write;

use watchkeeper_demo::world::python_line;

/// A line on standard output: the access log, and prints.
pub(crate) fn out(line: &str) {
    let mut stream = std::io::stdout().lock();
    let _ = writeln!(stream, "{line}").and_then(|()| stream.flush());
}

/// A line on standard error: everything else.
pub(crate) fn err(line: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}

/// A line of Python's logging, of now.
pub(crate) fn python(logger: &str, level: &str, message: &str) {
    err(&python_line(chrono::Utc::now(), logger, level, "-", message));
}
