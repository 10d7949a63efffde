//! How a document comes in: by the exchange, on paper, as an edXML file.

use crate::actions::incoming::{KIND, path, report};
use crate::actions::{capture, polled, statuses, verdicts, versions};
use crate::model::{Incoming, SignatureVerdict, Source};
use crate::rights::IncomingRegister;
use crate::rules;
use crate::store::arrival::{self as store, NewIncoming};
use crate::store::captures;
use base::form::Upload;
use base::{AgencyId, Date, Error, Id, Instant, PersonId, Refusal, Result, WhileDoing};
use contracts::{Business, Document, Party, Sealed, Status};
use kernel::jobs::{self, Progress};
use kernel::{Opened, Permission, System, Writer};
use platform::exchange::{Admitted, Arrival};
use platform::notify::{Say, note};
use platform::search::Findable;
use platform::tasks::{NewTask, Owner};
use platform::{exchange, files, notify, organisations, search, tasks};
use ring::digest::{Context, SHA256};

/// A document arrives by the exchange: into the clerk's queue, and 01 to the sender, in one transaction.
pub(crate) fn on_document(cx: &mut Writer<'_, System>, payload: &serde_json::Value) -> Result<()> {
    let arrival: Arrival = serde_json::from_value(payload.clone()).while_doing("reading", "an envelope")?;
    let Sealed::Document(document) = &arrival.envelope.sealed else {
        return Err(Error::internal("a status came to the listener of documents"));
    };
    let Admitted::New(agency) = exchange::admit(cx, &arrival, &document.document_id)? else { return Ok(()) };
    if let Business::Update(update) = &document.business
        && versions::on_update(cx, (agency, &arrival), (document, update))?
    {
        return Ok(());
    }
    let hash = content_hash(document);
    let sender = &arrival.envelope.from;
    let twins = store::by_document_id(cx, agency, &document.document_id)?;
    if let Some(twin) = twins.iter().find(|twin| twin.from_code == sender.code) {
        // The same letter by another route has had its effect; another letter under the same identifier
        // is set aside and shown (Annex VI.I.1h).
        if twin.content_hash == hash {
            cx.record("documents.act.again", (KIND, twin.id), agency);
        } else {
            exchange::quarantine(cx, agency, arrival.envelope.id, "platform.exchange.conflict")?;
            cx.record("documents.act.conflict", (KIND, twin.id), agency);
        }
        return Ok(());
    }
    let symbol = format!("{}/{}", document.number, document.notation);
    let from = (sender.code.as_str(), sender.name.as_str());
    let mut new = received(document, from, (&symbol, &hash), Some(arrival.envelope.id))?;
    new.signature = SignatureVerdict::parse(&arrival.signature).unwrap_or(SignatureVerdict::None);
    let id = enter(cx, agency, new)?;
    keep_files(cx, (agency, id), document)?;
    let opened = cx.open::<Incoming>(id)?;
    verdicts::ask_all(cx, &opened)?;
    capture::read_what_came(cx, &opened)?;
    report(cx, &opened, ("01", ""), "")?;
    polled::came(cx, &opened, &document.response_for)?;
    versions::take_place(cx, &opened, &document.business)
}

/// Keeps the files of a document that came, or of a version of it.
pub(crate) fn keep_files<N: ?Sized>(
    cx: &mut Writer<'_, System>,
    of: (AgencyId, Id<N>),
    document: &Document,
) -> Result<()> {
    for (sort, file) in (0_i64..).zip(&document.attachments) {
        let upload = Upload {
            sha256: file.sha256.clone(),
            bytes: file.bytes,
            content_type: file.content_type.clone(),
            name: file.name.clone(),
        };
        files::add(cx, of, (&file.role, sort), &upload)?;
    }
    Ok(())
}

/// The columns of a document that came in an envelope.
fn received<'a>(
    document: &'a Document,
    (from_code, from_name): (&'a str, &'a str),
    (symbol, hash): (&'a str, &'a str),
    envelope: Option<uuid::Uuid>,
) -> Result<NewIncoming<'a>> {
    let json = |value: serde_json::Result<String>| value.while_doing("writing", "a column");
    Ok(NewIncoming {
        source: Source::Exchange,
        envelope,
        document_id: &document.document_id,
        from_code,
        from_name,
        symbol,
        place: &document.place,
        promulgated: document.promulgated,
        type_name: &document.type_name,
        subject: &document.subject,
        words: &document.text,
        signer: document.signer.clone(),
        urgency: document.urgency.clamp(0, 4),
        pages: document.pages,
        due: document.due,
        to_places: document.to_places.join("\n"),
        trace: json(serde_json::to_string(&document.trace))?,
        response_for: json(serde_json::to_string(&document.response_for))?,
        forwards: document.forwards.as_ref().map(|f| json(serde_json::to_string(f))).transpose()?,
        signature: SignatureVerdict::None,
        duplicate_of: None,
        content_hash: hash,
    })
}

/// What makes two documents under one identifier the same: everything but the journey.
fn content_hash(document: &Document) -> String {
    let mut context = Context::new(&SHA256);
    let date = document.promulgated.iso();
    let fixed = [
        &document.document_id,
        &document.number,
        &document.notation,
        &document.subject,
        &document.type_name,
        &document.text,
        &date,
    ];
    for part in fixed.into_iter().chain(document.attachments.iter().map(|file| &file.sha256)) {
        context.update(part.as_bytes());
        context.update(&[0]);
    }
    kernel::hex(context.finish().as_ref())
}

/// Enters a document: its row, the clerk's task, its words for the search, its first line of history.
pub(crate) fn enter<P: Permission>(
    cx: &mut Writer<'_, P>,
    agency: AgencyId,
    mut new: NewIncoming<'_>,
) -> Result<Id<Incoming>> {
    // What came by e-mail has no symbol until the clerk has read it off.
    let bare = new.symbol.is_empty();
    if !bare {
        let twin = store::by_symbol(cx, agency, (new.symbol, new.promulgated), new.from_name)?;
        new.duplicate_of = twin.map(|twin| twin.id);
    }
    let id = store::enter(cx, agency, &new)?;
    make_findable(cx, &*cx.open::<Incoming>(id)?)?;
    let page = path(id);
    let detail = if bare { new.from_name.to_owned() } else { format!("{} · {}", new.symbol, new.from_name) };
    let due = rules::incoming::register_due(cx.now(), new.urgency);
    let broken = new.signature == SignatureVerdict::Invalid;
    let task = NewTask {
        kind: "documents.task.register",
        subject: (KIND, id.uuid()),
        title: new.subject,
        detail: &detail,
        act_path: (!broken && !bare && new.duplicate_of.is_none()).then(|| format!("{page}/accept")),
        path: page,
        owner: Owner::Pool("documents.incoming.register"),
        lead: true,
        urgency: new.urgency,
        due: Some(due),
    };
    tasks::give(cx, agency, &task)?;
    let values = [("symbol", new.symbol.to_owned()), ("from", new.from_name.to_owned())];
    cx.record_noted("documents.act.arrived", (KIND, id), agency, note(&values));
    Ok(id)
}

/// Lets a document be found by its words, as they are now.
pub(crate) fn make_findable<P: Permission>(cx: &mut Writer<'_, P>, document: &Incoming) -> Result<()> {
    let page = path(document.id);
    let detail = format!("{} · {}", document.symbol, document.from_name);
    let words = [
        document.subject.as_str(),
        &document.symbol,
        &document.from_name,
        &document.type_name,
        &document.signer_name,
        &document.words,
        &captures::words(cx, document.id)?,
    ]
    .join(" ");
    let findable = Findable {
        kind: KIND,
        right: "documents.incoming.read",
        title: &document.subject,
        detail: &detail,
        path: &page,
        dated: document.promulgated,
        words: &words,
    };
    search::put(cx, document.agency, document.id, &findable)
}

base::form! {
    /// A document that came on paper, as the clerk reads it off.
    pub(crate) struct PaperForm {
        from_name: String = base::form::Field::line("documents.field.from_name").required().max(200),
        symbol: String = base::form::Field::line("documents.field.symbol").required().max(41),
        place: String = base::form::Field::line("documents.capture.place").max(100),
        promulgated: Date = base::form::Field::date("documents.field.promulgated").required(),
        type_name: String = base::form::Field::choice("documents.field.type_name").required().max(100),
        subject: String = base::form::Field::area("documents.field.subject").required().max(500),
        signer_name: String = base::form::Field::line("documents.field.signer_name").max(50),
        signer_position: String = base::form::Field::line("documents.field.signer_position").max(100),
        urgency: Option<i64> = base::form::Field::choice("documents.field.urgency"),
        pages: Option<i64> = base::form::Field::number("documents.field.pages").max(3),
        due: Option<Date> = base::form::Field::date("documents.field.due"),
        files: Vec<Upload> = base::form::Field::files("documents.field.scan").hint("documents.hint.scan"),
        confirm_duplicate: bool = base::form::Field::check("documents.field.confirm_duplicate"),
    }
}

/// Enters a paper document. One that looks like an earlier one is refused once, and entered when the clerk
/// says it is another.
pub(crate) fn enter_paper(
    cx: &mut Writer<'_, IncomingRegister>,
    ask: &PaperForm,
    scans: &[Upload],
) -> Result<Opened<Incoming>> {
    let agency = cx.agency()?;
    let twin = store::by_symbol(cx, agency, (&ask.symbol, ask.promulgated), &ask.from_name)?;
    if twin.is_some() && !ask.confirm_duplicate {
        return Err(Refusal::new("documents.incoming.refuse.looks_duplicate")
            .ground("Nghị định 30/2020/NĐ-CP, Phụ lục VI, mục I.1.h")
            .hint("documents.incoming.hint.confirm_duplicate")
            .into());
    }
    if ask.promulgated > cx.now().date() {
        return Err(Error::field("promulgated", "documents.incoming.refuse.date_ahead"));
    }
    let new = NewIncoming {
        source: Source::Paper,
        envelope: None,
        document_id: "",
        from_code: "",
        from_name: &ask.from_name,
        symbol: &ask.symbol,
        place: &ask.place,
        promulgated: ask.promulgated,
        type_name: &ask.type_name,
        subject: &ask.subject,
        words: "",
        signer: contracts::Signer {
            competence: String::new(),
            position: ask.signer_position.clone(),
            name: ask.signer_name.clone(),
        },
        urgency: ask.urgency.unwrap_or(0).clamp(0, 4),
        pages: ask.pages.unwrap_or(0).clamp(0, 999),
        due: ask.due,
        to_places: String::new(),
        trace: "[]".to_owned(),
        response_for: "[]".to_owned(),
        forwards: None,
        signature: SignatureVerdict::None,
        duplicate_of: None,
        content_hash: "",
    };
    let id = enter(cx, agency, new)?;
    for (sort, file) in (0_i64..).zip(scans) {
        files::add(cx, (agency, id), ("scan", sort), file)?;
    }
    let opened = cx.open(id)?;
    verdicts::ask_all(cx, &opened)?;
    Ok(opened)
}

base::form! {
    /// edXML packets a clerk hands in, from a system that is not connected.
    pub(crate) struct ImportForm {
        files: Vec<Upload> = base::form::Field::files("documents.field.edxml").required(),
    }
}

/// Queues the reading of each packet: it may be large, and a writer does no slow work. Answers where the clerk sees
/// how far it is.
pub(crate) fn import(cx: &mut Writer<'_, IncomingRegister>, ask: &ImportForm) -> Result<Id<Progress>> {
    let (agency, person) = (cx.agency()?, cx.person()?);
    let mut queued = Vec::new();
    for file in &ask.files {
        let payload = serde_json::json!({
            "sha256": file.sha256, "name": file.name, "agency": agency, "person": person,
        });
        let key = cx.new_id::<ImportForm>().to_string();
        queued.push((key, payload));
    }
    let batch = jobs::enqueue_all(cx, "edxml.import", &queued)?;
    cx.record("documents.act.imported", ("agency", agency), agency);
    Ok(batch)
}

/// What came of reading a packet.
#[derive(serde::Deserialize)]
pub(crate) struct Imported {
    pub(crate) agency: AgencyId,
    /// Who handed it in; nobody when it came in a letter.
    person: Option<PersonId>,
    name: String,
    from: Option<Party>,
    document: Option<Document>,
    signature: String,
    status: Option<Status>,
    reason: Option<String>,
}

/// Enters an imported packet, or tells the clerk why it was set aside.
pub(crate) fn on_imported(cx: &mut Writer<'_, System>, payload: &serde_json::Value) -> Result<()> {
    let imported: Imported = serde_json::from_value(payload.clone()).while_doing("reading", "an import")?;
    if let (Some(status), Some(from)) = (&imported.status, &imported.from) {
        return said_by_file(cx, &imported, (from, status));
    }
    let (Some(document), Some(from)) = (&imported.document, &imported.from) else {
        return set_aside(cx, &imported, imported.reason.as_deref().unwrap_or(""));
    };
    if let Business::Update(update) = &document.business {
        return versions::on_imported(cx, &imported, (from, document, update));
    }
    let twins = store::by_document_id(cx, imported.agency, &document.document_id)?;
    if twins.iter().any(|twin| twin.from_code == from.code) {
        return set_aside(cx, &imported, "here_already");
    }
    let symbol = format!("{}/{}", document.number, document.notation);
    let hash = content_hash(document);
    let mut new = received(document, (&from.code, &from.name), (&symbol, &hash), None)?;
    new.source = Source::File;
    new.signature = SignatureVerdict::parse(&imported.signature).unwrap_or(SignatureVerdict::None);
    let id = enter(cx, imported.agency, new)?;
    keep_files(cx, (imported.agency, id), document)?;
    let opened = cx.open::<Incoming>(id)?;
    verdicts::ask_all(cx, &opened)?;
    capture::read_what_came(cx, &opened)?;
    polled::came(cx, &opened, &document.response_for)?;
    versions::take_place(cx, &opened, &document.business)?;
    let values = [("name", imported.name.clone()), ("symbol", symbol)];
    let say = Say { key: "documents.notice.imported", values: &values, path: &path(id) };
    tell(cx, &imported, &say)
}

/// A status that came as a file acts as one that came by the exchange.
fn said_by_file(
    cx: &mut Writer<'_, System>,
    imported: &Imported,
    (from, status): (&Party, &Status),
) -> Result<()> {
    let mut status = status.clone();
    if status.timestamp == Instant::from_micros(0) {
        status.timestamp = cx.now();
    }
    // Systems disagree which of the two agencies a 13 names as its sender; it is the one that is not ours.
    let mut from = from.clone();
    if status.code == "13" && from.code == organisations::agency(cx, imported.agency)?.code_102 {
        from = Party { code: status.of.organ.clone(), name: status.of.organ.clone() };
    }
    let Some(page) = statuses::hear(cx, imported.agency, (&from, &status))? else {
        let word = if status.code == "13" { "recall_packet" } else { "status_packet" };
        return set_aside(cx, imported, &format!("{word}: {}", status.of.document_id));
    };
    heard(cx, imported, (&status.of.symbol, &page))
}

/// Tells the clerk that a packet was about a document that is here, and that it was acted on.
pub(crate) fn heard(
    cx: &mut Writer<'_, System>,
    imported: &Imported,
    (symbol, page): (&str, &str),
) -> Result<()> {
    let values = [("name", imported.name.clone()), ("symbol", symbol.to_owned())];
    let say = Say { key: "documents.notice.imported_about", values: &values, path: page };
    tell(cx, imported, &say)
}

/// Tells the clerk why a packet was set aside.
pub(crate) fn set_aside(cx: &mut Writer<'_, System>, imported: &Imported, reason: &str) -> Result<()> {
    let (word, detail) = reason.split_once(": ").unwrap_or((reason, ""));
    let key = format!("documents.import.reason.{word}");
    // A word without a text is still better than nothing: it is the format's own.
    let text = if cx.t().has(&key) { cx.text(&key) } else { word };
    let remark = if detail.is_empty() { text.to_owned() } else { format!("{text} ({detail})") };
    let values = [("name", imported.name.clone()), ("remark", remark)];
    let say = Say { key: "documents.notice.set_aside", values: &values, path: "/documents/incoming/import" };
    tell(cx, imported, &say)?;
    let subject = ("agency", imported.agency);
    cx.record_noted("documents.act.set_aside", subject, imported.agency, note(&values));
    Ok(())
}

/// Tells whoever handed a packet in what came of it.
fn tell(cx: &mut Writer<'_, System>, imported: &Imported, say: &Say<'_>) -> Result<()> {
    match imported.person {
        Some(person) => notify::tell(cx, imported.agency, person, say),
        None => Ok(()),
    }
}
