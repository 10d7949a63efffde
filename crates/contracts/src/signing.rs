//! What a module and the engine tell each other about signatures: what is to be signed, what came of it, and what the
//! signatures of a file are worth.

use crate::print::PrintRequest;
use base::Instant;
use serde::{Deserialize, Serialize};
use std::fmt;
use uuid::Uuid;

/// What settling a thing is `Busy` with when what was made no longer fits, such as a number that somebody else drew
/// meanwhile: the engine makes it anew.
pub const AGAIN: &str = "what was made has changed meanwhile";

/// What is wanted of the engine between two transactions.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Work {
    /// Sign things.
    Sign(Order),
    /// Read a key and seal it.
    Enclose(Box<Enclosure>),
    /// Give a key another PIN.
    Repin(Repin),
}

/// Another PIN for a key that is here. The module is handed how the key is sealed now; nothing for one on a token.
#[derive(Clone, Serialize, Deserialize)]
pub struct Repin {
    /// The signer, which must be the actor's own.
    pub signer: Uuid,
    /// What opens it now. Never stored, never logged.
    pub old: String,
    /// What will open it.
    pub new: String,
}

impl fmt::Debug for Repin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Repin").field("signer", &self.signer).finish_non_exhaustive()
    }
}

/// Whose key signs, and what.
#[derive(Clone, Serialize, Deserialize)]
pub struct Order {
    /// The signer, a row of the platform that must lie inside the scope of the act.
    pub signer: Uuid,
    /// What opens the key. Never stored, never logged.
    pub pin: String,
    /// The things that are signed, each with the name it is told by, and each settled in a transaction of its own.
    pub things: Vec<(Uuid, String)>,
    /// Where the person comes back to after several.
    pub back: String,
}

impl fmt::Debug for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Order")
            .field("signer", &self.signer)
            .field("things", &self.things)
            .finish_non_exhaustive()
    }
}

/// One file to sign.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Sheet {
    /// What is signed.
    pub source: Source,
    /// Its name, for messages.
    pub name: String,
    /// For whom it is signed.
    pub as_whom: AsWhom,
    /// Comes back with the signed file, to be compared with what would be signed now.
    pub note: String,
}

/// Where a file that is signed comes from.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Source {
    /// It is printed.
    Print(Box<PrintRequest>),
    /// A stored file, by its name in the store.
    Stored(String),
}

/// For whom a file is signed (Decree 30/2020, articles 17.2 and 32.2d, appendix I).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum AsWhom {
    /// The competent person.
    Person,
    /// The organisation, on a document the person has signed.
    Organisation,
    /// The organisation, on an annex in a file of its own; these lines stand in its corner.
    Annex(Vec<String>),
    /// The organisation, on a copy in a file; these lines stand in its corner (part II, I.3).
    Copy(Vec<String>),
}

/// A signed file, in the store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signed {
    /// Its name in the store.
    pub sha256: String,
    /// Its size in bytes.
    pub bytes: i64,
    /// The note of its sheet.
    pub note: String,
    /// The name in the store of the file it was made of; empty for what was printed.
    pub made_of: String,
}

/// A key that is entered.
#[derive(Clone, Serialize, Deserialize)]
pub struct Enclosure {
    /// Where the key is.
    pub key: Key,
    /// What will open it; on a token and at a service, what opens it there.
    pub pin: String,
    /// A picture, by its name in the store.
    pub picture: Option<String>,
    /// True for the key of an organisation.
    pub organisation: bool,
}

impl fmt::Debug for Enclosure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Enclosure").field("organisation", &self.organisation).finish_non_exhaustive()
    }
}

/// Where a key is.
#[derive(Clone, Serialize, Deserialize)]
pub enum Key {
    /// In an uploaded file: PKCS #12 under a password, or a key and certificates in PEM.
    File {
        /// Its name in the store; it is taken out of the store once it was read.
        sha256: String,
        /// What opens a PKCS #12.
        password: String,
    },
    /// On a token.
    Token {
        /// The label of the token; empty for the first one.
        token: String,
        /// The label of the key; empty for the first one.
        key: String,
    },
    /// At a signing service.
    Remote {
        /// Its name there.
        credential: String,
    },
}

/// A key as it is kept.
#[derive(Clone, Serialize, Deserialize)]
pub struct Enclosed {
    /// The sealed key; empty for a token and a service.
    pub sealed: String,
    /// The certificate.
    pub certificate: Certificate,
}

/// What a certificate says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// Whose it is, as RFC 4514 writes it.
    pub subject: String,
    /// Who issued it.
    pub issuer: String,
    /// Its serial number, hexadecimal.
    pub serial: String,
    /// Since when it is valid.
    pub from: Instant,
    /// Until when.
    pub until: Instant,
}

/// Asks for a file's signatures to be judged: the payload of the job kind `pdf.verify`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct VerifyAsk {
    /// The file, by its name in the store.
    pub sha256: String,
    /// The job kind that is told.
    pub then: String,
    /// Handed back as it is.
    pub about: serde_json::Value,
}

/// What was found.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct VerifyTold {
    /// The file.
    pub sha256: String,
    /// What was asked along with it.
    pub about: serde_json::Value,
    /// `valid`, `invalid`, `unverifiable` or `none`.
    pub state: String,
    /// Why the file as a whole is not valid, as codes.
    pub reasons: Vec<String>,
    /// Each signature, in the order they were made.
    pub signatures: Vec<SignatureTold>,
}

/// What was found of one signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignatureTold {
    /// Who signed, as the certificate names them.
    pub name: String,
    /// `person`, `organisation`, `timestamp` or `unknown`.
    pub kind: String,
    /// `valid`, `invalid` or `unverifiable`.
    pub state: String,
    /// When, as the signer says.
    pub claimed_at: Option<Instant>,
    /// When at the latest, as a trusted authority says.
    pub proven_at: Option<Instant>,
    /// Why it is not valid, as codes.
    pub reasons: Vec<String>,
}

/// Asks that the signatures of a file last longer: the payload of the job kind `pdf.augment`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AugmentAsk {
    /// The file, by its name in the store.
    pub sha256: String,
    /// The job kind that is told when there is a longer one.
    pub then: String,
    /// Handed back as it is.
    pub about: serde_json::Value,
}

/// A file with everything an earlier one holds, and behind it what proves its signatures for longer.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AugmentTold {
    /// The earlier file.
    pub before: String,
    /// Its name in the store.
    pub sha256: String,
    /// Its size in bytes.
    pub bytes: i64,
    /// What was asked along with it.
    pub about: serde_json::Value,
}
