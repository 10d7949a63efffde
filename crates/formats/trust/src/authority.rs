//! The authority: admits nodes, renews and revokes their certificates, signs the directory.

use crate::key::node_host;
use crate::{Certificate, Crl, Error, Key, Purpose, Request, Result, Signed, Snapshot};
use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, DistinguishedName, DnType,
    ExtendedKeyUsagePurpose, IsCa, Issuer, KeyIdMethod, KeyPair, KeyUsagePurpose, RevocationReason,
    RevokedCertParams, SerialNumber,
};
use ring::rand::{SecureRandom, SystemRandom};
use time::OffsetDateTime;

/// A certificate that no longer counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revoked {
    /// Its serial number.
    pub serial: Vec<u8>,
    /// Since this second of the epoch.
    pub at: i64,
}

/// The authority's key and certificate.
#[derive(Debug)]
pub struct Authority {
    key: Key,
    certificate: Certificate,
}

impl Authority {
    /// Founds an authority, valid between two seconds of the epoch.
    ///
    /// # Errors
    /// [`Error::Unmade`] when the machine has no chance to give, or a moment is none.
    pub fn found(title: &str, (from, until): (i64, i64)) -> Result<Authority> {
        let key = Key::generate()?;
        let mut root = root(title)?;
        (root.not_before, root.not_after) = (moment(from)?, moment(until)?);
        root.serial_number = Some(serial()?);
        let made = root.self_signed(&key.0).map_err(|_| Error::Unmade)?;
        Authority::with(key, made.der())
    }

    /// An authority from the key and certificate that were kept.
    ///
    /// # Errors
    /// [`Error::Damaged`] when they cannot be read or do not belong together.
    pub fn open(pkcs8: &[u8], certificate: &[u8]) -> Result<Authority> {
        Authority::with(Key::open(pkcs8)?, certificate)
    }

    fn with(key: Key, certificate: &[u8]) -> Result<Authority> {
        let certificate = Certificate::read(certificate)?;
        if certificate.authority && certificate.public() == key.public() {
            Ok(Authority { key, certificate })
        } else {
            Err(Error::Damaged("the authority's certificate"))
        }
    }

    /// Its certificate: what everybody trusts.
    pub fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// Its private key as PKCS #8. Whoever keeps it seals it.
    pub fn pkcs8(&self) -> &[u8] {
        self.key.pkcs8()
    }

    /// Issues a certificate to a node, valid between two seconds of the epoch but never longer than the authority's own.
    ///
    /// # Errors
    /// [`Error::Name`] for a name no node may have; [`Error::Unmade`] as when it was founded.
    pub fn issue(&self, request: &Request, node: &str, (from, until): (i64, i64)) -> Result<Certificate> {
        let mut issued = CertificateParams::new(vec![node_host(node)?]).map_err(|_| Error::Name)?;
        issued.distinguished_name = named(node);
        issued.not_before = moment(from)?;
        issued.not_after = moment(until.min(self.certificate.until))?;
        issued.serial_number = Some(serial()?);
        issued.is_ca = IsCa::ExplicitNoCa;
        issued.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        issued.extended_key_usages =
            vec![ExtendedKeyUsagePurpose::ClientAuth, ExtendedKeyUsagePurpose::ServerAuth];
        issued.use_authority_key_identifier_extension = true;
        let root = root(&self.certificate.name)?;
        let made = issued.signed_by(request, &self.issuer(&root)).map_err(|_| Error::Unmade)?;
        Certificate::read(made.der())
    }

    /// Signs the list of revoked certificates; it counts between two seconds of the epoch.
    ///
    /// # Errors
    /// [`Error::Unmade`] as when it was founded.
    pub fn revoke(&self, number: u64, revoked: &[Revoked], (made, until): (i64, i64)) -> Result<Crl> {
        let one = |revoked: &Revoked| {
            Ok(RevokedCertParams {
                serial_number: SerialNumber::from_slice(&revoked.serial),
                revocation_time: moment(revoked.at)?,
                reason_code: Some(RevocationReason::KeyCompromise),
                invalidity_date: None,
            })
        };
        let list = CertificateRevocationListParams {
            this_update: moment(made)?,
            next_update: moment(until)?,
            crl_number: SerialNumber::from(number),
            issuing_distribution_point: None,
            revoked_certs: revoked.iter().map(one).collect::<Result<_>>()?,
            key_identifier_method: KeyIdMethod::Sha256,
        };
        let root = root(&self.certificate.name)?;
        let signed = list.signed_by(&self.issuer(&root)).map_err(|_| Error::Unmade)?;
        Crl::read(signed.der(), &self.certificate)
    }

    /// Signs a snapshot of the directory.
    ///
    /// # Errors
    /// What is wrong with the snapshot; [`Error::Unmade`] as when it was founded.
    pub fn publish(&self, snapshot: &Snapshot) -> Result<Signed> {
        Signed::make(Purpose::Directory, snapshot.bytes()?, (&self.key, &self.certificate))
    }

    fn issuer<'a>(&'a self, root: &'a CertificateParams) -> Issuer<'a, &'a KeyPair> {
        Issuer::from_params(root, &self.key.0)
    }
}

/// What the authority's certificate says beside dates and serial number; with the same title always the same.
fn root(title: &str) -> Result<CertificateParams> {
    let mut root = CertificateParams::new(Vec::new()).map_err(|_| Error::Unmade)?;
    root.distinguished_name = named(title);
    root.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    root.key_usages =
        vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign, KeyUsagePurpose::DigitalSignature];
    Ok(root)
}

fn named(name: &str) -> DistinguishedName {
    let mut named = DistinguishedName::new();
    named.push(DnType::CommonName, name);
    named
}

fn moment(second: i64) -> Result<OffsetDateTime> {
    OffsetDateTime::from_unix_timestamp(second).map_err(|_| Error::Unmade)
}

/// Sixteen bytes of chance; the first is neither zero nor makes the number negative.
fn serial() -> Result<SerialNumber> {
    let mut bytes = [0; 16];
    SystemRandom::new().fill(&mut bytes).map_err(|_| Error::Unmade)?;
    if let Some(first) = bytes.first_mut() {
        *first = (*first & 0x7f) | 0x40;
    }
    Ok(SerialNumber::from_slice(&bytes))
}
