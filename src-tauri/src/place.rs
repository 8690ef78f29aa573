//! Where the window was, and what was said once and need not be said again: a small file in the data folder.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use watchkeeper_desk::new_file;

/// So much of the window's head must lie on a screen for a person to get hold of it, in pixels.
const GRIP: i32 = 80;

/// A rectangle of a screen, in its pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Area {
    /// From the left.
    pub(crate) x: i32,
    /// From the top.
    pub(crate) y: i32,
    pub(crate) width: u32,
    pub(crate) height: u32,
}

impl Area {
    /// A window here can be got hold of on one of these screens.
    pub(crate) fn is_within_reach(&self, screens: &[Self]) -> bool {
        screens.iter().any(|screen| {
            let right = screen.x.saturating_add_unsigned(screen.width);
            let bottom = screen.y.saturating_add_unsigned(screen.height);
            let seen_right = right.min(self.x.saturating_add_unsigned(self.width));
            let seen = seen_right.saturating_sub(screen.x.max(self.x));
            seen >= GRIP && self.y >= screen.y && self.y.saturating_add(GRIP) <= bottom
        })
    }
}

/// What is kept.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Kept {
    /// The window when it was not maximised.
    pub(crate) area: Option<Area>,
    pub(crate) maximised: bool,
    /// It was told that a closed window leaves the watch standing.
    pub(crate) told_watch: bool,
    /// It was told that a closed window leaves the program in the tray.
    pub(crate) told_tray: bool,
}

/// The file.
pub(crate) struct KeptFile(PathBuf);

impl KeptFile {
    pub(crate) fn within(data: &Path) -> Self {
        Self(data.join("window.json"))
    }

    /// What was kept; nothing where the file is missing or of no use.
    pub(crate) fn read(&self) -> Kept {
        let Ok(text) = std::fs::read_to_string(&self.0) else { return Kept::default() };
        serde_json::from_str(&text).unwrap_or_default()
    }

    /// Keeps it. That it could not be kept is noted, and harms nobody.
    pub(crate) fn write(&self, kept: &Kept) {
        let written = serde_json::to_string(kept)
            .map_err(|e| e.to_string())
            .and_then(|text| new_file::write(&self.0, &text).map_err(|e| e.to_string()));
        if let Err(e) = written {
            tracing::warn!("the window's place is not kept: {e}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn area(x: i32, y: i32, width: u32, height: u32) -> Area {
        Area { x, y, width, height }
    }

    #[test]
    fn a_window_is_not_put_where_nobody_can_get_hold_of_it() {
        let screens = [area(0, 0, 1920, 1080), area(-1280, 0, 1280, 1024)];
        for (window, within) in [
            (area(100, 100, 1280, 800), true),
            (area(-1300, 20, 1280, 800), true),
            (area(1900, 100, 1280, 800), false),
            (area(100, 1050, 1280, 800), false),
            (area(100, -40, 1280, 800), false),
            (area(2000, 100, 1280, 800), false),
            (area(i32::MAX, 0, 1280, 800), false),
        ] {
            assert_eq!(window.is_within_reach(&screens), within, "{window:?}");
        }
        assert!(!area(0, 0, 1280, 800).is_within_reach(&[]));
    }

    #[test]
    fn what_is_kept_is_read_again_and_a_broken_file_harms_nobody() {
        let folder = tempfile::tempdir().unwrap();
        let file = KeptFile::within(folder.path());
        assert_eq!(file.read(), Kept::default());
        let kept = Kept { area: Some(area(1, 2, 3, 4)), told_watch: true, ..Kept::default() };
        file.write(&kept);
        assert_eq!(file.read(), kept);
        std::fs::write(folder.path().join("window.json"), "{").unwrap();
        assert_eq!(file.read(), Kept::default());
    }
}
