//! The desktop as the program behind the window knows it.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use async_trait::async_trait;
use tauri::{AppHandle, Manager, async_runtime};
use watchkeeper_desk::herald;
use watchkeeper_engine::ports::Notification;
use watchkeeper_window::{
    Desktop,
    contract::{Language, Pick},
    host::{Host, Message},
    tray::{Tray, Words},
};

use crate::{autostart, dialogs, dialogs::Kind, shell::Shell, tray::TrayIcon};

/// The desktop that this program runs on.
pub(crate) struct DesktopHost {
    app: AppHandle,
    shell: Arc<Shell>,
    tray: TrayIcon,
    /// The data folder that was named at the start.
    named: Option<PathBuf>,
}

impl DesktopHost {
    pub(crate) fn new(app: AppHandle, shell: Arc<Shell>, named: Option<PathBuf>) -> Self {
        let tray = TrayIcon::new(app.clone(), Arc::clone(&shell));
        Self { app, shell, tray, named }
    }
}

#[async_trait]
impl Host for DesktopHost {
    fn tell(&self, message: Message) {
        self.shell.tell(message);
    }

    fn is_visible(&self) -> bool {
        self.shell.is_visible()
    }

    fn show_window(&self) {
        self.shell.show();
    }

    async fn page_answers(&self) -> bool {
        self.shell.page_answers().await
    }

    async fn confirm_quit(&self) -> bool {
        let (title, text, quit, stay) = match words(&self.app) {
            Words::En => (
                "Quit SMS Watchkeeper?",
                "A watch stands. When the program ends, nobody watches until it is started again: that is a gap in \
                 the record. The watch goes on at the next start.",
                "Quit and stop watching",
                "Keep watching",
            ),
            Words::El => (
                "Έξοδος από το SMS Watchkeeper;",
                "Υπάρχει βάρδια σε εξέλιξη. Όταν κλείσει το πρόγραμμα, κανείς δεν παρακολουθεί ώσπου να ξεκινήσει \
                 πάλι: αυτό είναι κενό στην καταγραφή. Η βάρδια συνεχίζεται στην επόμενη εκκίνηση.",
                "Έξοδος και διακοπή της βάρδιας",
                "Συνέχιση της βάρδιας",
            ),
        };
        dialogs::confirm(&self.app, title, text, quit, stay).await
    }

    fn show_tray(&self, tray: &Tray) {
        self.tray.show(tray);
    }

    async fn notify(&self, session: &str, notification: &Notification) -> Result<(), String> {
        let (app, session, incident) = (self.app.clone(), session.to_owned(), notification.incident());
        let about = session.clone();
        let clicked = move || {
            let Some(desktop) = app.try_state::<Arc<Desktop>>().map(|d| Arc::clone(&d)) else { return };
            async_runtime::spawn(async move { desktop.clicked(&session, incident).await });
        };
        herald::show_on_desktop(&about, notification, clicked).await
    }

    async fn ask_where(&self, suggested: &str) -> Option<PathBuf> {
        let title = match words(&self.app) {
            Words::En => "Save the report",
            Words::El => "Αποθήκευση αναφοράς",
        };
        let kind = if suggested.ends_with(".json") {
            Kind { name: "JSON", endings: &["json"] }
        } else {
            Kind { name: "Markdown", endings: &["md"] }
        };
        dialogs::save(&self.app, title, suggested.to_owned(), kind).await
    }

    async fn pick(&self, what: Pick) -> Option<PathBuf> {
        let greek = words(&self.app) == Words::El;
        let title = |en, el| if greek { el } else { en };
        match what {
            Pick::CertificateFolder => {
                let title = title(
                    "The folder with ca.pem, cert.pem and key.pem",
                    "Ο φάκελος με τα ca.pem, cert.pem και key.pem",
                );
                dialogs::folder(&self.app, title).await
            }
            Pick::AuthorityFile => {
                let title = title(
                    "The authority of the SMS's certificate",
                    "Η αρχή έκδοσης του πιστοποιητικού του SMS",
                );
                dialogs::file(&self.app, title, Kind { name: "PEM", endings: &["pem", "crt", "cer"] }).await
            }
            Pick::KeyFile => {
                // A private key's file has no ending as a rule.
                let title = title("The private key for SSH", "Το ιδιωτικό κλειδί για SSH");
                dialogs::any_file(&self.app, title).await
            }
            Pick::PlanFile => {
                let title = title("A plan", "Ένα σχέδιο βάρδιας");
                dialogs::file(&self.app, title, Kind { name: "TOML", endings: &["toml"] }).await
            }
        }
    }

    fn reveal(&self, path: &Path) -> Result<(), String> {
        let open = |folder: &Path| tauri_plugin_opener::open_path(folder, None::<&str>);
        let opened = if path.is_dir() {
            open(path)
        } else {
            // Without a file manager that marks a file, its folder does.
            tauri_plugin_opener::reveal_item_in_dir(path)
                .or_else(|e| path.parent().filter(|_| path.exists()).map_or(Err(e), open))
        };
        opened.map_err(|e| format!("{} cannot be shown in the file manager: {e}", path.display()))
    }

    fn set_autostart(&self, on: bool) -> Result<(), String> {
        autostart::set(on, self.named.as_deref())
    }

    fn locale(&self) -> Option<String> {
        sys_locale::get_locale()
    }

    fn exit(&self) {
        self.app.exit(0);
    }
}

/// The language that dialogs and notifications of the program itself are in.
pub(crate) fn words(app: &AppHandle) -> Words {
    app.try_state::<Arc<Desktop>>().map_or_else(
        || Words::of(Language::default(), sys_locale::get_locale().as_deref()),
        |desktop| desktop.words(),
    )
}
