use der::asn1::ObjectIdentifier as Oid;
use serde::Serialize;

use super::file::Dict;
use crate::trust::Cert;

/// Who signed, as far as the certificate tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A natural person.
    Person,
    /// An organisation.
    Organisation,
    /// An authority that says when.
    Timestamp,
    /// The certificate does not say.
    Unknown,
}

const COMMON_NAME: Oid = Oid::new_unwrap("2.5.4.3");
const ORGANISATION: Oid = Oid::new_unwrap("2.5.4.10");
const ORGANISATION_ID: Oid = Oid::new_unwrap("2.5.4.97");
/// Attributes only a natural person's certificate has (ETSI EN 319 412-2, 4.2.4): surname, given name, pseudonym.
const PERSONAL: &[Oid] =
    &[Oid::new_unwrap("2.5.4.4"), Oid::new_unwrap("2.5.4.42"), Oid::new_unwrap("2.5.4.65")];

impl Kind {
    /// What the signer wrote of himself into the signature, for a certificate that does not say.
    pub(super) fn claimed(signature: &Dict) -> Self {
        match signature.name("VNVL_Kind") {
            Some(b"Person") => Self::Person,
            Some(b"Organisation" | b"Annex" | b"Copy") => Self::Organisation,
            _ => Self::Unknown,
        }
    }

    /// A person has names of a person; an organisation has its number (ETSI EN 319 412-3, 4.2.1) or bears its own name as
    /// the common one. A common name within an organisation, neither of it, is that of a person there.
    pub(crate) fn of(cert: &Cert, stamp: bool) -> Self {
        if stamp {
            return Self::Timestamp;
        }
        if PERSONAL.iter().any(|oid| cert.subject_attribute(*oid).is_some()) {
            return Self::Person;
        }
        let (name, organisation) =
            (cert.subject_attribute(COMMON_NAME), cert.subject_attribute(ORGANISATION));
        if cert.subject_attribute(ORGANISATION_ID).is_some() {
            return Self::Organisation;
        }
        match (name, organisation) {
            (Some(name), Some(organisation)) if name.starts_with(&organisation) => Self::Organisation,
            (Some(_), Some(_)) => Self::Person,
            _ => Self::Unknown,
        }
    }
}
