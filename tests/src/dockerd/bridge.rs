//! A network bridge for one Engine.

use std::process::Command;

/// A bridge with an address; deleted when dropped.
pub(super) struct Bridge(String);

impl Bridge {
    /// Makes one. `process` and `count` tell it from those of other tests.
    pub(super) fn make(process: u32, count: u32) -> Result<Self, String> {
        // 15 characters is all that Linux takes.
        let name = format!("wk{process}n{count}");
        ip(&["link", "add", &name, "type", "bridge"])?;
        let bridge = Self(name);
        // From 198.18.0.0/15, which RFC 2544 sets aside for tests: no real network is hidden by it.
        let taken = Command::new("ip").args(["-o", "-4", "addr"]).output();
        let taken = taken.map(|o| String::from_utf8_lossy(&o.stdout).into_owned()).unwrap_or_default();
        let first = process.wrapping_mul(7).wrapping_add(count) % 500;
        let free = (0..500)
            .map(|step| (first + step) % 500)
            .map(|number| format!("198.{}.{}.1/24", 18 + number / 250, number % 250))
            .find(|address| !taken.contains(address.as_str()))
            .ok_or("all addresses for test bridges are taken")?;
        ip(&["addr", "add", &free, "dev", bridge.name()])?;
        ip(&["link", "set", bridge.name(), "up"])?;
        Ok(bridge)
    }

    pub(super) fn name(&self) -> &str {
        &self.0
    }
}

impl Drop for Bridge {
    fn drop(&mut self) {
        delete(&self.0);
    }
}

/// Deletes a bridge, if it is there.
pub(super) fn delete(name: &str) {
    let _ = ip(&["link", "delete", name]);
}

fn ip(arguments: &[&str]) -> Result<(), String> {
    let output = Command::new("ip")
        .env("PATH", super::path_with_sbin())
        .args(arguments)
        .output()
        .map_err(|e| format!("ip could not be started: {e}"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("ip {}: {}", arguments.join(" "), String::from_utf8_lossy(&output.stderr).trim()))
}
