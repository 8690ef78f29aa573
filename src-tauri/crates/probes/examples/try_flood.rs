use std::{time::Duration, process::Command};
use watchkeeper_core::reading::*;
use watchkeeper_engine::ports::*;
use watchkeeper_probes::{docker::*, *};
fn docker(args: &str) -> String {
    let o = Command::new("docker").args(["-H", "unix:///tmp/wk-probes-docker/docker.sock"]).args(args.split(' ')).output().unwrap();
    String::from_utf8_lossy(&o.stdout).into_owned() + &String::from_utf8_lossy(&o.stderr)
}
#[tokio::main]
async fn main() {
    let start = chrono::Utc::now() - chrono::TimeDelta::hours(1);
    let cfg = DeploymentConfig { http: HttpTarget::parse("http://127.0.0.1:1").unwrap(), docker: DockerEndpoint::parse("unix:///tmp/wk-probes-docker/docker.sock", None).unwrap(),
        container: "sms-app".into(), docker_timeout: DeploymentConfig::DOCKER_TIMEOUT, references: vec![], since: start, logs_recorded_to: None };
    let d = Deployment::connect(cfg).unwrap();
    docker("rm -f sms-app");
    // A flood.
    docker("rm -f sms-app");
    docker("run --rm sms:1 /bin/busybox true");
    let flood = Logs::new(d.engine().clone(), "sms-app".into(), LogStart::At(start), LogBound::default());
    println!("{}", Command::new("docker").args(["-H", "unix:///tmp/wk-probes-docker/docker.sock", "run", "-d", "--name", "sms-app", "sms:1", "/bin/busybox", "sh", "-c", "busybox seq 1 60000; busybox seq 1 20000 >&2 & busybox seq 1 20000; wait; busybox sleep 1"]).output().is_ok());
    let mut n = 0u64; let t = std::time::Instant::now(); let mut zero = 0; let mut polls = 0;
    while zero < 10 { polls += 1; let a = flood.ask(Depth::Routine).await.remove(0); if let Outcome::Value(Value::Logs(b)) = &a.outcome { n += b.lines as u64; zero = if b.lines == 0 { zero + 1 } else { 0 }; if polls % 5 == 1 { println!("poll {polls}: {} lines {:.0} ms", b.lines, a.took_ms.unwrap()); } } else { println!("{a:?}"); } }
    println!("flood {n} in {:?}, real {}", t.elapsed(), docker("logs sms-app").lines().count());
}
