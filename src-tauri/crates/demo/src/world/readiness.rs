//! Whether the simulated deployment could be rolled back.

use watchkeeper_core::{
    action::{Condition, ImageRef, Met, PlanLine, Readiness, Requirement, RollBackPlan},
    chain::Hash,
    time::Span,
};

use super::{PREVIOUS, World, short};

impl World {
    /// What a dry run at `t` says; `None` where there is no container to be replaced.
    pub fn readiness(&self, t: Span) -> Option<Readiness> {
        let container = self.container(t)?;
        let to = self.previous_image();
        let short = short(&container.id);
        let settings = [
            ("environment", "DATABASE_URL, SECRET_KEY, SMS_ENV"),
            ("mounts", "sms-data → /data (volume, read-write)"),
            ("ports", "0.0.0.0:8080 → 8000/tcp"),
            ("networks", "sms"),
            ("restart policy", "unless-stopped"),
            ("health check", "curl -fsS http://localhost:8000/health, every 30s"),
            ("labels", "com.docker.compose.project=sms, com.docker.compose.service=app"),
        ]
        .map(|(what, value)| PlanLine { what: what.into(), value: value.into() });
        let plan = RollBackPlan {
            container: container.name.clone(),
            container_id: container.id.clone(),
            from: ImageRef { name: container.image.clone(), id: container.image_id.clone() },
            digest: Hash::of(format!("{}{}", container.id, to.id).as_bytes()),
            aside: format!("{}-aside-{short}", container.name),
            made_as: format!("{}-new-{short}", container.name),
            restart_policy: "unless-stopped".into(),
            stop_timeout: Span::secs(10),
            settings: settings.into(),
            to: to.clone(),
        };
        let conditions = [
            (Requirement::PreviousNamed, format!("v{PREVIOUS}")),
            (Requirement::ImagePresent, format!("{} is on the NAS", to.name)),
            (Requirement::DigestKnown, to.id.clone()),
            (Requirement::NotPruned, format!("it is named {}", to.name)),
        ]
        .map(|(requirement, detail)| Condition { requirement, met: Met::Yes, detail });
        let gone_back = container.image_id == to.id;
        let (met, detail) = if gone_back {
            (Met::No, format!("{} runs {} already: there is nothing to go back to", container.name, to.name))
        } else {
            (Met::Yes, format!("a container like {} can be made of it", container.name))
        };
        let mut conditions = Vec::from(conditions);
        conditions.push(Condition { requirement: Requirement::PlanValid, met, detail });
        Some(Readiness { conditions, plan: (!gone_back).then(|| Box::new(plan)) })
    }
}
