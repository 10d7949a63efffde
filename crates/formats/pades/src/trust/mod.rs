//! Whom to trust: certificates, chains, revocation.
//!
//! Nothing is built in. The operator loads the roots (of the national authorities, say), and may add certificates that
//! stand between and revocation lists he fetched himself.

mod cert;
mod names;
mod ocsp;
mod path;
mod pem;
mod pss;
mod revocation;
mod signature;
mod tlv;
mod usage;

pub(crate) use cert::{Cert, hex};
pub(crate) use path::{Question, check};
pub(crate) use revocation::{Evidence, Standing};
pub(crate) use signature::{check as check_signature, refused};
pub(crate) use tlv::{Elements, Tlv};
pub(crate) use usage::Purpose;

/// Tags of DER.
pub(crate) mod tag {
    pub(crate) use super::tlv::{INTEGER, OCTETS, OID, SEQUENCE, SET, TAG_0, TAG_1};
}

use crate::{Error, Reason, Result};

/// The certificates the operator trusts, and what he knows of revocation.
#[derive(Debug, Clone, Default)]
pub struct Trust {
    pub(crate) roots: Vec<Cert>,
    pub(crate) intermediates: Vec<Cert>,
    pub(crate) evidence: Evidence,
    pub(crate) revocation_required: bool,
}

impl Trust {
    /// Trusts these certificates: PEM, any number of them, or one in DER. A person's own certificate may be among them;
    /// it is then trusted itself, without a path.
    ///
    /// # Errors
    /// `BadCms` when there is none, or one cannot be read.
    pub fn from_pem(roots: &[u8]) -> Result<Self> {
        Ok(Self { roots: certificates(roots)?, ..Self::default() })
    }

    /// Adds certificates that may stand within a path but are not trusted themselves.
    ///
    /// # Errors
    /// `BadCms` when there is none, or one cannot be read.
    pub fn with_intermediates(mut self, certificates_pem: &[u8]) -> Result<Self> {
        self.intermediates.extend(certificates(certificates_pem)?);
        Ok(self)
    }

    /// Adds revocation lists: PEM, any number of them, or one in DER. A list counts for the certificates of the
    /// authority that signed it; one that is out of date revokes, but clears nobody.
    ///
    /// # Errors
    /// `BadCms` when there is none, or one cannot be read.
    pub fn with_crls(mut self, lists: &[u8]) -> Result<Self> {
        let blocks = pem::blocks(lists, "X509 CRL");
        if !blocks.is_empty() && blocks.iter().all(|block| self.evidence.add_list(block)) {
            Ok(self)
        } else {
            Err(Error::new(Reason::BadCms, "no revocation list"))
        }
    }

    /// Adds one OCSP answer in DER.
    #[must_use]
    pub fn with_ocsp(mut self, answer: &[u8]) -> Self {
        self.evidence.answers.push(answer.to_vec());
        self
    }

    /// What of all this stands behind these certificates, DER each: the certificates above them, and the revocation
    /// lists of whoever issued any of them.
    #[must_use]
    pub fn behind(&self, certificates: &[Vec<u8>]) -> (Vec<Vec<u8>>, Vec<Vec<u8>>) {
        let own: Vec<Cert> = certificates.iter().filter_map(|der| Cert::read(der)).collect();
        let mut issuers: Vec<Vec<u8>> = own.iter().map(|cert| cert.issuer().to_vec()).collect();
        let mut above: Vec<Vec<u8>> = Vec::new();
        let known = || self.intermediates.iter().chain(&self.roots);
        // A certificate that is found may have one above it among those looked at before.
        for _ in 0..known().count() {
            let is_new = |cert: &&Cert| {
                issuers.iter().any(|name| name == cert.subject()) && above.iter().all(|der| der != cert.der())
            };
            let found: Vec<&Cert> = known().filter(is_new).collect();
            if found.is_empty() {
                break;
            }
            issuers.extend(found.iter().map(|cert| cert.issuer().to_vec()));
            above.extend(found.iter().map(|cert| cert.der().to_vec()));
        }
        let lists =
            self.evidence.lists.iter().filter(|list| issuers.iter().any(|name| name == list.issuer()));
        (above, lists.map(|list| list.der().to_vec()).collect())
    }

    /// Refuses to call a signature valid when no fresh list or answer clears its certificates (`revocation-unknown`).
    /// Without this, a certificate nothing is known about is taken as not revoked.
    #[must_use]
    pub fn require_revocation(mut self) -> Self {
        self.revocation_required = true;
        self
    }
}

fn certificates(bytes: &[u8]) -> Result<Vec<Cert>> {
    let blocks = pem::blocks(bytes, "CERTIFICATE");
    let read: Option<Vec<Cert>> = blocks.iter().map(|block| Cert::read(block)).collect();
    read.filter(|read| !read.is_empty()).ok_or_else(|| Error::new(Reason::BadCms, "no certificate"))
}
