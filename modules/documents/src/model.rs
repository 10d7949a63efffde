//! The nouns: incoming and outgoing documents, recipients, and their states.

pub(crate) mod capture;
pub(crate) mod letters;
pub(crate) mod opinions;
pub(crate) mod recall;
pub(crate) mod secret;
mod unsaved;

use base::{AgencyId, Date, Id, Instant, PersonId, UnitId};
use kernel::{record, row, states};

states! {
    /// Where an incoming document stands.
    pub enum IncomingStatus {
        /// Came, not yet registered.
        Arrived = "arrived",
        /// Has an arrival number, waits for the leader.
        Registered = "registered",
        /// The leader has directed it to a unit.
        Directed = "directed",
        /// A person answers for it.
        Assigned = "assigned",
        /// That person has begun.
        InProgress = "in_progress",
        /// Finished, by an answer or a note.
        Done = "done",
        /// Sent back, never registered.
        Returned = "returned",
        /// Another document of its sender stands in its place.
        Replaced = "replaced",
        /// Given back at its sender's request: the content is destroyed.
        Recalled = "recalled",
    }
}

states! {
    /// How a document came.
    pub enum Source {
        /// By the exchange.
        Exchange = "exchange",
        /// On paper.
        Paper = "paper",
        /// As an edXML file.
        File = "file",
        /// By e-mail.
        Mail = "mail",
    }
}

states! {
    /// What the signature check of an arriving document found.
    pub enum SignatureVerdict {
        /// No signature.
        None = "none",
        /// A signature this node cannot check.
        Unverifiable = "unverifiable",
        /// Good.
        Valid = "valid",
        /// Broken.
        Invalid = "invalid",
    }
}

states! {
    /// Where an outgoing document stands.
    pub enum OutgoingStatus {
        /// Being written.
        Drafting = "drafting",
        /// Waits for the head of unit, who answers for the content.
        ContentReview = "content_review",
        /// Waits for somebody the agency asks between content and approval.
        Consulting = "consulting",
        /// Waits for the clerk, who answers for the form.
        FormatReview = "format_review",
        /// Waits for the leader.
        LeaderReview = "leader_review",
        /// Approved; waits for its number.
        ToIssue = "to_issue",
        /// Numbered, dated and sent.
        Issued = "issued",
        /// Given up before it was issued.
        Voided = "voided",
    }
}

states! {
    /// How far a recipient is. The order is the order of work; a later word never goes back.
    pub enum RecipientStatus {
        /// In our outbox.
        Queued = "queued",
        /// 01: their system has it.
        Arrived = "arrived",
        /// 03: registered.
        Registered = "registered",
        /// 04: assigned.
        Assigned = "assigned",
        /// 05: in progress.
        InProgress = "in_progress",
        /// 06: done.
        Done = "done",
        /// 02: refused.
        Refused = "refused",
        /// Could not be delivered.
        Failed = "failed",
        /// Taken back before it left.
        Withdrawn = "withdrawn",
        /// Has the document that stands in place of this one.
        Replaced = "replaced",
        /// 15: has given it back.
        Recalled = "recalled",
    }
}

record! {
    "documents_incoming",
    "SELECT id, agency_id, source, document_id, from_code, from_name, symbol, place, promulgated, type_name,
        subject, words, signer_competence, signer_position, signer_name, urgency, pages, due, to_places, trace,
        response_for, forwards, signature, duplicate_of, status, arrived_at, series, arrival_year,
        arrival_number, registered_at, directed_at, instruction, lead_unit, lead_person, lead_name, handle_due,
        begun_at, done_at, outcome, answer_symbol, return_reason, replaced_by
     FROM documents_incoming
     WHERE {scope} AND id = $1";
    /// A document that came to an agency.
    pub struct Incoming {
        /// Id.
        id: Id<Incoming>,
        /// The agency it came to.
        agency: AgencyId,
        /// How it came.
        source: Source,
        /// `OrganId,YYYY/MM/DD,number/notation`.
        document_id: String,
        /// Code of the issuing agency; empty when unknown (paper).
        from_code: String,
        /// Name of the issuing agency.
        from_name: String,
        /// Number and notation: `742/BTTTT-THH`.
        symbol: String,
        /// Place of promulgation.
        place: String,
        /// Date of promulgation.
        promulgated: Date,
        /// Type.
        type_name: String,
        /// Trích yếu.
        subject: String,
        /// Words of the document, where known.
        words: String,
        /// `TM.`, `KT.`, `TL.`, `TUQ.` or empty.
        signer_competence: String,
        /// Position of the signer.
        signer_position: String,
        /// Name of the signer.
        signer_name: String,
        /// 0 to 4.
        urgency: i64,
        /// Pages.
        pages: i64,
        /// When the sender wants an answer.
        due: Option<Date>,
        /// "Nơi nhận", a line each.
        to_places: String,
        /// Hops so far, JSON of `contracts::Trace`.
        trace: String,
        /// Documents it answers, JSON of `contracts::Reference`.
        response_for: String,
        /// The document it passes on, JSON of `contracts::Reference`.
        forwards: Option<String>,
        /// What the signature check found.
        signature: SignatureVerdict,
        /// An earlier document with the same identifier or the same symbol, date and issuer.
        duplicate_of: Option<Id<Incoming>>,
        /// Where it stands.
        status: IncomingStatus,
        /// When it came.
        arrived_at: Instant,
        /// Series of its arrival number.
        series: String,
        /// Year of its arrival number.
        arrival_year: Option<i64>,
        /// Its arrival number.
        arrival_number: Option<i64>,
        /// When it was registered.
        registered_at: Option<Instant>,
        /// When the leader directed it.
        directed_at: Option<Instant>,
        /// What the leader said.
        instruction: String,
        /// The unit in the lead.
        lead_unit: Option<UnitId>,
        /// The person who answers for it.
        lead_person: Option<PersonId>,
        /// Who has it now, for lists.
        lead_name: String,
        /// Until when it must be handled.
        handle_due: Option<Instant>,
        /// When work began.
        begun_at: Option<Instant>,
        /// When it was finished.
        done_at: Option<Instant>,
        /// `answered`, `noted` or empty.
        outcome: String,
        /// Symbol of the answer.
        answer_symbol: String,
        /// Why it was sent back.
        return_reason: String,
        /// The document that stands in its place.
        replaced_by: Option<Id<Incoming>>,
    }
}

record! {
    "documents_outgoing",
    "SELECT id, agency_id, unit_id, drafter, drafter_name, type_code, type_name, subject, body, urgency, pages,
        copies, due, to_places, answers, forwards, status, version, created_at, updated_at, content_by,
        content_at, format_by, format_at, signer, signer_competence, signer_position, signer_name, signed_at,
        series, number_year, number, symbol, promulgated, issued_at, issued_by, document_id, envelope_id,
        content_person, format_person, plan, dropped_files, voided_at, voided_by, void_reason, updates,
        replaces, change_reason, replaced_by, frozen_at
     FROM documents_outgoing
     WHERE {scope} AND id = $1";
    /// A document an agency writes.
    pub struct Outgoing {
        /// Id.
        id: Id<Outgoing>,
        /// The agency that writes it.
        agency: AgencyId,
        /// The drafting unit.
        unit: Option<UnitId>,
        /// Who drafts it.
        drafter: PersonId,
        /// Their name.
        drafter_name: String,
        /// Abbreviation of the type: `QĐ`, `CV` for công văn.
        type_code: String,
        /// Type.
        type_name: String,
        /// Trích yếu.
        subject: String,
        /// The text.
        body: String,
        /// 0 to 4.
        urgency: i64,
        /// Pages.
        pages: i64,
        /// Paper copies.
        copies: i64,
        /// When recipients shall answer.
        due: Option<Date>,
        /// "Nơi nhận", a line each.
        to_places: String,
        /// The incoming document it answers.
        answers: Option<Id<Incoming>>,
        /// The incoming document it passes on.
        forwards: Option<Id<Incoming>>,
        /// Where it stands.
        status: OutgoingStatus,
        /// Grows with every saved change.
        version: i64,
        /// When it was begun.
        created_at: Instant,
        /// When it last changed.
        updated_at: Instant,
        /// Who approved the content.
        content_by: String,
        /// When.
        content_at: Option<Instant>,
        /// Who approved the form.
        format_by: String,
        /// When.
        format_at: Option<Instant>,
        /// The leader who approved it.
        signer: Option<PersonId>,
        /// `TM.`, `KT.`, `TL.`, `TUQ.` or empty.
        signer_competence: String,
        /// Position of the signer.
        signer_position: String,
        /// Name of the signer.
        signer_name: String,
        /// When the leader approved it.
        signed_at: Option<Instant>,
        /// Series of its number.
        series: String,
        /// Year of its number.
        number_year: Option<i64>,
        /// Its number.
        number: Option<i64>,
        /// Number and notation once issued: `1234/UBND-KGVX`.
        symbol: String,
        /// Date of promulgation once issued.
        promulgated: Option<Date>,
        /// When it was issued.
        issued_at: Option<Instant>,
        /// Who issued it.
        issued_by: String,
        /// `OrganId,YYYY/MM/DD,number/notation` once issued.
        document_id: String,
        /// Its envelope in the exchange.
        envelope: Option<uuid::Uuid>,
        /// The person who approved the content.
        content_person: Option<PersonId>,
        /// The person who approved the form.
        format_person: Option<PersonId>,
        /// To whom it shall go: a line each, `agency:<id>` or `group:<key>`.
        plan: String,
        /// Ids of files that were taken off again, a line each.
        dropped_files: String,
        /// When it was given up.
        voided_at: Option<Instant>,
        /// Who gave it up.
        voided_by: String,
        /// Why.
        void_reason: String,
        /// The issued document this is another version of, under the same number.
        updates: Option<Id<Outgoing>>,
        /// The issued document this stands in place of, under a number of its own.
        replaces: Option<Id<Outgoing>>,
        /// Why it updates or replaces.
        change_reason: String,
        /// The issued document that stands in place of this one.
        replaced_by: Option<Id<Outgoing>>,
        /// Since when it is asked back from everybody: nothing of it changes any more.
        frozen_at: Option<Instant>,
    }
}

row! {
    /// A recipient of an outgoing document.
    pub struct Recipient {
        /// Id.
        id: Id<Recipient>,
        /// The sender.
        agency: AgencyId,
        /// The document.
        outgoing: Id<Outgoing>,
        /// The recipient in the directory.
        to_agency: AgencyId,
        /// Its code.
        to_code: String,
        /// Its name.
        to_name: String,
        /// Its tier.
        tier: String,
        /// The district or group it belongs to, for the map and the table.
        area: String,
        /// How far it is.
        status: RecipientStatus,
        /// Arrival number or the unit that has it.
        at_place: String,
        /// Who acted last.
        staff: String,
        /// Why it refused or could not be reached.
        reason: String,
        /// When it arrived.
        arrived_at: Option<Instant>,
        /// When the status was set.
        status_at: Option<Instant>,
        /// The envelope it travels in.
        envelope: Option<uuid::Uuid>,
        /// The recipient it was sent to instead.
        replaced_by: Option<Id<Recipient>>,
    }
}
