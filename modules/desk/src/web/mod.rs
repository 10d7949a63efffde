//! The screens.

pub(crate) mod delegation;
pub(crate) mod home;
pub(crate) mod notices;
pub(crate) mod search;
pub(crate) mod settings;

use kernel::Raw;
use maud::{Markup, html};
use std::fmt::Display;

/// Says why a rule refused the act this page came from, and what to do next.
pub(crate) fn refused(cx: &Raw<'_>) -> Markup {
    let Some(refusal) = cx.refusal() else { return html! {} };
    let t = cx.t();
    let values: Vec<(&str, &dyn Display)> =
        refusal.values.iter().map(|(name, value)| -> (&str, &dyn Display) { (name, value) }).collect();
    let body = html! {
        b { (t.fill(refusal.key, &values)) }
        @if let Some(hint) = refusal.hint { p { (t.text(hint)) } }
    };
    html! { div role="alert" { (ui::banner(ui::Tone::Late, "alert", body, html! {})) } }
}
