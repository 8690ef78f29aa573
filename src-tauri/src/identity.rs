//! Who the notifications are from. Windows shows none of a program that it does not know, and learns of it by the
//! start-menu entry that the installer makes, or by the registry.

use std::{fs, path::Path};

use watchkeeper_desk::IDENTIFIER;
use windows_registry::CURRENT_USER;

const ICON: &[u8] = include_bytes!("../../icons/app-128.png");

/// Makes the program known, for this user. Where it cannot be, that is noted: an installed program is known anyway.
pub(crate) fn register(data: &Path) {
    let icon = data.join("icon.png");
    if fs::read(&icon).ok().as_deref() != Some(ICON)
        && let Err(e) = fs::write(&icon, ICON)
    {
        tracing::warn!("the notifications are without their icon: {e}");
    }
    let registered =
        CURRENT_USER.create(format!(r"Software\Classes\AppUserModelId\{IDENTIFIER}")).and_then(|key| {
            key.set_string("DisplayName", "SMS Watchkeeper")?;
            key.set_string("IconUri", icon.display().to_string())
        });
    if let Err(e) = registered {
        tracing::warn!("notifications may not be shown: the registry could not be written: {e}");
    }
}
