//! What nodes say to each other in JSON.

use base::{Result, WhileDoing};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use trust::{Agency, Certificate};

/// Most agencies a node may tell of.
const AGENCIES: usize = 250_000;

/// A new node presents itself, with the secret of its token.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Joining {
    pub(super) secret: String,
    pub(super) request: String,
    pub(super) address: String,
}

/// What a node is given when it joins.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Admission {
    certificate: String,
    authority: String,
    crl: String,
    directory: String,
}

impl Admission {
    pub(super) fn new(
        certificate: &Certificate,
        authority: &Certificate,
        (crl, directory): (&[u8], &[u8]),
    ) -> Admission {
        Admission {
            certificate: encode(certificate.der()),
            authority: encode(authority.der()),
            crl: encode(crl),
            directory: encode(directory),
        }
    }

    /// Certificate, the authority's, list of the revoked, directory.
    pub(super) fn parts(&self) -> Result<[Vec<u8>; 4]> {
        let [a, b, c, d] =
            [&self.certificate, &self.authority, &self.crl, &self.directory].map(|one| decode(one));
        Ok([a?, b?, c?, d?])
    }
}

/// What a node says of its agencies.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Told {
    pub(super) node: String,
    /// Second of the epoch.
    pub(super) at: i64,
    /// Where it listens, when that is no longer what was said when it joined.
    pub(super) address: Option<String>,
    pub(super) agencies: Vec<Agency>,
}

impl Told {
    pub(super) fn read(bytes: &[u8]) -> Result<Told> {
        let told: Told = serde_json::from_slice(bytes).while_doing("reading", "agencies of a node")?;
        let fine = told.agencies.len() <= AGENCIES && told.agencies.iter().all(Agency::is_fine);
        if fine { Ok(told) } else { Err(trust::Error::TooLarge).while_doing("reading", "agencies of a node") }
    }
}

pub(super) fn encode(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

pub(super) fn decode(text: &str) -> Result<Vec<u8>> {
    STANDARD.decode(text).while_doing("reading", "base64")
}
