//! What the tests of this crate share: servers on loopback.

pub(crate) mod engine;

use std::{sync::Arc, time::Duration};

use axum::Router;
use tokio::{net::TcpListener, sync::mpsc};
use watchkeeper_core::reading::{Answer, Failure, Outcome, Value};
use watchkeeper_engine::ports::{Depth, Probe};
use watchkeeper_probes::{DockerEndpoint, HttpTarget, http::HttpClient, network::NetworkCheck};

/// Serves `router` until the test ends; gives its address.
pub(crate) async fn serve(router: Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    address
}

/// A loopback address on which nothing listens.
pub(crate) async fn closed() -> String {
    TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().to_string()
}

pub(crate) fn client(address: &str, timeout: Duration) -> Arc<HttpClient> {
    let mut target = HttpTarget::parse(&format!("http://{address}")).unwrap();
    target.timeout = timeout;
    let network = NetworkCheck::new(&target.host(), target.port(), &[], Duration::from_secs(1)).unwrap();
    Arc::new(HttpClient::new(&target, Arc::new(network)).unwrap())
}

pub(crate) fn endpoint(address: &str) -> DockerEndpoint {
    DockerEndpoint::parse(&format!("tcp://{address}"), None).unwrap()
}

/// The one answer of a probe.
pub(crate) async fn ask(probe: &dyn Probe) -> Answer {
    let mut answers = probe.ask(Depth::Routine).await;
    assert_eq!(answers.len(), 1, "{answers:?}");
    assert_eq!(answers[0].source, probe.source());
    answers.remove(0)
}

pub(crate) fn value(answer: Answer) -> Value {
    match answer.outcome {
        Outcome::Value(value) => value,
        Outcome::Failure(f) => panic!("{f:?}"),
    }
}

pub(crate) fn failure(answer: Answer) -> Failure {
    match answer.outcome {
        Outcome::Failure(failure) => failure,
        Outcome::Value(v) => panic!("{v:?}"),
    }
}

/// The next answer, which has to come.
pub(crate) async fn next(answers: &mut mpsc::Receiver<Answer>) -> Answer {
    tokio::time::timeout(Duration::from_secs(30), answers.recv())
        .await
        .expect("an answer")
        .expect("a listener")
}
