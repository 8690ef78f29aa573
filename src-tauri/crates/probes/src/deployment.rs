//! A deployment: all that the engine needs to watch it.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use watchkeeper_core::{part::Part, reading::Failure};
use watchkeeper_engine::ports::{Listen, LoginLedger, Operator, Probe, Witness};

use crate::{
    cause::Cause,
    containers::{Beside, Containers},
    docker::{
        DockerOperator, Engine, Events, Inspect, LogBound, LogStart, Logs, Patience, Previous,
        RollBackReadiness, Seen, Stats, Version,
    },
    http::{Api, Asset, Functions, Health, HttpClient, KnownAsset, Live, Page, Ready},
    ladder::{self, Way},
    network::{Network, NetworkCheck},
    ssh_words::SshFault,
    target::{DockerEndpoint, HttpTarget, TargetError, authority_out_of_time, engine_out_of_time},
    witness::DeploymentWitness,
};

/// What is watched.
#[derive(Debug, Clone)]
pub struct DeploymentConfig {
    /// The SMS over HTTP.
    pub http: HttpTarget,
    /// The Docker Engine that runs it.
    pub docker: DockerEndpoint,
    /// The containers' names.
    pub containers: Containers,
    /// How long one call of the Docker Engine may take.
    pub docker_timeout: Duration,
    /// `HOST:PORT`s on the same network that answer while the network is there, such as the router's. May be empty.
    pub references: Vec<String>,
    /// When the session began, by this PC's clock: logs and events are read from there.
    pub since: DateTime<Utc>,
    /// For a session that goes on: the time of the last line that is recorded of each log, by the NAS's clock.
    pub logs_recorded_to: BTreeMap<Part, DateTime<Utc>>,
}

impl DeploymentConfig {
    /// The default of [`DeploymentConfig::docker_timeout`].
    pub const DOCKER_TIMEOUT: Duration = Duration::from_secs(10);
}

/// A deployment as it is described, to be looked at: what cannot be used of it stands in the way of nothing else.
pub struct Prospect {
    config: DeploymentConfig,
    engine: Result<Arc<Engine>, TargetError>,
    http: Result<Arc<HttpClient>, TargetError>,
    network: Arc<NetworkCheck>,
    engine_network: Option<Arc<NetworkCheck>>,
}

impl Prospect {
    /// Sets up what can be, and connects nothing.
    ///
    /// # Errors
    /// A [`TargetError`] for addresses or names that can never work.
    pub fn new(config: DeploymentConfig) -> Result<Self, TargetError> {
        if let Some((_, name)) = config.containers.all().find(|(_, name)| !is_container_name(name)) {
            return Err(TargetError::ContainerName(name.to_owned()));
        }
        let patience = (config.http.timeout / 2).min(Duration::from_secs(3));
        let check =
            |host: &str, port| NetworkCheck::new(host, port, &config.references, patience).map(Arc::new);
        let host = config.http.host();
        let network = check(&host, config.http.port())?;
        let engine_network = match config.docker.address() {
            Some((other, _)) if other == host => Some(network.clone()),
            Some((other, port)) => Some(check(other, port)?),
            None => None,
        };
        let http = HttpClient::new(&config.http, network.clone()).map(Arc::new);
        let engine = Engine::new(&config.docker, config.docker_timeout, engine_network.clone()).map(Arc::new);
        Ok(Self { config, engine, http, network, engine_network })
    }

    /// That all of it can be asked.
    ///
    /// # Errors
    /// What stands in the way of the SMS, or of the Docker Engine.
    pub fn usable(self) -> Result<Self, TargetError> {
        match self.http.as_ref().err().or(self.engine.as_ref().err()) {
            Some(e) => Err(e.clone()),
            None => Ok(self),
        }
    }

    /// Why the Docker Engine cannot be asked; or, `now`, which of its certificates does not hold.
    pub fn fault_of_engine(&self, now: DateTime<Utc>) -> Option<TargetError> {
        match (&self.engine, &self.config.docker) {
            (Err(e), _) => Some(e.clone()),
            (Ok(_), DockerEndpoint::Tls { certificates, .. }) => engine_out_of_time(certificates, now).err(),
            (Ok(_), _) => None,
        }
    }

    /// Why the SMS cannot be asked; or, `now`, that the authority of its certificate does not hold.
    pub fn fault_of_sms(&self, now: DateTime<Utc>) -> Option<TargetError> {
        match (&self.http, &self.config.http.extra_ca) {
            (Err(e), _) => Some(e.clone()),
            (Ok(_), Some(file)) => authority_out_of_time(file, now).err(),
            (Ok(_), None) => None,
        }
    }

    /// Looks at everything between this PC and the database.
    pub async fn way(&self) -> Way {
        ladder::climb(&ladder::Deployment {
            http: self.http.as_deref(),
            engine: self.engine.as_deref(),
            containers: &self.config.containers,
            network: self.engine_network.as_ref().unwrap_or(&self.network),
            sms_network: &self.network,
            host: &self.config.http.host(),
            port: self.config.http.port(),
        })
        .await
    }
}

/// A deployment that can be asked, listened to and called as a witness.
pub struct Deployment {
    config: DeploymentConfig,
    engine: Arc<Engine>,
    http: Arc<HttpClient>,
    network: Arc<NetworkCheck>,
    ledger: Option<Arc<dyn LoginLedger>>,
    previous: Previous,
}

impl Deployment {
    /// Sets everything up and connects nothing: a NAS that does not answer is for the probes to tell.
    ///
    /// # Errors
    /// A [`TargetError`] for certificates, addresses or names that can never work.
    pub fn connect(config: DeploymentConfig) -> Result<Self, TargetError> {
        let Prospect { config, engine, http, network, .. } = Prospect::new(config)?;
        let http = http?;
        Ok(Self { config, engine: engine?, http, network, ledger: None, previous: Previous::default() })
    }

    /// Looks whether it could be rolled back to `previous`.
    #[must_use]
    pub fn going_back_to(mut self, previous: Previous) -> Self {
        self.previous = previous;
        self
    }

    /// Keeps clear of the lock-out also after logins of programs that ran before.
    #[must_use]
    pub fn remembering(mut self, ledger: Arc<dyn LoginLedger>) -> Self {
        self.ledger = Some(ledger);
        self
    }

    /// One probe for each source that can be asked.
    pub fn probes(&self) -> Vec<Arc<dyn Probe>> {
        let (http, engine, name) = (&self.http, &self.engine, &self.config.containers.application);
        let (asset, seen) = (KnownAsset::default(), Seen::default());
        let start = self.log_start(Part::Application);
        let mut probes: Vec<Arc<dyn Probe>> = vec![
            Arc::new(Network::new(self.network.clone())),
            Arc::new(Version::new(engine.clone())),
            Arc::new(Inspect::new(engine.clone(), name.clone(), seen.clone())),
            Arc::new(Stats::new(engine.clone(), name.clone(), seen)),
            Arc::new(Logs::new(engine.clone(), name.clone(), start, LogBound::default())),
            Arc::new(Health::new(http.clone())),
            Arc::new(Ready::new(http.clone())),
            Arc::new(Live::new(http.clone())),
            Arc::new(Page::new(http.clone(), asset.clone())),
            Arc::new(Asset::new(http.clone(), asset)),
            Arc::new(Api::new(http.clone())),
            Arc::new(
                Functions::new(http.clone(), self.config.http.login.clone()).remembering(self.ledger.clone()),
            ),
            Arc::new(RollBackReadiness::new(engine.clone(), name.clone(), self.previous.clone())),
        ];
        for (part, name) in &self.config.containers.beside {
            let seen = Seen::default();
            let logs = Logs::new(engine.clone(), name.clone(), self.log_start(*part), LogBound::default());
            probes.extend([
                Beside::of(*part, Inspect::new(engine.clone(), name.clone(), seen.clone())),
                Beside::of(*part, Stats::new(engine.clone(), name.clone(), seen)),
                Beside::of(*part, logs),
            ]);
        }
        probes
    }

    fn log_start(&self, part: Part) -> LogStart {
        let recorded = self.config.logs_recorded_to.get(&part);
        recorded.map_or(LogStart::At(self.config.since), |to| LogStart::After(*to))
    }

    /// The listener on the Engine's event stream.
    pub fn listener(&self) -> Arc<dyn Listen> {
        Arc::new(self.events())
    }

    /// The listener for a session that goes on; `recorded_to` is the time of its last recorded event, by the NAS's clock.
    pub fn listener_after(&self, recorded_to: DateTime<Utc>) -> Arc<dyn Listen> {
        Arc::new(self.events().after(recorded_to))
    }

    fn events(&self) -> Events {
        Events::new(
            self.engine.clone(),
            self.config.containers.clone(),
            self.config.since,
            Patience::default(),
        )
    }

    /// Who fetches evidence.
    pub fn witness(&self) -> Arc<dyn Witness> {
        Arc::new(DeploymentWitness::new(
            self.engine.clone(),
            self.config.containers.clone(),
            self.http.clone(),
        ))
    }

    /// Where the Engine is reached by SSH and its host answers, but is not the one that is known: what it showed.
    pub async fn strange_host(&self) -> Option<Failure> {
        if !matches!(self.config.docker, DockerEndpoint::Ssh(_)) {
            return None;
        }
        let failure = self.engine.ping().await.err()?;
        matches!(self.engine.why(), Some(Cause::Ssh(SshFault::HostKey(_) | SshFault::HostKeyRevoked { .. })))
            .then_some(failure)
    }

    /// Who acts on it on behalf of `session`.
    pub fn operator(&self, session: &str) -> Arc<dyn Operator> {
        let (engine, containers) = (self.engine.clone(), self.config.containers.clone());
        Arc::new(DockerOperator::new(engine, containers, session.to_owned()))
    }

    /// The Docker Engine, for what acts on it.
    pub const fn engine(&self) -> &Arc<Engine> {
        &self.engine
    }
}

/// Docker's own rule for names.
fn is_container_name(name: &str) -> bool {
    let mut chars = name.chars();
    name.len() > 1
        && chars.next().is_some_and(|c| c.is_ascii_alphanumeric())
        && chars.all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(container: &str, docker: &str, references: &[&str]) -> DeploymentConfig {
        DeploymentConfig {
            http: HttpTarget::parse("http://127.0.0.1:1").unwrap(),
            docker: DockerEndpoint::parse(docker, Some("/no/such/folder".as_ref())).unwrap(),
            containers: container.into(),
            docker_timeout: DeploymentConfig::DOCKER_TIMEOUT,
            references: references.iter().map(ToString::to_string).collect(),
            since: Utc::now(),
            logs_recorded_to: BTreeMap::new(),
        }
    }

    #[test]
    fn what_can_never_work_is_refused_and_the_rest_is_for_the_probes() {
        for (container, docker, references, says) in [
            ("sms-app", "http://127.0.0.1:1", &[] as &[&str], None),
            ("../secrets", "http://127.0.0.1:1", &[], Some("not a container name")),
            ("sms app", "http://127.0.0.1:1", &[], Some("not a container name")),
            ("", "http://127.0.0.1:1", &[], Some("not a container name")),
            ("sms-app", "http://127.0.0.1:1", &["router"], Some("HOST:PORT")),
            ("sms-app", "tcp://nas.local:2376", &[], Some("Container Station")),
        ] {
            match (Deployment::connect(config(container, docker, references)), says) {
                (Ok(deployment), None) => assert_eq!(deployment.probes().len(), 13),
                (Err(e), Some(says)) => assert!(e.to_string().contains(says), "{e}"),
                (Ok(_), Some(says)) => panic!("taken, but should say {says}"),
                (Err(e), None) => panic!("{e}"),
            }
        }
    }
}
