//! Copies to be read and printed: a whole dossier as one PDF, and the files of one document, each page with who
//! made it, when, for which agency (annex VI, I.4g and I.6k). Making one is an act that is recorded; the stored files
//! stay as they are, and a signature is in them and not in the copy.

use crate::actions::dossiers::{self as actions, file_code, seen};
use crate::model::{Dossier, Entry};
use crate::rights::DossierRead;
use crate::store::dossiers as store;
use crate::store::entries;
use crate::web::contents::named;
use crate::web::export::{self, Packed};
use crate::web::{print, retention};
use base::{Error, Instant, Refusal, Result};
use contracts::print::{Binding, Bound, PrintRequest};
use kernel::{Opened, Raw, Reader, Reply, Response, Routes, Writer};
use platform::organisations;

/// The routes of copies.
pub(crate) fn routes(r: &mut Routes) {
    r.post("/archives/dossiers/{id}/bind", begin).page("/archives/dossiers/{id}");
    r.get("/archives/exports/{id}/dossier.pdf", whole);
    r.post("/archives/entries/{id}/copy", begin_entry).page("/archives/entries/{id}");
    r.get("/archives/copies/{id}", entry_copy);
}

const PDF: &str = "application/pdf";

/// Notes who takes the dossier away, and leads to the file.
fn begin(cx: &mut Writer<'_, DossierRead>) -> Reply {
    let dossier = seen(cx, cx.path_id()?)?;
    export::stands(&dossier)?;
    let id = actions::export(cx, &dossier, None)?;
    Ok(Response::Redirect(format!("/archives/exports/{id}/dossier.pdf")))
}

/// The same for the files of one document; without a PDF there is nothing to print.
fn begin_entry(cx: &mut Writer<'_, DossierRead>) -> Reply {
    let entry = cx.open::<Entry>(cx.path_id()?)?;
    let dossier = seen(cx, entry.dossier)?;
    export::stands(&dossier)?;
    let id = actions::export(cx, &dossier, Some(&entry))?;
    Ok(Response::Redirect(format!("/archives/copies/{id}")))
}

/// The dossier as one file: cover, table of contents, each document in the order in which they came about.
fn whole(cx: &Reader<'_, DossierRead>) -> Reply {
    let (dossier, at) = fetched(cx, |row| row.entry.is_none())?;
    let mut parts = vec![cover(cx, &dossier)?, Bound::Sheet { request: Box::new(table(cx, &dossier)?) }];
    for (n, entry) in (1_usize..).zip(&entries::of(cx, dossier.id)?) {
        parts.extend(of_entry(cx, (n, entry))?);
    }
    bound(cx, (&dossier, at), (&dossier.notation, parts))
}

/// What was asked for within the hour.
fn fetched(cx: &Raw<'_>, fits: fn(&store::Export) -> bool) -> Result<(Opened<Dossier>, Instant)> {
    let row = store::export(cx, cx.path_id()?)?;
    if !fits(&row) || cx.now().since(row.at) > export::FETCHED_WITHIN {
        return Err(Error::NotFound);
    }
    Ok((seen(cx, row.dossier)?, row.at))
}

fn table(cx: &Raw<'_>, dossier: &Dossier) -> Result<PrintRequest> {
    Ok(PrintRequest::ArchiveList(Box::new(print::contents(cx, dossier)?)))
}

fn cover(cx: &Raw<'_>, dossier: &Dossier) -> Result<Bound> {
    let t = cx.t();
    let days = dossier.ended_on.map(base::Date::dmy).unwrap_or_default();
    Ok(Bound::Slip {
        lines: vec![
            organisations::agency(cx, dossier.agency)?.name,
            dossier.title.clone(),
            format!("{}: {}", t.text("archives.field.file_code"), file_code(cx, dossier)?),
            format!("{}: {}", t.text("archives.field.years_short"), retention(t, dossier.years)),
            format!("{}: {}", t.text("archives.field.keeper"), dossier.keeper_name),
            format!("{}: {} – {days}", t.text("archives.field.span"), dossier.started_on.dmy()),
        ],
    })
}

/// The files of an entry; a page stands for what is no PDF, and for a document that is gone or not for whoever asks.
fn of_entry(cx: &Reader<'_, DossierRead>, (n, entry): (usize, &Entry)) -> Result<Vec<Bound>> {
    let t = cx.t();
    let head = format!("{n}. {} {}", entry.symbol, named(entry));
    let Some(files) = export::files_of(cx, entry)? else {
        return Ok(vec![Bound::Slip { lines: vec![head, t.text("archives.copy.withheld").to_owned()] }]);
    };
    let slip = |file: &Packed| {
        let values: [(&str, &dyn std::fmt::Display); 2] = [("name", &file.name), ("sha256", &file.sha256)];
        vec![head.clone(), t.fill("archives.copy.not_bound", &values)]
    };
    let part = |file: Packed| {
        let instead = slip(&file);
        if file.content_type == PDF {
            Bound::File { name: file.name, stored: file.sha256, content: String::new(), instead }
        } else {
            Bound::Slip { lines: instead }
        }
    };
    Ok(files.into_iter().map(part).collect())
}

/// The PDF files of one document.
fn entry_copy(cx: &Reader<'_, DossierRead>) -> Reply {
    let row = store::export(cx, cx.path_id()?)?;
    let entry = cx.open::<Entry>(row.entry.ok_or(Error::NotFound)?)?;
    let (dossier, at) = fetched(cx, |row| row.entry.is_some())?;
    let files = export::files_of(cx, &entry)?.ok_or(Error::NotFound)?;
    let pdf = files.into_iter().filter(|file| file.content_type == PDF);
    let parts: Vec<Bound> = pdf
        .map(|file| Bound::File {
            name: file.name,
            stored: file.sha256,
            content: String::new(),
            instead: Vec::new(),
        })
        .collect();
    if parts.is_empty() {
        return Err(Refusal::new("archives.copy.refuse.no_pdf").hint("archives.copy.hint.original").into());
    }
    let name = if entry.symbol.is_empty() { &entry.subject } else { &entry.symbol };
    bound(cx, (&dossier, at), (name, parts))
}

fn bound(cx: &Raw<'_>, (dossier, at): (&Dossier, Instant), (name, parts): (&str, Vec<Bound>)) -> Reply {
    let t = cx.t();
    let agency = organisations::agency(cx, cx.agency()?)?.name;
    let values: [(&str, &dyn std::fmt::Display); 4] = [
        ("who", &cx.actor().name),
        ("agency", &agency),
        ("at", &at.dmy_hhmm()),
        ("code", &file_code(cx, dossier)?),
    ];
    let binding = Binding {
        title: format!("{} {}", dossier.notation, dossier.title),
        date: Some(at.date()),
        mark: t.text("archives.copy.mark").to_owned(),
        line: t.fill("archives.copy.line", &values),
        agency,
        parts,
    };
    print::paper(
        &format!("{name} {}", t.text("archives.copy.file")),
        &PrintRequest::Binding(Box::new(binding)),
    )
}
