use serde::{Deserialize, Serialize};

/// What the node above signs: the statement, and the list of the revoked it knew.
pub const REFERENCES: [&str; 2] = ["seal", "crl"];

/// The statement over the lines that came since the last one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seal {
    /// The node that makes it.
    pub node: String,
    /// Its tenant.
    pub tenant: String,
    /// Its number, from 1.
    pub number: i64,
    /// The first line.
    pub first: i64,
    /// The last line.
    pub last: i64,
    /// The root over the lines, lower-case hexadecimal.
    pub root: String,
    /// SHA-256 of the statement before it; empty for the first.
    pub previous: String,
    /// When, in microseconds of the epoch.
    pub at: i64,
}

impl Seal {
    /// The bytes that are signed: JSON in the order of the fields.
    ///
    /// # Errors
    /// Never for values of these types; the serializer's word for it.
    pub fn bytes(&self) -> serde_json::Result<Vec<u8>> {
        serde_json::to_vec(self)
    }
}
