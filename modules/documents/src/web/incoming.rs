//! Incoming documents: the list, one document, and what is done to it.

use crate::actions::incoming::{self as actions, Ask, path};
use crate::model::{Incoming, IncomingStatus};
use crate::rights::{IncomingAssign, IncomingDirect, IncomingHandle, IncomingRead, IncomingRegister};
use crate::store::incoming as store;
use crate::web::{incoming_acts, incoming_list, incoming_show, paper};
use base::form::Field;
use base::{Date, Error, Id, Instant, PersonId};
use kernel::{Reader, Reply, Response, Routes, Writer};
use platform::files::{self, FileOf};

/// The routes of incoming documents.
pub(crate) fn routes(r: &mut Routes) {
    r.get("/documents/incoming", list);
    r.get("/documents/incoming/new", paper::blank);
    r.post("/documents/incoming", paper::enter)
        .form::<crate::actions::arrival::PaperForm>()
        .page("/documents/incoming/new");
    r.get("/documents/incoming/import", paper::import_blank);
    r.get("/documents/incoming/import/progress", paper::import_progress);
    r.post("/documents/incoming/import", paper::import_files)
        .form::<crate::actions::arrival::ImportForm>()
        .page("/documents/incoming/import");
    r.get("/documents/incoming/{id}", show);
    r.get("/documents/incoming/{id}/files/{file}", file);
    r.post("/documents/incoming/accept-many", accept_many);
    r.post("/documents/incoming/{id}/accept", accept).page("/documents/incoming/{id}");
    r.post("/documents/incoming/{id}/return", return_to_sender)
        .form::<ReturnForm>()
        .page("/documents/incoming/{id}");
    r.post("/documents/incoming/{id}/direct", direct).form::<DirectForm>().page("/documents/incoming/{id}");
    r.post("/documents/incoming/{id}/assign", assign).form::<AssignForm>().page("/documents/incoming/{id}");
    r.post("/documents/incoming/{id}/begin", begin).page("/documents/incoming/{id}");
    r.post("/documents/incoming/{id}/note", note).form::<NoteForm>().page("/documents/incoming/{id}");
    r.data("/documents/incoming", list_data);
    r.data("/documents/incoming/{id}", show_data);
}

base::form! {
    /// Why a document is sent back.
    pub(crate) struct ReturnForm {
        reason: String = Field::area("documents.field.return_reason").required().max(500),
    }
}

base::form! {
    /// A leader's direction.
    pub(crate) struct DirectForm {
        lead: String = Field::choice("documents.field.lead").required(),
        with: Vec<String> = Field::many("documents.field.with"),
        template: Option<String> = Field::choice("documents.direct.template").max(40),
        instruction: String = Field::area("documents.field.own_words").max(2000),
        due: Option<Date> = Field::date("documents.field.handle_due"),
    }
}

base::form! {
    /// A head's assignment.
    pub(crate) struct AssignForm {
        person: PersonId = Field::choice("documents.field.person").required(),
        due: Option<Date> = Field::date("documents.field.handle_due"),
    }
}

base::form! {
    /// A closing note.
    pub(crate) struct NoteForm {
        note: String = Field::area("documents.field.note").required().max(2000),
    }
}

/// How many lines a page of a list shows.
pub(crate) const PAGE: i64 = 50;

/// The point of a list to go on from: `micros.id` in the query `after`.
pub(crate) fn after<N>(cx: &Reader<'_, impl kernel::Permission>) -> (Instant, Id<N>) {
    let end = (Instant::from_micros(i64::MAX), Id::of(uuid::Uuid::max()));
    let Some((micros, id)) = cx.query("after").and_then(|word| word.split_once('.')) else { return end };
    match (micros.parse(), id.parse()) {
        (Ok(micros), Ok(id)) => (Instant::from_micros(micros), id),
        _ => end,
    }
}

/// The page of the desk an act was done from: whoever works through a queue stays in it.
pub(crate) fn desk(cx: &Writer<'_, impl kernel::Permission>) -> Option<String> {
    let back = cx.posted("back")?;
    (back == "/" || back.starts_with("/?")).then(|| back.to_owned())
}

fn page_of_list(cx: &Reader<'_, IncomingRead>) -> base::Result<(Option<IncomingStatus>, Vec<store::Line>)> {
    let status = cx.query("status").and_then(IncomingStatus::parse);
    let lines = match cx.query("symbol") {
        Some(symbol) => store::by_symbol(cx, symbol)?,
        // The longest overdue, as many as a page holds: who has settled those comes back for the next.
        None if incoming_list::is_followed(cx) => crate::store::follow::incoming(cx, PAGE)?,
        None if incoming_list::is_late(cx) => store::late(cx, PAGE)?,
        None => store::list(cx, status, after(cx), PAGE + 1)?,
    };
    Ok((status, lines))
}

pub(crate) fn list(cx: &Reader<'_, IncomingRead>) -> Reply {
    let (status, lines) = page_of_list(cx)?;
    let standing = store::standing(cx)?;
    let counted = |status| standing.iter().find(|(known, _)| *known == status).map_or(0, |(_, n)| *n);
    // What is finished grows for ever, and nobody waits for it.
    let count = |status: &IncomingStatus| incoming_list::is_open(*status).then(|| counted(*status));
    let counts: Vec<_> = incoming_list::TABS.iter().map(|status| (*status, count(status))).collect();
    incoming_list::page(cx, status, (&counts, store::count_late(cx)?), lines)
}

pub(crate) fn list_data(cx: &Reader<'_, IncomingRead>) -> Reply {
    let (_, mut lines) = page_of_list(cx)?;
    let page = usize::try_from(PAGE).unwrap_or(50);
    let next = lines.get(page.saturating_sub(1)).filter(|_| lines.len() > page).map(incoming_list::cursor);
    lines.truncate(page);
    let items: Vec<serde_json::Value> = lines.iter().map(incoming_list::line_json).collect();
    Ok(Response::Json(serde_json::json!({ "items": items, "after": next })))
}

pub(crate) fn show(cx: &Reader<'_, IncomingRead>) -> Reply {
    let document = cx.open::<Incoming>(cx.path_id()?)?;
    incoming_show::page(cx, &document)
}

pub(crate) fn show_data(cx: &Reader<'_, IncomingRead>) -> Reply {
    let document = cx.open::<Incoming>(cx.path_id()?)?;
    let files = files::of(cx, document.id)?;
    let history = cx.told_of(document.id)?;
    Ok(Response::Json(incoming_show::json(cx, &document, &files, &history)))
}

pub(crate) fn file(cx: &Reader<'_, IncomingRead>) -> Reply {
    let document = cx.open::<Incoming>(cx.path_id()?)?;
    let id: Id<FileOf> = cx.param("file")?.parse().map_err(|_| Error::NotFound)?;
    let file = files::one(cx, document.id, id)?;
    Ok(Response::File { sha256: file.sha256, name: file.name, content_type: file.content_type })
}

/// Registers and hands to the leader in one press.
pub(crate) fn accept(cx: &mut Writer<'_, IncomingRegister>) -> Reply {
    let document = cx.open::<Incoming>(cx.path_id()?)?;
    let number = actions::register(cx, &document)?;
    let values = [("number", number.to_string()), ("symbol", document.symbol.clone())];
    let to = desk(cx).unwrap_or_else(|| path(document.id));
    cx.done_with("documents.done.registered", to, &values, document.id)
}

/// Registers every chosen document; one that cannot be registered stops none of the others.
pub(crate) fn accept_many(cx: &mut Writer<'_, IncomingRegister>) -> Reply {
    let ids: Vec<Id<Incoming>> =
        cx.posted_all("pick").filter_map(|word| word.parse().ok()).take(200).collect();
    let mut done = 0;
    for id in &ids {
        let document = cx.open::<Incoming>(*id)?;
        if crate::rules::incoming::register(&document).is_ok() {
            actions::register(cx, &document)?;
            done += 1;
        }
    }
    let left = ids.len().saturating_sub(done);
    let values = [("n", done.to_string()), ("left", left.to_string())];
    let first = ids.first().copied().unwrap_or_else(|| Id::of(uuid::Uuid::nil()));
    cx.done_with("documents.done.registered_many", desk(cx).unwrap_or_else(|| "/".to_owned()), &values, first)
}

pub(crate) fn return_to_sender(cx: &mut Writer<'_, IncomingRegister>) -> Reply {
    let document = cx.open::<Incoming>(cx.path_id()?)?;
    let ask: ReturnForm = cx.form()?;
    actions::return_to_sender(cx, &document, &ask.reason)?;
    cx.done("documents.done.returned", path(document.id))
}

pub(crate) fn direct(cx: &mut Writer<'_, IncomingDirect>) -> Reply {
    let document = cx.open::<Incoming>(cx.path_id()?)?;
    let form: DirectForm = cx.form()?;
    let lead = actions::named(cx, &document, (&form.lead, "lead"))?;
    let mut with = Vec::new();
    for word in &form.with {
        with.push(actions::named(cx, &document, (word, "with"))?);
    }
    let name = lead.name.clone();
    let instruction =
        incoming_acts::instruction(cx, &document, (form.template.as_deref(), &form.instruction))?;
    let ask = Ask { lead, with, instruction, due: form.due };
    actions::direct(cx, &document, &ask)?;
    cx.done_with("documents.done.directed", path(document.id), &[("lead", name)], document.id)
}

pub(crate) fn assign(cx: &mut Writer<'_, IncomingAssign>) -> Reply {
    let document = cx.open::<Incoming>(cx.path_id()?)?;
    let form: AssignForm = cx.form()?;
    let name = actions::assign(cx, &document, (form.person, form.due))?;
    cx.done_with("documents.done.assigned", path(document.id), &[("person", name)], document.id)
}

pub(crate) fn begin(cx: &mut Writer<'_, IncomingHandle>) -> Reply {
    let document = cx.open::<Incoming>(cx.path_id()?)?;
    actions::begun(cx, &document)?;
    cx.done("documents.done.begun", path(document.id))
}

pub(crate) fn note(cx: &mut Writer<'_, IncomingHandle>) -> Reply {
    let document = cx.open::<Incoming>(cx.path_id()?)?;
    let form: NoteForm = cx.form()?;
    actions::begun(cx, &document)?;
    actions::close_with_note(cx, &document, &form.note)?;
    cx.done("documents.done.noted", path(document.id))
}
