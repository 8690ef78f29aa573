//! From a configuration to what is watched.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use chrono::{DateTime, Utc};
use tokio::{task::spawn_blocking, time::timeout};
use watchkeeper_core::{
    config::Config,
    event::{Opening, Pace},
    plan::Plan,
    time::Span,
};
use watchkeeper_probes::{Deployment, DeploymentConfig, DockerEndpoint, HttpTarget, Login, Secret};
use watchkeeper_store::Store;

use crate::{Asked, DeskError, files::read_file, folding::Recorded, password};

/// The largest configuration and plan.
const LIMIT: u64 = 1 << 20;
/// Certificates are small; a folder that has not given them by then does not answer.
const READ_WITHIN: Duration = Duration::from_secs(10);
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
}

/// Reads a configuration.
///
/// # Errors
/// When it is not there, or everything that is wrong with it.
pub fn read(path: &Path) -> Result<Configured, DeskError> {
    let help = "make one with `watchkeeper config init`, or name another with --config";
    let bytes = read_file(path, "the configuration", LIMIT, help)?;
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
            "correct these lines; `watchkeeper config init --out new.toml` writes a file with every key explained",
        )
    })?;
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_owned();
    Ok(Configured::new(config, folder))
}

impl Configured {
    /// A configuration whose relative paths start from `folder`.
    pub const fn new(config: Config, folder: PathBuf) -> Self {
        Self { config, folder, password: None }
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
        let bytes = read_file(&path, "the plan", LIMIT, "correct `watch.plan` in the configuration")?;
        Plan::from_toml(&String::from_utf8_lossy(&bytes)).map_err(|e| {
            DeskError::usage(
                format!("the plan {}: {e}", path.display()),
                "`watchkeeper plan --toml` prints the standard plan to begin with",
            )
        })
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
    ) -> Result<Asked, DeskError> {
        let login = self.login()?;
        let went_on = recorded.map(|r| (r.session.opened.utc, r.log_to));
        let deployment = self
            .reached(now, move |config| {
                config.http.login = login;
                if let Some((since, log_to)) = went_on {
                    config.since = since;
                    config.logs_recorded_to = log_to;
                }
            })
            .await?
            .remembering(Arc::new(store.clone()));
        Ok(Asked {
            probes: deployment.probes(),
            listener: match recorded.and_then(|r| r.events_to) {
                Some(to) => deployment.listener_after(to),
                None => deployment.listener(),
            },
            witness: deployment.witness(),
        })
    }

    /// The deployment, to be walked by `doctor`.
    ///
    /// # Errors
    /// As [`Configured::connect`], but a password is not needed.
    pub async fn walk(&self) -> Result<Deployment, DeskError> {
        self.reached(Utc::now(), |_| ()).await
    }

    /// The deployment, with its certificates read aside: the share they lie on may not answer, and must hold nobody up.
    async fn reached(
        &self,
        since: DateTime<Utc>,
        change: impl FnOnce(&mut DeploymentConfig) + Send + 'static,
    ) -> Result<Deployment, DeskError> {
        let this = self.clone();
        let reading = spawn_blocking(move || {
            let mut config = this.target(since)?;
            change(&mut config);
            Ok(Deployment::connect(config)?)
        });
        match timeout(READ_WITHIN, reading).await {
            Ok(Ok(deployment)) => deployment,
            Ok(Err(e)) => Err(DeskError::could_not_run(
                format!("the deployment could not be prepared: {e}"),
                "start the program again",
            )),
            Err(_) => Err(DeskError::could_not_run(
                format!("the certificates could not be read within {} s", READ_WITHIN.as_secs()),
                "see to it that the folder they lie in answers, or copy them to this PC",
            )),
        }
    }

    fn target(&self, since: DateTime<Utc>) -> Result<DeploymentConfig, DeskError> {
        let settings = &self.config.deployment;
        let timeout = self.config.watch.timeout.to_std();
        let mut http = HttpTarget::parse(&settings.url)?;
        http.timeout = timeout;
        http.extra_ca = settings.ca_file.as_ref().map(|file| self.folder.join(file));
        let certificates = settings.docker_certificates.as_ref().map(|folder| self.folder.join(folder));
        Ok(DeploymentConfig {
            http,
            docker: DockerEndpoint::parse(&settings.docker.to_string(), certificates.as_deref())?,
            container: settings.container.clone(),
            docker_timeout: timeout.max(Duration::from_secs(1)),
            references: settings.references.clone(),
            since,
            logs_recorded_to: None,
        })
    }

    /// Where an account is configured and its password is not there, what to do.
    pub fn password_missing(&self) -> Option<String> {
        self.login().err().map(|e| match e.help {
            Some(help) => format!("{}: {help}", e.what),
            None => e.what,
        })
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
                    format!(
                        "set {} before starting, or take the section [login] out of the configuration: \
                     the functionality test is left out then",
                        login.password_env
                    ),
                )
            })?;
        Ok(Some(Login { email: login.email.clone(), password }))
    }
}
