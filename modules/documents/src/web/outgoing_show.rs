//! One outgoing document: the letter on the left, the act and the facts on the right.

use crate::actions::outgoing::{files_of, name_of, path};
use crate::model::{Outgoing, OutgoingStatus as S, Recipient};
use crate::rights::{OutgoingDraft, OutgoingRead};
use crate::rules::statuses::{has_arrived, is_trouble};
use crate::store::bodies::{self, BodyFile};
use crate::store::versions::{self as store, Version};
use crate::store::{authority, recipients, signatures as store_signatures};
use crate::web::compose_view::origin;
use crate::web::incoming_list::urgency_chip;
use crate::web::incoming_show::{extras, timeline, urgency_key};
use crate::web::outgoing::CommentForm;
use crate::web::outgoing_list::{status_chip, status_text};
use crate::web::steps_view;
use crate::web::{beside, follow, letter, outgoing_acts, recall, signatures};
use base::form::Form;
use base::{Result, T};
use kernel::{Opened, Reader, Reply, Response, Told};
use maud::{Markup, html};
use ui::{ButtonKind, Crumb, Hand, Line, Step};

/// The page of a document.
pub(crate) fn show(cx: &Reader<'_, OutgoingRead>) -> Reply {
    let document = cx.open::<Outgoing>(cx.path_id()?)?;
    let t = cx.t();
    if document.urgency > 0 {
        platform::tasks::looked(cx, document.id)?;
    }
    let name = name_of(&document);
    let sub = html! {
        (status_chip(t, document.status))
        (urgency_chip(t, document.urgency))
        @if !document.symbol.is_empty() { b { (document.symbol) } }
        (origin(cx, &document)?)
        @if let Some(due) = document.due { (ui::deadline_chip(t, Some(due.into()), cx.now())) }
    };
    let panel = outgoing_acts::panel(cx, &document)?;
    let (around, next) = beside::pages(cx, document.id)?;
    let expected = !panel.0.is_empty();
    let right = ui::stack(html! {
        (panel)
        (recall::banner(cx, &document)?)
        (progress(cx, &document)?)
        (recall::changing(cx, &document))
        (ui::card("route", t.text("documents.outgoing.part.route"), html! {}, route(cx, &document)?))
        (facts(cx, &document)?)
        (signed(cx, &document)?)
        (comments(cx, &document)?)
        (ui::card("history", t.text("documents.history"), versions_link(t, &document), history(cx, &document)?))
    });
    let subject =
        if document.subject.is_empty() { t.text("documents.outgoing.no_subject") } else { &document.subject };
    let body = html! {
        (ui::crumbs(t, &[Crumb { label: t.text("documents.outgoing.title"), href: "/documents/outgoing" }], &name))
        (ui::head(subject, sub, html! { (around) (heading_acts(cx, &document)?) }))
        @if !next.0.is_empty() { (ui::stack(html! { (next) div {} })) }
        (ui::split_doc(letter::viewer(cx, &document)?, right))
        @if expected { (ui::sticky_act("#act", t.text("documents.incoming.to_act"))) }
    };
    cx.page(subject, body.into_string())
}

fn heading_acts(cx: &Reader<'_, OutgoingRead>, document: &Opened<Outgoing>) -> Result<Markup> {
    let (t, page) = (cx.t(), path(document.id));
    Ok(html! {
        (follow::button(cx, (&page, document.id))?)
        (ui::link_button(ButtonKind::Plain, "print", t.text("documents.print.document"), &format!("{page}/document.pdf")))
        @if document.status == S::Issued {
            form method="post" action={ (page) "/edxml" } {
                input type="hidden" name="_csrf" value=(cx.form_state().csrf);
                button.btn { (ui::icon("download")) (t.text("documents.outgoing.edxml")) }
            }
            (ui::link_button(ButtonKind::Plain, "eye", t.text("documents.tracking.title"), &format!("{page}/tracking")))
            (extras(cx, ("outgoing", document.agency), document.id))
        }
    })
}

/// Who has signed, and what the signatures of the files are worth.
fn signed(cx: &Reader<'_, OutgoingRead>, document: &Opened<Outgoing>) -> Result<Markup> {
    let t = cx.t();
    if let Some(copy) = store_signatures::live(cx, document.id)? {
        let told = t.fill("documents.signing.signed_by", &[("who", &copy.by), ("at", &copy.at.dmy_hhmm())]);
        let body = html! { p { (told) } p.muted { (t.text("documents.signing.awaits_seal")) } };
        return Ok(ui::card("signatures", t.text("documents.signature.title"), html! {}, body));
    }
    let judged = signatures::judged(cx, document.agency, &files_of(cx, document)?)?;
    Ok(signatures::card(t, &judged))
}

/// How far the recipients are, in one bar.
fn progress(cx: &Reader<'_, OutgoingRead>, document: &Opened<Outgoing>) -> Result<Markup> {
    if document.status != S::Issued || document.updates.is_some() {
        return Ok(html! {});
    }
    let (t, all) = (cx.t(), live(recipients::of(cx, document.id)?));
    let arrived = all.iter().filter(|one| has_arrived(one.status)).count();
    let trouble = all.iter().filter(|one| is_trouble(one.status)).count();
    let title = t.fill("documents.tracking.heading", &[("n", &arrived), ("total", &all.len())]);
    let more =
        html! { a.small href={ (path(document.id)) "/tracking" } { (t.text("documents.tracking.title")) } };
    let body = html! {
        (crate::web::tracking::bar(t, &all, ""))
        @if trouble > 0 { (ui::state(ui::Tone::Late, "alert", &t.count("documents.tracking.n_trouble", i64::try_from(trouble).unwrap_or(0)))) }
    };
    Ok(ui::card("progress", &title, more, body))
}

/// Recipients that still count: those that were not replaced by another.
pub(crate) fn live(all: Vec<Recipient>) -> Vec<Recipient> {
    all.into_iter().filter(|one| one.replaced_by.is_none()).collect()
}

/// Through whose hands it went and will go.
fn route(cx: &Reader<'_, OutgoingRead>, document: &Opened<Outgoing>) -> Result<Markup> {
    let t = cx.t();
    let (before, after) = steps_view::added(cx, document)?;
    let at = |at: Option<base::Instant>| at.map(base::Instant::dmy_hhmm).unwrap_or_default();
    let (begun, issued) = (Some(document.created_at), document.issued_at);
    let times = [begun, document.content_at, document.format_at, document.signed_at, issued];
    let [begun, content, format, signed, issued] = &times.map(at);
    let step = |done: bool, status: S| match (done, document.status == status) {
        (_, true) => Step::Now,
        (true, _) => Step::Done,
        _ => Step::Next,
    };
    let or = |name: &'static str, known: &str| {
        if known.is_empty() { t.text(name).to_owned() } else { known.to_owned() }
    };
    let people = [
        or("documents.outgoing.head", &document.content_by),
        or("documents.outgoing.clerk", &document.format_by),
        or("documents.outgoing.any_leader", &document.signer_name),
        or("documents.outgoing.clerk", &document.issued_by),
    ];
    let [head, clerk, leader, issuer] = &people;
    let reviewed = document.status != S::Drafting;
    let hands = [
        Hand {
            who: &document.drafter_name,
            what: t.text("documents.outgoing.hand.drafts"),
            when: begun,
            step: step(reviewed, S::Drafting),
        },
        Hand {
            who: head,
            what: t.text("documents.outgoing.hand.content"),
            when: content,
            step: step(document.content_at.is_some() && reviewed, S::ContentReview),
        },
        Hand {
            who: clerk,
            what: t.text("documents.outgoing.hand.format"),
            when: format,
            step: step(document.format_at.is_some() && reviewed, S::FormatReview),
        },
        Hand {
            who: leader,
            what: t.text("documents.outgoing.hand.approve"),
            when: signed,
            step: step(document.signed_at.is_some(), S::LeaderReview),
        },
        Hand {
            who: issuer,
            what: t.text("documents.outgoing.hand.issue"),
            when: issued,
            step: step(document.issued_at.is_some(), S::ToIssue),
        },
    ];
    Ok(ui::path(t, &steps_view::with_added(hands, (&before, &after))))
}

fn facts(cx: &Reader<'_, OutgoingRead>, document: &Opened<Outgoing>) -> Result<Markup> {
    let t = cx.t();
    let mut rows: Vec<(&str, Markup)> = vec![
        (
            t.text("documents.outgoing.field.type"),
            html! { (document.type_name) ", " (t.text(urgency_key(document.urgency))) },
        ),
        (t.text("documents.outgoing.column.status"), html! { (status_text(t, document.status)) }),
    ];
    if let Some(day) = document.promulgated {
        let dated = t.fill("documents.dated", &[("date", &day.dmy())]);
        rows.push((
            t.text("documents.outgoing.column.symbol"),
            html! { b { (document.symbol) } ", " (dated) },
        ));
        rows.push((t.text("documents.outgoing.document_id"), html! { code { (document.document_id) } }));
    }
    if document.signed_at.is_some() {
        let whole = format!("{} {}", document.signer_competence, document.signer_position);
        rows.push((
            t.text("documents.outgoing.field.signer"),
            html! { (document.signer_name) ", " (whole.trim()) },
        ));
    }
    if let Some(paper) = authority::of(cx, document)? {
        let values: [(&str, &dyn std::fmt::Display); 3] =
            [("number", &paper.number), ("since", &paper.date.dmy()), ("until", &paper.until.dmy())];
        let told = t.fill("documents.outgoing.authority_line", &values);
        rows.push((t.text("documents.outgoing.authority"), html! { (told) }));
    }
    if let Some(due) = document.due {
        rows.push((t.text("documents.outgoing.field.due"), html! { (due.dmy()) }));
    }
    rows.push((t.text("documents.outgoing.field.pages"), html! { (document.pages) }));
    rows.push((t.text("documents.outgoing.field.copies"), html! { (document.copies) }));
    if !document.void_reason.is_empty() {
        rows.push((
            t.text("documents.outgoing.field.reason"),
            html! { (document.void_reason) ", " (document.voided_by) },
        ));
    }
    Ok(ui::card("facts", t.text("documents.facts"), html! {}, ui::facts(&rows)))
}

fn comments(cx: &Reader<'_, OutgoingRead>, document: &Opened<Outgoing>) -> Result<Markup> {
    let (t, state) = (cx.t(), cx.form_state());
    let said = store::comments(cx, document.id)?;
    let stands = document.status != S::Voided && document.frozen_at.is_none();
    let may = cx.may_at::<OutgoingDraft>(document.agency) && stands;
    if said.is_empty() && !may {
        return Ok(html! {});
    }
    let form = html! {
        @if state.errors.at("words").is_some() { (ui::error_summary(t, &state, CommentForm::FIELDS)) }
        (ui::field(t, ui::find_field::<CommentForm>("words"), &state, "", &[]))
        (ui::acts(ui::button(t, ButtonKind::Plain, "documents.outgoing.button.comment", ("", ""))))
    };
    let body = html! {
        @for one in &said {
            p { b { (one.person_name) } " " span.muted { (one.post) " · " (one.at.dmy_hhmm()) } }
            p { (one.words) }
            @match (&one.settled_by, one.settled_at) {
                (Some(by), Some(at)) => p.muted {
                    (ui::icon("check")) " " (t.fill("documents.editor.settled", &[("who", by), ("at", &at.dmy_hhmm())]))
                },
                _ if may => form method="post" action={ (path(document.id)) "/settle/" (one.id) } {
                    input type="hidden" name="_csrf" value=(state.csrf);
                    button.btn.btn--quiet { (ui::icon("check")) (t.text("documents.editor.button.settle")) }
                },
                _ => {}
            }
        }
        @if may { (ui::form(t, &state, &format!("{}/comment", path(document.id)), form)) }
    };
    Ok(ui::card("comments", t.text("documents.outgoing.comments"), html! {}, body))
}

fn versions_link(t: T, document: &Outgoing) -> Markup {
    html! { a.small href={ (path(document.id)) "/versions" } { (t.text("documents.outgoing.versions")) } }
}

/// What was done, without the drafts that saved themselves.
fn told(cx: &Reader<'_, OutgoingRead>, document: &Opened<Outgoing>) -> Result<Vec<Told>> {
    let mut told = cx.told_of(document.id)?;
    told.retain(|one| one.act != "documents.act.outgoing.autosaved");
    Ok(told)
}

/// The life of the document; the packets of hundreds of recipients have their own page.
fn history(cx: &Reader<'_, OutgoingRead>, document: &Opened<Outgoing>) -> Result<Markup> {
    let mut told = told(cx, document)?;
    told.retain(|one| one.act != "documents.act.outgoing.status");
    Ok(timeline((cx.t(), cx.now()), &told, None))
}

/// The kept versions, and what one changed.
pub(crate) fn versions(cx: &Reader<'_, OutgoingRead>) -> Reply {
    let document = cx.open::<Outgoing>(cx.path_id()?)?;
    let t = cx.t();
    let all = store::all(cx, document.id)?;
    let wanted = cx.query("version").and_then(|n| n.parse::<i64>().ok());
    let newer = all.iter().find(|one| wanted.is_none_or(|n| one.n == n));
    let older = newer.and_then(|newer| all.iter().find(|one| one.n < newer.n));
    let files = bodies::of(cx, document.id)?;
    let page = path(document.id);
    let name = name_of(&document);
    let trail = [
        Crumb { label: t.text("documents.outgoing.title"), href: "/documents/outgoing" },
        Crumb { label: &name, href: &page },
    ];
    let title = t.text("documents.outgoing.versions");
    let body = html! {
        (ui::crumbs(t, &trail, title))
        (ui::head(title, html! { (document.subject) }, html! {}))
        (ui::split(changes(t, newer, older), ui::card("versions", title, html! {}, list(t, &page, (&all, &files)))))
    };
    cx.page(title, body.into_string())
}

fn changes(t: T, newer: Option<&Version>, older: Option<&Version>) -> Markup {
    let Some(newer) = newer else { return html! {} };
    let whole = |version: &Version| format!("{}\n{}", version.subject, version.body);
    let title = t.fill("documents.outgoing.version_by", &[("n", &newer.n), ("who", &newer.person_name)]);
    let body = if let Some(older) = older {
        letter::difference(t, &whole(older), &whole(newer))
    } else {
        html! { @for line in whole(newer).lines() { p { (letter::marked(line)) } } }
    };
    ui::card("changes", &title, html! { span.hint { (newer.at.dmy_hhmm()) } }, body)
}

fn list(t: T, page: &str, (all, files): (&[Version], &[BodyFile])) -> Markup {
    let named: Vec<(String, String, String)> = all
        .iter()
        .map(|one| {
            let label = t.fill("documents.outgoing.version_by", &[("n", &one.n), ("who", &one.person_name)]);
            let stood = |file: &&BodyFile| {
                file.since_version <= one.n && file.until_version.is_none_or(|until| one.n < until)
            };
            let at = one.at.dmy_hhmm();
            let note = match files.iter().find(stood) {
                Some(file) => {
                    format!("{at} · {}", t.fill("documents.editor.body.is_file", &[("name", &file.name)]))
                }
                None => at,
            };
            (label, format!("{page}/versions?version={}", one.n), note)
        })
        .collect();
    let lines: Vec<Line<'_>> =
        named.iter().map(|(label, href, at)| Line { label, href, note: html! { (at) } }).collect();
    ui::lines(&lines)
}

/// A document as the API tells it.
pub(crate) fn show_data(cx: &Reader<'_, OutgoingRead>) -> Reply {
    let document = cx.open::<Outgoing>(cx.path_id()?)?;
    let files = files_of(cx, &document)?;
    let told = told(cx, &document)?;
    let json = serde_json::json!({
        "id": document.id,
        "document_id": document.document_id,
        "status": document.status.word(),
        "version": document.version,
        "type": document.type_name,
        "type_code": document.type_code,
        "symbol": document.symbol,
        "promulgated": document.promulgated,
        "subject": document.subject,
        "body": document.body,
        "urgency": document.urgency,
        "pages": document.pages,
        "copies": document.copies,
        "due": document.due,
        "to_places": document.to_places.lines().collect::<Vec<_>>(),
        "answers": document.answers,
        "forwards": document.forwards,
        "drafter": document.drafter_name,
        "content_by": document.content_by,
        "content_at": document.content_at,
        "format_by": document.format_by,
        "format_at": document.format_at,
        "signer": {
            "competence": document.signer_competence,
            "position": document.signer_position,
            "name": document.signer_name,
            "at": document.signed_at,
        },
        "issued_at": document.issued_at,
        "issued_by": document.issued_by,
        "created_at": document.created_at,
        "updated_at": document.updated_at,
        "void_reason": document.void_reason,
        "updates": document.updates,
        "replaces": document.replaces,
        "change_reason": document.change_reason,
        "replaced_by": document.replaced_by,
        "frozen_at": document.frozen_at,
        "files": files.iter().map(|file| serde_json::json!({
            "id": file.id, "role": file.role, "name": file.name, "content_type": file.content_type,
            "bytes": file.bytes, "sha256": file.sha256,
        })).collect::<Vec<_>>(),
        "history": told.iter().map(|one| serde_json::json!({
            "at": one.at, "who": one.person_name, "act": one.act, "text": one.sentence(cx.t()),
            "remark": one.remark(),
        })).collect::<Vec<_>>(),
    });
    Ok(Response::Json(json))
}
