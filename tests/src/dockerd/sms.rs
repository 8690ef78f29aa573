//! The simulated SMS as a real container.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use super::{Dockerd, LOOK};
use crate::{netns::Lan, program};

/// How long the SMS has to answer after its container was started.
const READY: Duration = Duration::from_secs(30);

/// Unhealthy takes three in a row.
const HEALTH_CHECK: &str =
    "HEALTHCHECK --interval=1s --timeout=5s --retries=3 CMD [\"/sms-demo\", \"--healthy\"]\n";

/// How the container is made.
#[derive(Debug, Clone)]
pub struct SmsOptions {
    /// The container's name.
    pub name: String,
    /// The SMS's version, and the image's tag.
    pub version: String,
    /// The memory limit in MiB.
    pub memory_mib: u32,
    /// The restart policy, as `docker run --restart` takes it.
    pub restart: String,
    /// The password of the one account, `watch@example.com`.
    pub password: String,
    /// Whether Docker keeps the port on loopback the same when the container is recreated.
    pub port: Option<u16>,
    /// How often it writes a numbered warning, in milliseconds.
    pub count_every_ms: Option<u32>,
    /// How much one file of its log holds before the next is begun, as `docker run --log-opt max-size` takes it; there are
    /// ten at most.
    pub log_file: Option<String>,
    /// Whether the image has a HEALTHCHECK, each second.
    pub health_check: bool,
}

impl Default for SmsOptions {
    fn default() -> Self {
        Self {
            name: "sms-app".into(),
            version: "1.15.1".into(),
            memory_mib: 128,
            restart: "no".into(),
            password: "simulated".into(),
            port: None,
            count_every_ms: None,
            log_file: None,
            health_check: false,
        }
    }
}

/// A container on a test's own Engine. What it does goes through `docker`, as an operator would do it.
pub struct Sms<'a> {
    dockerd: &'a Dockerd,
    options: SmsOptions,
    port: u16,
}

impl Dockerd {
    /// Builds the image `sms-app:VERSION`, FROM scratch: the program and the libraries it is linked with.
    ///
    /// # Errors
    /// What could not be built.
    pub async fn build_sms(&self, version: &str) -> Result<String, String> {
        self.build_image(version, false).await
    }

    async fn build_image(&self, version: &str, health_check: bool) -> Result<String, String> {
        let program = program::sms_demo()?;
        let context = self.setting.folder.join(format!("image-{version}"));
        let files = context.join("files");
        let trouble = |e: std::io::Error| format!("{}: {e}", context.display());
        fs::create_dir_all(&files).map_err(trouble)?;
        fs::copy(&program, files.join("sms-demo")).map_err(trouble)?;
        for library in libraries(&program)? {
            let inside = files.join(library.strip_prefix("/").unwrap_or(&library));
            fs::create_dir_all(inside.parent().unwrap_or(&files)).map_err(trouble)?;
            fs::copy(&library, inside).map_err(trouble)?;
        }
        let dockerfile = format!(
            "FROM scratch\nCOPY files /\nENV SMS_VERSION={version}\nLABEL com.sms.version={version}\nEXPOSE 8000\n\
             ENTRYPOINT [\"/sms-demo\"]\n{}",
            if health_check { HEALTH_CHECK } else { "" }
        );
        fs::write(context.join("Dockerfile"), dockerfile).map_err(trouble)?;
        let tag = format!("sms-app:{version}");
        self.build_from(&context, &tag).await?;
        Ok(tag)
    }

    /// Builds the image `tag` on `base` with the Dockerfile's further `lines`.
    ///
    /// # Errors
    /// What could not be built.
    pub async fn build_on(&self, tag: &str, base: &str, lines: &str) -> Result<(), String> {
        let context = self.setting.folder.join(format!("image-{}", tag.replace(':', "-")));
        let trouble = |e: std::io::Error| format!("{}: {e}", context.display());
        fs::create_dir_all(&context).map_err(trouble)?;
        fs::write(context.join("Dockerfile"), format!("FROM {base}\n{lines}\n")).map_err(trouble)?;
        self.build_from(&context, tag).await
    }

    /// Builds an image of what is in `context`, and removes that.
    async fn build_from(&self, context: &Path, tag: &str) -> Result<(), String> {
        let build = ["build".as_ref(), "--quiet".as_ref(), "--tag".as_ref(), tag.as_ref()];
        self.docker(build.into_iter().chain([context.as_os_str()])).await?;
        fs::remove_dir_all(context).map_err(|e| format!("{}: {e}", context.display()))
    }

    /// Builds the image `tag` on `base`: with a shell of this machine's in it, and the Dockerfile's further `lines`.
    ///
    /// # Errors
    /// What could not be built.
    pub async fn build_with_shell(&self, tag: &str, base: &str, lines: &str) -> Result<(), String> {
        let context = self.setting.folder.join("image-with-shell");
        let files = context.join("files");
        let trouble = |e: std::io::Error| format!("{}: {e}", context.display());
        let shell = fs::canonicalize("/bin/sh").map_err(trouble)?;
        for (from, to) in
            libraries(&shell)?.iter().map(|l| (l, l.as_path())).chain([(&shell, Path::new("/bin/sh"))])
        {
            let inside = files.join(to.strip_prefix("/").unwrap_or(to));
            fs::create_dir_all(inside.parent().unwrap_or(&files)).map_err(trouble)?;
            fs::copy(from, inside).map_err(trouble)?;
        }
        fs::write(context.join("Dockerfile"), format!("FROM {base}\nCOPY files /\n{lines}\n"))
            .map_err(trouble)?;
        self.build_from(&context, tag).await
    }

    /// Builds the image if it is not there yet, runs it, and waits until it answers.
    ///
    /// # Errors
    /// It did not start or did not answer.
    pub async fn run_sms(&self, options: SmsOptions) -> Result<Sms<'_>, String> {
        let tag = format!("sms-app:{}", options.version);
        if self.docker(["image", "inspect", &tag]).await.is_err() {
            self.build_image(&options.version, options.health_check).await?;
        }
        let port = match options.port {
            Some(port) => port,
            // A NAS of a test's own has all its ports free.
            None if self.setting.namespace.is_some() => 8_080,
            None => super::free_port()?,
        };
        let sms = Sms { dockerd: self, options, port };
        sms.create().await?;
        sms.answers().await?;
        Ok(sms)
    }
}

impl Sms<'_> {
    /// `127.0.0.1:PORT`, or the same at the NAS, where it is published; the same after it was recreated.
    pub fn address(&self) -> String {
        format!("{}:{}", self.host(), self.port)
    }
    fn host(&self) -> &str {
        if self.dockerd.setting.namespace.is_some() { Lan::NAS } else { "127.0.0.1" }
    }
    /// The container's name.
    pub fn name(&self) -> &str {
        &self.options.name
    }

    /// `docker kill`: it dies with 137.
    ///
    /// # Errors
    /// What docker said.
    pub async fn kill(&self) -> Result<(), String> {
        self.order(&["kill"]).await
    }
    /// `docker stop`: it ends on SIGTERM.
    ///
    /// # Errors
    /// What docker said.
    pub async fn stop(&self) -> Result<(), String> {
        self.order(&["stop"]).await
    }
    /// `docker start`, and waits until it answers.
    ///
    /// # Errors
    /// What docker said, or that it does not answer.
    pub async fn start(&self) -> Result<(), String> {
        self.order(&["start"]).await?;
        self.answers().await
    }
    /// `docker restart`, and waits until it answers.
    ///
    /// # Errors
    /// What docker said, or that it does not answer.
    pub async fn restart(&self) -> Result<(), String> {
        self.order(&["restart"]).await?;
        self.answers().await
    }
    /// `docker pause`: it hangs.
    ///
    /// # Errors
    /// What docker said.
    pub async fn pause(&self) -> Result<(), String> {
        self.order(&["pause"]).await
    }
    /// `docker unpause`.
    ///
    /// # Errors
    /// What docker said.
    pub async fn unpause(&self) -> Result<(), String> {
        self.order(&["unpause"]).await
    }
    /// The application ends by itself with `code` and a traceback.
    ///
    /// # Errors
    /// It did not hear.
    pub async fn crash(&self, code: i32) -> Result<(), String> {
        self.post(&format!("/__demo/crash?code={code}")).await.map(|_| ())
    }
    /// The application uses more memory than its limit, and the kernel kills it. Waits until it is dead.
    ///
    /// # Errors
    /// It lives on.
    pub async fn run_out_of_memory(&self) -> Result<(), String> {
        let more = self.options.memory_mib.saturating_mul(2);
        // It dies over the answer.
        if let Ok(answer) = self.post(&format!("/__demo/eat?mib={more}")).await
            && answer.contains(" 200 ")
        {
            return Err(format!(
                "with a limit of {} MiB it used {more} more and lives",
                self.options.memory_mib
            ));
        }
        self.dies().await
    }
    /// Removed and made anew under the same name, from `version`; waits until it answers.
    ///
    /// # Errors
    /// What docker said, or that it does not answer.
    pub async fn recreate(&mut self, version: &str) -> Result<(), String> {
        if version != self.options.version {
            self.dockerd.build_image(version, self.options.health_check).await?;
            version.clone_into(&mut self.options.version);
        }
        self.order(&["rm", "--force"]).await?;
        self.create().await?;
        self.answers().await
    }
    /// Waits until Docker says that it does not run.
    ///
    /// # Errors
    /// It still runs after half a minute.
    pub async fn dies(&self) -> Result<(), String> {
        let wait = self.dockerd.docker(["wait", self.name()]);
        match tokio::time::timeout(READY, wait).await {
            Ok(result) => result.map(|_| ()),
            Err(_) => Err(format!("{} still runs after {} s", self.name(), READY.as_secs())),
        }
    }
    /// One field of `docker inspect`, by a Go template such as `{{.State.OOMKilled}}`.
    ///
    /// # Errors
    /// What docker said.
    pub async fn inspect(&self, template: &str) -> Result<String, String> {
        self.dockerd.docker(["inspect", "--format", template, self.name()]).await
    }
    /// `POST PATH` on the SMS itself; gives the whole answer.
    ///
    /// # Errors
    /// No connection, or none that lasted to the end of the answer.
    pub async fn post(&self, path: &str) -> Result<String, String> {
        self.ask("POST", path, "").await
    }
    /// `POST PATH` with a body in JSON on the SMS itself; gives the whole answer.
    ///
    /// # Errors
    /// No connection, or none that lasted to the end of the answer.
    pub async fn post_json(&self, path: &str, body: &str) -> Result<String, String> {
        self.ask("POST", path, body).await
    }
    /// `GET PATH` on the SMS itself; gives the whole answer.
    ///
    /// # Errors
    /// No connection, or none that lasted to the end of the answer.
    pub async fn get(&self, path: &str) -> Result<String, String> {
        self.ask("GET", path, "").await
    }

    async fn create(&self) -> Result<(), String> {
        let SmsOptions { name, version, memory_mib, restart, password, count_every_ms, log_file, .. } =
            &self.options;
        let memory = format!("{memory_mib}m");
        let publish = format!("{}:{}:8000", self.host(), self.port);
        let count = count_every_ms.map(|ms| ["--env".to_owned(), format!("SMS_COUNT_EVERY_MS={ms}")]);
        let log = log_file.as_ref().map(|size| {
            ["--log-opt".to_owned(), format!("max-size={size}"), "--log-opt".into(), "max-file=10".into()]
        });
        let image = format!("sms-app:{version}");
        let account = format!("SMS_PASSWORD={password}");
        let run = ["run", "--detach", "--name", name, "--restart", restart, "--memory", &memory];
        // No swap beside it: the limit is a limit.
        let rest = ["--memory-swap", &memory, "--publish", &publish, "--env", &account];
        let more = count.iter().flatten().chain(log.iter().flatten()).map(String::as_str);
        let all = run.into_iter().chain(rest).chain(more).chain([image.as_str()]);
        self.dockerd.docker(all).await.map(|_| ())
    }

    async fn order(&self, words: &[&str]) -> Result<(), String> {
        self.dockerd.docker(words.iter().copied().chain([self.name()])).await.map(|_| ())
    }

    /// Waits until it answers.
    ///
    /// # Errors
    /// It does not within half a minute.
    pub async fn answers(&self) -> Result<(), String> {
        let deadline = Instant::now() + READY;
        loop {
            let answer = self.get("/health/live").await;
            if answer.as_ref().is_ok_and(|a| a.contains(" 200 ")) {
                return Ok(());
            }
            if Instant::now() > deadline {
                let logs = self.dockerd.docker(["logs", "--tail", "20", self.name()]).await;
                return Err(format!(
                    "{} does not answer after {} s: {answer:?}\nits log: {logs:?}\n{}",
                    self.name(),
                    READY.as_secs(),
                    self.dockerd.last_words()
                ));
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    async fn ask(&self, method: &str, path: &str, body: &str) -> Result<String, String> {
        let exchange = async {
            let mut stream = TcpStream::connect(self.address()).await?;
            let request = format!(
                "{method} {path} HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\
                 Connection: close\r\n\r\n{body}",
                self.address(),
                body.len()
            );
            stream.write_all(request.as_bytes()).await?;
            let mut answer = Vec::new();
            stream.read_to_end(&mut answer).await?;
            Ok::<_, std::io::Error>(String::from_utf8_lossy(&answer).into_owned())
        };
        match tokio::time::timeout(READY, exchange).await {
            Ok(Ok(answer)) if answer.is_empty() => Err(format!("{method} {path}: it hung up")),
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(e)) => Err(format!("{method} {path}: {e}")),
            Err(_) => Err(format!("{method} {path}: no answer in {} s", READY.as_secs())),
        }
    }
}

/// The files that `ldd` names; a static program has none.
fn libraries(program: &Path) -> Result<Vec<PathBuf>, String> {
    let output =
        Command::new("ldd").arg(program).output().map_err(|e| format!("ldd could not be started: {e}"))?;
    let text = String::from_utf8_lossy(&output.stdout);
    Ok(text
        .split_whitespace()
        .filter(|word| word.starts_with('/'))
        .map(PathBuf::from)
        .filter(|p| p != program)
        .collect())
}
