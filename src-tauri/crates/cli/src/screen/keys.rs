//! The keyboard, read on a thread of its own.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use crossterm::event::{self, Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use tokio::sync::mpsc;

/// How long the thread may outlive the view.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// What was pressed, as far as it matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Key {
    /// Ctrl-C, which the terminal no longer turns into a signal.
    Interrupt,
    /// `q`
    Quit,
    /// Any other.
    Other,
    /// No key: the terminal has another size.
    Resized,
}

/// What is pressed, as it comes.
pub(super) struct Keys {
    pressed: mpsc::UnboundedReceiver<Key>,
    over: Arc<AtomicBool>,
}

impl Keys {
    /// Begins to read.
    pub(super) fn read() -> io::Result<Self> {
        let (press, pressed) = mpsc::unbounded_channel();
        let over = Arc::new(AtomicBool::new(false));
        let ended = over.clone();
        thread::Builder::new().name("keys".into()).stack_size(128 << 10).spawn(move || {
            while !ended.load(Ordering::Relaxed) {
                match event::poll(LOOK_EVERY) {
                    Ok(false) => {}
                    Ok(true) => {
                        let Ok(event) = event::read() else { return };
                        if let Some(key) = key(&event)
                            && press.send(key).is_err()
                        {
                            return;
                        }
                    }
                    // No keyboard any more.
                    Err(_) => return,
                }
            }
        })?;
        Ok(Self { pressed, over })
    }

    pub(super) async fn next(&mut self) -> Option<Key> {
        self.pressed.recv().await
    }
}

impl Drop for Keys {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
    }
}

fn key(event: &Event) -> Option<Key> {
    match event {
        Event::Resize(..) => Some(Key::Resized),
        // Windows tells of the release as well.
        Event::Key(KeyEvent { kind: KeyEventKind::Release, .. }) => None,
        Event::Key(KeyEvent { code: KeyCode::Char('c'), modifiers, .. })
            if modifiers.contains(KeyModifiers::CONTROL) =>
        {
            Some(Key::Interrupt)
        }
        Event::Key(KeyEvent { code: KeyCode::Char('q' | 'Q'), .. }) => Some(Key::Quit),
        Event::Key(_) => Some(Key::Other),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_told_apart() {
        let press = |code, modifiers| Event::Key(KeyEvent::new(code, modifiers));
        let release = Event::Key(KeyEvent::new_with_kind(
            KeyCode::Char('q'),
            KeyModifiers::NONE,
            KeyEventKind::Release,
        ));
        for (event, expected) in [
            (press(KeyCode::Char('c'), KeyModifiers::CONTROL), Some(Key::Interrupt)),
            (press(KeyCode::Char('c'), KeyModifiers::NONE), Some(Key::Other)),
            (press(KeyCode::Char('q'), KeyModifiers::NONE), Some(Key::Quit)),
            (press(KeyCode::Esc, KeyModifiers::NONE), Some(Key::Other)),
            (release, None),
            (Event::Resize(80, 24), Some(Key::Resized)),
            (Event::FocusLost, None),
        ] {
            assert_eq!(key(&event), expected, "{event:?}");
        }
    }
}
