//! A whole dossier to take away: XML, the table of contents and every file, in the order in which they came about
//! (annex VI, I.4g). Asking for it is an act that is recorded; the package itself is made while it is sent.

use crate::actions::dossiers::{self as actions, path, seen};
use crate::model::{Access, Dossier, Entry, EntryKind};
use crate::rights::DossierRead;
use crate::store::dossiers as store;
use crate::store::entries;
use crate::web::contents;
use crate::web::retention;
use crate::web::xml::{self, About, Item};
use base::{Error, Refusal, Result, text};
use contracts::{IncomingFacts, OutgoingFacts};
use kernel::{Asked, Content, Part, Reader, Reply, Response, Routes, Writer};
use maud::{DOCTYPE, html};
use platform::{files, organisations};

pub(crate) use crate::web::xml::Packed;

/// The routes of the export.
pub(crate) fn routes(r: &mut Routes) {
    r.post("/archives/dossiers/{id}/export", begin).page("/archives/dossiers/{id}");
    r.get("/archives/exports/{id}", send);
}

/// How long what was asked for can be fetched, in microseconds: an hour.
pub(crate) const FETCHED_WITHIN: i64 = 3_600_000_000;

/// Notes who takes the dossier away and leads to the package.
fn begin(cx: &mut Writer<'_, DossierRead>) -> Reply {
    let dossier = seen(cx, cx.path_id()?)?;
    stands(&dossier)?;
    let id = actions::export(cx, &dossier, None)?;
    Ok(Response::Redirect(format!("/archives/exports/{id}")))
}

/// What was destroyed is not taken away.
pub(crate) fn stands(dossier: &Dossier) -> Result<()> {
    if dossier.destroyed_at.is_some() {
        return Err(Refusal::new("archives.refuse.destroyed").into());
    }
    Ok(())
}

fn send(cx: &Reader<'_, DossierRead>) -> Reply {
    let row = store::export(cx, cx.path_id()?)?;
    let id = row.dossier;
    if row.entry.is_some() || cx.now().since(row.at) > FETCHED_WITHIN {
        return Ok(Response::Redirect(path(id)));
    }
    let dossier = seen(cx, id)?;
    let all = entries::of(cx, id)?;
    let mut parts = Vec::new();
    let mut items = Vec::with_capacity(all.len());
    for (n, entry) in (1_usize..).zip(&all) {
        let found = files_of(cx, entry)?;
        let packed = found.map(|found| pack(n, entry, found));
        for file in packed.iter().flatten().filter(|file| !file.path.is_empty()) {
            parts.push(Part { path: file.path.clone(), content: Content::Stored(file.sha256.clone()) });
        }
        items.push(Item { entry, files: packed });
    }
    let mut first = front(cx, &dossier, &items)?;
    first.append(&mut parts);
    let name = format!("{}-{}.zip", text::slug_ascii(&dossier.notation), dossier.year);
    Ok(Response::Bundle { name, parts: first })
}

/// The XML, its schema and the table of contents.
fn front(cx: &Reader<'_, DossierRead>, dossier: &Dossier, items: &[Item<'_>]) -> Result<Vec<Part>> {
    let t = cx.t();
    let rights = match dossier.access {
        Access::Agency => t.text("archives.access.agency"),
        Access::Limited => t.text("archives.access.limited"),
    };
    let organ = organisations::agency(cx, dossier.agency)?.code_102;
    let (maintenance, now, name) = (retention(t, dossier.years), cx.now().rfc3339(), &cx.actor().name);
    let about = About { organ: &organ, maintenance: &maintenance, rights, exported: (&now, name) };
    let made =
        |path: &str, text: String| Part { path: path.to_owned(), content: Content::Made(text.into_bytes()) };
    Ok(vec![
        made("ho-so.xml", xml::write(dossier, &about, items)),
        made("dossier.xsd", xml::SCHEMA.to_owned()),
        made("muc-luc.html", table_of_contents(cx, dossier)?),
    ])
}

/// The table of contents as a page that needs nothing else, with a line that says who took it away and when.
fn table_of_contents(cx: &Reader<'_, DossierRead>, dossier: &Dossier) -> Result<String> {
    let t = cx.t();
    let sheet = contents::sheet(cx, dossier)?;
    let mark = t.fill(
        "archives.taken_away",
        &[("who", &cx.actor().name), ("agency", &sheet.agency), ("at", &cx.now().dmy_hhmm())],
    );
    let page = html! {
        (DOCTYPE)
        html lang=(t.lang().code()) {
            head { meta charset="utf-8"; title { (sheet.title) } }
            body {
                p { (sheet.agency) }
                h1 { (sheet.title) }
                p { (sheet.note) }
                table border="1" cellpadding="4" style="border-collapse:collapse" {
                    thead { tr { @for (label, _) in &sheet.heads { th scope="col" { (label) } } } }
                    tbody { @for row in &sheet.rows { tr { @for cell in row { td { (cell) } } } } }
                }
                p { small { (mark) } }
            }
        }
    };
    Ok(page.into_string())
}

/// The files of an entry as they are now; `None` when the document is gone or not for whoever asks.
pub(crate) fn files_of(cx: &Reader<'_, DossierRead>, entry: &Entry) -> Result<Option<Vec<Packed>>> {
    let asked = match entry.kind {
        EntryKind::Incoming => cx.ask(&IncomingFacts { document: entry.document }),
        EntryKind::Outgoing => cx.ask(&OutgoingFacts { document: entry.document }),
        EntryKind::Upload => return Ok(Some(uploaded(cx, entry)?)),
    };
    match asked {
        Ok(Asked::Answered(facts)) => Ok(Some(
            facts
                .files
                .into_iter()
                .map(|file| Packed {
                    path: String::new(),
                    name: file.name,
                    content_type: file.content_type,
                    bytes: file.bytes,
                    sha256: file.sha256,
                })
                .collect(),
        )),
        Ok(Asked::NotInstalled) | Err(Error::NotFound | Error::Forbidden) => Ok(None),
        Err(error) => Err(error),
    }
}

fn uploaded(cx: &Reader<'_, DossierRead>, entry: &Entry) -> Result<Vec<Packed>> {
    let all = files::of(cx, entry.id)?.into_iter();
    Ok(all
        .map(|file| Packed {
            path: String::new(),
            name: file.name,
            content_type: file.content_type,
            bytes: file.bytes,
            sha256: file.sha256,
        })
        .collect())
}

/// Gives each file its place in the package: numbers first, so that a list of names is in the right order.
fn pack(n: usize, entry: &Entry, files: Vec<Packed>) -> Vec<Packed> {
    let about = if entry.symbol.is_empty() { &entry.subject } else { &entry.symbol };
    let mut folder: String = text::slug_ascii(about).chars().take(60).collect();
    folder = format!("tep/{n:03}-{}", folder.trim_matches('-'));
    let place = |(at, file): (usize, Packed)| Packed {
        path: format!("{folder}/{at:02}-{}", plain(&file.name)),
        ..file
    };
    (1_usize..).zip(files).map(place).collect()
}

/// A file name that leads nowhere and that every system takes.
fn plain(name: &str) -> String {
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
    let stem: String = text::slug_ascii(stem).chars().take(80).collect();
    let ending: String = ending.chars().filter(char::is_ascii_alphanumeric).take(8).collect();
    let stem = if stem.is_empty() { "tep" } else { &stem };
    if ending.is_empty() { stem.to_owned() } else { format!("{stem}.{ending}") }
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn a_file_name_leads_nowhere() {
        assert_eq!(plain("../../Báo cáo số 1.PDF"), "bao-cao-so-1.PDF");
        assert_eq!(plain("\u{202e}"), "tep");
        assert_eq!(plain("a.b/../c"), "a-b.c");
    }
}
