use serde::{Serialize, Serializer};

macro_rules! causes {
    ($($(#[$doc:meta])+ $name:ident = $code:literal, $weight:ident;)+) => {
        /// Why a signature is not valid, each with a code that never changes.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Cause { $($(#[$doc])+ $name,)+ }

        impl Cause {
            /// All of them, so that a caller can test that it has a text for each.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// The stable machine key.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)+ }
            }

            /// What the cause makes of a signature.
            pub const fn weight(self) -> Status {
                match self { $(Self::$name => Status::$weight,)+ }
            }
        }
    };
}

/// The answer about one signature, in the three values of ETSI EN 319 102-1, 5.1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// It holds, its signer is trusted, and nothing that it covers has been changed.
    Valid,
    /// It does not hold.
    Invalid,
    /// It may hold, but what would show it is missing: trust, time, or an algorithm.
    Unverifiable,
}

causes! {
    /// The bytes left out of the signature are not its own value, or the range is not the whole revision.
    ByteRangeGap = "byte-range-gap", Invalid;
    /// The signature, or the signed message in it, is not written as the standards say.
    MalformedSignature = "malformed-signature", Invalid;
    /// The bytes are not the ones that were signed.
    DigestMismatch = "digest-mismatch", Invalid;
    /// The signature was not made with the key of the certificate.
    SignatureMismatch = "signature-mismatch", Invalid;
    /// The signed message names another certificate than the one that comes with it.
    CertificateMismatch = "certificate-mismatch", Invalid;
    /// The algorithm is broken or the key too short.
    WeakAlgorithm = "weak-algorithm", Invalid;
    /// The algorithm is not one of those that are checked here.
    UnsupportedAlgorithm = "unsupported-algorithm", Unverifiable;
    /// Something was changed after signing that the signature does not permit.
    ChangedAfterSigning = "changed-after-signing", Invalid;
    /// What stands behind the last signature is covered by none.
    NotWholeFile = "not-whole-file", Invalid;
    /// The message does not bring the certificate of the signer.
    NoCertificate = "no-certificate", Unverifiable;
    /// No path leads from the certificate to one the operator trusts.
    UntrustedIssuer = "untrusted-issuer", Unverifiable;
    /// A certificate of the path was no longer valid, and nothing proves that the signature is older.
    Expired = "expired", Unverifiable;
    /// A certificate of the path was not yet valid.
    NotYetValid = "not-yet-valid", Unverifiable;
    /// A certificate of the path was revoked, and nothing proves that the signature is older.
    Revoked = "revoked", Invalid;
    /// The operator asks for fresh revocation data, and there is none.
    RevocationUnknown = "revocation-unknown", Unverifiable;
    /// The certificate is not for this use.
    WrongUsage = "wrong-usage", Invalid;
    /// A certificate of the path was issued by one that may issue none.
    NotAnAuthority = "not-an-authority", Invalid;
    /// There are more certificates below an authority than it may have.
    PathTooLong = "path-too-long", Invalid;
    /// A certificate of the path bears a name its authority may not give.
    NameConstraint = "name-constraint", Invalid;
    /// A certificate of the path has a critical extension that is not understood, or one twice.
    UnknownCriticalExtension = "unknown-critical-extension", Invalid;
    /// The timestamp is not about this signature, is broken, was made with a key that is not for it, or lies in the
    /// future.
    TimestampInvalid = "timestamp-invalid", Invalid;
    /// No path leads from the authority of the timestamp to a certificate the operator trusts.
    TimestampUntrusted = "timestamp-untrusted", Unverifiable;
    /// The file has no signature.
    NoSignature = "no-signature", Unverifiable;
}

impl Serialize for Cause {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}
