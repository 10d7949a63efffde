//! Letters that come by e-mail: each an incoming document, once; what must not be one by itself waits for a clerk.

use crate::actions::arrival::{enter, make_findable};
use crate::actions::capture;
use crate::actions::incoming::{self, KIND};
use crate::model::letters::{Letter, LetterState};
use crate::model::{Incoming, SignatureVerdict, Source};
use crate::rights::IncomingRegister;
use crate::rules;
use crate::store::arrival::{self, NewIncoming};
use crate::store::letters::{self as store, Completed, NewLetter};
use base::form::{Field, Upload};
use base::{AgencyId, Date, Error, Id, Instant, Refusal, Result, WhileDoing};
use kernel::{Opened, Permission, System, Writer, jobs};
use platform::files;
use platform::notify::note;
use platform::tasks::{self, NewTask, Owner};
use serde::Deserialize;

/// What a letter is in the audit log.
pub(crate) const LETTER: &str = "letter";
/// Where letters wait.
pub(crate) const PAGE: &str = "/documents/incoming/letters";
const TASK: &str = "documents.task.letter";

/// What the engine hands over.
#[derive(Debug, Deserialize)]
struct Fetched {
    agency: AgencyId,
    message_id: String,
    hash: String,
    from_address: String,
    from_name: String,
    subject: String,
    sent_at: Option<Instant>,
    words: String,
    files: Vec<File>,
    /// Why it is to be set aside.
    reason: Option<String>,
}

#[derive(Debug, Deserialize)]
struct File {
    sha256: String,
    name: String,
    bytes: i64,
    content_type: String,
}

impl File {
    fn is_packet(&self) -> bool {
        let ending = self.name.rsplit_once('.').map(|(_, ending)| ending.to_lowercase());
        ending.is_some_and(|ending| ending == "edxml" || ending == "edx")
    }
}

/// Takes a letter in. The same letter a second time changes nothing; another one under its Message-ID is set aside.
pub(crate) fn on_letter(cx: &mut Writer<'_, System>, payload: &serde_json::Value) -> Result<()> {
    let letter: Fetched = serde_json::from_value(payload.clone()).while_doing("reading", "a letter")?;
    let known = store::known(cx, letter.agency, &letter.message_id)?;
    if known.iter().any(|one| one.hash == letter.hash) {
        cx.record_nothing("the letter has been here and had its effect");
        return Ok(());
    }
    let reason = if known.is_empty() { letter.reason.as_deref() } else { Some("conflict") };
    let state = if reason.is_some() { LetterState::Aside } else { LetterState::Taken };
    let new = NewLetter {
        message_id: &letter.message_id,
        hash: &letter.hash,
        from_address: &letter.from_address,
        from_name: &letter.from_name,
        subject: &letter.subject,
        words: &letter.words,
        sent_at: letter.sent_at,
        reason: reason.unwrap_or(""),
    };
    let id = store::add(cx, (letter.agency, state), &new)?;
    let opened = cx.open::<Letter>(id)?;
    if reason.is_some() {
        keep_files(cx, (letter.agency, id), letter.files.iter())?;
        return set_aside(cx, &opened);
    }
    let (packets, rest): (Vec<&File>, Vec<&File>) = letter.files.iter().partition(|file| file.is_packet());
    for packet in &packets {
        let payload = serde_json::json!({
            "sha256": packet.sha256, "name": packet.name, "agency": letter.agency, "person": null,
        });
        jobs::enqueue(cx, "edxml.import", &format!("{id} {}", packet.sha256), &payload)?;
    }
    if rest.is_empty() {
        let values = [("from", sender(&opened)), ("n", packets.len().to_string())];
        cx.record_noted("documents.letter.act.packets", (LETTER, id), letter.agency, note(&values));
        return Ok(());
    }
    let document = as_document(cx, &opened)?;
    keep_files(cx, (letter.agency, document), rest.into_iter())?;
    capture::read_what_came(cx, &cx.open::<Incoming>(document)?)?;
    store::settle(cx, &opened, (LetterState::Taken, Some(document)))
}

fn keep_files<'a, P: Permission, N: ?Sized>(
    cx: &mut Writer<'_, P>,
    of: (AgencyId, Id<N>),
    all: impl Iterator<Item = &'a File>,
) -> Result<()> {
    for (sort, file) in (0_i64..).zip(all) {
        let upload = Upload {
            sha256: file.sha256.clone(),
            bytes: file.bytes,
            content_type: file.content_type.clone(),
            name: file.name.clone(),
        };
        files::add(cx, of, (if sort == 0 { "main" } else { "annex" }, sort), &upload)?;
    }
    Ok(())
}

fn sender(letter: &Letter) -> String {
    match (letter.from_name.as_str(), letter.from_address.as_str()) {
        ("", address) => address.to_owned(),
        (name, address) => format!("{name} <{address}>"),
    }
}

/// The clerks are told once, however many letters wait.
fn set_aside(cx: &mut Writer<'_, System>, letter: &Opened<Letter>) -> Result<()> {
    let reason = cx.text(&format!("documents.letter.reason.{}", letter.reason)).to_owned();
    let values = [("from", sender(letter)), ("remark", reason.clone())];
    cx.record_noted("documents.letter.act.aside", (LETTER, letter.id), letter.agency, note(&values));
    let from = sender(letter);
    let title = if letter.subject.is_empty() { from.clone() } else { letter.subject.clone() };
    let task = NewTask {
        kind: TASK,
        subject: (LETTER, letter.id.uuid()),
        title: &title,
        detail: &format!("{from} · {reason}"),
        path: PAGE.to_owned(),
        act_path: None,
        owner: Owner::Pool("documents.incoming.register"),
        lead: true,
        urgency: 0,
        due: None,
    };
    tasks::give(cx, letter.agency, &task).map(drop)
}

/// Enters a letter as a document that has arrived. Its subject line is a proposal; number, date and type are what the
/// clerk reads off the paper in it, and until then there are none.
fn as_document<P: Permission>(cx: &mut Writer<'_, P>, letter: &Opened<Letter>) -> Result<Id<Incoming>> {
    let from_name = if letter.from_name.is_empty() { &letter.from_address } else { &letter.from_name };
    let unnamed = cx.text("documents.letter.no_subject").to_owned();
    let new = NewIncoming {
        source: Source::Mail,
        envelope: None,
        document_id: "",
        from_code: "",
        from_name,
        symbol: "",
        place: "",
        // Stands until the clerk has read the date off: the column takes no gap.
        promulgated: letter.sent_at.unwrap_or(letter.arrived_at).date(),
        type_name: "",
        subject: if letter.subject.is_empty() { &unnamed } else { &letter.subject },
        words: &letter.words,
        signer: contracts::Signer { competence: String::new(), position: String::new(), name: String::new() },
        urgency: 0,
        pages: 0,
        due: None,
        to_places: String::new(),
        trace: "[]".to_owned(),
        response_for: "[]".to_owned(),
        forwards: None,
        signature: SignatureVerdict::None,
        duplicate_of: None,
        content_hash: &letter.hash,
    };
    enter(cx, letter.agency, new)
}

/// Takes a letter that was set aside in all the same.
pub(crate) fn take(cx: &mut Writer<'_, IncomingRegister>, letter: &Opened<Letter>) -> Result<Id<Incoming>> {
    waits(letter)?;
    let document = as_document(cx, letter)?;
    files::hand_on(cx, letter.id, document)?;
    store::settle(cx, letter, (LetterState::Taken, Some(document)))?;
    tasks::close(cx, letter.id, TASK, "taken")?;
    let values = [("from", sender(letter))];
    cx.record_noted("documents.letter.act.taken", (LETTER, letter.id), letter.agency, note(&values));
    Ok(document)
}

/// Drops a letter: its files go, what is known of it stays, and the letter itself lies in the mail box.
pub(crate) fn drop_letter(cx: &mut Writer<'_, IncomingRegister>, letter: &Opened<Letter>) -> Result<()> {
    waits(letter)?;
    files::destroy(cx, letter.id)?;
    store::settle(cx, letter, (LetterState::Dropped, None))?;
    tasks::close(cx, letter.id, TASK, "dropped")?;
    let values = [("from", sender(letter))];
    cx.record_noted("documents.letter.act.dropped", (LETTER, letter.id), letter.agency, note(&values));
    Ok(())
}

fn waits(letter: &Letter) -> Result<()> {
    match letter.state {
        LetterState::Aside => Ok(()),
        _ => Err(Refusal::new("documents.letter.refuse.settled").hint("kernel.hint.reload").into()),
    }
}

base::form! {
    /// What the clerk reads off the paper in a letter.
    pub(crate) struct CompleteForm {
        from_name: String = Field::line("documents.field.from_name").required().max(200),
        symbol: String = Field::line("documents.field.symbol").required().max(41),
        promulgated: Date = Field::date("documents.field.promulgated").required(),
        type_name: String = Field::choice("documents.field.type_name").required().max(100),
        subject: String = Field::area("documents.field.subject").required().max(500),
        signer_name: String = Field::line("documents.field.signer_name").max(50),
        signer_position: String = Field::line("documents.field.signer_position").max(100),
        confirm_duplicate: bool = Field::check("documents.field.confirm_duplicate"),
    }
}

/// Completes a document that came by e-mail and registers it: whoever has read it has checked it. Answers its number.
pub(crate) fn complete(
    cx: &mut Writer<'_, IncomingRegister>,
    document: &Opened<Incoming>,
    ask: &CompleteForm,
) -> Result<i64> {
    rules::incoming::complete(document)?;
    if ask.promulgated > cx.now().date() {
        return Err(Error::field("promulgated", "documents.incoming.refuse.date_ahead"));
    }
    let twin = arrival::by_symbol(cx, document.agency, (&ask.symbol, ask.promulgated), &ask.from_name)?;
    if twin.is_some() && !ask.confirm_duplicate {
        return Err(Refusal::new("documents.incoming.refuse.looks_duplicate")
            .ground("Nghị định 30/2020/NĐ-CP, Phụ lục VI, mục I.1.h")
            .hint("documents.incoming.hint.confirm_duplicate")
            .into());
    }
    let with = Completed {
        symbol: &ask.symbol,
        promulgated: ask.promulgated,
        type_name: &ask.type_name,
        subject: &ask.subject,
        from_name: &ask.from_name,
        signer_name: &ask.signer_name,
        signer_position: &ask.signer_position,
        duplicate_of: twin.map(|twin| twin.id),
    };
    store::complete(cx, document, &with)?;
    let values = [("symbol", ask.symbol.clone())];
    cx.record_noted("documents.letter.act.completed", (KIND, document.id), document.agency, note(&values));
    let whole = cx.open::<Incoming>(document.id)?;
    make_findable(cx, &whole)?;
    incoming::register(cx, &whole)
}
