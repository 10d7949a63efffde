//! One incoming document: the letter on the left, the act and the facts on the right.

use crate::actions::incoming::path;
use crate::model::Incoming;
use crate::rights::IncomingRead;
use crate::rules::signing;
use crate::rules::text::{full_name, lower_first};
use crate::store::incoming as store;
use crate::web::incoming_list::{is_open, status_chip, status_text, urgency_chip};
use crate::web::{
    beside, copies, demands, follow, incoming_acts, incoming_related, marked, remarks, signatures,
};
use base::{AgencyId, Id, Instant, T};
use kernel::{Opened, Raw, Reader, Reply, Told};
use maud::{Markup, html};
use platform::files::{self, FileOf};
use platform::organisations::{self, Tier};
use platform::tasks;
use ui::{ButtonKind, Event, FileLink, Leg, Sheet, Step, Tone, Viewer};

pub(crate) fn page(cx: &Reader<'_, IncomingRead>, document: &Opened<Incoming>) -> Reply {
    let t = cx.t();
    if document.urgency > 0 {
        tasks::looked(cx, document.id)?;
    }
    let files = files::of(cx, document.id)?;
    let history = cx.told_of(document.id, &[])?;
    let judged = signatures::judged(cx, document.agency, &files)?;
    let sub = html! {
        (status_chip(t, document.status))
        (urgency_chip(t, document.urgency))
        @if is_open(document.status) && document.handle_due.is_some() {
            (ui::deadline_chip(t, document.handle_due.map(Into::into), cx.now()))
        }
        span { (document.symbol) " · " (document.from_name) }
    };
    let trail = [
        ui::Crumb { label: cx.text("documents.desk"), href: "/" },
        ui::Crumb { label: cx.text("documents.incoming.title"), href: "/documents/incoming" },
    ];
    let slip = format!("{}/slip.pdf", crate::actions::incoming::path(document.id));
    let (around, next) = beside::pages(cx, document.id)?;
    let acts = html! {
        (around)
        (follow::button(cx, (&path(document.id), document.id))?)
        (ui::link_button(ButtonKind::Plain, "print", cx.text("documents.print.slip"), &slip))
        (extras(cx, ("incoming", document.agency), document.id))
    };
    let panel = incoming_acts::panel(cx, document)?;
    let expected = !panel.0.is_empty();
    let right = ui::stack(html! {
        (signatures::banner((t, cx.now()), document.signature, &judged))
        (duplicate_banner(t, document))
        (demands::panel(cx, document)?)
        (panel)
        (facts(cx, document)?)
        (signatures::card(t, &judged))
        (remarks::card(cx, document)?)
        (incoming_related::card(cx, document)?)
        (copies::card_of_incoming(cx, document)?)
        (demands::older(cx, document)?)
        (ui::card("history", t.text("documents.history"), html! {}, story(cx, document, &history)))
    });
    let body = html! {
        (ui::crumbs(t, &trail, &document.symbol))
        (ui::head(&document.subject, sub, acts))
        (ui::stack(html! {
            (next)
            (trip(cx, document)?)
            (ui::split_doc(letter(cx, document, &files)?, right))
        }))
        @if expected { (ui::sticky_act("#act", t.text("documents.incoming.to_act"))) }
    };
    cx.page(document.subject.clone(), body.into_string())
}

/// The acts other modules add to the page of a document.
pub(crate) fn extras<N>(cx: &Raw<'_>, (on, agency): (&'static str, AgencyId), document: Id<N>) -> Markup {
    html! {
        @for extra in cx.extras(on, agency) {
            (ui::link_button(ButtonKind::Plain, extra.icon, cx.text(extra.label), &format!("{}{document}", extra.path)))
        }
    }
}

/// The journey through the four tiers: where it has been, where it is, where it may still go.
fn trip(cx: &Reader<'_, IncomingRead>, document: &Incoming) -> base::Result<Markup> {
    let t = cx.t();
    let trace: Vec<contracts::Trace> = serde_json::from_str(&document.trace).unwrap_or_default();
    let here = organisations::agency(cx, document.agency)?;
    let mut hops: Vec<(Tier, String)> = Vec::new();
    for hop in &trace {
        if let Some(agency) = organisations::by_code(cx, &hop.organ)? {
            hops.push((agency.tier, format!("{}, {}", agency.name, short_time(hop.at, cx.now()))));
        }
    }
    let legs: Vec<(Tier, String, Step)> = Tier::ALL
        .iter()
        .map(|tier| {
            let passed = hops.iter().rev().find(|(hop, _)| hop == tier).map(|(_, note)| note.clone());
            match passed {
                _ if *tier == here.tier => (*tier, holder(t, document), Step::Now),
                Some(note) => (*tier, note, Step::Done),
                None => (*tier, String::new(), Step::Next),
            }
        })
        .collect();
    let legs: Vec<Leg<'_>> = legs
        .iter()
        .map(|(tier, note, step)| Leg { name: t.text(tier_key(*tier)), note, step: *step })
        .collect();
    Ok(ui::trip(t, &legs))
}

fn tier_key(tier: Tier) -> &'static str {
    match tier {
        Tier::Central => "platform.tier.central",
        Tier::Province => "platform.tier.province",
        Tier::District => "platform.tier.district",
        Tier::Commune => "platform.tier.commune",
    }
}

fn holder(t: T, document: &Incoming) -> String {
    if document.lead_name.is_empty() {
        t.text(&format!("documents.incoming.status.{}", document.status.word())).to_owned()
    } else {
        t.fill("documents.incoming.held_by", &[("who", &document.lead_name)])
    }
}

fn duplicate_banner(t: T, document: &Incoming) -> Markup {
    let Some(twin) = document.duplicate_of else { return html! {} };
    let link = html! { a href=(path(twin)) { (t.text("documents.incoming.see_twin")) } };
    ui::banner(Tone::Soon, "copy", html! { b { (t.text("documents.incoming.looks_duplicate")) } }, link)
}

fn letter(
    cx: &Reader<'_, IncomingRead>,
    document: &Opened<Incoming>,
    files: &[FileOf],
) -> base::Result<Markup> {
    let t = cx.t();
    let links = marked::links(cx, &path(document.id), files)?;
    let shown: Vec<FileLink<'_>> = files
        .iter()
        .zip(&links)
        .map(|(file, link)| FileLink { name: &file.name, href: &link.href, note: &link.note })
        .collect();
    let opens = || files.iter().zip(&links).filter(|(_, link)| link.mark.opens());
    let pdf = opens().find(|(file, _)| file.content_type == "application/pdf");
    let images: Vec<(&str, &str)> = opens()
        // No browser shows a TIFF.
        .filter(|(file, _)| file.content_type.starts_with("image/") && file.content_type != "image/tiff")
        .map(|(file, link)| (link.href.as_str(), file.name.as_str()))
        .collect();
    let words = (!document.words.is_empty()).then(|| sheet(cx, document)).transpose()?;
    // The signed file is the document; its words are the easier reading.
    let sheet = match (words, pdf) {
        (Some(words), Some((file, link))) => {
            Some(ui::paper_and_words(t, ui::pdf(t, &file.name, &link.href), words))
        }
        (words, _) => words,
    };
    let viewer = Viewer {
        title: &document.type_name,
        note: &document.symbol,
        pdf: pdf.filter(|_| sheet.is_none()).map(|(_, link)| link.href.as_str()),
        images: &images,
        sheet,
        files: &shown,
        download: links.first().filter(|link| link.mark.opens()).map(|link| link.href.as_str()),
    };
    Ok(html! { (marked::warning(t, &links)) (ui::viewer(t, &viewer)) })
}

/// The letter as it reads, from the words that travelled with it.
fn sheet(cx: &Reader<'_, IncomingRead>, document: &Incoming) -> base::Result<Markup> {
    let t = cx.t();
    let here = organisations::agency(cx, document.agency)?;
    let place_date = format!("{}, {}", document.place, document.promulgated.long_vi());
    let arrival_number = document.arrival_number.map(|n| n.to_string()).unwrap_or_default();
    let arrival_date = document.arrived_at.date().dmy();
    let arrival = [
        (here.name.as_str(), ""),
        (t.text("documents.sheet.arrived_number"), arrival_number.as_str()),
        (t.text("documents.sheet.arrived_date"), arrival_date.as_str()),
        (t.text("documents.sheet.passed_to"), document.lead_name.as_str()),
    ];
    let letter = document.type_name == "Công văn";
    let kind = if letter { String::new() } else { document.type_name.to_uppercase() };
    let places: Vec<&str> = document.to_places.lines().collect();
    let about = if letter { lower_first(&document.subject) } else { document.subject.clone() };
    let (from, own) = (full_name(&document.from_name), full_name(&here.name));
    let committee = from.starts_with("Ủy ban nhân dân").then(|| t.text("documents.outgoing.sheet.committee"));
    let head = t.text("documents.outgoing.sheet.head");
    let authority = signing::lines(&document.signer_competence, &document.signer_position, (committee, head));
    let authority: Vec<&str> = authority.iter().map(String::as_str).collect();
    let urgent = match document.urgency {
        0 => "",
        n => t.text(urgency_key(n)),
    };
    let body = html! { @for paragraph in document.words.lines().filter(|l| !l.trim().is_empty()) { p { (paragraph) } } };
    Ok(ui::sheet(
        t,
        &Sheet {
            parent: "",
            agency: &from,
            number: &document.symbol,
            about: &about,
            urgent,
            arrival: if document.arrival_number.is_some() { &arrival } else { &[] },
            place_date: &place_date,
            kind: &kind,
            to: &[own.as_str()],
            body,
            recipients: &places,
            authority: &authority,
            signer: &document.signer_name,
            signed: true,
            seal: Some(&from),
            watermark: "",
        },
    ))
}

pub(crate) fn urgency_key(urgency: i64) -> &'static str {
    match urgency {
        1 => "documents.urgency.1",
        2 => "documents.urgency.2",
        3 => "documents.urgency.3",
        4 => "documents.urgency.4",
        _ => "documents.urgency.0",
    }
}

fn facts(cx: &Reader<'_, IncomingRead>, document: &Opened<Incoming>) -> base::Result<Markup> {
    let t = cx.t();
    let dated = t.fill("documents.dated", &[("date", &document.promulgated.dmy())]);
    let mut rows: Vec<(&str, Markup)> =
        vec![(t.text("documents.field.symbol"), html! { b { (document.symbol) } ", " (dated) })];
    if let Some(number) = document.arrival_number {
        let at = document.registered_at.map(|at| at.date().dmy()).unwrap_or_default();
        rows.push((t.text("documents.field.arrival_number"), html! { b { (number) } ", " (at) }));
    }
    let code =
        if document.from_code.is_empty() { String::new() } else { format!(" ({})", document.from_code) };
    rows.push((t.text("documents.field.from_name"), html! { (document.from_name) span .muted { (code) } }));
    if !document.signer_name.is_empty() {
        let position = html! { @if !document.signer_position.is_empty() { ", " (document.signer_position) } };
        rows.push((t.text("documents.field.signer_name"), html! { (document.signer_name) (position) }));
    }
    rows.push((
        t.text("documents.field.type_name"),
        html! { (document.type_name) ", " (t.text(urgency_key(document.urgency))) },
    ));
    if let Some(due) = document.due {
        rows.push((t.text("documents.field.due"), html! { (due.dmy()) }));
    }
    if !document.instruction.is_empty() {
        rows.push((t.text("documents.field.instruction"), html! { (document.instruction) }));
    }
    let helpers = store::involved(cx, document)?;
    let helpers: Vec<&str> = helpers.iter().filter(|one| !one.lead).map(|one| one.name.as_str()).collect();
    if !helpers.is_empty() {
        rows.push((t.text("documents.field.with"), html! { (helpers.join("; ")) }));
    }
    if !document.answer_symbol.is_empty() {
        rows.push((t.text("documents.field.answer"), html! { b { (document.answer_symbol) } }));
    }
    if !document.return_reason.is_empty() {
        rows.push((t.text("documents.field.return_reason"), html! { (document.return_reason) }));
    }
    Ok(ui::card("facts", t.text("documents.facts"), html! {}, ui::facts(&rows)))
}

/// Who acts in the audit log when nobody does: the exchange, a job.
const SYSTEM: &str = "system";

/// The life of a document in plain words, from the audit log.
pub(crate) fn timeline((t, now): (T, Instant), history: &[Told], next: Option<Event<'_>>) -> Markup {
    let told: Vec<(String, String, String)> = history
        .iter()
        .map(|one| {
            let who = if one.person_name == SYSTEM { t.text("documents.system") } else { &one.person_name };
            (short_time(one.at, now), format!("{who} {}", one.sentence(t)), one.remark().unwrap_or_default())
        })
        .collect();
    let past =
        told.iter().map(|(when, what, note)| Event { when, step: Step::Done, what: html! { (what) }, note });
    let events: Vec<Event<'_>> = past.chain(next).collect();
    ui::timeline(t, &events)
}

/// A moment as short as it can be told: today only the hour, this year without the year.
pub(crate) fn short_time(at: Instant, now: Instant) -> String {
    let (day, today) = (at.date(), now.date());
    if day == today {
        return at.hhmm();
    }
    let dmy = day.dmy();
    let day = if day.year() == today.year() { dmy.get(..5).unwrap_or(&dmy) } else { &dmy };
    format!("{}, {day}", at.hhmm())
}

/// The history, and where the document is now: with whom and until when.
fn story(cx: &Reader<'_, IncomingRead>, document: &Incoming, history: &[Told]) -> Markup {
    let (t, now) = (cx.t(), cx.now());
    let ended = !is_open(document.status);
    let status = status_text(t, document.status);
    let who = if document.lead_name.is_empty() { String::new() } else { format!(": {}", document.lead_name) };
    let note = match document.handle_due {
        Some(due) if !ended => t.fill("documents.until", &[("due", &due.date().dmy())]),
        _ => String::new(),
    };
    let here =
        Event { when: t.text("documents.now"), step: Step::Now, what: html! { (status) (who) }, note: &note };
    timeline((t, now), history, (!ended).then_some(here))
}

/// A document as the API tells it.
pub(crate) fn json(
    cx: &Reader<'_, IncomingRead>,
    document: &Incoming,
    files: &[FileOf],
    history: &[Told],
) -> serde_json::Value {
    let raw = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap_or_default();
    serde_json::json!({
        "id": document.id,
        "document_id": document.document_id,
        "source": document.source.word(),
        "symbol": document.symbol,
        "from": { "code": document.from_code, "name": document.from_name },
        "place": document.place,
        "promulgated": document.promulgated,
        "type": document.type_name,
        "subject": document.subject,
        "signer": {
            "competence": document.signer_competence,
            "position": document.signer_position,
            "name": document.signer_name,
        },
        "urgency": document.urgency,
        "pages": document.pages,
        "due": document.due,
        "response_for": raw(&document.response_for),
        "forwards": document.forwards.as_deref().map(raw),
        "trace": raw(&document.trace),
        "signature": document.signature.word(),
        "duplicate_of": document.duplicate_of,
        "status": document.status.word(),
        "arrived_at": document.arrived_at,
        "arrival_number": document.arrival_number,
        "arrival_year": document.arrival_year,
        "instruction": document.instruction,
        "with": document.lead_name,
        "due_at": document.handle_due,
        "done_at": document.done_at,
        "outcome": document.outcome,
        "answer_symbol": document.answer_symbol,
        "return_reason": document.return_reason,
        "replaced_by": document.replaced_by,
        "files": files.iter().map(|file| serde_json::json!({
            "id": file.id, "role": file.role, "name": file.name, "content_type": file.content_type,
            "bytes": file.bytes, "sha256": file.sha256,
        })).collect::<Vec<_>>(),
        "history": history.iter().map(|one| serde_json::json!({
            "at": one.at, "who": one.person_name, "act": one.act, "text": one.sentence(cx.t()),
            "remark": one.remark(),
        })).collect::<Vec<_>>(),
    })
}
