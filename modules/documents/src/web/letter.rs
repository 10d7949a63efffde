//! The outgoing document as a letter, its files, and the difference between two texts.

use crate::actions::approvals::is_collective;
use crate::actions::outgoing::{files_of, path};
use crate::actions::signing::SIGNED;
use crate::model::{Outgoing, OutgoingStatus};
use crate::rules::difference::{self, Change};
use crate::rules::text::{full_name, lower_first, short_name};
use crate::rules::{layout, signing};
use crate::web::incoming_show::urgency_key;
use crate::web::marked;
use crate::web::official::body_file;
use crate::web::recipients::addressees;
use base::{Result, T};
use contracts::print::{Block, Numbered, Table, runs};
use kernel::Raw;
use maud::{Markup, html};
use platform::{organisations, people};
use ui::{FileLink, Sheet, Viewer};

/// The document in its viewer: the letter as it reads, or its main file when it was written elsewhere.
pub(crate) fn viewer(cx: &Raw<'_>, document: &Outgoing) -> Result<Markup> {
    let is_file = body_file(cx, document)?.is_some();
    let files = files_of(cx, document)?;
    let has_pdf = files.iter().any(|file| file.role == "main" && file.content_type == "application/pdf");
    let has_words = !document.body.trim().is_empty();
    let signed = files.iter().any(|file| file.role == SIGNED);
    let sheet = if is_file || signed || (has_pdf && !has_words) {
        None
    } else {
        let (t, pages) = (cx.t(), format!("{}/pages.html", path(document.id)));
        Some(ui::paper_and_words(t, ui::printed(t, &pages), sheet(cx, document)?))
    };
    framed(cx, document, sheet)
}

/// The viewer of a draft that is being written: its pages as they will be printed, drawn anew while one writes.
pub(crate) fn preview(cx: &Raw<'_>, draft: &Outgoing) -> Result<Markup> {
    if body_file(cx, draft)?.is_some() {
        return viewer(cx, draft);
    }
    let (t, page) = (cx.t(), path(draft.id));
    let none = html! {
        (t.text("documents.editor.preview.none")) " "
        a href={ (page) "/document.pdf" } { (t.text("documents.print.document")) }
    };
    framed(cx, draft, Some(pane(t, &format!("{page}/preview"), none)))
}

/// The same for one that was not saved yet.
pub(crate) fn preview_unsaved(t: T) -> Markup {
    let none = html! { (t.text("documents.editor.preview.unsaved")) };
    let sheet = Some(pane(t, "/documents/outgoing/preview", none));
    let title = t.text("documents.editor.preview.title");
    ui::viewer(t, &Viewer { title, note: "", pdf: None, images: &[], sheet, files: &[], download: None })
}

/// Where the script draws the pages.
fn pane(t: T, address: &str, none: Markup) -> Markup {
    html! {
        div.preview tabindex="0" role="group" aria-label=(t.text("documents.editor.preview.title")) data-preview=(address) data-failed=(t.text("documents.editor.preview.failed")) {
            p.muted { (none) }
        }
        p.muted.small data-preview-state="" role="status" {}
    }
}

fn framed(cx: &Raw<'_>, document: &Outgoing, sheet: Option<Markup>) -> Result<Markup> {
    let t = cx.t();
    let files = files_of(cx, document)?;
    let links = marked::links(cx, &path(document.id), &files)?;
    let shown: Vec<FileLink<'_>> = files
        .iter()
        .zip(&links)
        .map(|(file, link)| FileLink { name: &file.name, href: &link.href, note: &link.note })
        .collect();
    let is_main = |role: &str| role == "main" || role == SIGNED;
    let main = files.iter().zip(&links).find(|(file, link)| is_main(&file.role) && link.mark.opens());
    let pdf =
        main.filter(|(file, _)| file.content_type == "application/pdf").map(|(_, link)| link.href.as_str());
    let note = match document.status {
        OutgoingStatus::Issued => document.symbol.clone(),
        _ => t.fill("documents.outgoing.version_n", &[("n", &document.version)]),
    };
    let viewer = Viewer {
        title: &document.type_name,
        note: &note,
        pdf,
        images: &[],
        sheet,
        files: &shown,
        download: main.map(|(_, link)| link.href.as_str()),
    };
    Ok(html! { (marked::warning(t, &links)) (ui::viewer(t, &viewer)) })
}

/// What a letterhead and a signature are made of, on the screen and on paper.
pub(crate) struct Parts {
    /// The agency above, in short; empty when there is none.
    pub(crate) parent: String,
    /// The agency, in full.
    pub(crate) name: String,
    /// Its place.
    pub(crate) place: String,
    /// Letters have no type in their head, and go to somebody.
    pub(crate) is_letter: bool,
    /// "V/v" in a letter, the subject else.
    pub(crate) about: String,
    /// "Kính gửi".
    pub(crate) to: Vec<String>,
    /// The lines above the signature.
    pub(crate) authority: Vec<String>,
}

impl Parts {
    pub(crate) fn of(cx: &Raw<'_>, document: &Outgoing) -> Result<Parts> {
        let t = cx.t();
        let agency = organisations::agency(cx, document.agency)?;
        let collective = is_collective(cx, document)?;
        let parent = match agency.parent {
            Some(parent) if !collective => short_name(&organisations::agency(cx, parent)?.name),
            _ => String::new(),
        };
        let is_letter = document.type_code == crate::actions::reply::LETTER || document.type_code == "THC";
        let to = if is_letter { addressees(cx, document)? } else { Vec::new() };
        let head = t.text(if collective {
            "documents.outgoing.sheet.chairman"
        } else {
            "documents.outgoing.sheet.head"
        });
        let body = collective.then(|| t.text("documents.outgoing.sheet.committee"));
        let (competence, position) = signed_as(cx, document, collective)?;
        Ok(Parts {
            parent,
            name: full_name(&agency.name),
            place: agency.place,
            is_letter,
            about: if is_letter { lower_first(&document.subject) } else { document.subject.clone() },
            to: to.iter().map(|name| full_name(name)).collect(),
            authority: signing::lines(&competence, &position, (body, head)),
        })
    }
}

/// The line that says that a draft is one; empty for what was issued.
pub(crate) fn draft_mark(t: T, document: &Outgoing) -> String {
    match document.status {
        OutgoingStatus::Issued => String::new(),
        _ => t.fill("documents.outgoing.sheet.draft", &[("n", &document.version)]),
    }
}

/// Page one after Decree 30/2020, annex I. What is still missing shows as a gap.
fn sheet(cx: &Raw<'_>, document: &Outgoing) -> Result<Markup> {
    let t = cx.t();
    let parts = Parts::of(cx, document)?;
    let day = document.promulgated.unwrap_or_else(|| cx.now().date());
    let place_date = format!("{}, {}", parts.place, day.long_vi());
    let kind = if parts.is_letter { String::new() } else { document.type_name.to_uppercase() };
    let to: Vec<&str> = parts.to.iter().map(String::as_str).collect();
    let places: Vec<&str> = document.to_places.lines().collect();
    let authority: Vec<&str> = parts.authority.iter().map(String::as_str).collect();
    let urgent = if document.urgency == 0 { "" } else { t.text(urgency_key(document.urgency)) };
    Ok(ui::sheet(
        t,
        &Sheet {
            parent: &parts.parent,
            agency: &parts.name,
            number: &document.symbol,
            about: &parts.about,
            urgent,
            arrival: &[],
            place_date: &place_date,
            kind: &kind,
            to: &to,
            body: words(&document.body),
            recipients: &places,
            authority: &authority,
            signer: &document.signer_name,
            signed: document.status == OutgoingStatus::Issued,
            seal: (document.status == OutgoingStatus::Issued).then_some(parts.name.as_str()),
            watermark: &draft_mark(t, document),
        },
    ))
}

/// The words as pieces of a page.
fn words(text: &str) -> Markup {
    let (basis, body) = layout::blocks(text);
    html! {
        @for ground in &basis { p.sheet__basis { (ground) ";" } }
        @for block in &body {
            @match block {
                Block::Part(one) => (division("Phần", one)),
                Block::Chapter(one) => (division("Chương", one)),
                Block::Section(one) => (division("Mục", one)),
                Block::Subsection(one) => (division("Tiểu mục", one)),
                Block::Heading(one) => p { b { (one.number) ". " (marked(&one.title)) } },
                Block::Article(one) => p { b { "Điều " (one.number) ". " } (marked(&one.text)) },
                Block::Clause(one) => p { (one.number) ". " (marked(&one.text)) },
                Block::Point(one) => p { (one.number) ") " (marked(&one.text)) },
                Block::Dash(one) => p { "- " (marked(&one.text)) },
                Block::Paragraph(one) | Block::Centred(one) => p { (marked(&one.text)) },
                Block::Field(one) => p { (one.label) " " (one.value) },
                Block::Table(one) => (grid(one)),
            }
        }
    }
}

fn division(word: &str, one: &Numbered) -> Markup {
    html! { p.sheet__title { (word) " " (one.number) @if !one.title.is_empty() { br; (marked(&one.title)) } } }
}

fn grid(table: &Table) -> Markup {
    html! {
        table.sheet__grid {
            thead { tr { @for column in &table.columns { th scope="col" { (marked(&column.title)) } } } }
            tbody { @for row in &table.rows { tr { @for cell in row { td { (marked(cell)) } } } } }
        }
    }
}

/// A line with its bold and italic words.
pub(crate) fn marked(line: &str) -> Markup {
    html! {
        @for run in runs(line) {
            @match (run.bold, run.italic) {
                (true, true) => b { i { (run.text) } },
                (true, false) => b { (run.text) },
                (false, true) => i { (run.text) },
                (false, false) => (run.text),
            }
        }
    }
}

/// In what authority and position it is signed: as it was approved, or as the signer it names would.
fn signed_as(cx: &Raw<'_>, document: &Outgoing, collective: bool) -> Result<(String, String)> {
    match document.signer {
        Some(signer) if document.signer_position.is_empty() => {
            let title = people::holder(cx, signer)?.title;
            Ok((signing::suggested(&title, collective).written().to_owned(), title))
        }
        _ => Ok((document.signer_competence.clone(), document.signer_position.clone())),
    }
}

/// What changed from one text to another; what stayed is shown only near a change.
pub(crate) fn difference(t: T, old: &str, new: &str) -> Markup {
    let lines = difference::lines(old, new);
    let changed = |at: usize| {
        let near = lines.iter().take(at + 3).skip(at.saturating_sub(2));
        near.into_iter().any(|(change, _)| *change != Change::Kept)
    };
    html! {
        @if lines.iter().all(|(change, _)| *change == Change::Kept) {
            p.muted { (t.text("documents.outgoing.no_difference")) }
        }
        @for (at, (change, line)) in lines.iter().enumerate() {
            @match change {
                Change::Added => p { span.hidden { (t.text("documents.outgoing.added")) ": " } "+ " ins { (marked(line)) } },
                Change::Removed => p { span.hidden { (t.text("documents.outgoing.removed")) ": " } "− " del { (marked(line)) } },
                Change::Kept => @if changed(at) { p.muted { (marked(line)) } },
            }
        }
    }
}
