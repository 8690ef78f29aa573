//! The world served on loopback: the SMS's HTTP API and the Docker Engine's.
//!
//! Every answer carries `X-Simulated: true`, `X-Simulated-Time` (the NAS's clock; `Date` says the same) and
//! `X-Simulated-Latency-Ms`. The latency is slept only up to speed 1: in a rehearsal at speed 720 a sleep of 180 ms
//! would be two simulated minutes, so there the header alone tells it.
//!
//! What does not answer in the world does not answer here, as far as one listener can do it: a connection to a
//! stopped or crashed container, or to an Engine that is down, is closed as soon as it is made (so it breaks where a
//! real one would be refused: the port has to stay ours); a paused container, a hung endpoint, a blocked network
//! or NAS hold the connection for ten simulated seconds (a minute at speed 1), or until the cause is gone.

mod docker;
mod gate;
mod sms;
mod stage;

use std::{io, net::SocketAddr, sync::Arc};

use axum::Router;
use tokio::{net::TcpListener, task::JoinHandle};

pub use sms::{OnAccess, SmsOptions};
pub use stage::Stage;

use crate::{
    fault::Fault,
    serve::gate::{Gate, Line, Side},
    sim_time::SimTime,
    world::World,
};

/// Where and how a world is served.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where the SMS listens; port 0 takes any free one.
    pub sms: SocketAddr,
    /// Where the Docker Engine listens; `None` serves no Engine.
    pub docker: Option<SocketAddr>,
    /// How the SMS answers.
    pub shape: SmsOptions,
    /// Further routes on the SMS's side, which the world's faults do not touch.
    pub control: Router,
}

impl Default for Options {
    /// Both on loopback, on any free port.
    fn default() -> Self {
        let loopback = SocketAddr::from(([127, 0, 0, 1], 0));
        Self { sms: loopback, docker: Some(loopback), shape: SmsOptions::default(), control: Router::new() }
    }
}

/// Why a world cannot be served.
#[derive(Debug, thiserror::Error)]
#[error("The simulated deployment cannot listen on {address}: {cause}. Choose another address or port.")]
pub struct ServeError {
    address: SocketAddr,
    #[source]
    cause: io::Error,
}

/// A world that is being served. Stops when dropped.
#[derive(Debug)]
pub struct Served {
    sms: SocketAddr,
    docker: Option<SocketAddr>,
    stage: Arc<Stage>,
    tasks: Vec<JoinHandle<io::Result<()>>>,
}

impl Served {
    /// Serves `world` on loopback, in the time that `time` tells.
    ///
    /// # Errors
    /// Where loopback has no free port.
    pub async fn start(world: Arc<World>, time: SimTime) -> Result<Self, ServeError> {
        Self::on(Arc::new(Stage::new(world, time)), Options::default()).await
    }

    /// Serves the world of `stage` as `options` say.
    ///
    /// # Errors
    /// Where an address cannot be listened on.
    pub async fn on(stage: Arc<Stage>, options: Options) -> Result<Self, ServeError> {
        let mut tasks = Vec::new();
        let listener = listen(options.sms).await?;
        let sms = local(&listener, options.sms)?;
        let router = sms::router(stage.clone(), options.shape).merge(options.control);
        tasks.push(spawn(Gate::new(listener, stage.clone(), Side::Sms), router, &stage));
        let mut docker = None;
        if let Some(address) = options.docker {
            let listener = listen(address).await?;
            docker = Some(local(&listener, address)?);
            let router = docker::router(stage.clone());
            tasks.push(spawn(Gate::new(listener, stage.clone(), Side::Engine), router, &stage));
        }
        Ok(Self { sms, docker, stage, tasks })
    }

    /// Where the SMS listens.
    pub const fn sms(&self) -> SocketAddr {
        self.sms
    }

    /// Where the Docker Engine listens, if it is served.
    pub const fn docker(&self) -> Option<SocketAddr> {
        self.docker
    }

    /// The world and its time.
    pub const fn stage(&self) -> &Arc<Stage> {
        &self.stage
    }

    /// Lets `fault` happen too, counted from the start of the world; see [`Stage::inject`] for now.
    pub fn inject(&self, fault: Fault) {
        self.stage.inject(fault);
    }

    /// Stops listening, lets requests end, cuts streams, and waits for all of it.
    pub async fn shutdown(mut self) {
        self.stage.stop();
        for task in self.tasks.drain(..) {
            // A task that failed has stopped too.
            let _ = task.await;
        }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.stage.stop();
    }
}

async fn listen(address: SocketAddr) -> Result<TcpListener, ServeError> {
    TcpListener::bind(address).await.map_err(|cause| ServeError { address, cause })
}

fn local(listener: &TcpListener, address: SocketAddr) -> Result<SocketAddr, ServeError> {
    listener.local_addr().map_err(|cause| ServeError { address, cause })
}

fn spawn(gate: Gate, router: Router, stage: &Arc<Stage>) -> JoinHandle<io::Result<()>> {
    let service = router.into_make_service_with_connect_info::<Line>();
    let stopped = stage.clone();
    tokio::spawn(async move {
        let stop = async move { stopped.stopped().await };
        axum::serve(gate, service).with_graceful_shutdown(stop).await
    })
}
