use jiff::civil::{Date, DateTime};

use crate::attachment::Attachment;
use crate::dates;
use crate::status::Status;
use crate::types::{DocumentKind, kind_by_name};

/// What a packet carries. A packet with a `StatusCode` in its header is a status, any other a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Packet {
    /// A document with its attachments.
    Document(Box<Document>),
    /// A report on the fate of a document sent before.
    Status(Box<Status>),
}

/// A document packet; the numbers in the field docs are the sections of QCVN 102:2016. Texts are trimmed, an
/// absent text is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Document {
    /// 1.1 The sender.
    pub from: Organ,
    /// 1.2 The recipients, without repetition.
    pub to: Vec<Organ>,
    /// 1.14 The identifier as the sender wrote it: any form, may be empty. Compare with [`Document::key`].
    pub document_id: String,
    /// 1.3 Number and notation.
    pub code: Code,
    /// 1.4 Place and date of promulgation.
    pub promulgation: Promulgation,
    /// 1.5 Type.
    pub document_type: DocumentType,
    /// 1.6 Subject (trích yếu).
    pub subject: String,
    /// 1.7 Summary.
    pub content: String,
    /// 1.8 Signer.
    pub signer: Signer,
    /// 1.9 The day an answer is due.
    pub due: Option<Date>,
    /// 1.10 "Nơi nhận", line by line.
    pub to_places: Vec<String>,
    /// 1.11 Urgency, amounts, appendixes.
    pub other: OtherInfo,
    /// 1.12 The documents this one answers.
    pub response_for: Vec<ResponseFor>,
    /// 1.13 Steering type as written. Systems disagree on the codes: a hint, never to be routed on.
    pub steering_type: String,
    /// 2.1 One entry for each system passed.
    pub trace: Vec<TraceHeader>,
    /// 2.2 What the packet asks the receiver to do.
    pub business: Business,
    /// State of the packet signature.
    pub signature: Signature,
    /// The attachments, decoded.
    pub attachments: Vec<Attachment>,
}

impl Document {
    /// Our own key of this document: `OrganId,yyyy/MM/dd,number/notation`, whatever form the sender's id has.
    pub fn key(&self) -> String {
        let code = self.code.joined();
        dates::canonical_id(&self.document_id, &self.from.id, self.promulgation.date, &code)
    }

    /// The key of the document a recall or an update is about, comparable with [`Document::key`]; `None` for new and
    /// replacing packets.
    pub fn target_key(&self) -> Option<String> {
        let code = self.code.joined();
        let raw = self.target().or_else(|| self.business.kind.has_target().then_some(""))?;
        Some(dates::canonical_id(raw, &self.from.id, self.promulgation.date, &code))
    }

    /// The document a recall or an update is about, as written. Some senders put it in the business block,
    /// some only repeat the header's id, so the header is the fallback. `None` for new and replacing packets.
    pub fn target(&self) -> Option<&str> {
        match self.business.kind {
            BusinessKind::New | BusinessKind::Replace => None,
            BusinessKind::Recall | BusinessKind::Update => {
                let own = Some(self.business.document_id.as_str()).filter(|id| !id.is_empty());
                own.or(Some(self.document_id.as_str()).filter(|id| !id.is_empty()))
            }
        }
    }
}

/// An agency as a packet names it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Organ {
    /// Identifier as written, e.g. `000.00.00.H53`; never to be parsed for hierarchy.
    pub id: String,
    /// The body it is under (cơ quan chủ quản).
    pub in_charge: String,
    /// Name.
    pub name: String,
    /// Address.
    pub address: String,
    /// E-mail.
    pub email: String,
    /// Telephone.
    pub telephone: String,
    /// Fax.
    pub fax: String,
    /// Website.
    pub website: String,
}

/// Number and notation, e.g. `1234` and `UBND-VX`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Code {
    /// Number as written; not always digits.
    pub number: String,
    /// Notation.
    pub notation: String,
}

impl Code {
    /// `number/notation`, or empty when both are.
    pub fn joined(&self) -> String {
        match (self.number.as_str(), self.notation.as_str()) {
            ("", "") => String::new(),
            (number, "") => number.to_owned(),
            (number, notation) => format!("{number}/{notation}"),
        }
    }
}

/// Where and when a document was promulgated.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Promulgation {
    /// Place name.
    pub place: String,
    /// Day.
    pub date: Option<Date>,
}

/// The type of a document. The two numbers differ from system to system, so only the name counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DocumentType {
    /// `Type` as written.
    pub type_number: String,
    /// `TypeDetail` as written.
    pub detail_number: String,
    /// `TypeName` as written.
    pub name: String,
}

impl DocumentType {
    /// The type among the 29 of Decree 30/2020, by name; `None` for others, such as legal normative documents.
    pub fn kind(&self) -> Option<&'static DocumentKind> {
        kind_by_name(&self.name)
    }
}

/// Who signed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Signer {
    /// Competence: `TM.`, `KT.`, `TL.`, `TUQ.` or free text.
    pub competence: String,
    /// Position.
    pub position: String,
    /// Full name.
    pub full_name: String,
}

/// Further data of a document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OtherInfo {
    /// Urgency as written; [`OtherInfo::urgency`] reads it.
    pub priority: String,
    /// Sphere of promulgation (phạm vi lưu hành).
    pub sphere: String,
    /// Mark of the typist.
    pub typer_notation: String,
    /// Number of copies issued, as written.
    pub promulgation_amount: String,
    /// Number of pages, as written.
    pub page_amount: String,
    /// Names of the appendixes.
    pub appendixes: Vec<String>,
}

impl OtherInfo {
    /// 0 normal, 1 urgent (khẩn), 2 thượng khẩn, 3 hỏa tốc, 4 hỏa tốc hẹn giờ; `None` when written otherwise.
    pub fn urgency(&self) -> Option<u8> {
        self.priority.parse().ok().filter(|level| *level <= 4)
    }
}

/// The document a packet answers or reports on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ResponseFor {
    /// Agency, see [`Status::document_sender`] for the trap.
    pub organ_id: String,
    /// `number/notation`.
    pub code: String,
    /// Identifier as written.
    pub document_id: String,
    /// Day of promulgation.
    pub date: Option<Date>,
}

impl ResponseFor {
    /// The key of the document meant, comparable with [`Document::key`].
    pub fn key(&self) -> String {
        dates::canonical_id(&self.document_id, &self.organ_id, self.date, &self.code)
    }
}

/// A system the packet passed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TraceHeader {
    /// Agency.
    pub organ_id: String,
    /// When, in the sender's local time: the format has no zone.
    pub at: Option<DateTime>,
}

/// What the packet asks the receiver to do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Business {
    /// New, recall, update or replace.
    pub kind: BusinessKind,
    /// Identifier in the business block as written; for the meaning see [`Document::target`].
    pub document_id: String,
    /// Reason.
    pub reason: String,
    /// Whether the paper original follows.
    pub paper: Option<bool>,
    /// Only for updates.
    pub update: Option<UpdateInfo>,
    /// Only for replacements.
    pub replacements: Vec<Replacement>,
    /// Who handles it at the sender.
    pub staff: Staff,
}

/// `BussinessDocType`, spelled with a double s in the standard.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum BusinessKind {
    /// 0
    #[default]
    New,
    /// 1
    Recall,
    /// 2
    Update,
    /// 3
    Replace,
}

impl BusinessKind {
    /// The code on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Self::New => "0",
            Self::Recall => "1",
            Self::Update => "2",
            Self::Replace => "3",
        }
    }

    /// True for what is about another packet's document.
    fn has_target(self) -> bool {
        matches!(self, Self::Recall | Self::Update)
    }

    /// Stable key.
    pub fn key(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Recall => "recall",
            Self::Update => "update",
            Self::Replace => "replace",
        }
    }
}

/// What an update changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UpdateInfo {
    /// The data or a file changed.
    pub document_changed: bool,
    /// The list of recipients changed.
    pub receivers_changed: bool,
    /// The recipients added and removed.
    pub receivers: Vec<Receiver>,
}

/// A recipient added or removed by an update.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Receiver {
    /// Agency.
    pub organ_id: String,
    /// `Some(true)` added (1), `Some(false)` removed (0), `None` when written otherwise.
    pub added: Option<bool>,
}

impl Replacement {
    /// Key, code and day of the replaced document, where its identifier is of the standard form; else the identifier
    /// alone.
    pub fn key(&self) -> (String, String, Option<Date>) {
        let key = dates::canonical_id(&self.document_id, "", None, "");
        let parts: Vec<&str> = key.splitn(3, ',').collect();
        match parts.as_slice() {
            [_, day, code] => {
                let (code, day) = ((*code).to_owned(), dates::read_date(day).map(|(day, _)| day));
                (key, code, day)
            }
            _ => (key, String::new(), None),
        }
    }
}

/// A document replaced by this one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Replacement {
    /// Identifier of the replaced document as written.
    pub document_id: String,
    /// The recipients the replacement is for.
    pub organ_ids: Vec<String>,
}

/// A person to ask.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Staff {
    /// Department.
    pub department: String,
    /// Name.
    pub name: String,
    /// E-mail.
    pub email: String,
    /// Telephone.
    pub mobile: String,
}

/// State of the packet signature. This crate finds signatures but verifies none, so it says `None` or
/// `Unverifiable`; the other two are for whoever verifies.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Signature {
    /// No signature, or an empty one.
    #[default]
    None,
    /// Present, not checked or not checkable; never to be shown as trust.
    Unverifiable,
    /// Checked and good.
    Valid,
    /// Checked and bad.
    Invalid,
}

impl Signature {
    /// Stable key.
    pub fn key(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Unverifiable => "unverifiable",
            Self::Valid => "valid",
            Self::Invalid => "invalid",
        }
    }
}
