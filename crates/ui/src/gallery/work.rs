//! Queue, events, tables, progress and the document.

use crate::charts::{Fill, Mark, Part, Tile, progress, progress_bar, stackbar_thin, tiles};
use crate::chips::{Due, Tone, chip, deadline_chip, files_count, state};
use crate::form::Choice;
use crate::furniture::{ExportLink, Figure, Tab, card, card_flush, export_links, figures, tabs};
use crate::queue::{QueueRow, RowAct, To, queue, queue_row, queue_section};
use crate::table::{
    Cell, Column, Group, Paging, Sorted, Table, filter_choice, filter_date, filter_text, filters, group,
    group_summary, pager, table,
};
use crate::timeline::{Event, Hand, Leg, Step, path, timeline, trip};
use crate::viewer::{FileLink, Sheet, Viewer, sheet, viewer};
use base::form::FormState;
use base::{FieldErrors, Instant, T};
use maud::{Markup, html};

pub(super) fn queue_of(t: T, now: Instant) -> Markup {
    let errors = FieldErrors::default();
    let fresh = FormState { input: None, errors: &errors, csrf: "", once: "" };
    let accept = RowAct { label: g!(t, "accept"), key: "t", to: To::Post("/_ui"), primary: true };
    let plain = RowAct { primary: false, ..accept };
    let open = RowAct { label: g!(t, "return_it"), key: "r", to: To::Open("#queue"), primary: false };
    let row = |name, title, tone, act| QueueRow {
        id: name,
        name,
        title,
        href: "#queue",
        chip: html! {},
        note: g!(t, "came"),
        meta: vec![
            html! { b { (name) } },
            html! { (g!(t, "agency_two")) },
            state(Tone::Ok, "shield", g!(t, "valid")),
            files_count(t, 2),
        ],
        tone,
        pick: tone != Tone::Late,
        act: Some(act),
    };
    let rows = [
        QueueRow {
            chip: chip(Tone::Urgent, "bolt", g!(t, "urgent")),
            ..row("27/CĐ-TW", g!(t, "doc_one"), Tone::Late, accept)
        },
        QueueRow {
            chip: deadline_chip(t, Some(Due::Moment(now.plus_minutes(130))), now),
            ..row("742/BTTTT-THH", g!(t, "doc_two"), Tone::Soon, plain)
        },
        QueueRow {
            chip: chip(Tone::Late, "shieldx", g!(t, "broken")),
            ..row("55/BC-UBND", g!(t, "doc_three"), Tone::Plain, open)
        },
    ];
    let list = html! { @for row in &rows { (queue_row(t, row)) } };
    let batch = [RowAct { key: "", ..accept }];
    queue(t, &fresh, &batch, queue_section("queue", g!(t, "queue"), html! { (g!(t, "today")) }, list))
}

pub(super) fn events(t: T) -> Markup {
    let leg = |name, step| Leg { name, note: g!(t, "arrived_note"), step };
    let hand = |who, what, step| Hand { who, what, when: "14/03", step };
    let event = |when, step, what: &str, note| Event { when, step, what: html! { (what) }, note };
    let body = html! {
        div class="stack" {
            (trip(t, &[
                leg(g!(t, "level_one"), Step::Done), leg(g!(t, "level_two"), Step::Now),
                leg(g!(t, "level_three"), Step::Next), leg(g!(t, "level_four"), Step::Next),
            ]))
            div class="specimens" {
                (timeline(t, &[
                    event("08:41", Step::Done, g!(t, "arrived_done"), g!(t, "arrived_note")),
                    event("09:10", Step::Bad, g!(t, "refused"), g!(t, "refused_note")),
                    event(g!(t, "now"), Step::Now, g!(t, "waiting"), ""),
                    event(g!(t, "later"), Step::Next, g!(t, "next"), ""),
                ]))
                (path(t, &[
                    hand(g!(t, "person_one"), g!(t, "drafts"), Step::Done),
                    hand(g!(t, "person_two"), g!(t, "approves"), Step::Now),
                    hand(g!(t, "person_three"), g!(t, "signs"), Step::Next),
                ]))
            }
        }
    };
    card("events", g!(t, "events"), html! {}, body)
}

pub(super) fn tables(t: T) -> Markup {
    let columns = [
        Column::new(g!(t, "place"), Cell::Title),
        Column::new(g!(t, "state"), Cell::Text),
        Column::new(g!(t, "at"), Cell::Nowrap),
        Column::new(g!(t, "number"), Cell::Number).sorted(Sorted::Down),
    ];
    let row = |name: &str, chip: Markup, number: &str| {
        vec![html! { a href="#tables" { (name) } }, chip, html! { "08:14, 13/03" }, html! { (number) }]
    };
    let rows = [
        row(g!(t, "agency_two"), chip(Tone::Info, "pen", g!(t, "working")), "204"),
        row(g!(t, "agency_three"), chip(Tone::Ok, "check", g!(t, "finished")), "88"),
        row(g!(t, "agency_one"), chip(Tone::Late, "x", g!(t, "missing")), ""),
    ];
    let list = html! {
        (table(&Table { caption: g!(t, "tables"), columns: &columns, rows: &rows, register: false }))
        (pager(t, &Paging { newer: None, older: Some("#tables"), shown: g!(t, "shown") }))
    };
    let link = |label, href| ExportLink { label, href };
    html! {
        section aria-labelledby="tables" {
            div class="queue__head" {
                h2 id="tables" { (g!(t, "tables")) } span class="hint" {}
                (export_links(t, &[link("XLSX", "#tables"), link("CSV", "#tables")]))
            }
            (tabs(g!(t, "tables"), &[
                Tab { label: g!(t, "all"), href: "#tables", count: Some(1562), current: true },
                Tab { label: g!(t, "arrived"), href: "#tables", count: Some(23), current: false },
            ]))
            (filters(t, g!(t, "tables"), "#tables", html! {
                (filter_text("place", g!(t, "place"), ""))
                (filter_date(t, "since", g!(t, "at"), "2017-03-01"))
                (filter_choice("state", g!(t, "state"), "", &[
                    Choice::new("", g!(t, "all")), Choice::new("arrived", g!(t, "arrived")),
                ]))
            }))
            div class="card" { (groups(t, list)) }
        }
    }
}

fn groups(t: T, list: Markup) -> Markup {
    let summary = |title, state| {
        group_summary(&Group { title, note: g!(t, "places"), bar: stackbar_thin(&parts(t)), state })
    };
    html! {
        (group(true, summary(g!(t, "agency_two"), state(Tone::Late, "alert", g!(t, "one_missing"))), list))
        (group(false, summary(g!(t, "agency_three"), state(Tone::Ok, "check", g!(t, "finished"))), html! {}))
    }
}

fn parts(t: T) -> [Part<'static>; 6] {
    let part = |label, value, fill| Part { label, value, fill, href: "#progress" };
    [
        part(g!(t, "finished"), 41, Fill::Ok),
        part(g!(t, "working"), 96, Fill::Step4),
        part(g!(t, "assigned"), 58, Fill::Step3),
        part(g!(t, "registered"), 71, Fill::Step2),
        part(g!(t, "arrived"), 23, Fill::Step1),
        part(g!(t, "missing"), 1, Fill::Late),
    ]
}

pub(super) fn progress_of(t: T) -> Markup {
    let figure = |value, label, note, tone| Figure { value, label, note, href: "#progress", tone };
    let tile = |name, (column, row), mark, word| {
        let done = if mark == Mark::Bad { 23 } else { 24 };
        Tile { name, href: "#tiles", column, row, done, total: 24, mark, word }
    };
    html! {
        (card("progress", g!(t, "progress"), html! {}, html! {
            div class="specimens" {
                div class="stack" {
                    (progress("sending", g!(t, "sending"), (214, 290)))
                    (progress_bar(t, g!(t, "progress"), &parts(t)))
                }
                (figures(&[
                    figure("37", g!(t, "late"), g!(t, "grown"), Tone::Late),
                    figure("64", g!(t, "soon"), g!(t, "three_days"), Tone::Soon),
                    figure("6", g!(t, "waiting"), "", Tone::Plain),
                    figure("4", g!(t, "in_time"), "", Tone::Ok),
                ]))
            }
        }))
        (card("tiles", g!(t, "tiles"), html! {}, tiles(t, g!(t, "tiles"), &[
            tile("Hạ Hòa", (1, 0), Mark::Fine, ""),
            tile("Cẩm Khê", (0, 1), Mark::Slow, g!(t, "three_wait")),
            tile("Thanh Ba", (1, 1), Mark::Fine, ""),
            tile("Thanh Sơn", (2, 1), Mark::Bad, g!(t, "one_missing")),
        ])))
    }
}

pub(super) fn document(t: T) -> Markup {
    let letter = sheet(
        t,
        &Sheet {
            parent: "",
            agency: g!(t, "sender"),
            number: "742/BTTTT-THH",
            about: g!(t, "subject_value"),
            urgent: "KHẨN",
            arrival: &[(g!(t, "stamp"), ""), (g!(t, "stamp_in"), g!(t, "stamp_number"))],
            place_date: g!(t, "sheet_place"),
            kind: "",
            to: &[g!(t, "sheet_to")],
            body: html! { p { (g!(t, "para_one")) } p { (g!(t, "para_two")) } },
            recipients: &[g!(t, "sheet_cc_one"), g!(t, "sheet_cc_two")],
            authority: &[g!(t, "sheet_post")],
            signer: g!(t, "sheet_signer"),
            signed: true,
            seal: Some(g!(t, "sender")),
            watermark: g!(t, "draft"),
        },
    );
    let shown = viewer(
        t,
        &Viewer {
            title: g!(t, "letter"),
            note: g!(t, "letter_note"),
            pdf: None,
            images: &[],
            sheet: Some(letter),
            files: &[FileLink { name: g!(t, "annex"), href: "#viewer", note: "XLSX, 48 kB" }],
            download: Some("#viewer"),
        },
    );
    card_flush("viewer", g!(t, "viewer"), html! {}, html! { div class="card__body" { (shown) } })
}
