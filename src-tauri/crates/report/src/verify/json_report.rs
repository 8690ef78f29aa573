//! A JSON report: its chain, its evidence, its view, its seal.

use serde::Deserialize;
use watchkeeper_core::{chain, event::Event, session::Session};

use super::{Changed, Kind, SignedOff, Verified, VerifyError, agreement, evidence};
use crate::{
    FORMAT, FORMAT_VERSION, escape,
    json::{self, ReportFile},
};

/// `bytes` is the whole file, `content` the same without a byte order mark.
pub(super) fn verify(bytes: &[u8], content: &[u8]) -> Result<Verified, VerifyError> {
    let offset = bytes.len() - content.len();
    let file = read(content).map_err(|e| e.behind(offset))?;
    chain::verify(&file.events)?;
    let session = agreement::session(&file.events)?;
    let (texts, absent) = evidence::verify(&file.events, &file.evidence)?;
    let same_words = file.generator == json::generator();
    agreement::verify(session.clone(), &file.view, same_words)?;
    if file.generated != file.view.now.utc {
        return Err(VerifyError::Contradiction { what: "now" });
    }
    match json::digests(bytes) {
        Some((claimed, found)) if claimed == found => {}
        _ => return Err(VerifyError::Seal { only: unchanged_values(&file, bytes) }),
    }
    let head = file.view.head;
    let signed_off = session.signed_off.as_ref().map(|s| SignedOff {
        by: s.by.clone(),
        decision: s.decision,
        utc: s.moment.utc,
    });
    Ok(Verified {
        kind: Kind::Json,
        session: Some(session.opening.session.clone()),
        events: file.events.len(),
        head_seq: head.seq,
        head_hash: head.hash,
        signed_off,
        evidence: texts,
        statement: statement(&file, &session, texts, absent, same_words),
    })
}

/// What alone was changed where every value is what was sealed.
fn unchanged_values(file: &ReportFile<'_>, bytes: &[u8]) -> Option<Changed> {
    let original = json::sealed(file).ok()?;
    let (claimed, _) = json::digests(original.as_bytes())?;
    if claimed != file.seal.digest {
        return None;
    }
    let without_returns = bytes.iter().filter(|b| **b != b'\r');
    Some(if without_returns.eq(original.as_bytes()) { Changed::LineEnds } else { Changed::Layout })
}

fn statement(
    file: &ReportFile<'_>,
    session: &Session,
    texts: usize,
    absent: usize,
    same_words: bool,
) -> String {
    use crate::words::{counted, number};
    let head = file.view.head;
    let mut lines = vec![
        format!(
            "The report of session {} is whole and was not changed since it was exported.",
            session.opening.session
        ),
        format!(
            "Its chain holds from the first of {} to the last.",
            counted(file.events.len(), "entry", "entries")
        ),
        "Its view says what these entries say.".to_owned(),
    ];
    if !same_words {
        lines.push(format!("It was put into words by {}; its wording was not compared.", file.generator));
    }
    if texts > 0 {
        lines.push(format!(
            "{} the journal's digests.",
            counted(texts, "text of evidence matches", "texts of evidence match")
        ));
    }
    if absent > 0 {
        lines.push(format!(
            "{} in the report.",
            counted(absent, "stored piece of evidence is not", "stored pieces of evidence are not")
        ));
    }
    lines.push(match &session.signed_off {
        Some(s) => format!(
            "It was {} by {} on {}.",
            s.decision.label(),
            s.by,
            s.moment.utc.format("%Y-%m-%d at %H:%M:%S UTC")
        ),
        None => "It is not signed off.".to_owned(),
    });
    if let Some(scenario) = &session.opening.simulated {
        lines.push(format!("Its deployment is SIMULATED: {scenario}."));
    }
    lines.push(format!(
        "Baselines and criteria rest on {} readings, which are not in the report; the journal has them, {} of them sealed.",
        number(file.view.readings),
        number(session.sealed.count)
    ));
    lines.push(format!(
        "A chain can be made anew as a whole: compare its head, entry {} with hash {}, with the journal.",
        head.seq, head.hash
    ));
    lines.iter().map(|l| escape::plain(l)).collect::<Vec<_>>().join("\n")
}

fn read(content: &[u8]) -> Result<ReportFile<'static>, VerifyError> {
    /// What every version of the format has.
    #[derive(Deserialize)]
    struct Header {
        format: String,
        format_version: u64,
    }
    match serde_json::from_slice::<Header>(content) {
        Ok(header) if header.format != FORMAT => return Err(VerifyError::NoReport),
        Ok(header) if header.format_version != u64::from(FORMAT_VERSION) => {
            return Err(VerifyError::Version { found: header.format_version });
        }
        Ok(_) => {}
        Err(e) => return Err(unreadable(content, &e)),
    }
    serde_json::from_slice(content)
        .map_err(|e| unreadable_entry(content).unwrap_or_else(|| unreadable(content, &e)))
}

/// The first event that is none, where the rest can be read.
fn unreadable_entry(content: &[u8]) -> Option<VerifyError> {
    let mut whole: serde_json::Value = serde_json::from_slice(content).ok()?;
    let serde_json::Value::Array(events) = whole.get_mut("events")?.take() else { return None };
    let failed =
        (1..).zip(events).find_map(|(entry, e)| Some((entry, serde_json::from_value::<Event>(e).err()?)));
    failed.map(|(entry, e)| VerifyError::UnreadableEntry { entry, why: in_short(&e.to_string()) })
}

/// What serde says quotes the file.
fn in_short(why: &str) -> String {
    escape::shortened(&escape::plain(why), 300)
}

fn unreadable(content: &[u8], error: &serde_json::Error) -> VerifyError {
    let (line, column) = (error.line(), error.column());
    let before: usize =
        content.split_inclusive(|b| *b == b'\n').take(line.saturating_sub(1)).map(<[u8]>::len).sum();
    let why = error.to_string();
    // The place is told once.
    let why = why.rsplit_once(" at line ").map_or(why.as_str(), |(why, _)| why).to_owned();
    VerifyError::Unreadable { line, column, byte: before + column.saturating_sub(1), why: in_short(&why) }
}

impl VerifyError {
    /// The same with its byte counted from the file's beginning.
    fn behind(self, offset: usize) -> Self {
        match self {
            Self::Unreadable { line, column, byte, why } => {
                Self::Unreadable { line, column, byte: byte + offset, why }
            }
            other => other,
        }
    }
}
