//! The tray as plain data: icon, tooltip and menu, from what is watched. A thin backend renders it.

use watchkeeper_core::view::{Stage, Tone, View};

use crate::{contract::Language, words};

/// Everything that the tray shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tray {
    /// Told apart by shape, not by colour alone.
    pub icon: Tone,
    /// The state and the next check, in a line or two.
    pub tooltip: String,
    /// The menu, from top to bottom.
    pub menu: Vec<Item>,
}

/// An entry of the menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Item {
    /// Something to press.
    Action {
        /// What it does.
        action: Action,
        /// As it reads.
        label: String,
        /// Whether it can be pressed now.
        enabled: bool,
    },
    /// Something to read.
    Words(String),
    /// A line between.
    Separator,
}

/// What a press does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// Shows the window.
    Open,
    /// Takes a checkpoint.
    CheckNow,
    /// Leads to the incident that waits for an acknowledgement.
    Acknowledge,
    /// Exports the report.
    ExportReport,
    /// Leads to where the watch is paused with a reason.
    Pause,
    /// Goes on with the watch.
    Resume,
    /// Ends the program.
    Quit,
}

impl Action {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Open,
        Self::CheckNow,
        Self::Acknowledge,
        Self::ExportReport,
        Self::Pause,
        Self::Resume,
        Self::Quit,
    ];

    /// The id of the menu's entry.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::CheckNow => "check_now",
            Self::Acknowledge => "acknowledge",
            Self::ExportReport => "export_report",
            Self::Pause => "pause",
            Self::Resume => "resume",
            Self::Quit => "quit",
        }
    }

    /// The action of an entry's id.
    pub fn of_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|a| a.id() == id)
    }
}

/// The tray's words in one language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Words {
    /// English.
    En,
    /// Greek.
    El,
}

impl Words {
    /// The language that was chosen, else the system's where it is one of ours.
    pub fn of(language: Language, locale: Option<&str>) -> Self {
        match language {
            Language::En => Self::En,
            Language::El => Self::El,
            Language::System if locale.is_some_and(|l| l.to_lowercase().starts_with("el")) => Self::El,
            Language::System => Self::En,
        }
    }

    pub(crate) const fn pick(self, en: &'static str, el: &'static str) -> &'static str {
        match self {
            Self::En => en,
            Self::El => el,
        }
    }

    const fn tone(self, tone: Tone) -> &'static str {
        match tone {
            Tone::Ok => self.pick("Healthy", "Υγιές"),
            Tone::Warning => self.pick("Attention", "Προσοχή"),
            Tone::Critical => self.pick("Critical", "Κρίσιμο"),
            Tone::Gap => self.pick("Not observed", "Χωρίς παρατήρηση"),
            Tone::Idle => self.pick("Not watching", "Χωρίς βάρδια"),
        }
    }

    const fn action(self, action: Action) -> &'static str {
        match action {
            Action::Open => self.pick("Open", "Άνοιγμα"),
            Action::CheckNow => self.pick("Check now", "Έλεγχος τώρα"),
            Action::Acknowledge => self.pick("Acknowledge…", "Το είδα…"),
            Action::ExportReport => self.pick("Export report…", "Εξαγωγή αναφοράς…"),
            Action::Pause => self.pick("Pause the watch…", "Παύση της βάρδιας…"),
            Action::Resume => self.pick("Resume the watch", "Συνέχιση της βάρδιας"),
            Action::Quit => self.pick("Quit", "Έξοδος"),
        }
    }
}

/// A tooltip on Windows holds 127 UTF-16 units.
const TOOLTIP: usize = 127;

impl Tray {
    /// The tray for the session that is shown; `None` where none is. `here` says that this program watches it.
    pub fn of(view: Option<&View>, here: bool, words: Words) -> Self {
        let watched = here && view.is_some_and(|v| v.stage == Stage::InProgress);
        let waiting = view.is_some_and(|v| v.waiting().is_some());
        let open = view.is_some_and(|v| v.stage != Stage::SignedOff);
        let action = |action, enabled| Item::Action { action, label: words.action(action).into(), enabled };
        let pause = if watched || view.is_none_or(|v| v.stage != Stage::Interrupted) {
            action(Action::Pause, watched)
        } else {
            action(Action::Resume, true)
        };
        let icon = view.map_or(Tone::Idle, |v| v.tone);
        let tooltip = tooltip(view, icon, words);
        let head = tooltip.replace('\n', " · ");
        Self {
            icon,
            tooltip,
            menu: vec![
                Item::Words(head),
                Item::Separator,
                action(Action::Open, true),
                action(Action::CheckNow, watched),
                action(Action::Acknowledge, open && waiting),
                action(Action::ExportReport, view.is_some()),
                Item::Separator,
                pause,
                Item::Separator,
                action(Action::Quit, true),
            ],
        }
    }
}

fn tooltip(view: Option<&View>, tone: Tone, words: Words) -> String {
    let Some(view) = view else { return format!("SMS Watchkeeper\n{}", words.tone(tone)) };
    let version = &view.opening.release.version;
    let name = &view.opening.deployment.name;
    let mut text = format!("SMS v{version} · {name}\n{}", words.tone(tone));
    match (&view.next_check, view.stage) {
        (_, Stage::SignedOff) => text += words.pick(" · signed off", " · υπογεγραμμένη"),
        (_, Stage::Concluded) => text += words.pick(" · sign-off owed", " · εκκρεμεί υπογραφή"),
        (Some(next), _) => {
            let due = next.due.format("%H:%M UTC");
            let title = words::check(words, view, &next.id, &next.title);
            text += &format!(" · {title} {} {due}", words.pick("at", "στις"));
        }
        (None, _) => {}
    }
    fitted(&text, TOOLTIP)
}

/// The beginning of `text` that fits into so many UTF-16 units.
fn fitted(text: &str, units: usize) -> String {
    if text.encode_utf16().count() <= units {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut left = units.saturating_sub(1);
    for c in text.chars() {
        if c.len_utf16() > left {
            break;
        }
        left -= c.len_utf16();
        out.push(c);
    }
    out.push('…');
    out
}
