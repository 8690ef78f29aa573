//! How each container was made: what `docker inspect` says of it that never changes.

use serde_json::{Value, json};
use watchkeeper_core::part::Part;

use crate::world::limit_bytes;

/// What differs between the containers.
pub(super) struct Made {
    pub(super) path: &'static str,
    pub(super) args: &'static [&'static str],
    hostname: &'static str,
    pub(super) address: &'static str,
    /// As its labels name it.
    pub(super) service: &'static str,
    /// What its HEALTHCHECK runs.
    check: &'static str,
    /// What it listens on, and on which port of the NAS.
    port: (u16, Option<u16>),
}

/// The container of `part`; `alone` where all of the deployment is in it.
pub(super) const fn of(part: Part, alone: bool) -> Made {
    match part {
        Part::Application => Made {
            path: "/entrypoint.sh",
            args: &["uvicorn", "backend.main:app"],
            hostname: "c0ffee5e5510",
            address: "172.20.0.3",
            service: "app",
            check: "curl -fsS http://localhost:8000/health || exit 1",
            port: (8_000, if alone { Some(8_080) } else { None }),
        },
        Part::FrontEnd => Made {
            path: "/docker-entrypoint.sh",
            args: &["nginx", "-g", "daemon off;"],
            hostname: "c0ffee5e5511",
            address: "172.20.0.4",
            service: "frontend",
            check: "wget -qO- http://localhost/nginx-health || exit 1",
            port: (80, Some(8_080)),
        },
        Part::Database => Made {
            path: "docker-entrypoint.sh",
            args: &["postgres"],
            hostname: "c0ffee5e5512",
            address: "172.20.0.2",
            service: "postgres",
            check: "pg_isready -U sms",
            port: (5_432, None),
        },
    }
}

impl Made {
    /// `HostConfig`.
    pub(super) fn host_config(&self, part: Part) -> Value {
        let mut ports = json!({});
        if let (inside, Some(outside)) = self.port {
            ports[format!("{inside}/tcp")] = json!([{ "HostIp": "", "HostPort": outside.to_string() }]);
        }
        json!({
            "Memory": limit_bytes(part),
            "NanoCpus": 0,
            "RestartPolicy": { "Name": "unless-stopped", "MaximumRetryCount": 0 },
            "LogConfig": { "Type": "json-file", "Config": { "max-size": "10m", "max-file": "3" } },
            "PortBindings": ports,
        })
    }

    /// The ports as `docker ps` lists them.
    pub(super) fn ports(&self) -> Value {
        let (inside, outside) = self.port;
        match outside {
            Some(outside) => {
                json!([{ "IP": "0.0.0.0", "PrivatePort": inside, "PublicPort": outside, "Type": "tcp" }])
            }
            None => json!([{ "PrivatePort": inside, "Type": "tcp" }]),
        }
    }

    /// The labels; the database is not of any version of the SMS.
    pub(super) fn labels(&self, part: Part, version: &str) -> Value {
        let mut labels = json!({ "com.sms.service": self.service, "simulated": "true" });
        if part != Part::Database {
            labels["com.sms.version"] = json!(version);
        }
        labels
    }

    /// `Config` of a container of `image`, in which `version` of the SMS is.
    pub(super) fn config(&self, part: Part, image: &str, version: &str) -> Value {
        let environment = match part {
            Part::Application => vec!["SMS_ENV=production".to_owned(), format!("SMS_VERSION={version}")],
            Part::FrontEnd => vec!["NGINX_VERSION=1.27.2".into()],
            Part::Database => vec!["PG_MAJOR=16".into(), "POSTGRES_DB=sms".into()],
        };
        json!({
            "Hostname": self.hostname,
            "Tty": false,
            "Env": environment,
            "Image": image,
            "Labels": self.labels(part, version),
            "Healthcheck": {
                "Test": ["CMD-SHELL", self.check],
                "Interval": 30_000_000_000_u64,
                "Timeout": 10_000_000_000_u64,
                "Retries": 3,
            },
        })
    }
}
