#![allow(clippy::unwrap_used)]
use std::time::Instant;
use chrono::{TimeDelta, Utc, DateTime};
use watchkeeper_core::{chain::{self, Hash}, event::*, plan::Plan, rules::Rules, reading::*, time::*, log::LogBatch, verdict::*};
use watchkeeper_engine::ports::Journal;
use watchkeeper_store::*;
fn m(ms: u64) -> Moment { Moment { utc: DateTime::from_timestamp(1_768_062_600, 123_456_789).unwrap() + TimeDelta::milliseconds(ms as i64), watch: WatchTime(ms) } }
fn opening(s: &str) -> Opening { Opening { session: s.into(), deployment: Deployment { name: "QNAP".into(), environment: "production".into(), url: "http://nas:8080".into(), docker: "unix:///x".into(), container: "sms-app".into() }, release: Release { version: "1.15.1".into(), previous: None, repository: None }, owner: "o".into(), plan: Plan::standard(), rules: Rules::default(), pace: Pace::REAL, simulated: None, program: "p".into() } }
fn round(ms: u64) -> Vec<Reading> {
    let http = |s, b| Answer::value(s, 12.345678 + (ms % 977) as f64 / 7.0, Value::Http(HttpAnswer { status: 200, bytes: b }));
    let health = |s| Answer::value(s, 1043.123456 + (ms % 13) as f64, Value::Health(Box::new(HealthAnswer { http_status: 200, status: HealthStatus::Healthy, version: Some("1.15.1".into()), uptime_seconds: Some(1234.0 + ms as f64), database_ok: Some(true), database_message: Some("Database connection healthy".into()), disk_percent: Some(41.2), migrations_at_head: Some(true), migration_version: Some("a1b2c3d4e5f6".into()), statistics: Some(Statistics { students: Some(800), courses: Some(40), grades: Some(12000), enrollments: Some(3000) }) })));
    let state = ContainerState { id: "f".repeat(64), name: "sms-app".into(), image: "sms:1.15.1".into(), image_id: format!("sha256:{}", "a".repeat(64)), status: ContainerStatus::Running, health: ContainerHealth::Healthy, started_at: Some(Utc::now()), finished_at: Some(Utc::now()), restart_count: 0, oom_killed: false, exit_code: Some(0) };
    vec![health(Source::Health), health(Source::Ready), http(Source::Live, 20), http(Source::Page, 1200), http(Source::Asset, 234567), http(Source::Api, 512),
        Answer::value(Source::Inspect, 8.123456, Value::Container(Box::new(state))),
        Answer::value(Source::Stats, 58.123456, Value::Usage(Usage { cpu_percent: Some(0.113 + (ms % 7) as f64 / 3.0), online_cpus: 4, memory_bytes: 134217728 + ms, memory_limit: Some(1 << 30) })),
        Answer::value(Source::Logs, 9.9, Value::Logs(LogBatch { lines: 12, ..LogBatch::default() })),
        Answer::untimed(Source::Network, Value::Network("route to 192.168.1.5 by 192.168.1.20".into())),
    ].into_iter().map(|a| Reading::at(m(ms), a)).collect()
}
fn rss() -> String { let s = std::fs::read_to_string("/proc/self/status").unwrap(); s.lines().filter(|l| l.starts_with("VmRSS") || l.starts_with("VmHWM")).collect::<Vec<_>>().join(" ") }
#[tokio::main]
async fn main() {
    let dir = tempfile::tempdir_in(std::env::args().nth(1).unwrap_or("/tmp".into())).unwrap();
    let path = dir.path().join("watchkeeper.db");
    println!("start {}", rss());
    let t = Instant::now();
    let store = Store::open(&path, Access::Write).await.unwrap();
    println!("open new {:?} {}", t.elapsed(), rss());
    let j = store.create_session(&opening("a"), m(0).utc).await.unwrap();
    let (mut seq, mut head) = (0, Hash::ZERO);
    let mut next = |fact: Fact| { seq += 1; let e = chain::link(head, seq, m(seq), fact).unwrap(); head = e.hash; e };
    j.append(&[next(Fact::Opened(Box::new(opening("a"))))]).await.unwrap();
    let note = || Fact::NoteAdded { by: "a".into(), text: "something to note".into() };
    let mut single = vec![];
    for _ in 0..2000 { let e = next(note()); let t = Instant::now(); j.append(&[e]).await.unwrap(); single.push(t.elapsed()); }
    single.sort();
    println!("append 1: median {:?} p95 {:?} max {:?} => {:.0}/s", single[1000], single[1900], single[1999], 2000.0 / single.iter().sum::<std::time::Duration>().as_secs_f64());
    let es: Vec<_> = (0..20000).map(|_| next(note())).collect();
    let t = Instant::now(); for c in es.chunks(100) { j.append(c).await.unwrap(); } println!("append by 100: {:.0}/s", 20000.0 / t.elapsed().as_secs_f64());
    let mut seq = 22001u64; let _ = &mut seq;
    let one = round(1);
    let mut digest = Hash::ZERO; let mut count = 0u64;
    let mut rec = |rs: &[Reading]| for r in rs { digest = digest.then(serde_json::to_string(r).unwrap().as_bytes()); count += 1; };
    let mut v = vec![];
    for r in one.iter().cycle().take(2000) { let t = Instant::now(); j.record(seq, std::slice::from_ref(r)).await.unwrap(); v.push(t.elapsed()); rec(std::slice::from_ref(r)); }
    v.sort(); println!("record 1: median {:?} p95 {:?} => {:.0}/s", v[1000], v[1900], 2000.0 / v.iter().sum::<std::time::Duration>().as_secs_f64());
    let t = Instant::now(); for i in 0..1000 { let r = round(i * 30000); j.record(seq, &r).await.unwrap(); rec(&r); } println!("record 10: {:.0}/s", 10000.0 / t.elapsed().as_secs_f64());
    let mut v = vec![];
    let mut h2 = head; 
    for i in 0..500u64 { let r = round(i * 30000); let t = Instant::now(); j.record(seq, &r).await.unwrap(); let e = chain::link(h2, seq + 1, m(seq), note()).unwrap(); h2 = e.hash; j.append(&[e]).await.unwrap(); seq += 1; v.push(t.elapsed()); rec(&r); }
    v.sort(); println!("record 10 + append 1: median {:?}, p95 {:?}", v[250], v[475]);
    let before = store.file_size().unwrap(); 
    let big: Vec<Reading> = (0..100).flat_map(|i| round(i * 1000)).collect();
    let n = std::env::args().nth(2).map_or(83, |s| s.parse().unwrap());
    let t = Instant::now(); for _ in 0..n { j.record(seq, &big).await.unwrap(); rec(&big); } println!("record 1000: {:.0}/s {}", n as f64 * 1000.0 / t.elapsed().as_secs_f64(), rss());
    let e = chain::link(h2, seq + 1, m(seq), Fact::ReadingsSealed { count, digest }).unwrap(); h2 = e.hash; j.append(&[e]).await.unwrap(); seq += 1;
    let json: usize = big.iter().map(|r| serde_json::to_string(r).unwrap().len()).sum();
    let after = store.file_size().unwrap();
    println!("json {:.1} B/reading, file {:.1} B/reading, file {} MB, readings {count}", json as f64 / 1000.0, (after - before) as f64 / (n as f64 * 1000.0), after >> 20);
    for _ in 0..3 {
    let t = Instant::now(); let mut k = 0; let f = store.fold("a", |e| { if let Entry::Reading(..) = e { k += 1 } }).await.unwrap();
    println!("fold {k} readings {} events: {:?} => {:.0} ms/100k; {}", f.events, t.elapsed(), t.elapsed().as_secs_f64() * 1e8 / (k as f64 + f.events as f64), rss());
    }
    let t = Instant::now(); let p = store.verify("a").await.unwrap(); println!("verify {:?} {:?}", t.elapsed(), p.readings);
    let t = Instant::now(); let texts = big.iter().map(|r| serde_json::to_string(r).unwrap()).collect::<Vec<_>>(); println!("1000 to_string {:?}", t.elapsed());
    let t = Instant::now(); for x in &texts { let _: Reading = serde_json::from_str(x).unwrap(); } println!("1000 from_str {:?}", t.elapsed());
    let t = Instant::now(); for _ in 0..1000 { j.take_new().await.unwrap(); } println!("take_new {:?}", t.elapsed() / 1000);
    let v = Box::new(Verdict { finding: Finding::Pass, reason: String::new(), criteria: vec![], coverage_percent: 1.0, complete: true });
    let e = chain::link(h2, seq + 1, m(seq), Fact::SignedOff { by: "x".into(), decision: Decision::Approved, remark: String::new(), verdict: v }).unwrap(); j.append(&[e]).await.unwrap();
    drop(j);
    let t = Instant::now(); store.close().await.unwrap(); println!("close {:?}", t.elapsed());
    let t = Instant::now(); let store = Store::open(&path, Access::Write).await.unwrap(); println!("open with check {:?} {}", t.elapsed(), rss());
    let t = Instant::now(); let p = store.prune(0, 0).await.unwrap(); println!("prune {:?} {p:?} {} {}", t.elapsed(), store.file_size().unwrap(), rss());
}
