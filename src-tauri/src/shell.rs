//! The window as a thing of the desktop: made, shown, hidden, dropped while nobody wants it, and made anew.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering::SeqCst},
    },
    time::Duration,
};

use tauri::{
    AppHandle, Emitter, EventTarget, Manager, PhysicalPosition, PhysicalSize, WebviewUrl, WebviewWindow,
    WebviewWindowBuilder, async_runtime,
    webview::{NewWindowResponse, PageLoadEvent},
};
use tokio::{
    sync::oneshot,
    time::{Instant, sleep, timeout},
};
use watchkeeper_core::notify::Urgency;
use watchkeeper_desk::herald;
use watchkeeper_engine::ports::{About, Notification};
use watchkeeper_window::{
    Desktop,
    host::Message,
    tray::{Action, Words},
};

use crate::{
    dialogs, host, panel,
    place::{Area, Kept, KeptFile},
};

/// The one window's name.
pub(crate) const LABEL: &str = "main";
/// WebKitGTK names the language of a system that has none `C`, which is no language to a page's libraries.
const LANGUAGE: &str = "try { new Intl.Locale(navigator.language) } catch { \
                        Object.defineProperty(Navigator.prototype, 'language', { get: () => 'en' }) }";
/// A window that was closed is dropped after this time, and gives its memory back.
const DROPPED_AFTER: Duration = Duration::from_secs(60);
/// A page that has not loaded by then is shown as it is.
const LOADS_WITHIN: Duration = Duration::from_secs(3);
/// A page that has not loaded and answered by then does not answer; and a page that lives says a word at once.
const ANSWERS_WITHIN: Duration = Duration::from_secs(6);
const WORD_WITHIN: Duration = Duration::from_secs(2);
/// Between two looks whether a page that is shown is still there.
const LOOKED_AFTER: Duration = Duration::from_secs(10);
/// At the start of a session the panel may come later than the program.
const PANEL_WITHIN: Duration = Duration::from_secs(30);

/// The window, whether it is there or not.
pub(crate) struct Shell {
    app: AppHandle,
    data: PathBuf,
    kept_file: KeptFile,
    kept: Mutex<Kept>,
    /// Held while the window is made or shown, so that there are never two.
    making: Mutex<()>,
    /// Counts how often the window was shown or hidden: what was meant for later looks whether it is still meant.
    turn: AtomicU64,
    /// As last seen: asking the window itself has to wait for the main thread.
    visible: AtomicBool,
    /// The tray's icon could be made.
    tray: AtomicBool,
    mail: Mutex<Mail>,
}

/// What the page is to be told.
#[derive(Default)]
struct Mail {
    /// The page is loaded and listens.
    listens: bool,
    /// What it is told as soon as it does.
    waiting: Vec<Message>,
}

impl Shell {
    pub(crate) fn new(app: AppHandle, data: PathBuf) -> Arc<Self> {
        let kept_file = KeptFile::within(&data);
        let kept = Mutex::new(kept_file.read());
        Arc::new(Self {
            app,
            data,
            kept_file,
            kept,
            making: Mutex::default(),
            turn: AtomicU64::new(0),
            visible: AtomicBool::new(false),
            tray: AtomicBool::new(false),
            mail: Mutex::default(),
        })
    }

    /// The one of this program, once it is set up.
    pub(crate) fn of(app: &AppHandle) -> Option<Arc<Self>> {
        app.try_state::<Arc<Self>>().map(|shell| Arc::clone(&shell))
    }

    /// Where everything is kept.
    pub(crate) fn data(&self) -> &Path {
        &self.data
    }

    fn window(&self) -> Option<WebviewWindow> {
        self.app.get_webview_window(LABEL)
    }

    /// Brings the window to the front; makes it where there is none. Returns at once.
    pub(crate) fn show(self: &Arc<Self>) {
        if self.desktop().is_none() {
            // The program is about to end with a word why.
            return;
        }
        let shell = Arc::clone(self);
        async_runtime::spawn(async move {
            shell.revive().await;
            // Windows deadlocks where a window is made on the main thread in answer to an event.
            async_runtime::spawn_blocking(move || shell.show_now());
        });
    }

    /// Loads the page anew where its process is gone: the window would stay blank.
    async fn revive(&self) {
        let listens = locked(&self.mail).listens;
        let Some(window) = self.window().filter(|_| listens) else { return };
        if self.word().await.is_some_and(|word| word != "1")
            // Whoever asked meanwhile has done it.
            && std::mem::take(&mut locked(&self.mail).listens)
        {
            tracing::warn!("the page is gone; it is loaded anew");
            if let Err(e) = window.reload() {
                tracing::error!("the page could not be loaded anew: {e}");
            }
        }
    }

    /// Loads a page anew that dies while the window is shown: who only looks at it now and then would see it blank.
    pub(crate) fn look_after_the_page(self: &Arc<Self>) {
        let shell = Arc::downgrade(self);
        async_runtime::spawn(async move {
            loop {
                sleep(LOOKED_AFTER).await;
                let Some(shell) = shell.upgrade() else { return };
                if shell.is_visible() {
                    shell.revive().await;
                }
            }
        });
    }

    fn show_now(self: &Arc<Self>) {
        if let Err(e) = self.bring() {
            self.no_window(&e);
        }
    }

    /// Brings the window to the front, or begins to make it.
    fn bring(self: &Arc<Self>) -> tauri::Result<()> {
        let _one_at_a_time = locked(&self.making);
        let turn = self.next_turn();
        if let Some(window) = self.window() {
            self.to_the_front(&window);
            return Ok(());
        }
        self.make()?;
        let shell = Arc::clone(self);
        async_runtime::spawn(async move {
            sleep(LOADS_WITHIN).await;
            if shell.is_turn(turn)
                && !shell.visible.load(SeqCst)
                && let Some(window) = shell.window()
            {
                tracing::warn!("the page takes long to load");
                shell.to_the_front(&window);
            }
        });
        Ok(())
    }

    /// Brings the window to the front; whether its page answers. A page whose process is gone is still there to look at,
    /// so it is asked for a word.
    pub(crate) async fn page_answers(self: &Arc<Self>) -> bool {
        let shell = Arc::clone(self);
        match async_runtime::spawn_blocking(move || shell.bring()).await {
            Ok(Ok(())) => {}
            Ok(Err(e)) => {
                tracing::error!("the window could not be made: {e}");
                return false;
            }
            Err(_) => return false,
        }
        let until = Instant::now() + ANSWERS_WITHIN;
        while Instant::now() < until {
            // A page that is only just loading listens later.
            let listens = locked(&self.mail).listens;
            if listens && let Some(word) = self.word().await {
                // Another word than the one asked for: it is gone, and one that comes after it knows of no question.
                return word == "1";
            }
            sleep(Duration::from_millis(100)).await;
        }
        tracing::warn!("the page does not answer");
        false
    }

    /// What the page answers; where there is no page any more that is an empty word. `None` when it says nothing in time.
    async fn word(&self) -> Option<String> {
        let window = self.window()?;
        let (word, said) = oneshot::channel();
        let word = Mutex::new(Some(word));
        let asked = window.eval_with_callback("1", move |answer| {
            if let Some(word) = locked(&word).take() {
                // Who asked may have given up.
                let _ = word.send(answer);
            }
        });
        asked.ok()?;
        timeout(WORD_WITHIN, said).await.ok()?.ok()
    }

    fn to_the_front(&self, window: &WebviewWindow) {
        let shown = window.unminimize().and_then(|()| window.show()).and_then(|()| window.set_focus());
        match shown {
            Ok(()) => self.visible.store(true, SeqCst),
            Err(e) => tracing::warn!("the window could not be shown: {e}"),
        }
    }

    fn make(self: &Arc<Self>) -> tauri::Result<()> {
        locked(&self.mail).listens = false;
        let shell = Arc::clone(self);
        let window = WebviewWindowBuilder::new(&self.app, LABEL, WebviewUrl::default())
            .title("SMS Watchkeeper")
            .inner_size(1280.0, 800.0)
            .min_inner_size(800.0, 600.0)
            .center()
            // It is shown with its page, not as an empty frame before it.
            .visible(false)
            .data_directory(self.data.join("webview"))
            .initialization_script(LANGUAGE)
            .on_navigation(|url| {
                // As the systems write the program's own address.
                matches!(
                    (url.scheme(), url.host_str()),
                    ("tauri", Some("localhost")) | ("http", Some("tauri.localhost"))
                )
            })
            .on_new_window(|_, _| NewWindowResponse::Deny)
            .on_page_load(move |window, load| match load.event() {
                PageLoadEvent::Started => locked(&shell.mail).listens = false,
                PageLoadEvent::Finished => {
                    tracing::info!("the window is there");
                    shell.to_the_front(&window);
                }
            })
            .build()?;
        let kept = *locked(&self.kept);
        if let Some(area) = kept.area
            && area.is_within_reach(&self.screens())
        {
            window.set_size(PhysicalSize::new(area.width, area.height))?;
            window.set_position(PhysicalPosition::new(area.x, area.y))?;
        }
        if kept.maximised {
            window.maximize()?;
        }
        Ok(())
    }

    fn screens(&self) -> Vec<Area> {
        let screens = self.app.available_monitors().unwrap_or_default();
        let area = |m: &tauri::Monitor| Area {
            x: m.position().x,
            y: m.position().y,
            width: m.size().width,
            height: m.size().height,
        };
        screens.iter().map(area).collect()
    }

    /// Without a window the person must know it; what is watched is watched all the same.
    fn no_window(&self, error: &tauri::Error) {
        tracing::error!("the window could not be made: {error}");
        let help = if cfg!(windows) {
            "install the Microsoft Edge WebView2 Runtime, then start the program again"
        } else {
            "see to it that WebKitGTK is installed, then start the program again"
        };
        let watched = self.desktop().is_some_and(|d| d.is_watching());
        let (goes_on, app) = (watched && self.tray.load(SeqCst), self.app.clone());
        let text = if goes_on {
            format!(
                "The window could not be made: {error}\n\nThe watch goes on in the tray. What to do: {help}"
            )
        } else {
            format!("The window could not be made: {error}\n\nWhat to do: {help}")
        };
        let told = self.app.run_on_main_thread(move || {
            dialogs::alarm("The window could not be made", &text, move || {
                if !goes_on {
                    app.exit(4);
                }
            });
        });
        if let Err(e) = told {
            tracing::error!("and it could not be told: {e}");
        }
    }

    /// The person closes the window: the program goes on in the tray, or asks where there is none.
    pub(crate) fn close(self: &Arc<Self>) {
        let shell = Arc::clone(self);
        async_runtime::spawn(async move {
            let Some(desktop) = shell.desktop() else { return };
            if shell.is_in_tray().await {
                shell.hide();
                shell.tell_where_it_is(&desktop).await;
            } else {
                desktop.pressed(Action::Quit).await;
            }
        });
    }

    /// At a start without the window: shows it all the same where there is no tray to find the program in.
    pub(crate) fn show_unless_in_tray(self: &Arc<Self>) {
        let shell = Arc::clone(self);
        async_runtime::spawn(async move {
            let pause = Duration::from_secs(2);
            let mut waited = Duration::ZERO;
            while waited < PANEL_WITHIN {
                if shell.is_in_tray().await {
                    return;
                }
                sleep(pause).await;
                waited += pause;
            }
            if shell.window().is_none() {
                shell.show();
            }
        });
    }

    /// The program can be found in the tray.
    async fn is_in_tray(&self) -> bool {
        self.tray.load(SeqCst) && panel::shows_trays().await
    }

    pub(crate) fn has_tray_icon(&self) {
        self.tray.store(true, SeqCst);
    }

    fn hide(self: &Arc<Self>) {
        self.keep_place();
        let turn = self.next_turn();
        let Some(window) = self.window() else { return };
        if let Err(e) = window.hide() {
            tracing::warn!("the window could not be hidden: {e}");
            return;
        }
        self.visible.store(false, SeqCst);
        let shell = Arc::clone(self);
        async_runtime::spawn(async move {
            sleep(DROPPED_AFTER).await;
            let _one_at_a_time = locked(&shell.making);
            if shell.is_turn(turn)
                && let Some(window) = shell.window()
                && let Err(e) = window.destroy()
            {
                tracing::warn!("the hidden window could not be dropped: {e}");
            }
        });
    }

    /// The window was dropped.
    pub(crate) fn is_gone(&self) {
        self.visible.store(false, SeqCst);
        locked(&self.mail).listens = false;
    }

    /// Somebody may be looking at the window, as last seen; looks again for the next time.
    pub(crate) fn is_visible(self: &Arc<Self>) -> bool {
        let shell = Arc::clone(self);
        // Asked for by what runs beside the main thread and must not wait for it: that may wait for the watch to end.
        let _ = self.app.run_on_main_thread(move || shell.look());
        self.visible.load(SeqCst)
    }

    /// Looks whether the window is visible. To be called on the main thread.
    pub(crate) fn look(&self) {
        let visible = self
            .window()
            .is_some_and(|w| w.is_visible().unwrap_or(false) && !w.is_minimized().unwrap_or(false));
        self.visible.store(visible, SeqCst);
    }

    /// Remembers where the window is.
    pub(crate) fn keep_place(&self) {
        let Some(window) = self.window() else { return };
        let maximised = window.is_maximized().unwrap_or(false);
        let area = match (window.outer_position(), window.inner_size()) {
            (Ok(at), Ok(size)) if !window.is_minimized().unwrap_or(false) => {
                Some(Area { x: at.x, y: at.y, width: size.width, height: size.height })
            }
            _ => None,
        };
        self.keep(|kept| {
            kept.maximised = maximised;
            if !maximised && area.is_some() {
                kept.area = area;
            }
        });
    }

    fn keep(&self, change: impl FnOnce(&mut Kept)) {
        let mut kept = locked(&self.kept);
        let before = *kept;
        change(&mut kept);
        if *kept != before {
            self.kept_file.write(&kept);
        }
    }

    /// Once for all: closed is not ended.
    async fn tell_where_it_is(&self, desktop: &Desktop) {
        let watching = desktop.is_watching();
        let kept = *locked(&self.kept);
        let told = if watching { kept.told_watch } else { kept.told_tray };
        if told {
            return;
        }
        let (title, body) = goes_on(host::words(&self.app), watching);
        let notification = Notification {
            title: title.into(),
            body: body.into(),
            urgency: Urgency::Low,
            about: About::Other,
        };
        let app = self.app.clone();
        let clicked = move || {
            if let Some(shell) = Self::of(&app) {
                shell.show();
            }
        };
        match herald::show_on_desktop("", &notification, clicked).await {
            Ok(()) => self.keep(|kept| {
                kept.told_tray = true;
                kept.told_watch |= watching;
            }),
            Err(e) => tracing::info!("that the program goes on in the tray could not be told: {e}"),
        }
    }

    /// Tells the page; what it must not miss waits for a page that does not listen yet.
    pub(crate) fn tell(&self, message: Message) {
        {
            let mut mail = locked(&self.mail);
            if !mail.listens {
                mail.keep(message);
                return;
            }
        }
        self.emit(message);
    }

    /// The page listens from now on.
    pub(crate) fn page_listens(&self) {
        let waiting = {
            let mut mail = locked(&self.mail);
            mail.listens = true;
            std::mem::take(&mut mail.waiting)
        };
        waiting.into_iter().for_each(|message| self.emit(message));
    }

    fn emit(&self, message: Message) {
        let (to, name) = (EventTarget::webview_window(LABEL), message.name());
        let told = match message {
            Message::Pulse(pulse) => self.app.emit_to(to, name, pulse),
            Message::Told(told) => self.app.emit_to(to, name, told),
            Message::Go(go) => self.app.emit_to(to, name, go),
            Message::Changed | Message::AskedToQuit => self.app.emit_to(to, name, ()),
        };
        if let Err(e) = told {
            tracing::warn!("the window could not be told of `{name}`: {e}");
        }
    }

    fn desktop(&self) -> Option<Arc<Desktop>> {
        self.app.try_state::<Arc<Desktop>>().map(|desktop| Arc::clone(&desktop))
    }

    fn next_turn(&self) -> u64 {
        self.turn.fetch_add(1, SeqCst) + 1
    }

    fn is_turn(&self, turn: u64) -> bool {
        self.turn.load(SeqCst) == turn
    }
}

impl Mail {
    /// Keeps the latest of each kind that a page must not miss. A new page asks for everything else by itself.
    fn keep(&mut self, message: Message) {
        if matches!(message, Message::Pulse(_) | Message::Told(_)) {
            return;
        }
        self.waiting.retain(|other| other.name() != message.name());
        self.waiting.push(message);
    }
}

fn goes_on(words: Words, watching: bool) -> (&'static str, &'static str) {
    match (words, watching) {
        (Words::En, true) => (
            "The watch goes on",
            "SMS Watchkeeper stays in the tray and keeps watching. To end it, choose Quit there.",
        ),
        (Words::En, false) => {
            ("SMS Watchkeeper stays in the tray", "Nothing is watched now. To end it, choose Quit there.")
        }
        (Words::El, true) => (
            "Η βάρδια συνεχίζεται",
            "Το SMS Watchkeeper μένει στην περιοχή ειδοποιήσεων και συνεχίζει τη βάρδια. Για τερματισμό, επιλέξτε Έξοδος εκεί.",
        ),
        (Words::El, false) => (
            "Το SMS Watchkeeper μένει στην περιοχή ειδοποιήσεων",
            "Τώρα δεν υπάρχει βάρδια. Για τερματισμό, επιλέξτε Έξοδος εκεί.",
        ),
    }
}

/// None of these values is ever left half-changed.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use watchkeeper_window::contract::{Go, Page, Told};

    use super::*;

    #[test]
    fn a_page_that_does_not_listen_yet_misses_nothing_that_counts() {
        let go = |page| Message::Go(Go { page, incident: None });
        let told = Message::Told(Told {
            session: "s".into(),
            title: "t".into(),
            body: String::new(),
            urgency: Urgency::Normal,
            incident: None,
            english: false,
        });
        let mut mail = Mail::default();
        for message in [
            Message::Changed,
            go(Page::Watch),
            told,
            Message::AskedToQuit,
            go(Page::Issues),
            Message::Changed,
        ] {
            mail.keep(message);
        }
        assert_eq!(mail.waiting, [Message::AskedToQuit, go(Page::Issues), Message::Changed]);
    }
}
