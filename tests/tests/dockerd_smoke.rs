//! The test's own Docker Engine: that it starts, by socket and by TLS, runs the simulated SMS, and leaves nothing.
#![cfg_attr(unix, allow(clippy::unwrap_used))]

#[cfg(not(unix))]
#[test]
fn skipped() {
    eprintln!("SKIPPED: no test on a real Docker Engine: dockerd runs on Linux only.");
}

#[cfg(unix)]
mod engine {
    use std::{path::Path, time::Duration};

    use watchkeeper_probes::{DockerEndpoint, docker::Engine};
    use watchkeeper_tests::dockerd::{Dockerd, Door, SmsOptions};

    const PATIENCE: Duration = Duration::from_secs(10);

    fn engine(address: &str, certificates: Option<&Path>) -> Engine {
        let endpoint = DockerEndpoint::parse(address, certificates).unwrap();
        Engine::new(&endpoint, PATIENCE, None).unwrap()
    }

    #[tokio::test]
    async fn by_its_socket() {
        let Some(dockerd) = Dockerd::start(Door::Socket).await.unwrap() else { return };
        assert!(dockerd.tls().is_none());
        let folder = dockerd.socket().trim_start_matches("unix://").to_owned();
        let mut sms = dockerd.run_sms(SmsOptions::default()).await.unwrap();
        let engine = engine(&dockerd.socket(), None);
        let inspect = || async { engine.docker().inspect_container("sms-app", None).await.unwrap() };

        let first = inspect().await;
        assert_eq!(first.state.as_ref().unwrap().running, Some(true));
        assert_eq!(first.host_config.as_ref().unwrap().memory, Some(128 * 1_048_576));
        assert!(sms.get("/health").await.unwrap().contains("1.15.1"));

        sms.pause().await.unwrap();
        assert_eq!(inspect().await.state.unwrap().paused, Some(true));
        sms.unpause().await.unwrap();

        sms.kill().await.unwrap();
        sms.dies().await.unwrap();
        assert_eq!(inspect().await.state.unwrap().exit_code, Some(137));
        sms.start().await.unwrap();

        sms.crash(3).await.unwrap();
        sms.dies().await.unwrap();
        let state = inspect().await.state.unwrap();
        assert_eq!((state.exit_code, state.oom_killed), (Some(3), Some(false)));
        sms.start().await.unwrap();

        sms.run_out_of_memory().await.unwrap();
        let state = inspect().await.state.unwrap();
        assert_eq!((state.exit_code, state.oom_killed), (Some(137), Some(true)));
        sms.start().await.unwrap();

        sms.stop().await.unwrap();
        assert_eq!(inspect().await.state.unwrap().exit_code, Some(0));

        let address = sms.address();
        sms.recreate("1.16.0").await.unwrap();
        let last = inspect().await;
        assert_ne!(last.id, first.id);
        assert_eq!(last.config.unwrap().image.as_deref(), Some("sms-app:1.16.0"));
        assert_eq!(sms.address(), address);
        assert!(sms.get("/health").await.unwrap().contains("1.16.0"));

        drop(dockerd);
        assert!(!Path::new(&folder).parent().unwrap().exists(), "{folder} was left behind");
    }

    #[tokio::test]
    async fn by_tls() {
        let Some(dockerd) = Dockerd::start(Door::Tls).await.unwrap() else { return };
        let sms = dockerd.run_sms(SmsOptions::default()).await.unwrap();
        let (address, certificates) = dockerd.tls().unwrap();
        let known = engine(&address, Some(&certificates));
        let inspect = known.docker().inspect_container(sms.name(), None).await.unwrap();
        assert_eq!(inspect.state.unwrap().running, Some(true));

        let stranger = engine(&address, Some(&dockerd.strangers_certificates()));
        let refused = stranger.docker().inspect_container(sms.name(), None).await;
        assert!(refused.is_err(), "a client of another authority was let in: {refused:?}");
    }
}
