//! The object identifiers of this crate, each with the document that gives it.

use der::asn1::ObjectIdentifier as Oid;

/// Any bytes (RFC 5652, 4).
pub const DATA: Oid = Oid::new_unwrap("1.2.840.113549.1.7.1");
/// A signed message (RFC 5652, 5.1).
pub const SIGNED_DATA: Oid = Oid::new_unwrap("1.2.840.113549.1.7.2");
/// What a timestamp says (RFC 3161, 2.4.2).
pub const TST_INFO: Oid = Oid::new_unwrap("1.2.840.113549.1.9.16.1.4");

/// Attribute: the type of what is signed (RFC 5652, 11.1).
pub const CONTENT_TYPE: Oid = Oid::new_unwrap("1.2.840.113549.1.9.3");
/// Attribute: the digest of what is signed (RFC 5652, 11.2).
pub const MESSAGE_DIGEST: Oid = Oid::new_unwrap("1.2.840.113549.1.9.4");
/// Attribute: the time the signer claims (RFC 5652, 11.3); PAdES forbids it.
pub const SIGNING_TIME: Oid = Oid::new_unwrap("1.2.840.113549.1.9.5");
/// Attribute: the certificate, by SHA-1 (RFC 2634, 5.4).
pub const SIGNING_CERTIFICATE: Oid = Oid::new_unwrap("1.2.840.113549.1.9.16.2.12");
/// Attribute: the certificate (RFC 5035, 3).
pub const SIGNING_CERTIFICATE_V2: Oid = Oid::new_unwrap("1.2.840.113549.1.9.16.2.47");
/// Attribute, not signed: a timestamp over the signature (RFC 3161, appendix A).
pub const SIGNATURE_TIMESTAMP: Oid = Oid::new_unwrap("1.2.840.113549.1.9.16.2.14");

/// SHA-256 (RFC 5754, 2.2).
pub const SHA256: Oid = Oid::new_unwrap("2.16.840.1.101.3.4.2.1");
/// SHA-384 (RFC 5754, 2.3).
pub const SHA384: Oid = Oid::new_unwrap("2.16.840.1.101.3.4.2.2");
/// SHA-512 (RFC 5754, 2.4).
pub const SHA512: Oid = Oid::new_unwrap("2.16.840.1.101.3.4.2.3");

/// An RSA key, and RSA with the digest named elsewhere (RFC 8017).
pub const RSA: Oid = Oid::new_unwrap("1.2.840.113549.1.1.1");
/// RSA PKCS #1 v1.5 with SHA-256 (RFC 8017).
pub const RSA_SHA256: Oid = Oid::new_unwrap("1.2.840.113549.1.1.11");
/// RSA PKCS #1 v1.5 with SHA-384 (RFC 8017).
pub const RSA_SHA384: Oid = Oid::new_unwrap("1.2.840.113549.1.1.12");
/// RSA PKCS #1 v1.5 with SHA-512 (RFC 8017).
pub const RSA_SHA512: Oid = Oid::new_unwrap("1.2.840.113549.1.1.13");
/// RSA-PSS (RFC 4056).
pub const RSA_PSS: Oid = Oid::new_unwrap("1.2.840.113549.1.1.10");

/// A key on an elliptic curve (RFC 5480, 2.1.1).
pub const EC: Oid = Oid::new_unwrap("1.2.840.10045.2.1");
/// ECDSA with SHA-256 (RFC 5758, 3.2).
pub const ECDSA_SHA256: Oid = Oid::new_unwrap("1.2.840.10045.4.3.2");
/// ECDSA with SHA-384 (RFC 5758, 3.2).
pub const ECDSA_SHA384: Oid = Oid::new_unwrap("1.2.840.10045.4.3.3");
/// ECDSA with SHA-512 (RFC 5758, 3.2).
pub const ECDSA_SHA512: Oid = Oid::new_unwrap("1.2.840.10045.4.3.4");
/// The curve P-256 (RFC 5480, 2.1.1.1).
pub const P256: Oid = Oid::new_unwrap("1.2.840.10045.3.1.7");
/// The curve P-384 (RFC 5480, 2.1.1.1).
pub const P384: Oid = Oid::new_unwrap("1.3.132.0.34");

/// Extended key usage: timestamping, and nothing else (RFC 3161, 2.3).
pub const TIME_STAMPING: Oid = Oid::new_unwrap("1.3.6.1.5.5.7.3.8");
