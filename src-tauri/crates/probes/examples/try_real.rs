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
    for r in d.ladder().await { println!("{r:?}"); }
    let (tx, mut rx) = tokio::sync::mpsc::channel(100);
    let l = d.listener();
    tokio::spawn(async move { l.listen(tx).await });
    tokio::spawn(async move { while let Some(a) = rx.recv().await { println!("EVENT {} rec={} {:?}", chrono::Utc::now().format("%H:%M:%S%.3f"), a.reconstructed, match a.outcome { Outcome::Value(Value::Event(e)) => format!("{} {:?} exit {:?} {}", e.at.format("%H:%M:%S%.3f"), e.action, e.exit_code, &e.id[..6]), o => format!("{o:?}") }); } });
    let logs = Logs::new(d.engine().clone(), "sms-app".into(), LogStart::At(start), LogBound::default());
    let stats = d.probes().into_iter().find(|p| p.source() == Source::Stats).unwrap();
    let inspect = d.probes().into_iter().find(|p| p.source() == Source::Inspect).unwrap();
    let mut total = 0u64;
    let mut took = vec![];
    for i in 0..3 {
        for a in logs.ask(Depth::Routine).await { if let Outcome::Value(Value::Logs(b)) = &a.outcome { total += b.lines as u64; took.push(a.took_ms.unwrap()); } else { println!("{a:?}"); } }
        if i % 30 == 0 { println!("{:?}", stats.ask(Depth::Routine).await[0]); println!("{:?}", inspect.ask(Depth::Routine).await[0].outcome); }
        if i == 40 { println!("kill {}", chrono::Utc::now().format("%H:%M:%S%.3f")); docker("kill sms-app"); docker("start sms-app"); }
        if i == 80 { docker("pause sms-app"); docker("unpause sms-app"); }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    docker("stop -t 0 sms-app");
    for _ in 0..2 { for a in logs.ask(Depth::Routine).await { if let Outcome::Value(Value::Logs(b)) = &a.outcome { total += b.lines as u64; } } }
    let real = docker("logs sms-app").lines().count() as u64;
    println!("lines {total} real {real}; poll median {:?}", { took.sort_by(f64::total_cmp); took[took.len() / 2] });
    println!("{:?}", stats.ask(Depth::Routine).await[0]);
    // A flood.
    docker("rm -f sms-app");
    println!("{:?}", logs.ask(Depth::Routine).await[0].outcome);
    docker("run -d --name sms-app-old sms:1 /bin/busybox true");
    let flood = Logs::new(d.engine().clone(), "sms-app".into(), LogStart::At(start), LogBound::default());
    println!("{}", Command::new("docker").args(["-H", "unix:///tmp/wk-probes-docker/docker.sock", "run", "-d", "--name", "sms-app", "sms:1", "/bin/busybox", "sh", "-c", "busybox seq 1 60000; busybox seq 1 20000 >&2 & busybox seq 1 20000; wait; busybox sleep 1"]).output().is_ok());
    let mut n = 0u64; let t = std::time::Instant::now(); let mut zero = 0; let mut polls = 0;
    while zero < 10 { polls += 1; let a = flood.ask(Depth::Routine).await.remove(0); if let Outcome::Value(Value::Logs(b)) = &a.outcome { n += b.lines as u64; zero = if b.lines == 0 { zero + 1 } else { 0 }; if polls % 5 == 1 { println!("poll {polls}: {} lines {:.0} ms", b.lines, a.took_ms.unwrap()); } } else { println!("{a:?}"); } }
    println!("flood {n} in {:?}, real {}", t.elapsed(), docker("logs sms-app").lines().count());
    docker("rename sms-app sms-app-failed"); docker("rename sms-app-failed sms-app");
    // One very long line.
    docker("rm -f sms-app");
    Command::new("docker").args(["-H", "unix:///tmp/wk-probes-docker/docker.sock", "run", "-d", "--name", "sms-app", "sms:1", "/bin/busybox", "sh", "-c", "busybox head -c 50000 /dev/zero | busybox tr '\\0' x; echo end; printf 'no newline'"]).output().unwrap();
    tokio::time::sleep(Duration::from_secs(1)).await;
    println!("long: {:?}", flood.ask(Depth::Routine).await[0].outcome);
    println!("long: {:?}", flood.ask(Depth::Routine).await[0].outcome);
    for e in d.witness().testify().await { println!("{} {} {:?}", e.kind, e.text.len(), e.failure); }
    println!("{:?}", d.engine().docker().ping().await);
}
