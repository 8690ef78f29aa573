//! The watch in a terminal.
fn main() {}
