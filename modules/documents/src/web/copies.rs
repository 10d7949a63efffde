//! Making copies of documents, and the list of them in the order of their numbers.

use crate::actions::copies::{self as actions, CopyAsk, Made, Of, path, ready};
use crate::actions::outgoing::leaders;
use crate::actions::{incoming, outgoing};
use crate::model::copies::{CopyForm, DocumentCopy, Medium};
use crate::model::{Incoming, Outgoing};
use crate::rights::{CopyMake, OutgoingDraft, OutgoingRead};
use crate::rules;
use crate::rules::copies::Original;
use crate::rules::signing::{Competence, suggested};
use crate::rules::text::full_name;
use crate::store::copies as store;
use crate::web::copies_print::{self, extract};
use crate::web::incoming::after;
use crate::web::outgoing_acts::competence_text;
use base::form::Form;
use base::{Id, Refusal, Result, T, WhileDoing};
use contracts::print::PrintRequest;
use contracts::signing::{AsWhom, Order, Sheet, Signed, Source, Work};
use kernel::{Opened, Raw, Reader, Reply, Response, Routes, Writer};
use maud::{Markup, html};
use platform::outside::{self, Outside};
use platform::{organisations, signers};
use ui::{ButtonKind, Cell, Choice, Column, Crumb, FormOptions, Line, Paging, Table, Tone};

/// The routes of copies.
pub(crate) fn routes(r: &mut Routes) {
    r.get(LIST, list);
    r.data(LIST, list_data);
    r.get("/documents/copies/new", blank);
    outside::route(r, LIST, MAKE).form::<CopyAsk>().page("/documents/copies/new");
    r.get("/documents/copies/{id}", show);
    r.data("/documents/copies/{id}", show_data);
    r.get("/documents/copies/{id}/copy.pdf", copies_print::file);
    r.post("/documents/copies/{id}/send", send).page("/documents/copies/{id}");
}

const LIST: &str = "/documents/copies";
/// Lines of a page.
const PAGE: i64 = 50;

/// An electronic copy is signed by the agency; one on paper only gets its number.
const MAKE: Outside<CopyMake> = Outside {
    plain: |cx| {
        let ask: CopyAsk = cx.form()?;
        let copy = actions::make(cx, &ask, None)?;
        made(cx, &copy)
    },
    begin: order,
    prepare: |cx, _| sheet(cx),
    finish: |cx, _, made_| {
        let ask: CopyAsk = cx.form()?;
        let signed: Vec<Signed> = serde_json::from_value(made_).while_doing("reading", "what was signed")?;
        let copy = actions::make(cx, &ask, signed.first())?;
        made(cx, &copy)
    },
};

fn made(cx: &Writer<'_, CopyMake>, copy: &DocumentCopy) -> Reply {
    cx.done_with("documents.done.copies.made", path(copy.id), &[("symbol", copy.symbol.clone())], copy.id)
}

/// Whose key signs: the agency's, by the hand of its clerk (article 32.2c).
fn order(cx: &Reader<'_, CopyMake>) -> Result<Option<serde_json::Value>> {
    let ask: CopyAsk = cx.form()?;
    let ready = ready(cx, &ask)?;
    if matches!(ready.made, Made::Paper) {
        return Ok(None);
    }
    let signer = signers::of_agency(cx, ready.of.agency())?.ok_or_else(|| {
        Refusal::new("documents.copies.refuse.no_seal")
            .ground("Nghị định 30/2020/NĐ-CP, Điều 25.1c, Điều 32.2")
            .hint("documents.signing.hint.no_seal")
    })?;
    let thing = ask.incoming.map(base::Id::uuid).or_else(|| ask.outgoing.map(base::Id::uuid));
    let things = thing.map(|thing| (thing, named(&ready.of))).into_iter().collect();
    let pin = ask.pin.unwrap_or_default();
    let order = Order { signer: signer.id.uuid(), pin, things, back: LIST.to_owned() };
    serde_json::to_value(Work::Sign(order)).while_doing("writing", "what is to be signed").map(Some)
}

fn named(of: &Of) -> String {
    format!("{} «{}»", of.symbol(), of.subject())
}

/// What is signed: form, agency and time stand in the upper right corner (annex I, part II, I.3).
fn sheet(cx: &Reader<'_, CopyMake>) -> Result<serde_json::Value> {
    let ask: CopyAsk = cx.form()?;
    let ready = ready(cx, &ask)?;
    let source = match &ready.made {
        Made::File(sha256) => Source::Stored(sha256.clone()),
        Made::Extract => {
            let part = extract(cx, &ready.of, ask.extract.trim())?;
            Source::Print(Box::new(PrintRequest::Document(Box::new(part))))
        }
        Made::Paper => return Err(base::Error::NotFound),
    };
    let agency = organisations::agency(cx, ready.of.agency())?;
    let corner = vec![form_text(cx.t(), ask.form).to_owned(), full_name(&agency.name), cx.now().rfc3339()];
    let sheet = Sheet { source, name: named(&ready.of), as_whom: AsWhom::Copy(corner), note: String::new() };
    serde_json::to_value([sheet]).while_doing("writing", "what is to be signed")
}

/// The name of a form.
pub(crate) fn form_text(t: T, form: CopyForm) -> &'static str {
    match form {
        CopyForm::Whole => t.text("documents.copies.form.whole"),
        CopyForm::OfCopy => t.text("documents.copies.form.of_copy"),
        CopyForm::Extract => t.text("documents.copies.form.extract"),
    }
}

fn medium_text(t: T, medium: Medium) -> &'static str {
    match medium {
        Medium::Electronic => t.text("documents.copies.medium.electronic"),
        Medium::Paper => t.text("documents.copies.medium.paper"),
    }
}

/// The document a form is about, as it was posted or as the address says; `None` when neither does.
fn about(cx: &Raw<'_>) -> Result<Option<((String, String), Of)>> {
    let state = cx.form_state();
    let word = |name: &str| {
        let posted = state.input.and_then(|input| input.get(name));
        posted.or_else(|| cx.query(name)).unwrap_or("").to_owned()
    };
    let (incoming, outgoing) = (word("incoming"), word("outgoing"));
    if incoming.is_empty() && outgoing.is_empty() {
        return Ok(None);
    }
    let of = Of::open(cx, (incoming.parse().ok(), outgoing.parse().ok()))?;
    Ok(Some(((incoming, outgoing), of)))
}

fn blank(cx: &Reader<'_, CopyMake>) -> Reply {
    let (t, state) = (cx.t(), cx.form_state());
    let title = t.text("documents.copies.new");
    let Some((ids, of)) = about(cx)? else {
        let empty =
            ui::empty(t.text("documents.copies.of_what"), t.text("documents.copies.none_text"), html! {});
        let body = html! {
            (ui::crumbs(t, &[Crumb { label: t.text("documents.copies.title"), href: LIST }], title))
            (ui::head(title, html! {}, html! {}))
            (empty)
        };
        return cx.page(title, body.into_string());
    };
    let options = FormOptions { id: "copy", multipart: true, guard: true, ..FormOptions::default() };
    let back = page_of(&of);
    let body = html! {
        (ui::crumbs(t, &[Crumb { label: of.symbol(), href: &back }], title))
        (ui::head(title, html! { (named(&of)) }, html! {}))
        (ui::stack(html! {
            (advice(t, of.original(cx)?))
            (ui::refused(t, cx.refusal(), cx.path()))
            (ui::form_with(t, &state, (LIST, &options), fields(cx, (&ids.0, &ids.1), &of)?))
        }))
    };
    cx.page(title, body.into_string())
}

/// What the decree lets be made of it.
fn advice(t: T, original: Original) -> Markup {
    let key = match original {
        Original::Paper => "documents.copies.of_paper",
        Original::Electronic => "documents.copies.of_file",
    };
    ui::banner(Tone::Plain, "copy", html! { (t.text(key)) }, html! {})
}

fn fields(cx: &Reader<'_, CopyMake>, (incoming, outgoing): (&str, &str), of: &Of) -> Result<Markup> {
    let (t, state) = (cx.t(), cx.form_state());
    let agency = organisations::agency(cx, of.agency())?;
    let forms: Vec<Choice<'_>> =
        CopyForm::ALL.iter().map(|form| Choice::new(form.word(), form_text(t, *form))).collect();
    let media: Vec<Choice<'_>> =
        Medium::ALL.iter().map(|medium| Choice::new(medium.word(), medium_text(t, *medium))).collect();
    let named: Vec<(String, String)> =
        of.pdfs(cx)?.into_iter().map(|file| (file.id.to_string(), file.name)).collect();
    let mut files = vec![Choice::new("", t.text("documents.copies.field.no_file"))];
    files.extend(named.iter().map(|(id, name)| Choice::new(id, name)));
    let leaders = leaders(cx, agency.id)?;
    let people: Vec<(String, String)> =
        leaders.iter().map(|one| (one.person.to_string(), format!("{}, {}", one.name, one.title))).collect();
    let people: Vec<Choice<'_>> = people.iter().map(|(id, name)| Choice::new(id, name)).collect();
    let competences: Vec<Choice<'_>> =
        Competence::ALL.iter().map(|one| Choice::new(one.word(), competence_text(cx, *one))).collect();
    let title = leaders.first().map_or("", |one| one.title.as_str());
    let competence = suggested(title, agency.kind == "committee").word();
    let (is_paper, field) = (of.original(cx)? == Original::Paper, ui::find_field::<CopyAsk>);
    let medium = if is_paper { Medium::Electronic } else { Medium::Paper }.word();
    let leader = people.first().map_or("", |one| one.value);
    let first = named.first().filter(|_| is_paper).map_or("", |(id, _)| id.as_str());
    Ok(html! {
        (ui::error_summary(t, &state, CopyAsk::FIELDS))
        (ui::field(t, field("incoming"), &state, incoming, &[]))
        (ui::field(t, field("outgoing"), &state, outgoing, &[]))
        (ui::fields(html! {
            (ui::field(t, field("form"), &state, CopyForm::Whole.word(), &forms))
            (ui::field(t, field("medium"), &state, medium, &media))
        }))
        (ui::field(t, field("file"), &state, first, &files))
        (ui::field(t, field("scan"), &state, "", &[]))
        (ui::field(t, field("extract"), &state, "", &[]))
        (ui::fields(html! {
            (ui::field(t, field("signer"), &state, leader, &people))
            (ui::field(t, field("competence"), &state, competence, &competences))
        }))
        (ui::field(t, field("to_places"), &state, t.text("documents.copies.template.places"), &[]))
        (ui::field(t, field("pin"), &state, "", &[]))
        (ui::acts(ui::submit(t, "documents.copies.button.make", "ctrl+enter")))
    })
}

fn page_of(of: &Of) -> String {
    match of {
        Of::Incoming(document) => incoming::path(document.id),
        Of::Outgoing(document) => outgoing::path(document.id),
    }
}

/// One page of copies, and where the next begins.
fn page_of_list(cx: &Reader<'_, OutgoingRead>) -> Result<(Vec<DocumentCopy>, Option<String>)> {
    let mut copies = store::list(cx, after(cx), PAGE + 1)?;
    let page = usize::try_from(PAGE).unwrap_or(50);
    let more = copies.len() > page;
    copies.truncate(page);
    let next = copies.last().filter(|_| more).map(|copy| format!("{}.{}", copy.made_at.micros(), copy.id));
    Ok((copies, next))
}

fn list(cx: &Reader<'_, OutgoingRead>) -> Reply {
    let t = cx.t();
    let (copies, next) = page_of_list(cx)?;
    let older = next.map(|next| format!("{LIST}?after={next}"));
    let title = t.text("documents.copies.title");
    let body = html! {
        (ui::head(title, html! { (t.text("documents.copies.sub")) }, html! {}))
        @if copies.is_empty() {
            (ui::empty(t.text("documents.copies.none"), t.text("documents.copies.none_text"), html! {}))
        } @else {
            (table(t, &copies))
            (ui::pager(t, &Paging { newer: None, older: older.as_deref(), shown: "" }))
        }
    };
    cx.page(title, body.into_string())
}

fn table(t: T, copies: &[DocumentCopy]) -> Markup {
    let columns = [
        Column::new(t.text("documents.copies.field.symbol"), Cell::Nowrap),
        Column::new(t.text("documents.copies.field.of"), Cell::Title),
        Column::new(t.text("documents.copies.field.form"), Cell::Text),
        Column::new(t.text("documents.copies.field.made"), Cell::Text),
    ];
    let rows: Vec<Vec<Markup>> = copies
        .iter()
        .map(|copy| {
            vec![
                html! { b { (copy.symbol) } },
                html! { a href=(path(copy.id)) { (copy.of_symbol) } " " span.muted { (copy.subject) } },
                html! { (form_text(t, copy.form)) ", " (medium_text(t, copy.medium)) },
                html! { (copy.made_by) ", " (copy.made_at.dmy_hhmm()) },
            ]
        })
        .collect();
    ui::table(&Table {
        caption: t.text("documents.copies.title"),
        columns: &columns,
        rows: &rows,
        register: false,
    })
}

fn list_data(cx: &Reader<'_, OutgoingRead>) -> Reply {
    let (copies, next) = page_of_list(cx)?;
    let items: Vec<serde_json::Value> = copies.iter().map(json).collect();
    Ok(Response::Json(serde_json::json!({ "items": items, "after": next })))
}

fn show_data(cx: &Reader<'_, OutgoingRead>) -> Reply {
    Ok(Response::Json(json(&*cx.open::<DocumentCopy>(cx.path_id()?)?)))
}

fn json(copy: &DocumentCopy) -> serde_json::Value {
    serde_json::json!({
        "id": copy.id, "form": copy.form.word(), "medium": copy.medium.word(), "number": copy.number,
        "symbol": copy.symbol, "incoming": copy.incoming, "outgoing": copy.outgoing, "of": copy.of_symbol,
        "subject": copy.subject, "signer": copy.signer_name, "made_on": copy.made_on, "made_at": copy.made_at,
        "made_by": copy.made_by, "sha256": copy.sha256,
    })
}

fn show(cx: &Reader<'_, OutgoingRead>) -> Reply {
    let copy = cx.open::<DocumentCopy>(cx.path_id()?)?;
    let t = cx.t();
    let pdf = format!("{}/copy.pdf", path(copy.id));
    let may_send = copy.medium == Medium::Electronic && cx.may_at::<OutgoingDraft>(copy.agency);
    let acts = html! {
        (ui::link_button(ButtonKind::Primary, "print", t.text("documents.copies.open"), &pdf))
        @if may_send {
            form method="post" action={ (path(copy.id)) "/send" } {
                input type="hidden" name="_csrf" value=(cx.form_state().csrf);
                button.btn { (ui::icon("send")) (t.text("documents.copies.button.send")) }
            }
        }
    };
    let sub = html! {
        (ui::chip(Tone::Ok, "copy", form_text(t, copy.form)))
        span { (medium_text(t, copy.medium)) " · " (copy.of_symbol) }
    };
    let body = html! {
        (ui::crumbs(t, &[Crumb { label: t.text("documents.copies.title"), href: LIST }], &copy.symbol))
        (ui::head(&copy.symbol, sub, acts))
        (ui::refused(t, cx.refusal(), cx.path()))
        (ui::card("facts", t.text("documents.facts"), html! {}, facts(cx, &copy)))
    };
    cx.page(copy.symbol.clone(), body.into_string())
}

fn facts(cx: &Raw<'_>, copy: &Opened<DocumentCopy>) -> Markup {
    let t = cx.t();
    let origin = match (copy.incoming, copy.outgoing) {
        (Some(id), _) => incoming::path(id),
        (None, Some(id)) => outgoing::path(id),
        (None, None) => String::new(),
    };
    let signer = [&copy.signer_competence, &copy.signer_position].map(String::as_str).join(" ");
    let mut rows = vec![
        (
            t.text("documents.copies.field.of"),
            html! { a href=(origin) { (copy.of_symbol) } ", " (copy.subject) },
        ),
        (t.text("documents.copies.field.made_on"), html! { (copy.made_on.dmy()) }),
        (t.text("documents.copies.field.signer"), html! { (copy.signer_name) ", " (signer.trim()) }),
        (t.text("documents.copies.field.made"), html! { (copy.made_by) ", " (copy.made_at.dmy_hhmm()) }),
    ];
    if !copy.to_places.is_empty() {
        let places = html! { @for line in copy.to_places.lines() { div { (line) } } };
        rows.push((t.text("documents.copies.field.places"), places));
    }
    if !copy.extract.is_empty() {
        let part = html! { @for line in copy.extract.lines() { div { (line) } } };
        rows.push((t.text("documents.copies.field.extract"), part));
    }
    ui::facts(&rows)
}

fn send(cx: &mut Writer<'_, OutgoingDraft>) -> Reply {
    let copy = cx.open::<DocumentCopy>(cx.path_id()?)?;
    let draft = actions::send(cx, &copy)?;
    let to = format!("{}/edit", outgoing::path(draft.id));
    cx.done_with("documents.done.copies.sent", to, &[("symbol", copy.symbol.clone())], draft.id)
}

/// The copies of a document that came, and the way to another.
pub(crate) fn card_of_incoming(cx: &Raw<'_>, document: &Opened<Incoming>) -> Result<Markup> {
    let may = cx.may_at::<CopyMake>(document.agency) && rules::incoming::stands(document).is_ok();
    let new = may.then(|| new_path("incoming", document.id));
    Ok(card(cx, &store::of_incoming(cx, document.id)?, new))
}

/// The same of one of the agency's own.
pub(crate) fn card_of_outgoing(cx: &Raw<'_>, document: &Opened<Outgoing>) -> Result<Markup> {
    let may = cx.may_at::<CopyMake>(document.agency) && rules::copies::is_issued(document).is_ok();
    let new = may.then(|| new_path("outgoing", document.id));
    Ok(card(cx, &store::of_outgoing(cx, document.id)?, new))
}

fn new_path<N>(name: &str, id: Id<N>) -> String {
    format!("{LIST}/new?{name}={id}")
}

fn card(cx: &Raw<'_>, copies: &[DocumentCopy], new: Option<String>) -> Markup {
    if copies.is_empty() && new.is_none() {
        return html! {};
    }
    let t = cx.t();
    let named: Vec<(String, Markup)> = copies
        .iter()
        .map(|copy| (path(copy.id), html! { (form_text(t, copy.form)) ", " (copy.made_on.dmy()) }))
        .collect();
    let lines: Vec<Line<'_>> = copies
        .iter()
        .zip(&named)
        .map(|(copy, (href, note))| Line { label: &copy.symbol, href, note: note.clone() })
        .collect();
    let all = html! { a.small href=(LIST) { (t.text("documents.copies.title")) } };
    let body = ui::stack(html! {
        @if !lines.is_empty() { (ui::lines(&lines)) }
        @if let Some(new) = &new {
            (ui::acts(ui::link_button(ButtonKind::Plain, "copy", t.text("documents.copies.new"), new)))
        }
    });
    ui::card("copies", t.text("documents.copies.of_this"), all, body)
}
