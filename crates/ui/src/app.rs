//! The product like a program of its own: what a browser needs for it, and the page for when nobody answers.

use crate::assets::asset_path;
use crate::icons::mark;
use crate::layout::{Document, document};
use crate::theme::Theme;
use base::T;
use maud::{Markup, html};

/// What a browser needs to keep the product like a program of its own.
pub(crate) fn links(theme: Theme) -> Markup {
    html! {
        link rel="icon" href=(asset_path("app.svg")) type="image/svg+xml";
        link rel="apple-touch-icon" href=(asset_path("app-192.png"));
        link rel="manifest" href="/manifest.webmanifest";
        @if theme == Theme::Auto {
            meta name="theme-color" media="(prefers-color-scheme: light)" content=(Theme::Light.colour());
            meta name="theme-color" media="(prefers-color-scheme: dark)" content=(Theme::Dark.colour());
        } @else {
            meta name="theme-color" content=(theme.colour());
        }
    }
}

/// The page a browser shows when the server does not answer, in both languages: nobody knows whose it is.
pub fn offline_page((vi, en): (T, T)) -> Markup {
    let said = |t: T| {
        html! {
            div lang=(t.lang().code()) {
                p { b { (t.text("ui.offline")) } }
                p { (t.text("ui.offline.what")) }
                p { a class="btn btn--primary" href="" { (t.text("ui.offline.again")) } }
            }
        }
    };
    let content = html! {
        div class="public" {
            header class="public__bar" { a class="brand" href="/" { (mark()) span { (vi.text("ui.product")) } } }
            main class="public__main" id="main" { h1 { (vi.text("ui.product")) } (said(vi)) hr; (said(en)) }
        }
    };
    document(&Document { t: vi, title: vi.text("ui.offline"), theme: Theme::Auto, events: None }, content)
}
