//! A NAS with another clock. A network namespace has no clock of its own, and a program in Go does not ask the C library for
//! the time, where one could lie to it. So a proxy before the Engine's socket speaks as an Engine would whose clock is off:
//! it moves each time in the answers, and moves the times in the questions back.

use std::{
    io,
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, UnixStream},
    sync::watch,
    task::JoinHandle,
    time::timeout,
};

/// A time may be cut in two by what is read at once; the rest comes at once, too.
const REST: Duration = Duration::from_millis(30);
/// No time with its name is longer.
const LONGEST: usize = 48;

/// How far ahead the clock was, in seconds, and since when by the right one: what was written keeps its time.
#[derive(Default)]
struct Offsets(Mutex<Vec<(i64, i64)>>);

impl Offsets {
    fn all(&self) -> MutexGuard<'_, Vec<(i64, i64)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
    fn set(&self, since: i64, ahead: i64) {
        self.all().push((since, ahead));
    }
    /// At a time by the right clock.
    fn at(&self, right: i64) -> i64 {
        self.all().iter().rfind(|(since, _)| *since <= right).map_or(0, |(_, ahead)| *ahead)
    }
    /// The furthest that it ever was ahead: no later than this much before a time of it lies what it calls so.
    fn furthest(&self) -> i64 {
        self.all().iter().map(|(_, ahead)| *ahead).max().unwrap_or(0)
    }
}

/// The proxy. Dropped, it ends.
pub struct OtherClock {
    address: String,
    offsets: Arc<Offsets>,
    cut: watch::Sender<u32>,
    serving: JoinHandle<()>,
}

impl OtherClock {
    /// Begins to serve the Engine at `socket` on loopback, with a clock that is `ahead` seconds ahead.
    ///
    /// # Errors
    /// There is no port.
    pub async fn before(socket: PathBuf, ahead: i64) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = format!("http://{}", listener.local_addr()?);
        let offsets = Arc::new(Offsets::default());
        offsets.set(i64::MIN, ahead);
        let (cut, cuts) = watch::channel(0);
        let clock = Arc::clone(&offsets);
        let serving = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let (socket, clock, mut cuts) = (socket.clone(), Arc::clone(&clock), cuts.clone());
                cuts.mark_unchanged();
                tokio::spawn(async move {
                    let Ok(engine) = UnixStream::connect(&socket).await else { return };
                    let (mut asks, mut is_told) = client.into_split();
                    let (mut answers, mut is_asked) = engine.into_split();
                    let there = pass(&mut asks, &mut is_asked, |_| -clock.furthest());
                    let back = pass(&mut answers, &mut is_told, |right| clock.at(right));
                    tokio::select! {
                        _ = there => {}
                        _ = back => {}
                        _ = cuts.changed() => {}
                    }
                });
            }
        });
        Ok(Self { address, offsets, cut, serving })
    }

    /// Where it listens.
    pub fn address(&self) -> &str {
        &self.address
    }
    /// The clock is set at the next full second, and all connections end then, as they do when a NAS is started.
    pub async fn set(&self, ahead: i64) {
        let now = Utc::now();
        let next = now.timestamp() + 1;
        self.offsets.set(next, ahead);
        let left = u64::from(1_000_u32.saturating_sub(now.timestamp_subsec_millis()));
        tokio::time::sleep(Duration::from_millis(left + 1)).await;
        self.cut.send_modify(|n| *n += 1);
    }
}

impl Drop for OtherClock {
    fn drop(&mut self) {
        self.serving.abort();
        self.cut.send_modify(|n| *n += 1);
    }
}

async fn pass(
    from: &mut (impl AsyncReadExt + Unpin),
    to: &mut (impl AsyncWriteExt + Unpin),
    by: impl Fn(i64) -> i64,
) -> io::Result<()> {
    let (mut held, mut buffer) = (Vec::new(), vec![0; 64 * 1024]);
    loop {
        let read = if held.is_empty() {
            from.read(&mut buffer).await?
        } else {
            match timeout(REST, from.read(&mut buffer)).await {
                Ok(read) => read?,
                Err(_) => {
                    to.write_all(&moved(&mut held, &by, true)).await?;
                    continue;
                }
            }
        };
        held.extend(buffer.iter().take(read));
        to.write_all(&moved(&mut held, &by, read == 0)).await?;
        if read == 0 {
            return to.shutdown().await;
        }
    }
}

/// Takes out of `held` what is whole, with each time moved by as many seconds as `by` says of it; no length changes.
fn moved(held: &mut Vec<u8>, by: &impl Fn(i64) -> i64, all: bool) -> Vec<u8> {
    let whole = if all { held.len() } else { held.len().saturating_sub(LONGEST) };
    let (mut out, mut at) = (Vec::with_capacity(held.len()), 0);
    while at < whole {
        let rest = held.get(at..).unwrap_or_default();
        let found = number(rest, "\"timeNano\":", 1_000_000_000, by)
            .or_else(|| number(rest, "\"time\":", 1, by))
            .or_else(|| number(rest, "since=", 1, by))
            .or_else(|| date_header(rest, by))
            .or_else(|| rfc3339(rest, by));
        match found {
            Some(text) => {
                at += text.len();
                out.extend(text.into_bytes());
            }
            None => {
                out.extend(rest.first());
                at += 1;
            }
        }
    }
    held.drain(..at.min(held.len()));
    out
}

fn number(rest: &[u8], name: &str, per_second: i64, by: &impl Fn(i64) -> i64) -> Option<String> {
    let digits = if per_second == 1 { 10 } else { 19 };
    let text = rest.strip_prefix(name.as_bytes())?.get(..digits)?;
    let number: i64 = std::str::from_utf8(text).ok()?.parse().ok()?;
    let moved = format!("{name}{}", number + by(number / per_second) * per_second);
    Some(moved).filter(|moved| moved.len() == name.len() + digits)
}

fn date_header(rest: &[u8], by: &impl Fn(i64) -> i64) -> Option<String> {
    let text = std::str::from_utf8(rest.strip_prefix(b"Date: ")?.get(..29)?).ok()?;
    let time = DateTime::parse_from_rfc2822(text).ok()?;
    let time = time + TimeDelta::seconds(by(time.timestamp()));
    Some(format!("Date: {}", time.format("%a, %d %b %Y %H:%M:%S GMT")))
}

fn rfc3339(rest: &[u8], by: &impl Fn(i64) -> i64) -> Option<String> {
    if !rest.starts_with(b"20") {
        return None;
    }
    let text = std::str::from_utf8(rest.get(..19)?).ok()?;
    let time = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S").ok()?;
    let time = time + TimeDelta::seconds(by(time.and_utc().timestamp()));
    Some(time.format("%Y-%m-%dT%H:%M:%S").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_moved_wherever_they_are_cut_and_nothing_else() {
        let text = "HTTP/1.1 200 OK\r\nDate: Tue, 24 Nov 2026 23:31:46 GMT\r\n\r\n\
                    {\"time\":1795545575,\"timeNano\":1795545575000000001,\"x\":\"0001-01-01T00:00:00Z\"} \
                    2026-11-24T23:59:59.123456789Z 2026-11-24 23:59:59,123 line 1795545575\n";
        let expected = "HTTP/1.1 200 OK\r\nDate: Wed, 25 Nov 2026 00:31:46 GMT\r\n\r\n\
                        {\"time\":1795549175,\"timeNano\":1795549175000000001,\"x\":\"0001-01-01T00:00:00Z\"} \
                        2026-11-25T00:59:59.123456789Z 2026-11-24 23:59:59,123 line 1795545575\n";
        for cut in 0..text.len() {
            let (a, b) = text.as_bytes().split_at(cut);
            let mut held = a.to_vec();
            let mut out = moved(&mut held, &|_| 3_600, false);
            held.extend(b);
            out.extend(moved(&mut held, &|_| 3_600, true));
            assert_eq!(String::from_utf8(out).unwrap(), expected, "cut at {cut}");
        }
    }
}
