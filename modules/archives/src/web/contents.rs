//! The table of contents of a dossier (annex V, part IV).

use crate::actions::dossiers::{path, seen};
use crate::model::{Dossier, Entry};
use crate::rights::DossierRead;
use crate::store::entries as store;
use crate::web::sheet::Sheet;
use crate::web::{print, print_banner, print_link};
use base::{Result, text};
use kernel::{Raw, Reader, Reply, Routes};
use maud::html;
use platform::organisations;
use ui::{Cell, Crumb};

/// The routes of the table of contents.
pub(crate) fn routes(r: &mut Routes) {
    r.get("/archives/dossiers/{id}/contents", page);
    r.get("/archives/dossiers/{id}/contents.xlsx", |cx: &Reader<'_, DossierRead>| {
        sheet(cx, &*seen(cx, cx.path_id()?)?)?.xlsx()
    });
    r.get("/archives/dossiers/{id}/contents.csv", |cx: &Reader<'_, DossierRead>| {
        Ok(sheet(cx, &*seen(cx, cx.path_id()?)?)?.csv())
    });
}

/// Type and subject, as the decree's form has them in one column.
pub(crate) fn named(entry: &Entry) -> String {
    match entry.type_name.as_str() {
        "" => entry.subject.clone(),
        kind => format!("{kind}: {}", entry.subject),
    }
}

/// The pages of each entry, counted through the dossier: `1–3`. Empty where nobody has counted.
pub(crate) fn page_numbers(entries: &[Entry]) -> Vec<String> {
    let mut next = 1_i64;
    let mut out = Vec::with_capacity(entries.len());
    for entry in entries {
        let (first, last) = (next, next.saturating_add(entry.pages).saturating_sub(1));
        out.push(match entry.pages {
            ..=0 => String::new(),
            1 => first.to_string(),
            _ => format!("{first}–{last}"),
        });
        next = next.saturating_add(entry.pages.max(0));
    }
    out
}

/// The table of contents as a sheet.
pub(crate) fn sheet(cx: &Raw<'_>, dossier: &Dossier) -> Result<Sheet> {
    let t = cx.t();
    let entries = store::of(cx, dossier.id)?;
    let pages = page_numbers(&entries);
    let rows: Vec<Vec<String>> = (1_usize..)
        .zip(entries.iter().zip(pages))
        .map(|(n, (entry, pages))| {
            vec![
                n.to_string(),
                entry.symbol.clone(),
                entry.dated.dmy(),
                named(entry),
                entry.author.clone(),
                pages,
                entry.note.clone(),
            ]
        })
        .collect();
    let head = |key: &str, cell: Cell| (t.text(key).to_owned(), cell);
    let links = entries.iter().map(|entry| format!("/archives/entries/{}", entry.id)).collect();
    let (notation, year) = (&dossier.notation, dossier.year);
    Ok(Sheet {
        agency: organisations::agency(cx, dossier.agency)?.name,
        title: t.text("archives.contents.heading").to_owned(),
        note: t.fill(
            "archives.contents.note",
            &[("notation", notation), ("year", &year), ("title", &dossier.title)],
        ),
        file: format!(
            "{}-{}",
            text::slug_ascii(t.text("archives.contents.title")),
            text::slug_ascii(notation)
        ),
        heads: vec![
            head("archives.sheet.ordinal", Cell::Number),
            head("archives.sheet.symbol", Cell::Nowrap),
            head("archives.sheet.date", Cell::Nowrap),
            head("archives.sheet.type_and_subject", Cell::Title),
            head("archives.sheet.author", Cell::Text),
            head("archives.sheet.pages", Cell::Nowrap),
            head("archives.field.note", Cell::Text),
        ],
        rows,
        links,
    })
}

fn page(cx: &Reader<'_, DossierRead>) -> Reply {
    let dossier = seen(cx, cx.path_id()?)?;
    let (t, address) = (cx.t(), path(dossier.id));
    let sheet = sheet(cx, &dossier)?;
    let acts = html! {
        (Sheet::export_links(t, &format!("{address}/contents")))
        (print::link(t, "archives.contents.title", &format!("{address}/contents.pdf")))
        (print_link(t, &format!("{address}/contents")))
    };
    let trail = [
        Crumb { label: t.text("archives.dossier.title"), href: "/archives/dossiers" },
        Crumb { label: &dossier.notation, href: &address },
    ];
    let body = html! {
        (ui::crumbs(t, &trail, t.text("archives.contents.title")))
        (ui::head(t.text("archives.contents.title"), html! { (sheet.note) }, acts))
        (print_banner(cx))
        @if sheet.rows.is_empty() {
            (ui::empty(t.text("archives.contents.none"), t.text("archives.contents.none_hint"), html! {}))
        } @else { (sheet.shown()) }
    };
    cx.page(t.text("archives.contents.title"), body.into_string())
}
