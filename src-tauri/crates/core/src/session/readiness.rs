//! Whether a roll back would work now: what the Engine says, and what the health check adds.

use super::Session;
use crate::{
    action::{Condition, Met, Readiness, Requirement},
    time::WatchTime,
};

/// From here on a disk is too full to begin anything on it, in percent.
const DISK_FULL: f64 = 95.0;

impl Session {
    /// Whether a roll back would work, as it was last found out; `None` where the Engine was never asked.
    pub fn readiness(&self) -> Option<Readiness> {
        let mut readiness = self.observed.readiness.as_ref()?.value.clone();
        readiness.conditions.extend([self.disk(), self.schema()]);
        readiness.conditions.sort_by_key(|c| c.requirement);
        if readiness.conditions.iter().any(|c| c.met == Met::No) {
            readiness.plan = None;
        }
        Some(readiness)
    }

    /// When that was found out.
    pub fn readiness_at(&self) -> Option<WatchTime> {
        self.observed.readiness.as_ref().map(|seen| seen.at)
    }

    fn disk(&self) -> Condition {
        let percent = self.observed.health.as_ref().and_then(|h| h.value.disk_percent);
        let (met, detail) = match percent {
            Some(percent) if percent >= DISK_FULL => (
                Met::No,
                format!(
                    "the disk is {percent:.0} % full: make room on the NAS, but leave the previous image there"
                ),
            ),
            Some(percent) => (Met::Yes, format!("the disk is {percent:.0} % full")),
            None => (Met::Unknown, "the health check does not tell how full the disk is".into()),
        };
        Condition { requirement: Requirement::DiskFree, met, detail }
    }

    fn schema(&self) -> Condition {
        let release = &self.opening.release;
        let previous = release.previous.as_deref().unwrap_or("the previous version");
        let is = self.observed.health.as_ref().and_then(|h| h.value.migration_version.as_deref());
        let (met, detail) = match (is, release.previous_schema.as_deref()) {
            (Some(is), Some(knows)) if is == knows => {
                (Met::Yes, format!("the schema's revision is {is}, which {previous} knows"))
            }
            (Some(is), Some(knows)) => (
                Met::Unknown,
                format!(
                    "the schema's revision is {is}, and {previous} knows {knows}: a migration has run since, and the old \
                     version may not start on it or may damage data"
                ),
            ),
            (Some(is), None) => (
                Met::Unknown,
                format!(
                    "the schema's revision is {is}, and nobody has said which one {previous} knows: the old version may \
                     not start on it or may damage data"
                ),
            ),
            (None, _) => (
                Met::Unknown,
                format!(
                    "the health check does not tell the schema's revision: whether {previous} can read the database is \
                     not known"
                ),
            ),
        };
        Condition { requirement: Requirement::SchemaFits, met, detail }
    }
}
