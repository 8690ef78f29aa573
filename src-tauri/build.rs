//! Embeds the window's files, the icon and, on Windows, the manifest.

fn main() {
    tauri_build::build();
}
