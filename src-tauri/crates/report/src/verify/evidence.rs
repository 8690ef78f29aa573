//! The texts of the evidence against the digests that the chain holds.

use watchkeeper_core::{
    chain::Hash,
    event::{Event, Fact},
};

use super::VerifyError;
use crate::{EvidenceText, escape};

/// How many texts match, and how many that were stored are not in the report.
pub(super) fn verify(events: &[Event], evidence: &[EvidenceText]) -> Result<(usize, usize), VerifyError> {
    let stored: Vec<(u32, &str, Hash, u64)> = events
        .iter()
        .filter_map(|e| match &e.fact {
            Fact::EvidenceStored { incident, kind, digest, bytes, failure: None } => {
                Some((*incident, kind.as_str(), *digest, *bytes))
            }
            _ => None,
        })
        .collect();
    for piece in evidence {
        let wrong = |why| VerifyError::Evidence {
            incident: piece.incident,
            kind: escape::shortened(&escape::plain(&piece.kind), 80),
            why,
        };
        if Hash::of(piece.text.as_bytes()) != piece.digest {
            return Err(wrong("its text was changed"));
        }
        let known = (piece.incident, piece.kind.as_str(), piece.digest, piece.text.len() as u64);
        if !stored.contains(&known) && !failed(events, piece) {
            return Err(wrong("the journal knows of no such piece"));
        }
    }
    let has = |(incident, kind, digest, _): &&(u32, &str, Hash, u64)| {
        evidence.iter().any(|e| e.incident == *incident && e.kind == *kind && e.digest == *digest)
    };
    Ok((evidence.len(), stored.len() - stored.iter().filter(has).count()))
}

/// A piece that could not be had has an empty text, or the text that could not be stored.
fn failed(events: &[Event], piece: &EvidenceText) -> bool {
    events.iter().any(|e| {
        matches!(
            &e.fact,
            Fact::EvidenceStored { incident, kind, digest, failure: Some(_), .. }
                if *incident == piece.incident && *kind == piece.kind && *digest == piece.digest
        )
    })
}
