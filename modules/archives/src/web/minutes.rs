//! A hand-over: the minutes and the list that goes with them (annex V, parts III and V), to read and to print.

use crate::model::{Dossier, Handover, HandoverState};
use crate::rights::{ArchiveKeep, ArchiveRead, DossierRead};
use crate::rules::dossier::span;
use crate::store::{dossiers, entries};
use crate::web::handovers::{GiveBackForm, chip, opened};
use crate::web::sheet::Sheet;
use crate::web::{history, print, print_banner, print_link, retention};
use base::form::Form;
use base::{Date, Id, Result, T, text, words};
use kernel::{Opened, Raw, Reader, Reply};
use maud::{Markup, html};
use platform::{numbering, organisations};
use ui::{Cell, Crumb};

/// One dossier of a hand-over.
struct Item {
    id: Id<Dossier>,
    notation: String,
    title: String,
    span: String,
    years: Option<i64>,
    pages: i64,
    files: i64,
}

/// The dossiers of a hand-over the actor may know of; the giver's own are always among them.
fn items(cx: &Raw<'_>, handover: &Opened<Handover>) -> Result<Vec<Item>> {
    let mut out = Vec::new();
    for one in dossiers::together(cx, handover.id)? {
        let hidden = one.access == crate::model::Access::Limited
            && !cx.may_at::<ArchiveRead>(handover.agency)
            && !crate::actions::people(cx).contains(&one.keeper);
        if hidden {
            continue;
        }
        let all = entries::of(cx, one.id)?;
        let span = span(&all).map(|(first, last)| format!("{} – {}", first.dmy(), last.dmy()));
        out.push(Item {
            id: one.id,
            notation: one.notation,
            title: one.title,
            span: span.unwrap_or_default(),
            years: one.years,
            pages: all.iter().map(|entry| entry.pages).sum(),
            files: all.iter().map(|entry| entry.files).sum(),
        });
    }
    Ok(out)
}

/// The list of dossiers handed over (annex V, part III).
pub(crate) fn list(cx: &Raw<'_>, handover: &Opened<Handover>) -> Result<Sheet> {
    sheet(cx, handover, &items(cx, handover)?)
}

fn sheet(cx: &Raw<'_>, handover: &Opened<Handover>, items: &[Item]) -> Result<Sheet> {
    let t = cx.t();
    let rows: Vec<Vec<String>> = (1_usize..)
        .zip(items)
        .map(|(n, one)| {
            vec![
                n.to_string(),
                one.notation.clone(),
                one.title.clone(),
                one.span.clone(),
                retention(t, one.years),
                one.pages.to_string(),
                String::new(),
            ]
        })
        .collect();
    let head = |key: &str, cell: Cell| (t.text(key).to_owned(), cell);
    let in_words = words::number_words(u64::try_from(items.len()).unwrap_or(0));
    Ok(Sheet {
        agency: organisations::agency(cx, handover.agency)?.name,
        title: t.text("archives.handover.list").to_owned(),
        note: t.fill(
            "archives.handover.list_note",
            &[("year", &handover.year), ("n", &items.len()), ("words", &in_words)],
        ),
        file: format!("{}-{}", text::slug_ascii(t.text("archives.handover.list")), handover.number),
        heads: vec![
            head("archives.sheet.ordinal", Cell::Number),
            head("archives.sheet.notation", Cell::Nowrap),
            head("archives.field.title", Cell::Title),
            head("archives.field.span", Cell::Nowrap),
            head("archives.field.years_short", Cell::Nowrap),
            head("archives.sheet.pages", Cell::Number),
            head("archives.field.note", Cell::Text),
        ],
        rows,
        links: items.iter().map(|one| crate::actions::dossiers::path(one.id)).collect(),
    })
}

pub(crate) fn page(cx: &Reader<'_, DossierRead>) -> Reply {
    let handover = opened(cx)?;
    let t = cx.t();
    let items = items(cx, &handover)?;
    let sheet = sheet(cx, &handover, &items)?;
    let title = t.fill("archives.handover.name", &[("number", &numbering::written(handover.number))]);
    let address = crate::actions::archive::handover_path(handover.id);
    let acts = html! {
        (print::link(t, "archives.handover.minutes", &format!("{address}/minutes.pdf")))
        (print::link(t, "archives.handover.list", &format!("{address}/list.pdf")))
        (Sheet::export_links(t, &format!("{address}/list")))
        (print_link(t, &address))
    };
    let sub = html! { (chip(t, handover.state)) span { (handover.block) } };
    let trail = [Crumb { label: t.text("archives.handover.title"), href: "/archives/handovers" }];
    let body = html! {
        (ui::crumbs(t, &trail, &title))
        (ui::head(&title, sub, acts))
        (ui::refused(cx.t(), cx.refusal(), cx.path()))
        (print_banner(cx))
        (ui::stack(html! {
            (answer(cx, &handover))
            (minutes(cx, &handover, &items)?)
            (sheet.shown())
            div class="no-print" { (history(cx, handover.id)?) }
        }))
    };
    cx.page(title, body.into_string())
}

/// The archive receives or gives back.
fn answer(cx: &Reader<'_, DossierRead>, handover: &Opened<Handover>) -> Markup {
    let (t, state) = (cx.t(), cx.form_state());
    if handover.state == HandoverState::Returned {
        let words = t.fill("archives.handover.reason", &[("reason", &handover.reason)]);
        return ui::banner(ui::Tone::Late, "undo", html! { p { (words) } }, html! {});
    }
    if handover.state != HandoverState::Offered || !cx.may_at::<ArchiveKeep>(handover.agency) {
        return html! {};
    }
    let address = crate::actions::archive::handover_path(handover.id);
    let receive = ui::form(
        t,
        &state,
        &format!("{address}/receive"),
        ui::acts(ui::submit(t, "archives.handover.receive", "ctrl+enter")),
    );
    let inner = html! {
        (ui::error_summary(t, &state, GiveBackForm::FIELDS))
        (ui::field(t, ui::find_field::<GiveBackForm>("give_back_reason"), &state, "", &[]))
        (ui::acts(html! { button.btn { (t.text("archives.handover.give_back")) } }))
    };
    let back = ui::form(t, &state, &format!("{address}/return"), inner);
    let body = ui::stack(html! { (receive) (ui::more(t.text("archives.handover.give_back"), back)) });
    html! { div class="no-print" { (ui::card("act", t.text("archives.to_do"), html! {}, body)) } }
}

/// What the minutes say of all dossiers together.
pub(crate) struct Sums {
    /// How many there are.
    pub(crate) dossiers: usize,
    /// How many files they hold.
    pub(crate) files: i64,
    /// Of which time they are.
    pub(crate) span: String,
}

fn summed(items: &[Item]) -> Sums {
    let spans: Vec<&str> =
        items.iter().map(|one| one.span.as_str()).filter(|span| !span.is_empty()).collect();
    Sums { dossiers: items.len(), files: items.iter().map(|one| one.files).sum(), span: spans.join("; ") }
}

/// The same of a hand-over.
pub(crate) fn sums(cx: &Raw<'_>, handover: &Opened<Handover>) -> Result<Sums> {
    Ok(summed(&items(cx, handover)?))
}

/// The day of the minutes: of the answer or, before there is one, of the offer.
pub(crate) fn day(handover: &Handover) -> Date {
    let day = handover.decided_at.filter(|_| handover.state == HandoverState::Received);
    day.unwrap_or(handover.offered_at).date()
}

/// The minutes in the decree's words.
fn minutes(cx: &Raw<'_>, handover: &Opened<Handover>, items: &[Item]) -> Result<Markup> {
    let t = cx.t();
    let here = organisations::agency(cx, handover.agency)?;
    let place_date = format!("{}, {}", here.place, day(handover).long_vi());
    let Sums { files, span, .. } = summed(items);
    let receiver = if handover.state == HandoverState::Received {
        (handover.receiver_name.as_str(), handover.receiver_post.as_str())
    } else {
        ("", "")
    };
    let body = html! {
        p { (t.fill("archives.minutes.grounds", &[("year", &handover.year)])) }
        p { (t.text("archives.minutes.we")) }
        (party(t, "archives.minutes.giver", (&handover.giver_name, &handover.giver_post)))
        (party(t, "archives.minutes.receiver", receiver))
        p { (t.text("archives.minutes.agree")) }
        p { (t.fill("archives.minutes.block", &[("block", &handover.block)])) }
        p { (t.fill("archives.minutes.span", &[("span", &span)])) }
        p { (t.fill("archives.minutes.amount", &[("n", &items.len()), ("files", &files)])) }
        p { (t.fill("archives.minutes.condition", &[("condition", &handover.condition)])) }
        p { (t.text("archives.minutes.list")) }
        p { (t.text("archives.minutes.copies")) }
        p { b { (t.text("archives.minutes.signs")) } }
        p { (handover.giver_name) @if !receiver.0.is_empty() { " – " (receiver.0) } }
    };
    let number = format!("{}/{}", numbering::written(handover.number), handover.year);
    Ok(ui::sheet(
        t,
        &ui::Sheet {
            parent: "",
            agency: &here.name,
            number: &number,
            about: t.text("archives.minutes.about"),
            urgent: "",
            arrival: &[],
            place_date: &place_date,
            kind: t.text("archives.minutes.kind"),
            to: &[],
            body,
            recipients: &[],
            authority: &[],
            signer: "",
            signed: false,
            seal: None,
            watermark: "",
        },
    ))
}

fn party(t: T, key: &str, (name, post): (&str, &str)) -> Markup {
    let dots =
        |text: &str| if text.is_empty() { "………………………".to_owned() } else { text.to_owned() };
    html! { p { (t.fill(key, &[("name", &dots(name)), ("post", &dots(post))])) } }
}
