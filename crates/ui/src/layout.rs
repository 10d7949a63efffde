//! The whole page: skip link, rail with counts, bar with search and menus, main, shortcuts.

use crate::app;
use crate::assets::asset_path;
use crate::icons::{icon, mark};
use crate::messages::{Flash, toast};
use crate::theme::Theme;
use base::T;
use maud::{DOCTYPE, Markup, PreEscaped, html};

/// One line of the rail.
#[derive(Debug, Clone)]
pub struct RailItem<'a> {
    /// What it is.
    pub label: &'a str,
    /// Where it leads.
    pub href: &'a str,
    /// Its icon.
    pub icon: &'a str,
    /// How many things wait there; `None` when it is not a queue.
    pub count: Option<i64>,
    /// How many of them are overdue.
    pub late: i64,
    /// True when it is hidden while nothing waits there.
    pub quiet: bool,
    /// True on its own pages.
    pub current: bool,
}

/// Lines of the rail under one heading.
#[derive(Debug, Clone)]
pub struct RailSection<'a> {
    /// The heading; empty for none.
    pub label: &'a str,
    /// The lines.
    pub items: Vec<RailItem<'a>>,
}

/// Everything around the content of a signed-in page.
#[derive(Debug, Clone, Copy)]
pub struct Shell<'a> {
    /// Texts in the person's language.
    pub t: T,
    /// Title of the page.
    pub title: &'a str,
    /// The province.
    pub tenant_name: &'a str,
    /// The agency the person acts for.
    pub agency_name: &'a str,
    /// The person.
    pub person_name: &'a str,
    /// The post the person acts in.
    pub post_title: &'a str,
    /// How pages look to the person.
    pub theme: Theme,
    /// The rail.
    pub sections: &'a [RailSection<'a>],
    /// Unread notices.
    pub notices: i64,
    /// What stands in the search box.
    pub search_value: &'a str,
    /// What just happened.
    pub flash: Option<&'a Flash>,
    /// The session's form token.
    pub csrf: &'a str,
    /// Path of this page, to come back to after a switch of theme or language.
    pub path: &'a str,
    /// A line at the foot of the rail; empty for none.
    pub foot: &'a str,
    /// What every printed page says at its foot: who printed it, for which agency, when; empty for nothing.
    pub print_mark: &'a str,
    /// True on a demonstration server.
    pub demo: bool,
}

/// Where the content of a page stands. No text of anybody's can say this: its `<` is escaped.
const CONTENT: &str = "<content>";

/// A whole signed-in page around its content, which is most of it and is copied once.
pub fn page(shell: &Shell<'_>, body: Markup) -> Markup {
    let around = around(shell).0;
    let (before, after) = around.split_once(CONTENT).unwrap_or((&around, ""));
    PreEscaped([before, &body.0, after].concat())
}

fn around(shell: &Shell<'_>) -> Markup {
    let t = shell.t;
    let content = html! {
        a class="skip" href="#main" { (t.text("ui.skip")) }
        div class="app" {
            (rail(shell))
            (bar(shell))
            main class="main" id="main" tabindex="-1" {
                div class="toasts" role="status" { @if let Some(flash) = shell.flash { (toast(t, flash, shell.csrf)) } }
                (PreEscaped(CONTENT))
            }
        }
        // Drawn from the attribute, on paper only: on the screen it would say nothing new.
        @if !shell.print_mark.is_empty() { div class="print-mark" data-mark=(shell.print_mark) {} }
        (shortcuts(t, shell.path))
        p class="hidden" role="status" id="live" data-text=(t.text("ui.live")) {}
    };
    document(&Document { t, title: shell.title, theme: shell.theme, events: Some("/events") }, content)
}

/// Everything around the content of a page that needs no sign-in.
#[derive(Debug, Clone, Copy)]
pub struct Public<'a> {
    /// Texts in the visitor's language.
    pub t: T,
    /// Title of the page.
    pub title: &'a str,
    /// The province.
    pub tenant_name: &'a str,
    /// How pages look to the visitor.
    pub theme: Theme,
    /// The form token; empty when there is none yet, and then no switches are shown.
    pub csrf: &'a str,
    /// Path of this page.
    pub path: &'a str,
    /// True on a demonstration server.
    pub demo: bool,
}

/// A whole page for visitors: sign-in, demo, help, errors.
pub fn public_page(public: &Public<'_>, body: Markup) -> Markup {
    let t = public.t;
    let content = html! {
        a class="skip" href="#main" { (t.text("ui.skip")) }
        div class="public" {
            header class="public__bar" {
                (brand(t, public.tenant_name))
                @if !public.csrf.is_empty() {
                    details class="menu" {
                        summary class="btn btn--quiet" { (icon("half")) (t.text("ui.look")) }
                        div class="menu__list" {
                            (theme_switch(t, public.theme, (public.csrf, public.path)))
                            (language_switch(t, (public.csrf, public.path)))
                        }
                    }
                }
            }
            main class="public__main" id="main" tabindex="-1" {
                @if public.demo { p class="demo" { (t.text("ui.demo")) } }
                (body)
            }
            footer class="public__foot" { (t.text("ui.product")) " · " (public.tenant_name) }
        }
    };
    document(&Document { t, title: public.title, theme: public.theme, events: None }, content)
}

pub(crate) struct Document<'a> {
    pub(crate) t: T,
    pub(crate) title: &'a str,
    pub(crate) theme: Theme,
    pub(crate) events: Option<&'a str>,
}

pub(crate) fn document(document: &Document<'_>, content: Markup) -> Markup {
    let t = document.t;
    let script = asset_path("app.js");
    html! {
        (DOCTYPE)
        html lang=(t.lang().code()) data-theme=[document.theme.attribute()] {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (document.title) " · " (t.text("ui.product")) }
                link rel="stylesheet" href=(asset_path("app.css"));
                (app::links(document.theme))
                // The policy of the pages forbids inline styles, so htmx may not write its own.
                meta name="htmx-config" content=r#"{"includeIndicatorStyles":false,"allowEval":false}"#;
                @if !script.is_empty() { script src=(script) defer {} }
            }
            body data-events=[document.events] data-leave=(t.text("ui.leave")) data-sending=(t.text("ui.sending")) {
                (content)
            }
        }
    }
}

fn brand(t: T, tenant_name: &str) -> Markup {
    html! { a class="brand" href="/" { (mark()) span { (t.text("ui.product")) small { (tenant_name) } } } }
}

fn rail(shell: &Shell<'_>) -> Markup {
    let t = shell.t;
    html! {
        nav class="rail" id="rail" popover aria-label=(t.text("ui.rail")) {
            (brand(t, shell.tenant_name))
            @for section in shell.sections {
                div {
                    @if !section.label.is_empty() { h2 { (section.label) } }
                    ul { @for item in &section.items { (rail_line(t, item)) } }
                }
            }
            @if !shell.foot.is_empty() { p class="rail__foot" { (shell.foot) } }
        }
    }
}

/// The script shows and hides a quiet line as the counts change.
fn rail_line(t: T, item: &RailItem<'_>) -> Markup {
    let hidden = item.quiet && item.count == Some(0) && !item.current;
    html! { li data-quiet[item.quiet] hidden[hidden] { (rail_link(t, item)) } }
}

fn rail_link(t: T, item: &RailItem<'_>) -> Markup {
    html! {
        a href=(item.href) aria-current=[item.current.then_some("page")] {
            (icon(item.icon)) (item.label) " "
            @if let Some(count) = item.count { (rail_count(t, count, item.late)) }
        }
    }
}

fn rail_count(t: T, count: i64, late: i64) -> Markup {
    html! {
        span class={ "count" @if late > 0 { " count--late" } } data-count {
            span data-number { (count) }
            span class="hidden" {
                " " (t.count("ui.count_word", count)) @if late > 0 { ", " (t.count("ui.count_late", late)) }
            }
        }
    }
}

fn bar(shell: &Shell<'_>) -> Markup {
    let t = shell.t;
    html! {
        header class="bar" {
            button class="btn btn--quiet btn--icon bar__menu" type="button" popovertarget="rail"
                aria-label=(t.text("ui.open_rail")) { (icon("menu")) }
            a class="bar__name" href="/" { (t.text("ui.product")) }
            (search_box(t, shell.search_value))
            a class="btn btn--quiet btn--icon bar__find" href="#q" aria-label=(t.text("ui.search.label")) {
                (icon("search"))
            }
            @if shell.demo { span class="chip chip--soon bar__keys" { (icon("info")) (t.text("ui.demo_short")) } }
            button class="btn btn--quiet bar__keys" type="button" popovertarget="keys" {
                (icon("help")) (t.text("ui.keys.title")) " " kbd aria-hidden="true" { "?" }
            }
            (notices(t, shell.notices))
            (person_menu(shell))
        }
    }
}

fn search_box(t: T, value: &str) -> Markup {
    html! {
        form class="search" role="search" action="/search" data-suggest="/search/suggest" {
            (icon("search"))
            label class="hidden" for="q" { (t.text("ui.search.label")) }
            input id="q" name="q" type="search" value=(value) placeholder=(t.text("ui.search.hint")) maxlength="200";
            kbd aria-hidden="true" { "/" }
            ul class="options search__list" id="q-list" role="listbox" aria-label=(t.text("ui.search.label")) hidden {}
        }
    }
}

fn notices(t: T, count: i64) -> Markup {
    html! {
        a class="btn btn--quiet" href="/notices" data-notices {
            span class="hidden" { (t.text("ui.notices")) ": " }
            (icon("bell"))
            span class="btn__badge" data-number hidden[count == 0] { (count) }
            span class="hidden" { " " (t.count("ui.notices_new", count)) }
        }
    }
}

fn person_menu(shell: &Shell<'_>) -> Markup {
    let t = shell.t;
    let back = (shell.csrf, shell.path);
    html! {
        details class="menu" {
            summary class="btn btn--quiet who" {
                (icon("user"))
                span { (shell.person_name) small { (shell.post_title) @if !shell.agency_name.is_empty() { ", " (shell.agency_name) } } }
                b class="hidden" { ", " (t.text("ui.person_menu")) }
            }
            div class="menu__list" {
                (theme_switch(t, shell.theme, back))
                (language_switch(t, back))
                hr;
                a href="/settings" { (icon("settings")) (t.text("ui.settings")) }
                a href="/settings/delegation" { (icon("users")) (t.text("ui.delegation")) }
                a href=(help_at(shell.path)) { (icon("help")) (t.text("ui.help")) }
                hr;
                form method="post" action="/sign-out" {
                    input type="hidden" name="_csrf" value=(shell.csrf);
                    button { (t.text("ui.sign_out")) }
                }
            }
        }
    }
}

fn theme_switch(t: T, theme: Theme, (csrf, back): (&str, &str)) -> Markup {
    html! {
        form method="post" action="/settings/theme" {
            input type="hidden" name="_csrf" value=(csrf);
            input type="hidden" name="back" value=(back);
            p class="menu__title" { (t.text("ui.theme")) }
            @for one in Theme::ALL {
                button name="theme" value=(one.code()) aria-pressed=(one == theme) {
                    (icon("check")) (t.text(one.text_key()))
                }
            }
        }
    }
}

fn language_switch(t: T, (csrf, back): (&str, &str)) -> Markup {
    let (code, name) = match t.lang() {
        base::Lang::Vi => ("en", "English"),
        base::Lang::En => ("vi", "Tiếng Việt"),
    };
    html! {
        form method="post" action="/settings/language" {
            input type="hidden" name="_csrf" value=(csrf);
            input type="hidden" name="back" value=(back);
            p class="menu__title" { (t.text("ui.language")) }
            button name="lang" value=(code) lang=(code) { (icon("check")) (name) }
        }
    }
}

/// Where the page of help for a screen is.
pub fn help_at(path: &str) -> String {
    format!("/help?at={}", path.split(['?', '#', '&', '%']).next().unwrap_or("/"))
}

/// The panel of shortcuts, opened by `?`, with the way to the help for the screen at `path`.
pub fn shortcuts(t: T, path: &str) -> Markup {
    const KEYS: &[(&[&str], &str)] = &[
        (&["J", "K"], "ui.keys.move"),
        (&["Enter"], "ui.keys.open"),
        (&["X"], "ui.keys.pick"),
        (&["/"], "ui.keys.search"),
        (&["?"], "ui.keys.panel"),
        (&["Ctrl", "Enter"], "ui.keys.send"),
        (&["Esc"], "ui.keys.close"),
    ];
    html! {
        div class="panel" id="keys" popover role="dialog" aria-labelledby="keys-title" {
            h2 id="keys-title" { (t.text("ui.keys.title")) }
            dl class="shortcuts" {
                @for (keys, what) in KEYS {
                    dt { @for (n, key) in keys.iter().enumerate() { @if n > 0 { " " } kbd { (key) } } }
                    dd { (t.text(what)) }
                }
                dt { (t.text("ui.keys.letter")) }
                dd { (t.text("ui.keys.letter_what")) }
            }
            p { a class="btn" href=(help_at(path)) { (icon("help")) (t.text("ui.help_here")) } }
        }
    }
}
