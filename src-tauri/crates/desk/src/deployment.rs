//! From a configuration to what is watched.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use chrono::{DateTime, Utc};
use watchkeeper_core::{
    config::Config,
    event::{Opening, Pace},
    plan::Plan,
    reading::Place,
    time::Span,
};
use watchkeeper_probes::{
    Containers, Deployment, DeploymentConfig, DockerEndpoint, HttpTarget, Login, Prospect, Secret,
    TargetError, docker::Previous, host_key::HostKey, ladder::Way,
};
use watchkeeper_store::Store;

use crate::{
    Asked, DeskError, Help,
    files::{data_folder, read_aside, read_file},
    folding::Recorded,
    password,
};

/// The largest configuration and plan.
const LIMIT: u64 = 1 << 20;
/// A rehearsal asks no source more often than this: the deployment is real, and it limits its readers.
const LEAST_BETWEEN_REAL: Span = Span::secs(1);

/// A configuration with the folder that its relative paths start from.
#[derive(Debug, Clone)]
pub struct Configured {
    /// What it says.
    pub config: Config,
    folder: PathBuf,
    /// The account's password, where it does not come from the environment.
    password: Option<Secret>,
    /// What opens the NAS by SSH, where it does not come from the environment.
    ssh: SshSecrets,
    /// The file of the host keys that were trusted.
    known_hosts: Option<PathBuf>,
}

/// What opens a NAS by SSH and stands in no file.
#[derive(Debug, Clone, Default)]
pub struct SshSecrets {
    /// The account's password.
    pub password: Option<Secret>,
    /// The private key's passphrase.
    pub passphrase: Option<Secret>,
}

/// The file of the host keys that were trusted, within a data folder. It is as OpenSSH has it.
pub fn known_hosts_in(folder: &Path) -> PathBuf {
    folder.join("known_hosts")
}

/// Something that a configuration names and that does not work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misfit {
    /// The key that names it.
    pub key: &'static str,
    /// What is wrong with it.
    pub what: String,
    /// Whom it is needed for.
    place: Place,
    /// It is a matter of the day.
    of_time: bool,
}

impl Misfit {
    fn of(error: &TargetError, place: Place) -> Self {
        let sms = place == Place::Application;
        match error {
            TargetError::Certificates { path, fault, .. } => Self {
                key: if sms { "deployment.ca_file" } else { "deployment.docker_certificates" },
                what: format!("{}: {fault}", path.display()),
                place,
                of_time: fault.is_of_time(),
            },
            other => Self {
                key: if sms { "deployment.url" } else { "deployment.docker" },
                what: other.to_string(),
                place,
                of_time: false,
            },
        }
    }
}

/// Reads a configuration.
///
/// # Errors
/// When it is not there, or everything that is wrong with it.
pub fn read(path: &Path) -> Result<Configured, DeskError> {
    let bytes = read_file(path, "the configuration", LIMIT, Help::Configuration)?;
    let text = String::from_utf8(bytes).map_err(|_| {
        DeskError::usage(
            format!("the configuration {} is not UTF-8 text", path.display()),
            "save it as UTF-8",
        )
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let config = Config::parse(text).map_err(|e| {
        DeskError::usage(
            e.to_string().replacen("the configuration", &format!("the configuration {}", path.display()), 1),
            Help::ConfigurationLines,
        )
    })?;
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_owned();
    Ok(Configured::new(config, folder))
}

impl Configured {
    /// A configuration whose relative paths start from `folder`.
    pub fn new(config: Config, folder: PathBuf) -> Self {
        let known_hosts = data_folder().map(|data| known_hosts_in(&data));
        Self { config, folder, password: None, ssh: SshSecrets::default(), known_hosts }
    }

    /// With the host keys that were trusted in this data folder, and not in the usual one.
    #[must_use]
    pub fn in_data(mut self, data: Option<&Path>) -> Self {
        self.known_hosts = data.map(known_hosts_in).or(self.known_hosts);
        self
    }

    /// With what opens the NAS by SSH, which is not to be looked for in the environment then.
    #[must_use]
    pub fn with_ssh_secrets(mut self, secrets: SshSecrets) -> Self {
        self.ssh = secrets;
        self
    }

    /// Trusts a host key from now on; gives the file that it is kept in.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn trust(&self, key: &HostKey) -> Result<PathBuf, DeskError> {
        let file = self.known_hosts.clone().ok_or_else(|| {
            DeskError::could_not_run("there is no folder to keep the host key in", Help::Folder)
        })?;
        key.trust(&file).map_err(|what| DeskError::could_not_run(what, Help::Folder))?;
        Ok(file)
    }

    /// With the account's password, which is not to be looked for in the environment then.
    #[must_use]
    pub fn with_password(mut self, password: Option<Secret>) -> Self {
        self.password = password;
        self
    }

    /// The plan's file, or the standard plan.
    ///
    /// # Errors
    /// When the file cannot be read, or the line that is wrong.
    pub fn plan(&self) -> Result<Plan, DeskError> {
        let Some(plan) = &self.config.watch.plan else { return Ok(Plan::standard()) };
        let path = self.folder.join(plan);
        let bytes = read_file(&path, "the plan", LIMIT, Help::PlanFile)?;
        Plan::from_toml(&String::from_utf8_lossy(&bytes))
            .map_err(|e| DeskError::usage(format!("the plan {}: {e}", path.display()), Help::PlanLines))
    }

    /// The plan, read aside.
    ///
    /// # Errors
    /// As [`Configured::plan`], and when its folder does not answer.
    pub async fn plan_aside(&self) -> Result<Plan, DeskError> {
        let this = self.clone();
        read_aside("the plan", move || this.plan()).await?
    }

    /// What a session is opened with. In a rehearsal the sources are asked at a pace that the deployment can bear.
    pub fn opening(&self, id: String, plan: Plan, speed: f64, program: &str) -> Opening {
        let mut rules = self.config.rules.clone();
        rules.every = rules.every.max(Span::millis((LEAST_BETWEEN_REAL.as_millis() as f64 * speed) as u64));
        Opening {
            session: id,
            deployment: self.config.deployment.facts(),
            release: self.config.release.clone(),
            owner: self.config.watch.owner.clone(),
            plan,
            rules: if speed > 1.0 { rules } else { self.config.rules.clone() },
            actions: self.config.actions.clone(),
            pace: Pace { speed, utc_follows: false },
            simulated: None,
            program: program.into(),
        }
    }

    /// The deployment, to be asked. `recorded` is the session that goes on; without it a new one begins `now`.
    ///
    /// # Errors
    /// What in the configuration can never work, and a password that is not there.
    pub async fn connect(
        &self,
        recorded: Option<&Recorded>,
        now: DateTime<Utc>,
        store: &Store,
        session: &str,
    ) -> Result<Asked, DeskError> {
        let login = self.login()?;
        let went_on =
            recorded.map(|r| (r.session.opened.utc, r.logs_to.clone(), r.session.opening.deployment.clone()));
        let deployment = self
            .reached(now, move |mut config| {
                config.http.login = login;
                if let Some((since, logs_to, opened_with)) = went_on {
                    // The parts that the session knows; by the names that they have now.
                    let now = std::mem::take(&mut config.containers.beside);
                    config.containers.beside = opened_with
                        .containers()
                        .filter(|(part, _)| !part.is_application())
                        .map(|(part, name)| {
                            let renamed =
                                now.iter().find(|(of, _)| *of == part).map(|(_, name)| name.clone());
                            (part, renamed.unwrap_or_else(|| name.to_owned()))
                        })
                        .collect();
                    config.since = since;
                    config.logs_recorded_to = logs_to;
                }
                Deployment::connect(config)
            })
            .await?
            .remembering(Arc::new(store.clone()))
            .going_back_to(Previous {
                version: self.config.release.previous.clone(),
                image: self.config.release.previous_image.clone(),
            });
        // A watch that goes on has seen its host before; what became of that, it records.
        if recorded.is_none()
            && let Some(strange) = deployment.strange_host().await
        {
            return Err(DeskError::usage(
                strange.message,
                "a watch is stood only where it is certain that the NAS is the one it was",
            ));
        }
        Ok(Asked {
            probes: deployment.probes(),
            listener: match recorded.and_then(|r| r.events_to) {
                Some(to) => deployment.listener_after(to),
                None => deployment.listener(),
            },
            witness: deployment.witness(),
            operator: Some(deployment.operator(session)),
        })
    }

    /// The way to the deployment, for `doctor`.
    ///
    /// # Errors
    /// As [`Configured::connect`], but a password is not needed.
    pub async fn walk(&self) -> Result<Way, DeskError> {
        let prospect = self.reached(Utc::now(), |config| Prospect::new(config)?.usable()).await?;
        Ok(prospect.way().await)
    }

    /// The way to the deployment, as far as it leads, and what of the files and addresses does not work. What does not
    /// hold today is no such thing where the other side takes it.
    ///
    /// # Errors
    /// When the folder that the certificates lie in does not answer.
    pub async fn look(&self) -> Result<(Way, Vec<Misfit>), DeskError> {
        let now = Utc::now();
        let (prospect, mut misfits) = self
            .reached(now, move |config| {
                let prospect = Prospect::new(config)?;
                let sms = prospect.fault_of_sms(now).map(|e| Misfit::of(&e, Place::Application));
                let engine = prospect.fault_of_engine(now).map(|e| Misfit::of(&e, Place::DockerEngine));
                Ok((prospect, sms.into_iter().chain(engine).collect::<Vec<_>>()))
            })
            .await?;
        let way = prospect.way().await;
        misfits.retain(|m| !(m.of_time && way.is_ok(m.place)));
        Ok((way, misfits))
    }

    /// What is made of the deployment's description, with its certificates read aside: the share they lie on may not
    /// answer, and must hold nobody up.
    async fn reached<T: Send + 'static>(
        &self,
        since: DateTime<Utc>,
        make: impl FnOnce(DeploymentConfig) -> Result<T, TargetError> + Send + 'static,
    ) -> Result<T, DeskError> {
        let this = self.clone();
        read_aside("what the certificates' folder holds", move || Ok(make(this.target(since)?)?)).await?
    }

    fn target(&self, since: DateTime<Utc>) -> Result<DeploymentConfig, DeskError> {
        let settings = &self.config.deployment;
        let facts = settings.facts();
        let timeout = self.config.watch.timeout.to_std();
        let mut http = HttpTarget::parse(&settings.url)?;
        http.timeout = timeout;
        http.extra_ca = settings.ca_file.as_ref().map(|file| self.folder.join(file));
        let certificates = settings.docker_certificates.as_ref().map(|folder| self.folder.join(folder));
        let mut docker = DockerEndpoint::parse(&settings.docker.to_string(), certificates.as_deref())?;
        if let DockerEndpoint::Ssh(ssh) = &mut docker {
            ssh.docker = settings.docker_path.clone();
            ssh.key = settings.ssh_key.as_ref().map(|key| self.folder.join(at_home(key)));
            ssh.password =
                self.ssh.password.clone().or_else(|| password::in_variable(&settings.ssh_password_env));
            ssh.passphrase =
                self.ssh.passphrase.clone().or_else(|| password::in_variable(&settings.ssh_passphrase_env));
            ssh.known_hosts = self.known_hosts.clone();
        }
        Ok(DeploymentConfig {
            http,
            docker,
            containers: Containers {
                application: settings.container.clone(),
                beside: facts
                    .containers()
                    .filter(|(part, _)| !part.is_application())
                    .map(|(part, name)| (part, name.to_owned()))
                    .collect(),
            },
            docker_timeout: timeout.max(Duration::from_secs(1)),
            references: settings.references.clone(),
            since,
            logs_recorded_to: BTreeMap::new(),
        })
    }

    /// Where an account is configured and its password is not there, that.
    pub fn password_missing(&self) -> Option<DeskError> {
        self.login().err()
    }

    /// The account of the functionality test, with its password: the one that was given, else the environment's.
    fn login(&self) -> Result<Option<Login>, DeskError> {
        let Some(login) = &self.config.login else { return Ok(None) };
        let password =
            self.password.clone().or_else(|| password::in_environment(login)).ok_or_else(|| {
                DeskError::usage(
                    format!(
                        "the environment variable {} holds no password for {}",
                        login.password_env, login.email
                    ),
                    Help::Password { variable: login.password_env.clone() },
                )
            })?;
        Ok(Some(Login { email: login.email.clone(), password }))
    }
}

/// A path that begins with `~/`, from the person's own folder.
fn at_home(path: &str) -> PathBuf {
    let home = directories::BaseDirs::new().map(|dirs| dirs.home_dir().to_owned());
    match (path.strip_prefix("~/"), home) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => path.into(),
    }
}
