//! Each component in each state, for the people who build pages.

/// A text of the gallery.
macro_rules! g {
    ($t:expr, $name:literal) => {
        $t.text(concat!("ui.gallery.", $name))
    };
}

mod inputs;
mod work;

use crate::chips::{Due, Tone, chip, deadline_chip, files_count, state};
use crate::furniture::{ButtonKind, acts, card, footbar, head, link_button, link_button_key, sticky_act};
use crate::messages::{
    Flash, Notice, banner, dialog, dialog_button, dialog_close, empty, notice_list, toast,
};
use base::{Instant, T};
use maud::{Markup, html};

/// The gallery, as the body of a page.
pub fn gallery(t: T, now: Instant) -> Markup {
    html! {
        (head(g!(t, "title"), html! { (g!(t, "sub")) }, html! {}))
        div class="stack stack--airy" {
            (card("buttons", g!(t, "buttons"), html! {}, buttons(t)))
            (card("chips", g!(t, "chips"), html! {}, chips(t, now)))
            (inputs::fields(t))
            (inputs::pickers(t))
            (card("messages", g!(t, "messages"), html! {}, messages(t)))
            (work::queue_of(t, now))
            (work::events(t))
            (work::tables(t))
            (work::progress_of(t))
            (work::document(t))
            (card("dialog", g!(t, "dialog"), html! {}, question(t)))
        }
        (footbar(g!(t, "sub"), link_button(ButtonKind::Plain, "", g!(t, "keep"), "#dialog")))
        (sticky_act("#dialog", g!(t, "to_act")))
    }
}

fn buttons(t: T) -> Markup {
    html! {
        div class="stack" {
            (acts(html! {
                button class="btn btn--primary" type="button" { (g!(t, "accept")) " " kbd aria-hidden="true" { "T" } }
                (link_button(ButtonKind::Plain, "", g!(t, "pass_on"), "#buttons"))
                (link_button(ButtonKind::Quiet, "", g!(t, "send_back"), "#buttons"))
                (link_button(ButtonKind::Danger, "undo", g!(t, "recall"), "#buttons"))
                (link_button_key(ButtonKind::Plain, "plus", (g!(t, "accept"), "n"), "#buttons"))
            }))
            (acts(html! {
                button class="btn btn--primary demo-focus" type="button" { (g!(t, "accept")) }
                button class="btn" type="button" disabled { (g!(t, "disabled")) }
                button class="btn btn--primary" type="button" aria-disabled="true" { (t.text("ui.sending")) }
            }))
        }
    }
}

fn chips(t: T, now: Instant) -> Markup {
    let due = |days: i64| deadline_chip(t, Some(Due::Day(now.date().plus_days(days))), now);
    html! {
        div class="stack" {
            (acts(html! {
                (chip(Tone::Urgent, "bolt", g!(t, "urgent")))
                (chip(Tone::Soon, "flag", g!(t, "express")))
                (chip(Tone::Ok, "check", g!(t, "in_time")))
                (chip(Tone::Info, "pen", g!(t, "working")))
                (chip(Tone::Plain, "book", g!(t, "registered")))
            }))
            (acts(html! {
                (due(-2)) (due(0)) (due(1)) (due(3)) (due(9))
                (deadline_chip(t, Some(Due::Moment(now.plus_minutes(4))), now))
                (deadline_chip(t, Some(Due::Moment(now.plus_minutes(130))), now))
                (deadline_chip(t, Some(Due::Moment(now.plus_minutes(-95))), now))
                (deadline_chip(t, None, now))
            }))
            (acts(html! {
                (state(Tone::Ok, "shield", g!(t, "valid")))
                (state(Tone::Late, "shieldx", g!(t, "broken")))
                (state(Tone::Soon, "clock", g!(t, "arrived")))
                (state(Tone::Info, "pen", g!(t, "working")))
                (files_count(t, 3))
            }))
        }
    }
}

fn messages(t: T) -> Markup {
    let flash = Flash { kind: Tone::Ok, text: g!(t, "accepted").to_owned(), undo: Some("/_ui".to_owned()) };
    html! {
        div class="specimens" {
            div class="stack stack--form" {
                (toast(t, &flash, ""))
                (banner(Tone::Ok, "shield", html! { b { (g!(t, "valid")) } p { (g!(t, "checked")) } },
                    html! { a class="small" href="#messages" { (g!(t, "evidence")) } }))
                (banner(Tone::Late, "shieldx", html! { b { (g!(t, "broken")) } p { (g!(t, "cannot_register")) } },
                    link_button(ButtonKind::Plain, "", g!(t, "return_it"), "#messages")))
                (banner(Tone::Soon, "clock", html! { b { (g!(t, "certificate")) } p { (g!(t, "certificate_note")) } },
                    link_button(ButtonKind::Plain, "", g!(t, "renew"), "#messages")))
            }
            (notice_list(&[
                Notice { icon: "alert", body: html! { b { (g!(t, "certificate")) } }, when: "", warn: true },
                Notice { icon: "users", body: html! { (g!(t, "refused")) }, when: "17:02", warn: false },
            ]))
            (empty(g!(t, "done_title"), g!(t, "done_text"), link_button(ButtonKind::Plain, "", g!(t, "all"), "#messages")))
        }
    }
}

fn question(t: T) -> Markup {
    html! {
        (dialog_button("question", g!(t, "open_dialog"), Tone::Plain))
        (dialog("question", g!(t, "question"), html! {
            div class="stack" {
                p class="muted" { (g!(t, "question_note")) }
                div class="acts acts--end" {
                    (dialog_close("question", g!(t, "keep")))
                    button class="btn btn--primary" type="button" popovertarget="question" { (g!(t, "recall")) }
                }
            }
        }))
    }
}
