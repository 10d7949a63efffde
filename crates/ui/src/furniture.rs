//! What stands on a page: heading, crumbs, tabs, cards, columns, facts, figures, buttons.

use crate::chips::Tone;
use crate::icons::{icon, icon_if};
use base::T;
use maud::{Markup, html};

/// The heading of a page with its acts; every page of the shell has exactly one.
pub fn head(title: &str, sub: Markup, acts: Markup) -> Markup {
    html! {
        div class="head" {
            div class="head__text" {
                h1 { (title) }
                @if !sub.0.is_empty() { p class="head__sub" { (sub) } }
            }
            @if !acts.0.is_empty() { div class="acts" { (acts) } }
        }
    }
}

/// One step of the way to a page.
#[derive(Debug, Clone, Copy)]
pub struct Crumb<'a> {
    /// What it is.
    pub label: &'a str,
    /// Where it leads.
    pub href: &'a str,
}

/// The way to this page.
pub fn crumbs(t: T, trail: &[Crumb<'_>], here: &str) -> Markup {
    html! {
        nav class="crumbs" aria-label=(t.text("ui.crumbs")) {
            ol {
                @for crumb in trail { li { a href=(crumb.href) { (crumb.label) } } }
                li aria-current="page" { (here) }
            }
        }
    }
}

/// One tab.
#[derive(Debug, Clone, Copy)]
pub struct Tab<'a> {
    /// What it shows.
    pub label: &'a str,
    /// Where it leads.
    pub href: &'a str,
    /// How many things are there.
    pub count: Option<i64>,
    /// True when it is shown.
    pub current: bool,
}

/// Ways to look at the same list.
pub fn tabs(label: &str, tabs: &[Tab<'_>]) -> Markup {
    html! {
        nav class="tabs" aria-label=(label) {
            @for tab in tabs {
                a href=(tab.href) aria-current=[tab.current.then_some("page")] {
                    (tab.label)
                    @if let Some(count) = tab.count { " " span class="num" { (base::words::grouped(count)) } }
                }
            }
        }
    }
}

/// A card with a heading. `id` names the heading, `aside` stands at its right.
pub fn card(id: &str, title: &str, aside: Markup, body: Markup) -> Markup {
    card_flush(id, title, aside, html! { div class="card__body" { (body) } })
}

/// A card whose body reaches its edges: tables, groups.
pub fn card_flush(id: &str, title: &str, aside: Markup, body: Markup) -> Markup {
    html! {
        section class="card" aria-labelledby=(id) {
            div class="card__head" { h2 id=(id) { (title) } (aside) }
            (body)
        }
    }
}

/// Things under one another with even gaps.
pub fn stack(body: Markup) -> Markup {
    html! { div class="stack" { (body) } }
}

/// The main column and a narrow one beside it; one column on narrow screens.
pub fn split(main: Markup, aside: Markup) -> Markup {
    columns("split", main, aside)
}

/// Two even columns: the document left, what to do with it right.
pub fn split_doc(left: Markup, right: Markup) -> Markup {
    columns("split split--doc", left, right)
}

/// The main column and a wide one beside it, for a map.
pub fn split_wide(main: Markup, aside: Markup) -> Markup {
    columns("split split--map", main, aside)
}

fn columns(class: &str, left: Markup, right: Markup) -> Markup {
    html! { div class=(class) { div class="stack" { (left) } div class="stack" { (right) } } }
}

/// Names and values.
pub fn facts(rows: &[(&str, Markup)]) -> Markup {
    facts_list("facts", rows)
}

/// Names and numbers, the numbers to the right.
pub fn facts_num(rows: &[(&str, Markup)]) -> Markup {
    facts_list("facts facts--num", rows)
}

fn facts_list(class: &str, rows: &[(&str, Markup)]) -> Markup {
    html! { dl class=(class) { @for (name, value) in rows { dt { (name) } dd { (value) } } } }
}

/// A number that leads to its list.
#[derive(Debug, Clone, Copy)]
pub struct Figure<'a> {
    /// The number.
    pub value: &'a str,
    /// What is counted.
    pub label: &'a str,
    /// A word on it.
    pub note: &'a str,
    /// Its list.
    pub href: &'a str,
    /// Late or Soon mark it.
    pub tone: Tone,
}

/// Numbers side by side.
pub fn figures(figures: &[Figure<'_>]) -> Markup {
    html! {
        div class="figures" {
            @for figure in figures {
                a class={ "figure figure--" (figure.tone.class()) } href=(figure.href) {
                    b { (figure.value) } span { (figure.label) } small { (figure.note) }
                }
            }
        }
    }
}

/// One line of a short list.
#[derive(Debug, Clone)]
pub struct Line<'a> {
    /// What it is.
    pub label: &'a str,
    /// Where it leads; empty for no link.
    pub href: &'a str,
    /// What stands at the right.
    pub note: Markup,
}

/// A short list.
pub fn lines(lines: &[Line<'_>]) -> Markup {
    html! {
        ul class="lines" {
            @for line in lines {
                li {
                    @if line.href.is_empty() { span { (line.label) } } @else { a href=(line.href) { (line.label) } }
                    span class="muted" { (line.note) }
                }
            }
        }
    }
}

/// Something that opens in place.
pub fn more(summary: &str, body: Markup) -> Markup {
    html! { details class="more" { summary { (summary) } (body) } }
}

/// The way to what comes before and after this page in the list somebody works through; `K` and `J` go it. Where the
/// server knows of none the script puts the rows of the list in that the page was opened from.
pub fn beside(t: T, (before, after): (Option<&str>, Option<&str>)) -> Markup {
    html! {
        nav class="beside-pages" aria-label=(t.text("ui.beside")) data-beside hidden[before.is_none() && after.is_none()] {
            a class="btn btn--quiet" rel="prev" data-key="k" href=[before] hidden[before.is_none()] {
                "‹ " (t.text("ui.beside.before")) " " kbd aria-hidden="true" { "K" }
            }
            a class="btn btn--quiet" rel="next" data-key="j" href=[after] hidden[after.is_none()] {
                (t.text("ui.beside.after")) " › " kbd aria-hidden="true" { "J" }
            }
        }
    }
}

/// A row of buttons.
pub fn acts(body: Markup) -> Markup {
    html! { div class="acts" { (body) } }
}

/// How strongly a button speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ButtonKind {
    /// One of several acts.
    #[default]
    Plain,
    /// The act this page is for; one a page.
    Primary,
    /// An act that takes something away.
    Danger,
    /// An act that may be overlooked.
    Quiet,
}

impl ButtonKind {
    pub(crate) fn class(self) -> &'static str {
        match self {
            ButtonKind::Plain => "btn",
            ButtonKind::Primary => "btn btn--primary",
            ButtonKind::Danger => "btn btn--danger",
            ButtonKind::Quiet => "btn btn--quiet",
        }
    }
}

/// A link that looks like a button.
pub fn link_button(kind: ButtonKind, icon_name: &str, label: &str, href: &str) -> Markup {
    link_button_key(kind, icon_name, (label, ""), href)
}

/// A link that looks like a button and has a shortcut letter.
pub fn link_button_key(kind: ButtonKind, icon_name: &str, (label, key): (&str, &str), href: &str) -> Markup {
    html! {
        a class=(kind.class()) href=(href) data-key=[(!key.is_empty()).then_some(key)] {
            (icon_if(icon_name)) (label) (key_cap(key))
        }
    }
}

/// The letter on a button.
pub(crate) fn key_cap(key: &str) -> Markup {
    html! {
        @if !key.is_empty() {
            " " kbd aria-hidden="true" {
                @if key == "ctrl+enter" { "Ctrl ↵" } @else { (key.to_uppercase()) }
            }
        }
    }
}

/// A bar that stays at the foot of a long form: a hint at the left, the buttons at the right.
pub fn footbar(hint: &str, buttons: Markup) -> Markup {
    html! { div class="footbar no-print" { span class="hint" { (hint) } (buttons) } }
}

/// On phones, a bar at the bottom that leads to the act of the page.
pub fn sticky_act(href: &str, label: &str) -> Markup {
    html! { div class="actbar no-print" { a class="btn btn--primary" href=(href) { (label) (icon("down")) } } }
}

/// On phones, a bar at the bottom with the buttons of the form it stands in, so that who has read the letter need not
/// scroll to act; above them what they will do, which leads to the fields. Once a field was changed it says only that.
pub fn act_bar(t: T, (href, hint): (&str, &str), buttons: Markup) -> Markup {
    html! {
        div class="actbar actbar--do no-print" {
            a href=(href) data-changed=(t.text("ui.changed")) { (hint) }
            (buttons)
        }
    }
}

/// One format a list can be taken away in.
#[derive(Debug, Clone, Copy)]
pub struct ExportLink<'a> {
    /// The format.
    pub label: &'a str,
    /// Its address.
    pub href: &'a str,
}

/// Ways to take a list away.
pub fn export_links(t: T, links: &[ExportLink<'_>]) -> Markup {
    html! {
        @match links {
            [] => {}
            [one] => (link_button(ButtonKind::Plain, "download", &t.fill("ui.export_as", &[("format", &one.label)]), one.href)),
            _ => details class="menu" {
                summary class="btn" { (icon("download")) (t.text("ui.export")) }
                div class="menu__list" { @for link in links { a href=(link.href) { (link.label) } } }
            }
        }
    }
}
