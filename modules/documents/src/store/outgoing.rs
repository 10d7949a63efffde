//! Statements of outgoing documents.

use crate::model::{Incoming, Outgoing, OutgoingStatus};
use crate::rights::{
    OutgoingApprove, OutgoingApproveContent, OutgoingApproveFormat, OutgoingDraft, OutgoingIssue,
};
use base::{AgencyId, Date, Id, PersonId, Result, UnitId};
use kernel::{Opened, Permission, Raw, Sql, Writer, q, values};

/// Everything of a draft its writer chooses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Text {
    pub(crate) type_code: String,
    pub(crate) type_name: String,
    pub(crate) subject: String,
    pub(crate) body: String,
    pub(crate) urgency: i64,
    pub(crate) pages: i64,
    pub(crate) copies: i64,
    pub(crate) due: Option<Date>,
    pub(crate) to_places: String,
    pub(crate) signer: Option<PersonId>,
    pub(crate) signer_name: String,
    pub(crate) plan: String,
    pub(crate) dropped_files: String,
}

impl Text {
    /// What a draft holds now.
    pub(crate) fn of(draft: &Outgoing) -> Text {
        Text {
            type_code: draft.type_code.clone(),
            type_name: draft.type_name.clone(),
            subject: draft.subject.clone(),
            body: draft.body.clone(),
            urgency: draft.urgency,
            pages: draft.pages,
            copies: draft.copies,
            due: draft.due,
            to_places: draft.to_places.clone(),
            signer: draft.signer,
            signer_name: draft.signer_name.clone(),
            plan: draft.plan.clone(),
            dropped_files: draft.dropped_files.clone(),
        }
    }

    /// Puts it into a document that is only to be looked at.
    pub(crate) fn onto(self, document: &mut Outgoing) {
        document.type_code = self.type_code;
        document.type_name = self.type_name;
        document.subject = self.subject;
        document.body = self.body;
        document.urgency = self.urgency;
        document.due = self.due;
        document.to_places = self.to_places;
        document.signer = self.signer;
        document.signer_name = self.signer_name;
        document.plan = self.plan;
    }
}

/// What a draft begins with.
#[derive(Debug)]
pub(crate) struct NewDraft {
    pub(crate) agency: AgencyId,
    pub(crate) unit: Option<UnitId>,
    pub(crate) drafter: PersonId,
    pub(crate) drafter_name: String,
    pub(crate) origin: Origin,
    pub(crate) text: Text,
}

/// What a draft is written because of.
#[derive(Debug, Clone, Default)]
pub(crate) struct Origin {
    /// The incoming document it answers.
    pub(crate) answers: Option<Id<Incoming>>,
    /// The incoming document it passes on.
    pub(crate) forwards: Option<Id<Incoming>>,
    /// The issued document it is another version of.
    pub(crate) updates: Option<Id<Outgoing>>,
    /// The issued document it stands in place of.
    pub(crate) replaces: Option<Id<Outgoing>>,
    /// Why it updates or replaces.
    pub(crate) reason: String,
}

/// What issuing settles.
#[derive(Debug, Clone)]
pub(crate) struct Issued {
    pub(crate) series: &'static str,
    pub(crate) year: i32,
    pub(crate) n: i64,
    pub(crate) number: String,
    pub(crate) notation: String,
    pub(crate) symbol: String,
    pub(crate) day: Date,
    pub(crate) document_id: String,
}

static BY_DOCUMENT: Sql = q!("SELECT id
     FROM documents_outgoing
     WHERE {scope} AND agency_id = $1 AND document_id = $2 AND status = 'issued' AND updates IS NULL
     LIMIT 1");
static ANSWERS: Sql = q!("SELECT id
     FROM documents_outgoing
     WHERE {scope} AND answers = $1 AND drafter = $2 AND status = 'drafting' AND updates IS NULL
        AND replaces IS NULL
     ORDER BY created_at DESC
     LIMIT 1");
static DRAFT: Sql = q!(
    "INSERT INTO documents_outgoing (id, agency_id, unit_id, drafter, drafter_name, answers, forwards, type_code,
        type_name, subject, body, urgency, pages, copies, due, to_places, signer, signer_name, plan, dropped_files,
        created_at, updated_at, updates, replaces, change_reason, status, version, content_by, format_by, signer_competence, signer_position, series,
        symbol, issued_by, document_id, voided_by, void_reason)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $21,
        $22, $23, $24, 'drafting', 1, '', '', '', '', '', '', '', '', '', '')"
);
static SAVE: Sql = q!(
    "UPDATE documents_outgoing
     SET type_code = $2, type_name = $3, subject = $4, body = $5, urgency = $6, pages = $7, copies = $8, due = $9,
        to_places = $10, signer = $11, signer_name = $12, plan = $13, dropped_files = $14, updated_at = $15,
        version = $16
     WHERE {scope} AND id = $1 AND status = 'drafting' AND version = $17"
);
static SUBMIT: Sql = q!("UPDATE documents_outgoing
     SET status = $2, updated_at = $3, content_by = $4, content_person = $5, content_at = $6, format_by = '',
        format_person = NULL, format_at = NULL, signed_at = NULL
     WHERE {scope} AND id = $1 AND status = 'drafting'");
static CONTENT: Sql = q!("UPDATE documents_outgoing
     SET status = $5, updated_at = $2, content_by = $3, content_person = $4, content_at = $2
     WHERE {scope} AND id = $1 AND status = 'content_review'");
static FORMAT: Sql = q!("UPDATE documents_outgoing
     SET status = $5, updated_at = $2, format_by = $3, format_person = $4, format_at = $2
     WHERE {scope} AND id = $1 AND status = 'format_review'");
static APPROVE: Sql = q!("UPDATE documents_outgoing
     SET status = 'to_issue', updated_at = $2, signer = $3, signer_competence = $4, signer_position = $5,
        signer_name = $6, signed_at = $2, content_by = $7, content_person = $8, content_at = $9
     WHERE {scope} AND id = $1 AND status = 'leader_review'");
static SEND_BACK: Sql = q!("UPDATE documents_outgoing
     SET status = $3, updated_at = $4, signed_at = NULL
     WHERE {scope} AND id = $1 AND status = $2");
static ISSUE: Sql = q!("UPDATE documents_outgoing
     SET status = 'issued', updated_at = $2, issued_at = $2, issued_by = $3, series = $4, number_year = $5,
        number = $6, symbol = $7, promulgated = $8, document_id = $9, envelope_id = $10, plan = $11
     WHERE {scope} AND id = $1 AND status = 'to_issue'");
static VOID: Sql = q!("UPDATE documents_outgoing
     SET status = 'voided', updated_at = $2, voided_at = $2, voided_by = $3, void_reason = $4
     WHERE {scope} AND id = $1 AND status NOT IN ('to_issue', 'issued', 'voided')");

/// The issued document a status packet speaks of.
pub(crate) fn by_document(cx: &Raw<'_>, agency: AgencyId, document_id: &str) -> Result<Option<Id<Outgoing>>> {
    Ok(cx.row::<(Id<Outgoing>,)>(&BY_DOCUMENT, values![agency, document_id])?.map(|(id,)| id))
}

/// The answer a person is already drafting.
pub(crate) fn answer_in_hand(
    cx: &Raw<'_>,
    to: Id<Incoming>,
    drafter: PersonId,
) -> Result<Option<Id<Outgoing>>> {
    Ok(cx.row::<(Id<Outgoing>,)>(&ANSWERS, values![to, drafter])?.map(|(id,)| id))
}

/// Begins a draft.
pub(crate) fn draft(cx: &mut Writer<'_, OutgoingDraft>, new: &NewDraft) -> Result<Id<Outgoing>> {
    let (id, now, text) = (cx.new_id(), cx.now(), &new.text);
    cx.write(
        &DRAFT,
        values![
            id,
            new.agency,
            new.unit,
            new.drafter,
            &new.drafter_name,
            new.origin.answers,
            new.origin.forwards,
            &text.type_code,
            &text.type_name,
            &text.subject,
            &text.body,
            text.urgency,
            text.pages,
            text.copies,
            text.due,
            &text.to_places,
            text.signer,
            &text.signer_name,
            &text.plan,
            &text.dropped_files,
            now,
            new.origin.updates,
            new.origin.replaces,
            &new.origin.reason
        ],
    )?;
    Ok(id)
}

/// Saves a draft under a version; refused when somebody saved meanwhile.
pub(crate) fn save(
    cx: &mut Writer<'_, OutgoingDraft>,
    draft: &Opened<Outgoing>,
    text: &Text,
    version: i64,
) -> Result<()> {
    let now = cx.now();
    cx.write(
        &SAVE,
        values![
            draft.id,
            &text.type_code,
            &text.type_name,
            &text.subject,
            &text.body,
            text.urgency,
            text.pages,
            text.copies,
            text.due,
            &text.to_places,
            text.signer,
            &text.signer_name,
            &text.plan,
            &text.dropped_files,
            now,
            version,
            draft.version
        ],
    )
    .map(drop)
}

/// Submits a draft; `content` is who has already answered for the content.
pub(crate) fn submit(
    cx: &mut Writer<'_, OutgoingDraft>,
    draft: &Opened<Outgoing>,
    status: OutgoingStatus,
    content: Option<(PersonId, &str)>,
) -> Result<()> {
    let now = cx.now();
    let (person, name) = content.map_or((None, ""), |(person, name)| (Some(person), name));
    let at = person.map(|_| now);
    cx.write(&SUBMIT, values![draft.id, status, now, name, person, at]).map(drop)
}

/// Records who answers for the content, and where the draft stands next.
pub(crate) fn approve_content(
    cx: &mut Writer<'_, OutgoingApproveContent>,
    draft: &Opened<Outgoing>,
    (person, name): (PersonId, &str),
    next: OutgoingStatus,
) -> Result<()> {
    let now = cx.now();
    cx.write(&CONTENT, values![draft.id, now, name, person, next]).map(drop)
}

/// Records who answers for the form, and where the draft stands next.
pub(crate) fn approve_format(
    cx: &mut Writer<'_, OutgoingApproveFormat>,
    draft: &Opened<Outgoing>,
    (person, name): (PersonId, &str),
    next: OutgoingStatus,
) -> Result<()> {
    let now = cx.now();
    cx.write(&FORMAT, values![draft.id, now, name, person, next]).map(drop)
}

/// Records who approves, in what authority; where nobody has answered for the content, they do.
pub(crate) fn approve(
    cx: &mut Writer<'_, OutgoingApprove>,
    draft: &Opened<Outgoing>,
    person: PersonId,
    signer: &contracts::Signer,
) -> Result<()> {
    let now = cx.now();
    let (content_by, content_person, content_at) = match draft.content_person {
        Some(head) => (&draft.content_by, head, draft.content_at),
        None => (&signer.name, person, Some(now)),
    };
    cx.write(
        &APPROVE,
        values![
            draft.id,
            now,
            person,
            &signer.competence,
            &signer.position,
            &signer.name,
            content_by,
            content_person,
            content_at
        ],
    )
    .map(drop)
}

/// Sends a draft back to an earlier step.
pub(crate) fn send_back<P: Permission>(
    cx: &mut Writer<'_, P>,
    draft: &Opened<Outgoing>,
    to: OutgoingStatus,
) -> Result<()> {
    let now = cx.now();
    cx.write(&SEND_BACK, values![draft.id, draft.status, to, now]).map(drop)
}

/// Records number, date and envelope.
pub(crate) fn issue(
    cx: &mut Writer<'_, OutgoingIssue>,
    draft: &Opened<Outgoing>,
    issued: &Issued,
    (envelope, plan): (Option<uuid::Uuid>, &str),
) -> Result<()> {
    let (now, by) = (cx.now(), cx.actor().name.clone());
    cx.write(
        &ISSUE,
        values![
            draft.id,
            now,
            by,
            issued.series,
            i64::from(issued.year),
            issued.n,
            &issued.symbol,
            issued.day,
            &issued.document_id,
            envelope,
            plan
        ],
    )
    .map(drop)
}

/// Gives a draft up.
pub(crate) fn void(cx: &mut Writer<'_, OutgoingDraft>, draft: &Opened<Outgoing>, reason: &str) -> Result<()> {
    let (now, by) = (cx.now(), cx.actor().name.clone());
    cx.write(&VOID, values![draft.id, now, by, reason]).map(drop)
}
