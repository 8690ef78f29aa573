//! What the window can ask for, one method a command.

use std::path::{Path, PathBuf};

use chrono::Utc;
use watchkeeper_core::{event::Release, redact::from_outside, session::Command};
use watchkeeper_demo::Scenario;
use watchkeeper_desk::{
    DeskError,
    choose::{self, Kind},
    demo::{self, Play},
    new_file, people,
    report::{of_session, proven},
    watch,
};
use watchkeeper_engine::{
    CommandError,
    ports::{About, Notification},
};
use watchkeeper_report::{Format, suggested_name};
use watchkeeper_store::{SessionState, SessionSummary};

use crate::{
    blocks::blocks,
    contract::{
        AppSettings, Block, DeploymentCard, ErrorCode, EvidenceView, Home, LastLooked, Pick, ReportFormat,
        RequestError, ScenarioCard, Series, SeriesRequest, SessionCard, SessionCardState, Watched,
    },
    desktop::{Desktop, PROGRAM},
    files::Looked,
    host::Message,
    tray::Words,
    words,
};

/// The slowest and the fastest simulated day.
const SPEEDS: std::ops::RangeInclusive<f64> = 1.0..=5_000.0;
/// So many exported files are remembered, to be revealed.
const EXPORTED: usize = 100;

impl Desktop {
    /// What the window needs to begin with. It waits for nothing outside of the program: how it is with the keychain is
    /// told as far as it is known, and [`Message::Changed`] when it is known better.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub async fn home(&self) -> Result<Home, RequestError> {
        let summaries = self.store.sessions().await?;
        let keychain = self.keychain_state();
        let (settings, showing, live) = {
            let state = self.state();
            let live: Vec<(String, Option<String>)> =
                state.live.iter().map(|(id, l)| (id.clone(), l.deployment.clone())).collect();
            (state.settings.clone(), state.shown.clone(), live)
        };
        let mut deployments = Vec::new();
        let mut unreadable = Vec::new();
        for id in self.deployments.ids() {
            match self.deployments.read(&id) {
                Ok(configured) => {
                    let config = configured.config;
                    let watched = live.iter().find(|(_, d)| d.as_deref() == Some(id.as_str()));
                    deployments.push(DeploymentCard {
                        id,
                        name: config.deployment.name,
                        url: config.deployment.url,
                        version: config.release.version,
                        account: config.login.map(|l| l.email),
                        watched: watched.map(|(session, _)| session.clone()),
                    });
                }
                Err(e) => unreadable.push(e.message),
            }
        }
        let sessions = summaries.into_iter().map(|s| {
            let watched = if live.iter().any(|(id, _)| *id == s.id) {
                Watched::Here
            } else if self.store.writer_of(&s.id).unwrap_or(false) {
                Watched::Elsewhere
            } else {
                Watched::Nobody
            };
            card(s, watched)
        });
        Ok(Home {
            program_version: env!("CARGO_PKG_VERSION").into(),
            showing,
            deployments,
            sessions: sessions.collect(),
            draft: self.files.draft().is_some(),
            keychain,
            settings,
            data_folder: self.files.folder().display().to_string(),
            unreadable,
            begun_anew: self.files.begun_anew(),
        })
    }

    /// The language that the person has chosen, else the system's.
    pub fn words(&self) -> Words {
        Words::of(self.state().settings.language, self.host.locale().as_deref())
    }

    /// The days that can be simulated.
    pub fn scenarios(&self) -> Vec<ScenarioCard> {
        Scenario::all()
            .into_iter()
            .map(|s| ScenarioCard {
                name: s.name.to_string(),
                title: s.title.to_string(),
                description: s.description.to_string(),
            })
            .collect()
    }

    /// Begins a simulated day and shows it; gives the session's id.
    ///
    /// # Errors
    /// When there is no such scenario, the speed makes no sense, or the journal cannot be written.
    pub async fn start_demo(&self, scenario: &str, speed: f64) -> Result<String, RequestError> {
        if !SPEEDS.contains(&speed) {
            return Err(RequestError::new(
                ErrorCode::Input,
                format!("a day runs at 1 to 5000 times the speed of the clock, not {speed}"),
            ));
        }
        let scenario = Scenario::by_name(scenario).ok_or_else(|| {
            RequestError::new(
                ErrorCode::NotFound,
                format!("there is no scenario `{}`", from_outside(scenario, 80)),
            )
        })?;
        let owner = self.state().settings.owner.clone();
        let sessions = self.store.sessions().await?;
        let play = Play { scenario, seed: demo::SEED };
        let staged = demo::begin(&self.store, &sessions, play, speed, owner, PROGRAM).await?;
        self.stand(staged.prepared, None, Some(staged.served), true).await
    }

    /// Begins the watch of a deployment and shows it, or goes on with the session of it that was left open, unless a
    /// `fresh` one is wanted; gives the session's id.
    ///
    /// # Errors
    /// When the deployment is watched already, its configuration is wrong, or the journal cannot be written.
    pub async fn start_watch(&self, deployment: &str, fresh: bool) -> Result<String, RequestError> {
        let _reserved = self.reserve(deployment)?;
        let configured = self.configured(deployment).await?;
        let plan = configured.plan_aside().await?;
        match watch::prune(&self.store, &configured).await {
            Ok(pruned) if !pruned.sessions.is_empty() => {
                tracing::info!("retention: the readings of {} were removed", pruned.sessions.join(", "));
            }
            Ok(_) => {}
            Err(e) => tracing::warn!("old readings could not be removed: {e}"),
        }
        let sessions = self.store.sessions().await?;
        let Release { version, .. } = &configured.config.release;
        let name = &configured.config.deployment.name;
        if let Some(left) = choose::left_open(&sessions, name, version, 1.0).filter(|_| !fresh) {
            let id = left.id.clone();
            self.resume_of(&id, deployment.to_owned(), true).await?;
            self.gone_on_by_hand(&id);
            return Ok(id);
        }
        let prepared =
            watch::begin(&self.store, &configured, &sessions, plan, 1.0, Kind::Watch, PROGRAM).await?;
        self.stand(prepared, Some(deployment.to_owned()), None, true).await
    }

    /// Goes on with a session that was left open.
    ///
    /// # Errors
    /// When another process watches it, it has run to its end, or its deployment is not kept here.
    pub async fn resume_session(&self, session: &str) -> Result<(), RequestError> {
        if self.state().live.contains_key(session) {
            return self.open_session(session).await;
        }
        self.go_on(session, None, true).await?;
        self.gone_on_by_hand(session);
        Ok(())
    }

    /// Pauses the watch of the session that is shown. `reason` goes into the journal.
    ///
    /// # Errors
    /// When it is not watched here, or no reason is given.
    pub async fn stop_watch(&self, session: &str, reason: &str) -> Result<(), RequestError> {
        let reason = from_outside(reason.trim(), 500);
        if reason.is_empty() {
            return Err(RequestError::new(
                ErrorCode::Input,
                "a pause needs a reason: it goes into the journal",
            ));
        }
        self.is_shown(session)?;
        let live = self.state().live.get(session).cloned();
        let Some(mut live) = live else {
            return Err(RequestError::new(
                ErrorCode::Refused,
                format!("session `{session}` is not watched here"),
            ));
        };
        live.handle.stop(&reason).await;
        // The sender goes with the watch's own task: then it is over as well.
        let _ = live.over.wait_for(|over| *over).await;
        Ok(())
    }

    /// The series of the shown session, down-sampled.
    ///
    /// # Errors
    /// When none is shown.
    pub async fn series(&self, request: &SeriesRequest) -> Result<Vec<Series>, RequestError> {
        Ok(self.charts().await?.series(request))
    }

    /// How far the shown session's log was read.
    ///
    /// # Errors
    /// When none is shown.
    pub fn last_looked(&self) -> Result<LastLooked, RequestError> {
        let id = self.shown_id()?;
        let looked = self.state().remembered.looked.get(&id).copied();
        Ok(LastLooked { seq: looked.map_or(0, |l| l.seq), utc: looked.map(|l| l.utc) })
    }

    /// Notes that the shown session's log was read up to here.
    ///
    /// # Errors
    /// When none is shown.
    pub async fn looked(&self, session: &str, seq: u64) -> Result<(), RequestError> {
        self.is_shown(session)?;
        // What is not there yet nobody has read.
        let seq = seq.min(self.view().await?.head.seq);
        self.is_shown(session)?;
        self.remember(|r| {
            // A look back does not make unread what was read.
            let seq = r.looked.get(session).map_or(seq, |before| before.seq.max(seq));
            r.looked(session, Looked { seq, utc: Utc::now() });
        });
        Ok(())
    }

    /// Has a person's request carried out on the shown session.
    ///
    /// # Errors
    /// Why it is refused; that the journal cannot be written.
    pub async fn carry_out(&self, session: &str, command: &Command) -> Result<(), RequestError> {
        self.is_shown(session)?;
        if matches!(command, Command::SignOff { .. }) {
            proven(&self.store, session).await?;
        }
        let live = self.state().live.get(session).cloned();
        if let Some(mut live) = live {
            match live.handle.command(command.clone()).await {
                // It has ended in this moment: what remains can be said without a watch, once the session is free.
                Err(CommandError::Ended) => _ = live.over.wait_for(|over| *over).await,
                done => return Ok(done.map(|_| ()).map_err(DeskError::from)?),
            }
        }
        people::carry_out(&self.store, session, command).await?;
        // It may have taken seconds, in which the person has opened another one.
        if self.is_shown(session).is_ok() {
            return self.open_session(session).await;
        }
        self.host.tell(Message::Changed);
        Ok(())
    }

    /// The evidence of an incident of the shown session.
    ///
    /// # Errors
    /// When none is shown, or the journal cannot be read.
    pub async fn evidence(&self, session: &str, incident: u32) -> Result<Vec<EvidenceView>, RequestError> {
        self.is_shown(session)?;
        let all = self.store.evidence(session).await?.into_iter();
        Ok(all
            .filter(|e| e.incident == incident)
            .map(|e| EvidenceView { kind: e.kind, digest: e.digest.to_string(), text: e.text })
            .collect())
    }

    /// The shown session's report as it would be exported now, as data.
    ///
    /// # Errors
    /// When none is shown, or its journal cannot be read.
    pub async fn report_preview(&self) -> Result<Vec<Block>, RequestError> {
        let id = self.shown_id()?;
        let report = of_session(&self.store, &id).await?;
        Ok(blocks(&Format::Markdown.render(&report)?))
    }

    /// Exports a session's report to where the person says; gives the path, `None` when they think better of it.
    ///
    /// # Errors
    /// When it is not the one that is shown, its journal does not hold, or the file cannot be written.
    pub async fn export_report(
        &self,
        session: &str,
        format: ReportFormat,
    ) -> Result<Option<String>, RequestError> {
        self.is_shown(session)?;
        let format = match format {
            ReportFormat::Markdown => Format::Markdown,
            ReportFormat::Json => Format::Json,
        };
        let view = of_session(&self.store, session).await?.view;
        let Some(path) = self.host.ask_where(&suggested_name(&view, format)).await else { return Ok(None) };
        // What is written is the session as it is now, not as it was before the person had chosen a name; and proven.
        proven(&self.store, session).await?;
        let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        let report = of_session(&self.store, session).await?.called(stem);
        let mut files = report.files(&[format])?.into_iter();
        let (_, own) = files.next().unwrap_or_default();
        // Beside it, the reports of its incidents: a person was asked about the first name alone.
        let folder = path.parent().map(Path::to_owned).unwrap_or_default();
        let beside: Vec<_> = files.collect();
        new_file::write(&path, &own)?;
        new_file::write_all(&folder, &beside)?;
        let mut state = self.state();
        if state.exported.len() >= EXPORTED {
            state.exported.remove(0);
        }
        state.exported.push(path.clone());
        Ok(Some(path.display().to_string()))
    }

    /// Opens the folder of an exported file, or the data folder.
    ///
    /// # Errors
    /// When it is neither, or the system has no file manager.
    pub fn reveal(&self, path: &str) -> Result<(), RequestError> {
        let path = PathBuf::from(path);
        let ours = path == self.files.folder() || self.state().exported.contains(&path);
        if !ours {
            return Err(RequestError::new(ErrorCode::Input, "this is no file that was exported here"));
        }
        self.host.reveal(&path).map_err(|e| RequestError::new(ErrorCode::CouldNot, e))
    }

    /// Shows a notification, so that a person sees whether one would arrive.
    ///
    /// # Errors
    /// Why it could not be shown.
    pub async fn test_alarm(&self) -> Result<(), RequestError> {
        let (title, body) = words::test_alarm(self.words());
        let notification = Notification {
            title: title.into(),
            body: body.into(),
            urgency: watchkeeper_core::notify::Urgency::Critical,
            about: About::Other,
        };
        self.host.notify("", &notification).await.map_err(|e| {
            RequestError::new(ErrorCode::CouldNot, e).help("look at the system's notification settings")
        })
    }

    /// Asks for a file or a folder.
    pub async fn pick(&self, what: Pick) -> Option<String> {
        self.host.pick(what).await.map(|p| p.display().to_string())
    }

    /// Keeps the program's settings.
    ///
    /// # Errors
    /// When they cannot be written, or the system refuses the start with the PC.
    pub async fn set_settings(&self, mut settings: AppSettings) -> Result<(), RequestError> {
        settings.owner = from_outside(settings.owner.trim(), 100).replace('\n', " ");
        if settings.owner.is_empty() {
            return Err(RequestError::new(
                ErrorCode::Input,
                "notes and decisions need a name to be signed with",
            ));
        }
        let _alone = self.setting.lock().await;
        let before = self.state().settings.clone();
        self.files.keep_settings(&settings)?;
        if before.autostart != settings.autostart
            && let Err(e) = self.host.set_autostart(settings.autostart)
        {
            self.files.keep_settings(&before)?;
            return Err(RequestError::new(
                ErrorCode::CouldNot,
                format!("the start with the PC stays as it is: {e}"),
            ));
        }
        self.state().settings = settings;
        let view = self.view().await.ok();
        self.show_tray(view.as_ref());
        self.host.tell(Message::Changed);
        Ok(())
    }
}

fn card(s: SessionSummary, watched: Watched) -> SessionCard {
    SessionCard {
        id: s.id,
        deployment: s.deployment,
        version: s.version,
        owner: s.owner,
        opened: s.opened,
        last_event: s.last_event,
        simulated: s.simulated,
        speed: s.speed,
        state: match s.state {
            SessionState::Open => SessionCardState::Open,
            SessionState::Concluded => SessionCardState::Concluded,
            SessionState::SignedOff => SessionCardState::SignedOff,
        },
        finding: s.finding,
        decision: s.decision,
        watched,
    }
}
