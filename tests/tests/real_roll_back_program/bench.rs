//! A NAS with the images of two versions, and a watch of one container on it.

use std::{fs, path::Path};

use serde_json::Value;
use watchkeeper_tests::{
    dockerd::{Dockerd, Door, Sms, SmsOptions},
    running::{PASSWORD, PASSWORD_ENV, Running, Said, run},
};

/// A day in half an hour: each source is asked once a second.
const WATCH: &str = "watch --plain --no-notify --speed 48";

/// An Engine with the image of the release and that of the version before; `None` where this machine cannot.
pub(crate) async fn nas() -> Option<Dockerd> {
    let dockerd = Dockerd::start(Door::Tls).await.unwrap()?;
    dockerd.build_sms("0").await.unwrap();
    for version in ["1.15.1", "1.14.3"] {
        let lines = format!(
            "ENV SMS_VERSION={version}\nLABEL com.sms.version={version}\n\
             HEALTHCHECK --interval=500ms --timeout=20s --retries=3 CMD [\"/sms-demo\", \"--healthy\"]"
        );
        dockerd.build_on(&format!("sms-app:{version}"), "sms-app:0", &lines).await.unwrap();
    }
    Some(dockerd)
}

/// A container of the release, and the folder of its watch.
pub(crate) struct Bench<'a> {
    pub(crate) sms: Sms<'a>,
    pub(crate) folder: tempfile::TempDir,
    dockerd: &'a Dockerd,
    /// The id of the container as it was at first.
    pub(crate) first: String,
}

impl<'a> Bench<'a> {
    pub(crate) async fn new(dockerd: &'a Dockerd, name: &str) -> Self {
        let options = SmsOptions {
            name: name.into(),
            // After a `kill -9` of itself dockerd starts those again, and not those with unless-stopped.
            restart: "always".into(),
            password: PASSWORD.into(),
            ..SmsOptions::default()
        };
        let sms = dockerd.run_sms(options).await.unwrap();
        let first = sms.inspect("{{.Id}}").await.unwrap();
        Self { sms, folder: tempfile::tempdir().unwrap(), dockerd, first }
    }

    /// Writes the configuration; `docker` are the lines that say how the Engine is reached.
    pub(crate) fn configure(&self, docker: &str) {
        let text = format!(
            "[deployment]\nname = \"Test bench\"\nurl = \"http://{}\"\ncontainer = \"{}\"\n{docker}\n\
             [release]\nversion = \"1.15.1\"\nprevious = \"1.14.3\"\n\
             [login]\nemail = \"watch@example.com\"\npassword_env = \"{PASSWORD_ENV}\"\n\
             [watch]\nowner = \"The owner\"\n",
            self.sms.address(),
            self.sms.name(),
        );
        fs::write(self.data().join("watchkeeper.toml"), text).unwrap();
    }

    pub(crate) fn data(&self) -> &Path {
        self.folder.path()
    }

    /// Begins to watch, or goes on.
    pub(crate) fn watch(&self) -> Running {
        Running::start(self.data(), WATCH)
    }

    /// A second process, as a person has it; a word of its own for each blank.
    pub(crate) fn run(&self, line: &str) -> Said {
        run(self.data(), line)
    }

    /// One that takes its time.
    pub(crate) fn begin(&self, line: &str) -> Running {
        Running::start(self.data(), line)
    }

    /// All containers whose name begins with this one's, as `name image state`.
    pub(crate) async fn containers(&self) -> Vec<String> {
        let filter = format!("name=^/{}", self.sms.name());
        let format = "{{.Names}} {{.Image}} {{.State}}";
        let all = self.dockerd.docker(["ps", "-a", "--filter", &filter, "--format", format]).await.unwrap();
        let mut all: Vec<String> = all.lines().map(str::to_owned).collect();
        all.sort();
        all
    }

    /// Holds that the release runs, in the container that it was in at first, and that there is no other.
    pub(crate) async fn assert_as_at_first(&self) {
        let name = self.sms.name();
        assert_eq!(self.containers().await, [format!("{name} sms-app:1.15.1 running")]);
        self.assert_runs("1.15.1").await;
        assert_eq!(self.sms.inspect("{{.Id}}").await.unwrap(), self.first);
        assert_eq!(self.sms.inspect("{{.HostConfig.RestartPolicy.Name}}").await.unwrap(), "always");
    }

    /// Holds that the version before runs under the container's name, and that the release is kept beside it.
    pub(crate) async fn assert_rolled_back(&self) {
        let (name, aside) = (self.sms.name(), self.aside());
        let expected = [format!("{name} sms-app:1.14.3 running"), format!("{aside} sms-app:1.15.1 exited")];
        assert_eq!(self.containers().await, expected);
        self.assert_runs("1.14.3").await;
        assert_eq!(self.sms.inspect("{{.HostConfig.RestartPolicy.Name}}").await.unwrap(), "always");
        let kept = ["inspect", "--format", "{{.Id}} {{.HostConfig.RestartPolicy.Name}}", &aside];
        assert_eq!(self.dockerd.docker(kept).await.unwrap(), format!("{} no", self.first));
    }

    /// The name under which the first container is kept.
    pub(crate) fn aside(&self) -> String {
        format!("{}-aside-{}", self.sms.name(), self.first.get(..12).unwrap())
    }

    /// What the SMS itself says at its address.
    async fn assert_runs(&self, version: &str) {
        let answer = self.sms.get("/api").await.unwrap();
        assert!(answer.contains(&format!("\"version\":\"{version}\"")), "{answer}");
    }

    /// Exports the report and proves it; gives its facts in their order, and its Markdown.
    pub(crate) fn report(&self) -> (Vec<Value>, String) {
        self.run("verify --journal").with_code(0);
        let out = tempfile::tempdir_in(self.data()).unwrap();
        self.run(&format!("report --format md,json --out {}", out.path().display())).with_code(0);
        let (mut facts, mut markdown) = (Vec::new(), String::new());
        for file in fs::read_dir(out.path()).unwrap().map(|e| e.unwrap().path()) {
            self.run(&format!("verify {}", file.display())).with_code(0);
            let text = fs::read_to_string(&file).unwrap();
            if file.extension().is_some_and(|e| e == "json") {
                let report: Value = serde_json::from_str(&text).unwrap();
                let events = report["events"].as_array().unwrap();
                facts.extend(events.iter().map(|e| e["fact"].clone()));
            } else {
                markdown.push_str(&text);
            }
        }
        (facts, markdown)
    }
}

/// The facts of this kind.
pub(crate) fn of<'a>(facts: &'a [Value], kind: &str) -> Vec<&'a Value> {
    facts.iter().filter_map(|fact| fact.get(kind)).collect()
}

/// The stages of an action in their order.
pub(crate) fn stages(facts: &[Value], action: u64) -> Vec<&str> {
    let its = of(facts, "action_advanced").into_iter().filter(|f| f["action"] == action);
    its.map(|f| f["stage"].as_str().unwrap()).collect()
}

/// The stages of a whole roll back.
pub(crate) const ROLL_BACK: [&str; 7] =
    ["create", "stop", "set_aside", "take_name", "start", "healthy", "verify"];
