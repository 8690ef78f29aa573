//! The hash chains over events and over readings.
//!
//! An event's hash is `SHA-256(previous hash as 64 hexadecimal digits ‖ JSON)`, JSON being the compact serialisation of
//! `{seq, utc, watch, fact}` in exactly this order; the first event's previous hash is 64 zeros. The digest of the
//! readings is `SHA-256(previous digest ‖ JSON of the reading)` over all readings in the order in which they were
//! recorded, committed to by each [`Fact::ReadingsSealed`].

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};
use ts_rs::TS;

use crate::{
    event::{Event, Fact},
    time::Moment,
};

/// A SHA-256 digest; 64 hexadecimal digits in text.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default, TS)]
#[ts(type = "string")]
pub struct Hash([u8; 32]);

impl Hash {
    /// The hash before the first event.
    pub const ZERO: Self = Self([0; 32]);

    /// The digest of `bytes`.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }
    /// The digest of this one's hexadecimal digits followed by `bytes`.
    pub fn then(self, bytes: &[u8]) -> Self {
        let mut digits = [0_u8; 64];
        // The buffer has exactly the length that is needed.
        let _ = hex::encode_to_slice(self.0, &mut digits);
        Self(Sha256::new().chain_update(digits).chain_update(bytes).finalize().into())
    }
    /// The digest written as 64 hexadecimal digits.
    pub fn parse(text: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes).ok().map(|()| Self(bytes))
    }
    /// The first eight digits, for people.
    pub fn short(&self) -> String {
        hex::encode(self.0.get(..4).unwrap_or_default())
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}
impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hash({})", self.short())
    }
}
impl Serialize for Hash {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}
impl<'de> Deserialize<'de> for Hash {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(d)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("a hash is 64 hexadecimal digits"))
    }
}
impl JsonSchema for Hash {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Hash".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "pattern": "^[0-9a-f]{64}$", "description": "A SHA-256 digest." })
    }
}

/// What an event's hash is taken over.
#[derive(Serialize)]
struct Content<'a> {
    seq: u64,
    #[serde(flatten)]
    moment: Moment,
    fact: &'a Fact,
}

/// The text that the hash of event number `seq` is taken over, and that the journal keeps.
///
/// # Errors
/// Never for a [`Fact`] of this program; serde's signature has it.
pub fn content(seq: u64, moment: Moment, fact: &Fact) -> Result<String, serde_json::Error> {
    serde_json::to_string(&Content { seq, moment, fact })
}

/// Event number `seq`, chained to `previous`.
///
/// # Errors
/// As [`content`].
pub fn link(previous: Hash, seq: u64, moment: Moment, fact: Fact) -> Result<Event, serde_json::Error> {
    let hash = previous.then(content(seq, moment, &fact)?.as_bytes());
    Ok(Event { seq, moment, fact, hash })
}

/// The first place at which a chain does not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// An entry is missing, doubled or out of order.
    #[error("entry {expected} is missing: entry {found} stands in its place")]
    Order {
        /// The number that should be there.
        expected: u64,
        /// The number that is there.
        found: u64,
    },
    /// An entry's content or hash was changed, or the one before it was.
    #[error("entry {seq} ({what}) does not match its hash: it, or its link to the entry before, was changed")]
    Content {
        /// The entry.
        seq: u64,
        /// What kind of fact it claims to be.
        what: String,
    },
}

/// Walks a whole chain of events and gives its last hash.
///
/// # Errors
/// The first broken entry.
pub fn verify(events: &[Event]) -> Result<Hash, Broken> {
    let mut previous = Hash::ZERO;
    for (expected, event) in (1..).zip(events) {
        if event.seq != expected {
            return Err(Broken::Order { expected, found: event.seq });
        }
        let good = content(event.seq, event.moment, &event.fact)
            .is_ok_and(|c| previous.then(c.as_bytes()) == event.hash);
        if !good {
            return Err(Broken::Content { seq: event.seq, what: event.fact.name() });
        }
        previous = event.hash;
    }
    Ok(previous)
}

impl Fact {
    /// The fact's name as the journal has it: `opened`, `incident_opened`, …
    pub fn name(&self) -> String {
        match serde_json::to_value(self) {
            Ok(serde_json::Value::Object(map)) => map.keys().next().cloned().unwrap_or_default(),
            _ => String::new(),
        }
    }
}
