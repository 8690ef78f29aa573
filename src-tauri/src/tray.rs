//! The tray's icon and menu on this desktop, drawn from data.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex, PoisonError},
};

use tauri::{
    AppHandle, Manager, Wry, async_runtime,
    image::Image,
    include_image,
    menu::{Menu, MenuItem, PredefinedMenuItem},
    tray::{MouseButton, MouseButtonState, TrayIcon as Icon, TrayIconBuilder, TrayIconEvent},
};
use watchkeeper_core::view::Tone;
use watchkeeper_window::{
    Desktop,
    tray::{Action, Item, Tray},
};

use crate::shell::Shell;

/// The icon's name: on Linux its address on the session bus ends with it.
const ID: &str = "watch";

const OK: Image<'static> = include_image!("../icons/tray-ok.png");
const WARNING: Image<'static> = include_image!("../icons/tray-warning.png");
const CRITICAL: Image<'static> = include_image!("../icons/tray-critical.png");
const IDLE: Image<'static> = include_image!("../icons/tray-idle.png");
const GAP: Image<'static> = include_image!("../icons/tray-gap.png");

const fn icon(tone: Tone) -> Image<'static> {
    match tone {
        Tone::Ok => OK,
        Tone::Warning => WARNING,
        Tone::Critical => CRITICAL,
        Tone::Gap => GAP,
        Tone::Idle => IDLE,
    }
}

/// The tray of this desktop.
pub(crate) struct TrayIcon {
    app: AppHandle,
    shell: Arc<Shell>,
    /// What was last ordered.
    ordered: Mutex<Option<Tray>>,
    /// What is there to be seen; touched on the main thread alone.
    drawn: Arc<Mutex<Drawn>>,
}

#[derive(Default)]
enum Drawn {
    #[default]
    Nothing,
    /// This desktop has no trays.
    Impossible,
    There(Box<There>),
}

struct There {
    tray: Tray,
    icon: Icon,
    menu: Menu<Wry>,
    /// One for each item; `None` for a separator.
    entries: Vec<Option<MenuItem<Wry>>>,
}

impl TrayIcon {
    pub(crate) fn new(app: AppHandle, shell: Arc<Shell>) -> Self {
        Self { app, shell, ordered: Mutex::default(), drawn: Arc::default() }
    }

    /// Shows `tray`, unless it is what is shown. Returns at once.
    pub(crate) fn show(&self, tray: &Tray) {
        // Held until the order is out, so that two of them are not carried out the wrong way round.
        let mut ordered = self.ordered.lock().unwrap_or_else(PoisonError::into_inner);
        if ordered.as_ref() == Some(tray) {
            return;
        }
        *ordered = Some(tray.clone());
        let (app, shell, drawn, tray) =
            (self.app.clone(), Arc::clone(&self.shell), Arc::clone(&self.drawn), tray.clone());
        let sent = self.app.run_on_main_thread(move || {
            let mut drawn = drawn.lock().unwrap_or_else(PoisonError::into_inner);
            if let Err(e) = draw(&app, &shell, &mut drawn, tray) {
                tracing::warn!("the tray could not be drawn: {e}");
            }
        });
        if let Err(e) = sent {
            tracing::warn!("the tray could not be drawn: {e}");
        }
    }
}

fn draw(app: &AppHandle, shell: &Shell, drawn: &mut Drawn, next: Tray) -> tauri::Result<()> {
    match drawn {
        Drawn::Impossible => {}
        Drawn::Nothing => {
            let menu = Menu::new(app)?;
            let entries = fill(app, &menu, &next.menu)?;
            // The Linux library panics where the system lacks libayatana-appindicator, which it loads at this moment.
            let made = catch_unwind(AssertUnwindSafe(|| make(app, shell, &menu, &next)));
            *drawn = match made {
                Ok(Ok(icon)) => {
                    shell.has_tray_icon();
                    Drawn::There(Box::new(There { tray: next, icon, menu, entries }))
                }
                Ok(Err(e)) => {
                    tracing::warn!("there is no tray: {e}");
                    Drawn::Impossible
                }
                Err(_) => {
                    tracing::warn!("there is no tray: libayatana-appindicator is not installed");
                    Drawn::Impossible
                }
            };
        }
        Drawn::There(there) => {
            if there.tray.icon != next.icon {
                there.icon.set_icon(Some(icon(next.icon)))?;
            }
            if there.tray.tooltip != next.tooltip {
                there.icon.set_tooltip(Some(&next.tooltip))?;
            }
            let before = &there.tray.menu;
            if before.len() == next.menu.len() && before.iter().zip(&next.menu).all(alike) {
                amend(&there.entries, &next.menu)?;
            } else {
                there.entries = fill(app, &there.menu, &next.menu)?;
            }
            there.tray = next;
        }
    }
    Ok(())
}

fn make(app: &AppHandle, shell: &Shell, menu: &Menu<Wry>, tray: &Tray) -> tauri::Result<Icon> {
    TrayIconBuilder::with_id(ID)
        .icon(icon(tray.icon))
        .tooltip(&tray.tooltip)
        .menu(menu)
        .show_menu_on_left_click(false)
        // Linux wants a file: in a folder that is this user's alone.
        .temp_dir_path(shell.data().join("tray"))
        .on_menu_event(|app, event| {
            let Some(action) = Action::of_id(event.id().as_ref()) else { return };
            let Some(desktop) = app.try_state::<Arc<Desktop>>().map(|d| Arc::clone(&d)) else { return };
            async_runtime::spawn(async move { desktop.pressed(action).await });
        })
        .on_tray_icon_event(|icon, event| {
            let click = matches!(
                event,
                TrayIconEvent::Click { button: MouseButton::Left, button_state: MouseButtonState::Up, .. }
            );
            if click && let Some(shell) = Shell::of(icon.app_handle()) {
                shell.show();
            }
        })
        .build(app)
}

/// The same entry, if perhaps with another text.
fn alike((one, other): (&Item, &Item)) -> bool {
    match (one, other) {
        (Item::Action { action, .. }, Item::Action { action: other, .. }) => action == other,
        (Item::Words(_), Item::Words(_)) | (Item::Separator, Item::Separator) => true,
        _ => false,
    }
}

/// Changes the entries in place, so that a menu that is open stays open.
fn amend(entries: &[Option<MenuItem<Wry>>], items: &[Item]) -> tauri::Result<()> {
    for (entry, item) in entries.iter().zip(items) {
        let Some(entry) = entry else { continue };
        match item {
            Item::Action { label, enabled, .. } => {
                entry.set_text(plain(label))?;
                entry.set_enabled(*enabled)?;
            }
            Item::Words(words) => entry.set_text(plain(words))?,
            Item::Separator => {}
        }
    }
    Ok(())
}

/// Fills the menu anew: on Linux it cannot be replaced by another one.
fn fill(app: &AppHandle, menu: &Menu<Wry>, items: &[Item]) -> tauri::Result<Vec<Option<MenuItem<Wry>>>> {
    for entry in menu.items()? {
        menu.remove(&entry)?;
    }
    let mut entries = Vec::new();
    for item in items {
        let entry = match item {
            Item::Action { action, label, enabled } => {
                Some(MenuItem::with_id(app, action.id(), plain(label), *enabled, None::<&str>)?)
            }
            Item::Words(words) => Some(MenuItem::new(app, plain(words), false, None::<&str>)?),
            Item::Separator => None,
        };
        match &entry {
            Some(entry) => menu.append(entry)?,
            None => menu.append(&PredefinedMenuItem::separator(app)?)?,
        }
        entries.push(entry);
    }
    Ok(entries)
}

/// A menu takes `&` for the mark of the letter that follows.
fn plain(label: &str) -> String {
    label.replace('&', "&&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_keeps_its_place_while_it_does_the_same() {
        let action = |action, label: &str| Item::Action { action, label: label.into(), enabled: true };
        for (one, other, same) in [
            (action(Action::Pause, "Pause"), action(Action::Pause, "Παύση"), true),
            (action(Action::Pause, "Pause"), action(Action::Resume, "Resume"), false),
            (Item::Words("a".into()), Item::Words("b".into()), true),
            (Item::Words("a".into()), Item::Separator, false),
        ] {
            assert_eq!(alike((&one, &other)), same);
        }
        assert_eq!(plain("R&D"), "R&&D");
    }

    #[test]
    fn each_tone_has_its_own_icon() {
        let all = [Tone::Ok, Tone::Warning, Tone::Critical, Tone::Idle, Tone::Gap].map(icon);
        for (at, one) in all.iter().enumerate() {
            assert_eq!((one.width(), one.height()), (32, 32));
            assert!(all.iter().skip(at + 1).all(|other| other.rgba() != one.rgba()));
        }
    }
}
