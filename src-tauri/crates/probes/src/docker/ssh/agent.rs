//! The SSH agent of the person at the PC.

use std::time::Duration;

use russh::keys::agent::{
    AgentIdentity,
    client::{AgentClient, AgentStream},
};
use tokio::time::timeout;

/// One that is locked or asks its person may not answer at all.
const PATIENCE: Duration = Duration::from_secs(3);

pub(super) type Agent = AgentClient<Box<dyn AgentStream + Send + Unpin>>;

/// The agent with its keys; or how it is with it, for people.
pub(super) async fn keys() -> Result<(Agent, Vec<AgentIdentity>), String> {
    let asked = timeout(PATIENCE, async {
        let mut agent = connect().await?;
        let keys =
            agent.request_identities().await.map_err(|_| "an SSH agent that gives no keys".to_owned())?;
        Ok((agent, keys))
    });
    match asked.await {
        Ok(Ok((_, keys))) if keys.is_empty() => Err("no key in the SSH agent".into()),
        Ok(answer) => answer,
        Err(_) => Err("an SSH agent that does not answer".into()),
    }
}

#[cfg(unix)]
async fn connect() -> Result<Agent, String> {
    match AgentClient::connect_env().await {
        Ok(agent) => Ok(agent.dynamic()),
        Err(russh::keys::Error::EnvVar(_)) => Err("no SSH agent (SSH_AUTH_SOCK is not set)".into()),
        Err(_) => Err("no SSH agent where SSH_AUTH_SOCK points to".into()),
    }
}

/// Windows' own agent, else Pageant.
#[cfg(windows)]
async fn connect() -> Result<Agent, String> {
    const OPENSSH: &str = r"\\.\pipe\openssh-ssh-agent";
    let named = std::env::var("SSH_AUTH_SOCK").ok().filter(|at| at.starts_with(r"\\.\pipe\"));
    if let Ok(agent) = AgentClient::connect_named_pipe(named.as_deref().unwrap_or(OPENSSH)).await {
        return Ok(agent.dynamic());
    }
    match AgentClient::connect_pageant().await {
        Ok(agent) => Ok(agent.dynamic()),
        Err(_) => Err("no SSH agent (neither Windows' own nor Pageant runs)".into()),
    }
}

#[cfg(not(any(unix, windows)))]
async fn connect() -> Result<Agent, String> {
    Err("no SSH agent on this system".into())
}
