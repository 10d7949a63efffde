//! The queue: what waits for me, most urgent first, with the expected act on each row.

use crate::chips::Tone;
use crate::form::form_hidden;
use crate::furniture::key_cap;
use base::T;
use base::form::FormState;
use maud::{Markup, html};

/// What an act on a row does.
#[derive(Debug, Clone, Copy)]
pub enum To<'a> {
    /// Posts the queue's form to this address.
    Post(&'a str),
    /// Opens this address.
    Open(&'a str),
}

/// The act expected on a row.
#[derive(Debug, Clone, Copy)]
pub struct RowAct<'a> {
    /// The verb.
    pub label: &'a str,
    /// A shortcut letter; empty for none.
    pub key: &'a str,
    /// What it does.
    pub to: To<'a>,
    /// True on the row that burns.
    pub primary: bool,
}

/// One thing that waits.
#[derive(Debug, Clone)]
pub struct QueueRow<'a> {
    /// Value of the checkbox.
    pub id: &'a str,
    /// Short name for screen readers: the number of the document.
    pub name: &'a str,
    /// Its title.
    pub title: &'a str,
    /// Its page.
    pub href: &'a str,
    /// Why it waits here: a chip.
    pub chip: Markup,
    /// A line under the chip; empty for none.
    pub note: &'a str,
    /// The second line, in pieces.
    pub meta: Vec<Markup>,
    /// Late or Soon mark the row.
    pub tone: Tone,
    /// True when it can be chosen for a batch.
    pub pick: bool,
    /// The expected act.
    pub act: Option<RowAct<'a>>,
}

/// One row of a queue.
pub fn queue_row(t: T, row: &QueueRow<'_>) -> Markup {
    let mark = match row.tone {
        Tone::Late | Tone::Urgent => "qrow qrow--late",
        Tone::Soon => "qrow qrow--soon",
        _ => "qrow",
    };
    html! {
        li class=(mark) data-row {
            @if row.pick {
                label class="qrow__pick" {
                    input type="checkbox" name="pick" value=(row.id)
                        aria-label=(t.fill("ui.pick", &[("name", &row.name)]));
                }
            } @else { span class="qrow__pick" {} }
            div class="qrow__due" { (row.chip) @if !row.note.is_empty() { span { (row.note) } } }
            div class="qrow__what" {
                a class="qrow__title" href=(row.href) data-open { (row.title) }
                p class="qrow__meta" { @for piece in &row.meta { span { (piece) } } }
            }
            div class="qrow__act" { @if let Some(act) = &row.act { (row_act(act, row.name)) } }
        }
    }
}

/// A button, or a link that looks like one; `name` tells a screen reader which row it acts on.
fn row_act(act: &RowAct<'_>, name: &str) -> Markup {
    let class = if act.primary { "btn btn--primary" } else { "btn" };
    let key = (!act.key.is_empty()).then_some(act.key);
    let label = html! {
        (act.label) @if !name.is_empty() { span class="hidden" { " " (name) } } (key_cap(act.key))
    };
    html! {
        @match act.to {
            To::Post(address) => button class=(class) formaction=(address) data-key=[key] { (label) },
            To::Open(address) => a class=(class) href=(address) data-key=[key] { (label) },
        }
    }
}

/// Rows under one heading.
pub fn queue_section(id: &str, title: &str, hint: Markup, rows: Markup) -> Markup {
    html! {
        section aria-labelledby=(id) {
            div class="queue__head" { h2 id=(id) { (title) } span class="hint" { (hint) } }
            ol class="qlist" { (rows) }
        }
    }
}

/// The whole queue: one form, whose rows and whose bar of chosen rows post to their own addresses.
pub fn queue(t: T, state: &FormState<'_>, batch: &[RowAct<'_>], sections: Markup) -> Markup {
    html! {
        form class="queue" method="post" data-once {
            (form_hidden(state))
            @if !batch.is_empty() {
                button class="btn btn--quiet queue__all" type="button" data-pick-all data-key="a" {
                    (t.text("ui.pick_all")) (key_cap("a"))
                }
            }
            (sections)
            @if !batch.is_empty() {
                div class="batch no-print" {
                    span class="batch__count" { (t.text("ui.picked")) }
                    @for act in batch { (row_act(act, "")) }
                    button class="btn" type="reset" { (t.text("ui.unpick")) }
                }
            }
        }
    }
}
