//! Certificates, signatures and seals for a demonstration and for stories: from an authority that is made on the spot and
//! that nobody trusts but those who are told to.

use base::{Result, WhileDoing};
use png::{BitDepth, ColorType, Encoder};
use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, DistinguishedName, DnType,
    ExtendedKeyUsagePurpose, IsCa, Issuer, KeyIdMethod, KeyPair, KeyUsagePurpose, PKCS_ECDSA_P256_SHA256,
    SerialNumber,
};

/// The common name of the demonstration's authority says what it is.
pub const ROOT_NAME: &str = "Văn Lang DEMO Root CA – không có giá trị pháp lý";

/// An authority that issues certificates.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    /// Its own certificate, PEM: whom to trust.
    pub pem: String,
}

/// Whose certificate is issued.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// The person, or the agency itself.
    pub name: &'a str,
    /// The agency.
    pub agency: &'a str,
    /// First and last year.
    pub years: (i32, i32),
}

impl Authority {
    /// A new one.
    ///
    /// # Errors
    /// `Internal` when the library refuses.
    pub fn new() -> Result<Authority> {
        let mut params = params(ROOT_NAME, (2010, 2049))?;
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let key = new_key()?;
        let pem = params.self_signed(&key).while_doing("making", ROOT_NAME)?.pem();
        Ok(Authority { issuer: Issuer::new(params, key), pem })
    }

    /// A list on which nobody is revoked, DER.
    ///
    /// # Errors
    /// `Internal` when the library refuses.
    pub fn revocation_list(&self) -> Result<Vec<u8>> {
        let list = CertificateRevocationListParams {
            this_update: rcgen::date_time_ymd(2010, 1, 1),
            next_update: rcgen::date_time_ymd(2049, 12, 31),
            crl_number: SerialNumber::from(1),
            issuing_distribution_point: None,
            revoked_certs: Vec::new(),
            key_identifier_method: KeyIdMethod::Sha256,
        };
        let list = list.signed_by(&self.issuer).while_doing("making", "a revocation list")?;
        Ok(list.der().to_vec())
    }

    /// A key with its certificate and ours above it, PEM.
    ///
    /// # Errors
    /// `Internal` when the library refuses.
    pub fn issue(&self, subject: &Subject<'_>) -> Result<String> {
        let mut params = params(subject.name, subject.years)?;
        params.distinguished_name.push(DnType::OrganizationName, subject.agency);
        params.is_ca = IsCa::ExplicitNoCa;
        params.use_authority_key_identifier_extension = true;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature, KeyUsagePurpose::ContentCommitment];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::EmailProtection];
        let key = new_key()?;
        let certificate = params.signed_by(&key, &self.issuer).while_doing("certifying", subject.name)?;
        Ok([key.serialize_pem(), certificate.pem(), self.pem.clone()].join("\n"))
    }
}

fn new_key() -> Result<KeyPair> {
    KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).while_doing("making", "a key")
}

fn params(name: &str, (from, until): (i32, i32)) -> Result<CertificateParams> {
    let mut params = CertificateParams::new(Vec::new()).while_doing("certifying", name)?;
    let mut subject = DistinguishedName::new();
    subject.push(DnType::CountryName, "VN");
    subject.push(DnType::CommonName, name);
    params.distinguished_name = subject;
    params.not_before = rcgen::date_time_ymd(from, 1, 1);
    params.not_after = rcgen::date_time_ymd(until, 12, 31);
    Ok(params)
}

/// A signature in blue ink on a transparent ground.
///
/// # Errors
/// `Internal` when the library refuses.
pub fn hand() -> Result<Vec<u8>> {
    const STROKE: [(i32, i32); 12] = [
        (30, 130),
        (95, 30),
        (110, 150),
        (150, 70),
        (170, 140),
        (205, 60),
        (225, 140),
        (260, 80),
        (285, 135),
        (330, 60),
        (150, 165),
        (370, 120),
    ];
    let mut dots = Vec::new();
    for ((x0, y0), (x1, y1)) in STROKE.iter().zip(STROKE.iter().skip(1)) {
        dots.extend((0..=200).map(|step| (x0 + (x1 - x0) * step / 200, y0 + (y1 - y0) * step / 200)));
    }
    drawn((400, 200), [20, 50, 170], |x, y| {
        dots.iter().any(|(a, b)| (x - a) * (x - a) + (y - b) * (y - b) <= 9)
    })
}

/// A seal in red on a transparent ground: two rings around a star of five discs.
///
/// # Errors
/// `Internal` when the library refuses.
pub fn seal() -> Result<Vec<u8>> {
    const STAR: [(i32, i32); 6] = [(0, 0), (0, -50), (48, -15), (29, 40), (-29, 40), (-48, -15)];
    drawn((400, 400), [210, 20, 30], |x, y| {
        let (x, y) = (x - 200, y - 200);
        let far = x * x + y * y;
        let ring = (185 * 185..=196 * 196).contains(&far) || (120 * 120..=124 * 124).contains(&far);
        ring || STAR.iter().any(|(a, b)| (x - a) * (x - a) + (y - b) * (y - b) <= 18 * 18)
    })
}

fn drawn((width, height): (u32, u32), ink: [u8; 3], is_ink: impl Fn(i32, i32) -> bool) -> Result<Vec<u8>> {
    let mut pixels = Vec::new();
    for y in 0..i32::try_from(height).unwrap_or(0) {
        for x in 0..i32::try_from(width).unwrap_or(0) {
            pixels.extend(ink);
            pixels.push(if is_ink(x, y) { u8::MAX } else { 0 });
        }
    }
    let mut out = Vec::new();
    let mut encoder = Encoder::new(&mut out, width, height);
    encoder.set_color(ColorType::Rgba);
    encoder.set_depth(BitDepth::Eight);
    let mut writer = encoder.write_header().while_doing("drawing", "a picture")?;
    writer.write_image_data(&pixels).while_doing("drawing", "a picture")?;
    writer.finish().while_doing("drawing", "a picture")?;
    Ok(out)
}
