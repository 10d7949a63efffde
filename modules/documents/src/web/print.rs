//! What is printed as PDF: documents, handling slips, registers, summaries of opinions.

use crate::actions::outgoing::files_of;
use crate::actions::signing::{PDF, SIGNED};
use crate::model::opinions::Poll;
use crate::model::{Incoming, Outgoing};
use crate::rights::{IncomingRead, OpinionGive, OutgoingRead, RegisterRead};
use crate::rules::text::{full_name, short_name};
use crate::store::{incoming, polled, signatures};
use crate::web::official::{Paper, paper_of};
use crate::web::opinions_views::{counts_text, said_text};
use crate::web::registers::{Asked, Ledger, Register, ends};
use crate::web::registers_export::each_batch;
use base::{Error, Result, WhileDoing, text};
use contracts::print::{
    Align, Block, Column, Direction, DocumentType, HandlingSlip, Head, OfficialDocument, PrintRequest,
    Register as Book, RegisterForm, SignatureBlock, Table, Words,
};
use kernel::{Raw, Reader, Reply, Response, Routes};
use platform::organisations;

/// The routes of what is printed.
pub(crate) fn routes(r: &mut Routes) {
    r.get("/documents/outgoing/{id}/document.pdf", document);
    r.get("/documents/outgoing/{id}/pages.html", pages);
    r.get("/documents/incoming/{id}/slip.pdf", slip);
    r.get("/documents/opinions/{id}/summary.pdf", summary);
    r.get::<RegisterRead>("/documents/registers/incoming.pdf", |cx| register(cx, Register::Incoming));
    r.get::<RegisterRead>("/documents/registers/outgoing.pdf", |cx| register(cx, Register::Outgoing));
    r.get::<RegisterRead>("/documents/registers/follow-up.pdf", |cx| register(cx, Register::FollowUp));
}

pub(crate) fn paper(name: &str, request: &PrintRequest) -> Reply {
    let request = serde_json::to_value(request).while_doing("writing", name)?;
    Ok(Response::Paper { name: text::slug_ascii(name), request })
}

/// A document printed, or the file that stands for it.
fn document(cx: &Reader<'_, OutgoingRead>) -> Reply {
    let document = cx.open::<Outgoing>(cx.path_id()?)?;
    let name = if document.symbol.is_empty() { &document.subject } else { &document.symbol };
    // What was signed is the document; it is not printed again.
    let signed =
        files_of(cx, &document)?.into_iter().find(|file| file.role == SIGNED).map(|file| file.sha256);
    let signed = match signed {
        None => signatures::live(cx, document.id)?.map(|copy| copy.sha256),
        signed => signed,
    };
    if let Some(sha256) = signed {
        let name = format!("{}.pdf", text::slug_ascii(name));
        return Ok(Response::File { sha256, name, content_type: PDF.to_owned() });
    }
    match paper_of(cx, &document)? {
        Paper::Print(page) => paper(name, &PrintRequest::Document(page)),
        Paper::Stored(file) => Ok(Response::File {
            sha256: file.sha256,
            name: format!("{}.pdf", text::slug_ascii(name)),
            content_type: "application/pdf".to_owned(),
        }),
    }
}

/// The pages of a document as they are printed now, as pictures. A file that stands for it is shown as itself.
fn pages(cx: &Reader<'_, OutgoingRead>) -> Reply {
    let document = cx.open::<Outgoing>(cx.path_id()?)?;
    match paper_of(cx, &document)? {
        Paper::Print(page) => pictures(page),
        Paper::Stored(_) => Err(Error::NotFound),
    }
}

/// A document as pictures of its pages.
pub(crate) fn pictures(page: Box<OfficialDocument>) -> Reply {
    let request = serde_json::to_value(PrintRequest::Preview(page));
    Ok(Response::Preview(request.while_doing("writing", "a preview")?))
}

/// The slip that goes with a document on paper (Annex IV, VII), with what was directed so far.
fn slip(cx: &Reader<'_, IncomingRead>) -> Reply {
    let document = cx.open::<Incoming>(cx.path_id()?)?;
    let agency = organisations::agency(cx, document.agency)?;
    let involved = incoming::involved(cx, &document)?;
    let due = document.handle_due.map(|due| due.date().dmy()).unwrap_or_default();
    let named = |lead: bool| involved.iter().filter(move |one| one.lead == lead).map(|one| one.name.clone());
    let leader = Direction {
        lead: named(true).next().unwrap_or_default(),
        partners: named(false).collect(),
        due: due.clone(),
        text: document.instruction.clone(),
        name: String::new(),
        date: document.directed_at.map(base::Instant::date),
    };
    let unit = match document.lead_person {
        Some(_) => Direction { lead: document.lead_name.clone(), due, ..Direction::default() },
        None => Direction::default(),
    };
    let symbol = [document.type_name.as_str(), document.symbol.as_str(), document.subject.as_str()];
    let slip = HandlingSlip {
        agency: full_name(&agency.name),
        place: agency.place,
        date: document.registered_at.map(base::Instant::date),
        document: symbol.join(" "),
        leader,
        unit,
        proposal: Direction::default(),
    };
    paper(&format!("phieu {}", document.symbol), &PrintRequest::HandlingSlip(Box::new(slip)))
}

/// A register with its cover; what is asked of the page is asked of the print.
fn register(cx: &Reader<'_, RegisterRead>, which: Register) -> Reply {
    let asked = Asked::of(cx.query_input(), cx.now().year());
    let ledger = Ledger::open(cx, which)?;
    let (mut rows, mut span) = (Vec::new(), None);
    each_batch(&ledger, &asked, |batch| {
        let (first, last) = ends(batch);
        span = Some((span.map_or(first, |(first, _)| first), last));
        rows.extend(batch.iter().map(|entry| entry.cells.clone()));
        Ok(())
    })?;
    let (parent, agency) = above(cx)?;
    let book = Book {
        form: match which {
            Register::Incoming => RegisterForm::Incoming,
            Register::Outgoing | Register::Secret => RegisterForm::Outgoing,
            Register::FollowUp => RegisterForm::FollowUp,
        },
        parent,
        agency,
        year: u16::try_from(asked.year).ok(),
        volume: String::new(),
        span: asked.note(cx.t(), span.unwrap_or_default()),
        printed: Some(cx.now().date()),
        rows,
    };
    paper(&format!("{} {}", cx.text(which.title()), asked.year), &PrintRequest::Register(book))
}

/// The names of the agency above and of the actor's own.
pub(crate) fn above(cx: &Raw<'_>) -> Result<(String, String)> {
    let agency = organisations::agency(cx, cx.agency()?)?;
    let parent = match agency.parent {
        Some(parent) => short_name(&organisations::agency(cx, parent)?.name),
        None => String::new(),
    };
    Ok((parent, full_name(&agency.name)))
}

/// A report of who said what.
fn summary(cx: &Reader<'_, OpinionGive>) -> Reply {
    let poll = cx.open::<Poll>(cx.path_id()?)?;
    let (t, all) = (cx.t(), polled::all_of(cx, &poll)?);
    let (parent, agency) = above(cx)?;
    let columns = [
        ("documents.opinions.person", 32),
        ("documents.opinions.title_of", 28),
        ("documents.opinions.field.answer", 16),
        ("documents.opinions.field.words", 24),
    ];
    let table = Table {
        columns: columns
            .map(|(key, width)| Column { title: t.text(key).to_owned(), width, align: Align::default() })
            .to_vec(),
        rows: all
            .iter()
            .map(|one| {
                vec![one.name.clone(), one.title.clone(), said_text(t, one).to_owned(), one.words.clone()]
            })
            .collect(),
    };
    let words = |text: String| Block::Paragraph(Words { text });
    let mut body = vec![words(poll.question.clone()), Block::Table(table), words(counts_text(t, &all))];
    if !poll.conclusion.is_empty() {
        body.push(words(format!("{}: {}", t.text("documents.opinions.field.conclusion"), poll.conclusion)));
    }
    let report = OfficialDocument {
        kind: DocumentType::Report,
        head: Head { parent, agency, ..Head::default() },
        subject: t.text("documents.opinions.summary").to_owned(),
        body,
        signers: vec![SignatureBlock { name: poll.asked_name.clone(), ..SignatureBlock::default() }],
        ..OfficialDocument::default()
    };
    paper(t.text("documents.opinions.file"), &PrintRequest::Document(Box::new(report)))
}
