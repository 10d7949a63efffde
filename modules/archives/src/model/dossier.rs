//! Dossiers and what is in them.

use crate::model::{Destruction, Handover, Line};
use base::{AgencyId, Date, Id, Instant, PersonId};
use kernel::{record, states};
use uuid::Uuid;

states! {
    /// Where a dossier stands.
    pub(crate) enum DossierState {
        /// Work goes on; documents are put in.
        Open = "open",
        /// The work has ended; nothing is put in or taken out.
        Closed = "closed",
        /// Offered to the archive.
        Offered = "offered",
        /// In the archive.
        Archived = "archived",
        /// Destroyed; what is known of it stays.
        Destroyed = "destroyed",
    }
}

states! {
    /// Who may read a dossier ("chế độ sử dụng").
    pub(crate) enum Access {
        /// Whoever may read dossiers of the agency.
        Agency = "agency",
        /// Its keeper and those who read the archive.
        Limited = "limited",
    }
}

states! {
    /// What an entry is.
    pub(crate) enum EntryKind {
        /// A document that came.
        Incoming = "incoming",
        /// A document the agency issued.
        Outgoing = "outgoing",
        /// A file that is no registered document: a picture, a record, a note.
        Upload = "upload",
    }
}

record! {
    "archives_dossiers",
    "SELECT id, agency_id, year, line_id, notation, title, years, construction, access, keeper, keeper_name,
        language, note, state, opened_at, started_on, ended_on, closed_at, due_on, noticed_at, keep_asked,
        keep_reason, kept_until, keep_consent, handover_id, received_at, expires_on, destruction_id, destroyed_at
     FROM archives_dossiers
     WHERE {scope} AND id = $1";
    /// What belongs to one piece of work.
    pub(crate) struct Dossier {
        /// Id.
        id: Id<Dossier>,
        /// The agency.
        agency: AgencyId,
        /// The year it is listed under.
        year: i64,
        /// The line of the catalogue it was opened by.
        line: Option<Id<Line>>,
        /// Number and symbol: `01.TCCB`.
        notation: String,
        /// Title.
        title: String,
        /// Years it is kept; none is for ever.
        years: Option<i64>,
        /// True for a construction.
        construction: bool,
        /// Who may read it.
        access: Access,
        /// Who answers for it.
        keeper: PersonId,
        /// Their name.
        keeper_name: String,
        /// Language.
        language: String,
        /// Remark.
        note: String,
        /// Where it stands.
        state: DossierState,
        /// When it was opened.
        opened_at: Instant,
        /// Its first day.
        started_on: Date,
        /// The day the work ended.
        ended_on: Option<Date>,
        /// When it was closed.
        closed_at: Option<Instant>,
        /// Until when it is to be handed over, when it is to be.
        due_on: Option<Date>,
        /// When its keeper was told that it is due.
        noticed_at: Option<Instant>,
        /// Until when its keeper asks to keep it.
        keep_asked: Option<Date>,
        /// Why.
        keep_reason: String,
        /// Until when it may be kept.
        kept_until: Option<Date>,
        /// Number and date of the written consent.
        keep_consent: String,
        /// The hand-over it is part of.
        handover: Option<Id<Handover>>,
        /// When the archive received it.
        received_at: Option<Instant>,
        /// Last day it must be kept; none while it is open, and for ever.
        expires_on: Option<Date>,
        /// The destruction it is part of.
        destruction: Option<Id<Destruction>>,
        /// When it was destroyed.
        destroyed_at: Option<Instant>,
    }
}

record! {
    "archives_entries",
    "SELECT id, agency_id, dossier_id, kind, document_id, code, symbol, dated, type_name, subject, author,
        signer_position, signer_name, pages, urgency, arrival_number, arrived_at, due, files, note, path, ordinal,
        added_at, added_name
     FROM archives_entries
     WHERE {scope} AND id = $1 AND removed_at IS NULL";
    /// A document in a dossier: a reference, and what was known of it when it was filed.
    pub(crate) struct Entry {
        /// Id.
        id: Id<Entry>,
        /// The agency.
        agency: AgencyId,
        /// The dossier.
        dossier: Id<Dossier>,
        /// What it is.
        kind: EntryKind,
        /// The document where it is kept; for an upload its own id.
        document: Uuid,
        /// `OrganId,YYYY/MM/DD,number/notation`; empty for an upload.
        code: String,
        /// Number and notation.
        symbol: String,
        /// Its date.
        dated: Date,
        /// Type.
        type_name: String,
        /// Trích yếu.
        subject: String,
        /// Who issued it.
        author: String,
        /// Position of the signer.
        signer_position: String,
        /// Name of the signer.
        signer_name: String,
        /// Pages.
        pages: i64,
        /// 0 to 4.
        urgency: i64,
        /// Arrival number.
        arrival_number: Option<i64>,
        /// When it came.
        arrived_at: Option<Instant>,
        /// When an answer or the work was due.
        due: Option<Date>,
        /// How many files it has.
        files: i64,
        /// Remark.
        note: String,
        /// The page where it is kept; empty for an upload.
        path: String,
        /// Its number in the dossier, given when that is closed.
        ordinal: Option<i64>,
        /// When it was put in.
        added_at: Instant,
        /// By whom.
        added_name: String,
    }
}
