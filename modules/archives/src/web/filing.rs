//! "Đưa vào hồ sơ": a document that another module keeps goes into dossiers of the actor, by reference.

use crate::actions::dossiers::path;
use crate::actions::entries::{self as actions, Document};
use crate::model::Dossier;
use crate::rights::DossierKeep;
use crate::store::{dossiers, entries};
use crate::web::chosen;
use base::form::{Field, Form};
use base::{Error, Id, Result};
use contracts::DocumentFacts;
use kernel::{Asked, Raw, Reader, Reply, Routes, Writer};
use maud::{Markup, html};
use ui::{ButtonKind, Choice};

/// The routes of filing.
pub(crate) fn routes(r: &mut Routes) {
    r.get("/archives/file", page);
    r.post("/archives/file", file).form::<FileForm>().page("/archives/file");
}

base::form! {
    /// Where a document goes.
    pub(crate) struct FileForm {
        dossiers: Vec<String> = Field::many("archives.field.dossiers").required(),
        remark: String = Field::line("archives.field.note").max(500),
    }
}

fn document(cx: &Raw<'_>) -> Result<Document> {
    Document::named((cx.query("incoming"), cx.query("outgoing")))
}

fn page(cx: &Reader<'_, DossierKeep>) -> Reply {
    let t = cx.t();
    let title = t.text("archives.file.title");
    if cx.query("incoming").is_none() && cx.query("outgoing").is_none() {
        let hint = t.text("archives.file.which_hint");
        let empty = ui::empty(t.text("archives.file.which"), hint, html! {});
        return cx.page(title, html! { (ui::head(title, html! {}, html! {})) (empty) }.into_string());
    }
    let document = document(cx)?;
    let facts = match actions::facts_for(cx, document)? {
        Asked::Answered(facts) => facts,
        Asked::NotInstalled => {
            let body = html! {
                (ui::head(title, html! {}, html! {}))
                (ui::empty(t.text("archives.file.not_installed"), "", html! {}))
            };
            return cx.page(title, body.into_string());
        }
    };
    let lies_in = entries::dossiers_of(cx, document.id)?;
    let mut known: Vec<(String, String)> = Vec::new();
    for id in &lies_in {
        match crate::actions::dossiers::seen(cx, *id) {
            Ok(dossier) => known.push((format!("{} {}", dossier.notation, dossier.title), path(*id))),
            Err(Error::NotFound) => {}
            Err(error) => return Err(error),
        }
    }
    let lines: Vec<ui::Line<'_>> =
        known.iter().map(|(label, href)| ui::Line { label, href, note: html! {} }).collect();
    let body = html! {
        (ui::crumbs(t, &[ui::Crumb { label: &facts.symbol, href: &facts.path }], title))
        (ui::head(title, html! { (facts.type_name) " " (facts.symbol) ": " (facts.subject) }, html! {}))
        (ui::refused(cx.t(), cx.refusal(), cx.path()))
        (ui::stack(html! {
            @if !lines.is_empty() {
                (ui::card("lies-in", t.text("archives.file.lies_in"), html! {}, ui::lines(&lines)))
            }
            (form(cx, document, (&facts, &lies_in))?)
        }))
    };
    cx.page(title, body.into_string())
}

fn query(document: Document) -> String {
    format!("?{}={}", document.kind.word(), document.id)
}

fn form(
    cx: &Reader<'_, DossierKeep>,
    document: Document,
    (facts, lies_in): (&DocumentFacts, &[Id<Dossier>]),
) -> Result<Markup> {
    let (t, state, field) = (cx.t(), cx.form_state(), ui::find_field::<FileForm>);
    let mut open = dossiers::open_of(cx, facts.agency, cx.person()?)?;
    open.retain(|(id, ..)| !lies_in.contains(id));
    let named: Vec<(String, String)> =
        open.iter().map(|(id, notation, title)| (id.to_string(), format!("{notation} {title}"))).collect();
    let options: Vec<Choice<'_>> = named.iter().map(|(id, label)| Choice::new(id, label)).collect();
    let new = format!("/archives/dossiers/new{}", query(document));
    let link = |kind, icon| ui::link_button(kind, icon, t.text("archives.dossier.new"), &new);
    if options.is_empty() {
        let act = link(ButtonKind::Primary, "");
        return Ok(ui::empty(
            t.text("archives.file.no_dossier"),
            t.text("archives.file.no_dossier_hint"),
            act,
        ));
    }
    // Whoever keeps one dossier has nothing to choose.
    let only = if let [only] = options.as_slice() { only.value } else { "" };
    let inner = html! {
        (ui::error_summary(t, &state, FileForm::FIELDS))
        (ui::field(t, field("dossiers"), &state, cx.query("into").unwrap_or(only), &options))
        (ui::field(t, field("remark"), &state, "", &[]))
        (ui::acts(html! {
            (ui::submit(t, "archives.file.act", "ctrl+enter"))
            (link(ButtonKind::Quiet, "plus"))
        }))
    };
    Ok(ui::form(t, &state, &format!("/archives/file{}", query(document)), inner))
}

fn file(cx: &mut Writer<'_, DossierKeep>) -> Reply {
    let document = document(cx)?;
    let ask: FileForm = cx.form()?;
    let into: Vec<Id<Dossier>> = chosen(&ask.dossiers);
    if into.is_empty() {
        return Err(Error::field("dossiers", "form.choose"));
    }
    let (n, back) = actions::file(cx, document, &into, &ask.remark)?;
    let id = Id::<()>::of(document.id);
    cx.done_with("archives.done.filed", back, &[("n", n.to_string())], id)
}
