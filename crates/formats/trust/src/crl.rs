//! The list of certificates that were revoked.

use crate::certificate::{is_ours, plain, signed_part};
use crate::{Certificate, Error, Result};
use std::collections::BTreeSet;
use x509_cert::crl::CertificateList;
use x509_cert::der::Decode;
use x509_cert::der::asn1::UintRef;
use x509_cert::time::Time;

/// Largest list that is read: 50,000 revoked certificates and room.
pub(crate) const MOST_BYTES: usize = 4 << 20;
const NUMBER: &str = "2.5.29.20";

/// A list that the authority signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crl {
    der: Vec<u8>,
    /// Each list has a higher number than the one before.
    pub number: u64,
    /// Second of the epoch at which it was made.
    pub made: i64,
    /// Second of the epoch after which it says nothing any more.
    pub until: i64,
    revoked: BTreeSet<Vec<u8>>,
}

impl Crl {
    /// Reads a list and checks that the authority signed it.
    ///
    /// # Errors
    /// [`Error::Damaged`], [`Error::Stranger`] or [`Error::Signature`].
    pub fn read(der: &[u8], authority: &Certificate) -> Result<Crl> {
        let damaged = Error::Damaged("the list of revoked certificates");
        if der.len() > MOST_BYTES {
            return Err(Error::TooLarge);
        }
        let list: CertificateList = CertificateList::from_der(der).map_err(|_| damaged)?;
        if !is_ours(&list.signature_algorithm) {
            return Err(damaged);
        }
        if !authority.is_issuer(&list.tbs_cert_list.issuer) {
            return Err(Error::Stranger);
        }
        authority.verify(signed_part(der).ok_or(damaged)?, list.signature.as_bytes().ok_or(damaged)?)?;
        let tbs = list.tbs_cert_list;
        let second = |time: &Time| i64::try_from(time.to_unix_duration().as_secs()).map_err(|_| damaged);
        let extensions = tbs.crl_extensions.unwrap_or_default();
        let number = extensions.iter().find(|one| one.extn_id.to_string() == NUMBER).ok_or(damaged)?;
        let number = UintRef::from_der(number.extn_value.as_bytes()).map_err(|_| damaged)?;
        let number = number.as_bytes().iter().try_fold(0_u64, |number, byte| {
            number.checked_mul(256).and_then(|number| number.checked_add(u64::from(*byte)))
        });
        let revoked = tbs.revoked_certificates.unwrap_or_default();
        Ok(Crl {
            number: number.ok_or(damaged)?,
            made: second(&tbs.this_update)?,
            until: second(&tbs.next_update.ok_or(damaged)?)?,
            revoked: revoked.iter().map(|one| plain(one.serial_number.as_bytes())).collect(),
            der: der.to_vec(),
        })
    }

    /// Its bytes.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// How many certificates it names.
    pub fn len(&self) -> usize {
        self.revoked.len()
    }

    /// True when nothing was revoked.
    pub fn is_empty(&self) -> bool {
        self.revoked.is_empty()
    }

    /// The serial numbers it names.
    pub fn serials(&self) -> impl Iterator<Item = &[u8]> {
        self.revoked.iter().map(Vec::as_slice)
    }

    /// True when it names a certificate.
    pub fn names(&self, serial: &[u8]) -> bool {
        self.revoked.contains(serial)
    }

    /// True while it may be relied upon. A list made a little ahead of our clock counts too.
    pub fn is_fresh(&self, second: i64) -> bool {
        second <= self.until
    }
}
