//! Questions: what a module may ask another. Each is answered under the asker's actor with a right of the module
//! that answers.

use base::{AgencyId, Date, Instant, Question};
use uuid::Uuid;

/// Asks for an incoming document of an agency.
#[derive(Debug, Clone, Copy)]
pub struct IncomingFacts {
    /// Its id in the module that keeps it.
    pub document: Uuid,
}

/// Asks for an outgoing document of an agency.
#[derive(Debug, Clone, Copy)]
pub struct OutgoingFacts {
    /// Its id in the module that keeps it.
    pub document: Uuid,
}

impl Question for IncomingFacts {
    const NAME: &'static str = "documents.incoming";
    type Answer = DocumentFacts;
    fn subject(&self) -> (&'static str, Uuid) {
        ("incoming", self.document)
    }
}

impl Question for OutgoingFacts {
    const NAME: &'static str = "documents.outgoing";
    type Answer = DocumentFacts;
    fn subject(&self) -> (&'static str, Uuid) {
        ("outgoing", self.document)
    }
}

/// A document as others may know it: the fields of Decree 30/2020, annex VI, part II, that outlive its handling.
#[derive(Debug, Clone)]
pub struct DocumentFacts {
    /// The agency that keeps it.
    pub agency: AgencyId,
    /// `OrganId,YYYY/MM/DD,number/notation`; empty while it has no number.
    pub document_id: String,
    /// Number and notation.
    pub symbol: String,
    /// Type.
    pub type_name: String,
    /// Trích yếu.
    pub subject: String,
    /// Date of the document; `None` while it is a draft.
    pub dated: Option<Date>,
    /// Name of the agency that issued it.
    pub author: String,
    /// Position of the signer.
    pub signer_position: String,
    /// Name of the signer.
    pub signer_name: String,
    /// Pages.
    pub pages: i64,
    /// 0 normal to 4.
    pub urgency: i64,
    /// Arrival number and moment of arrival, when it came from outside.
    pub arrival: Option<(Option<i64>, Instant)>,
    /// When an answer or the work is due.
    pub due: Option<Date>,
    /// True while it is a draft or was given up: it is no document of the agency.
    pub is_draft: bool,
    /// True when nobody works on it any more.
    pub is_settled: bool,
    /// Its page.
    pub path: String,
    /// Its files, the document itself first.
    pub files: Vec<FiledFile>,
}

/// A file of a document; its bytes are in the file store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FiledFile {
    /// Its name, for show.
    pub name: String,
    /// What its bytes are.
    pub content_type: String,
    /// Size in bytes.
    pub bytes: i64,
    /// SHA-256, lower-case hexadecimal: its name in the store.
    pub sha256: String,
    /// `main`, `annex` or `scan`.
    pub role: String,
}
