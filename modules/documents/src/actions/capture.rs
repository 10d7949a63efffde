//! A scan is handed in, read by a machine, and registered by a person.

use crate::actions::arrival::{PaperForm, enter_paper, make_findable};
use crate::actions::incoming::register;
use crate::actions::signing::SIGNED;
use crate::model::capture::{Capture, CaptureState};
use crate::model::{Incoming, IncomingStatus};
use crate::rights::IncomingRegister;
use crate::rules::capture as rules;
use crate::store::captures as store;
use base::form::Upload;
use base::text::fold;
use base::{Error, Id, Instant, Refusal, Result, WhileDoing};
use contracts::{Attachment, BeingRead, ReadPage, ToRead, WereRead};
use kernel::{Opened, Permission, System, Writer, jobs};
use platform::{files, organisations};

/// What a scan is called in the audit log, and in what is asked of the reader.
pub(crate) const KIND: &str = "capture";
/// A document's own scans, by their part: `incoming:0`.
const OF_DOCUMENT: &str = "incoming:";
const PDF: &str = "application/pdf";
const PICTURES: &[&str] = &["image/jpeg", "image/png", "image/tiff"];
/// A scan nobody registers is put away after so many days.
const KEPT_DAYS: i64 = 7;
/// What came by wire is read after so many minutes.
const LATER_MINUTES: i64 = 1;
/// So many files of a document are read for the search.
const FILES_READ: usize = 20;

/// The page of a scan.
pub(crate) fn path(id: Id<Capture>) -> String {
    format!("/documents/incoming/scan/{id}")
}

base::form! {
    /// A scan as it is handed in.
    pub(crate) struct ScanForm {
        files: Vec<Upload> = base::form::Field::files("documents.field.scan").required().hint("documents.capture.hint.files"),
    }
}

/// Takes a scan in; it is read after this answer.
pub(crate) fn take(cx: &mut Writer<'_, IncomingRegister>, ask: &ScanForm) -> Result<Id<Capture>> {
    let is_picture = |file: &Upload| PICTURES.contains(&file.content_type.as_str());
    let fits = match ask.files.as_slice() {
        [one] => one.content_type == PDF || is_picture(one),
        many => many.iter().all(is_picture),
    };
    if !fits {
        return Err(Error::field("files", "documents.capture.refuse.kind"));
    }
    let agency = cx.agency()?;
    let lines: Vec<String> = ask.files.iter().map(Upload::encode).collect();
    let id = store::enter(cx, agency, &lines.join("\n"))?;
    let capture = cx.open::<Capture>(id)?;
    ask_reader(cx, (KIND.to_owned(), capture.agency, id.uuid()), (&ask.files, None))?;
    cx.record("documents.capture.act.taken", (KIND, id), agency);
    Ok(id)
}

/// Has the scans of a document read, for the search: each PDF by itself, pictures as one.
pub(crate) fn read_later<P: Permission>(
    cx: &mut Writer<'_, P>,
    document: &Opened<Incoming>,
    scans: &[Upload],
) -> Result<()> {
    let (pdfs, others): (Vec<&Upload>, Vec<&Upload>) =
        scans.iter().partition(|file| file.content_type == PDF);
    let pictures: Vec<Upload> =
        others.into_iter().filter(|file| PICTURES.contains(&file.content_type.as_str())).cloned().collect();
    let groups = pdfs.into_iter().map(|pdf| vec![pdf.clone()]).chain([pictures]);
    for (part, group) in groups.filter(|group| !group.is_empty()).enumerate() {
        let about = format!("{OF_DOCUMENT}{part}");
        ask_reader(cx, (about, document.agency, document.id.uuid()), (&group, None))?;
    }
    Ok(())
}

/// Has the files of a document read that came by wire, for the search. Nobody waits for it, so it begins a little later.
/// A document whose words came along is not read again off the file that was printed from them.
pub(crate) fn read_what_came<P: Permission>(
    cx: &mut Writer<'_, P>,
    document: &Opened<Incoming>,
) -> Result<()> {
    let known = !document.words.trim().is_empty();
    let begins = cx.now().plus_minutes(LATER_MINUTES);
    let files = files::of(cx, document.id)?;
    let pdfs = files.into_iter().filter(|file| file.content_type == PDF && !(known && file.role == SIGNED));
    for (part, file) in pdfs.take(FILES_READ).enumerate() {
        let upload = Upload {
            sha256: file.sha256,
            bytes: file.bytes,
            content_type: file.content_type,
            name: file.name,
        };
        let about = format!("{OF_DOCUMENT}{part}");
        ask_reader(cx, (about, document.agency, document.id.uuid()), (&[upload], Some(begins)))?;
    }
    Ok(())
}

fn ask_reader<P: Permission>(
    cx: &mut Writer<'_, P>,
    (about, agency, subject): (String, base::AgencyId, uuid::Uuid),
    (files, begins): (&[Upload], Option<Instant>),
) -> Result<()> {
    let attachment = |file: &Upload| Attachment {
        name: file.name.clone(),
        content_type: file.content_type.clone(),
        bytes: file.bytes,
        sha256: file.sha256.clone(),
        role: "scan".to_owned(),
    };
    let key = format!("{about} {subject}");
    let (person, files) = (cx.actor().person, files.iter().map(attachment).collect());
    let ask = ToRead { agency, about, subject, person, files, later: begins.is_some() };
    let payload = serde_json::to_value(ask).while_doing("writing", "what to read")?;
    let begins = begins.unwrap_or_else(|| cx.now());
    jobs::enqueue_at(cx, "files.read", &key, (&payload, begins))
}

/// The reader says how far it is; it is told when nobody waits any more.
pub(crate) fn on_being_read(cx: &mut Writer<'_, System>, payload: &serde_json::Value) -> Result<()> {
    let told: BeingRead = serde_json::from_value(payload.clone()).while_doing("reading", "a progress")?;
    cx.record_nothing("how far a machine is, is no act");
    if told.about != KIND {
        let document = cx.open::<Incoming>(Id::of(told.subject))?;
        let gone = document.status == IncomingStatus::Recalled;
        return if gone { Err(Error::NotFound) } else { Ok(()) };
    }
    let pdf = told.pdf.map(|pdf| Upload {
        sha256: pdf.sha256,
        bytes: pdf.bytes,
        content_type: pdf.content_type,
        name: cx.text("documents.capture.file_name").to_owned(),
    });
    let pdf = pdf.map(|pdf| pdf.encode()).unwrap_or_default();
    let is_awaited = store::advance(cx, Id::of(told.subject), (told.done, told.total), &pdf)?;
    if is_awaited { Ok(()) } else { Err(Error::NotFound) }
}

/// The reader says what it read.
pub(crate) fn on_were_read(cx: &mut Writer<'_, System>, payload: &serde_json::Value) -> Result<()> {
    let told: WereRead = serde_json::from_value(payload.clone()).while_doing("reading", "a scan")?;
    cx.record_nothing("what a machine reads is no act; what a person registers of it is one");
    let content = told.pages.iter().map(ReadPage::text).collect::<Vec<_>>().join("\n");
    if let Some(part) = told.about.strip_prefix(OF_DOCUMENT) {
        let document = cx.open::<Incoming>(Id::of(told.subject))?;
        if document.status == IncomingStatus::Recalled || content.is_empty() {
            return Ok(());
        }
        store::keep_words(cx, &document, (part.parse().unwrap_or(0), &content))?;
        return make_findable(cx, &document);
    }
    let capture = cx.open::<Capture>(Id::of(told.subject))?;
    let state = if content.is_empty() { CaptureState::Unread } else { CaptureState::Read };
    if !store::read(cx, capture.id, (state, &told.trouble), (told.total, &content))? {
        return Ok(());
    }
    for mut guess in rules::read(&told.pages, told.total, cx.now().date()) {
        if guess.field == "from_name" {
            known_agency(cx, &mut guess)?;
        }
        store::guess(cx, &capture, &guess)?;
    }
    Ok(())
}

/// An agency of the directory is written as it is there, and is no longer a matter of doubt.
fn known_agency(cx: &Writer<'_, System>, guess: &mut rules::Guess) -> Result<()> {
    let found = organisations::find(cx, &guess.value, 10)?;
    if let Some(agency) = found.into_iter().find(|agency| fold(&agency.name) == fold(&guess.value)) {
        guess.value = agency.name;
        guess.sure = guess.sure.max(rules::SURE);
    }
    Ok(())
}

/// Registers a scan with what the clerk has checked. Answers the document and its arrival number.
pub(crate) fn enter(
    cx: &mut Writer<'_, IncomingRegister>,
    capture: &Opened<Capture>,
    ask: &PaperForm,
) -> Result<(Opened<Incoming>, i64)> {
    still_waits(capture)?;
    let scans = capture.kept();
    let document = enter_paper(cx, ask, &scans)?;
    if capture.state == CaptureState::Reading {
        // Whoever does not wait for the reader still wants to find the document by its words.
        read_later(cx, &document, &scans)?;
    } else {
        store::keep_words(cx, &document, (0, &capture.content))?;
        make_findable(cx, &document)?;
    }
    store::close(cx, capture.id, (CaptureState::Registered, Some(document.id)))?;
    let number = register(cx, &document)?;
    Ok((document, number))
}

/// Puts a scan away that is not to be registered; the reading stops.
pub(crate) fn put_away(cx: &mut Writer<'_, IncomingRegister>, capture: &Opened<Capture>) -> Result<()> {
    still_waits(capture)?;
    store::close(cx, capture.id, (CaptureState::Dropped, None))?;
    cx.record("documents.capture.act.dropped", (KIND, capture.id), capture.agency);
    Ok(())
}

fn still_waits(capture: &Capture) -> Result<()> {
    if capture.is_open() {
        return Ok(());
    }
    Err(Refusal::new("documents.capture.refuse.closed").hint("documents.capture.hint.closed").into())
}

/// Once a day: scans nobody registers are put away, and their files go with them.
pub(crate) fn put_old_away(cx: &mut Writer<'_, System>, _: &serde_json::Value) -> Result<()> {
    for id in store::old(cx, cx.now().plus_days(-KEPT_DAYS))? {
        let capture = cx.open::<Capture>(id)?;
        store::close(cx, id, (CaptureState::Dropped, None))?;
        cx.record("documents.capture.act.dropped", (KIND, id), capture.agency);
    }
    Ok(())
}
