use std::fmt;

/// What a call of this crate answers.
pub type Result<T> = std::result::Result<T, Error>;

/// Why a file could not be signed, extended or read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// The stable reason.
    pub reason: Reason,
    /// What exactly; for logs, in English, may hold text of the file.
    pub detail: String,
}

impl Error {
    /// An error with its detail.
    pub fn new(reason: Reason, detail: impl fmt::Display) -> Self {
        Self { reason, detail: detail.to_string() }
    }

    /// The stable machine key of the reason.
    pub fn code(&self) -> &'static str {
        self.reason.code()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.detail.as_str() {
            "" => f.write_str(self.code()),
            detail => write!(f, "{}: {detail}", self.code()),
        }
    }
}

impl std::error::Error for Error {}

macro_rules! reasons {
    ($($(#[$doc:meta])+ $name:ident = $code:literal,)+) => {
        /// The reasons, each with a code that never changes.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Reason { $($(#[$doc])+ $name,)+ }

        impl Reason {
            /// All of them, so that a caller can test that it has a text for each.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// The stable machine key.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)+ }
            }
        }
    };
}

reasons! {
    /// The file, or something in it, is larger than the limit.
    TooLarge = "too-large",
    /// The file is no PDF, or its tables cannot be read as they are written.
    Corrupt = "corrupt-pdf",
    /// The file is encrypted.
    Encrypted = "encrypted-pdf",
    /// The page does not exist.
    NoSuchPage = "no-such-page",
    /// The anchor or the field the request names does not exist.
    NoSuchAnchor = "no-such-anchor",
    /// A field of that name exists already and is signed, or is no signature field.
    FieldTaken = "field-taken",
    /// An earlier signature forbids the change (DocMDP, or a field lock).
    Locked = "locked-by-signature",
    /// Decree 30/2020, articles 17.2 and 32.2.d: the organisation signs after the person.
    OrganisationBeforePerson = "organisation-before-person",
    /// The bytes an earlier signature covers are not the ones that were signed.
    EarlierSignatureBroken = "earlier-signature-broken",
    /// Decree 30/2020, appendix I: this kind of signature has another form (image, place, page).
    WrongForm = "wrong-form",
    /// The picture or the page of the appearance cannot be used.
    BadAppearance = "bad-appearance",
    /// A value of the request cannot be written (name, time, place).
    BadRequest = "bad-request",
    /// The signature does not fit the space kept for it.
    NoRoom = "no-room",
    /// The file has no signature that could be extended.
    NoSuchSignature = "no-such-signature",
    /// A certificate, a key or a signed message cannot be read.
    BadCms = "bad-cms",
    /// The algorithm or the key length is not accepted.
    Algorithm = "algorithm-refused",
    /// The key does not belong to the certificate.
    KeyMismatch = "key-mismatch",
    /// The token, the module or the signing service failed or refused.
    Signer = "signer-failed",
    /// The timestamp authority failed, or its answer is not about our request.
    Timestamp = "timestamp-failed",
}
