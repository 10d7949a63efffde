//! Icons: one cached file of line drawings, used by name. An icon never stands without a word.

use crate::assets::asset_path;
use maud::{Markup, Render, html};
use std::sync::LazyLock;

/// The names an icon may have.
pub const ICONS: &[&str] = &[
    "agency", "alert", "bell", "bolt", "book", "calendar", "chart", "chat", "check", "chev", "clip", "clock",
    "copy", "down", "download", "eye", "file", "filter", "flag", "folder", "half", "help", "home", "inbox",
    "info", "key", "link", "lock", "menu", "minus", "out", "pen", "plus", "print", "scan", "search", "send",
    "settings", "shield", "shieldx", "stamp", "trash", "undo", "up", "upload", "user", "users", "wait", "x",
];

/// A decorative drawing; hidden from screen readers, so a word must stand beside it.
pub fn icon(name: &str) -> Markup {
    Icon(name).render()
}

/// An icon that is written where it stands: a page has a hundred.
pub(crate) struct Icon<'a>(pub(crate) &'a str);

impl Render for Icon<'_> {
    fn render_to(&self, buffer: &mut String) {
        static START: LazyLock<String> = LazyLock::new(|| {
            format!("<svg class=\"i\" aria-hidden=\"true\"><use href=\"{}#i-", asset_path("icons.svg"))
        });
        buffer.push_str(&START);
        self.0.render_to(buffer);
        buffer.push_str("\"></use></svg>");
    }
}

/// An icon when the name is not empty.
pub(crate) fn icon_if(name: &str) -> Markup {
    html! { @if !name.is_empty() { (Icon(name)) } }
}

/// The mark of the product: the star of the Đông Sơn drum on a lacquer disc.
pub(crate) fn mark() -> Markup {
    html! {
        svg class="mark" viewBox="0 0 36 36" aria-hidden="true" {
            circle class="mark__disc" cx="18" cy="18" r="18" {}
            circle class="mark__ring" cx="18" cy="18" r="14.5" {}
            polygon class="mark__star" points=(STAR_SMALL) {}
        }
    }
}

/// The star in outline, for an empty list.
pub(crate) fn star() -> Markup {
    html! {
        svg viewBox="0 0 36 36" aria-hidden="true" {
            polygon points=(STAR_LARGE) fill="none" stroke="currentColor" {}
        }
    }
}

const STAR_SMALL: &str = "18,6 19.1,13.1 23.2,7.2 21.1,14.1 27.4,10.5 22.5,15.8 29.7,15.3 23,18 29.7,20.7 \
    22.5,20.2 27.4,25.5 21.1,21.9 23.2,28.8 19.1,22.9 18,30 16.9,22.9 12.8,28.8 14.9,21.9 8.6,25.5 13.5,20.2 \
    6.3,20.7 13,18 6.3,15.3 13.5,15.8 8.6,10.5 14.9,14.1 12.8,7.2 16.9,13.1";
const STAR_LARGE: &str = "18,2 19.6,11.2 24.9,3.6 22.4,12.5 30.5,8 24.3,15 33.6,14.4 25,18 33.6,21.6 24.3,21 \
    30.5,28 22.4,23.5 24.9,32.4 19.6,24.8 18,34 16.4,24.8 11.1,32.4 13.6,23.5 5.5,28 11.7,21 2.4,21.6 11,18 \
    2.4,14.4 11.7,15 5.5,8 13.6,12.5 11.1,3.6 16.4,11.2";

#[cfg(test)]
mod tests {
    use super::ICONS;

    #[test]
    fn every_name_has_a_drawing_and_every_drawing_a_name() {
        let file = include_str!("icons.svg");
        let drawn: Vec<_> = file.split("id=\"i-").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        assert_eq!(drawn, ICONS);
    }
}
