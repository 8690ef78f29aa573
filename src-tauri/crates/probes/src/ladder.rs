//! The way from this PC to the database, rung by rung, for `watchkeeper doctor` and for the set-up.

mod advice;

use std::{sync::Arc, time::Duration};

use tokio::{
    net::TcpStream,
    time::{Instant, timeout},
};
use watchkeeper_core::{
    health,
    part::Part,
    reading::{ContainerHealth, ContainerStatus, Failure, FailureKind, Place},
    redact::from_outside,
};

use crate::{
    cause::{Cause, Peer},
    containers::Containers,
    docker::{Engine, container_state, engine_version, too_old},
    host_key::HostKeyFault,
    http::HttpClient,
    network::NetworkCheck,
    ssh_words::SshFault,
    target::TargetError,
};
use advice::{Advice, advice, advice_by};

/// The way as it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    /// Its rungs, from this PC on.
    pub rungs: Vec<Rung>,
    /// Where the Engine is reached by SSH and its host is not the one that is known: what it showed.
    pub host_key: Option<HostKeyFault>,
    /// The version that the SMS says that it is, without a leading `v`; `None` where it does not say.
    pub version: Option<String>,
}

/// One rung.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rung {
    /// Where it is.
    pub place: Place,
    /// Of which part of the deployment the container is; the application otherwise.
    pub part: Part,
    /// What was looked at: `This PC's network`, `Docker Engine`, …
    pub title: &'static str,
    /// How it is there.
    pub outcome: RungOutcome,
    /// How long the look took.
    pub took: Duration,
}

impl Way {
    /// Whether all is well at `place`.
    pub fn is_ok(&self, place: Place) -> bool {
        let mut there = self.rungs.iter().filter(|r| r.place == place).peekable();
        there.peek().is_some() && there.all(|r| r.outcome.is_ok())
    }
}

/// How it is on one rung.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RungOutcome {
    /// All well; what was found.
    Ok(String),
    /// Something is wrong.
    Failed {
        /// What failed and where.
        what: String,
        /// What to do.
        advice: String,
        /// The name of that advice, which stays when its words change.
        code: &'static str,
        /// In what way it failed, where a request did.
        kind: Option<FailureKind>,
    },
    /// Not looked at, and why.
    Skipped(String),
}

impl RungOutcome {
    /// All is well there.
    pub const fn is_ok(&self) -> bool {
        matches!(self, Self::Ok(_))
    }
}

/// What the ladder leans on. A client that cannot be set up stands in the way of its own rungs alone.
pub(crate) struct Deployment<'a> {
    pub(crate) http: Result<&'a HttpClient, &'a TargetError>,
    pub(crate) engine: Result<&'a Engine, &'a TargetError>,
    pub(crate) containers: &'a Containers,
    /// The way to the Docker Engine, or where that is on this PC, to the SMS.
    pub(crate) network: &'a Arc<NetworkCheck>,
    /// The way to the SMS.
    pub(crate) sms_network: &'a Arc<NetworkCheck>,
    pub(crate) host: &'a str,
    pub(crate) port: u16,
}

/// Climbs from this PC to the database. A rung that cannot stand without a broken one is skipped; the others are tried.
pub(crate) async fn climb(d: &Deployment<'_>) -> Way {
    let mut rungs = Vec::with_capacity(7);

    let from = Instant::now();
    let network = d.network.look().await;
    // They may have two names, and one of them may be wrong.
    let to_sms =
        if Arc::ptr_eq(d.network, d.sms_network) { network.clone() } else { d.sms_network.look().await };
    let (engine_in_reach, sms_in_reach) = (reaches(&network), reaches(&to_sms));
    let network = network.and(to_sms);
    let took = from.elapsed();
    let (pc, way) = match &network {
        Err(f) if f.place == Place::ThisPc => (failed(f), skipped("this PC is not on the network")),
        Err(f) => (RungOutcome::Ok("it has a network address".into()), failed(f)),
        Ok(found) => (RungOutcome::Ok("it has a network address".into()), RungOutcome::Ok(found.clone())),
    };
    rungs.push(rung(Place::ThisPc, "This PC's network", (pc, took)));
    rungs.push(rung(Place::Network, "The way to the NAS", (way, Duration::ZERO)));

    let nas = if sms_in_reach {
        timed(nas(d.host, d.port)).await
    } else {
        (skipped("there is no way to it"), Duration::ZERO)
    };
    let nas_ok = nas.0.is_ok();
    rungs.push(rung(Place::Nas, "NAS", nas));

    let engine = match d.engine {
        Err(e) => (unusable(e, Advice::Certificates), Duration::ZERO),
        Ok(e) if e.is_local() || engine_in_reach => timed(engine(e)).await,
        Ok(_) => (skipped("there is no way to it"), Duration::ZERO),
    };
    let host_key = match d.engine.ok().and_then(Engine::why) {
        Some(Cause::Ssh(SshFault::HostKey(fault))) => Some(fault),
        _ => None,
    };
    let answering = d.engine.ok().filter(|_| engine.0.is_ok());
    rungs.push(rung(Place::DockerEngine, "Docker Engine", engine));

    for (part, name) in d.containers.all() {
        let container = match answering {
            Some(engine) => timed(container(engine, name)).await,
            None => (skipped("the Docker Engine has to answer first"), Duration::ZERO),
        };
        rungs.push(Rung { part, ..rung(Place::Container, container_title(part), container) });
    }

    let api = match d.http {
        Err(e) => (unusable(e, Advice::CertificateName), Duration::ZERO),
        Ok(http) if nas_ok => timed(api(http)).await,
        Ok(_) => (skipped("the NAS has to answer first"), Duration::ZERO),
    };
    // A wrong answer of one address says nothing of the other; no answer says all.
    let silent = matches!(&api.0, RungOutcome::Failed { what, .. } if what.starts_with(NO_ANSWER));
    let answering = d.http.ok().filter(|_| nas_ok && !silent);
    rungs.push(rung(Place::Application, "API", api));

    let Some(http) = answering else {
        let database = skipped("the application has to answer first");
        rungs.push(rung(Place::Database, "Database", (database, Duration::ZERO)));
        return Way { rungs, host_key, version: None };
    };
    let from = Instant::now();
    let (database, told) = database(http).await;
    rungs.push(rung(Place::Database, "Database", (database, from.elapsed())));
    let version = match told {
        Some(version) => Some(version),
        None => version(http).await,
    };
    Way { rungs, host_key, version: version.map(|v| v.trim_start_matches(['v', 'V']).to_owned()) }
}

/// Whether what lies behind the network can be asked. A reference that does not answer may be wrong itself.
fn reaches(network: &Result<String, Failure>) -> bool {
    !matches!(network, Err(f) if f.place == Place::ThisPc || f.kind == FailureKind::NameNotFound)
}

/// What `/health` says of the version; not every version says it in `/health/ready` too.
async fn version(http: &HttpClient) -> Option<String> {
    let fetched = http.get(http.url("health"), "application/json").await.ok()?;
    health::parse(fetched.status, &fetched.body).ok()?.version
}

const NO_ANSWER: &str = "no answer: ";

async fn nas(host: &str, port: u16) -> RungOutcome {
    let failure = match timeout(Duration::from_secs(5), TcpStream::connect((host, port))).await {
        Ok(Ok(_)) => return RungOutcome::Ok(format!("{host} answers on port {port}")),
        Ok(Err(e)) => {
            let cause = Cause::of(&e, true);
            if cause == Cause::Refused {
                return RungOutcome::Ok(format!("{host} answers, but nothing listens on port {port}"));
            }
            let (place, kind) = cause.place(Peer::Sms);
            Failure { place, kind, message: format!("{host}:{port}: {}", cause.words(Peer::Sms)) }
        }
        Err(_) => Failure {
            place: Place::Nas,
            kind: FailureKind::Timeout,
            message: format!("{host}:{port}: {}", Cause::ConnectTimeout.words(Peer::Sms)),
        },
    };
    failed(&failure)
}

async fn engine(engine: &Engine) -> RungOutcome {
    match engine_version(engine).await {
        Ok((found, _)) => {
            if let Some(what) = too_old(&found) {
                return told(&what, Advice::EngineOld, FailureKind::BadAnswer);
            }
            let remarks = [engine.way_remark(), engine.clock_remark()].into_iter().flatten();
            let remarks: String = remarks.map(|remark| format!("; {remark}")).collect();
            RungOutcome::Ok(format!(
                "version {} (API {}) on {}{remarks}",
                found.version, found.api_version, found.platform
            ))
        }
        Err(f) => {
            // What Go's server says to plain HTTP where it speaks TLS.
            let advice = if f.message.contains("HTTP request to an HTTPS server") {
                Advice::SpeakTls
            } else {
                engine.why().map_or_else(
                    || advice(f.place, f.kind),
                    |cause| advice_by(&cause, engine.peer(), f.place, f.kind),
                )
            };
            told(&f.message, advice, f.kind)
        }
    }
}

const fn container_title(part: Part) -> &'static str {
    match part {
        Part::Application => "Container",
        Part::FrontEnd => "Front end container",
        Part::Database => "Database container",
    }
}

async fn container(engine: &Engine, name: &str) -> RungOutcome {
    let state = match container_state(engine, name).await {
        Ok((state, _)) => state,
        Err(f) => return failed(&f),
    };
    let since = state
        .started_at
        .map(|at| format!(" since {}", at.format("%Y-%m-%d %H:%M:%S UTC")))
        .unwrap_or_default();
    match (state.status, state.health) {
        (ContainerStatus::Running, ContainerHealth::Unhealthy) => RungOutcome::Failed {
            what: format!("{name} ({}) runs, but its HEALTHCHECK says unhealthy", state.image),
            advice: format!("look at `docker logs {name}` and at the health rungs below"),
            code: "unhealthy",
            kind: None,
        },
        (ContainerStatus::Running, _) => RungOutcome::Ok(format!("{name} ({}) runs{since}", state.image)),
        (status, _) => RungOutcome::Failed {
            what: format!("{name} is {}", format!("{status:?}").to_lowercase()),
            advice: format!("look at `docker logs {name}`, then start it with `docker start {name}`"),
            code: "start_container",
            kind: None,
        },
    }
}

async fn api(http: &HttpClient) -> RungOutcome {
    let fetched = match http.get(http.url("api"), "application/json").await {
        Ok(fetched) => fetched,
        Err(missed) => {
            let mut rung = failed(&missed.failure);
            if let RungOutcome::Failed { what, .. } = &mut rung {
                what.insert_str(0, NO_ANSWER);
            }
            return rung;
        }
    };
    match fetched.json() {
        Ok(_) => RungOutcome::Ok(format!("{} answers in {:.0} ms", fetched.url, fetched.took_ms)),
        Err(missed) => failed(&missed.failure),
    }
}

/// How it is with the database; and the version, where it is told with it.
async fn database(http: &HttpClient) -> (RungOutcome, Option<String>) {
    let fetched = match http.get(http.url("health/ready"), "application/json").await {
        Ok(fetched) => fetched,
        Err(missed) => return (failed(&missed.failure), None),
    };
    let said = match health::parse(fetched.status, &fetched.body) {
        Ok(said) => said,
        Err(e) => {
            let bad = fetched.bad(&format!("answered {}, but that is {e}", fetched.status));
            return (failed(&bad.failure), None);
        }
    };
    let message = said.database_message.unwrap_or_default();
    let outcome = match said.database_ok {
        Some(true) => RungOutcome::Ok(format!("connected; a query takes at most {:.0} ms", fetched.took_ms)),
        Some(false) => failed(&Failure {
            place: Place::Database,
            kind: FailureKind::Status(fetched.status),
            message: format!("the application says that its database fails: {message}"),
        }),
        None if fetched.is_success() => {
            RungOutcome::Ok("the application is ready; it says nothing of its database".into())
        }
        None => failed(&fetched.bad_status().failure),
    };
    (outcome, said.version)
}

async fn timed(look: impl Future<Output = RungOutcome>) -> (RungOutcome, Duration) {
    let from = Instant::now();
    (look.await, from.elapsed())
}

fn rung(place: Place, title: &'static str, (outcome, took): (RungOutcome, Duration)) -> Rung {
    Rung { place, part: Part::Application, title, outcome, took }
}

fn failed(failure: &Failure) -> RungOutcome {
    told(&failure.message, advice(failure.place, failure.kind), failure.kind)
}

fn told(what: &str, advice: Advice, kind: FailureKind) -> RungOutcome {
    let what = from_outside(what, Failure::MOST_OF_A_MESSAGE);
    RungOutcome::Failed { what, advice: advice.text().into(), code: advice.id(), kind: Some(kind) }
}

/// What it takes to ask is wrong itself.
fn unusable(error: &TargetError, usual: Advice) -> RungOutcome {
    let (what, advice) = match error {
        TargetError::Certificates { path, fault, .. } => (format!("{}: {fault}", path.display()), usual),
        TargetError::WrongSystem { text, system } => {
            (format!("{text} is for {system} only"), Advice::OtherSystem)
        }
        other => (other.to_string(), usual),
    };
    let what = from_outside(&what, Failure::MOST_OF_A_MESSAGE);
    RungOutcome::Failed { what, advice: advice.text().into(), code: advice.id(), kind: None }
}

fn skipped(why: &str) -> RungOutcome {
    RungOutcome::Skipped(why.to_owned())
}
