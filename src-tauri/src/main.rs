//! The watch in a window: see the library.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

use std::process::ExitCode;

fn main() -> ExitCode {
    sms_watchkeeper_lib::main()
}
