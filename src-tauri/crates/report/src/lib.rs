//! A session as a report: Markdown for people, JSON for programs, and the proof of either.
//!
//! Both say only what a [`View`] and the journal's events say, so a report can be had at any moment of a session. Both
//! end with a seal over their own bytes; see [`verify()`].

mod clock;
mod doc;
mod escape;
mod file_name;
mod json;
mod markdown;
mod verify;
mod words;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use watchkeeper_core::{chain::Hash, event::Event, matrix::Severity, view::View};

pub use file_name::{incident_file_name, suggested_name};
pub use json::{ReportError, json, schema};
pub use markdown::{incident_markdown, markdown};
pub use verify::{Changed, Kind, SignedOff, Verified, VerifyError, verify};

/// The format's name, in the JSON report and in the Markdown report's seal.
pub const FORMAT: &str = "sms-watchkeeper-report";
/// The format's version, of both kinds.
pub const FORMAT_VERSION: u32 = 1;

/// What a report is made of.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// The session at an instant.
    pub view: View,
    /// Its journal up to the view's head.
    pub events: Vec<Event>,
    /// The texts of the evidence, as far as they are kept.
    pub evidence: Vec<EvidenceText>,
    /// How its files are called, without their endings.
    pub stem: String,
}

/// The text of a piece of evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EvidenceText {
    /// For which incident.
    pub incident: u32,
    /// `logs`, `inspect`, `health` or `readings`.
    pub kind: String,
    /// SHA-256 of the text, as the journal has it.
    pub digest: Hash,
    /// The text itself, redacted where it entered.
    pub text: String,
}

impl Report {
    /// The report of `view`. Events and evidence that came after the view was taken are left out, so that a running
    /// session's journal can be read after its view.
    pub fn new(view: View, mut events: Vec<Event>, mut evidence: Vec<EvidenceText>) -> Self {
        events.retain(|e| e.seq <= view.head.seq);
        let known = |e: &EvidenceText| {
            view.incidents
                .iter()
                .filter(|i| i.incident.id == e.incident)
                .any(|i| i.incident.evidence.iter().any(|k| k.kind == e.kind && k.digest == e.digest))
        };
        evidence.retain(known);
        let stem = file_name::suggested_stem(&view);
        Self { view, events, evidence, stem }
    }

    /// The same under another name.
    #[must_use]
    pub fn called(mut self, stem: impl Into<String>) -> Self {
        self.stem = stem.into();
        self
    }

    /// The critical incidents that are nobody's symptom: each has a report of its own beside the session's.
    pub fn critical(&self) -> impl Iterator<Item = u32> + '_ {
        self.view
            .incidents
            .iter()
            .filter(|i| i.severity == Severity::Critical && i.incident.explained_by.is_none())
            .map(|i| i.incident.id)
    }

    /// The names of the files in these forms under the name `stem`; with Markdown come the incidents' own.
    pub fn names(&self, stem: &str, formats: &[Format]) -> Vec<String> {
        let mut names: Vec<String> = formats.iter().map(|f| format!("{stem}.{}", f.extension())).collect();
        if formats.contains(&Format::Markdown) {
            names.extend(self.critical().map(|id| incident_file_name(stem, id)));
        }
        names
    }

    /// The files in these forms: names and contents.
    ///
    /// # Errors
    /// As [`json`].
    pub fn files(&self, formats: &[Format]) -> Result<Vec<(String, String)>, ReportError> {
        let mut texts = formats.iter().map(|f| f.render(self)).collect::<Result<Vec<_>, _>>()?;
        if formats.contains(&Format::Markdown) {
            texts.extend(self.critical().filter_map(|id| incident_markdown(self, id)));
        }
        Ok(self.names(&self.stem, formats).into_iter().zip(texts).collect())
    }
}

/// In what form a report is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// For people.
    Markdown,
    /// For programs; the one that holds the whole chain.
    Json,
}

impl Format {
    /// Every form.
    pub const ALL: [Self; 2] = [Self::Markdown, Self::Json];

    /// The file name's ending, and the name on the command line: `md`, `json`.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Markdown => "md",
            Self::Json => "json",
        }
    }

    /// `report` in this form.
    ///
    /// # Errors
    /// As [`json`].
    pub fn render(self, report: &Report) -> Result<String, ReportError> {
        match self {
            Self::Markdown => Ok(markdown(report)),
            Self::Json => json(report),
        }
    }
}
