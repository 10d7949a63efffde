//! Who signs: a root, a person, an organisation, an authority of time. Their names are invented.

use pades::signer::SoftwareKey;
use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, CustomExtension, DistinguishedName,
    DnType, ExtendedKeyUsagePurpose as Usage, IsCa, Issuer, KeyIdMethod, KeyPair, KeyUsagePurpose,
    PKCS_ECDSA_P256_SHA256, PKCS_RSA_SHA256, SerialNumber,
};

use crate::judges::program;

/// The certificate authority of the story.
pub(crate) struct Root {
    issuer: Issuer<'static, KeyPair>,
    pub(crate) der: Vec<u8>,
    pub(crate) pem: String,
}

/// A key with its certificate.
pub(crate) struct Identity {
    pub(crate) pkcs8: Vec<u8>,
    pub(crate) key_pem: String,
    pub(crate) certificate: Vec<u8>,
    pub(crate) certificate_pem: String,
    root: Vec<u8>,
}

impl Root {
    pub(crate) fn new() -> Self {
        let mut params = params("Gốc thử nghiệm");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap();
        let certificate = params.self_signed(&key).unwrap();
        let (der, pem) = (certificate.der().to_vec(), certificate.pem());
        Self { issuer: Issuer::new(params, key), der, pem }
    }

    pub(crate) fn person(&self) -> Identity {
        self.certify("Nguyễn Văn Mẫu", rsa_key(), Usage::EmailProtection)
    }

    pub(crate) fn organisation(&self) -> Identity {
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap();
        self.certify("UBND tỉnh Mẫu", key, Usage::EmailProtection)
    }

    /// Its certificate says what it is (ETSI EN 319 412-3, 4.2.1).
    pub(crate) fn organisation_with_a_number(&self) -> Identity {
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap();
        let mut params = leaf("UBND tỉnh Mẫu", Usage::EmailProtection);
        let number = DnType::CustomDnType(vec![2, 5, 4, 97]);
        params.distinguished_name.push(number, "VATVN-0100000000");
        self.issue(&params, key)
    }

    pub(crate) fn authority_of_time(&self) -> Identity {
        self.certify("Giờ thử nghiệm", rsa_key(), Usage::TimeStamping)
    }

    /// An empty list of revoked certificates.
    pub(crate) fn crl(&self) -> Vec<u8> {
        let params = CertificateRevocationListParams {
            this_update: rcgen::date_time_ymd(2026, 1, 1),
            next_update: rcgen::date_time_ymd(2049, 1, 1),
            crl_number: SerialNumber::from(1_u64),
            issuing_distribution_point: None,
            revoked_certs: Vec::new(),
            key_identifier_method: KeyIdMethod::Sha256,
        };
        params.signed_by(&self.issuer).unwrap().der().to_vec()
    }

    fn certify(&self, name: &str, key: KeyPair, usage: Usage) -> Identity {
        self.issue(&leaf(name, usage), key)
    }

    fn issue(&self, params: &CertificateParams, key: KeyPair) -> Identity {
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        Identity {
            pkcs8: key.serialize_der(),
            key_pem: key.serialize_pem(),
            certificate: certificate.der().to_vec(),
            certificate_pem: certificate.pem(),
            root: self.der.clone(),
        }
    }
}

impl Identity {
    pub(crate) fn signer(&self) -> SoftwareKey {
        SoftwareKey::new(&self.pkcs8, &self.certificate, &[&self.root]).unwrap()
    }
}

fn params(name: &str) -> CertificateParams {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    let mut subject = DistinguishedName::new();
    subject.push(DnType::CountryName, "VN");
    subject.push(DnType::CommonName, name);
    params.distinguished_name = subject;
    params.not_before = rcgen::date_time_ymd(2020, 1, 1);
    params.not_after = rcgen::date_time_ymd(2049, 1, 1);
    params
}

fn leaf(name: &str, usage: Usage) -> CertificateParams {
    let mut params = params(name);
    params.distinguished_name.push(DnType::OrganizationName, "UBND tỉnh Mẫu");
    params.is_ca = IsCa::ExplicitNoCa;
    params.use_authority_key_identifier_extension = true;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature, KeyUsagePurpose::ContentCommitment];
    if usage == Usage::TimeStamping {
        // It must be critical (RFC 3161, 2.3), which the library has no switch for.
        let content = vec![0x30, 10, 6, 8, 0x2B, 6, 1, 5, 5, 7, 3, 8];
        let mut extension = CustomExtension::from_oid_content(&[2, 5, 29, 37], content);
        extension.set_criticality(true);
        params.custom_extensions = vec![extension];
    } else {
        params.extended_key_usages = vec![usage];
    }
    params
}

/// The library that makes the certificates makes no RSA keys; OpenSSL does.
fn rsa_key() -> KeyPair {
    let made = program("openssl").args(["genpkey", "-algorithm", "RSA"]).output().expect("openssl");
    let pem = String::from_utf8(made.stdout).unwrap();
    KeyPair::from_pkcs8_pem_and_sign_algo(&pem, &PKCS_RSA_SHA256).unwrap()
}
