//! The Engine with the images and networks that the tests share, and what they ask of it.

use std::{fs, path::PathBuf, sync::Arc, time::Duration};

use serde_json::Value;
use tokio::sync::mpsc;
use watchkeeper_core::action::{Readiness, RollBackPlan, Stage};
use watchkeeper_core::reading::Failure;
use watchkeeper_engine::ports::{Operator, Progress};
use watchkeeper_probes::{
    DockerEndpoint,
    docker::{DockerOperator, Engine, Previous, readiness},
};
use watchkeeper_tests::dockerd::{Dockerd, Door, Moment, Proxy, Then};

pub(crate) const NEW: &str = "sms-app:1.15.1";
pub(crate) const OLD: &str = "sms-app:1.14.3";
pub(crate) const SESSION: &str = "session-1";

pub(crate) struct House {
    pub(crate) dockerd: Dockerd,
    folder: tempfile::TempDir,
}

impl House {
    /// With the images of two versions, whose defaults differ in all that an image can say, and two networks.
    pub(crate) async fn build() -> Option<Self> {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let dockerd = Dockerd::start(Door::Socket).await.unwrap()?;
        let house = Self { dockerd, folder: tempfile::tempdir().unwrap() };
        house.dockerd.build_sms("0").await.unwrap();
        house
            .image(
                NEW,
                "sms-app:0",
                "ENV SMS_VERSION=1.15.1 ONLY_NEW=1 BOTH=new OVERRIDDEN=new\n\
                 LABEL com.sms.version=1.15.1 only.new=1\nEXPOSE 8001\nVOLUME /anonymous\nWORKDIR /new\nUSER 7\n\
                 HEALTHCHECK --interval=250ms --timeout=20s --retries=2 CMD [\"/sms-demo\", \"--help\"]",
            )
            .await;
        house
            .image(
                OLD,
                "sms-app:0",
                "ENV SMS_VERSION=1.14.3 ONLY_OLD=1 BOTH=old OVERRIDDEN=old\n\
                 LABEL com.sms.version=1.14.3 only.old=1\nEXPOSE 8002\nVOLUME /of-old\nWORKDIR /old\nSTOPSIGNAL SIGINT\n\
                 HEALTHCHECK --interval=300ms --timeout=20s --retries=3 CMD [\"/sms-demo\", \"-h\"]",
            )
            .await;
        let fails =
            "HEALTHCHECK --interval=200ms --timeout=20s --retries=1 CMD [\"/sms-demo\", \"token=hunter2\"]";
        house.image("sms-app:unhealthy", OLD, fails).await;
        house.image("sms-app:ends", OLD, "ENTRYPOINT [\"/sms-demo\", \"--nonsense\"]").await;
        house.docker("network create --subnet 198.19.252.0/24 first").await;
        house.docker("network create --subnet 198.19.253.0/24 second").await;
        Some(house)
    }

    /// `docker WORDS` with words split at blanks.
    pub(crate) async fn docker(&self, words: &str) -> String {
        self.dockerd.docker(words.split_whitespace()).await.unwrap()
    }

    pub(crate) async fn image(&self, name: &str, from: &str, lines: &str) {
        self.dockerd.build_on(name, from, lines).await.unwrap();
    }

    /// A way to the Engine on which something happens at the acting request number `at`.
    pub(crate) fn proxy(&self, at: usize, moment: Moment, then: Then) -> Proxy {
        Proxy::new(&self.dockerd, self.folder.path(), at, moment, then).unwrap()
    }

    pub(crate) fn folder(&self) -> PathBuf {
        self.folder.path().to_owned()
    }

    pub(crate) fn engine(&self, address: &str) -> Arc<Engine> {
        let endpoint = DockerEndpoint::parse(address, None).unwrap();
        Arc::new(Engine::new(&endpoint, Duration::from_secs(60), None).unwrap())
    }

    pub(crate) fn operator(&self, container: &str) -> DockerOperator {
        self.operator_by(&self.dockerd.socket(), container, SESSION)
    }

    pub(crate) fn operator_by(&self, address: &str, container: &str, owner: &str) -> DockerOperator {
        DockerOperator::new(self.engine(address), container.into(), owner.into())
    }

    pub(crate) async fn readiness(&self, container: &str, previous: &Previous) -> Readiness {
        readiness(&self.engine(&self.dockerd.socket()), container, previous).await.unwrap()
    }

    pub(crate) async fn plan(&self, container: &str, image: &str) -> RollBackPlan {
        let previous = Previous { version: None, image: Some(image.into()) };
        let readiness = self.readiness(container, &previous).await;
        *readiness.plan.unwrap_or_else(|| panic!("{:#?}", readiness.conditions))
    }

    pub(crate) async fn inspect(&self, container: &str) -> Value {
        let text = self.dockerd.docker(["inspect", "--type", "container", container]).await.unwrap();
        serde_json::from_str::<Vec<Value>>(&text).unwrap().remove(0)
    }

    /// All containers whose name begins so, as `name image state`.
    pub(crate) async fn containers(&self, prefix: &str) -> Vec<String> {
        let all =
            self.dockerd.docker(["ps", "-a", "--format", "{{.Names}} {{.Image}} {{.State}}"]).await.unwrap();
        let mut all: Vec<String> =
            all.lines().filter(|line| line.starts_with(prefix)).map(str::to_owned).collect();
        all.sort();
        all
    }

    /// Runs a container that becomes healthy.
    pub(crate) async fn run(&self, name: &str, options: &[&str]) {
        let run = ["run", "--detach", "--name", name];
        self.dockerd.docker(run.iter().chain(options).chain(&[NEW])).await.unwrap();
        self.healthy(name).await;
    }

    pub(crate) async fn healthy(&self, name: &str) {
        // What the operator's own waiting is tested against.
        for _ in 0..600 {
            if self.inspect(name).await["State"]["Health"]["Status"] == "healthy" {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("{name} does not become healthy: {:#}", self.inspect(name).await["State"]);
    }

    /// The content of a file in a container.
    pub(crate) async fn file(&self, container: &str, path: &str) -> String {
        let to = self.folder().join("copied");
        let from = format!("{container}:{path}");
        self.dockerd.docker(["cp", &from, &to.display().to_string()]).await.unwrap();
        fs::read_to_string(to).unwrap()
    }

    pub(crate) async fn write(&self, container: &str, path: &str, content: &str) {
        let from = self.folder().join("written");
        fs::write(&from, content).unwrap();
        let to = format!("{container}:{path}");
        self.dockerd.docker(["cp", &from.display().to_string(), &to]).await.unwrap();
    }
}

/// What an action told, and how it ended.
pub(crate) struct Told {
    pub(crate) stages: Vec<Stage>,
    pub(crate) details: String,
    pub(crate) result: Result<(), Failure>,
}

impl Told {
    /// The failure's message.
    pub(crate) fn failure(self) -> String {
        self.result.unwrap_err().message
    }
    pub(crate) fn done(self) -> Vec<Stage> {
        self.result.unwrap();
        self.stages
    }
}

pub(crate) async fn roll_back(operator: &DockerOperator, plan: &RollBackPlan) -> Told {
    let (sender, receiver) = mpsc::channel(32);
    let result = operator.roll_back(plan, sender).await;
    told(receiver, result)
}

pub(crate) async fn undo(operator: &DockerOperator, plan: &RollBackPlan) -> Told {
    let (sender, receiver) = mpsc::channel(32);
    let result = operator.undo(plan, sender).await;
    told(receiver, result)
}

pub(crate) async fn restart(operator: &DockerOperator) -> Told {
    let (sender, receiver) = mpsc::channel(32);
    let result = operator.restart(watchkeeper_core::part::Part::Application, sender).await;
    told(receiver, result)
}

fn told(mut receiver: mpsc::Receiver<Progress>, result: Result<(), Failure>) -> Told {
    let (mut stages, mut details) = (Vec::new(), Vec::new());
    while let Ok(progress) = receiver.try_recv() {
        stages.push(progress.stage);
        details.push(progress.detail);
    }
    Told { stages, details: details.join("\n"), result }
}
