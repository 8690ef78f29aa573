//! What is asked for outside of the window: in the tray, and by a click on a notification.

use watchkeeper_core::{notify::Urgency, session::Command};
use watchkeeper_engine::ports::{About, Notification};

use crate::{
    contract::{Go, Page, ReportFormat, RequestError},
    desktop::Desktop,
    host::Message,
    tray::Action,
    words,
};

impl Desktop {
    /// An entry of the tray's menu was pressed.
    pub async fn pressed(&self, action: Action) {
        match action {
            Action::Open => self.host.show_window(),
            Action::CheckNow => {
                let taken = match self.shown_id() {
                    Ok(id) => self.carry_out(&id, &Command::CheckNow).await,
                    Err(e) => Err(e),
                };
                self.in_the_open(taken).await;
            }
            Action::Acknowledge => {
                let waiting = self.view().await.ok().and_then(|v| v.waiting());
                self.go(Page::Issues, waiting);
            }
            Action::ExportReport => {
                let exported = match self.shown_id() {
                    Ok(id) => self.export_report(&id, ReportFormat::Markdown).await.map(|_| ()),
                    Err(e) => Err(e),
                };
                self.in_the_open(exported).await;
            }
            Action::Pause => self.go(Page::Settings, None),
            Action::Resume => {
                let resumed = match self.shown_id() {
                    Ok(id) => self.resume_session(&id).await,
                    Err(e) => Err(e),
                };
                self.in_the_open(resumed).await;
            }
            Action::Quit => self.quit(false).await,
        }
    }

    /// A notification of a session was clicked.
    pub async fn clicked(&self, session: &str, incident: Option<u32>) {
        if !session.is_empty()
            && self.shown_id().ok().as_deref() != Some(session)
            && let Err(e) = self.open_session(session).await
        {
            // Another session's incident of that number is not what was clicked.
            tracing::warn!("session {session} cannot be shown: {}", e.message);
            let (title, body) = words::not_shown(self.words(), session, &e.message);
            if self.host.page_answers().await {
                self.say((title, body));
            } else {
                self.notify(title, body).await;
            }
            return;
        }
        self.go(if incident.is_some() { Page::Issues } else { Page::Watch }, incident);
    }

    fn go(&self, page: Page, incident: Option<u32>) {
        self.host.show_window();
        self.host.tell(Message::Go(Go { page, incident }));
    }

    /// What was asked for from the tray and went wrong is told where the person is: outside of the window.
    async fn in_the_open(&self, done: Result<(), RequestError>) {
        if let Err(error) = done {
            self.notify("SMS Watchkeeper", error.message).await;
        }
    }

    async fn notify(&self, title: &str, body: String) {
        let notification =
            Notification { title: title.into(), body, urgency: Urgency::Normal, about: About::Other };
        if let Err(e) = self.host.notify("", &notification).await {
            tracing::warn!("{}; and it could not be told: {e}", notification.body);
        }
    }
}
