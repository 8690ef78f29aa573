//! `sqlx::migrate!` reads the folder while it compiles, which cargo does not see by itself.

fn main() {
    println!("cargo:rerun-if-changed=migrations");
}
