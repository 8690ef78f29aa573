//! The actor: the one writer of a session. Decide, persist, then act.

use std::{collections::VecDeque, sync::Arc, time::Duration};

use tokio::{
    sync::{mpsc, oneshot, watch},
    task::JoinSet,
};
use watchkeeper_core::{
    chain::Hash,
    event::{Event, Fact},
    part::Part,
    reading::{Answer, Reading, Source},
    session::{Command, Effect, Input, Refusal, Session, decide, effects_of},
    time::{Moment, Span},
    view::View,
};

use crate::{
    acting,
    clock::{self, Clock},
    offline,
    ports::{
        About, Depth, Evidence, Herald, Journal, JournalError, Listen, Notification, Operator, Probe, Witness,
    },
    rounds::{AskNow, Brought, Round},
};

/// What a watch is put together from.
pub struct Parts {
    /// Where it is written down.
    pub journal: Arc<dyn Journal>,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Who is asked.
    pub probes: Vec<Arc<dyn Probe>>,
    /// Who tells by itself.
    pub listeners: Vec<Arc<dyn Listen>>,
    /// Who fetches evidence.
    pub witness: Arc<dyn Witness>,
    /// Who acts on the deployment; `None` where nobody can.
    pub operator: Option<Arc<dyn Operator>>,
    /// Who tells the person at the desk.
    pub herald: Arc<dyn Herald>,
    /// By how much of the cadence, in percent, each turn may come later.
    pub jitter_percent: u8,
    /// The program and its version, for the journal.
    pub program: String,
}

/// How a watch ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// The plan has run to its end.
    Concluded,
    /// It was asked to stop; the session can be resumed.
    Stopped,
    /// A person has signed it off.
    SignedOff,
}

/// Why a request was not carried out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CommandError {
    /// It cannot be done.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// It could not be written down.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The watch has ended meanwhile.
    #[error("the watch has ended; nothing was done")]
    Ended,
    /// It takes a running watch.
    #[error("nobody watches this session")]
    NobodyWatches,
}

enum Message {
    Answered(Brought),
    Told(Answer),
    /// What came of an effect, to be written down.
    Came(Input),
    /// An effect is over, whatever came of it.
    Over,
    Asked(Command, oneshot::Sender<Result<Vec<Event>, CommandError>>),
    View(oneshot::Sender<View>),
    Stop(String),
}

/// A running watch, as the rest of the program sees it.
#[derive(Clone)]
pub struct WatchHandle {
    messages: mpsc::Sender<Message>,
    changes: watch::Receiver<u64>,
}

impl WatchHandle {
    /// Has a person's request carried out; gives the events that came of it.
    ///
    /// # Errors
    /// When it is refused, could not be written down, or the watch has ended.
    pub async fn command(&self, command: Command) -> Result<Vec<Event>, CommandError> {
        let (answer, answered) = oneshot::channel();
        self.messages.send(Message::Asked(command, answer)).await.map_err(|_| CommandError::Ended)?;
        answered.await.map_err(|_| CommandError::Ended)?
    }

    /// The view as it is now; `None` when the watch has ended.
    pub async fn view(&self) -> Option<View> {
        let (answer, answered) = oneshot::channel();
        self.messages.send(Message::View(answer)).await.ok()?;
        answered.await.ok()
    }

    /// Ends the watch so that it can be resumed. `reason` goes into the journal.
    pub async fn stop(&self, reason: &str) {
        // A watch that has ended already needs no stopping.
        let _ = self.messages.send(Message::Stop(reason.to_owned())).await;
    }

    /// Counts up whenever something was recorded.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.changes.clone()
    }
}

/// A watch that is about to stand.
pub struct Watch {
    session: Session,
    parts: Parts,
    messages: mpsc::Receiver<Message>,
    /// For what the watch's own tasks send back.
    sender: mpsc::Sender<Message>,
    changed: watch::Sender<u64>,
}

/// So many answers wait for their turn before those who bring them have to wait.
const WAITING: usize = 1_024;
/// A checkpoint does not wait longer for its answers, in real time; what has not answered by then is not seen.
const CHECK_WAITS: Duration = Duration::from_secs(60);
/// A watch that is asked to stop gives its evidence and notifications this long, in real time.
const STOP_WAITS: Duration = Duration::from_secs(15);
/// More facts than this out of one instant are a circle in the rules, not a history.
const MOST_ROUNDS: usize = 2_000;

impl Watch {
    /// A watch of `session`, and the handle to it.
    pub fn new(session: Session, parts: Parts) -> (Self, WatchHandle) {
        let (sender, messages) = mpsc::channel(WAITING);
        let (changed, changes) = watch::channel(0);
        let handle = WatchHandle { messages: sender.clone(), changes };
        (Self { session, parts, messages, sender, changed }, handle)
    }

    /// Stands the watch until the plan's end, a sign-off or a stop. Gives the session back as it is then.
    ///
    /// `resumed` says that the session had been left before: a gap is recorded.
    ///
    /// # Errors
    /// When the journal cannot be written: the watch never goes on unrecorded.
    pub async fn stand(self, resumed: bool) -> Result<(Ended, Session), JournalError> {
        let mut tasks = JoinSet::new();
        let mut requests = Vec::new();
        for probe in &self.parts.probes {
            let (ask, asked) = mpsc::channel(8);
            requests.push(((probe.part(), probe.source()), ask));
            let round = Round {
                probe: Arc::clone(probe),
                clock: Arc::clone(&self.parts.clock),
                every: self.session.opening.rules.every,
                jitter_percent: self.parts.jitter_percent,
            };
            let (brought, mut coming) = mpsc::channel(4);
            let sender = self.sender.clone();
            tasks.spawn(round.run(asked, brought));
            tasks.spawn(async move {
                while let Some(answers) = coming.recv().await {
                    if sender.send(Message::Answered(answers)).await.is_err() {
                        return;
                    }
                }
            });
        }
        for listener in &self.parts.listeners {
            let (tell, mut told) = mpsc::channel(64);
            let listener = Arc::clone(listener);
            let sender = self.sender.clone();
            tasks.spawn(async move { listener.listen(tell).await });
            tasks.spawn(async move {
                while let Some(answer) = told.recv().await {
                    if sender.send(Message::Told(answer)).await.is_err() {
                        return;
                    }
                }
            });
        }
        let last = self.parts.clock.now();
        let mut keeper =
            Keeper { watch: self, requests, tasks, check: None, last, effects: VecDeque::new(), own: 0 };
        let ended = keeper.stand(resumed).await?;
        Ok((ended, keeper.watch.session))
    }
}

/// The actor's own state while it stands.
struct Keeper {
    watch: Watch,
    requests: Vec<((Part, Source), mpsc::Sender<AskNow>)>,
    tasks: JoinSet<()>,
    /// The checkpoint that is being taken.
    check: Option<Taking>,
    last: Moment,
    effects: VecDeque<Effect>,
    /// Effects under way, whose outcome has still to be written down.
    own: usize,
}

/// A checkpoint that is being taken.
struct Taking {
    check: String,
    /// How many answers it waits for.
    left: usize,
    /// How often sources that failed were asked again.
    again: u32,
    /// When it waits no longer.
    until: tokio::time::Instant,
}

impl Keeper {
    async fn stand(&mut self, resumed: bool) -> Result<Ended, JournalError> {
        if resumed {
            let program = self.watch.parts.program.clone();
            self.take(Input::Resume { program }).await?;
        }
        self.ask_all(Depth::Routine, None);
        self.settle().await?;
        loop {
            if let Some(ended) = self.ended() {
                return Ok(ended);
            }
            let deadline = self.watch.session.next_deadline(self.now().watch);
            let check_over = self.check.as_ref().map(|taking| taking.until);
            let message = tokio::select! {
                message = self.watch.messages.recv() => message,
                () = self.watch.parts.clock.sleep_until(deadline) => None,
                () = async { match check_over {
                    Some(at) => tokio::time::sleep_until(at).await,
                    None => std::future::pending().await,
                } } => {
                    self.check_over().await?;
                    None
                }
            };
            if let Some(Message::Stop(reason)) = message {
                self.settle().await?;
                self.see_out().await?;
                self.take(Input::Pause { reason }).await?;
                self.publish();
                return Ok(self.ended().unwrap_or(Ended::Stopped));
            }
            self.jumped().await?;
            if let Some(message) = message {
                self.receive(message).await?;
            }
            self.settle().await?;
            self.publish();
        }
    }

    /// Waits for the effects under way, so that no evidence is lost by a stop, but not for one that hangs.
    async fn see_out(&mut self) -> Result<(), JournalError> {
        let until = tokio::time::Instant::now() + STOP_WAITS;
        while self.own > 0 {
            let Ok(Some(message)) = tokio::time::timeout_at(until, self.watch.messages.recv()).await else {
                break;
            };
            match message {
                // It is stopping already.
                Message::Stop(_) => {}
                other => self.receive(other).await?,
            }
            self.settle().await?;
            self.publish();
        }
        Ok(())
    }

    fn ended(&self) -> Option<Ended> {
        let session = &self.watch.session;
        if session.signed_off.is_some() {
            Some(Ended::SignedOff)
        } else if session.concluded.is_some() && self.own == 0 && self.effects.is_empty() {
            Some(Ended::Concluded)
        } else {
            None
        }
    }

    fn now(&self) -> Moment {
        self.watch.parts.clock.now()
    }

    fn publish(&self) {
        self.watch.changed.send_modify(|n| *n += 1);
    }

    async fn jumped(&mut self) -> Result<(), JournalError> {
        let now = self.now();
        if let Some(by_ms) = clock::jump(self.last, now, self.watch.session.opening.pace) {
            self.take(Input::ClockJumped { by_ms }).await?;
        }
        self.last = now;
        Ok(())
    }

    /// Takes a message, and with it all answers that wait behind it: one commit serves them all.
    async fn receive(&mut self, first: Message) -> Result<(), JournalError> {
        let mut answers = Vec::new();
        let mut checks = Vec::new();
        let mut others = Vec::new();
        let mut next = Some(first);
        while let Some(message) = next {
            match message {
                Message::Answered(brought) => {
                    answers.extend(brought.answers);
                    checks.extend(brought.check);
                }
                Message::Told(answer) => answers.push(answer),
                other => {
                    others.push(other);
                    break;
                }
            }
            next = if answers.len() < WAITING { self.watch.messages.try_recv().ok() } else { None };
        }
        self.observe(answers).await?;
        for check in checks {
            if let Some(taking) = self.check.as_mut().filter(|taking| taking.check == check) {
                taking.left = taking.left.saturating_sub(1);
                if taking.left == 0 {
                    self.settle().await?;
                    self.check_answered().await?;
                }
            }
        }
        for message in others {
            match message {
                Message::Came(input) => self.take(input).await?,
                Message::Over => self.own = self.own.saturating_sub(1),
                Message::Asked(command, answer) => {
                    let result = self.command(&command).await;
                    // Whoever asked may be gone by now.
                    let _ = answer.send(result);
                }
                Message::View(answer) => {
                    let _ = answer.send(View::of(&self.watch.session, self.now()));
                }
                Message::Stop(reason) => {
                    // Put back: the loop above ends the watch in one place.
                    let sender = self.watch.sender.clone();
                    self.tasks.spawn(async move {
                        let _ = sender.send(Message::Stop(reason)).await;
                    });
                }
                Message::Answered(_) | Message::Told(_) => {}
            }
        }
        Ok(())
    }

    async fn observe(&mut self, answers: Vec<Answer>) -> Result<(), JournalError> {
        if answers.is_empty() {
            return Ok(());
        }
        let now = self.now();
        let news = answers.iter().any(|a| a.source == Source::Events);
        let readings: Vec<Reading> = answers.into_iter().map(|a| Reading::at(now, a)).collect();
        self.watch.parts.journal.record(self.watch.session.seq, &readings).await?;
        for reading in &readings {
            let record = reading.record().map_err(|e| JournalError(e.to_string()))?;
            self.watch.session.observe(reading, &record);
        }
        if news {
            // An event says that something happened; what came of it is seen by looking.
            self.ask(Source::Inspect, Depth::Routine);
        }
        Ok(())
    }

    async fn command(&mut self, command: &Command) -> Result<Vec<Event>, CommandError> {
        let now = self.now();
        let facts = decide(&self.watch.session, &Input::Command(command.clone()), now)?;
        let events = self.commit(facts, now).await?;
        Ok(events)
    }

    async fn take(&mut self, input: Input) -> Result<(), JournalError> {
        let now = self.now();
        // Only a command can be refused.
        let facts = decide(&self.watch.session, &input, now).unwrap_or_default();
        self.commit(facts, now).await.map(|_| ())
    }

    /// Lets follow what follows, until nothing does; then acts.
    async fn settle(&mut self) -> Result<(), JournalError> {
        for _ in 0..MOST_ROUNDS {
            let now = self.now();
            let facts = decide(&self.watch.session, &Input::Settle, now).unwrap_or_default();
            if facts.is_empty() {
                self.act();
                return Ok(());
            }
            self.commit(facts, now).await?;
        }
        tracing::error!("the rules go round in a circle at event {}", self.watch.session.seq);
        self.act();
        Ok(())
    }

    async fn commit(&mut self, facts: Vec<Fact>, now: Moment) -> Result<Vec<Event>, JournalError> {
        if facts.is_empty() {
            return Ok(Vec::new());
        }
        let session = &mut self.watch.session;
        let events = offline::commit(session, self.watch.parts.journal.as_ref(), facts, now).await?;
        self.effects.extend(events.iter().flat_map(|event| effects_of(event, session)));
        Ok(events)
    }

    fn act(&mut self) {
        while let Some(effect) = self.effects.pop_front() {
            match effect {
                Effect::AskAll { check } => {
                    let until = tokio::time::Instant::now() + CHECK_WAITS;
                    let left = self.ask_all(Depth::Checkpoint, Some(&check));
                    self.check = Some(Taking { check, left, again: 0, until });
                }
                Effect::Testify { incident } => self.testify(incident),
                Effect::AskReadiness => self.ask(Source::Readiness, Depth::Checkpoint),
                Effect::Act { action } => self.operate(acting::Deed::Act, action),
                Effect::Undo { action } => self.operate(acting::Deed::Undo, action),
                Effect::Examine { action } => self.operate(acting::Deed::Examine, action),
                Effect::Notify { notification } => self.notify(notification),
            }
        }
    }

    /// All that was asked has answered. A line fails by as many failures in a row as an incident takes, not by one: what
    /// failed is asked again before the checkpoint is judged.
    async fn check_answered(&mut self) -> Result<(), JournalError> {
        let Some(mut taking) = self.check.take() else { return Ok(()) };
        let failures = self.watch.session.opening.rules.failures;
        if taking.again + 1 < failures {
            taking.left = self.ask_again(&taking.check);
            if taking.left > 0 {
                taking.again += 1;
                self.check = Some(taking);
                return Ok(());
            }
        }
        self.take(Input::CheckAnswered { check: taking.check }).await
    }

    /// The time is up: what has not answered by now is not seen.
    async fn check_over(&mut self) -> Result<(), JournalError> {
        match self.check.take() {
            Some(taking) => self.take(Input::CheckAnswered { check: taking.check }).await,
            None => Ok(()),
        }
    }

    /// Asks the sources again that have failed, but not often enough to be sure; gives how many.
    fn ask_again(&mut self, check: &str) -> usize {
        let failures = self.watch.session.opening.rules.failures;
        let tracks = &self.watch.session.observed.tracks;
        let shaky = |of: &(Part, Source)| tracks.get(of).is_some_and(|t| t.failed > 0 && t.failed < failures);
        let asked = self.requests.iter().filter(|(of, _)| !of.1.is_of_checkpoints() && shaky(of));
        let asked: Vec<mpsc::Sender<AskNow>> = asked.map(|(_, requests)| requests.clone()).collect();
        let count = asked.len();
        if count > 0 {
            let ask = AskNow { depth: Depth::Checkpoint, check: Some(check.to_owned()) };
            let clock = Arc::clone(&self.watch.parts.clock);
            let opening = &self.watch.session.opening;
            // A service that is just restarting gets its moment; a checkpoint does not wait for ever.
            let most = (10_000.0 * opening.pace.factor()) as u64;
            let pause = Span::millis((opening.rules.every.as_millis() / 6).min(most));
            self.tasks.spawn(async move {
                clock.sleep_until(clock.now().watch + pause).await;
                for requests in asked {
                    // Who has ended does not answer, and the checkpoint goes by without it.
                    let _ = requests.send(ask.clone()).await;
                }
            });
        }
        count
    }

    fn ask(&self, source: Source, depth: Depth) {
        for (_, ask) in self.requests.iter().filter(|((_, s), _)| *s == source) {
            // One look serves all that happened before it; and a checkpoint's request has to find room.
            if ask.capacity() == ask.max_capacity() {
                let _ = ask.try_send(AskNow { depth, check: None });
            }
        }
    }

    fn ask_all(&mut self, depth: Depth, check: Option<&String>) -> usize {
        let mut asked = 0;
        for ((_, source), ask) in &self.requests {
            if depth == Depth::Routine && source.is_of_checkpoints() {
                continue;
            }
            if ask.try_send(AskNow { depth, check: check.cloned() }).is_ok() {
                asked += 1;
            }
        }
        asked
    }

    /// Has the operator do what was decided; what comes of it is written down as it comes.
    fn operate(&mut self, deed: acting::Deed, id: u32) {
        let Some(action) = self.watch.session.action(id) else { return };
        let (came, mut coming) = mpsc::channel(16);
        let operator = self.watch.parts.operator.clone();
        let clock = Arc::clone(&self.watch.parts.clock);
        self.tasks.spawn(acting::carry_out(operator, clock, deed, id, action.order.clone(), came));
        let sender = self.watch.sender.clone();
        self.own += 1;
        self.tasks.spawn(async move {
            while let Some(input) = coming.recv().await {
                if sender.send(Message::Came(input)).await.is_err() {
                    return;
                }
            }
            let _ = sender.send(Message::Over).await;
        });
    }

    fn testify(&mut self, incident: u32) {
        let witness = Arc::clone(&self.watch.parts.witness);
        let journal = Arc::clone(&self.watch.parts.journal);
        let sender = self.watch.sender.clone();
        let session = &self.watch.session;
        let readings = last_readings(session);
        let part = session.incident(incident).map(|i| session.part_to_restart(i)).unwrap_or_default();
        self.own += 1;
        self.tasks.spawn(async move {
            let mut evidence = witness.testify(part).await;
            evidence.push(readings);
            for piece in evidence {
                let kept = journal.keep(incident, &piece).await;
                let failure = piece.failure.clone().or_else(|| kept.err().map(|e| e.to_string()));
                let input = Input::EvidenceKept {
                    incident,
                    kind: piece.kind.clone(),
                    digest: Hash::of(piece.text.as_bytes()),
                    bytes: piece.text.len() as u64,
                    failure,
                };
                if sender.send(Message::Came(input)).await.is_err() {
                    return;
                }
            }
            let _ = sender.send(Message::Over).await;
        });
    }

    fn notify(&mut self, notification: u32) {
        let place = (notification as usize).wrapping_sub(1);
        let Some(record) = self.watch.session.notifications.get(place) else { return };
        let herald = Arc::clone(&self.watch.parts.herald);
        let sender = self.watch.sender.clone();
        let words = Notification {
            title: record.title.clone(),
            body: record.body.clone(),
            urgency: record.urgency,
            about: record.incident.map_or(About::Other, About::Incident),
        };
        self.own += 1;
        self.tasks.spawn(async move {
            let failure = herald.show(&words).await.err();
            // The watch may have ended meanwhile; then it says so again when it is resumed.
            let _ = sender.send(Message::Came(Input::NotificationShown { notification, failure })).await;
            let _ = sender.send(Message::Over).await;
        });
    }
}

/// The last failures and what each source said last, as evidence.
fn last_readings(session: &Session) -> Evidence {
    let seen = &session.observed;
    let failures: Vec<serde_json::Value> = seen
        .failures
        .iter()
        .map(|f| {
            serde_json::json!({
                "utc": session.utc_of(f.at),
                "source": named(f.part, f.source.name()),
                "place": f.failure.place.label(),
                "message": f.failure.message,
            })
        })
        .collect();
    let sources: serde_json::Map<String, serde_json::Value> = seen
        .tracks
        .iter()
        .map(|((part, source), track)| {
            let state = serde_json::json!({
                "utc": track.at.map(|at| session.utc_of(at)),
                "failed_in_a_row": track.failed,
                "took_ms": track.took_ms,
            });
            (named(*part, source.name()), state)
        })
        .collect();
    let containers: serde_json::Map<String, serde_json::Value> = seen
        .instances()
        .map(|(part, instance)| {
            let state = serde_json::json!({
                "container": instance.container.state.as_ref().map(|s| &s.value),
                "usage": instance.usage.as_ref().map(|u| u.value),
            });
            (part.id().to_owned(), state)
        })
        .collect();
    let json = serde_json::json!({
        "sources": sources,
        "last_failures": failures,
        "health": seen.health.as_ref().map(|h| &h.value),
        "containers": containers,
    });
    Evidence { kind: "readings".into(), text: format!("{json:#}"), failure: None }
}

/// A source with the part before it, where that is not the application.
fn named(part: Part, source: &str) -> String {
    if part.is_application() { source.to_owned() } else { format!("{}.{source}", part.id()) }
}
