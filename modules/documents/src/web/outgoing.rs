//! Outgoing documents: routes, forms, and what is done to a document after it is written.

use crate::actions::outgoing::{self as actions, files_of, path};
use crate::actions::recipients::Plan;
use crate::actions::{approvals, issue, steps as step_actions};
use crate::model::{Outgoing, OutgoingStatus, Recipient};
use crate::rights::{
    OutgoingApprove, OutgoingApproveContent, OutgoingApproveFormat, OutgoingDraft, OutgoingIssue,
    OutgoingRead, OutgoingReview,
};
use crate::rules::signing::{Authority, Competence};
use crate::store::signatures;
use crate::store::versions::Comment;
use crate::web::compose::{self, DraftForm, ForwardForm};
use crate::web::incoming::desk;
use crate::web::{
    by_order, compose_ask, outgoing_list, outgoing_show, recipients, signing, tracking, tracking_export,
};
use base::form::{Field, Kind};
use base::{AgencyId, Date, Error, FieldErrors, Id, Refusal};
use kernel::{Opened, Permission, Raw, Reader, Reply, Response, Routes, Writer};
use platform::files::FileOf;
use platform::outside;

/// The page of one document, as routes name it.
const PAGE: &str = "/documents/outgoing/{id}";

/// The routes of outgoing documents.
pub(crate) fn routes(r: &mut Routes) {
    r.get("/documents/outgoing", outgoing_list::list);
    r.get("/documents/outgoing/new", compose::blank);
    r.post("/documents/outgoing", compose::create).form::<DraftForm>().page("/documents/outgoing/new");
    outside::route(r, "/documents/outgoing/approve-many", signing::MANY)
        .form::<ManyForm>()
        .page("/documents/outgoing");
    r.get("/documents/outgoing/{id}", outgoing_show::show);
    r.get("/documents/outgoing/{id}/edit", compose::edit);
    r.get("/documents/outgoing/{id}/versions", outgoing_show::versions);
    r.get("/documents/outgoing/{id}/files/{file}", file);
    r.post("/documents/outgoing/{id}/save", compose::save)
        .form::<DraftForm>()
        .page("/documents/outgoing/{id}/edit");
    r.post("/documents/outgoing/{id}/submit", compose::submit)
        .form::<DraftForm>()
        .page("/documents/outgoing/{id}/edit");
    compose_ask::routes(r);
    r.post("/documents/outgoing/{id}/take-back-file", compose::take_back)
        .form::<DraftForm>()
        .page("/documents/outgoing/{id}/edit");
    r.post("/documents/outgoing/{id}/settle/{remark}", settle).page(PAGE);
    r.post("/documents/outgoing/{id}/comment", comment).form::<CommentForm>().page(PAGE);
    r.post("/documents/outgoing/{id}/void", void).form::<ReasonForm>().page(PAGE);
    steps(r);
    by_order::routes(r);
    r.post("/documents/incoming/{id}/answer", compose::answer).page("/documents/incoming/{id}");
    r.post("/documents/incoming/{id}/forward", compose::forward)
        .form::<ForwardForm>()
        .page("/documents/incoming/{id}");
    r.get("/documents/recipients", recipients::find);
    r.get("/documents/recipients/groups", recipients::groups);
    r.post("/documents/recipients/groups", recipients::save_group)
        .form::<recipients::GroupForm>()
        .page("/documents/recipients/groups");
    r.post("/documents/recipients/groups/{id}/void", recipients::void_group);
    r.data("/documents/outgoing", outgoing_list::list_data);
    r.data("/documents/outgoing/{id}", outgoing_show::show_data);
    r.data("/documents/outgoing/{id}/recipients", tracking::recipients_data);
    r.data("/documents/recipients", recipients::find_data);
}

/// The steps of approval, issue and tracking.
fn steps(r: &mut Routes) {
    r.post("/documents/outgoing/{id}/approve-content", approve_content).form::<RemarkForm>().page(PAGE);
    r.post("/documents/outgoing/{id}/approve-format", approve_format).form::<RemarkForm>().page(PAGE);
    outside::route(r, "/documents/outgoing/{id}/approve", signing::ONE).form::<ApproveForm>().page(PAGE);
    outside::route(r, "/documents/outgoing/{id}/issue", signing::ISSUE).form::<IssueForm>().page(PAGE);
    r.post("/documents/outgoing/{id}/consult", consult).form::<RemarkForm>().page(PAGE);
    r.post("/documents/outgoing/{id}/return-consult", return_consult).form::<ReasonForm>().page(PAGE);
    r.post("/documents/outgoing/{id}/return-content", return_content).form::<ReasonForm>().page(PAGE);
    r.post("/documents/outgoing/{id}/return-format", return_format).form::<ReasonForm>().page(PAGE);
    r.post("/documents/outgoing/{id}/return-approve", return_approve).form::<ReasonForm>().page(PAGE);
    r.post("/documents/outgoing/{id}/return-issue", return_issue).form::<ReasonForm>().page(PAGE);
    r.get("/documents/outgoing/{id}/tracking", tracking::page);
    r.get("/documents/outgoing/{id}/tracking.csv", tracking_export::csv);
    r.get("/documents/outgoing/{id}/tracking.xlsx", tracking_export::xlsx);
    r.post("/documents/outgoing/{id}/edxml", edxml);
    r.post("/documents/outgoing/{id}/resend", resend)
        .form::<ResendForm>()
        .page("/documents/outgoing/{id}/tracking");
}

base::form! {
    /// A word with an approval.
    pub(crate) struct RemarkForm {
        remark: String = Field::area("documents.outgoing.field.remark").max(2000),
    }
}

base::form! {
    /// Why a draft is returned or given up.
    pub(crate) struct ReasonForm {
        reason: String = Field::area("documents.outgoing.field.reason").required().max(2000),
    }
}

base::form! {
    /// The competent person's approval.
    pub(crate) struct ApproveForm {
        competence: Option<String> = Field::choice("documents.outgoing.field.competence"),
        authority_number: String = Field::line("documents.outgoing.field.authority_number").hint("documents.outgoing.hint.authority_number").max(100),
        authority_date: Option<Date> = Field::date("documents.outgoing.field.authority_date"),
        authority_until: Option<Date> = Field::date("documents.outgoing.field.authority_until"),
        remark: String = Field::area("documents.outgoing.field.remark").max(2000),
        pin: Option<String> = Field::new(Kind::Password, "documents.signing.field.pin").hint("documents.signing.hint.pin").max(64),
    }
}

base::form! {
    /// What several approvals need beside the choice: the PIN of a digital signature.
    pub(crate) struct ManyForm {
        pin: Option<String> = Field::new(Kind::Password, "documents.signing.field.pin").hint("documents.signing.hint.pin").max(64),
    }
}

base::form! {
    /// What somebody says of a draft.
    pub(crate) struct CommentForm {
        words: String = Field::area("documents.outgoing.field.comment").required().max(2000),
    }
}

base::form! {
    /// To whom a document is issued. Without `chosen` it goes to those the draft names.
    pub(crate) struct IssueForm {
        chosen: bool = Field::hidden("documents.outgoing.field.to"),
        to: Vec<AgencyId> = Field::lookups("documents.outgoing.field.to", "/documents/recipients"),
        groups: Vec<String> = Field::many("documents.outgoing.field.groups"),
        pin: Option<String> = Field::new(Kind::Password, "documents.signing.field.seal_pin").hint("documents.signing.hint.pin").max(64),
    }
}

base::form! {
    /// The right recipient in place of one that did not take the document.
    pub(crate) struct ResendForm {
        recipient: Id<Recipient> = Field::hidden("documents.tracking.field.recipient").required(),
        to: Option<AgencyId> = Field::lookup("documents.tracking.field.to", "/documents/recipients"),
    }
}

pub(crate) fn opened<P: Permission>(cx: &Writer<'_, P>) -> base::Result<Opened<Outgoing>> {
    cx.open::<Outgoing>(cx.path_id()?)
}

/// The search button of a picker was pressed without script: the form comes back with what was found.
pub(crate) fn looked_up<P: Permission>(cx: &Writer<'_, P>) -> base::Result<()> {
    match cx.posted("_find") {
        Some(_) => Err(Error::Invalid(FieldErrors::default())),
        None => Ok(()),
    }
}

fn done<P: Permission>(cx: &Writer<'_, P>, document: &Opened<Outgoing>, key: &'static str) -> Reply {
    let values = [("subject", document.subject.clone())];
    let to = desk(cx).unwrap_or_else(|| path(document.id));
    cx.done_with(key, to, &values, document.id)
}

fn approve_content(cx: &mut Writer<'_, OutgoingApproveContent>) -> Reply {
    let draft = opened(cx)?;
    let form: RemarkForm = cx.form()?;
    approvals::approve_content(cx, &draft, &form.remark)?;
    done(cx, &draft, "documents.done.outgoing.content")
}

fn approve_format(cx: &mut Writer<'_, OutgoingApproveFormat>) -> Reply {
    let draft = opened(cx)?;
    let form: RemarkForm = cx.form()?;
    approvals::approve_format(cx, &draft, &form.remark)?;
    done(cx, &draft, "documents.done.outgoing.format")
}

fn consult(cx: &mut Writer<'_, OutgoingReview>) -> Reply {
    let draft = opened(cx)?;
    let form: RemarkForm = cx.form()?;
    step_actions::consult(cx, &draft, &form.remark)?;
    done(cx, &draft, "documents.steps.done.consulted")
}

fn return_consult(cx: &mut Writer<'_, OutgoingReview>) -> Reply {
    let draft = opened(cx)?;
    let form: ReasonForm = cx.form()?;
    approvals::return_consult(cx, &draft, &form.reason)?;
    done(cx, &draft, "documents.done.outgoing.returned")
}

pub(crate) fn approve(cx: &mut Writer<'_, OutgoingApprove>) -> Reply {
    let draft = opened(cx)?;
    signing::not_unsigned(cx, &draft)?;
    let (competence, authority, remark) = choice(cx)?;
    approvals::approve(cx, &draft, (competence, authority, &remark))?;
    done(cx, &draft, "documents.done.outgoing.approved")
}

/// In what authority the leader signs, with a remark.
pub(crate) fn choice(cx: &Raw<'_>) -> base::Result<(Option<Competence>, Option<Authority>, String)> {
    let form: ApproveForm = cx.form()?;
    let competence = match form.competence.as_deref() {
        None => None,
        Some(word) => Some(Competence::parse(word).ok_or_else(|| Error::field("competence", "form.choose"))?),
    };
    let authority = match competence {
        Some(Competence::Tuq) => Some(authority(&form)?),
        _ => None,
    };
    Ok((competence, authority, form.remark))
}

/// The written authority, whole: what is missing is told beside its field.
fn authority(form: &ApproveForm) -> base::Result<Authority> {
    let mut errors = FieldErrors::default();
    let missing = [
        ("authority_number", form.authority_number.is_empty()),
        ("authority_date", form.authority_date.is_none()),
        ("authority_until", form.authority_until.is_none()),
    ];
    for (field, _) in missing.into_iter().filter(|(_, missing)| *missing) {
        errors.add(field, "form.required");
    }
    match (form.authority_date, form.authority_until) {
        (Some(date), Some(until)) if errors.is_empty() => {
            Ok(Authority { number: form.authority_number.clone(), date, until })
        }
        _ => Err(Error::Invalid(errors)),
    }
}

/// Approves every chosen draft with the authority its post suggests. All of them or none: a leader who
/// presses once must not have to look up which ones stuck.
pub(crate) fn approve_many(cx: &mut Writer<'_, OutgoingApprove>) -> Reply {
    let ids: Vec<Id<Outgoing>> =
        cx.posted_all("pick").filter_map(|word| word.parse().ok()).take(100).collect();
    for id in &ids {
        let draft = cx.open::<Outgoing>(*id)?;
        signing::not_unsigned(cx, &draft)?;
        approvals::approve(cx, &draft, (None, None, ""))?;
    }
    let first = ids.first().copied().unwrap_or_else(|| Id::of(uuid::Uuid::nil()));
    let values = [("n", ids.len().to_string())];
    let to = desk(cx).unwrap_or_else(|| "/".to_owned());
    cx.done_with("documents.done.outgoing.approved_many", to, &values, first)
}

pub(crate) fn issue_it(cx: &mut Writer<'_, OutgoingIssue>) -> Reply {
    let draft = opened(cx)?;
    looked_up(cx)?;
    let plan = plan(cx, &draft)?;
    // What a leader has signed leaves with the agency's signature.
    if signatures::live(cx, draft.id)?.is_some() {
        return Err(Refusal::new("documents.signing.refuse.unsigned").into());
    }
    let symbol = issue::issue(cx, &draft, &plan)?;
    let to = desk(cx).unwrap_or_else(|| path(draft.id));
    cx.done_with("documents.done.outgoing.issued", to, &[("symbol", symbol)], draft.id)
}

/// To whom it goes: as the clerk chose, else as the draft says.
pub(crate) fn plan(cx: &Raw<'_>, draft: &Outgoing) -> base::Result<Plan> {
    let form: IssueForm = cx.form()?;
    let chosen = form.chosen || !form.to.is_empty() || !form.groups.is_empty();
    Ok(if chosen { Plan { agencies: form.to, groups: form.groups } } else { actions::plan_of(draft) })
}

fn return_content(cx: &mut Writer<'_, OutgoingApproveContent>) -> Reply {
    let draft = opened(cx)?;
    let form: ReasonForm = cx.form()?;
    approvals::return_content(cx, &draft, &form.reason)?;
    done(cx, &draft, "documents.done.outgoing.returned")
}

fn return_format(cx: &mut Writer<'_, OutgoingApproveFormat>) -> Reply {
    let draft = opened(cx)?;
    let form: ReasonForm = cx.form()?;
    approvals::return_at(cx, &draft, (OutgoingStatus::FormatReview, &form.reason))?;
    done(cx, &draft, "documents.done.outgoing.returned")
}

fn return_approve(cx: &mut Writer<'_, OutgoingApprove>) -> Reply {
    let draft = opened(cx)?;
    let form: ReasonForm = cx.form()?;
    approvals::return_at(cx, &draft, (OutgoingStatus::LeaderReview, &form.reason))?;
    done(cx, &draft, "documents.done.outgoing.returned")
}

fn return_issue(cx: &mut Writer<'_, OutgoingIssue>) -> Reply {
    let draft = opened(cx)?;
    let form: ReasonForm = cx.form()?;
    approvals::return_at(cx, &draft, (OutgoingStatus::ToIssue, &form.reason))?;
    done(cx, &draft, "documents.done.outgoing.returned_leader")
}

fn comment(cx: &mut Writer<'_, OutgoingDraft>) -> Reply {
    let draft = opened(cx)?;
    let form: CommentForm = cx.form()?;
    actions::comment(cx, &draft, &form.words)?;
    done(cx, &draft, "documents.done.outgoing.commented")
}

/// A remark is settled: it stays, and says so.
fn settle(cx: &mut Writer<'_, OutgoingDraft>) -> Reply {
    let draft = opened(cx)?;
    let comment: Id<Comment> = cx.param("remark")?.parse().map_err(|_| Error::NotFound)?;
    actions::settle(cx, &draft, comment)?;
    done(cx, &draft, "documents.editor.done.settled")
}

fn void(cx: &mut Writer<'_, OutgoingDraft>) -> Reply {
    let draft = opened(cx)?;
    let form: ReasonForm = cx.form()?;
    actions::void(cx, &draft, &form.reason)?;
    done(cx, &draft, "documents.done.outgoing.voided")
}

fn resend(cx: &mut Writer<'_, OutgoingIssue>) -> Reply {
    let document = opened(cx)?;
    looked_up(cx)?;
    let form: ResendForm = cx.form()?;
    let name = issue::resend(cx, &document, (form.recipient, form.to))?;
    let back = format!("{}/tracking", path(document.id));
    let values = [("name", name), ("symbol", document.symbol.clone())];
    cx.done_with("documents.done.outgoing.resent", back, &values, document.id)
}

/// The packet as a file, for those the exchange does not reach. It is a post, because taking it out is an act of the
/// log; it has no once-key, because it may be taken as often as one likes.
fn edxml(cx: &mut Writer<'_, OutgoingRead>) -> Reply {
    let document = opened(cx)?;
    let envelope = issue::packet(cx, &document)?;
    let name = format!("{}.edxml", document.symbol.replace('/', "-"));
    Ok(Response::Packet { name, envelope })
}

fn file(cx: &Reader<'_, OutgoingRead>) -> Reply {
    let document = cx.open::<Outgoing>(cx.path_id()?)?;
    let id: Id<FileOf> = cx.param("file")?.parse().map_err(|_| Error::NotFound)?;
    let file = files_of(cx, &document)?.into_iter().find(|file| file.id == id).ok_or(Error::NotFound)?;
    Ok(Response::File { sha256: file.sha256, name: file.name, content_type: file.content_type })
}
