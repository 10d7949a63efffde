//! What a page says: banners, toasts, an empty list, dialogs.

use crate::chips::Tone;
use crate::furniture::ButtonKind;
use crate::icons::{icon, star};
use crate::layout::help_at;
use base::{Refusal, T};
use maud::{Markup, html};
use std::fmt::Display;

/// What just happened, told on the next page.
#[derive(Debug, Clone)]
pub struct Flash {
    /// Ok or Late.
    pub kind: Tone,
    /// The finished text.
    pub text: String,
    /// The address that undoes it.
    pub undo: Option<String>,
}

/// Something the reader must know before anything else on the page.
pub fn banner(tone: Tone, icon_name: &str, body: Markup, act: Markup) -> Markup {
    html! {
        div class={ "banner banner--" (tone.class()) } {
            (icon(icon_name)) div { (body) }
            @if !act.0.is_empty() { span class="acts" { (act) } }
        }
    }
}

/// Why a rule refused the act this page came from: the reason, its legal ground, the next step, and the help for the
/// screen at `path`. Nothing when nothing was refused.
pub fn refused(t: T, refusal: Option<&Refusal>, path: &str) -> Markup {
    let Some(Refusal { key, ground, hint, values }) = refusal else { return html! {} };
    let values: Vec<(&str, &dyn Display)> =
        values.iter().map(|(name, value)| -> (&str, &dyn Display) { (name, value) }).collect();
    let body = html! {
        b { (t.fill(key, &values)) }
        @if !ground.is_empty() { p { (ground) } }
        @if let Some(hint) = hint { p { (t.text(hint)) } }
        p { a class="small" href=(help_at(path)) { (t.text("ui.help_here")) } }
    };
    html! { div role="alert" { (banner(Tone::Late, "alert", body, html! {})) } }
}

/// What just happened, with a way back.
pub fn toast(t: T, flash: &Flash, csrf: &str) -> Markup {
    let icon_name = if flash.kind.class() == "late" { "alert" } else { "check" };
    html! {
        div class="toast" {
            span { (icon(icon_name)) " " (flash.text) }
            @if let Some(undo) = &flash.undo {
                form method="post" action=(undo) {
                    input type="hidden" name="_csrf" value=(csrf);
                    button class="btn" data-key="z" { (icon("undo")) (t.text("ui.undo")) }
                }
            }
        }
    }
}

/// A list with nothing in it.
pub fn empty(title: &str, text: &str, act: Markup) -> Markup {
    html! { div class="empty" { (star()) p class="empty__title" { (title) } p { (text) } (act) } }
}

/// One thing to know.
#[derive(Debug, Clone)]
pub struct Notice<'a> {
    /// Its icon.
    pub icon: &'a str,
    /// What it says.
    pub body: Markup,
    /// When; empty for no time.
    pub when: &'a str,
    /// True when something must be done about it.
    pub warn: bool,
}

/// A short list of things to know.
pub fn notice_list(notices: &[Notice<'_>]) -> Markup {
    html! {
        ul class="notices" {
            @for notice in notices {
                li class=[notice.warn.then_some("is-warn")] {
                    (icon(notice.icon))
                    p { (notice.body) @if !notice.when.is_empty() { " " small { (notice.when) } } }
                }
            }
        }
    }
}

/// A question over the page, closed until [`dialog_button`] opens it.
pub fn dialog(id: &str, title: &str, body: Markup) -> Markup {
    html! {
        div class="panel" id=(id) popover role="dialog" aria-labelledby={ (id) "-title" } {
            h2 id={ (id) "-title" } { (title) }
            (body)
        }
    }
}

/// Opens a dialog.
pub fn dialog_button(id: &str, label: &str, tone: Tone) -> Markup {
    let kind = match tone {
        Tone::Late | Tone::Urgent => ButtonKind::Danger,
        _ => ButtonKind::Plain,
    };
    html! { button class=(kind.class()) type="button" popovertarget=(id) { (label) } }
}

/// Closes a dialog without an act.
pub fn dialog_close(id: &str, label: &str) -> Markup {
    html! { button class="btn" type="button" popovertarget=(id) popovertargetaction="hide" { (label) } }
}
