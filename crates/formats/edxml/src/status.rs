use jiff::civil::DateTime;

use crate::dates;
use crate::model::{Organ, ResponseFor, Signature, Staff};

/// A status packet: someone reports on, or asks for, the fate of a document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Status {
    /// Who reports.
    pub from: Organ,
    /// The document meant.
    pub response_for: ResponseFor,
    /// Who to ask.
    pub staff: Staff,
    /// What happened.
    pub code: StatusCode,
    /// In words; for a refusal or a recall the reason.
    pub description: String,
    /// When, in the reporter's local time: the format has no zone.
    pub at: Option<DateTime>,
    /// State of the packet signature.
    pub signature: Signature,
}

impl Status {
    /// The agency that sent the document. In every report `ResponseFor` names it and `From` is the receiver;
    /// in a recall request (13) it is the other way round.
    pub fn document_sender(&self) -> &str {
        match self.code {
            StatusCode::RecallRequested => &self.from.id,
            _ => &self.response_for.organ_id,
        }
    }

    /// The agency that received the document, see [`Status::document_sender`].
    pub fn document_receiver(&self) -> &str {
        match self.code {
            StatusCode::RecallRequested => &self.response_for.organ_id,
            _ => &self.from.id,
        }
    }

    /// The key of the document meant, comparable with [`crate::Document::key`].
    pub fn key(&self) -> String {
        let about = &self.response_for;
        dates::canonical_id(&about.document_id, self.document_sender(), about.date, &about.code)
    }
}

/// `StatusCode`. 07 to 12 and 14 are in no source we have: they stay as written.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum StatusCode {
    /// 01: arrived at the receiver's system, not yet handled by the clerk.
    Arrived,
    /// 02: refused by the receiver; the reason is mandatory.
    Refused,
    /// 03: accepted and registered.
    Registered,
    /// 04: assigned.
    Assigned,
    /// 05: in progress.
    InProgress,
    /// 06: completed.
    Completed,
    /// 13: the sender asks for the document back, with the reason.
    RecallRequested,
    /// 15: the receiver agrees to a recall or an update.
    ChangeAgreed,
    /// 16: the receiver refuses a recall or an update.
    ChangeRefused,
    /// Any other code as written.
    Other(String),
}

impl Default for StatusCode {
    fn default() -> Self {
        Self::Other(String::new())
    }
}

impl StatusCode {
    /// The nine codes with a known meaning.
    pub const KNOWN: [Self; 9] = [
        Self::Arrived,
        Self::Refused,
        Self::Registered,
        Self::Assigned,
        Self::InProgress,
        Self::Completed,
        Self::RecallRequested,
        Self::ChangeAgreed,
        Self::ChangeRefused,
    ];

    /// Reads a code; a single digit counts as if it had its leading zero.
    pub fn parse(text: &str) -> Self {
        let known = Self::KNOWN.into_iter();
        let same = |code: &Self| code.code() == text || code.code().strip_prefix('0') == Some(text);
        known.into_iter().find(same).unwrap_or_else(|| Self::Other(text.to_owned()))
    }

    /// The code on the wire.
    pub fn code(&self) -> &str {
        match self {
            Self::Arrived => "01",
            Self::Refused => "02",
            Self::Registered => "03",
            Self::Assigned => "04",
            Self::InProgress => "05",
            Self::Completed => "06",
            Self::RecallRequested => "13",
            Self::ChangeAgreed => "15",
            Self::ChangeRefused => "16",
            Self::Other(text) => text,
        }
    }
}
