//! Authorities and people, good and bad. Their names are invented.

use pades::verify::{Answer, verify};
use pades::{Result, trust::Trust};
use rcgen::{
    BasicConstraints, CertificateParams, CustomExtension, DistinguishedName, DnType,
    ExtendedKeyUsagePurpose as Usage, IsCa, Issuer, KeyPair, KeyUsagePurpose as Use, NameConstraints,
};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair};

/// The moment of checking.
pub(crate) const NOW: &str = "2026-11-23T03:00:00Z";

/// What a certificate says; a test changes one line of it.
#[derive(Clone)]
pub(crate) struct Recipe {
    pub(crate) name: &'static str,
    pub(crate) organisation: &'static str,
    pub(crate) years: (i32, i32),
    pub(crate) authority: Option<BasicConstraints>,
    pub(crate) uses: Vec<Use>,
    pub(crate) usages: Vec<Usage>,
    pub(crate) constraints: Option<NameConstraints>,
    pub(crate) mails: Vec<String>,
    pub(crate) extensions: Vec<CustomExtension>,
}

pub(crate) fn person() -> Recipe {
    Recipe {
        name: "Nguyễn Văn Mẫu",
        organisation: "UBND tỉnh Mẫu",
        years: (2020, 2049),
        authority: None,
        uses: vec![Use::DigitalSignature, Use::ContentCommitment],
        usages: vec![Usage::EmailProtection],
        constraints: None,
        mails: Vec::new(),
        extensions: Vec::new(),
    }
}

pub(crate) fn authority() -> Recipe {
    Recipe {
        name: "Chứng thực Mẫu",
        authority: Some(BasicConstraints::Unconstrained),
        uses: vec![Use::KeyCertSign, Use::CrlSign],
        usages: Vec::new(),
        ..person()
    }
}

pub(crate) fn clock() -> Recipe {
    Recipe { name: "Giờ Mẫu", usages: Vec::new(), extensions: vec![usage(true, &[8])], ..person() }
}

/// Extended usages of the usual family, critical or not.
pub(crate) fn usage(critical: bool, last: &[u8]) -> CustomExtension {
    let usages: Vec<u8> = last.iter().flat_map(|last| [6, 8, 0x2b, 6, 1, 5, 5, 7, 3, *last]).collect();
    let mut extension = CustomExtension::from_oid_content(&[2, 5, 29, 37], crate::der::sequence(&[&usages]));
    extension.set_criticality(critical);
    extension
}

impl Recipe {
    fn params(&self) -> CertificateParams {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        let mut subject = DistinguishedName::new();
        subject.push(DnType::CountryName, "VN");
        subject.push(DnType::OrganizationName, self.organisation);
        subject.push(DnType::CommonName, self.name);
        params.distinguished_name = subject;
        params.not_before = rcgen::date_time_ymd(self.years.0, 1, 1);
        params.not_after = rcgen::date_time_ymd(self.years.1, 1, 1);
        params.is_ca = match &self.authority {
            Some(constraints) => IsCa::Ca(*constraints),
            None => IsCa::ExplicitNoCa,
        };
        params.key_usages.clone_from(&self.uses);
        params.extended_key_usages.clone_from(&self.usages);
        params.name_constraints.clone_from(&self.constraints);
        params.custom_extensions.clone_from(&self.extensions);
        params.subject_alt_names = self
            .mails
            .iter()
            .map(|mail| rcgen::SanType::Rfc822Name(mail.as_str().try_into().unwrap()))
            .collect();
        params
    }
}

/// An authority: who signs certificates and lists.
pub(crate) struct Authority {
    pub(crate) issuer: Issuer<'static, KeyPair>,
    pub(crate) der: Vec<u8>,
    pub(crate) pem: String,
    /// The certificates above it, without the root.
    chain: Vec<Vec<u8>>,
}

/// Somebody with a key.
pub(crate) struct Person {
    pub(crate) key: KeyPair,
    pub(crate) der: Vec<u8>,
    pub(crate) chain: Vec<Vec<u8>>,
}

impl Authority {
    pub(crate) fn root(recipe: &Recipe) -> Self {
        let (params, key) = (recipe.params(), KeyPair::generate().unwrap());
        let certificate = params.self_signed(&key).unwrap();
        let (der, pem) = (certificate.der().to_vec(), certificate.pem());
        Self { issuer: Issuer::new(params, key), der, pem, chain: Vec::new() }
    }

    pub(crate) fn new() -> Self {
        Self::root(&Recipe { name: "Gốc Mẫu", ..authority() })
    }

    pub(crate) fn authority(&self, recipe: &Recipe) -> Self {
        let (params, key) = (recipe.params(), KeyPair::generate().unwrap());
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        let (der, pem) = (certificate.der().to_vec(), certificate.pem());
        let chain = [vec![der.clone()], self.chain.clone()].concat();
        Self { issuer: Issuer::new(params, key), der, pem, chain }
    }

    pub(crate) fn person(&self, recipe: &Recipe) -> Person {
        let key = KeyPair::generate().unwrap();
        let der = recipe.params().signed_by(&key, &self.issuer).unwrap().der().to_vec();
        Person { key, der, chain: self.chain.clone() }
    }

    /// A certificate for an RSA key that somebody else holds.
    pub(crate) fn certify(&self, recipe: &Recipe, key: Vec<u8>) -> Vec<u8> {
        recipe.params().signed_by(&RsaKey(key), &self.issuer).unwrap().der().to_vec()
    }

    pub(crate) fn trust(&self) -> Trust {
        Trust::from_pem(self.pem.as_bytes()).unwrap()
    }

    /// A list that revokes these serial numbers in that year, published in one year and replaced in another.
    pub(crate) fn revokes(&self, serials: &[&[u8]], year: i32, (from, to): (i32, i32)) -> Vec<u8> {
        let revoked = serials.iter().map(|serial| rcgen::RevokedCertParams {
            serial_number: rcgen::SerialNumber::from_slice(serial),
            revocation_time: rcgen::date_time_ymd(year, 1, 1),
            reason_code: None,
            invalidity_date: None,
        });
        let params = rcgen::CertificateRevocationListParams {
            this_update: rcgen::date_time_ymd(from, 1, 1),
            next_update: rcgen::date_time_ymd(to, 1, 1),
            crl_number: 1_u64.into(),
            issuing_distribution_point: None,
            revoked_certs: revoked.collect(),
            key_identifier_method: rcgen::KeyIdMethod::Sha256,
        };
        params.signed_by(&self.issuer).unwrap().der().to_vec()
    }
}

/// The public half of an RSA key.
struct RsaKey(Vec<u8>);

impl rcgen::PublicKeyData for RsaKey {
    fn der_bytes(&self) -> &[u8] {
        &self.0
    }

    fn algorithm(&self) -> &'static rcgen::SignatureAlgorithm {
        &rcgen::PKCS_RSA_SHA256
    }
}

impl Person {
    /// Signs with the curve P-256 and SHA-256.
    pub(crate) fn sign(&self, bytes: &[u8]) -> Vec<u8> {
        sign(self.key.serialized_der(), bytes)
    }

    pub(crate) fn serial(&self) -> Vec<u8> {
        serial(&self.der)
    }
}

pub(crate) fn sign(pkcs8: &[u8], bytes: &[u8]) -> Vec<u8> {
    let random = SystemRandom::new();
    let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, pkcs8, &random).unwrap();
    key.sign(&random, bytes).unwrap().as_ref().to_vec()
}

/// The parts of the signed half of a certificate, behind its version.
pub(crate) fn fields(certificate: &[u8]) -> Vec<&[u8]> {
    let tbs = crate::der::inside(certificate)[0];
    crate::der::inside(tbs)[1..].to_vec()
}

pub(crate) fn serial(certificate: &[u8]) -> Vec<u8> {
    crate::der::body(fields(certificate)[0]).to_vec()
}

/// The answer about a file at the usual moment.
pub(crate) fn answer(pdf: &[u8], trust: &Trust) -> Result<Answer> {
    Ok(Answer::of(verify(pdf, trust, NOW.parse().unwrap())?))
}
