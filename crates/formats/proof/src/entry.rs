use serde::{Deserialize, Serialize};

use crate::merkle::{Hash, leaf};

/// Which way a packet went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// From the agency of the journal.
    Sent,
    /// To it.
    Received,
}

/// A line of an agency's journal. Its bytes are JSON in the order of the fields.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Its place among the lines of all agencies of the tenant, from 1.
    pub n: i64,
    /// Code of the agency.
    pub agency: String,
    /// Its place in the journal of the agency, from 1.
    pub seq: i64,
    /// When, in microseconds of the epoch.
    pub at: i64,
    /// Which way.
    pub direction: Direction,
    /// The envelope.
    pub envelope: String,
    /// `document` or `status`.
    pub kind: String,
    /// The document it is about, by its identifier.
    pub document: String,
    /// Code of the other agency.
    pub counterpart: String,
    /// SHA-256 of the envelope's bytes, lower-case hexadecimal.
    pub packet: String,
    /// SHA-256 of the receipt's bytes; empty where none was there when the line was written.
    pub receipt: String,
    /// Hash of the line before it in the journal of the agency; empty for the first.
    pub previous: String,
}

impl Entry {
    /// The bytes that are hashed.
    ///
    /// # Errors
    /// Never for values of these types; the serializer's word for it.
    pub fn bytes(&self) -> serde_json::Result<Vec<u8>> {
        serde_json::to_vec(self)
    }

    /// Its hash: the leaf of the tree, and what the next line names.
    ///
    /// # Errors
    /// As [`Entry::bytes`].
    pub fn hash(&self) -> serde_json::Result<Hash> {
        Ok(leaf(&self.bytes()?))
    }
}
