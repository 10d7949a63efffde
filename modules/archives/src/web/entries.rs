//! One entry of a dossier: everything that is known of it, its files, and putting in and taking out.

use crate::actions::dossiers::{own, path, seen};
use crate::actions::entries::{self as actions, Told};
use crate::actions::people;
use crate::model::{DossierState, Entry, EntryKind};
use crate::rights::{DossierKeep, DossierRead};
use crate::web::contents::named;
use crate::web::dossier_show::kind_chip;
use base::form::{Field, Form, Upload};
use base::{Date, Error, Id};
use kernel::{Reader, Reply, Response, Routes, Writer};
use maud::{Markup, html};
use platform::files::{self, FileOf};
use ui::{ButtonKind, Crumb, FormOptions};

/// The routes of entries.
pub(crate) fn routes(r: &mut Routes) {
    r.get("/archives/dossiers/{id}/upload", upload_page);
    r.post("/archives/dossiers/{id}/upload", upload)
        .form::<UploadForm>()
        .page("/archives/dossiers/{id}/upload");
    r.get("/archives/entries/{id}", show);
    r.get("/archives/entries/{id}/files/{file}", file);
    r.post("/archives/entries/{id}/remove", remove).form::<RemoveForm>().page("/archives/entries/{id}");
}

base::form! {
    /// Files that are no registered document.
    pub(crate) struct UploadForm {
        subject: String = Field::area("archives.field.subject").required().max(500),
        dated: Date = Field::date("archives.field.dated").required(),
        type_name: String = Field::line("archives.field.type_name").max(100),
        symbol: String = Field::line("archives.field.document_symbol").max(41),
        author: String = Field::line("archives.field.author").max(200),
        pages: Option<i64> = Field::number("archives.field.pages").max(3),
        note: String = Field::line("archives.field.note").max(500),
        files: Vec<Upload> = Field::files("archives.field.files").required(),
    }
}

base::form! {
    /// Why an entry is taken out.
    pub(crate) struct RemoveForm {
        remove_reason: String = Field::area("archives.field.remove_reason").required().max(500),
    }
}

fn upload_page(cx: &Reader<'_, DossierKeep>) -> Reply {
    let dossier = own(cx, cx.path_id()?)?;
    let (t, state, field) = (cx.t(), cx.form_state(), ui::find_field::<UploadForm>);
    let address = path(dossier.id);
    let inner = html! {
        (ui::error_summary(t, &state, UploadForm::FIELDS))
        (ui::field(t, field("files"), &state, "", &[]))
        (ui::field(t, field("subject"), &state, "", &[]))
        (ui::fields(html! {
            (ui::field(t, field("dated"), &state, &cx.now().date().iso(), &[]))
            (ui::field(t, field("type_name"), &state, "", &[]))
        }))
        (ui::fields(html! {
            (ui::field(t, field("symbol"), &state, "", &[]))
            (ui::field(t, field("pages"), &state, "", &[]))
        }))
        (ui::field(t, field("author"), &state, &cx.actor().name, &[]))
        (ui::field(t, field("note"), &state, "", &[]))
        (ui::acts(ui::submit(t, "archives.upload.act", "ctrl+enter")))
    };
    let options = FormOptions { id: "upload", multipart: true, ..FormOptions::default() };
    let trail = [
        Crumb { label: t.text("archives.dossier.title"), href: "/archives/dossiers" },
        Crumb { label: &dossier.notation, href: &address },
    ];
    let body = html! {
        (ui::crumbs(t, &trail, t.text("archives.upload.title")))
        (ui::head(t.text("archives.upload.title"), html! { (dossier.title) }, html! {}))
        (ui::refused(cx.t(), cx.refusal(), cx.path()))
        (ui::form_with(t, &state, (&format!("{address}/upload"), &options), inner))
    };
    cx.page(t.text("archives.upload.title"), body.into_string())
}

fn upload(cx: &mut Writer<'_, DossierKeep>) -> Reply {
    let dossier = own(cx, cx.path_id()?)?;
    let ask: UploadForm = cx.form()?;
    let told = Told {
        subject: &ask.subject,
        dated: ask.dated,
        symbol: &ask.symbol,
        type_name: &ask.type_name,
        author: &ask.author,
        pages: ask.pages.unwrap_or(0).max(0),
        note: &ask.note,
    };
    let id = actions::upload(cx, &dossier, &told, &ask.files)?;
    cx.done_with("archives.done.uploaded", path(dossier.id), &[("n", ask.files.len().to_string())], id)
}

fn show(cx: &Reader<'_, DossierRead>) -> Reply {
    let entry = cx.open::<Entry>(cx.path_id()?)?;
    let dossier = seen(cx, entry.dossier)?;
    let (t, address) = (cx.t(), path(dossier.id));
    let title = named(&entry);
    let trail = [
        Crumb { label: t.text("archives.dossier.title"), href: "/archives/dossiers" },
        Crumb { label: &dossier.notation, href: &address },
    ];
    let removes = dossier.state == DossierState::Open
        && people(cx).contains(&dossier.keeper)
        && cx.may_at::<DossierKeep>(dossier.agency);
    let acts = html! {
        @if !entry.path.is_empty() {
            (ui::link_button(ButtonKind::Plain, "eye", t.text("archives.entry.see"), &entry.path))
        }
        @if entry.files > 0 && dossier.state != DossierState::Destroyed {
            form method="post" action={ "/archives/entries/" (entry.id) "/copy" } data-once {
                (ui::form_hidden(&cx.form_state()))
                button.btn { (ui::icon("print")) (t.text("archives.copy.act")) }
            }
        }
    };
    let body = html! {
        (ui::crumbs(t, &trail, &entry.symbol))
        (ui::head(&title, html! { (kind_chip(cx, entry.kind)) }, acts))
        (ui::refused(cx.t(), cx.refusal(), cx.path()))
        (ui::stack(html! {
            (facts(cx, &entry))
            (files_card(cx, &entry)?)
            @if removes { (remove_form(cx, &entry)) }
        }))
    };
    cx.page(title, body.into_string())
}

/// Every field that is known of it (annex VI, I.7b).
fn facts(cx: &Reader<'_, DossierRead>, entry: &Entry) -> Markup {
    let t = cx.t();
    let day = |day: Option<Date>| day.map(Date::dmy).unwrap_or_default();
    let number = |n: Option<i64>| n.map(|n| n.to_string()).unwrap_or_default();
    let signer = [entry.signer_position.as_str(), entry.signer_name.as_str()].join(" ");
    let all = [
        ("archives.field.document_id", entry.code.clone()),
        ("archives.sheet.ordinal", number(entry.ordinal)),
        ("archives.field.type_name", entry.type_name.clone()),
        ("archives.field.document_symbol", entry.symbol.clone()),
        ("archives.field.dated", entry.dated.dmy()),
        ("archives.field.author", entry.author.clone()),
        ("archives.field.subject", entry.subject.clone()),
        ("archives.field.pages", entry.pages.to_string()),
        ("archives.field.arrival_number", number(entry.arrival_number)),
        ("archives.field.arrived", entry.arrived_at.map(|at| at.date().dmy()).unwrap_or_default()),
        ("archives.field.signer", signer.trim().to_owned()),
        ("archives.field.due", day(entry.due)),
        ("archives.field.note", entry.note.clone()),
        ("archives.field.added", format!("{}, {}", entry.added_name, entry.added_at.dmy_hhmm())),
    ];
    let rows: Vec<(&str, Markup)> = all
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(key, value)| (t.text(key), html! { (value) }))
        .collect();
    ui::card("facts", t.text("archives.facts"), html! {}, ui::facts(&rows))
}

fn files_card(cx: &Reader<'_, DossierRead>, entry: &Entry) -> base::Result<Markup> {
    let t = cx.t();
    if entry.kind != EntryKind::Upload {
        return Ok(html! {});
    }
    let all = files::ever_of(cx, entry.id)?;
    let hrefs: Vec<String> = all
        .iter()
        .map(|file| match file.destroyed_at {
            None => format!("/archives/entries/{}/files/{}", entry.id, file.id),
            Some(_) => String::new(),
        })
        .collect();
    let lines: Vec<ui::Line<'_>> = all
        .iter()
        .zip(&hrefs)
        .map(|(file, href)| ui::Line {
            label: &file.name,
            href,
            note: match file.destroyed_at {
                None => html! { (t.fill("archives.file_size", &[("kb", &(file.bytes / 1024 + 1))])) },
                Some(at) => html! { (t.fill("archives.file_destroyed", &[("date", &at.date().dmy())])) },
            },
        })
        .collect();
    Ok(ui::card("files", t.text("archives.field.files"), html! {}, ui::lines(&lines)))
}

fn remove_form(cx: &Reader<'_, DossierRead>, entry: &Entry) -> Markup {
    let (t, state) = (cx.t(), cx.form_state());
    let inner = html! {
        (ui::error_summary(t, &state, RemoveForm::FIELDS))
        (ui::field(t, ui::find_field::<RemoveForm>("remove_reason"), &state, "", &[]))
        (ui::acts(html! { button.btn.btn--danger { (t.text("archives.remove.act")) } }))
    };
    let form = ui::form(t, &state, &format!("/archives/entries/{}/remove", entry.id), inner);
    ui::card("remove", t.text("archives.remove.title"), html! {}, form)
}

fn file(cx: &Reader<'_, DossierRead>) -> Reply {
    let entry = cx.open::<Entry>(cx.path_id()?)?;
    seen(cx, entry.dossier)?;
    let id: Id<FileOf> = cx.param("file")?.parse().map_err(|_| Error::NotFound)?;
    let file = files::one(cx, entry.id, id)?;
    Ok(Response::File { sha256: file.sha256, name: file.name, content_type: file.content_type })
}

fn remove(cx: &mut Writer<'_, DossierKeep>) -> Reply {
    let entry = cx.open::<Entry>(cx.path_id()?)?;
    let ask: RemoveForm = cx.form()?;
    actions::remove(cx, &entry, &ask.remove_reason)?;
    cx.done("archives.done.removed", path(entry.dossier))
}
