//! The envelope: what travels between two agencies, in one tenant, between tenants and between machines.

use base::{Date, Instant};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// One agency as sender or recipient. The code decides; the name is for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    /// Identifier code, QCVN 102 form: `000.00.00.H44`.
    pub code: String,
    /// Name of the agency when it was written.
    pub name: String,
}

/// A sealed letter.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Envelope {
    /// Its own id: the key of "once only".
    pub id: Uuid,
    /// Who sent it.
    pub from: Party,
    /// When it was sealed.
    pub at: Instant,
    /// What is inside.
    pub sealed: Sealed,
}

/// What an envelope holds.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Sealed {
    /// An official document.
    Document(Box<Document>),
    /// Where a document stands at its recipient (QCVN 102 status packet).
    Status(Box<Status>),
}

impl Sealed {
    /// `document` or `status`: the word in the outbox and the name of the listener.
    pub const fn kind(&self) -> &'static str {
        match self {
            Sealed::Document(_) => "document",
            Sealed::Status(_) => "status",
        }
    }
}

/// An official document in transit: the fields of Decree 30/2020 Annex VI that travel.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Document {
    /// `OrganId,YYYY/MM/DD,number/notation`.
    pub document_id: String,
    /// Number, as written: `07`, `1234`.
    pub number: String,
    /// Notation after the slash: `UBND-KGVX`.
    pub notation: String,
    /// Place of promulgation.
    pub place: String,
    /// Date of promulgation.
    pub promulgated: Date,
    /// Name of the type: `Công văn`, `Quyết định`.
    pub type_name: String,
    /// Trích yếu.
    pub subject: String,
    /// The words of the document, where the sender has them; feeds the receiver's search.
    pub text: String,
    /// Who signed.
    pub signer: Signer,
    /// When an answer or the work is due.
    pub due: Option<Date>,
    /// 0 normal, 1 khẩn, 2 thượng khẩn, 3 hỏa tốc, 4 hỏa tốc hẹn giờ.
    pub urgency: i64,
    /// Pages.
    pub pages: i64,
    /// All recipients.
    pub to: Vec<Party>,
    /// "Nơi nhận".
    pub to_places: Vec<String>,
    /// Documents it answers.
    pub response_for: Vec<Reference>,
    /// The document it passes on, when it forwards one.
    pub forwards: Option<Reference>,
    /// Hops so far, the sender's own last.
    pub trace: Vec<Trace>,
    /// Files, the document itself first.
    pub attachments: Vec<Attachment>,
    /// What the recipient is asked to do with it; a new document when nothing is said.
    #[serde(default)]
    pub business: Business,
}

/// What a document asks of its recipient (QCVN 102, `BussinessDocType` 0, 2 and 3; 1, a recall, travels as
/// status 13).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Business {
    /// Enter it.
    #[default]
    New,
    /// It is another version of a document they have, under the same identifier.
    Update(Update),
    /// It stands in place of documents they have.
    Replace(Replace),
}

/// An update of a document that was sent before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Update {
    /// Names the request, so that the answer finds it; absent from systems of others.
    pub request: Option<Uuid>,
    /// Why.
    pub reason: String,
    /// True when fields or files changed.
    pub changed: bool,
    /// Recipients that were taken off: their copy is to be given up.
    pub removed: Vec<Party>,
    /// Recipients that were added.
    pub added: Vec<Party>,
}

/// A replacement of documents that were sent before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replace {
    /// Why.
    pub reason: String,
    /// The documents that are no longer valid.
    pub of: Vec<Reference>,
}

/// Who signed, in what authority.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signer {
    /// `TM.`, `KT.`, `TL.`, `TUQ.` or empty.
    pub competence: String,
    /// Position.
    pub position: String,
    /// Name.
    pub name: String,
}

/// A document named from another one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reference {
    /// Code of the agency that issued it.
    pub organ: String,
    /// Its DocumentId.
    pub document_id: String,
    /// `1234/UBND-VX`.
    pub symbol: String,
    /// Its date.
    pub promulgated: Date,
}

/// One hop of the journey.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trace {
    /// Code of the agency it passed.
    pub organ: String,
    /// When.
    pub at: Instant,
}

/// A file that travels by reference; its bytes go through the file store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// Its name, for show.
    pub name: String,
    /// What its bytes are.
    pub content_type: String,
    /// Size.
    pub bytes: i64,
    /// SHA-256, lower-case hexadecimal.
    pub sha256: String,
    /// `main` or `annex`.
    pub role: String,
}

/// A status packet: 01 arrived, 02 refused, 03 registered, 04 assigned, 05 in progress, 06 done,
/// 13 recall asked, 15 recall granted, 16 recall refused.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Status {
    /// The document it speaks of. Its `organ` is the agency that sent the document; in 13, which the sender itself
    /// writes, the recipient that is asked.
    pub of: Reference,
    /// The code, kept raw: unknown ones are stored, never guessed.
    pub code: String,
    /// Reason or remark.
    pub description: String,
    /// Arrival number, department or officer: where it is now, for the sender's tracking page.
    pub at_place: String,
    /// Name of the person who acted.
    pub staff: String,
    /// When it happened.
    pub timestamp: Instant,
    /// The request that 13 makes, and that 15 and 16 answer; absent from systems of others.
    #[serde(default)]
    pub request: Option<Uuid>,
    /// In 15: the agencies that hold a copy the answering agency passed on.
    #[serde(default)]
    pub forwarded: Vec<Party>,
}
