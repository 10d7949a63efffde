//! What a certificate is for, as data: each line with its reason.

use der::asn1::ObjectIdentifier as Oid;

use super::cert::Cert;
use crate::cms::oids::TIME_STAMPING;
use crate::verify::Cause;

/// What the certificate at the beginning of a path is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    Signing,
    Timestamping,
    OcspSigning,
}

/// Extended usages with which a document may be signed; one of them is enough.
const SIGNING: &[(Oid, &str)] = &[
    (Oid::new_unwrap("1.3.6.1.5.5.7.3.36"), "document signing (RFC 9336)"),
    (Oid::new_unwrap("1.3.6.1.4.1.311.10.3.12"), "document signing, Microsoft's name for it before RFC 9336"),
    (Oid::new_unwrap("1.2.840.113583.1.1.5"), "authentic documents, Adobe's name for it before RFC 9336"),
    (
        Oid::new_unwrap("1.3.6.1.5.5.7.3.4"),
        "e-mail protection: signing what a person says (RFC 5280, 4.2.1.12)",
    ),
    (Oid::new_unwrap("2.5.29.37.0"), "any usage (RFC 5280, 4.2.1.12)"),
];
// Not on the list: clientAuth alone shows that somebody logged in, not that he assents to a text; serverAuth and
// codeSigning are no persons; timeStamping and OCSPSigning keys say one thing only.

pub(crate) const OCSP_SIGNING: Oid = Oid::new_unwrap("1.3.6.1.5.5.7.3.9");

/// Extensions that are understood here; any other one that is critical ends the check (RFC 5280, 4.2).
const UNDERSTOOD: &[(Oid, &str)] = &[
    (Oid::new_unwrap("2.5.29.14"), "subjectKeyIdentifier: names only"),
    (Oid::new_unwrap("2.5.29.15"), "keyUsage"),
    (Oid::new_unwrap("2.5.29.17"), "subjectAltName: checked against name constraints"),
    (Oid::new_unwrap("2.5.29.19"), "basicConstraints"),
    (Oid::new_unwrap("2.5.29.30"), "nameConstraints"),
    (Oid::new_unwrap("2.5.29.32"), "certificatePolicies: no policy is required of a path here"),
    (Oid::new_unwrap("2.5.29.35"), "authorityKeyIdentifier: names only"),
    (Oid::new_unwrap("2.5.29.37"), "extKeyUsage"),
];

/// No critical extension that is not understood, and none twice.
pub(crate) fn extensions(cert: &Cert) -> Result<(), Cause> {
    let extensions = cert.extensions();
    for (place, (oid, critical)) in extensions.iter().enumerate() {
        let known = UNDERSTOOD.iter().any(|(own, _)| own == oid);
        let twice = extensions.iter().take(place).any(|(other, _)| other == oid);
        let unread = known && !readable(cert, *oid);
        if twice || unread || (*critical && !known) {
            return Err(Cause::UnknownCriticalExtension);
        }
    }
    Ok(())
}

/// Whether an extension that decides something can be read: what cannot be read must not count as absent.
fn readable(cert: &Cert, oid: Oid) -> bool {
    use x509_cert::ext::pkix::{BasicConstraints, ExtendedKeyUsage, KeyUsage, NameConstraints};
    match oid.to_string().as_str() {
        "2.5.29.15" => cert.extension::<KeyUsage>().is_some(),
        "2.5.29.19" => cert.extension::<BasicConstraints>().is_some(),
        "2.5.29.30" => cert.extension::<NameConstraints>().is_some(),
        "2.5.29.37" => cert.extension::<ExtendedKeyUsage>().is_some(),
        _ => true,
    }
}

/// Whether the first certificate of a path may do this.
pub(crate) fn leaf(cert: &Cert, purpose: Purpose) -> Result<(), Cause> {
    let signs = cert.key_usage().is_none_or(|usage| usage.digital_signature() || usage.non_repudiation());
    let usages = cert.extended_key_usage();
    let allowed = match (purpose, usages) {
        (Purpose::Signing, None) => true,
        (Purpose::Signing, Some((_, usages))) => {
            usages.iter().any(|usage| SIGNING.iter().any(|(allowed, _)| allowed == usage))
        }
        // RFC 3161, 2.3: there, critical, and alone.
        (Purpose::Timestamping, Some((critical, usages))) => critical && usages == [TIME_STAMPING],
        (Purpose::OcspSigning, Some((_, usages))) => usages.contains(&OCSP_SIGNING),
        (Purpose::Timestamping | Purpose::OcspSigning, None) => false,
    };
    if signs && allowed { Ok(()) } else { Err(Cause::WrongUsage) }
}

/// Whether a certificate may issue others, `below` of which that are not self-issued stand between it and the first.
pub(crate) fn issuer(cert: &Cert, below: usize) -> Result<(), Cause> {
    let Some(constraints) = cert.basic_constraints().filter(|constraints| constraints.ca) else {
        return Err(Cause::NotAnAuthority);
    };
    if cert.key_usage().is_some_and(|usage| !usage.key_cert_sign()) {
        return Err(Cause::NotAnAuthority);
    }
    match constraints.path_len_constraint {
        Some(most) if below > usize::from(most) => Err(Cause::PathTooLong),
        _ => Ok(()),
    }
}
