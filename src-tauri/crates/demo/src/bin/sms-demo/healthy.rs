//! `sms-demo --healthy`: the HEALTHCHECK of an image that has no other program in it.

use std::{net::Ipv4Addr, process::ExitCode, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use crate::words;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// Asks `/health` on `port`, and ends with 0 where the answer is 200. The first line of the answer is told.
pub(crate) async fn check(port: Result<u16, String>) -> ExitCode {
    let port = match port {
        Ok(port) => port,
        Err(message) => {
            words::err(&message);
            return ExitCode::from(2);
        }
    };
    let line = match timeout(PATIENCE, ask(port)).await {
        Ok(Ok(answer)) => answer.lines().next().unwrap_or_default().to_owned(),
        Ok(Err(e)) => format!("no answer on port {port}: {e}"),
        Err(_) => format!("no answer on port {port} in {} s", PATIENCE.as_secs()),
    };
    words::out(&line);
    if line.contains(" 200 ") { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

async fn ask(port: u16) -> std::io::Result<String> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await?;
    stream.write_all(b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}
