//! Writing a draft: the form, and what is posted from it.

use crate::actions::outgoing::{self as actions, NewFiles, leaders, path};
use crate::actions::recipients::Plan;
use crate::actions::reply;
use crate::model::{Incoming, Outgoing, OutgoingStatus};
use crate::rights::OutgoingDraft;
use crate::rules;
use crate::rules::types;
use crate::store::outgoing::{Origin, Text};
use crate::web::compose_ask::{imported, pdf_pages};
use crate::web::compose_view;
use crate::web::outgoing::looked_up;
use base::form::{Field, Reads, Upload};
use base::{AgencyId, Date, Error, Id, PersonId, Result};
use kernel::{Raw, Reader, Reply, Writer};
use platform::files::FileOf;

base::form! {
    /// A draft. A subject may still be missing while it is being written; submitting asks for it.
    pub(crate) struct DraftForm {
        type_code: String = Field::choice("documents.outgoing.field.type").required().max(10),
        subject: String = Field::line("documents.outgoing.field.subject").hint("documents.outgoing.hint.subject"),
        body: String = Field::area("documents.outgoing.field.body").max(rules::body::LETTERS_MAX),
        urgency: Option<i64> = Field::choice("documents.outgoing.field.urgency"),
        pages: Option<i64> = Field::number("documents.outgoing.field.pages").max(3),
        copies: Option<i64> = Field::number("documents.outgoing.field.copies").max(3),
        due: Option<Date> = Field::date("documents.outgoing.field.due"),
        signer: Option<PersonId> = Field::choice("documents.outgoing.field.signer"),
        to: Vec<AgencyId> = Field::lookups("documents.outgoing.field.to", "/documents/recipients"),
        groups: Vec<String> = Field::many("documents.outgoing.field.groups"),
        to_places: String = Field::area("documents.outgoing.field.to_places").max(1000),
        main: Option<Upload> = Field::file("documents.outgoing.field.main").max(2000),
        files: Vec<Upload> = Field::files("documents.outgoing.field.files"),
        docx: Option<Upload> = Field::file("documents.editor.field.docx").hint("documents.editor.hint.docx").max(2000).reading(Reads::Words),
        body_pdf: Option<Upload> = Field::file("documents.editor.field.body_pdf").hint("documents.editor.hint.body_pdf").max(2000).reading(Reads::Pdf),
        drop: Vec<Id<FileOf>> = Field::many("documents.outgoing.field.drop"),
        version: Option<i64> = Field::hidden("documents.outgoing.field.version"),
    }
}

base::form! {
    /// To whom an incoming document is passed on.
    pub(crate) struct ForwardForm {
        to: Vec<AgencyId> = Field::lookups("documents.outgoing.field.to", "/documents/recipients"),
        groups: Vec<String> = Field::many("documents.outgoing.field.groups"),
    }
}

/// A new draft.
pub(crate) fn blank(cx: &Reader<'_, OutgoingDraft>) -> Reply {
    let mut text = reply::blank(cx);
    if let Some(kind) = cx.query("type").and_then(|code| types::find(code, cx.now().date())) {
        (text.type_code, text.type_name) = (kind.code.clone(), kind.name.clone());
    }
    compose_view::page(cx, None, &text)
}

/// A draft being written.
pub(crate) fn edit(cx: &Reader<'_, OutgoingDraft>) -> Reply {
    let draft = cx.open::<Outgoing>(cx.path_id()?)?;
    if draft.status != OutgoingStatus::Drafting {
        return Ok(kernel::Response::Redirect(path(draft.id)));
    }
    compose_view::page(cx, Some(&draft), &Text::of(&draft))
}

/// Begins a draft from the form; `act=submit` submits it in the same press.
pub(crate) fn create(cx: &mut Writer<'_, OutgoingDraft>) -> Reply {
    looked_up(cx)?;
    let form: DraftForm = cx.form()?;
    let agency = cx.agency()?;
    let base = reply::blank(cx);
    let text = text_of(cx, agency, (&form, &base))?;
    let draft = actions::begin(cx, agency, text.clone(), Origin::default())?;
    let files = files(cx, form)?;
    if !files.is_empty() {
        actions::save(cx, &draft, (&text, &files), (1, false))?;
    }
    if cx.posted("act") == Some("submit") {
        return send_off(cx, draft.id);
    }
    let to = format!("{}/edit", path(draft.id));
    cx.done_with("documents.done.outgoing.begun", to, &[("subject", draft.subject.clone())], draft.id)
}

/// Saves a draft.
pub(crate) fn save(cx: &mut Writer<'_, OutgoingDraft>) -> Reply {
    let draft = cx.open::<Outgoing>(cx.path_id()?)?;
    keep(cx, &draft)?;
    if let Ok(Some((_, told))) = imported(cx) {
        let to = format!("{}/edit", path(draft.id));
        return cx.done_with("documents.editor.done.imported", to, &[("told", told)], draft.id);
    }
    let values = [("subject", draft.subject.clone())];
    cx.done_with("documents.done.outgoing.saved", format!("{}/edit", path(draft.id)), &values, draft.id)
}

/// Submits a draft; what the form holds is saved first.
pub(crate) fn submit(cx: &mut Writer<'_, OutgoingDraft>) -> Reply {
    let draft = cx.open::<Outgoing>(cx.path_id()?)?;
    if cx.posted("type_code").is_some() {
        keep(cx, &draft)?;
    }
    send_off(cx, draft.id)
}

fn keep(cx: &mut Writer<'_, OutgoingDraft>, draft: &kernel::Opened<Outgoing>) -> Result<()> {
    rules::outgoing::edit(draft)?;
    looked_up(cx)?;
    let form: DraftForm = cx.form()?;
    let base = Text::of(draft);
    let text = text_of(cx, draft.agency, (&form, &base))?;
    let seen = form.version.unwrap_or(draft.version);
    let files = files(cx, form)?;
    let auto = cx.posted("_autosave") == Some("1");
    actions::save(cx, draft, (&text, &files), (seen, auto))
}

/// What comes with a form, looked through.
fn files(cx: &Raw<'_>, form: DraftForm) -> Result<NewFiles> {
    let body = match form.body_pdf {
        Some(file) => Some((file, pdf_pages(cx)?)),
        None => None,
    };
    Ok(NewFiles { main: form.main, annexes: form.files, body })
}

/// Takes the file back that stands for the words; what the form holds is saved first.
pub(crate) fn take_back(cx: &mut Writer<'_, OutgoingDraft>) -> Reply {
    let draft = cx.open::<Outgoing>(cx.path_id()?)?;
    if cx.posted("type_code").is_some() {
        keep(cx, &draft)?;
    }
    let draft = cx.open::<Outgoing>(draft.id)?;
    actions::take_body_back(cx, &draft)?;
    let values = [("subject", draft.subject.clone())];
    cx.done_with("documents.editor.done.taken_back", format!("{}/edit", path(draft.id)), &values, draft.id)
}

fn send_off(cx: &mut Writer<'_, OutgoingDraft>, id: Id<Outgoing>) -> Reply {
    let draft = cx.open::<Outgoing>(id)?;
    let status = actions::submit(cx, &draft)?;
    let key = match status {
        OutgoingStatus::ContentReview => "documents.done.outgoing.to_content",
        OutgoingStatus::Consulting => "documents.steps.done.to_consult",
        _ => "documents.done.outgoing.to_format",
    };
    cx.done_with(key, path(id), &[("subject", draft.subject.clone())], id)
}

/// What the form says, checked: the type must be one of the law's, the signer one of the agency's leaders.
pub(crate) fn text_of(cx: &Raw<'_>, agency: AgencyId, (form, base): (&DraftForm, &Text)) -> Result<Text> {
    let kind = types::find(&form.type_code, cx.now().date());
    let kind = kind.ok_or_else(|| Error::field("type_code", "form.choose"))?;
    let signer_name = match form.signer {
        None => String::new(),
        Some(signer) => leaders(cx, agency)?
            .into_iter()
            .find(|leader| leader.person == signer)
            .map(|leader| leader.name)
            .ok_or_else(|| Error::field("signer", "form.choose"))?,
    };
    let body = match imported(cx).map_err(|why| Error::field("docx", why))? {
        Some((words, _)) => {
            rules::body::with_words(&form.body, &words).map_err(|why| Error::field("docx", why))?
        }
        None => form.body.clone(),
    };
    let mut dropped: Vec<String> = base.dropped_files.lines().map(str::to_owned).collect();
    dropped.extend(form.drop.iter().map(ToString::to_string));
    dropped.sort();
    dropped.dedup();
    Ok(Text {
        type_code: kind.code.clone(),
        type_name: kind.name.clone(),
        subject: form.subject.clone(),
        body,
        urgency: form.urgency.unwrap_or(0).clamp(0, 4),
        pages: form.pages.unwrap_or(base.pages).clamp(1, 999),
        copies: form.copies.unwrap_or(base.copies).clamp(0, 999),
        due: form.due,
        to_places: form.to_places.clone(),
        signer: form.signer,
        signer_name,
        plan: Plan { agencies: form.to.clone(), groups: form.groups.clone() }.text(),
        dropped_files: dropped.join("\n"),
    })
}

/// From an incoming document to its answer in one press.
pub(crate) fn answer(cx: &mut Writer<'_, OutgoingDraft>) -> Reply {
    let origin = cx.open::<Incoming>(cx.path_id()?)?;
    let draft = reply::answer(cx, &origin)?;
    let values = [("symbol", origin.symbol.clone())];
    cx.done_with("documents.done.outgoing.answer", format!("{}/edit", path(draft.id)), &values, draft.id)
}

/// From an incoming document to a new one that passes it on, in one press.
pub(crate) fn forward(cx: &mut Writer<'_, OutgoingDraft>) -> Reply {
    let origin = cx.open::<Incoming>(cx.path_id()?)?;
    let form: ForwardForm = cx.form()?;
    let draft = reply::forward(cx, &origin, Plan { agencies: form.to, groups: form.groups })?;
    let values = [("symbol", origin.symbol.clone())];
    cx.done_with("documents.done.outgoing.forward", format!("{}/edit", path(draft.id)), &values, draft.id)
}
