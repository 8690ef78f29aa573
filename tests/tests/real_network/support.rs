//! What these tests share: a deployment on the NAS, a listener whose answers are kept, and a reader of the log.

use std::{collections::BTreeMap, future::Future, sync::Arc, time::Duration};

use tokio::{
    sync::{mpsc, watch},
    task::JoinHandle,
    time::{Instant, sleep, timeout},
};
use watchkeeper_core::reading::{Answer, ContainerAction, ContainerEvent, Failure, Outcome, Source, Value};
use watchkeeper_engine::ports::{Depth, Listen, Probe};
use watchkeeper_probes::{Deployment, DeploymentConfig, DockerEndpoint};
use watchkeeper_tests::{
    dockerd::{Dockerd, Sms},
    netns::Lan,
    standing::deployment_of,
};

/// However slow the machine: what has not happened by then does not happen.
pub(crate) const PATIENCE: Duration = Duration::from_secs(90);
/// How long the requests of these tests may take.
pub(crate) const REQUEST: Duration = Duration::from_secs(3);

pub(crate) fn config(docker: DockerEndpoint, sms: &str) -> DeploymentConfig {
    let mut config = deployment_of(docker, sms);
    config.http.timeout = REQUEST;
    DeploymentConfig { docker_timeout: REQUEST, references: vec![Lan::ROUTER.into()], ..config }
}

/// The deployment on the NAS, by TLS.
pub(crate) fn deployment(dockerd: &Dockerd, sms: &Sms<'_>) -> Deployment {
    let (address, certificates) = dockerd.tls().unwrap();
    let docker = DockerEndpoint::parse(&address, Some(&certificates)).unwrap();
    Deployment::connect(config(docker, &sms.address())).unwrap()
}

/// Asks the probe of `source` once.
pub(crate) async fn ask(deployment: &Deployment, source: Source) -> Answer {
    let probe = deployment.probes().into_iter().find(|p| p.source() == source).unwrap();
    ask_probe(probe.as_ref()).await
}

pub(crate) async fn ask_probe(probe: &dyn Probe) -> Answer {
    probe.ask(Depth::Routine).await.remove(0)
}

pub(crate) fn failure(answer: &Answer) -> Option<&Failure> {
    match &answer.outcome {
        Outcome::Failure(failure) => Some(failure),
        Outcome::Value(_) => None,
    }
}

pub(crate) fn event(answer: &Answer) -> Option<&ContainerEvent> {
    match &answer.outcome {
        Outcome::Value(Value::Event(event)) => Some(event),
        _ => None,
    }
}

/// Waits for `look` to give something.
pub(crate) async fn until<T, F: Future<Output = Option<T>>>(what: &str, mut look: impl FnMut() -> F) -> T {
    let from = Instant::now();
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(from.elapsed() < PATIENCE, "{what} did not come");
        sleep(Duration::from_millis(50)).await;
    }
}

/// A listener, and all that it has told.
pub(crate) struct Told {
    answers: watch::Receiver<Vec<Answer>>,
    listening: JoinHandle<()>,
}

impl Told {
    pub(crate) fn by(listener: Arc<dyn Listen>) -> Self {
        let (tell, mut told) = mpsc::channel(64);
        let (keep, answers) = watch::channel(Vec::new());
        let listening = tokio::spawn(async move {
            let kept = async {
                while let Some(answer) = told.recv().await {
                    keep.send_modify(|all: &mut Vec<Answer>| all.push(answer));
                }
            };
            tokio::join!(listener.listen(tell), kept);
        });
        Self { answers, listening }
    }

    pub(crate) fn all(&self) -> Vec<Answer> {
        self.answers.borrow().clone()
    }

    /// How much was told by now.
    pub(crate) fn so_far(&self) -> usize {
        self.answers.borrow().len()
    }

    /// The first answer after the first `from` that is `right`; it is waited for.
    pub(crate) async fn first(&self, from: usize, what: &str, right: impl Fn(&Answer) -> bool) -> Answer {
        let mut answers = self.answers.clone();
        let find = |all: &Vec<Answer>| all.iter().skip(from).find(|a| right(a)).cloned();
        match timeout(PATIENCE, answers.wait_for(|all| find(all).is_some())).await {
            Ok(all) => find(&all.unwrap()).unwrap(),
            Err(_) => panic!("{what} was not told: {:#?}", self.all().get(from..)),
        }
    }

    /// The first event of this kind after the first `from` answers; it is waited for.
    pub(crate) async fn event(&self, from: usize, action: &ContainerAction) -> Answer {
        let right = |a: &Answer| event(a).is_some_and(|e| e.action == *action);
        self.first(from, &format!("{action:?}"), right).await
    }

    /// Holds that no event was told twice.
    pub(crate) fn assert_told_once(&self) {
        let all = self.all();
        let events: Vec<&ContainerEvent> = all.iter().filter_map(event).collect();
        for (n, one) in events.iter().enumerate() {
            assert!(!events.iter().skip(n + 1).any(|other| other == one), "told twice: {one:?}\n{events:#?}");
        }
    }
}

impl Drop for Told {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

/// A reader of the log that asks again and again, and the numbers that it has found in it.
pub(crate) struct Numbers {
    found: watch::Receiver<Vec<u64>>,
    reading: JoinHandle<()>,
}

impl Numbers {
    pub(crate) fn read_by(logs: impl Probe + 'static) -> Self {
        let (keep, found) = watch::channel(Vec::new());
        let reading = tokio::spawn(async move {
            loop {
                let new = match ask_probe(&logs).await.outcome {
                    Outcome::Value(Value::Logs(batch)) => {
                        assert_eq!(batch.left_out, 0, "the bound of the batch keeps all in full");
                        batch.notable.iter().filter_map(|r| number(&r.text)).collect()
                    }
                    _ => Vec::new(),
                };
                if new.is_empty() {
                    sleep(Duration::from_millis(200)).await;
                }
                keep.send_modify(|all: &mut Vec<u64>| all.extend(new));
            }
        });
        Self { found, reading }
    }

    /// Waits until so many were read.
    pub(crate) async fn at_least(&self, n: usize) {
        let mut found = self.found.clone();
        let enough = timeout(PATIENCE, found.wait_for(|found| found.len() >= n)).await;
        assert!(enough.is_ok(), "{} of {n} numbers were read", self.found.borrow().len());
    }

    /// Waits until everything was read that is in the log by now: none of it is missing, and none of it came twice. More
    /// may be written meanwhile; and in what order it comes is a matter of the NAS's clock, which was moved.
    pub(crate) async fn assert_catches_up(&self, dockerd: &Dockerd) {
        let least = counts(&written(dockerd).await);
        let there = |found: &Vec<u64>| {
            let found = counts(found);
            least.iter().all(|(number, times)| found.get(number).is_some_and(|read| read >= times))
        };
        let mut found = self.found.clone();
        let whole = timeout(PATIENCE, found.wait_for(there)).await.is_ok();
        let found = counts(&self.found.borrow());
        assert!(whole, "not all was read: {found:?} of {least:?}");
        let most = counts(&written(dockerd).await);
        let doubled = found.iter().find(|(number, read)| most.get(number).is_none_or(|times| *read > times));
        assert_eq!(doubled, None, "a line was read twice: {found:?} of {most:?}");
    }

    /// Waits until the log was read to its end, and holds the one against the other.
    pub(crate) async fn assert_all_read(&self, dockerd: &Dockerd) {
        let written = written(dockerd).await;
        let mut found = self.found.clone();
        let whole = timeout(PATIENCE, found.wait_for(|found| found.len() >= written.len())).await;
        let found = match whole {
            Ok(found) => found.unwrap().clone(),
            Err(_) => self.found.borrow().clone(),
        };
        assert_same(&found, &written);
    }
}

/// The numbers in the log, by what `docker logs` says.
async fn written(dockerd: &Dockerd) -> Vec<u64> {
    let (out, err) = dockerd.logs("sms-app").await.unwrap();
    let written: Vec<u64> = err.lines().filter_map(number).collect();
    assert!(written.len() > 20, "{out}{err}");
    written
}

/// How often each number is there: each life of the process counts from 1.
fn counts(numbers: &[u64]) -> BTreeMap<u64, usize> {
    let mut counts = BTreeMap::new();
    for number in numbers {
        *counts.entry(*number).or_default() += 1;
    }
    counts
}

fn assert_same(found: &[u64], written: &[u64]) {
    let differs = written.iter().zip(found).position(|(a, b)| a != b);
    assert!(
        found == written,
        "{} read of {} written; the first difference is at {differs:?}:\n{:?}\n{:?}",
        found.len(),
        written.len(),
        around(written, differs),
        around(found, differs)
    );
}

impl Drop for Numbers {
    fn drop(&mut self) {
        self.reading.abort();
    }
}

fn around(numbers: &[u64], at: Option<usize>) -> Vec<u64> {
    let from = at.unwrap_or(numbers.len()).saturating_sub(5);
    numbers.iter().skip(from).take(15).copied().collect()
}

/// The number in a line such as `… number 17 (simulated)`.
fn number(line: &str) -> Option<u64> {
    line.split_once("number ")?.1.split_once(' ')?.0.parse().ok()
}
