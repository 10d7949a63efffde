//! Whether a node's certificate counted when it signed.

use trust::{Certificate, Crl};
use xmldsig::detached::Signed;

use crate::verify::{Cause, Fault};

/// Clocks of two nodes may differ by this many microseconds.
pub(crate) const SKEW_MICROS: i64 = 2 * 3_600_000_000;

/// A signature by a node.
#[derive(Debug)]
pub(crate) struct By {
    /// The node.
    pub(crate) node: String,
    /// When, in microseconds of the epoch.
    pub(crate) at: i64,
}

/// The node that signed: its certificate is the authority's, counted at that moment, and is not revoked.
pub(crate) fn judge(signed: &Signed, crl: &Crl, root: &Certificate) -> Result<By, Fault> {
    let certificate =
        Certificate::read(&signed.certificate).map_err(|error| Fault::of(Cause::Certificate, error))?;
    if certificate.authority {
        return Err(Fault::of(Cause::Certificate, "the authority signs no packets"));
    }
    let fault = |error| Fault::of(Cause::Certificate, format_args!("{}: {error}", certificate.name));
    certificate.issued_by(root).map_err(fault)?;
    certificate.valid_at(signed.time.as_second()).map_err(fault)?;
    if crl.names(&certificate.serial) {
        return Err(Fault::of(Cause::Revoked, &certificate.name));
    }
    Ok(By { node: certificate.name, at: signed.time.as_microsecond() })
}
